// The console: puts its parts together, follows the address, and listens to the server.

import { call, listen, whenTokenIsWanted } from "./api.js";
import { attempt } from "./attempt.js";
import { makeChoosing, sandboxName, showSandbox, showScenarios, takeSandbox } from "./chosen.js";
import { makeClock, showClock } from "./clock.js";
import { makeCopying } from "./copying.js";
import { followScenario, makeEditor, write } from "./editor.js";
import { $ } from "./elements.js";
import { forget } from "./known.js";
import { showMatrixSoon } from "./matrix.js";
import { showOutbox } from "./outbox.js";
import { closeRequest, listened, makeList, showAborted, showRequest, showRequests } from "./requests.js";
import { makeSending } from "./sending.js";
import { makeSession } from "./session.js";
import { makeSnapshots, showSnapshots } from "./snapshots.js";
import { makeState, showState } from "./state.js";
import { askForToken } from "./token.js";

const FIRST = "requests";
const PAUSE = 200; // milliseconds in which requests may come before the state is read again
let listening = new AbortController();
let stateIsDue = 0;
let view = FIRST;

function heard(event, given) {
  if (event === "request") {
    showRequest(given);
    showMatrixSoon();
    clearTimeout(stateIsDue);
    stateIsDue = setTimeout(() => attempt(showHolding), PAUSE);
  } else if (event === "aborted") showAborted(given);
  else if (event === "scenarios") showScenarios(given);
  else refresh(event === "lost"); // and those that were lost may have told of scenarios
}

const showHolding = () => Promise.all([showState(), showOutbox()]);

function refresh(withScenarios) {
  return attempt(async () => {
    if (withScenarios) showScenarios(await call("GET", "/scenarios"));
    const found = await showSandbox();
    showClock(found?.clock);
    showSnapshots(found?.snapshots ?? []);
    await showRequests();
    await showHolding();
    showMatrixSoon();
  });
}

function showConnection(isLive) {
  $("live").textContent = isLive ? "live" : "not connected";
  $("live").className = isLive ? "on" : "off";
  if (isLive) refresh(true);
}

function follow() {
  listening.abort();
  listening = new AbortController();
  listen(listened(), heard, showConnection, listening.signal);
}

// The address says `#sandbox/view`; a view that is none is part of what is no name.
function address() {
  const text = location.hash.slice(1);
  const [sandbox, view] = text.split("/");
  return document.querySelector(`.view[data-view="${CSS.escape(view ?? "")}"]`) ? [sandbox, view] : [text, FIRST];
}

// Shows a view of a sandbox, and lets the links lead to the others of it.
function show(sandbox, wanted) {
  takeSandbox(sandbox);
  view = wanted;
  for (const one of document.querySelectorAll(".view")) one.hidden = one.dataset.view !== view;
  for (const link of document.querySelectorAll("nav a")) {
    link.href = hash(link.dataset.view);
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

const hash = (of) => `#${sandboxName()}${of === FIRST ? "" : `/${of}`}`;

whenTokenIsWanted(askForToken);
makeChoosing(() => followScenario());
makeList(follow);
makeEditor();
makeClock();
makeSnapshots();
makeSession();
makeSending();
makeCopying();
makeState((text, name) => {
  write(text, name);
  location.hash = hash("scenario");
});

$("sandbox").addEventListener("change", () => {
  show($("sandbox").value.trim(), view);
  history.replaceState(null, "", hash(view));
  closeRequest();
  follow();
});
addEventListener("hashchange", () => {
  const before = sandboxName();
  show(...address());
  if (before === sandboxName()) {
    attempt(showHolding).then(followScenario);
  } else {
    closeRequest();
    follow();
  }
});
$("reset").addEventListener("click", () =>
  attempt(async () => {
    await call("POST", `/sandboxes/${sandboxName()}/reset`);
    forget();
    closeRequest();
  }),
);

show(...address());
follow();
