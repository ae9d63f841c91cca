// TLS reports a second on one core, RFC 8460's example: mxray from octets to the summary; mail-auth and parsedmarc only parsing; one after the other.
// And ten thousand reports in the browser: from the drop of their folder to the numbers, how long the page stands still, and what memory that takes.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { Visit } from "../tests/browser/lib/browser.mjs";
import { drop, folderOf, report, summed } from "../tests/browser/lib/reports.mjs";

/** How much faster than parsedmarc's parse mxray's whole analysis is to be. */
const BAR = 2;

export function tlsReportRate({ root, bar }) {
  console.log("\n--- TLS reports a second on one core, processor time: 10,000 × RFC 8460's example, ids apart");
  const example = resolve(root, process.env.MXRAY_CORPORA ?? "../shared/corpora", "tls-rpt/rfc8460.json");
  if (!existsSync(example)) return console.log(`skipped: ${example} is not there (MXRAY_CORPORA names the folder above it)`);
  const rates = (command, words) => {
    const { status, stdout, stderr } = spawnSync(command, words, { cwd: root, encoding: "utf8", env: { ...process.env, MXRAY_CORPORA: resolve(example, "../..") } });
    const line = (stdout ?? "").trim().split("\n").at(-1);
    if (status === 0 && line.startsWith("{")) return JSON.parse(line);
    console.log(`${command}: it gave no numbers: ${(stderr || stdout || "").slice(-400)}`);
    return {};
  };
  const own = rates("cargo", ["bench", "--quiet", "--bench", "tls_reports"]);
  if (!own.mxray) return console.log(`no numbers${bar("TLS reports a second: no numbers", false)}`);
  const say = (who, rate) => console.log(`${who}: ${rate.toLocaleString("en")} a second, ${Math.round((rate * own.bytes) / 1e6)} MB`);
  say("mxray, parsed, judged, added up", own.mxray);
  say("mail-auth, parsed, after mx-host is put into an array for it", own.mail_auth);
  console.log(`  mxray is ${(own.mxray / own.mail_auth).toFixed(2)} × mail-auth's parse`);
  const python = join(root, ".tools/checkdmarc/bin/python");
  if (!existsSync(python)) return console.log("parsedmarc: skipped, it could not be installed");
  const other = rates(python, [join(root, "benches/parsedmarc-rate.py"), example]);
  if (!other.parsedmarc) return;
  say("parsedmarc, parsed", other.parsedmarc);
  const times = own.mxray / other.parsedmarc;
  console.log(`  mxray is ${times.toFixed(1)} × parsedmarc's parse, bar ${BAR}${bar(`TLS reports: ${times.toFixed(1)} × parsedmarc`, times >= BAR)}`);
}

/** Reports that are dropped at once, and what that may cost. */
const DROPPED = 10_000;
const SECONDS = 5;
const LONG_TASK = 100;
const RUNS = 3;

/** The most memory that a process has held so far, in MB, as Linux tells it. */
function peak(pid) {
  const path = `/proc/${pid}/status`;
  const line = existsSync(path) && readFileSync(path, "utf8").match(/^VmHWM:\s+(\d+) kB/m);
  return line ? Number(line[1]) / 1024 : 0;
}

async function renderers(browser) {
  const session = await browser.target().createCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

/** Starts to note every task of the page that takes longer than 50 ms, which is what browsers tell. */
function noteTasks() {
  window.longest = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (window.longest = Math.max(window.longest, duration)))).observe({ type: "longtask" });
}

export async function tlsReportsInBrowser({ outside, browser, bar }) {
  const texts = Object.fromEntries(Array.from({ length: DROPPED }, (_, number) => {
    const one = report(number);
    // Two kilobytes each, as reports with some failures have.
    one.policies[0]["failure-details"] = Array.from({ length: 3 }, (_, at) => ({ "result-type": "certificate-expired", "sending-mta-ip": `192.0.2.${(number + at) % 250}`, "receiving-mx-hostname": `mx${at}.perfect.test`, "receiving-ip": "198.51.100.1", "failed-session-count": 1 }));
    one.policies[0].summary["total-failure-session-count"] = 3;
    return [`reports/${Math.floor(number / 1000)}/report-${number}.json`, JSON.stringify(one, null, 4)];
  }));
  const octets = Object.values(texts).reduce((sum, text) => sum + text.length, 0);
  console.log(`\n--- ${DROPPED.toLocaleString("en")} TLS reports in the browser, ${(octets / 1e6).toFixed(1)} MB in one folder, fastest of ${RUNS}`);
  const folder = folderOf(texts);
  const runs = [];
  try {
    for (let run = 0; run < RUNS; run += 1) {
      const before = await renderers(browser);
      const visit = await Visit.open(browser, outside);
      await visit.openAll();
      await new Promise((resolve) => setTimeout(resolve, 2000));
      await visit.page.evaluate(noteTasks);
      const own = (await renderers(browser)).filter((id) => !before.includes(id));
      const resting = Math.max(0, ...own.map(peak));
      const started = performance.now();
      await drop(visit, [join(folder, "reports")]);
      const { numbers } = await summed(visit, { timeout: 110_000 });
      const seconds = (performance.now() - started) / 1000;
      const { longest, heap } = await visit.page.evaluate(() => ({ longest: window.longest, heap: (performance.memory?.usedJSHeapSize ?? 0) / 2 ** 20 }));
      if (numbers.reports !== DROPPED.toLocaleString("en") || numbers.failed !== (3 * DROPPED).toLocaleString("en")) throw new Error(`the numbers are wrong: ${JSON.stringify(numbers)}`);
      runs.push({ seconds, longest, heap, resting, peak: Math.max(0, ...own.map(peak)) });
      await visit.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const best = Math.min(...runs.map(({ seconds }) => seconds));
  const longest = Math.min(...runs.map(({ longest }) => longest));
  console.log(`from the drop to the numbers ${best.toFixed(2)} s (${runs.map(({ seconds }) => seconds.toFixed(2)).join(", ")}), bar ${SECONDS} s${bar(`${DROPPED} TLS reports in ${best.toFixed(1)} s`, best <= SECONDS)}`);
  console.log(`longest task of the page ${longest ? `${longest} ms` : "below 50 ms"} (${runs.map(({ longest }) => longest).join(", ")}), bar ${LONG_TASK} ms${bar(`a task of ${longest} ms in the page`, longest <= LONG_TASK)}`);
  const { resting, peak: most, heap } = runs.reduce((one, other) => (other.peak > one.peak ? other : one));
  console.log(`memory: the page's process at most ${Math.round(most)} MB, of which ${Math.round(resting)} MB before the drop; JavaScript's heap at the end ${Math.round(heap)} MB`);
}
