// Sends one request to an operation, with the values of its path and a body.

import { $, block, broken, element, option, pill, pretty } from "./elements.js";

const PATIENCE = 15_000; // milliseconds that a request sent from here may take
const EXAMPLES = { id: "paycol_1", session_id: "ps_1" };
const ROUTES = "paths of scenarios' own";
const FIRST = "paymentCollections.authorizePaymentSession";
let operations = [];

export function showOperations(given) {
  const isSame = given.length === operations.length && given.every((one, place) => one.operation === operations[place].operation);
  operations = given;
  if (isSame) return;
  const wanted = $("operation").value;
  const resources = Map.groupBy(operations, (one) => (one.operation.includes("/") ? ROUTES : one.operation.split(".")[0]));
  const groups = [...resources].map(([resource, all]) =>
    element("optgroup", { label: resource }, ...all.map((one) => option(one.operation, resource === ROUTES ? one.operation : `${one.operation} (${one.method})`))),
  );
  $("operation").replaceChildren(...groups);
  const stays = operations.some((one) => one.operation === wanted);
  $("operation").value = stays ? wanted : FIRST;
  if (!stays) showParameters(); // else what was typed would be gone
}

const chosen = () => operations.find((one) => one.operation === $("operation").value);

function showParameters() {
  const { method, path } = chosen();
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
  const fields = names.map((one) => element("label", { class: "wide" }, one, element("input", { name: one, value: EXAMPLES[one] ?? "", spellcheck: "false" })));
  $("asks").replaceChildren(element("span", { class: "method" }, method), ...broken(path));
  $("parameters").replaceChildren(...fields);
  $("body").closest("label").hidden = method === "GET";
}

async function send() {
  const { method, path } = chosen();
  const filled = path.replace(/\{(\w+)\}/g, (_, one) => encodeURIComponent($("parameters").querySelector(`[name="${one}"]`).value));
  const body = $("body").value.trim();
  const content = method === "GET" || !body ? {} : { body, headers: { "Content-Type": "application/json" } };
  $("answer").replaceChildren(element("p", { class: "soft" }, "waiting"));
  try {
    const response = await fetch($("base").textContent + filled, { method, ...content, signal: AbortSignal.timeout(PATIENCE) });
    const text = await response.text();
    const shown = response.headers.get("content-type")?.includes("json") ? pretty(JSON.parse(text)) : text;
    $("answer").replaceChildren(element("p", {}, pill(response.status), ` ${response.statusText}`), block(shown, "Body of the answer"));
  } catch (error) {
    $("answer").replaceChildren(element("p", { class: "bad" }, `No answer: ${error.message}`));
  }
}

export function makeSending() {
  $("operation").addEventListener("change", showParameters);
  $("try").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
}
