// Holds docs/report.schema.json against the report on every evidence file of the tests, and against broken reports.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { buildCli, evidenceFiles, mxray } from "./lib/cli.mjs";
import { Runner } from "./lib/runner.mjs";

buildCli();
const schema = JSON.parse(readFileSync(new URL("../../docs/report.schema.json", import.meta.url), "utf8"));
const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictTuple: false, strictRequired: false });
const valid = ajv.compile(schema);
const runner = new Runner();
const files = evidenceFiles();
let whole;

await runner.run("there are evidence files", () => assert.ok(files.length > 100, `${files.length} files`));
for (const file of files) {
  await runner.run(basename(file), () => {
    const { domain } = JSON.parse(readFileSync(file, "utf8"));
    const { status, stdout, stderr } = mxray("check", domain, "--offline", "--evidence", file, "--format", "json");
    assert.equal(status, 0, stderr);
    const lines = stdout.trimEnd().split("\n");
    assert.equal(lines.length, 1, "one report a line");
    const report = JSON.parse(lines[0]);
    assert.ok(valid(report), ajv.errorsText(valid.errors, { separator: "\n" }));
    if (basename(file) === "weak.json") whole = lines[0];
  });
}

const broken = {
  "an unknown status": (report) => (report.technologies[0].status = "good"),
  "101 points": (report) => (report.score.points = 101),
  "an unknown field": (report) => (report.more = true),
  "an unknown field within a finding": (report) => (report.findings[0].more = true),
  "technologies out of order": (report) => report.technologies.reverse(),
  "seven technologies": (report) => report.technologies.pop(),
  "no checklist": (report) => delete report.checklist,
  "another format": (report) => (report.format = "mxray-report/2"),
  "an unknown outcome": (report) => (report.findings[0].outcome = "bad"),
  "a time without a zone": (report) => (report.taken_at = "2026-11-23T12:00:00"),
};
for (const [words, damage] of Object.entries(broken)) {
  await runner.run(`refused: ${words}`, () => {
    assert.ok(whole, "there is no report to break");
    const report = JSON.parse(whole);
    damage(report);
    assert.notEqual(JSON.stringify(report), whole, "nothing was broken");
    assert.ok(!valid(report), "accepted");
  });
}
process.exit(runner.close());
