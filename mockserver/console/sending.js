// Sends one request to an operation, with values for its path, a query and a body that fit it, and that speak of what is there.

import { call } from "./api.js";
import { attempt } from "./attempt.js";
import { sandboxName } from "./chosen.js";
import { $, block, broken, element, option, pill, pretty } from "./elements.js";
import { filled, holds, known, remember } from "./known.js";

const PATIENCE = 15_000; // milliseconds that a request sent from here may take
const ROUTES = "paths of scenarios' own";
const FIRST = "paymentCollections.authorizePaymentSession";
let operations = [];
let shown = ""; // the names of all, as they were last given
let filling = null; // what fills the form, which a request waits for

export async function showOperations(given) {
  const names = given.map((one) => one.operation).join();
  if (names === shown) return;
  shown = names;
  ({ operations } = await call("GET", "/operations"));
  const wanted = $("operation").value;
  const resources = Map.groupBy(operations, (one) => (one.operation.includes("/") ? ROUTES : one.operation.split(".")[0]));
  const groups = [...resources].map(([resource, all]) =>
    element("optgroup", { label: resource }, ...all.map((one) => option(one.operation, resource === ROUTES ? one.operation : `${one.operation} (${one.method})`))),
  );
  $("operation").replaceChildren(...groups);
  const stays = operations.some((one) => one.operation === wanted);
  $("operation").value = stays ? wanted : FIRST;
  if (!stays) filling = attempt(fill); // else what was typed would be gone
}

const chosen = () => operations.find((one) => one.operation === $("operation").value);

// Fills the form for the operation that is chosen, with what the sandbox holds by now.
async function fill() {
  const sandbox = sandboxName();
  const { method, path, examples, query, body } = chosen();
  holds(sandbox, await call("GET", `/sandboxes/${sandbox}/state`).catch(() => ({})));
  if (path !== chosen().path || method !== chosen().method) return; // another one was chosen meanwhile
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
  $("asks").replaceChildren(element("span", { class: "method" }, method), ...broken(path));
  $("parameters").replaceChildren(...names.flatMap((name) => parameter(name, examples[name] ?? "")));
  $("query").value = new URLSearchParams(filled(query)).toString();
  $("query").closest("label").hidden = method !== "GET";
  $("body").value = body === null ? "" : pretty(filled(body));
  $("body").closest("label").hidden = method === "GET";
}

// A value of the path, with the others that are known to choose from.
function parameter(name, example) {
  const all = known(name, example);
  const input = element("input", { name, value: all[0] ?? example, list: `known-${name}`, spellcheck: "false", autocomplete: "off" });
  return [element("label", { class: "wide" }, name, input), element("datalist", { id: `known-${name}` }, ...all.map((one) => option(one, "")))];
}

async function send() {
  await filling;
  const sandbox = sandboxName();
  const { method, path } = chosen();
  const to = path.replace(/\{(\w+)\}/g, (_, one) => encodeURIComponent($("parameters").querySelector(`[name="${one}"]`).value));
  const query = method === "GET" && $("query").value.trim() ? `?${$("query").value.trim().replace(/^\?/, "")}` : "";
  const body = $("body").value.trim();
  const content = method === "GET" || !body ? {} : { body, headers: { "Content-Type": "application/json" } };
  $("answer").replaceChildren(element("p", { class: "soft" }, "waiting"));
  try {
    const response = await fetch($("base").textContent + to + query, { method, ...content, signal: AbortSignal.timeout(PATIENCE) });
    const text = await response.text();
    const document = response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
    if (response.ok) remember(sandbox, document);
    $("answer").replaceChildren(element("p", {}, pill(response.status), ` ${response.statusText}`), block(pretty(document), "Body of the answer"));
  } catch (error) {
    $("answer").replaceChildren(element("p", { class: "bad" }, `No answer: ${error.message}`));
  }
}

export function makeSending() {
  $("operation").addEventListener("change", () => {
    filling = attempt(fill);
  });
  $("try").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
}
