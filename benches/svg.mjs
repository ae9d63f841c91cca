// Verdicts on logos a second on one core: mxray, and libxml2's RelaxNG over the same drawings; then both on the same random changes of them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** How much faster than libxml2 mxray is to be. */
const BAR = 3;
/** How many random changes both judge. */
const CHANGES = 5_000;

export function svgRate({ root, bar }) {
  console.log("\n--- verdicts on logos a second on one core, 1,000 drawings, time of the processor");
  const corpus = resolve(root, process.env.MXRAY_CORPORA ?? "../shared/corpora", "svg/schema-verdicts.jsonl");
  if (!existsSync(corpus)) return console.log(`skipped: ${corpus} is not there (MXRAY_CORPORA names the folder above it)`);
  const run = (command, words) => {
    const { status, stdout, stderr } = spawnSync(command, words, { cwd: root, encoding: "utf8", maxBuffer: 256 << 20, env: { ...process.env, MXRAY_CORPORA: resolve(corpus, "../..") } });
    if (status === 0) return stdout;
    console.log(`${command}: it failed: ${(stderr || stdout || "").slice(-400)}`);
    return "";
  };
  const last = (text) => JSON.parse(text.trim().split("\n").at(-1) || "{}");
  const bench = (...words) => run("cargo", ["bench", "--quiet", "--bench", "svg", "--", ...words]);
  const own = last(bench());
  if (!own.mxray) return console.log(`no numbers${bar("verdicts on logos a second: no numbers", false)}`);
  const say = (who, rate, right) => console.log(`${who}: ${rate.toLocaleString("en")} a second, ${right} of ${own.files} as the official schema`);
  say("mxray, every fault with its place and fix", own.mxray, own.mxray_right);
  const python = join(root, ".tools/checkdmarc/bin/python");
  if (!existsSync(python)) return console.log("libxml2: skipped, it could not be installed");
  const folder = mkdtempSync(join(tmpdir(), "mxray-svg-"));
  const seed = Number(process.env.MXRAY_SEED ?? Date.now() % 1_000_000_007);
  writeFileSync(join(folder, "schema.rng"), bench("schema"));
  writeFileSync(join(folder, "changes.jsonl"), bench("mutations", String(CHANGES), String(seed)));
  const other = last(run(python, [join(root, "benches/libxml2-rate.py"), corpus, join(folder, "schema.rng"), join(folder, "changes.jsonl")]));
  rmSync(folder, { recursive: true });
  if (!other.libxml2) return;
  say(`libxml2 ${other.version}, parse and RelaxNG (written from mxray's tables; no package ships the official schema)`, other.libxml2, other.libxml2_right);
  console.log(`libxml2, parse alone: ${other.libxml2_parse.toLocaleString("en")} a second`);
  const times = own.mxray / other.libxml2;
  console.log(`  mxray is ${times.toFixed(2)} × libxml2, bar ${BAR}${bar(`logos: ${times.toFixed(2)} × libxml2`, times >= BAR)}`);
  console.log(`random changes (seed ${seed}): ${other.compared} judged by both, ${other.apart} apart${bar(`logos: ${other.apart} verdicts apart from libxml2`, other.apart === 0)}`);
  for (const one of other.first_apart) console.log(`  ${JSON.stringify(one).slice(0, 600)}`);
}
