// Calls the official client by the name of a method and says what came of it, in what JSON can hold; for Node and browsers.

// What is asked: {"config": {"baseUrl": ...}, "method": "carts.lineItems.create", "arguments": [...], "seconds": 2}
// With "seconds" it is only waited for so long: {"pending": true} when nothing came of it by then.
// `cookies` are for Node, which has to send them back itself: a browser keeps them, and shows none.
export function caller(Medusa) {
  return async ({ config, method, arguments: values, seconds }) => {
    const medusa = new Medusa({ maxRetries: 3, ...config });
    const names = method.split(".");
    const name = names.pop();
    const resource = names.reduce((one, next) => one[next], medusa);
    const call = resource[name](...values).then(
      ({ response, ...body }) => ({ resolved: body, status: response.status, cookies: response.headers["set-cookie"] ?? [] }),
      ({ message, response }) => ({ rejected: response?.data ?? null, status: response?.status ?? null, message }),
    );
    if (!seconds) return call;
    return Promise.race([call, new Promise((resolve) => setTimeout(resolve, seconds * 1000, { pending: true }))]);
  };
}
