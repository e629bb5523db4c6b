// What Node and the browser do alike: each component is instantiated with jco's WASI, or with nothing, and called.

import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import * as asynchronous from "./asynchronous.js";
import * as echo from "./echo.js";
import * as resources from "./resources.js";

/** A module with a `try_table`. */
const TRY = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 4, 1, 96, 0, 0],
  ...[3, 2, 1, 0],
  ...[10, 8, 1, 6, 0, 0x1f, 0x40, 0, 0x0b, 0x0b],
);

/** Runs all; `compile` gives the core module of a path. The result has the calls and the differences of each component. */
export async function run(compile, table) {
  const instantiate = async (name, imports) => {
    const component = await import(`./out/${name}/${name}.js`);
    return component.instantiate((path) => compile(`out/${name}/${path}`), imports);
  };
  const wasi = (environment) => new WASIShim({ sandbox: { env: environment } }).getImportObject();
  const { found, log } = echo.imports(table);
  const results = {
    hello: hello(await instantiate("hello", wasi({}))),
    echo: echo.run(await instantiate("echo", { ...wasi({}), ...found }), table, log),
    extension: extension(await instantiate("extension", wasi({}))),
    resources: resources.run(await instantiate("resources", { ...wasi({}), ...resources.imports })),
    surroundings: surroundings(await instantiate("surroundings", wasi({ GREETING: "Grüße 🐍", NO_COLOR: "1" }))),
    "without-wasi": withoutWasi(await instantiate("without-wasi", {})),
  };
  if (asynchronous.isPossible) {
    const component = await instantiate("asynchronous", { ...wasi({}), ...asynchronous.imports });
    results.asynchronous = compare(await asynchronous.run(component));
  }
  if (WebAssembly.validate(TRY)) {
    results.throwing = throwing(await instantiate("throwing", wasi({})));
  }
  return results;
}

/** Pairs of what was found and what was expected, as a result. */
function compare(pairs) {
  const differences = [];
  for (const [found, expected] of pairs) {
    const [one, other] = [found, expected].map((value) => JSON.stringify(value));
    if (one !== other) differences.push(`expected ${other}, found ${one}`);
  }
  return { calls: pairs.length, differences };
}

function hello({ greet }) {
  return compare(["world", "", "🐍"].map((name) => [greet(name), `Hello, ${name}!`]));
}

function extension({ count, escape }) {
  const counted = count("the cat and the other cat");
  return compare([
    [counted, [{ word: "cat", times: 2 }, { word: "other", times: 1 }]],
    [escape("<b>"), "&lt;b&gt;"],
  ]);
}

function surroundings({ variable, now, random, say, fail }) {
  const [wall, monotonic] = now();
  say("Grüße 🐍");
  const pairs = [
    [variable("GREETING"), "Grüße 🐍"],
    [variable("NO_SUCH_VARIABLE"), undefined],
    [Math.abs(wall - Date.now() / 1000) < 600, true],
    [monotonic >= 0 && now()[1] >= monotonic, true],
    [random(1000).length, 1000],
  ];
  // Last: nothing can be called after a trap.
  let trap;
  try {
    fail("nobody catches this");
  } catch (error) {
    trap = error;
  }
  return compare([...pairs, [trap instanceof WebAssembly.RuntimeError, true]]);
}

function throwing({ check }) {
  const pairs = [
    [check("built caught map"), "inner outer map::at:  key not found"],
    [check("caught map"), "inner outer map::at:  key not found"],
    [check("caught number"), "inner outer 42"],
    [check("across custom"), "Custom of the app's own"],
    [check("across vector"), "std::out_of_range vector"],
    [check("jumped 7"), "108"],
  ];
  let trap;
  try {
    check("uncaught custom");
  } catch (error) {
    trap = error;
  }
  return compare([...pairs, [trap instanceof WebAssembly.RuntimeError, true]]);
}

function withoutWasi({ check }) {
  const missing = "OSError: [Errno 52] Function not implemented";
  return compare([
    [check("wall_clock"), missing],
    [check("printing"), "printed"],
    [check("file_inside"), "inside"],
    [check("late_import"), "imported late"],
    [check("exception"), "ValueError: raised"],
  ]);
}
