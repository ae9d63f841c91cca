// Serves dist/ on 127.0.0.1 and opens it: `make serve`. PORT chooses the port; without it the first free one from 8080.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { siteHandler } from "../tests/browser/lib/site.mjs";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const wished = Number(process.env.PORT ?? 0);
const handler = siteHandler(dist, "/");

function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer(handler);
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server.address().port));
  });
}

async function listenOnFirstFree() {
  if (wished) return listen(wished);
  for (let port = 8080; port < 8100; port += 1) {
    try {
      return await listen(port);
    } catch (error) {
      if (error.code !== "EADDRINUSE") throw error;
    }
  }
  return listen(0);
}

const port = await listenOnFirstFree().catch((error) => {
  console.error(`serve: ${error.message}`);
  process.exit(1);
});
const url = `http://127.0.0.1:${port}/`;
console.log(`mxray is at ${url} (Ctrl-C ends it)`);

// Opens the page where there is somebody to see it.
const opener = { darwin: "open", linux: "xdg-open" }[process.platform];
const somebody = process.platform === "darwin" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
if (opener && somebody && process.stdout.isTTY && !process.env.CI) {
  spawn(opener, [url], { stdio: "ignore", detached: true }).on("error", () => {}).unref();
}
