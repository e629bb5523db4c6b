// Uses the playground as a visitor does: `node playground.js CHROMIUM FOLDER PICTURES`. Prints what came of each program
// as JSON in the last line, after what the page's console says. The pictures are those of a light, a dark and a narrow
// screen.

import { join } from "node:path";
import { LIMIT, launch, serve } from "./chromium.js";

/** Modules that a visitor expects. */
const MODULES = `asyncio base64 collections csv dataclasses datetime decimal enum fractions functools hashlib heapq inspect itertools json
  logging math pathlib pickle pprint random re statistics string struct tempfile textwrap time typing unicodedata uuid zoneinfo`;

const PROGRAMS = {
  value: "print('printed')\n{'a': [1, 2]}",
  nothing: "x = 1",
  traceback: "def fail():\n    raise ValueError('of the visitor')\n\nfail()",
  syntax: "x = 1\nif x\n    pass",
  exit: "import sys\nprint('so far')\nsys.exit(3)",
  end: "import os\nos._exit(4)",
  depth: "def deeper(n):\n    return deeper(n + 1)\n\ndeeper(0)",
  fresh: "import json\nleft = hasattr(json, 'left')\njson.left = True\nleft, 'x' in globals(), __name__",
  streams: "import sys\nprint('zwölf 🐍')\nprint('warned', file=sys.stderr)",
  modules: `names = '''${MODULES}'''.split()\nall(__import__(name) for name in names)`,
  waiting: `import asyncio, time
before = time.monotonic()
asyncio.run(asyncio.sleep(0.2))
time.sleep(0.1)
0.3 <= time.monotonic() - before < 10`,
  flood: "for n in range(1000):\n    print('x' * 1000)",
  surroundings: "import os\ndict(os.environ), os.listdir('/tmp')",
};

const [executablePath, folder, pictures] = process.argv.slice(2);
const server = await serve(folder);
const browser = await launch(executablePath);
try {
  console.log(JSON.stringify({ ...(await use()), ...(await look()) }));
} finally {
  await browser.close();
  server.close();
}

/** Runs the programs; gives what the page shows of each. */
async function use() {
  const page = await open({ viewport: { width: 1280, height: 800 } });
  const results = { first: await shown(page) };
  for (const [name, source] of Object.entries(PROGRAMS)) {
    await run(page, source);
    results[name] = await shown(page);
  }
  results.endless = await stop(page, "print('begun')\nwhile True:\n    pass");
  results.sleeping = await stop(page, "import time\nprint('begun')\ntime.sleep(1000)");
  await run(page, "'and on'");
  results.after = await shown(page);
  results.typed = await type(page);
  const examples = await offered(page);
  await page.close();
  return { results, examples };
}

async function open(options) {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(LIMIT);
  page.on("console", (message) => console.log(`console.${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => console.log(`page error: ${error}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.address)) console.log(`page error: it asks for ${request.url()}`);
  });
  await page.goto(`${server.address}/index.html`);
  await ended(page);
  return page;
}

function ended(page) {
  return page.waitForSelector("body:is([data-state=done], [data-state=failed], [data-state=stopped])");
}

async function run(page, source) {
  await page.fill("#source", source);
  await page.click("#run");
  await page.waitForSelector("#run:not(:disabled)");
}

/** Runs a program until it prints, and ends it; gives for how many milliseconds the button was without effect. */
async function stop(page, source) {
  await page.fill("#source", source);
  await page.click("#run");
  await page.waitForFunction(() => document.getElementById("output").textContent.includes("begun"));
  const before = performance.now();
  await page.click("#stop");
  await page.waitForSelector("#run:not(:disabled)");
  return { ...(await shown(page)), milliseconds: performance.now() - before };
}

/** How each example ends that does. */
async function offered(page) {
  const states = {};
  for (const title of await page.locator("#examples option").allTextContents()) {
    if (title === "Without end") continue;
    await page.selectOption("#examples", { label: title });
    await page.click("#run");
    await page.waitForSelector("#run:not(:disabled)");
    states[title] = (await shown(page)).state;
  }
  return states;
}

/** The keys of the editor. */
async function type(page) {
  await page.fill("#source", "");
  await page.focus("#source");
  await page.keyboard.type("def f(x):");
  await page.keyboard.press("Enter");
  await page.keyboard.type("return x");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.type("f('<b>')");
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => document.querySelector("#output .value"));
  return { source: await page.inputValue("#source"), ...(await shown(page)) };
}

/** What there is to be seen. */
function shown(page) {
  return page.evaluate(() => {
    const text = (selector) => document.querySelector(selector)?.textContent;
    const all = (selector) => [...document.querySelectorAll(selector)].map((part) => part.textContent).join("");
    const figures = [...document.querySelectorAll(".figures dd:not(.note)")].map((figure) => figure.textContent);
    const failed = [...document.querySelectorAll("#lines .line")].findIndex((line) => line.classList.contains("failed")) + 1;
    return {
      state: document.body.dataset.state,
      status: text("#status"),
      kind: text("#output .kind"),
      value: text("#output .text"),
      stdout: all("#output .stdout").slice(0, 200),
      stderr: all("#output .stderr"),
      traceback: text("#output .traceback"),
      left_out: text("#output .note"),
      characters: text("#output").length,
      line: failed,
      figures,
    };
  });
}

/** Takes the pictures; gives whether something is wider than its screen. */
async function look() {
  const screens = {
    light: { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
    dark: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
    phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", deviceScaleFactor: 2 },
  };
  const wide = [];
  for (const [name, options] of Object.entries(screens)) {
    const page = await open(options);
    await page.selectOption("#examples", { label: name === "dark" ? "A traceback" : "A value with its type" });
    await page.click("#run");
    await page.waitForSelector("#run:not(:disabled)");
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: name === "phone" });
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wide.push(name);
    await page.close();
  }
  return { wide };
}
