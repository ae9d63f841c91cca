// How many public icons, as their packages ship them, a repair makes valid SVG Tiny PS, and how many of those look the same.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The folder of icons of each package. */
const FOLDERS = { "simple-icons": "icons", "super-tiny-icons": "images/svg", devicon: "icons", "flag-icons": "flags" };
/** Every so many files are taken, by path. */
const EVERY = Number(process.env.MXRAY_ICONS_EVERY ?? 10);
/** Shares that are to be reached, and the mean absolute difference at 128 pixels up to which two pictures look the same. */
const VALID = 0.95, ALIKE = 0.98, SAME = 0.01;

const percent = (part, whole) => `${((100 * part) / Math.max(whole, 1)).toFixed(1)} %`;

export function logoRepair({ root, bar }) {
  console.log(`\n--- Repair of public icons, every ${EVERY}th file of each package by path: valid SVG Tiny PS, and looking the same`);
  const all = [];
  for (const [name, folder] of Object.entries(FOLDERS)) {
    const from = join(root, "benches/node_modules", name, folder);
    if (!existsSync(from)) return console.log(`skipped: ${name} is not installed (npm ci in benches)${bar(`repair: ${name} is not installed`, false)}`);
    const files = readdirSync(from, { recursive: true }).filter((path) => path.endsWith(".svg")).sort();
    all.push(...files.filter((_, at) => at % EVERY === 0).map((path) => ({ name, path: join(from, path) })));
  }
  const { status, stdout, stderr } = spawnSync("cargo", ["bench", "--quiet", "--bench", "logo_repair"], { cwd: root, encoding: "utf8", input: all.map(({ path }) => path + "\n").join(""), maxBuffer: 1 << 28 });
  const lines = (stdout ?? "").split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  if (status !== 0 || lines.length !== all.length) return console.log(`no numbers: ${(stderr || "").slice(-400)}${bar("repair: no numbers", false)}`);
  const results = lines.map((line, at) => ({ ...line, name: all[at].name }));
  for (const name of [...Object.keys(FOLDERS), "all"]) tell(name, results.filter((one) => name === "all" || one.name === name), bar);
  reasons(results, root);
}

/** One line of figures. */
function tell(name, results, bar) {
  const valid = results.filter((one) => one.schema_valid);
  const same = valid.filter((one) => one.difference <= SAME);
  const conforming = results.filter((one) => one.conforms).length;
  const times = results.map((one) => one.milliseconds).sort((a, b) => a - b);
  const mended = results.filter((one) => one.way === "mended").length;
  const ok = valid.length >= VALID * results.length && same.length >= ALIKE * valid.length;
  console.log(`${name}: ${results.length} files, ${valid.length} valid (${percent(valid.length, results.length)}), ${same.length} of those look the same (${percent(same.length, valid.length)}), ${conforming} conform; ${mended} mended, ${valid.length - mended} redrawn; median ${times[times.length >> 1].toFixed(1)} ms, longest ${times.at(-1).toFixed(0)} ms${bar(`repair of ${name}`, ok)}`);
}

/** What is wrong with the rest, and what was lost, with how many files. */
function reasons(results, root) {
  const counts = new Map();
  const note = (why, path) => counts.set(why, [...(counts.get(why) ?? []), path.slice(join(root, "benches/node_modules").length + 1)]);
  for (const one of results) {
    if (one.error) note(one.error, one.file);
    for (const rule of new Set(one.faults ?? [])) note(`still told: ${rule}`, one.file);
    if (one.difference > SAME) note(`looks different: ${one.lost.join("; ") || "no loss told"}`, one.file);
    else for (const loss of one.lost ?? []) note(`lost, and looks the same: ${loss}`, one.file);
  }
  for (const [why, files] of [...counts].sort((a, b) => b[1].length - a[1].length)) console.log(`  ${files.length} × ${why}\n      ${files.slice(0, 3).join(", ")}${files.length > 3 ? ", …" : ""}`);
}
