// Keeps what the last answers said, so that what is sent next speaks of the same cart, line, order.

const ID = /^([a-z]+)_\w+$/; // `cart_01HK…`: what it begins with says of what it is
const NAMED = new Set(["provider_id", "display_id", "email"]); // values that are known by the name of their field
const KEPT = 30;
let answers = []; // of one sandbox, the newest first
let state = []; // what it holds beside, the newest of each table first
let of = "";

export function remember(sandbox, answer) {
  if (of !== sandbox) forget();
  of = sandbox;
  answers = [answer, ...answers].slice(0, KEPT);
}

export function holds(sandbox, tables) {
  if (of !== sandbox) forget();
  of = sandbox;
  state = Object.values(tables).flatMap((rows) => rows.toReversed());
}

export function forget() {
  answers = [];
  state = [];
}

// What is known that could stand where an example does, the newest first.
export function known(name, example) {
  const kind = ID.exec(example)?.[1];
  const found = new Set();
  const isMeant = kind ? (key, value) => key === "id" && ID.exec(value)?.[1] === kind : (key) => NAMED.has(name) && key === name;
  const look = (value, key) => {
    if (value !== null && typeof value === "object") for (const [inner, one] of Object.entries(value)) look(one, inner);
    else if (value !== null && isMeant(key, value)) found.add(value);
  };
  for (const one of [...answers, ...state]) look(one, "");
  return [...found];
}

// An example in which what is known stands for all that it could stand for.
export function filled(example, name = "") {
  if (Array.isArray(example)) return example.map((one) => filled(one, name));
  if (example !== null && typeof example === "object") return Object.fromEntries(Object.entries(example).map(([key, one]) => [key, filled(one, key)]));
  return known(name, example)[0] ?? example;
}
