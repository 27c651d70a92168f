// Builds what is shown. Text only ever becomes text: nothing that came from outside is parsed as HTML.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") made.className = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Text in which what stands between backticks is code.
export function prose(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

export function statusClass(status) {
  if (status < 400) return "good";
  return status < 500 ? "warn" : "bad";
}

export function row(entry, open) {
  const what = element("span", {}, `${entry.method} ${entry.operation ?? entry.path}`);
  const path = entry.operation ? element("span", { class: "path" }, entry.path) : null;
  const button = element("button", { type: "button", title: entry.path }, what, path);
  const status = entry.fault ? `${entry.status} ${entry.fault}` : String(entry.status);
  const made = element(
    "tr",
    { "data-number": String(entry.number) },
    element("td", { class: "time" }, entry.time.slice(11, 23)),
    element("td", { class: "asked" }, button),
    element("td", { class: `number ${entry.fault ? "bad" : statusClass(entry.status)}` }, status),
    element("td", {}, `${entry.scenario} (${entry.chosen_by})`),
    element("td", {}, entry.stub ?? entry.source),
    element("td", { class: "number" }, entry.milliseconds.toFixed(1)),
  );
  made.addEventListener("click", () => open(entry.number)); // the button's, too: it stands in it
  return made;
}

export function detail(entry) {
  const { request, answer, why } = entry;
  const near = why.near.map((one) =>
    element("li", {}, element("code", {}, `${one.stub}: ${one.differences.join("; ") || "matches, but an earlier stub answered"}`)),
  );
  return [
    element("p", { class: "why" }, why.text),
    near.length ? element("h3", {}, "Stubs that did not answer, nearest first") : null,
    near.length ? element("ul", { class: "near" }, ...near) : null,
    element("h3", {}, `Request ${entry.number}`),
    element("pre", {}, `${request.method} ${request.path}${request.query ? `?${request.query}` : ""}\n${lines(request.headers)}`),
    request.body === null ? null : element("pre", {}, pretty(request.body)),
    element("h3", {}, "Answer"),
    element("pre", {}, `${answer.status}${answer.fault ? ` ${answer.fault}` : ""}${answer.delay ? ` after ${answer.delay.toFixed(3)} s` : ""}\n${lines(answer.headers)}`),
    answer.body === null ? null : element("pre", {}, pretty(answer.body)),
  ].filter((one) => one !== null);
}

export function matrix(operations) {
  const statuses = [...new Set(operations.flatMap((one) => [...one.documented, ...Object.keys(one.statuses).map(Number)]))].sort();
  const head = element("tr", {}, element("th", {}, "Operation"), ...statuses.map((one) => element("th", { class: "number" }, String(one))));
  const rows = operations.map((one) =>
    element(
      "tr",
      {},
      element("td", {}, one.operation),
      ...statuses.map((status) => cell(one.statuses[status], one.documented.includes(status), status)),
    ),
  );
  return [element("thead", {}, head), element("tbody", {}, ...rows)];
}

function cell(times, isDocumented, status) {
  if (times) return element("td", { class: `number ${statusClass(status)}`, title: isDocumented ? "documented" : "not documented" }, String(times));
  return element("td", { class: "number none", title: isDocumented ? "not seen yet" : "not documented" }, isDocumented ? "·" : "");
}

export function option(value, text, title = "") {
  return element("option", { value, title }, text);
}

export function problem(one) {
  return element("li", {}, element("code", {}, `${one.file}:${one.line}: ${one.message}`));
}

export function pretty(body) {
  return typeof body === "string" ? body : JSON.stringify(body, null, 2);
}

function lines(headers) {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}
