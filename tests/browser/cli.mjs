// The command line as scripts use it: exit codes, one line on stderr, formats, saved evidence.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildCli, evidenceFiles, mxray } from "./lib/cli.mjs";
import { Runner } from "./lib/runner.mjs";

buildCli();
const folder = mkdtempSync(join(tmpdir(), "mxray-cli-"));
const world = (name) => evidenceFiles().find((file) => file.endsWith(join("worlds", `${name}.json`)));
const domainOf = (name) => JSON.parse(readFileSync(world(name), "utf8")).domain;
const check = (name, ...more) => mxray("check", domainOf(name), "--offline", "--evidence", world(name), ...more);
const points = JSON.parse(check("weak", "--format", "json").stdout).score.points;
const data = fileURLToPath(new URL("../data", import.meta.url));
const runner = new Runner();

/** Refused: 2, exactly one line on stderr, nothing on stdout. */
function refused(words, ...command) {
  return runner.run(`2: ${words}`, () => {
    const { status, stdout, stderr } = mxray(...command);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /^mxray: [^\n]+\n$/);
    assert.equal(stdout, "");
  });
}

const broken = join(folder, "broken.json");
writeFileSync(broken, '{\n  "format": "mxray-evidence/1",\n  "dns": [ {"name": } ]\n}\n');
const noise = join(folder, "noise.bin");
writeFileSync(noise, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 0, 254]));

