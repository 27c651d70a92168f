// Logs an account in, and shows what stands for it: a cookie, and a token, to be copied into any client.

import { call } from "./api.js";
import { attempt } from "./attempt.js";
import { sandboxName } from "./chosen.js";
import { $ } from "./elements.js";

export function makeSession() {
  $("admit").addEventListener("submit", (event) => {
    event.preventDefault();
    $("session").hidden = true;
    attempt(async () => {
      const email = $("account").value.trim();
      const { cookie, token } = await call("POST", `/sandboxes/${sandboxName()}/sessions`, { email });
      $("cookie").textContent = cookie;
      $("bearer").textContent = token;
      $("session").hidden = false;
    });
  });
}
