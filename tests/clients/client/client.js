// Lets a test call the official client in a browser, as calling.js has it: `call({config, method, arguments})`.
import Medusa from "@medusajs/medusa-js";

import { caller } from "../calling.js";

window.call = caller(Medusa);
