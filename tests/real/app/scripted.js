// Payment providers that do one thing each; tests/real/scenarios/real.yaml says the same to the mock.
const { AbstractPaymentProcessor } = require("@medusajs/medusa");

module.exports = function scripted(identifier, authorize) {
  return class extends AbstractPaymentProcessor {
    static identifier = identifier;
    async initiatePayment() {
      return { session_data: { tries: 0 } };
    }
    async authorizePayment(data) {
      const tries = data.tries + 1;
      return authorize({ ...data, tries }, tries);
    }
    async updatePayment() {}
    async deletePayment(data) {
      return data;
    }
    async retrievePayment(data) {
      return data;
    }
    async getPaymentStatus() {
      return "pending";
    }
    async updatePaymentData(_id, data) {
      return data;
    }
    async capturePayment(data) {
      return data;
    }
    async refundPayment(data) {
      return data;
    }
    async cancelPayment(data) {
      return data;
    }
  };
};
