// `make bench`: SPF verdicts a second; verdicts on logos a second; how many public icons a repair makes valid; TLS reports a second; how long a whole check takes, beside another tool in the same world; what verifying signatures costs; how soon a logo is judged; how soon ten thousand TLS reports are read; 1,000 domains; how soon the page can be used;
// Lighthouse. Prints every number, and why where one cannot be had. `node benches/run.mjs spf|svg|repair|tls-reports|check|dnssec|logo|reports|many|page|widget|lighthouse` runs one part.
import { existsSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { Outside } from "../tests/browser/lib/front.mjs";
import { World } from "../tests/browser/lib/world.mjs";
import { launchChromium } from "../tests/browser/lib/browser.mjs";
import { dnssecCost } from "./dnssec.mjs";
import { lighthouseScores } from "./lighthouse.mjs";
import { logos } from "./logo.mjs";
import { logoRepair } from "./logo-repair.mjs";
import { manyDomains } from "./many.mjs";
import { pageLoad } from "./page-load.mjs";
import { spfRate } from "./spf.mjs";
import { svgRate } from "./svg.mjs";
import { tlsReportRate, tlsReportsInBrowser } from "./tls-reports.mjs";
import { wholeCheck } from "./whole-check.mjs";
import { widgetOnPages } from "./widget.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
// These need neither site nor browser, and are measured before they take their share of the machine.
const natively = { spf: spfRate, svg: svgRate, repair: logoRepair, "tls-reports": tlsReportRate };
const parts = { ...natively, check: wholeCheck, dnssec: dnssecCost, logo: logos, reports: tlsReportsInBrowser, many: manyDomains, page: pageLoad, widget: widgetOnPages, lighthouse: lighthouseScores };
const chosen = process.argv.slice(2).length ? process.argv.slice(2) : Object.keys(parts);
const odd = chosen.filter((name) => !parts[name]);
if (odd.length) {
  console.error(`no such part: ${odd.join(", ")}; there are ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
const withBrowser = chosen.filter((name) => !natively[name]);
const dist = process.env.MXRAY_DIST ?? join(root, "dist");
if (withBrowser.length && !process.env.MXRAY_DIST) {
  const { status } = spawnSync("bash", [join(root, ".ci/build")], { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(1);
}
if (withBrowser.length && !existsSync(join(dist, "index.html"))) {
  console.error("there is no built site");
  process.exit(1);
}

const { model } = cpus()[0];
console.log(`\nmachine: ${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.versions.node}`);
const missed = [];
const bar = (words, ok) => {
  if (!ok) missed.push(words);
  return ok ? "" : "  ← missed";
};
for (const [name, measure] of Object.entries(natively)) if (chosen.includes(name)) measure({ root, bar });
if (withBrowser.length) {
  const world = await World.start();
  const outside = await Outside.start(world, dist, { brotli: 11 });
  let browser;
  try {
    browser = await launchChromium(outside, ["--remote-debugging-port=0"]);
    console.log(`browser: ${await browser.version()}`);
    for (const name of withBrowser) {
      outside.reset();
      await parts[name]({ world, outside, browser, dist, root, bar });
    }
  } finally {
    await browser?.close();
    await outside.stop();
    await world.stop();
  }
}
console.log(missed.length ? `\nmissed: ${missed.join("; ")}` : "\nevery bar is met");
process.exit(missed.length ? 1 : 0);
