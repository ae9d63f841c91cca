// Many domains on the command line: lists against the test world, lines of evidence, and the scripts of docs/scale.
import assert from "node:assert/strict";
import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { binary, buildCli, evidenceFiles, mxray } from "./lib/cli.mjs";
import { Outside } from "./lib/front.mjs";
import { Runner } from "./lib/runner.mjs";
import { World } from "./lib/world.mjs";

buildCli();
const root = fileURLToPath(new URL("../../", import.meta.url));
const scale = (name) => join(root, "docs/scale", name);
const folder = mkdtempSync(join(tmpdir(), "mxray-lists-"));
const runner = new Runner(process.argv[2]);
const world = await World.start();
const outside = await Outside.start(world);
const anchor = join(folder, "anchor.key");
writeFileSync(anchor, outside.anchor);

const file = (name, text) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
/** The command in the world, without holding up the world's servers. */
const inWorld = (words, { input = "", resolver = true } = {}) =>
  new Promise((resolve) => {
    const options = resolver ? ["--resolver", outside.resolverUrl(), "--anchor", anchor] : [];
    const child = execFile(binary, ["check", ...words, ...options], { maxBuffer: 256 << 20 }, (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr }));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
const lines = (stdout) => stdout.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
/** What a report says, without what differs from run to run: times, TTLs and the order of records. */
const says = ({ domain, profile, score, technologies, findings }) => ({
  domain, profile, score, technologies: technologies.map(({ id, status, next_step }) => [id, status, next_step]),
  findings: findings.map(({ id, outcome, title }) => [id, outcome, title]),
});
const refused = (words, ...command) =>
  runner.run(`2: ${words}`, () => {
    const { status, stdout, stderr } = mxray("check", ...command);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /^mxray: [^\n]+\n$/);
    assert.equal(stdout, "");
  });

