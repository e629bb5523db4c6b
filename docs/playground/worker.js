// The worker: each program that it is sent runs in a new instance of the component. It may run forever, as the page can end the worker.

import { instantiate } from "./made/playground.js";
import { Output } from "./output.js";
import { wasi } from "./wasi.js";

let modules;

addEventListener("message", async ({ data }) => {
  if (data.modules) {
    modules = data.modules;
    // What is compiled when it is first used is, then.
    const { component } = await start(new Output(() => {}));
    postMessage({ ready: { version: component.version() } });
  } else {
    await run(data.source);
  }
});

async function start(output) {
  const imports = wasi({ write: (stream, bytes) => output.write(stream, bytes), idle: () => output.flush() });
  const before = performance.now();
  const component = await instantiate((name) => modules[name], imports);
  return { component, milliseconds: performance.now() - before };
}

async function run(source) {
  const output = new Output((parts) => postMessage({ output: parts }));
  const { component, milliseconds } = await start(output);
  postMessage({ started: { milliseconds } });
  const before = performance.now();
  const outcome = call(component, source);
  output.flush();
  postMessage({ ended: { ...outcome, milliseconds: performance.now() - before } });
}

/** How a program ended: with a value, with a failure, or with its instance. */
function call(component, source) {
  try {
    return { value: component.run(source) };
  } catch (error) {
    if (error.payload) return { failure: error.payload };
    if (error.exitError) return { failure: { traceback: `exit status ${error.code}\n` } };
    return { failure: { traceback: `The instance has ended: ${error.message}\n` } };
  }
}
