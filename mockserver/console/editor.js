// The text of a scenario: seen, changed, checked as one types, saved, downloaded, removed.

import { call, YAML_TYPE } from "./api.js";
import { attempt } from "./attempt.js";
import { chooseScenario, currentScenario, scenarioOf, showScenarios } from "./chosen.js";
import { download } from "./copying.js";
import { $, button, element } from "./elements.js";

const PAUSE = 300; // milliseconds after the last key
let shown = null; // the scenario whose text is there; null for a text that is no scenario yet
let loaded = ""; // the text as it was before anybody changed it
let timer = 0;
let latest = 0; // number of the newest check: an earlier one may answer later

const isChanged = () => $("text").value !== loaded;
const path = (name) => `/scenarios/${encodeURIComponent(name)}`;

// Shows the text of the scenario that is chosen now, unless there is a text that somebody changed.
export async function followScenario() {
  const scenario = currentScenario();
  if ($("writing").hidden || !scenario) return;
  const isOther = scenario.name !== shown;
  $("unsaved").hidden = !isChanged() || !isOther;
  $("unsaved").querySelector("p").textContent = `This text is not saved. ${scenario.name} is chosen now.`;
  if (!isChanged() || (shown === null && loaded === "" && $("text").value === "")) await load(scenario);
}

async function load(scenario) {
  await attempt(async () => {
    const { text } = await call("GET", `${path(scenario.name)}/text`);
    if (isChanged() && shown === scenario.name) return; // somebody typed while it was on its way
    const isFile = scenario.origin === "file";
    put(text, isFile ? `${scenario.name.slice(0, 59)}-mine` : scenario.name);
    shown = scenario.name;
    loaded = $("text").value;
    $("writing-title").textContent = `Scenario ${scenario.name}`;
    $("origin").textContent = isFile ? scenario.path : "added, and gone when the server ends";
    $("remove").hidden = isFile;
  });
}

// Shows a text that is no scenario yet, under the name that it might have.
export function write(text, name) {
  put(text, name);
  shown = null;
  loaded = "";
  $("writing-title").textContent = "New scenario";
  $("origin").textContent = "not saved yet";
  $("remove").hidden = true;
}

function put(text, name) {
  $("text").value = text;
  $("text").scrollTop = 0;
  $("name").value = name;
  $("unsaved").hidden = true;
  check();
}

function checkSoon() {
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE);
}

async function check() {
  const number = ++latest;
  await attempt(async () => {
    const { problems } = await call("POST", `/scenarios/check?name=${encodeURIComponent($("name").value)}`, $("text").value, YAML_TYPE);
    if (number === latest) showMistakes(problems);
  });
}

function showMistakes(problems) {
  const count = problems.length;
  $("checked").className = count ? "bad" : "good";
  $("checked").textContent = count ? `${count} mistake${count > 1 ? "s" : ""}` : "No mistakes";
  $("mistakes").replaceChildren(...problems.map((one) => element("li", {}, mistake(one))));
}

function mistake({ line, message }) {
  const where = element("b", {}, line ? `line ${line}` : "name");
  return button(() => (line ? goTo(line) : $("name").focus()), {}, where, message);
}

function goTo(line) {
  const text = $("text");
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  text.scrollTop = (text.scrollHeight / lines.length) * Math.max(0, line - 5);
}

function save() {
  return attempt(async () => {
    const name = $("name").value.trim();
    const text = $("text").value;
    await call("PUT", path(name), text, YAML_TYPE);
    loaded = text;
    showScenarios(await call("GET", "/scenarios"));
    await chooseScenario(name);
    await load(scenarioOf(name));
  });
}

// Another one is chosen in this sandbox first: what is chosen cannot be removed.
function remove() {
  return attempt(async () => {
    const name = shown;
    if (currentScenario()?.name === name) await chooseScenario("");
    await call("DELETE", path(name));
    showScenarios(await call("GET", "/scenarios"));
  });
}

export function makeEditor() {
  $("text").addEventListener("input", checkSoon);
  $("name").addEventListener("input", checkSoon);
  $("edit").addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  $("download").addEventListener("click", () => download(`${$("name").value || "scenario"}.yaml`, $("text").value));
  $("remove").addEventListener("click", remove);
  $("unsaved").querySelector("button").addEventListener("click", () => load(currentScenario()));
  addEventListener("beforeunload", (event) => {
    if (isChanged()) event.preventDefault();
  });
}
