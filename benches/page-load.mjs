// From opening the page to an input that can be used and an engine that listens, on a cold cache; requests and sizes.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliSize } from "../.ci/budgets.mjs";

const RUNS = 7;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const ms = (number) => `${Math.round(number)} ms`;
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

export async function pageLoad({ outside, browser, dist }) {
  console.log(`\n--- opening the page on a cold cache, median of ${RUNS}`);
  for (const [words, network] of [["loopback", undefined], ["10 Mbit/s, 40 ms round trip", { latency: 40, download: 10e6 / 8, upload: 5e6 / 8 }]]) {
    const visible = [];
    const usable = [];
    const engine = [];
    let requests = 0;
    let bytes = 0;
    for (let run = 0; run <= RUNS; run += 1) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      const session = await page.createCDPSession();
      await session.send("Network.enable");
      await session.send("Network.setCacheDisabled", { cacheDisabled: true });
      if (network) await session.send("Network.emulateNetworkConditions", { offline: false, latency: network.latency, downloadThroughput: network.download, uploadThroughput: network.upload });
      const sizes = [];
      const count = ({ encodedDataLength }) => sizes.push(encodedDataLength);
      session.on("Network.loadingFinished", count);
      // What the engine loads for itself counts too. It cannot be slowed down like the page.
      page.on("workercreated", (worker) => {
        worker.client.on("Network.loadingFinished", count);
        worker.client.send("Network.enable").catch(() => {});
      });
      // The static input shows first and keeps what is typed; boot.js marks the start of the wasm.
      await page.evaluateOnNewDocument(() => {
        window.Worker = class extends Worker {
          constructor(...words) {
            super(...words);
            this.addEventListener("message", () => (window.engineAt ??= performance.now()));
          }
        };
        new MutationObserver((_, observer) => {
          if (!window.inputAt && document.querySelector("input#domain")) window.inputAt = performance.now();
          if (!document.querySelector("html[data-started] main#main")) return;
          window.usableAt = performance.now();
          observer.disconnect();
        }).observe(document, { childList: true, subtree: true, attributes: true });
      });
      await page.goto(outside.url, { waitUntil: "load" });
      await page.waitForFunction(() => window.usableAt && window.engineAt, { timeout: 60_000 });
      const [input, ready, listens] = await page.evaluate(() => [window.inputAt, window.usableAt, window.engineAt]);
      // In the first run the server still compresses its files.
      if (run > 0) visible.push(input);
      if (run > 0) usable.push(ready);
      if (run > 0) engine.push(listens);
      await new Promise((resolve) => setTimeout(resolve, 300));
      requests = sizes.length;
      bytes = sizes.reduce((sum, size) => sum + size, 0);
      await context.close();
    }
    console.log(`${words}: the input can be typed into after ${ms(median(visible))}, the page runs after ${ms(median(usable))} (${usable.map(Math.round).join(", ")}), the engine ${network ? "(not slowed down) " : ""}after ${ms(median(engine))}; ${requests} requests, ${kb(bytes)} over the wire`);
  }
  for (const name of readdirSync(dist).sort()) {
    const path = join(dist, name);
    if (statSync(path).isFile()) console.log(`  ${name.padEnd(36)} ${kb(statSync(path).size).padStart(10)} raw ${kb(brotliSize(path)).padStart(10)} brotli`);
  }
}
