// Runs the components in the page, shows the results, and leaves them in `window.result`.

import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { run } from "./components.js";
import { instantiate } from "./out/hello/hello.js";

const compile = (path) => WebAssembly.compileStreaming(fetch(path));

function row(name, { calls, differences }) {
  const cells = [name, calls, differences.length === 0 ? "all equal" : differences.join("; ")];
  const row = document.getElementById("results").insertRow();
  row.className = differences.length === 0 ? "right" : "wrong";
  for (const cell of cells) row.insertCell().textContent = cell;
}

try {
  const hello = await instantiate((path) => compile(`out/hello/${path}`), new WASIShim().getImportObject());
  document.getElementById("greeting").textContent = hello.greet("Chromium");
  const result = await run(compile, await (await fetch("table.json")).json());
  for (const [name, outcome] of Object.entries(result)) row(name, outcome);
  window.result = result;
} catch (error) {
  document.getElementById("greeting").textContent = `${error.stack ?? error}`;
  window.result = { error: `${error.stack ?? error}` };
}
