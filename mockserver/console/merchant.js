// What only a merchant does to an order: buttons beside it.

import { call } from "./api.js";
import { attempt } from "./attempt.js";
import { sandboxName } from "./chosen.js";
import { button, element } from "./elements.js";

const DEEDS = { capture: "Capture", ship: "Ship", cancel: "Cancel", "request-edit": "Request edit" };

export function deeds(order) {
  const place = `/sandboxes/${sandboxName()}/orders/${encodeURIComponent(order)}`;
  const buttons = Object.entries(DEEDS).map(([deed, text]) =>
    button(() => attempt(() => call("POST", `${place}/${deed}`)), { "aria-label": `${text} ${order}` }, text),
  );
  return element("p", { class: "bar" }, ...buttons);
}
