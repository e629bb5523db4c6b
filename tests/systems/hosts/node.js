// Runs the components in Node; prints the result as JSON in its last line.

import { readFile } from "node:fs/promises";
import { run } from "./components.js";

const here = (path) => readFile(new URL(path, import.meta.url));
const table = JSON.parse(await here("table.json"));
const result = await run(async (path) => WebAssembly.compile(await here(path)), table);
console.log(JSON.stringify(result));
