// Headless Chromium, and a server on loopback for the pages that it opens.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const LIMIT = 240_000;

const TYPES = {
  css: "text/css",
  html: "text/html",
  js: "text/javascript",
  json: "application/json",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

/** Serves a folder; gives its address, and what ends the server. */
export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname.slice(1);
    try {
      const content = await readFile(join(folder, path));
      response.setHeader("content-type", TYPES[path.split(".").pop()] ?? "application/octet-stream");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${server.address().port}`, close };
}

/** Starts the browser. */
export function launch(executablePath) {
  const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  return chromium.launch({
    executablePath,
    args: [...flags, "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
    timeout: LIMIT,
  });
}
