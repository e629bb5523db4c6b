// Opens a page in headless Chromium: `node browser.js CHROMIUM PAGE SCREENSHOT`. Prints what the page leaves in `window.result`, or the greeting
// in it, as JSON in the last line, after what the page's console says.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, name, screenshot] = process.argv.slice(2);
const LIMIT = 240_000;
const TYPES = { html: "text/html", js: "text/javascript", json: "application/json", wasm: "application/wasm" };

const server = createServer(async (request, response) => {
  const path = new URL(request.url, "http://localhost").pathname.slice(1);
  try {
    const content = await readFile(fileURLToPath(new URL(path, import.meta.url)));
    response.setHeader("content-type", TYPES[path.split(".").pop()] ?? "application/octet-stream");
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const browser = await chromium.launch({
  executablePath,
  args: [...flags, "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
  timeout: LIMIT,
});
try {
  const page = await browser.newPage({ viewport: { width: 900, height: 600 } });
  page.on("console", (message) => console.log(`console.${message.type()}: ${message.text()}`));
  await page.goto(`http://127.0.0.1:${server.address().port}/${name}`);
  const finished = () => window.result ?? document.body?.innerText.match(/^Hello, .*/)?.[0];
  const result = await page.waitForFunction(finished, undefined, { timeout: LIMIT });
  await page.screenshot({ path: screenshot });
  console.log(JSON.stringify(await result.jsonValue()));
} finally {
  await browser.close();
  server.close();
  server.closeAllConnections();
}
