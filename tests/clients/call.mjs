// Makes one call with the official client and prints what came of it, as JSON.
// With "seconds" it is only waited for so long: {"pending": true} when nothing came of it by then.
// A method is one of paymentCollections, or of the resource that it names: "orderEdits.retrieve".
//   node call.mjs '{"config": {"baseUrl": ...}, "method": "authorizePaymentSession", "arguments": ["paycol_1", "ps_1"]}'
import Medusa from "@medusajs/medusa-js";

const { config, method, arguments: values, seconds } = JSON.parse(process.argv[2]);
// a bundler takes the class; Node, for which the package says nothing, may see the module around it
const medusa = new (Medusa.default ?? Medusa)({ maxRetries: 3, ...config });

const [name, resource = "paymentCollections"] = method.split(".").reverse();
const call = medusa[resource][name](...values).then(
  ({ response, ...body }) => ({ resolved: body, status: response.status }),
  ({ message, response }) => ({ rejected: response?.data ?? null, status: response?.status ?? null, message }),
);
const over = new Promise((resolve) => seconds && setTimeout(resolve, seconds * 1000, { pending: true }));
console.log(JSON.stringify(await Promise.race([call, over])));
process.exit();
