// Calls of the control API, and its events. What is refused is thrown as an Error with the server's own sentence.

const MOUNT = "/__mock";
const JSON_TYPE = "application/json";
export const YAML_TYPE = "application/yaml";
let askForToken = async () => "";

export function whenTokenIsWanted(ask) {
  askForToken = ask;
}

function token() {
  return sessionStorage.getItem("mockserver-token") ?? "";
}

async function request(method, path, sent, type, signal) {
  const headers = {};
  if (token()) headers.Authorization = `Bearer ${token()}`;
  if (sent !== undefined) headers["Content-Type"] = type;
  const response = await fetch(MOUNT + path, { method, headers, body: sent, signal, cache: "no-store" });
  if (response.status !== 401) return response;
  const given = await askForToken();
  if (!given) throw new Error("This server wants its token; load the page again to give it.");
  sessionStorage.setItem("mockserver-token", given);
  return request(method, path, sent, type, signal);
}

// Sends a value as JSON, or a text as it is where its type is given.
export async function call(method, path, body, type = JSON_TYPE) {
  const sent = body === undefined || type !== JSON_TYPE ? body : JSON.stringify(body);
  const response = await request(method, path, sent, type);
  const text = await response.text();
  const answer = text ? JSON.parse(text) : null;
  if (!response.ok) throw Object.assign(new Error(answer?.message ?? response.statusText), { status: response.status });
  return answer;
}

// Calls `heard(name, data)` for each event of a sandbox, or of all, until `signal` aborts; `state(isLive)` tells of the connection.
export async function listen(sandbox, heard, state, signal) {
  const query = sandbox === null ? "" : `?sandbox=${encodeURIComponent(sandbox)}`;
  while (!signal.aborted) {
    try {
      const response = await request("GET", `/events${query}`, undefined, undefined, signal);
      if (!response.ok) throw new Error(response.statusText);
      state(true);
      await read(response.body, heard);
    } catch {
      if (signal.aborted) return;
    }
    state(false);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function read(stream, heard) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(part) ?? [];
      if (name) heard(name, JSON.parse(data));
    }
  }
}
