// Does something, and shows what was wrong with it in the server's own words.

import { $ } from "./elements.js";

let standing = ""; // what stays wrong whatever else goes well: a name that is none

export function keepFailure(text) {
  standing = text;
  show(text);
}

export async function attempt(action) {
  try {
    await action();
    show(standing);
  } catch (error) {
    show(error.message);
  }
}

function show(text) {
  $("failure").textContent = text;
  $("failure").hidden = !text;
}
