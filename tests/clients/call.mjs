// Makes a call with the official client for each line of its input, as calling.js says it in JSON, and answers with a line.
import { createInterface } from "node:readline";

import Medusa from "@medusajs/medusa-js";

import { caller } from "./calling.js";

// a bundler takes the class; Node, for which the package says nothing, may see the module around it
const call = caller(Medusa.default ?? Medusa);

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await call(JSON.parse(line))));
}
process.exit(); // whatever is still pending
