// Stands in for Express on Node: reads bodies and takes JSON as its parser does, answers at once what has no body, and knows
// /health and one path of the store.
import { parse } from "node:url";
import { createServer } from "node:http";

const AUTHORIZE = /^\/store\/payment-collections\/[^/]+\/sessions\/[^/]+\/authorize\/?$/;

function status(request, body) {
  const path = parse(request.url).pathname; // as Express does
  const type = (request.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
  if (body && type === "application/json") {
    try {
      if (typeof JSON.parse(body) !== "object") return 400;
    } catch {
      return 400;
    }
  }
  if (path === "/health") return request.method === "GET" || request.method === "HEAD" ? 200 : 404;
  if (path.startsWith("/store") && request.method === "OPTIONS") return 204;
  return request.method === "POST" && AUTHORIZE.test(path) ? 200 : 404;
}

const server = createServer((request, response) => {
  const parts = [];
  const answer = () => {
    response.statusCode = status(request, Buffer.concat(parts).toString());
    const body = Buffer.from(JSON.stringify(request.headers));
    if (response.statusCode !== 204) response.setHeader("Content-Length", body.length);
    response.end(response.statusCode === 204 ? undefined : body);
  };
  request.on("error", () => {}); // its client has gone
  request.on("data", (part) => parts.push(part));
  if ("content-length" in request.headers || "transfer-encoding" in request.headers) request.on("end", answer);
  else answer();
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
