// Asks for the token that a server wants.

import { $ } from "./elements.js";

let isRefused = false; // with Escape: it is not asked for again until the page is loaded again

export async function askForToken() {
  if (isRefused) return "";
  $("login").returnValue = "";
  $("login").showModal();
  await new Promise((resolve) => $("login").addEventListener("close", resolve, { once: true }));
  isRefused = $("login").returnValue !== "given";
  return isRefused ? "" : $("token").value;
}
