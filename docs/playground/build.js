// Makes what the page loads, in the folder `made`, of the component: `node build.js [PACKAGES]`.
// PACKAGES is a folder with the packages that `tests/systems/hosts/package-lock.json` pins; without it they are installed.

import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const here = import.meta.dirname;
const component = join(here, "app/playground.wasm");
const made = join(here, "made");

if (!existsSync(component)) {
  console.error(`error: ${component} is missing: make it with \`ampoule build ${join(here, "app")}\``);
  process.exit(1);
}
const packages = join(process.argv[2] ?? install(), "node_modules");
rmSync(made, { recursive: true, force: true });
transpile();
copy();
const modules = compress();
const manifest = { component: statSync(component).size, modules };
writeFileSync(join(made, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
const size = modules.reduce((sum, module) => sum + module.compressed, 0);
console.log(`${manifest.component} bytes of component, ${size} of them over the network`);

/** Installs the packages below cargo's target folder; gives their folder. */
function install() {
  const root = join(here, "../..");
  const folder = join(root, "target/playground");
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) {
    copyFileSync(join(root, "tests/systems/hosts", name), join(folder, name));
  }
  run("npm", ["ci", "--no-audit", "--no-fund", "--prefix", folder]);
  return folder;
}

/** The component as JavaScript and core modules. */
function transpile() {
  const flags = ["--quiet", "--minify", "--no-typescript", "--instantiation", "async", "--name", "playground"];
  run(join(packages, ".bin/jco"), ["transpile", ...flags, "-o", made, component]);
  rmSync(join(made, "interfaces"), { recursive: true, force: true });
}

/** WASI for browsers, and the sources that the page shows. */
function copy() {
  const shim = join(packages, "@bytecodealliance/preview2-shim");
  const isLoaded = (path) => !path.endsWith(".d.ts");
  cpSync(join(shim, "dist/browser"), join(made, "wasi"), { recursive: true, filter: isLoaded });
  copyFileSync(join(shim, "LICENSE"), join(made, "wasi/LICENSE"));
  copyFileSync(join(here, "app/wit/playground.wit"), join(made, "playground.wit"));
  copyFileSync(join(here, "app/python/app.py"), join(made, "app.py"));
}

/** Compresses the core modules, whatever the server does about that; gives their names and sizes. */
function compress() {
  const names = readdirSync(made).filter((name) => name.endsWith(".wasm"));
  return names.sort().map((name) => {
    const compressed = gzipSync(readFileSync(join(made, name)), { level: 9 });
    writeFileSync(join(made, `${name}.gz`), compressed);
    rmSync(join(made, name));
    return { name, compressed: compressed.length };
  });
}

function run(program, args) {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) {
    console.error(`error: ${program} ${error ? `cannot be started: ${error.message}` : `ended with ${status}`}`);
    process.exit(1);
  }
}
