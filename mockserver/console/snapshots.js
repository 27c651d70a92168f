// A sandbox' snapshots: taken, restored, deleted.

import { call } from "./api.js";
import { attempt } from "./attempt.js";
import { sandboxName } from "./chosen.js";
import { $, button, element } from "./elements.js";

export function showSnapshots(names) {
  $("snapshots").replaceChildren(...names.map(line));
}

function line(name) {
  const restore = button(() => change("POST", `${name}/restore`), { class: "quiet", "aria-label": `Restore ${name}` }, "Restore");
  const forget = button(() => change("DELETE", name), { class: "quiet danger", "aria-label": `Delete ${name}` }, "Delete");
  return element("li", {}, element("span", {}, name), restore, forget);
}

function change(method, rest, done = () => {}) {
  return attempt(async () => {
    await call(method, `/sandboxes/${sandboxName()}/snapshots/${rest}`);
    const { snapshots } = await call("GET", `/sandboxes/${sandboxName()}`);
    showSnapshots(snapshots);
    done();
  });
}

export function makeSnapshots() {
  $("take").addEventListener("submit", (event) => {
    event.preventDefault();
    change("PUT", encodeURIComponent($("snapshot").value.trim()), () => ($("snapshot").value = ""));
  });
}
