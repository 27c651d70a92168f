// Payment providers that do one thing each; tests/real/scenarios/real.yaml says the same to the mock.
const { AbstractPaymentProcessor } = require("@medusajs/medusa");

const same = async (data) => data;

module.exports = function scripted(identifier, authorize) {
  class Scripted extends AbstractPaymentProcessor {
    static identifier = identifier;
    async initiatePayment() {
      return { session_data: { step: "begun" } };
    }
    async authorizePayment(data) {
      return authorize(data);
    }
    async updatePayment() {}
    async getPaymentStatus() {
      return "authorized"; // asked of payments alone, which only an authorized session has
    }
    async updatePaymentData(_id, data) {
      return data;
    }
  }
  for (const action of ["delete", "retrieve", "capture", "refund", "cancel"]) Scripted.prototype[`${action}Payment`] = same;
  return Scripted;
};
