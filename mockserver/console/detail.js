// One request in full: what was asked, what was answered, and why.

import { block, element, pill, pretty } from "./elements.js";

// What chose a sandbox or a scenario, in the words of a sentence.
const BY = {
  prefix: "by the prefix of the path",
  header: "by a header",
  prefer: "by the header Prefer",
  cookie: "by a cookie",
  sandbox: "as chosen for the sandbox",
  setting: "as the server was started",
  default: "as nothing chose another",
  nobody: "as what was asked for cannot be",
};

export function detail(entry) {
  const { request, answer, why } = entry;
  const near = why.near.map((one) =>
    element("li", {}, element("code", {}, `${one.stub}: ${one.differences.join("; ") || "matches, but an earlier stub answered"}`)),
  );
  return [
    element("p", { class: "soft" }, `${entry.time}; sandbox ${entry.sandbox}, ${BY[entry.sandbox_chosen_by]}; scenario ${entry.scenario}, ${BY[entry.chosen_by]}`),
    element("p", { class: "why" }, why.text),
    entry.aborted_after === null ? null : element("p", { class: "notice" }, `The client left after ${(entry.aborted_after / 1000).toFixed(3)} s, before its answer was whole.`),
    near.length ? element("h3", {}, "Stubs that did not answer, nearest first") : null,
    near.length ? element("ul", { class: "near" }, ...near) : null,
    element("h3", {}, "Request"),
    block(`${request.method} ${entry.prefix}${request.path}${request.query ? `?${request.query}` : ""}\n${lines(request.headers)}`, "Request"),
    request.body === null ? null : block(pretty(request.body), "Body of the request"),
    element("h3", {}, "Answer ", pill(answer.status, answer.fault, entry.aborted_after)),
    block(`${answer.delay ? `after ${answer.delay.toFixed(3)} s\n` : ""}${lines(answer.headers)}`, "Answer"),
    answer.body === null ? null : block(pretty(answer.body), "Body of the answer"),
  ].filter((one) => one !== null);
}

function lines(headers) {
  return Object.entries(headers)
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`))
    .join("\n");
}
