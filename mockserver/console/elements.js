// Builds elements. Text only ever becomes text: nothing that came from outside is parsed as HTML.

export const $ = (id) => document.getElementById(id);

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") made.className = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(pressed, attributes, ...children) {
  const made = element("button", { type: "button", ...attributes }, ...children);
  made.addEventListener("click", pressed);
  return made;
}

export function option(value, text, title = "") {
  return element("option", { value, title }, text);
}

// A text that may be long, and is scrolled with the keyboard.
export function block(text, label) {
  return element("pre", { tabindex: "0", role: "region", "aria-label": label }, text);
}

// Text in which what stands between backticks is code.
export function prose(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

// A path that breaks into lines behind its slashes, and inside a segment only where one is too long for a line.
export function broken(path) {
  return path.split(/(?<=\/)/).map((part) => element("span", { class: "segment" }, part));
}

// The name of an operation, which breaks into lines between its words.
export function brokenName(name) {
  return name.split(/(?<=\.)|(?=[A-Z])/).flatMap((part) => [element("wbr"), part]);
}

// A status, and what went wrong with its answer.
export function pill(status, fault = null, abortedAfter = null) {
  const wrong = [fault, abortedAfter === null ? null : "aborted"].filter((one) => one !== null);
  return element("span", { class: `pill ${wrong.length ? "bad" : statusClass(status)}` }, `${status} ${wrong.join(", ")}`.trim());
}

export function statusClass(status) {
  if (status < 400) return "good";
  return status < 500 ? "warn" : "bad";
}

export function pretty(body) {
  return typeof body === "string" ? body : JSON.stringify(body, null, 2);
}