await runner.run("the weak domain has a score", () => assert.ok(points > 0 && points < 100, `${points} points`));
await runner.run("0: done, whatever the verdict", () => assert.equal(check("weak").status, 0));
await runner.run("0: exactly as many points as asked for", () => assert.equal(check("weak", "--fail-under", String(points)).status, 0));
await runner.run("1: fewer points than asked for, with the report all the same", () => {
  const { status, stdout, stderr } = check("weak", "--fail-under", String(points + 1), "--format", "json");
  assert.equal(status, 1);
  assert.equal(stderr, "");
  assert.equal(JSON.parse(stdout).score.points, points);
});
await runner.run("1: no score where one was asked for", () => {
  assert.equal(mxray("check", "weak.example", "--offline", "--fail-under", "0").status, 1);
});
// OpenSSL makes keys and certificates anew, and computes what the records must hold.
for (const [kind, ...options] of [["RSA", "rsa:2048"], ["P-256", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], ["P-384", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"], ["Ed25519", "ed25519"]]) {
  await runner.run(`tlsa: the digest of a new ${kind} key is OpenSSL's`, () => {
    const pem = join(folder, `${kind}.pem`);
    const openssl = (input, ...words) => execFileSync("openssl", words, { input, stdio: ["pipe", "pipe", "ignore"] });
    openssl("", "req", "-x509", "-newkey", ...options, "-nodes", "-keyout", join(folder, "key"), "-out", pem, "-subj", "/CN=mx.example", "-addext", "subjectAltName=DNS:mx.example");
    const key = openssl("", "x509", "-in", pem, "-pubkey", "-noout");
    const digest = openssl(openssl(key, "pkey", "-pubin", "-outform", "DER"), "dgst", "-sha256", "-r").toString().slice(0, 64);
    const { status, stdout } = mxray("tlsa", pem, "--format", "json");
    assert.equal(status, 0);
    assert.deepEqual(JSON.parse(stdout).records, [{ host: "mx.example", type: "TLSA", value: `3 1 1 ${digest}`, certificate: "CN=mx.example" }]);
    assert.ok(mxray("tlsa", pem, "--host", "mx2.example").stdout.includes(`_25._tcp.mx2.example. IN TLSA 3 1 1 ${digest}\n`));
  });
}
// A logo in every state: what conforms, what the schema refuses, what only mxray finds, packed, and from standard input.
const good = '<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64">\n<title>Acme</title><rect width="64" height="64" fill="#0a0"/>\n</svg>\n';
const logo = (name, body) => {
  writeFileSync(join(folder, name), body);
  return join(folder, name);
};
const logos = {
  good: logo("good.svg", good),
  packed: logo("good.svgz", gzipSync(good)),
  styled: logo("styled.svg", good.replace("<rect", '<rect style="fill:red"')),
  outside: logo("outside.svg", good.replace("#0a0", "url(https://cdn.example/g.svg#g)")),
  wide: logo("wide.svg", good.replace("0 0 64 64", "0 0 128 64")),
  cut: logo("cut.svg", good.slice(0, 150)),
};
for (const [name, status, schema_valid, conforms, rules] of [
  ["good", 0, true, true, []],
  ["packed", 0, true, true, []],
  ["styled", 1, false, false, ["attribute-not-allowed"]],
  ["outside", 1, true, false, ["external-reference"]],
  ["wide", 0, true, true, ["not-square"]],
  ["cut", 1, false, false, ["not-well-formed"]],
]) {
  await runner.run(`logo: ${name} is ${status}, with the fixed fields on one line`, () => {
    const { status: exit, stdout, stderr } = mxray("logo", logos[name], "--format", "json");
    assert.equal(exit, status, stderr);
    assert.match(stdout, /^[^\n]+\n$/);
    const verdict = JSON.parse(stdout);
    assert.deepEqual([verdict.file, verdict.schema_valid, verdict.conforms], [logos[name], schema_valid, conforms]);
    assert.deepEqual(verdict.faults.map((fault) => fault.rule), rules);
    assert.ok(Array.isArray(verdict.seen));
    assert.deepEqual([verdict.compressed, verdict.size], [name === "packed", readFileSync(logos[name === "packed" ? "good" : name]).length]);
    for (const fault of verdict.faults) assert.ok(fault.line >= 1 && fault.column >= 1 && fault.title && fault.fix && fault.reference, JSON.stringify(fault));
  });
}
await runner.run("logo: several files are one line each, and one that does not conform is 1", () => {
  const { status, stdout } = mxray("logo", logos.good, logos.styled, logos.wide, "--format", "json");
  assert.equal(status, 1);
  assert.deepEqual(stdout.trim().split("\n").map((line) => JSON.parse(line).conforms), [true, false, true]);
});
await runner.run("logo: text names file, line, column and rule", () => {
  const { stdout } = mxray("logo", logos.styled);
  assert.ok(stdout.startsWith(`${logos.styled}:2:26: error attribute-not-allowed – \`style\` is not allowed on \`rect\`\n`), stdout);
  assert.match(stdout, /does not conform to SVG Tiny PS; the schema refuses it; 1 error, no warnings/);
});
await runner.run("logo: noise is read and does not conform", () => {
  const { status, stdout } = mxray("logo", noise, "--format", "json");
  assert.equal(status, 1);
  assert.equal(JSON.parse(stdout).faults[0].rule, "not-utf-8");
});
await refused("no logo", "logo");
await refused("a logo that is not there", "logo", logos.good, join(folder, "nowhere.svg"));
await refused("a format of logos that is none", "logo", logos.good, "--format", "markdown");
await refused("an option of logos that is none", "logo", logos.good, "--repair");
// TLS-RPT reports: as they come, packed, in mail, in folders, twice, broken.
const reports = join(folder, "reports");
mkdirSync(join(reports, "more"), { recursive: true });
const plainReport = readFileSync(join(data, "tls-reports/plain.json"), "utf8");
const reportOf = (id) => plainReport.replace('"r1"', `"${id}"`);
writeFileSync(join(reports, "a.json"), plainReport);
writeFileSync(join(reports, "b.json.gz"), gzipSync(reportOf("b")));
writeFileSync(join(reports, "c.eml"), readFileSync(join(data, "tls-reports/mail.eml")));
writeFileSync(join(reports, "more/lines.json"), ["d", "e"].map((id) => JSON.stringify(JSON.parse(reportOf(id)))).join("\n"));
writeFileSync(join(reports, "more/again.json"), plainReport);
const cut = join(folder, "cut.json");
writeFileSync(cut, plainReport.slice(0, 400));
await runner.run("tls-report 0: a folder of reports in every form, each once", () => {
  const { status, stdout, stderr } = mxray("tls-report", reports, "--format", "json");
  assert.equal(status, 0, stderr);
  assert.equal(stdout.trim().split("\n").length, 1);
  const { reports: count, duplicates, successful_sessions, failed_sessions, failures, unreadable } = JSON.parse(stdout);
  assert.deepEqual({ count, duplicates, successful_sessions, failed_sessions, unreadable }, { count: 5, duplicates: 1, successful_sessions: 50, failed_sessions: 15, unreadable: [] });
  assert.deepEqual(failures.map(({ result_type, sessions }) => ({ result_type, sessions })), [{ result_type: "certificate-expired", sessions: 15 }]);
});
await runner.run("tls-report 1: what cannot be read is listed with place and reason", () => {
  const { status, stdout, stderr } = mxray("tls-report", "--format", "json", cut, join(reports, "a.json"), join(folder, "nowhere.json"));
  assert.equal(status, 1);
  assert.equal(stderr, "");
  const { reports: count, unreadable } = JSON.parse(stdout);
  assert.equal(count, 1);
  assert.deepEqual(unreadable.map(({ file }) => file), [cut, join(folder, "nowhere.json")]);
  assert.match(unreadable[0].why, /cut off/);
  assert.ok(unreadable[0].line > 1 && unreadable[0].column > 0);
});
await runner.run("tls-report 2: none can be read, and JSON says so too", () => {
  const { status, stdout, stderr } = mxray("tls-report", cut, "--format", "json");
  assert.equal(status, 2);
  assert.match(stderr, /^mxray: [^\n]*cut\.json, line \d+, column \d+: [^\n]+\n$/);
  assert.equal(JSON.parse(stdout).unreadable.length, 1);
});
await runner.run("tls-report: the text says what, why and how to mend", () => {
  const { status, stdout } = mxray("tls-report", reports);
  assert.equal(status, 0);
  assert.match(stdout, /5 reports from 1 sender.*1 duplicate left out\n50 sessions succeeded, 15 failed: 76\.92 %/);
  for (const word of ["What:", "Why:", "Mend:", "mx1.acme.example (15)"]) assert.ok(stdout.includes(word), word);
});
await refused("no report", "tls-report");
await refused("a report that is cut off", "tls-report", cut);
await refused("noise and nothing else", "tls-report", noise, join(folder, "nowhere.json"));
await refused("an unknown format of reports", "tls-report", cut, "--format", "xml");
await refused("no certificate", "tlsa");
await refused("a certificate that is none", "tlsa", noise);
await refused("a file without certificates", "tlsa", broken);
await refused("a trust anchor that is none", "check", "weak.example", "--offline", "--anchor", broken);
await refused("no command");
await refused("an unknown command", "look", "weak.example");
await refused("no domain", "check");
await refused("no domain name", "check", "not a domain", "--offline");
await refused("an unknown option", "check", "weak.example", "--offlin");
await refused("an unknown format", "check", "weak.example", "--offline", "--format", "xml");
await refused("more than all points", "check", "weak.example", "--offline", "--fail-under", "101");
await refused("a time that is none", "check", "weak.example", "--offline", "--at", "yesterday");
await refused("a file that is not there", "check", "weak.example", "--offline", "--evidence", join(folder, "nowhere.json"));
await refused("a broken file", "check", "weak.example", "--offline", "--evidence", broken);
await refused("a file of noise", "check", "weak.example", "--offline", "--evidence", noise);
await runner.run("the broken file is named with line and reason", () => {
  assert.match(mxray("check", "weak.example", "--offline", "--evidence", broken).stderr, /broken\.json.*line 3/);
});
for (const name of ["perfect", "weak", "bare", "parked", "nxdomain"]) {
  await runner.run(`saved evidence re-opens to the same report: ${name}`, () => {
    const saved = join(folder, `${name}.json`);
    const first = check(name, "--format", "json", "--save-evidence", saved);
    assert.equal(first.status, 0, first.stderr);
    assert.equal(JSON.parse(first.stdout).domain, domainOf(name));
    const again = mxray("check", domainOf(name), "--offline", "--evidence", saved, "--format", "json");
    assert.equal(again.status, 0, again.stderr);
    assert.deepEqual(JSON.parse(again.stdout), JSON.parse(first.stdout));
  });
}
for (const format of ["text", "markdown", "json", "csv"]) {
  await runner.run(`${format} names the domain and says something`, () => {
    const { status, stdout } = check("weak", "--format", format);
    assert.equal(status, 0);
    assert.ok(stdout.length > 1000 && stdout.includes("weak.example"), `${stdout.length} characters`);
  });
}
await runner.run("badge is an SVG with grade, domain and day", () => {
  const { status, stdout } = check("weak", "--format", "badge");
  assert.equal(status, 0);
  assert.match(stdout, /^<svg [^\n]+<\/svg>\n$/);
  for (const words of [`${points}/100`, "weak.example", "2026-11-"]) assert.ok(stdout.includes(words), words);
});
// Two evidence files on one domain.
const older = world("perfect");
const newer = join(folder, "newer.json");
const state = JSON.parse(readFileSync(older, "utf8"));
state.taken_at = "2026-12-24T12:00:00Z";
state.dns.find(({ name }) => name.startsWith("_dmarc.")).answers = ['"v=DMARC1; p=none"'];
writeFileSync(newer, JSON.stringify(state));
const diff = (...words) => mxray("diff", ...words);
await runner.run("diff 0: compared, whatever differs", () => {
  const { status, stdout, stderr } = diff(older, newer, "--format", "json");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^[^\n]+\n$/);
  const { format, domain, worse, technologies, records } = JSON.parse(stdout);
  assert.deepEqual([format, domain, worse], ["mxray-diff/1", "acme.example", true]);
  assert.ok(technologies.some(({ id, before, after }) => id === "dmarc" && before === "pass" && after === "warn"));
  assert.deepEqual(records.list.map(({ name, type, what }) => `${what} ${name} ${type}`), ["changed _dmarc.acme.example TXT"]);
});
await runner.run("diff: the text says what and when", () => {
  const { stdout } = diff(older, newer);
  for (const words of ["in place → needs attention", "- v=DMARC1; p=reject", "+ v=DMARC1; p=none", "2026-11-23T12:00:00Z → 2026-12-24T12:00:00Z"]) assert.ok(stdout.includes(words), words);
});
await runner.run("diff 1: worse, or any change, where that is asked for", () => {
  const codes = [[older, newer, "worse"], [newer, older, "worse"], [newer, older, "change"], [older, older, "change"]].map(([a, b, what]) => diff(a, b, "--fail-on", what).status);
  assert.deepEqual(codes, [1, 0, 1, 0]);
});
await refused("diff of one file", "diff", older);
await refused("diff of three files", "diff", older, newer, older);
await refused("diff of two domains", "diff", older, world("weak"));
await refused("diff with a file that is not there", "diff", older, join(folder, "nowhere.json"));
await refused("diff with a broken file", "diff", broken, newer);
await refused("diff in an unknown format", "diff", older, newer, "--format", "csv");
await refused("diff that fails on nothing known", "diff", older, newer, "--fail-on", "rain");
rmSync(folder, { recursive: true });
process.exit(runner.close());
