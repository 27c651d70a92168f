// Declines whatever it is asked.
exports.default = require("../../scripted")("declining", () => ({ status: "error", data: { step: "declined" } }));
