// The console: what is chosen, what is seen live, what can be sent.

import { call, listen, whenTokenIsWanted } from "./api.js";
import { detail, element, matrix, option, pretty, problem, prose, row, statusClass } from "./view.js";

const MOST_ROWS = 500;
const PATIENCE = 15_000; // milliseconds that a request sent from here may take
const EXAMPLES = { id: "paycol_1", session_id: "ps_1" };
const $ = (id) => document.getElementById(id);

let sandbox = "shared";
let isRefused = false; // the token, with Escape: it is not asked for again until the page is loaded again
let misnamed = ""; // what is wrong with the name that was wanted
let scenarios = { scenarios: [], default: "default", problems: [] };
let operations = [];
let opened = 0;
let listening = new AbortController();
const lists = new Set();
let matrixIsDue = 0;

// Only what is a name becomes one: it ends up in a line that people paste into their shell.
function take(text) {
  const isName = /^[A-Za-z0-9._-]{1,64}$/.test(text);
  sandbox = isName ? text : "shared";
  misnamed = isName || !text ? "" : `${text} is no name for a sandbox: up to 64 letters, digits and . _ -`;
  $("sandbox").value = sandbox;
  showFailure(misnamed);
}

function showFailure(text) {
  $("failure").textContent = text;
  $("failure").hidden = !text;
}

// Does something, and shows what was wrong with it in the server's own words.
async function attempt(action) {
  try {
    await action();
    showFailure(misnamed);
  } catch (error) {
    showFailure(error.message);
  }
}

function showLinks() {
  const prefix = sandbox === "shared" ? "" : `/~${sandbox}`;
  const chosen = $("scenario").value;
  const base = `${location.origin}${prefix}${chosen ? `/@${chosen}` : ""}`;
  $("follows").textContent = `${location.origin}${prefix}`;
  $("base").textContent = base;
  $("curl").textContent = `curl -X POST '${base}/store/payment-collections/paycol_1/sessions/ps_1/authorize'`;
  const shown = scenarios.scenarios.find((one) => one.name === (chosen || scenarios.default));
  $("description").replaceChildren(...prose(shown ? shown.description : ""));
}

function showScenarios(said) {
  scenarios = said;
  const chosen = $("scenario").value;
  const all = said.scenarios.map((one) => option(one.name, one.name, one.description));
  $("scenario").replaceChildren(option("", `none (the server's: ${said.default})`), ...all);
  $("scenario").value = chosen;
  $("problems").hidden = said.problems.length === 0;
  $("problems").querySelector("ul").replaceChildren(...said.problems.map(problem));
  showLinks();
}

async function showSandbox() {
  const found = await call("GET", `/sandboxes/${sandbox}`).catch(() => ({ scenario: null }));
  $("scenario").value = found.scenario ?? "";
  $("sandbox").value = sandbox;
  showLinks();
  const { sandboxes } = await call("GET", "/sandboxes");
  $("sandboxes").replaceChildren(...sandboxes.map((one) => option(one.name, one.name)));
}

async function showRequests() {
  const late = []; // requests that come while the list is on its way
  lists.add(late);
  const { entries } = await call("GET", `/journal?limit=200&sandbox=${sandbox}`).catch(() => ({ entries: [] }));
  lists.delete(late);
  const known = new Set(entries.map((entry) => entry.number));
  entries.push(...late.filter((entry) => !known.has(entry.number)));
  $("list").replaceChildren(...entries.reverse().map((entry) => row(entry, open)));
  $("empty").hidden = entries.length > 0;
  if (!entries.some((entry) => entry.number === opened)) close();
}

function showRequest(entry) {
  for (const late of lists) late.push(entry);
  if ($("list").querySelector(`[data-number="${entry.number}"]`)) return;
  $("list").prepend(row(entry, open));
  while ($("list").rows.length > MOST_ROWS) $("list").rows[MOST_ROWS].remove();
  $("empty").hidden = true;
}

async function open(number) {
  await attempt(async () => {
    const entry = await call("GET", `/journal/${number}`);
    opened = number;
    $("entry").replaceChildren(...detail(entry));
    $("detail").hidden = false;
    for (const one of $("list").rows) one.classList.toggle("open", one.dataset.number === String(number));
    $("detail-title").focus();
  });
}

function close() {
  opened = 0;
  $("detail").hidden = true;
}

