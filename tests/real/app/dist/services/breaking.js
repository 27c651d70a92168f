// Falls over.
exports.default = require("../../scripted")("breaking", () => {
  throw new TypeError("the provider is not there");
});
