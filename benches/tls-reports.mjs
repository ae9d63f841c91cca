// TLS reports a second on one core, RFC 8460's example: mxray from octets to the summary; mail-auth and parsedmarc only parsing; one after the other.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

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