function showMatrixSoon() {
  if (matrixIsDue) return;
  matrixIsDue = setTimeout(async () => {
    matrixIsDue = 0;
    const said = await call("GET", `/matrix?sandbox=${sandbox}`).catch(() => call("GET", "/matrix?sandbox=shared").then(blank));
    operations = said.operations;
    $("seen").replaceChildren(...matrix(operations));
    if (!$("operation").options.length) showOperations();
  }, 100);
}

// The matrix of a sandbox that is not there yet: that of another one, with nothing seen.
function blank(said) {
  return { operations: said.operations.map((one) => ({ ...one, statuses: {} })) };
}

function showOperations() {
  $("operation").replaceChildren(...operations.map((one) => option(one.operation, `${one.operation} (${one.method})`)));
  $("operation").value = "paymentCollections.authorizePaymentSession";
  showParameters();
}

function showParameters() {
  const chosen = operations.find((one) => one.operation === $("operation").value);
  const names = [...chosen.path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
  const fields = names.map((one) => element("label", {}, one, element("input", { name: one, value: EXAMPLES[one] ?? "", spellcheck: "false" })));
  $("parameters").replaceChildren(...fields);
  $("body").closest("label").hidden = chosen.method === "GET";
}

async function send() {
  const chosen = operations.find((one) => one.operation === $("operation").value);
  const path = chosen.path.replace(/\{(\w+)\}/g, (_, one) => encodeURIComponent($("parameters").querySelector(`[name="${one}"]`).value));
  const body = $("body").value.trim();
  const said = chosen.method === "GET" || !body ? {} : { body, headers: { "Content-Type": "application/json" } };
  $("answer").replaceChildren(element("p", {}, "waiting"));
  try {
    const response = await fetch($("base").textContent + path, { method: chosen.method, ...said, signal: AbortSignal.timeout(PATIENCE) });
    const text = await response.text();
    const shown = response.headers.get("content-type")?.includes("json") ? pretty(JSON.parse(text)) : text;
    $("answer").replaceChildren(element("p", { class: statusClass(response.status) }, `${response.status} ${response.statusText}`), element("pre", {}, shown));
  } catch (error) {
    $("answer").replaceChildren(element("p", { class: "bad" }, `No answer: ${error.message}`));
  }
}

function heard(event, said) {
  if (event === "request") {
    showRequest(said);
    showMatrixSoon();
  } else if (event === "scenarios") showScenarios(said);
  else refresh(event === "lost"); // and those that were lost may have told of scenarios
}

function refresh(withScenarios) {
  return attempt(async () => {
    if (withScenarios) showScenarios(await call("GET", "/scenarios"));
    await showSandbox();
    await showRequests();
    showMatrixSoon();
  });
}

function showState(isLive) {
  $("live").textContent = isLive ? "live" : "not connected";
  $("live").className = isLive ? "on" : "off";
  if (isLive) refresh(true);
}

function follow() {
  listening.abort();
  listening = new AbortController();
  listen(sandbox, heard, showState, listening.signal);
}

whenTokenIsWanted(async () => {
  if (isRefused) return "";
  $("login").returnValue = "";
  $("login").showModal();
  await new Promise((resolve) => $("login").addEventListener("close", resolve, { once: true }));
  isRefused = $("login").returnValue !== "said";
  return isRefused ? "" : $("token").value;
});

$("sandbox").addEventListener("change", () => {
  take($("sandbox").value.trim());
  history.replaceState(null, "", `#${sandbox}`);
  close();
  follow();
});
addEventListener("hashchange", () => {
  take(location.hash.slice(1));
  close();
  follow();
});
$("scenario").addEventListener("change", () =>
  attempt(async () => {
    showLinks();
    await call("PUT", `/sandboxes/${sandbox}/scenario`, { scenario: $("scenario").value || null });
  }),
);
$("reset").addEventListener("click", () =>
  attempt(async () => {
    await call("POST", `/sandboxes/${sandbox}/reset`);
    close();
  }),
);
$("operation").addEventListener("change", showParameters);
$("try").querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
$("list").addEventListener("keydown", (event) => {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  const next = step && event.target.closest("tr")[step];
  if (next) {
    event.preventDefault();
    next.querySelector("button").focus();
  }
});
for (const button of document.querySelectorAll(".copy")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText($(button.dataset.copies).textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
}

take(location.hash.slice(1));
follow();
