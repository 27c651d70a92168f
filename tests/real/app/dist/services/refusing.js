// Refuses the card, with a code of its own.
exports.default = require("../../scripted")("refusing", () => ({
  error: "Your card was declined.",
  code: "card_declined",
  detail: "insufficient_funds",
}));