await runner.run("a list: each domain once, the same report as alone, and a line that fails costs itself", async () => {
  const list = file("list.txt", "# ours\nperfect.test\n\nhttps://bare.test/shop\nno domain\nPerfect.Test.\n192.0.2.1\nbücher.test\n");
  outside.reset();
  const { status, stdout, stderr } = await inWorld(["--list", list, "--jobs", "3"]);
  assert.equal(status, 1, stderr);
  const found = lines(stdout);
  const failed = found.filter(({ error }) => error);
  assert.deepEqual(failed.map(({ input, line }) => [input, line]).sort(), [["192.0.2.1", 7], ["no domain", 5]]);
  const reports = found.filter(({ format }) => format === "mxray-report/1");
  assert.deepEqual(reports.map(({ domain }) => domain).sort(), ["bare.test", "perfect.test", "xn--bcher-kva.test"]);
  assert.match(stderr, /^mxray: 3 domains, 2 lines failed, 1 line there twice, left out\n$/);
  for (const report of reports) {
    // On a machine so busy that the world's server answers too late, some look-up fails: then that is no comparison.
    const late = (text) => /could not be looked up|timed out|no answer within/i.test(text);
    let [listed, alone] = [JSON.stringify(report), ""];
    for (let tries = 0; tries < 4; tries += 1) {
      alone = (await inWorld([report.domain, "--format", "json"])).stdout;
      if (late(listed)) listed = (await inWorld(["--list", "-"], { input: report.domain })).stdout;
      if (!late(listed) && !late(alone)) break;
    }
    assert.deepEqual(says(JSON.parse(listed)), says(JSON.parse(alone)), report.domain);
  }
});
await runner.run("--brief is the report in short", async () => {
  const { status, stdout } = await inWorld(["--list", "-", "--brief", "--in-order"], { input: "perfect.test\nparked.test\nbare.test\n" });
  assert.equal(status, 0);
  const [perfect, parked, bare] = lines(stdout);
  assert.deepEqual([perfect.format, perfect.domain, perfect.points, perfect.technologies.spf, perfect.to_fix], ["mxray-summary/1", "perfect.test", 100, "pass", 0]);
  assert.deepEqual([parked.profile, parked.points, parked.technologies.dane], ["parked", 100, "not-applicable"]);
  assert.deepEqual([bare.grade, bare.technologies.mx, bare.technologies.spf], ["F", "pass", "absent"]);
});
await runner.run("--in-order keeps the order, else what is ready first comes first", async () => {
  outside.reset();
  outside.switches.set("own", { delay: ({ query }) => (query?.question.name.endsWith("perfect.test") ? 150 : 0) });
  const input = "perfect.test\nbare.test\nparked.test\nno domain\n";
  const names = async (...more) => lines((await inWorld(["--list", "-", "--brief", "--jobs", "2", ...more], { input })).stdout).map(({ domain, input: given }) => domain ?? given);
  assert.deepEqual(await names("--in-order"), ["perfect.test", "bare.test", "parked.test", "no domain"]);
  const free = await names();
  assert.equal(free.at(-1), "perfect.test");
  outside.reset();
});
await runner.run("a line is there as soon as its domain is done", async () => {
  outside.reset();
  outside.switches.set("own", { delay: ({ query }) => (query?.question.name.endsWith("perfect.test") ? 400 : 0) });
  const child = spawn(binary, ["check", "--list", "-", "--brief", "--resolver", outside.resolverUrl(), "--anchor", anchor]);
  child.stdin.end("perfect.test\nbare.test\n");
  const times = [];
  child.stdout.on("data", () => times.push(Date.now()));
  await new Promise((resolve) => child.on("close", resolve));
  assert.ok(times.length >= 2 && times.at(-1) - times[0] > 300, JSON.stringify(times.map((time) => time - times[0])));
  outside.reset();
});
await runner.run("a resolver is asked at no more than the pace, by all checks together", async () => {
  outside.reset();
  outside.switches.set("own", { delay: 20 });
  const input = Array.from({ length: 8 }, (_, n) => `d${n}.many.test\n`).join("");
  const { status, stderr } = await inWorld(["--list", "-", "--brief", "--jobs", "8", "--rate", "200"], { input });
  assert.equal(status, 0, stderr);
  const asked = outside.log.filter(({ kind }) => kind === "dns");
  assert.ok(asked.length > 400, `${asked.length} questions`);
  for (const { at } of asked) {
    const within = asked.filter((other) => other.at >= at && other.at < at + 1000).length;
    assert.ok(within <= 260, `${within} questions within a second`);
    const open = asked.filter((other) => other.at <= at && (other.done ?? Infinity) > at).length;
    assert.ok(open <= 64 + 8, `${open} questions under way`);
  }
  outside.reset();
});
await runner.run("CSV with a column, a pasted table, a zone file", async () => {
  const domains = async (input, ...more) => lines((await inWorld(["--list", "-", "--offline", "--brief", "--in-order", ...more], { input, resolver: false })).stdout).map(({ domain }) => domain);
  assert.deepEqual(await domains("id,Domain,owner\n1,a.example,\"X, Inc\"\n2,b.example,Y\n"), ["a.example", "b.example"]);
  assert.deepEqual(await domains("old,new\na.example,b.example\n", "--column", "new"), ["b.example"]);
  assert.deepEqual(await domains("1\ta.example\n2\tb.example\n"), ["a.example", "b.example"]);
  assert.deepEqual(await domains("$ORIGIN acme.example.\n@ IN SOA a b 1 2 3 4 5\nshop MX 10 mx\nwww A 192.0.2.1\n"), ["acme.example", "shop.acme.example"]);
});
await runner.run("1: a domain under --fail-under", async () => {
  const { status, stdout, stderr } = await inWorld(["--list", "-", "--brief", "--fail-under", "50"], { input: "perfect.test\nbare.test\n" });
  assert.equal(status, 1);
  assert.equal(lines(stdout).length, 2);
  assert.match(stderr, /2 domains, 1 line under --fail-under/);
});
await runner.run("a resolver that is gone: unknown, never a fault, and every line comes", async () => {
  const { status, stdout } = await inWorld(["--list", "-", "--brief", "--resolver", "http://127.0.0.1:9/dns-query"], { input: "perfect.test\nbare.test\n", resolver: false });
  assert.equal(status, 0);
  for (const { points, technologies } of lines(stdout)) {
    assert.equal(points, null);
    assert.deepEqual([...new Set(Object.values(technologies))], ["unknown"]);
  }
});
await runner.run("hostile lists take the memory of a line: 200,000 lines twice, 20 MB without an end, noise", () => {
  const bounded = (command) => spawnSync("bash", ["-c", `ulimit -v 700000; ${command} | ${JSON.stringify(binary)} check --list - --offline --brief --jobs 2`], { encoding: "utf8", maxBuffer: 256 << 20 });
  const twice = bounded("yes a.example | head -200000");
  assert.equal(twice.status, 0, twice.stderr);
  assert.match(twice.stderr, /1 domain, 199999 lines there twice/);
  const long = bounded("{ head -c 20000000 /dev/zero | tr '\\0' a; echo; echo b.example; }");
  assert.equal(long.status, 1, long.stderr);
  assert.match(lines(long.stdout).find(({ error }) => error).error, /longer than 64 KB/);
  assert.ok(lines(long.stdout).some(({ domain }) => domain === "b.example"));
  const noise = bounded("head -c 100000 /dev/urandom");
  assert.equal(noise.status, 2);
  assert.match(noise.stderr, /^mxray: -: this is/);
});
await runner.run("who reads no further ends it", () => {
  const { stdout, status } = spawnSync("bash", ["-c", `set -o pipefail; seq 5000 | sed 's/.*/d&.example/' | ${JSON.stringify(binary)} check --list - --offline --brief | head -1`], { encoding: "utf8", timeout: 20_000 });
  assert.equal(lines(stdout).length, 1);
  assert.ok([0, 141].includes(status), `${status}`);
});

