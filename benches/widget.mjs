// From the tag to the badge on a page of others, on a cold and a warm cache: bytes, time, and what the page's own thread pays.
import { Hosts } from "../tests/browser/lib/hosts.mjs";

const RUNS = 7;
/** What every DNS answer takes besides, in milliseconds: as a resolver near by. */
const DELAY = 20;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const ms = (numbers) => `${Math.round(median(numbers))} ms (${Math.round(Math.min(...numbers))} to ${Math.round(Math.max(...numbers))})`;
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

export async function widgetOnPages({ outside, browser, dist }) {
  for (const host of ["cloudflare-dns.com", "dns.google"]) outside.switches.set(host, { delay: DELAY });
  const hosts = await Hosts.start(dist, { brotli: 11, cache: "public, max-age=600" });
  const tag = `<script type="module" src="${hosts.cdn}mx-ray.js"></script><mx-ray domain="perfect.test" anchors="${outside.anchor}"></mx-ray>`;
  const plain = hosts.page(`<main><h1>Host</h1>${tag}</main>`);
  const threaded = hosts.page(`<main><h1>Host</h1>${tag}</main>`, { headers: { "content-security-policy": "worker-src 'none'" } });
  console.log(`\n--- from the tag to the badge, whole check of perfect.test, ${DELAY} ms added to each DNS answer, median of ${RUNS}`);
  try {
    // The server compresses its files once.
    for (const name of ["mx-ray.js", "mx-ray-worker.js", "mx-ray.wasm"]) await (await fetch(`${hosts.cdn}${name}`, { headers: { "accept-encoding": "br" } })).arrayBuffer();
    await measure(browser, plain);
    for (const [words, address] of [["in a worker", plain], ["on the page's own thread", threaded]]) {
      const cold = [];
      const warm = [];
      for (let run = 0; run < RUNS; run += 1) {
        const context = await browser.createBrowserContext();
        cold.push(await measure(browser, address, context));
        warm.push(await measure(browser, address, context));
        await context.close();
      }
      for (const [cache, runs] of [["cold", cold], ["warm", warm]]) {
        const of = (name) => runs.map((run) => run[name]);
        console.log(`${words}, ${cache} cache: element there after ${ms(of("defined"))}, first look-up told after ${ms(of("progress"))}, badge after ${ms(of("badge"))}; `
          + `${kb(median(of("bytes")))} over the wire in ${median(of("requests"))} requests; long tasks of the page's thread ${ms(of("long"))}, longest ${ms(of("longest"))}, all its tasks ${ms(of("busy"))}`);
      }
    }
  } finally {
    await hosts.stop();
  }
}

async function measure(browser, address, context) {
  const own = context ?? (await browser.createBrowserContext());
  const page = await own.newPage();
  const sizes = [];
  const count = ({ encodedDataLength }) => encodedDataLength > 0 && sizes.push(encodedDataLength);
  const ofWidget = new Set();
  const follow = (client) => {
    client.on("Network.requestWillBeSent", ({ requestId, request }) => /mx-ray/.test(request.url) && !request.url.startsWith("blob:") && ofWidget.add(requestId));
    client.on("Network.loadingFinished", (event) => ofWidget.has(event.requestId) && count(event));
    return client.send("Network.enable").catch(() => {});
  };
  const session = await page.createCDPSession();
  await follow(session);
  await session.send("Performance.enable");
  page.on("workercreated", (worker) => follow(worker.client));
  await page.evaluateOnNewDocument(() => {
    window.times = { long: 0, longest: 0 };
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => {
      window.times.long += duration;
      window.times.longest = Math.max(window.times.longest, duration);
    })).observe({ type: "longtask", buffered: true });
    customElements.whenDefined("mx-ray").then(() => (window.times.defined = performance.now()));
    document.addEventListener("mxray:progress", () => (window.times.progress ??= performance.now()));
    document.addEventListener("mxray:report", () => requestAnimationFrame(() => (window.times.badge = performance.now())));
  });
  await page.goto(address, { waitUntil: "load" });
  await page.waitForFunction(() => window.times.badge, { timeout: 60_000 });
  const { metrics } = await session.send("Performance.getMetrics");
  const times = await page.evaluate(() => window.times);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await page.close();
  if (!context) await own.close();
  return { ...times, bytes: sizes.reduce((sum, size) => sum + size, 0), requests: sizes.length, busy: metrics.find(({ name }) => name === "TaskDuration").value * 1000 };
}
