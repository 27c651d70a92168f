// A sandbox' clock: seen, set, advanced, frozen.

import { call } from "./api.js";
import { attempt } from "./attempt.js";
import { sandboxName } from "./chosen.js";
import { $ } from "./elements.js";

let ahead = 0; // milliseconds, of this machine's clock
let stopped = null; // the time at which it stands still; null while it runs

export function showClock(clock) {
  const now = clock ? Date.parse(clock.now) : Date.now();
  ahead = now - Date.now();
  stopped = clock?.frozen ? now : null;
  $("frozen").textContent = stopped === null ? "running" : "frozen";
  $("freeze").textContent = stopped === null ? "Freeze" : "Let it run";
  tick();
}

function tick() {
  $("now").textContent = new Date(stopped ?? Date.now() + ahead).toISOString().replace(/\.\d+/, "");
}

function change(body) {
  return attempt(async () => showClock(await call("PATCH", `/sandboxes/${sandboxName()}/clock`, body)));
}

export function makeClock() {
  setInterval(tick, 1000);
  $("set").addEventListener("submit", (event) => {
    event.preventDefault();
    change({ now: $("instant").value.trim() });
  });
  $("advance").addEventListener("submit", (event) => {
    event.preventDefault();
    change({ advance: $("duration").value.trim() });
  });
  $("freeze").addEventListener("click", () => change({ frozen: stopped === null }));
}