// Lines of evidence.
const worlds = evidenceFiles().filter((path) => path.includes("worlds"));
const evidence = worlds.map((path) => JSON.stringify(JSON.parse(readFileSync(path, "utf8"))));
await runner.run("evidence: a report a line, as from the file; a broken line costs itself", () => {
  const path = file("evidence.ndjson", [evidence[0], "{", "", evidence[1].slice(0, 300), ...evidence.slice(1), '{"format":"mxray-evidence/1"}', "\u0000"].join("\n"));
  const { status, stdout, stderr } = mxray("check", "--evidence-lines", path, "--in-order");
  assert.equal(status, 1, stderr);
  const found = lines(stdout);
  assert.deepEqual(found.filter(({ error }) => error).map(({ line }) => line), [2, 4, 5 + evidence.length - 1, 6 + evidence.length - 1]);
  const reports = found.filter(({ error }) => !error);
  worlds.forEach((world, at) => {
    const alone = mxray("check", JSON.parse(evidence[at]).domain, "--offline", "--evidence", world, "--format", "json");
    assert.deepEqual(reports[at], JSON.parse(alone.stdout), world);
  });
});
await runner.run("evidence: not one look-up", async () => {
  outside.reset();
  await inWorld(["--evidence-lines", "-", "--brief"], { input: `${evidence.join("\n")}\n` });
  assert.deepEqual(outside.log, []);
});

