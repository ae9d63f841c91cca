// What verifying a whole check costs: every answer of perfect.test kept, judged again offline with and without the signatures,
// natively and in Chromium; delv on the same names beside it.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Visit } from "../tests/browser/lib/browser.mjs";

const DOMAIN = "perfect.test";
const RUNS = 9;
/** Milliseconds, in Chromium, for all signatures of one check. */
const BAR = 60;
const run = promisify(execFile);
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const ms = (number) => `${number.toFixed(1)} ms`;

export async function dnssecCost({ world, outside, browser, root, bar }) {
  console.log(`\n--- all signatures of a check of ${DOMAIN} (root, test, ${DOMAIN}; ECDSA P-256), median of ${RUNS}`);
  execFileSync("cargo", ["build", "--release", "--quiet", "--bin", "mxray"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release/mxray");
  const folder = mkdtempSync(join(tmpdir(), "mxray-dnssec-bench-"));
  const anchor = join(folder, "anchor.key");
  const evidence = join(folder, "evidence.json");
  writeFileSync(anchor, outside.anchor);
  await run(binary, ["check", DOMAIN, "--resolver", outside.resolverUrl(), "--anchor", anchor, "--save-evidence", evidence], { maxBuffer: 64 << 20 }).catch(() => {});
  const kept = readFileSync(evidence, "utf8");

  // Without an anchor that fits, nothing is verified below the root's own keys.
  const native = async (...words) => {
    const times = [];
    for (let at = 0; at <= RUNS; at += 1) {
      const started = performance.now();
      await run(binary, words, { maxBuffer: 64 << 20 }).catch(() => {});
      if (at > 0) times.push(performance.now() - started);
    }
    return median(times);
  };
  const check = ["check", DOMAIN, "--offline", "--evidence", evidence, "--format", "json"];
  const [verified, bare] = [await native(...check, "--anchor", anchor), await native(...check)];
  console.log(`mxray check, offline, whole process: ${ms(verified)} with the chain verified, ${ms(bare)} without: ${ms(verified - bare)}`);

  const config = join(folder, "anchor.conf");
  writeFileSync(config, await world.anchor());
  const names = [[DOMAIN, "MX"], [DOMAIN, "TXT"], [`_dmarc.${DOMAIN}`, "TXT"], [`_25._tcp.mx1.${DOMAIN}`, "TLSA"]];
  for (const [name, type] of names) {
    const times = { delv: [], mxray: [] };
    for (let at = 0; at < RUNS; at += 1) {
      let started = performance.now();
      await run("delv", ["@127.0.0.1", "-p", String(world.port), "-a", config, "+root=.", name, type]).catch(() => {});
      times.delv.push(performance.now() - started);
      started = performance.now();
      await run(binary, ["dnssec", name, type, "--offline", "--evidence", evidence, "--anchor", anchor]).catch(() => {});
      times.mxray.push(performance.now() - started);
    }
    console.log(`${name} ${type}: mxray dnssec (offline, reads the whole evidence) ${ms(median(times.mxray))}, delv (asks over loopback) ${ms(median(times.delv))}`);
  }

  // By turns, so that what else the machine does falls on both alike.
  const inPage = async (withAnchor) => {
    const visit = await Visit.open(browser, outside);
    await visit.page.evaluateOnNewDocument(() => {
      window.Worker = class extends Worker {
        constructor(...words) {
          super(...words);
          this.addEventListener("message", () => (window.replied = performance.now()));
        }
        postMessage(...words) {
          window.asked = performance.now();
          super.postMessage(...words);
        }
      };
    });
    await visit.page.reload();
    await visit.ready();
    await visit.set("#anchors", withAnchor ? outside.anchor : "");
    await visit.openAll();
    await visit.page.$eval("#offline", (box) => box.click());
    const input = await visit.page.$("input#files");
    await input.uploadFile(evidence);
    await visit.page.waitForSelector("#supplied > li");
    // The file fills in its domain, and offline the check starts by itself.
    await visit.done();
    const time = await visit.page.evaluate(() => window.replied - window.asked);
    await visit.close();
    return time;
  };
  const times = { cold: [], without: [] };
  for (let at = 0; at <= RUNS; at += 1) {
    const [one, other] = [await inPage(true), await inPage(false)];
    if (at > 0) times.cold.push(one), times.without.push(other);
  }
  const [cold, without] = [median(times.cold), median(times.without)];
  console.log(`the page in Chromium, evidence handed to the engine until its verdict: ${ms(cold)} with the chain verified, ${ms(without)} without`);
  console.log(`  verifying: ${ms(cold - without)}, bar ${BAR} ms${bar(`verifying one check: ${ms(cold - without)}`, cold - without <= BAR)}; ${(kept.match(/"wire"/g) ?? []).length} answers kept`);
  rmSync(folder, { recursive: true, force: true });
}
