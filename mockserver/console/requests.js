// The list of requests: what came, what the filter lets through, and the one that is opened.

import { call } from "./api.js";
import { attempt } from "./attempt.js";
import { sandboxName } from "./chosen.js";
import { detail } from "./detail.js";
import { $, broken, brokenName, element, option, pill } from "./elements.js";

const MOST = 500;
let entries = []; // newest first
let opened = 0;
const lists = new Set(); // of requests that come while the list is on its way

// The sandbox whose requests are listed; null for all.
export const listened = () => ($("filter-sandbox").value === "all" ? null : sandboxName());

export async function showRequests() {
  const late = [];
  lists.add(late);
  const only = listened() === null ? "" : `&sandbox=${listened()}`;
  const found = await call("GET", `/journal?limit=${MOST}${only}`).catch(() => ({ entries: [] }));
  lists.delete(late);
  const all = new Map([...found.entries, ...late].map((entry) => [entry.number, entry])); // of one that was told twice the last
  entries = [...all.values()].reverse();
  showList();
}

export function showRequest(entry) {
  for (const late of lists) late.push(entry);
  if (entries.some((one) => one.number === entry.number)) return;
  entries.unshift(entry);
  for (const gone of entries.splice(MOST)) $("list").querySelector(`[data-number="${gone.number}"]`)?.remove();
  if (isMeant(entry)) $("list").prepend(row(entry));
  showCount();
}

// Shows that the client of a request left.
export function showAborted(entry) {
  for (const late of lists) late.push(entry);
  const place = entries.findIndex((one) => one.number === entry.number);
  if (place < 0) return;
  entries[place] = entry;
  showList();
  if (entry.number === opened) attempt(() => showDetail(entry.number));
}

export function closeRequest() {
  const row = $("list").querySelector("tr.open");
  row?.classList.remove("open");
  if ($("detail").contains(document.activeElement)) row?.querySelector("button").focus();
  opened = 0;
  $("detail").hidden = true;
}

async function open(number) {
  await attempt(async () => {
    await showDetail(number);
    mark();
    $("detail-title").focus();
  });
}

async function showDetail(number) {
  const entry = await call("GET", `/journal/${number}`);
  opened = number;
  $("detail-title").textContent = `Request ${number}`;
  $("entry").replaceChildren(...detail(entry));
  $("detail").hidden = false;
}

function mark() {
  for (const one of $("list").rows) one.classList.toggle("open", one.dataset.number === String(opened));
}

function showList() {
  $("list").replaceChildren(...entries.filter(isMeant).map(row));
  if (entries.every((entry) => entry.number !== opened)) closeRequest();
  mark();
  showCount();
}

function showCount() {
  const shown = $("list").rows.length;
  $("count").textContent = shown === entries.length ? (shown ? `${shown}` : "") : `${shown} of ${entries.length}`;
  $("journal").hidden = shown === 0;
  $("empty").hidden = shown > 0;
  $("empty").textContent = entries.length ? "No request is as the filter wants it." : "No requests yet. Copy the base URL into your client, or send one from here.";
  showStatuses();
}

// The statuses that can be filtered by: their classes, and those that came.
function showStatuses() {
  const wanted = $("filter-status").value;
  const came = [...new Set([...entries.map((entry) => String(entry.status)), ...(/^\d+$/.test(wanted) ? [wanted] : [])])].sort();
  const values = ["2xx", "3xx", "4xx", "5xx", ...came];
  if ($("filter-status").options.length === values.length + 3) return;
  const all = [option("", "any"), ...values.map((value) => option(value, value)), option("fault", "faults"), option("aborted", "aborted")];
  $("filter-status").replaceChildren(...all);
  $("filter-status").value = wanted;
}

function isMeant(entry) {
  const text = $("filter-text").value.trim().toLowerCase();
  const status = $("filter-status").value;
  const all = [entry.method, entry.operation, entry.prefix + entry.path, entry.scenario, entry.sandbox, entry.stub].join(" ");
  const isStatus = { "": true, fault: entry.fault !== null, aborted: entry.aborted_after !== null }[status] ?? (status.endsWith("xx") ? status[0] === String(entry.status)[0] : status === String(entry.status));
  return isStatus && all.toLowerCase().includes(text) && (entry.stub === null || !$("filter-unmatched").checked);
}

function row(entry) {
  const name = entry.operation ? element("span", { class: "name" }, ...brokenName(entry.operation.replace(/^[A-Z]+ /, ""))) : null; // a route has its method
  const address = element("span", { class: "path" }, element("span", { class: "prefix" }, ...broken(entry.prefix)), ...broken(entry.path));
  const button = element("button", { type: "button", title: entry.prefix + entry.path }, element("span", { class: "method" }, entry.method), " ", name, " ", address);
  const from = listened() === null ? ` in ${entry.sandbox}` : "";
  const made = element(
    "tr",
    { "data-number": String(entry.number) },
    element("td", { class: "time" }, entry.time.slice(11, 23)),
    element("td", { class: "asked" }, button),
    element("td", { class: "status" }, pill(entry.status, entry.fault, entry.aborted_after)),
    element("td", { class: "scenario" }, `${entry.scenario} (${entry.chosen_by})${from}`),
    element("td", { class: "by" }, entry.stub ?? entry.source),
    element("td", { class: "number ms" }, entry.milliseconds.toFixed(1)),
  );
  made.addEventListener("click", () => open(entry.number)); // the button's, too: it stands in it
  return made;
}

// Calls `listenAnew()` when the list is to be that of other sandboxes.
export function makeList(listenAnew) {
  for (const id of ["filter-text", "filter-status", "filter-unmatched"]) $(id).addEventListener("input", showList);
  $("filter").addEventListener("submit", (event) => event.preventDefault());
  $("filter-sandbox").addEventListener("change", listenAnew);
  $("close").addEventListener("click", closeRequest);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.target.closest("dialog, input, textarea, select")) closeRequest();
  });
  $("list").addEventListener("keydown", (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const next = step && event.target.closest("tr")[step];
    if (next) {
      event.preventDefault();
      next.querySelector("button").focus();
    }
  });
}
