// Calls of the control API, and its events. What is refused is thrown as an Error with the server's own sentence.

const MOUNT = "/__mock";
let askForToken = async () => "";

export function whenTokenIsWanted(ask) {
  askForToken = ask;
}

function token() {
  return sessionStorage.getItem("mockserver-token") ?? "";
}

async function request(method, path, body, signal) {
  const headers = {};
  if (token()) headers.Authorization = `Bearer ${token()}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const response = await fetch(MOUNT + path, { method, headers, body: sent, signal, cache: "no-store" });
  if (response.status !== 401) return response;
  const said = await askForToken();
  if (!said) throw new Error("This server wants its token; load the page again to give it.");
  sessionStorage.setItem("mockserver-token", said);
  return request(method, path, body, signal);
}

export async function call(method, path, body) {
  const response = await request(method, path, body);
  const text = await response.text();
  const said = text ? JSON.parse(text) : null;
  if (!response.ok) throw Object.assign(new Error(said?.message ?? response.statusText), { status: response.status });
  return said;
}

// Calls `heard(name, data)` for each event of a sandbox until `signal` aborts; `state(isLive)` tells of the connection.
export async function listen(sandbox, heard, state, signal) {
  while (!signal.aborted) {
    try {
      const response = await request("GET", `/events?sandbox=${encodeURIComponent(sandbox)}`, undefined, signal);
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
