// Which sandbox the page looks at, which scenario is chosen in it, and the lines to copy.

import { call } from "./api.js";
import { attempt, keepFailure } from "./attempt.js";
import { $, element, option, prose } from "./elements.js";

let sandbox = "shared";
let list = { scenarios: [], default: "default", problems: [] };
let told = () => {};

export const sandboxName = () => sandbox;

// The scenario that requests meet which choose none themselves: its shape, or undefined where it is gone.
export function currentScenario() {
  return scenarioOf($("scenario").value || list.default);
}

export function scenarioOf(name) {
  return list.scenarios.find((one) => one.name === name);
}

// Only what is a name becomes one: it ends up in a line that people paste into their shell.
export function takeSandbox(text) {
  const isName = /^[A-Za-z0-9._-]{1,64}$/.test(text);
  sandbox = isName ? text : "shared";
  keepFailure(isName || !text ? "" : `${text} is no name for a sandbox: up to 64 letters, digits and . _ -`);
  $("sandbox").value = sandbox;
}

export function showScenarios(given) {
  const chosen = $("scenario").value;
  list = given;
  $("problems").hidden = given.problems.length === 0;
  $("problems").querySelector("ul").replaceChildren(...given.problems.map(problem));
  choose(chosen);
}

export async function showSandbox() {
  const found = await call("GET", `/sandboxes/${sandbox}`).catch(() => null);
  choose(found?.scenario ?? "");
  const { sandboxes } = await call("GET", "/sandboxes");
  $("sandboxes").replaceChildren(...sandboxes.map((one) => option(one.name, one.name)));
  return found;
}

export function chooseScenario(name) {
  return attempt(async () => {
    choose(name);
    await call("PUT", `/sandboxes/${sandbox}/scenario`, { scenario: name || null });
  });
}

// Lets the line say what is chosen; a scenario whose file is gone stays chosen, and is said to be gone.
function choose(name) {
  const isGone = name !== "" && !scenarioOf(name);
  const all = list.scenarios.map((one) => option(one.name, one.name, one.description));
  const gone = isGone ? [option(name, `${name} (gone)`)] : [];
  $("scenario").replaceChildren(option("", `none (the server's: ${list.default})`), ...gone, ...all);
  $("scenario").value = name;
  $("gone").hidden = !isGone || list.scenarios.length === 0;
  $("gone").querySelector("p").textContent =
    `${name} is chosen here, and is gone: its file was deleted, or it was removed. Requests that choose no scenario themselves are refused until another one is chosen.`;
  showLinks();
  told(currentScenario());
}

function showLinks() {
  const prefix = sandbox === "shared" ? "" : `/~${sandbox}`;
  const chosen = $("scenario").value;
  const base = `${location.origin}${prefix}${chosen ? `/@${chosen}` : ""}`;
  $("follows").textContent = `${location.origin}${prefix}`;
  $("base").textContent = base;
  $("curl").textContent = `curl -X POST '${base}/store/payment-collections/paycol_1/sessions/ps_1/authorize'`;
  $("description").replaceChildren(...prose(currentScenario()?.description ?? ""));
}

function problem(one) {
  return element("li", {}, element("code", {}, `${one.file}:${one.line}: ${one.message}`));
}

// Calls `tell(scenario)` whenever another one may be in force.
export function makeChoosing(tell) {
  told = tell;
  $("scenario").addEventListener("change", () => chooseScenario($("scenario").value));
  $("gone").querySelector("button").addEventListener("click", () => chooseScenario("").then(() => $("scenario").focus()));
}
