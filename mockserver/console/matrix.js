// Operations and the statuses they answered with so far.

import { call } from "./api.js";
import { sandboxName } from "./chosen.js";
import { $, brokenName, element, statusClass } from "./elements.js";
import { showOperations } from "./sending.js";

let isDue = false;

export function showMatrixSoon() {
  if (isDue) return;
  isDue = true;
  setTimeout(async () => {
    isDue = false;
    const { operations } = await call("GET", `/matrix?sandbox=${sandboxName()}`).catch(() => call("GET", "/matrix?sandbox=shared").then(blank));
    $("seen").replaceChildren(...matrix(operations));
    showOperations(operations);
  }, 100);
}

// The matrix of a sandbox that is not there yet: that of another one, with nothing seen.
function blank(given) {
  return { operations: given.operations.map((one) => ({ ...one, statuses: {} })) };
}

function matrix(operations) {
  const statuses = [...new Set(operations.flatMap((one) => [...one.documented, ...Object.keys(one.statuses).map(Number)]))].sort();
  const head = element("tr", {}, element("th", {}, "Operation"), ...statuses.map((one) => element("th", { class: "number" }, String(one))));
  const rows = operations.map((one) =>
    element("tr", {}, element("td", {}, ...brokenName(one.operation)), ...statuses.map((status) => cell(one.statuses[status], one.documented.includes(status), status))),
  );
  return [element("thead", {}, head), element("tbody", {}, ...rows)];
}

function cell(times, isDocumented, status) {
  if (times) return element("td", { class: `number ${statusClass(status)}`, title: isDocumented ? "documented" : "not documented" }, String(times));
  return element("td", { class: "number none", title: isDocumented ? "not seen yet" : "not documented" }, isDocumented ? "·" : "");
}
