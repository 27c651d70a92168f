// What Medusa would have told the outside: events, the newest first, each with what it says.

import { call } from "./api.js";
import { sandboxName } from "./chosen.js";
import { $, block, element, pretty } from "./elements.js";
import { fold } from "./state.js";

const MOST = 50; // of the newest that are listed

export async function showOutbox() {
  if ($("holding").hidden) return;
  const sandbox = encodeURIComponent(sandboxName());
  const { messages } = await call("GET", `/outbox?sandbox=${sandbox}`).catch(() => ({ messages: [] }));
  const nothing = element("p", { class: "empty" }, "Nothing yet: what Medusa would tell a mailer, a new account for one, is listed here.");
  const listed = messages.slice(-MOST).reverse().map(message);
  $("outbox").replaceChildren(...(listed.length ? listed : [nothing]));
}

function message({ number, time, event, data }) {
  const title = [element("code", {}, event), " ", element("span", { class: "soft" }, time.slice(11, 19))];
  return fold(`outbox ${number}`, "row", title, () => [block(pretty(data), `${event} ${number}`)]);
}
