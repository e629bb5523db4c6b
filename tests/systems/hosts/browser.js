// Opens a page in headless Chromium: `node browser.js CHROMIUM PAGE SCREENSHOT`. Prints what the page leaves in `window.result`, or the greeting
// in it, as JSON in the last line, after what the page's console says.

import { LIMIT, launch, serve } from "./chromium.js";

const [executablePath, name, screenshot] = process.argv.slice(2);
const server = await serve(import.meta.dirname);
const browser = await launch(executablePath);
try {
  const page = await browser.newPage({ viewport: { width: 900, height: 600 } });
  page.on("console", (message) => console.log(`console.${message.type()}: ${message.text()}`));
  await page.goto(`${server.address}/${name}`);
  const finished = () => window.result ?? document.body?.innerText.match(/^Hello, .*/)?.[0];
  const result = await page.waitForFunction(finished, undefined, { timeout: LIMIT });
  await page.screenshot({ path: screenshot });
  console.log(JSON.stringify(await result.jsonValue()));
} finally {
  await browser.close();
  server.close();
}
