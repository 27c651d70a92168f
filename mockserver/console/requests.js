// The list of requests: what came, what the filter lets through, and the one that is opened.

import { call } from "./api.js";
import { attempt } from "./attempt.js";
import { sandboxName } from "./chosen.js";
import { detail } from "./detail.js";
import { $, broken, brokenName, element, option, pill } from "./elements.js";

const PAGE = 500; // requests that are shown, and how many more at each wish for more
const PAUSE = 150; // milliseconds after the last key
let entries = []; // those that the filter lets through, newest first
let most = PAGE;
let matched = 0; // how many there are
let searched = 0; // among how many, the server's older ones too
let opened = 0;
let timer = 0;
let latest = 0; // number of the newest question: an earlier one may be answered later
const came = new Set(); // statuses
const lists = new Set(); // of requests that come while the list is on its way

// The sandbox whose requests are listed; null for all.
export const listened = () => ($("filter-sandbox").value === "all" ? null : sandboxName());

export async function showRequests() {
  const late = [];
  const asked = ++latest;
  lists.add(late);
  const found = await call("GET", `/journal?${query()}`).catch(() => ({ entries: [], matched: 0, searched: 0 }));
  lists.delete(late);
  if (asked !== latest) return;
  const all = new Map(found.entries.map((entry) => [entry.number, entry]));
  ({ matched, searched } = found);
  entries = [];
  for (const entry of late) {
    if (!all.has(entry.number) && entry.aborted_after === null) count(entry);
    all.set(entry.number, entry); // of one that was told twice the last
  }
  entries = [...all.values()].filter(isMeant).sort((one, other) => other.number - one.number);
  showList();
}

// What the server is asked for, so that the filter finds older requests too.
function query() {
  const wanted = new URLSearchParams({ limit: most });
  const status = $("filter-status").value;
  if (listened() !== null) wanted.set("sandbox", listened());
  if ($("filter-text").value.trim()) wanted.set("text", $("filter-text").value.trim());
  if (status === "fault") wanted.set("fault", "any");
  else if (status === "aborted") wanted.set("aborted", "true");
  else if (status) wanted.set("status", status);
  if ($("filter-unmatched").checked) wanted.set("unmatched", "true");
  return wanted;
}

const isFiltered = () => $("filter-text").value.trim() !== "" || $("filter-status").value !== "" || $("filter-unmatched").checked;

function count(entry) {
  searched += 1;
  if (isMeant(entry)) matched += 1;
}

export function showRequest(entry) {
  for (const late of lists) late.push(entry);
  if (entries.some((one) => one.number === entry.number)) return;
  count(entry);
  came.add(String(entry.status));
  if (isMeant(entry)) {
    entries.unshift(entry);
    for (const gone of entries.splice(most)) $("list").querySelector(`[data-number="${gone.number}"]`)?.remove();
    $("list").prepend(row(entry));
  }
  showCount();
}

// Shows that the client of a request left.
export function showAborted(entry) {
  for (const late of lists) late.push(entry);
  const before = entries.length;
  entries = entries.filter((one) => one.number !== entry.number);
  if (isMeant(entry)) entries = [...entries, entry].sort((one, other) => other.number - one.number).slice(0, most);
  matched += entries.length - before;
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
  for (const entry of entries) came.add(String(entry.status));
  $("list").replaceChildren(...entries.map(row));
  if (entries.every((entry) => entry.number !== opened)) closeRequest();
  mark();
  showCount();
}

function showCount() {
  const shown = entries.length;
  const newest = shown < matched ? `the newest ${shown} of ${matched}` : `${shown}`;
  $("count").textContent = isFiltered() ? `${newest}${shown < matched ? ", among" : " of"} ${searched}` : shown ? newest : "";
  $("older").hidden = shown >= matched;
  $("journal").hidden = shown === 0;
  $("empty").hidden = shown > 0;
  $("empty").textContent = isFiltered() ? `None of ${searched} requests is as the filter wants it.` : "No requests yet. Copy the base URL into your client, or send one from here.";
  showStatuses();
}

// The statuses that can be filtered by: their classes, and those that came.
function showStatuses() {
  const wanted = $("filter-status").value;
  const values = ["2xx", "3xx", "4xx", "5xx", ...[...came].sort()];
  if ($("filter-status").options.length === values.length + 3) return;
  const all = [option("", "any"), ...values.map((value) => option(value, value)), option("fault", "faults"), option("aborted", "aborted")];
  $("filter-status").replaceChildren(...all);
  $("filter-status").value = wanted;
}

// Tells of a request that has just come what the server tells of all others.
function isMeant(entry) {
  const text = $("filter-text").value.trim().toLowerCase();
  const status = $("filter-status").value;
  const all = [entry.method, entry.operation, entry.prefix + entry.path, entry.scenario, entry.sandbox, entry.stub].filter((one) => one !== null).join(" ");
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

function askAnew() {
  most = PAGE;
  clearTimeout(timer);
  timer = setTimeout(showRequests, PAUSE);
}

// Calls `listenAnew()` when the list is to be that of other sandboxes.
export function makeList(listenAnew) {
  for (const id of ["filter-text", "filter-status", "filter-unmatched"]) $(id).addEventListener("input", askAnew);
  $("older").addEventListener("click", () => {
    most += PAGE;
    showRequests();
  });
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
