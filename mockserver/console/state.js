// What a sandbox holds: its tables, its rows, and all of it as the text of a scenario.

import { call } from "./api.js";
import { attempt } from "./attempt.js";
import { sandboxName } from "./chosen.js";
import { $, block, element, pretty } from "./elements.js";
import { deeds } from "./merchant.js";

const open = new Set(); // of tables and rows that somebody opened

export async function showState() {
  if ($("holding").hidden) return;
  const tables = Object.entries(await call("GET", `/sandboxes/${sandboxName()}/state`).catch(() => ({})));
  const nothing = element("p", { class: "empty" }, "Nothing yet: this sandbox holds what its requests made, or what was given to it.");
  $("tables").replaceChildren(...(tables.length ? tables.map(table) : [nothing]));
  $("keep").disabled = tables.length === 0;
}

function table([name, rows]) {
  return fold(name, "table", [`${name} `, element("span", { class: "soft" }, String(rows.length))], () =>
    rows.map((one, index) => {
      const id = String(one.id ?? index + 1);
      return fold(`${name}.${id}`, "row", [element("code", {}, id)], () => [
        ...(name === "orders" ? [deeds(id)] : []),
        block(pretty(one), `${name} ${id}`),
      ]);
    }),
  );
}

// Something that is opened and closed; what is inside is made when it is opened.
export function fold(key, kind, title, inside) {
  const made = element("details", { class: kind }, element("summary", {}, ...title));
  const fill = () => made.childElementCount > 1 || made.append(...inside());
  if (open.has(key)) {
    made.open = true;
    fill();
  }
  made.addEventListener("toggle", () => {
    if (made.open) fill();
    open[made.open ? "add" : "delete"](key);
  });
  return made;
}

// Calls `write(text, name)` with the state as a scenario.
export function makeState(write) {
  $("keep").addEventListener("click", () =>
    attempt(async () => {
      const { text } = await call("GET", `/sandboxes/${sandboxName()}/state/scenario`);
      write(text, `as-${sandboxName()}`.toLowerCase().replaceAll(".", "-").slice(0, 64));
    }),
  );
}