// The scripts of docs/scale.
const python = existsSync(join(root, ".tools/spark/bin/python")) ? join(root, ".tools/spark/bin/python") : "python3";
const has = (command, ...words) => spawnSync(command, words, { stdio: "ignore" }).status === 0;
const skip = (words) => {
  runner.skipped += 1;
  console.log(`skip  ${words}`);
};
if (!has(python, "--version")) skip("docs/scale: there is no Python 3");
else {
  const generated = join(folder, "generated.ndjson");
  writeFileSync(generated, execFileSync(python, [scale("evidence-lines.py"), "1000"], { maxBuffer: 64 << 20 }));
  await runner.run("zdns: its output becomes evidence, with its failures as failures", () => {
    const data = (name) => join(root, "tests/data/zdns", name);
    const { stdout, stderr } = spawnSync(python, [scale("zdns-to-evidence.py"), data("names.tsv"), data("output.ndjson")], { encoding: "utf8" });
    assert.match(stderr, /line 9: left out/);
    const [acme, gone] = lines(mxray("check", "--evidence-lines", file("zdns.ndjson", stdout), "--in-order").stdout);
    const status = (report) => Object.fromEntries(report.technologies.map(({ id, status: word }) => [id, word]));
    assert.deepEqual([acme.domain, status(acme).spf, status(acme).dkim, status(acme)["tls-rpt"], status(acme)["mta-sts"]], ["acme.example", "pass", "pass", "absent", "unknown"]);
    assert.equal(acme.taken_at, "2026-11-23T12:00:05Z");
    assert.equal(gone.mail_servers.status, "absent");
    const [entry] = lines(stdout)[0].dns.filter(({ name, type }) => name === "acme.example" && type === "TXT");
    assert.deepEqual(entry.answers.map(({ data: text }) => text), ['"v=spf1 mx -all"', '"say \\"hi\\" \\\\ and umlaut \\195\\188"']);
  });
  await runner.run("the generator: every state, and one broken line in 997", () => {
    const { status, stdout } = mxray("check", "--evidence-lines", generated, "--brief");
    assert.equal(status, 1);
    const found = lines(stdout);
    assert.equal(found.length, 1000);
    assert.equal(found.filter(({ error }) => error).length, 1);
    for (const [technology, states] of [["spf", ["pass", "absent", "fail", "not-applicable", "unknown"]], ["dmarc", ["pass", "warn", "fail", "not-applicable", "unknown"]]]) {
      for (const state of states) assert.ok(found.some(({ technologies }) => technologies?.[technology] === state), `${technology} ${state}`);
    }
  });
  if (!has("bash", "-c", "parallel --version 2>/dev/null | grep -q 'GNU parallel'")) skip("GNU parallel is not there");
  else {
    await runner.run("GNU parallel: the same lines as one process", () => {
      const one = lines(mxray("check", "--evidence-lines", generated, "--brief").stdout).filter(({ error }) => !error).map((line) => JSON.stringify(line)).sort();
      const { stdout } = spawnSync("bash", ["-c", `parallel --will-cite --pipepart --block 500k -a ${generated} ${JSON.stringify(binary)} check --evidence-lines - --jobs 1 --brief`], { encoding: "utf8", maxBuffer: 64 << 20 });
      assert.deepEqual(lines(stdout).filter(({ error }) => !error).map((line) => JSON.stringify(line)).sort(), one);
    });
  }
  if (!has(python, "-c", "import pyspark")) skip("Spark: pyspark is not in .tools/spark");
  else {
    await runner.run("Spark: every line comes back, judged or with its error", () => {
      const out = join(folder, "spark-out");
      const { status, stdout, stderr } = spawnSync(python, [scale("spark-job.py"), generated, out, "4"], { encoding: "utf8", env: { ...process.env, MXRAY: binary, SPARK_LOCAL_IP: "127.0.0.1", PYSPARK_PYTHON: python } });
      assert.equal(status, 0, stderr.slice(-2000));
      assert.deepEqual(JSON.parse(stdout.trim().split("\n").at(-1)), { failed: 1, judged: 999 });
    });
  }
}

await refused("a list and a domain", "--list", file("one.txt", "a.example\n"), "b.example");
await refused("--jobs without a list", "a.example", "--jobs", "2");
await refused("more jobs than may be", "--list", join(folder, "one.txt"), "--jobs", "65");
await refused("no jobs", "--list", join(folder, "one.txt"), "--jobs", "0");
await refused("a list as text", "--list", join(folder, "one.txt"), "--format", "text");
await refused("a list that is not there", "--list", join(folder, "nowhere.txt"));
await refused("an empty list", "--list", file("empty.txt", "# nothing\n"));
await refused("a spreadsheet file", "--list", file("sheet.xlsx", "PK\u0003\u0004rest"));
await refused("a column that is not there", "--list", file("columns.csv", "a,b\nx,y\n"), "--column", "domain");
await refused("two inputs", "--list", join(folder, "one.txt"), "--evidence-lines", join(folder, "one.txt"));

await outside.stop();
await world.stop();
rmSync(folder, { recursive: true });
process.exit(runner.close());
