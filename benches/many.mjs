// Many domains: 1,000 in the page (time, memory, long tasks), the same on the command line, and lines of evidence a second
// on one core.
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Visit, launchChromium } from "../tests/browser/lib/browser.mjs";

const DOMAINS = 1000;
/** Longest task of the page, in milliseconds. */
const BAR_TASK = 100;
/** How much the page may grow from the first quarter of the list to its end, in MB. */
const BAR_GROWTH = 30;

const names = Array.from({ length: DOMAINS }, (_, n) => `d${n}.many.test`);

export async function manyDomains({ outside, root, bar }) {
  console.log(`\n--- ${DOMAINS} domains of the test world (DNS on the same machine, no delay added)`);
  // Watched requests would be kept in the page's process for the watcher, every one of 100,000.
  const browser = await launchChromium(outside, [], undefined, { networkEnabled: false });
  try {
    await inPage({ outside, browser, bar });
  } finally {
    await browser.close();
  }
  const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release/mxray");
  const built = spawnSync("cargo", ["build", "--release", "--quiet", "--bin", "mxray"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (built.status !== 0) return console.log(`mxray: skipped, cargo build failed${bar("mxray does not build", false)}`);
  await onCommandLine(outside, binary);
  evidenceRate(root, binary);
}

async function inPage({ outside, browser, bar }) {
  const visit = await Visit.open(browser, outside);
  await visit.page.evaluate(() => {
    window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ["longtask"] });
  });
  await visit.page.click("#check-many");
  await visit.page.waitForSelector("#list");
  await visit.page.$eval("#list", (field, text) => (field.value = text), names.join("\n"));
  await visit.page.click("#list-read");
  await visit.page.waitForSelector("#list-start");
  const renderer = rendererOf(browser.process().pid);
  const done = () => visit.page.$eval("#many", (section) => Number(section.dataset.done));
  const started = performance.now();
  await visit.page.click("#list-start");
  let [peak, quarter, last, at] = [0, 0, 0, 0];
  while (at < DOMAINS) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    at = await done();
    last = memoryOf(renderer);
    peak = Math.max(peak, last);
    if (!quarter && at >= DOMAINS / 4) quarter = last;
    if (performance.now() - started > 1_200_000) return console.log(`the page: only ${at} done${bar("1,000 domains in 20 min", false)}`);
  }
  const seconds = (performance.now() - started) / 1000;
  const tasks = await visit.page.evaluate(() => window.tasks);
  const longest = Math.round(Math.max(0, ...tasks));
  console.log(`the page in Chromium: ${seconds.toFixed(1)} s, ${(DOMAINS / seconds).toFixed(1)} domains a second; tasks over 50 ms: ${tasks.length}, longest ${longest} ms${bar(`a task of ${longest} ms`, longest <= BAR_TASK)}`);
  if (peak) console.log(`  memory of its process: ${quarter} MB after ${DOMAINS / 4}, ${last} MB after ${DOMAINS}, at most ${peak} MB${bar(`${last - quarter} MB more`, last - quarter <= BAR_GROWTH)}`);
  await visit.close();
}

/** The renderer below a browser that uses most memory, on Linux. */
function rendererOf(browserPid) {
  try {
    const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((pid) => ({ pid, parent: parentOf(pid), command: readText(`/proc/${pid}/cmdline`) }));
    const below = (pid) => all.filter(({ parent }) => parent === String(pid)).flatMap((one) => [one, ...below(one.pid)]);
    const renderers = below(browserPid).filter(({ command }) => command.includes("--type=renderer"));
    return renderers.map(({ pid }) => pid).sort((a, b) => memoryOf(b) - memoryOf(a))[0];
  } catch {
    return undefined;
  }
}

const readText = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};
const parentOf = (pid) => readText(`/proc/${pid}/status`).match(/^PPid:\s+(\d+)/m)?.[1];
const memoryOf = (pid) => Math.round(Number(readText(`/proc/${pid}/status`).match(/^VmRSS:\s+(\d+)/m)?.[1] ?? 0) / 1024);

async function onCommandLine(outside, binary) {
  const folder = mkdtempSync(join(tmpdir(), "mxray-many-"));
  const [list, anchor] = [join(folder, "list.txt"), join(folder, "anchor.key")];
  writeFileSync(list, names.join("\n"));
  writeFileSync(anchor, outside.anchor);
  for (const jobs of [4, 8]) {
    const started = performance.now();
    const words = ["check", "--list", list, "--brief", "--jobs", String(jobs), "--rate", "100000", "--resolver", outside.resolverUrl(), "--anchor", anchor];
    const { stdout } = await promisify(execFile)(binary, words, { maxBuffer: 256 << 20 });
    const seconds = (performance.now() - started) / 1000;
    console.log(`mxray check --list --jobs ${jobs}, no pace: ${seconds.toFixed(1)} s, ${(stdout.trim().split("\n").length / seconds).toFixed(1)} domains a second`);
  }
  rmSync(folder, { recursive: true });
}

/** Lines of evidence a second of one thread, by its CPU time. */
function evidenceRate(root, binary) {
  const lines = 20_000;
  let text;
  try {
    text = execFileSync("python3", [join(root, "docs/scale/evidence-lines.py"), String(lines)], { maxBuffer: 256 << 20 });
  } catch (error) {
    return console.log(`lines of evidence: skipped, ${error.message}`);
  }
  for (const more of [[], ["--brief"]]) {
    const { stderr } = spawnSync("bash", ["-c", `TIMEFORMAT='%U %S'; time ${JSON.stringify(binary)} check --evidence-lines - --jobs 1 ${more.join(" ")} > /dev/null`], { input: text, encoding: "utf8" });
    const [user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
    console.log(`mxray check --evidence-lines ${more.join(" ")}: ${Math.round(lines / (user + system)).toLocaleString("en")} domains a second of one core, reading ${Math.round(text.length / lines)} octets a line`);
  }
}
