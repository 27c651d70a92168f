// Authorizes at once.
exports.default = require("../../scripted")("agreeing", () => ({ status: "authorized", data: { step: "paid" } }));
