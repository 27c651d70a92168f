// Wants another step at the first try of a session, and authorizes the second.
exports.default = require("../../scripted")("stepwise", ({ step }) =>
  step === "begun"
    ? { status: "requires_more", data: { step: "3-D Secure" } }
    : { status: "authorized", data: { step: "paid" } },
);
