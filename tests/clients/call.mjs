// Makes one call with the official client and prints what came of it, as JSON.
//   node call.mjs '{"config": {"baseUrl": ...}, "method": "authorizePaymentSession", "arguments": ["paycol_1", "ps_1"]}'
import Medusa from "@medusajs/medusa-js";

const { config, method, arguments: values } = JSON.parse(process.argv[2]);
// a bundler takes the class; Node, for which the package says nothing, may see the module around it
const medusa = new (Medusa.default ?? Medusa)({ maxRetries: 3, ...config });

const outcome = await medusa.paymentCollections[method](...values).then(
  ({ response, ...body }) => ({ resolved: body, status: response.status }),
  ({ message, response }) => ({ rejected: response?.data ?? null, status: response?.status ?? null, message }),
);
console.log(JSON.stringify(outcome));
