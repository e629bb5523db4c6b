// The machine that runs programs: the component's modules, compiled once, and a worker that makes instances of them.

/** Fetches and compiles the modules. `onProgress` is told how many bytes of how many have come. */
export async function load(onProgress) {
  const manifest = await (await get("made/manifest.json")).json();
  const total = manifest.modules.reduce((sum, { compressed }) => sum + compressed, 0);
  let loaded = 0;
  const count = (bytes) => onProgress((loaded += bytes), total);
  const compiled = manifest.modules.map(async ({ name }) => [name, await compile(`made/${name}.gz`, count)]);
  return { modules: Object.fromEntries(await Promise.all(compiled)), size: manifest.component, compressed: total };
}

async function get(path) {
  const response = await fetch(new URL(path, import.meta.url));
  if (!response.ok) throw new Error(`${path} is missing (${response.status}): has the page been built?`);
  return response;
}

async function compile(path, count) {
  const counter = new TransformStream({
    transform(chunk, controller) {
      count(chunk.byteLength);
      controller.enqueue(chunk);
    },
  });
  const bytes = (await get(path)).body.pipeThrough(counter).pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compileStreaming(new Response(bytes, { headers: { "content-type": "application/wasm" } }));
}

export class Machine {
  #modules;
  #worker;
  #run = null;
  /** Python's version, when there is a worker that runs it. */
  ready;

  constructor(modules) {
    this.#modules = modules;
    this.#start();
  }

  get isRunning() {
    return this.#run !== null;
  }

  /** Runs a program. The outcome has its value or failure and its time, or says that it was stopped. */
  run(source, listeners) {
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      this.#run = { resolve, ...listeners };
      const fail = (error) => {
        this.#run = null;
        reject(error);
      };
      this.ready.then(() => worker.postMessage({ source }), fail);
    });
  }

  /** Ends the program that runs, wherever it is, and has another worker for the next one. */
  stop() {
    this.#worker.terminate();
    this.#start();
    this.#end({ isStopped: true });
  }

  #start() {
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.#worker = worker;
    this.ready = new Promise((resolve, reject) => {
      worker.addEventListener("error", ({ message }) => reject(new Error(message ?? "the worker cannot be loaded")));
      worker.addEventListener("message", ({ data }) => {
        // What an ended worker has sent before may still come.
        if (worker === this.#worker) this.#hear(data, resolve);
      });
    });
    worker.postMessage({ modules: this.#modules });
  }

  #hear({ ready, started, output, ended }, resolve) {
    if (ready) resolve(ready.version);
    if (started) this.#run.onStart(started.milliseconds);
    if (output) this.#run.onOutput(output);
    if (ended) this.#end(ended);
  }

  #end(outcome) {
    const { resolve } = this.#run;
    this.#run = null;
    resolve(outcome);
  }
}
