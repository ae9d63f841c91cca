// SPF verdicts a second on one core, every case of the openspf suite: mxray, mail-auth and pyspf, one after the other.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** How much faster than pyspf mxray is to be. */
const BAR = 10;

export function spfRate({ root, bar }) {
  console.log("\n--- SPF verdicts a second on one core, all cases of the openspf suite, zones in memory");
  const suite = resolve(root, process.env.MXRAY_CORPORA ?? "../shared/corpora", "spf/rfc7208-tests.yml");
  if (!existsSync(suite)) return console.log(`skipped: ${suite} is not there (MXRAY_CORPORA names the folder above it)`);
  const rates = (command, words) => {
    const { status, stdout, stderr } = spawnSync(command, words, { cwd: root, encoding: "utf8", env: { ...process.env, MXRAY_CORPORA: resolve(suite, "../..") } });
    const line = (stdout ?? "").trim().split("\n").at(-1);
    if (status === 0 && line.startsWith("{")) return JSON.parse(line);
    console.log(`${command}: it gave no numbers: ${(stderr || stdout || "").slice(-400)}`);
    return {};
  };
  const own = rates("cargo", ["bench", "--quiet", "--bench", "spf"]);
  if (!own.mxray) return console.log(`no numbers${bar("SPF verdicts a second: no numbers", false)}`);
  const say = (who, rate, right) => console.log(`${who}: ${rate.toLocaleString("en")} a second, ${right} of ${own.cases} cases right`);
  say("mxray, with its whole trace", own.mxray, own.mxray_right);
  say("mail-auth, records read each time, as mxray does", own.mail_auth, own.mail_auth_right);
  say("mail-auth, records read beforehand", own.mail_auth_parsed, own.mail_auth_parsed_right);
  const ahead = own.mxray > own.mail_auth;
  console.log(`  mxray is ${(own.mxray / own.mail_auth).toFixed(2)} × mail-auth${bar("SPF: ahead of mail-auth", ahead)}, ${(own.mxray / own.mail_auth_parsed).toFixed(2)} × what has read its records beforehand`);
  const python = join(root, ".tools/checkdmarc/bin/python");
  if (!existsSync(python)) return console.log("pyspf: skipped, it could not be installed");
  const other = rates(python, [join(root, "benches/pyspf-rate.py"), suite]);
  if (!other.pyspf) return;
  say("pyspf", other.pyspf, other.pyspf_right);
  const times = own.mxray / other.pyspf;
  console.log(`  mxray is ${times.toFixed(0)} × pyspf, bar ${BAR}${bar(`SPF: ${times.toFixed(1)} × pyspf`, times >= BAR)}`);
}
