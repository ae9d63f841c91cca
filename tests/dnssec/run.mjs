// DNSSEC against another implementation: a world signed by BIND's tools, right and broken, in which `mxray dnssec` must
// come to the state that BIND's delv comes to, and where it is installed NLnet Labs' unbound. `node tests/dnssec/run.mjs [part of a name]` runs some of the cases.
import { execFile, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { askOverTcp, encodeQuery } from "../browser/lib/dns.mjs";
import { binary, buildCli, mxray } from "../browser/lib/cli.mjs";
import { freePort } from "../browser/lib/world.mjs";

const run = promisify(execFile);
process.env.PATH += ":/usr/sbin:/sbin:/opt/homebrew/sbin:/usr/local/sbin";

const RECORDS = `@ A 192.0.2.1
@ MX 10 Mail
mail A 192.0.2.2
_25._tcp.mail TLSA 3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
www A 192.0.2.3
www TXT "one" "Two"
*.wild A 192.0.2.4
x.ent A 192.0.2.5
_sip._tcp SRV 0 5 5060 Mail
`;
const P256 = "ECDSAP256SHA256";

/** The zones below `test.`: how each is signed, what is wrong with it, and what its parent says of it. */
const ZONES = {
  "": { zone: ".", records: "" },
  test: { records: "" },
  alg7: { algorithm: "NSEC3RSASHA1", nsec3: ["-3", "-"] },
  alg8: { algorithm: "RSASHA256" },
  alg10: { algorithm: "RSASHA512" },
  alg13: {},
  alg14: { algorithm: "ECDSAP384SHA384" },
  alg15: { algorithm: "ED25519" },
  csk: { single: true },
  two: { more: ["RSASHA256"] },
  nsec3: { nsec3: ["-3", "-"] },
  salted: { nsec3: ["-3", "a1b2c3d4", "-H", "5"] },
  optout: { nsec3: ["-3", "-", "-A"], records: `${RECORDS}free NS ns.test.\n` },
  // Unsigned below an Opt-Out span: its parent delegates it.
  "free.optout": { unsigned: true, elsewhere: true },
  insecure: { ds: () => "" },
  unsigned: { unsigned: true },
  stripped: { unsigned: true, ds: (zone) => `${zone}. DS 12345 13 2 ${"ab".repeat(32)}\n` },
  expired: { times: ["-s", "now-172800", "-e", "now-86400"] },
  future: { times: ["-s", "now+86400", "-e", "now+172800"] },
  mismatch: { ds: (zone, ds) => ds.replace(/([0-9A-F]{8})\s*$/m, (hex) => (hex.startsWith("0") ? `1${hex.slice(1)}` : `0${hex.slice(1)}`)) },
  wrongkey: { ds: (zone) => `${zone}. DS 4711 13 2 ${"cd".repeat(32)}\n` },
  stale: { ds: (zone, ds) => `${ds}${zone}. DS 4711 13 2 ${"cd".repeat(32)}\n` },
  sha384: { digest: "SHA-384" },
  sha1: { digest: "SHA-1" },
  oddalgorithm: { ds: (zone) => `${zone}. DS 4711 253 2 ${"cd".repeat(32)}\n` },
  odddigest: { ds: (zone, ds) => ds.replace(/ 13 2 .*/, ` 13 250 ${"cd".repeat(32)}`) },
  forged: { edit: (line) => line.replace("192.0.2.3", "192.0.2.66") },
  nosig: { edit: (line, zone) => (line.startsWith(`www.${zone}.`) && /RRSIG\s+A\s/.test(line) ? "" : line) },
  nokeysig: { edit: (line) => (/RRSIG\s+DNSKEY\s/.test(line) ? "" : line) },
  badbits: { edit: (line, zone) => (line.startsWith(`www.${zone}.`) && /RRSIG\s+A\s/.test(line) ? line.replace(/(.{10})([A-Za-z])(\S*)$/, (_, a, b, c) => `${a}${b === "Q" ? "R" : "Q"}${c}`) : line) },
  // Mail hosts here and there, and what a sender makes of each.
  mixed: {
    records: `@ MX 10 own
@ MX 20 mail.alg15.test.
@ MX 30 mail.insecure.test.
@ MX 40 www.forged.test.
@ MX 50 alias
@ MX 60 leaves
@ MX 70 shared
@ MX 80 foreign
@ MX 90 bare
own A 192.0.2.1
_25._tcp.own TLSA 3 1 1 ${"ab".repeat(32)}
alias CNAME own
leaves CNAME mail.insecure.test.
_25._tcp.leaves TLSA 3 1 1 ${"cd".repeat(32)}
shared A 192.0.2.2
_25._tcp.shared CNAME _25._tcp.mail.alg13.test.
foreign A 192.0.2.3
_25._tcp.foreign CNAME _25._tcp.mail.insecure.test.
bare A 192.0.2.4
`,
  },
  // DANE beside an enforced MTA-STS policy, which names the first two.
  beside: {
    records: `@ MX 10 one
@ MX 20 two
@ MX 30 three
one A 192.0.2.1
_25._tcp.one TLSA 3 1 1 1834f036ec1547efc17580e1cc5f282d29992b98585f7bd3edc9cb5c356c9aa4
two A 192.0.2.2
three A 192.0.2.3
_25._tcp.three TLSA 3 1 1 ${"ab".repeat(32)}
mta-sts A 192.0.2.4
_mta-sts TXT "v=STSv1; id=1"
`,
  },
  many: { nsec3: ["-3", "-", "-H", "150"] },
  ending: { times: ["-s", "now-5184000", "-e", "now+432000"] },
  alias: {
    records: `${RECORDS}here CNAME www
there CNAME www.alg15.test.
open CNAME www.insecure.test.
plain CNAME www.unsigned.test.
bad CNAME www.forged.test.
lost CNAME nope.alg13.test.
empty CNAME x.nsec3.test.
twice CNAME there
moved DNAME alg8.test.
out DNAME insecure.test.
*.some CNAME www.alg13.test.
span CNAME www.free.optout.test.
`,
  },
};

/** Where this project judges otherwise than delv, on purpose. */
const DEVIATIONS = {
  "www.alg7.test A": ["insecure", "RFC 9905: algorithm 7 is not relied on"],
  "nope.alg7.test A": ["insecure", "RFC 9905: algorithm 7 is not relied on"],
  "www.sha1.test A": ["insecure", "RFC 9905: digest type 1 is not relied on"],
  "nope.many.test A": ["insecure", "RFC 9276 §3.2: more than 100 iterations; delv stops at 150"],
  "nope.optout.test A": ["insecure", "RFC 5155 §9.2: what an Opt-Out span covers is not proved absent"],
  "free.optout.test DS": ["insecure", "RFC 5155 §9.2: what an Opt-Out span covers is not proved absent"],
};

/** Where unbound judges otherwise than this project; in an Opt-Out span it judges as this project does. */
const OF_UNBOUND = { "www.alg7.test A": "secure", "nope.alg7.test A": "secure", "www.sha1.test A": "secure", "nope.many.test A": "secure" };

const everywhere = (zone) => [[`www.${zone}`, "A"], [`nope.${zone}`, "A"], [`www.${zone}`, "MX"]];
const thorough = (zone) => [
  ...everywhere(zone), [zone, "MX"], [`_25._tcp.mail.${zone}`, "TLSA"], [`www.${zone}`, "TXT"], [`_sip._tcp.${zone}`, "SRV"],
  [`a.wild.${zone}`, "A"], [`b.a.wild.${zone}`, "A"], [`a.wild.${zone}`, "TXT"], [`ent.${zone}`, "A"], [`x.y.nope.${zone}`, "A"], [zone, "DS"],
];
const CASES = [
  [".", "SOA"], ["test", "SOA"], ["nope", "A"], ["nope.test", "A"],
  ...["alg13.test", "nsec3.test", "salted.test"].flatMap(thorough),
  ...["alg8", "alg10", "alg14", "alg15", "csk", "two", "insecure", "unsigned", "stripped", "expired", "future", "mismatch", "wrongkey", "stale"].flatMap((name) => everywhere(`${name}.test`)),
  ...["sha384", "sha1", "alg7", "oddalgorithm", "odddigest", "forged", "nosig", "nokeysig", "badbits"].map((name) => [`www.${name}.test`, "A"]),
  ["nope.alg7.test", "A"], ["mail.forged.test", "A"], ["mail.nosig.test", "A"], ["www.many.test", "A"], ["nope.many.test", "A"], ["www.ending.test", "A"],
  ["insecure.test", "DS"], ["unsigned.test", "DS"],
  ["www.optout.test", "A"], ["nope.optout.test", "A"], ["free.optout.test", "DS"], ["www.free.optout.test", "A"],
  ...["here", "there", "open", "plain", "bad", "lost", "empty", "twice", "www.moved", "nope.moved", "www.out", "any.some", "span"].map((name) => [`${name}.alias.test`, "A"]),
];
/** What a sender makes of each mail host of mixed.test, RFC 7672 §2.2. */
const TRUST = {
  "own.mixed.test": "secure", "mail.alg15.test": "secure", "mail.insecure.test": "host-insecure", "www.forged.test": "bogus",
  "alias.mixed.test": "secure", "leaves.mixed.test": "secure", "shared.mixed.test": "secure", "foreign.mixed.test": "tlsa-insecure",
  "bare.mixed.test": "secure",
};
/** The domains whose whole check is kept as the fixture of a check. */
const FIXTURES = {
  "dnssec.proven": "alg13", "dnssec.bogus": "expired", "dnssec.insecure": "many", "dnssec.ends-soon": "ending",
  "dnssec.nsec3-parameters": "salted", "dane.proven": "alg13", "dane.bogus": "expired", "dane.not-in-policy": "beside",
  "dane.partial-beside-policy": "beside", "dane.certificate-and-policy": "beside", "dane.policy-cannot-help": "expired",
};
/** What is handed over with a check that is kept: an MTA-STS policy, and for one domain the record that its zone does not have. */
const policyOf = (domain, ...hosts) => ({
  url: `https://mta-sts.${domain}/.well-known/mta-sts.txt`, status: 200, content_type: "text/plain", supplied: true, from: "mta-sts.txt",
  body: `version: STSv1\nmode: enforce\n${hosts.map((host) => `mx: ${host}.${domain}\n`).join("")}max_age: 604800\n`,
});
const beside = [policyOf("beside.test", "one", "two")];
const SUPPLIED = {
  "dane.not-in-policy": { https: beside },
  "dane.partial-beside-policy": { https: beside },
  // Its key is that of one.beside.test; its name is another.
  "dane.certificate-and-policy": { https: beside, files: JSON.parse(readFileSync(new URL("../data/checks/dane.certificate.json", import.meta.url), "utf8")).files },
  "dane.policy-cannot-help": {
    dns: [{ name: "_mta-sts.expired.test", type: "TXT", rcode: "NOERROR", answers: ['"v=STSv1; id=1"'], ttl: 300 }, { name: "mta-sts.expired.test", type: "A", rcode: "NOERROR", answers: ["192.0.2.4"], ttl: 300 }],
    https: [policyOf("expired.test", "mail")],
  },
};
/** The names that aliases of the world lead to: mxray is offline and cannot ask for them. */
const ALIASED = ["www.free.optout.test", "www.alias.test", "there.alias.test", "www.alg15.test", "www.insecure.test", "www.unsigned.test", "www.forged.test", "nope.alg13.test", "x.nsec3.test", "www.alg8.test", "nope.alg8.test", "www.alg13.test"];

/** Where `UPDATE_FIXTURES=1` keeps the world and its states, so that native tests prove them again at the same time. */
const fixtures = fileURLToPath(new URL("../data/dnssec/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mxray-dnssec-"));
let server;

async function sign(name, { zone = name === "test" ? "test" : `${name}.test`, ...how }, delegations) {
  const file = join(folder, zone === "." ? "root.zone" : `${zone}.zone`);
  const origin = zone === "." ? "." : `${zone}.`;
  writeFileSync(file, `$ORIGIN ${origin}\n$TTL 300\n@ SOA ns.test. hostmaster.test. 1 3600 600 86400 300\n@ NS ns.test.\n${how.records ?? RECORDS}${zone === "test" ? "ns A 127.0.0.1\n" : ""}\n${delegations}`);
  let ds = "";
  if (!how.unsigned) {
    const keys = join(folder, `keys-${name || "root"}`);
    mkdirSync(keys);
    for (const algorithm of [how.algorithm ?? P256, ...(how.more ?? [])]) {
      const size = algorithm.includes("RSA") ? ["-b", "2048"] : [];
      const words = ["-q", "-K", keys, "-a", algorithm, ...size, "-n", "ZONE"];
      await run("dnssec-keygen", [...words, "-f", "KSK", origin]);
      if (!how.single) await run("dnssec-keygen", [...words, origin]);
    }
    await run("dnssec-signzone", ["-q", "-P", "-S", "-K", keys, "-d", folder, "-O", "full", ...(how.single ? ["-z"] : []), ...(how.nsec3 ?? []), ...(how.times ?? []), "-o", origin, "-f", `${file}.signed`, file], { cwd: folder });
    const lines = readFileSync(`${file}.signed`, "utf8").split("\n");
    writeFileSync(file, lines.map((line) => (how.edit ? how.edit(line, zone) : line)).join("\n"));
    const ksk = readdirSync(keys).filter((key) => key.endsWith(".key") && / 257 /.test(readFileSync(join(keys, key), "utf8")));
    for (const key of ksk) ds += (await run("dnssec-dsfromkey", ["-a", how.digest ?? "SHA-256", join(keys, key)])).stdout.replaceAll(" IN ", " ");
    if (zone === ".") return readFileSync(join(keys, ksk[0]), "utf8").split("\n").find((line) => / 257 /.test(line));
  }
  if (how.elsewhere) return "";
  return `${zone}. NS ns.test.\n${how.ds ? how.ds(zone, ds) : ds}`;
}

async function startNamed(port) {
  const zones = Object.entries(ZONES).map(([name, { zone = name === "test" ? "test" : `${name}.test` }]) => `zone "${zone}" { type primary; file "${zone === "." ? "root" : zone}.zone"; };\n`);
  writeFileSync(join(folder, "named.conf"), `options { directory "${folder}"; pid-file "${folder}/pid"; session-keyfile "${folder}/key"; listen-on port ${port} { 127.0.0.1; };
listen-on-v6 { none; }; recursion no; dnssec-validation no; empty-zones-enable no; notify no; minimal-responses yes; };\ncontrols { };\n${zones.join("")}`);
  let command = "named";
  if (existsSync("/etc/apparmor.d/usr.sbin.named")) copyFileSync("/usr/sbin/named", (command = join(folder, "named")));
  let log = "";
  server = spawn(command, ["-g", "-n", "1", "-c", join(folder, "named.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  server.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await askOverTcp(port, encodeQuery("www.alias.test", "A"), 500).catch(() => undefined);
    if (answer && (answer[3] & 15) === 0) return log;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`named did not start:\n${log.split("\n").slice(-20).join("\n")}`);
}

/** delv's state: the weakest of the sets it prints. */
async function delv(port, name, type) {
  const words = ["@127.0.0.1", "-p", String(port), "-a", join(folder, "anchor.conf"), "+root=.", "+tcp", name, type];
  const { stdout, stderr } = await run("delv", words).catch((error) => error);
  const text = `${stdout}${stderr}`;
  if (/resolution failed: (?!ncache)/.test(text)) return { state: "bogus", text };
  if (/unsigned answer/.test(text)) return { state: "insecure", text };
  return { state: /fully validated/.test(text) ? "secure" : "none", text };
}

/** unbound's state, where it is installed. */
async function unbound(name, type) {
  const { stdout, stderr, code } = await run("unbound-host", ["-v", "-C", join(folder, "unbound.conf"), "-t", type, name]).catch((error) => error);
  if (code === "ENOENT") return undefined;
  const text = `${stdout}${stderr}`;
  if (/\(BOGUS/.test(text)) return { state: "bogus", text };
  // Of an alias and its target each has a state; the weakest counts.
  if (/\(insecure\)/.test(text)) return { state: "insecure", text };
  return { state: /\(secure\)/.test(text) ? "secure" : "none", text };
}

async function main() {
  buildCli();
  const names = Object.keys(ZONES).filter((name) => name && name !== "test");
  const delegations = await Promise.all(names.map((name) => sign(name, ZONES[name], "")));
  const anchor = await sign("", ZONES[""], await sign("test", ZONES.test, delegations.join("")));
  writeFileSync(join(folder, "anchor.key"), `${anchor}\n`);
  const [, flags, algorithm, key] = anchor.match(/DNSKEY\s+(\d+)\s+3\s+(\d+)\s+(.+)/);
  writeFileSync(join(folder, "anchor.conf"), `trust-anchors { . static-key ${flags} 3 ${algorithm} "${key.replace(/\s/g, "")}"; };\n`);
  const port = await freePort();
  await startNamed(port);
  writeFileSync(join(folder, "unbound.conf"), `server:
  do-not-query-localhost: no
  trust-anchor-file: "${join(folder, "anchor.key")}"
  module-config: "validator iterator"
  chroot: ""
  username: ""
  local-zone: "test." nodefault
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@${port}
`);

  const questions = new Map();
  const ask = (name, type) => questions.set(`${name} ${type}`, [name, type]);
  for (const [name, type] of [...CASES, ...ALIASED.map((name) => [name, "A"])]) {
    ask(name, type);
    const labels = name === "." ? [] : name.split(".");
    for (let at = 0; at <= labels.length; at += 1) {
      const zone = labels.slice(at).join(".") || ".";
      ask(zone, "DS");
      ask(zone, "DNSKEY");
    }
  }
  const dns = [];
  for (const [name, type] of questions.values()) dns.push({ wire: (await askOverTcp(port, encodeQuery(name, type))).toString("base64") });
  const evidence = join(folder, "evidence.json");
  writeFileSync(evidence, JSON.stringify({ format: "mxray-evidence/1", dns }));

  let [passed, failed] = [0, 0];
  const at = new Date().toISOString().replace(/\.\d+/, "");
  const kept = [];
  const part = process.argv[2] ?? "";
  for (const [name, type] of CASES.filter((words) => words.join(" ").includes(part))) {
    const oracle = await delv(port, name, type);
    const ours = mxray("dnssec", name, type, "--offline", "--evidence", evidence, "--anchor", join(folder, "anchor.key"), "--at", at, "--format", "json");
    const proof = ours.stdout ? JSON.parse(ours.stdout) : {};
    const [expected, why] = DEVIATIONS[`${name} ${type}`] ?? [oracle.state];
    const second = await unbound(name, type);
    const agreed = second === undefined || second.state === (OF_UNBOUND[`${name} ${type}`] ?? expected);
    if (!agreed) console.log(`      unbound: ${second.state}\n${second.text}`);
    const good = agreed && proof.state === expected && ours.status === (expected === "bogus" ? 1 : 0);
    kept.push({ name, type, state: expected });
    if (good) passed += 1;
    else failed += 1;
    console.log(`${good ? "ok   " : "FAIL "} ${name} ${type}: ${proof.state} (${proof.reason?.kind}), delv ${oracle.state}, unbound ${second?.state ?? "not installed"}${why ? `; ${why}` : ""}`);
    if (!good) console.log(`${ours.stderr}${JSON.stringify(proof.reason)}\n${oracle.text}`);
  }
  // Over the network, from nothing: what is missing is asked for, aliases included.
  const front = createServer((request, response) => {
    const parts = [];
    request.on("data", (bytes) => parts.push(bytes)).on("end", () => {
      const asked = new URL(request.url, "http://localhost").searchParams.get("dns");
      askOverTcp(port, asked ? Buffer.from(asked, "base64url") : Buffer.concat(parts))
        .then((answer) => response.writeHead(200, { "content-type": "application/dns-message" }).end(answer))
        .catch(() => response.writeHead(502).end());
    });
  });
  await new Promise((resolve) => front.listen(0, "127.0.0.1", resolve));
  const resolver = `http://127.0.0.1:${front.address().port}/dns-query`;
  for (const [name, type, state] of [["www.alg13.test", "A", "secure"], ["there.alias.test", "A", "secure"], ["nope.nsec3.test", "A", "secure"], ["bad.alias.test", "A", "bogus"], ["www.insecure.test", "A", "insecure"]].filter((words) => words.join(" ").includes(part))) {
    const words = ["dnssec", name, type, "--resolver", resolver, "--anchor", join(folder, "anchor.key"), "--format", "json"];
    const { stdout, stderr } = await run(binary, words).catch((error) => error);
    const proof = stdout ? JSON.parse(stdout) : {};
    const good = proof.state === state;
    if (good) passed += 1;
    else failed += 1;
    console.log(`${good ? "ok   " : "FAIL "} over DNS over HTTPS: ${name} ${type}: ${proof.state}${good ? "" : `\n${stderr}${JSON.stringify(proof)}`}`);
  }
  for (const [id, name] of Object.entries(FIXTURES).filter((words) => words.join(" ").includes(part))) {
    const saved = join(folder, `${id}.json`);
    const supplied = join(folder, `${id}.supplied.json`);
    writeFileSync(supplied, JSON.stringify({ format: "mxray-evidence/1", ...SUPPLIED[id] }));
    const words = ["check", `${name}.test`, "--evidence", supplied, "--resolver", resolver, "--anchor", join(folder, "anchor.key"), "--save-evidence", saved, "--format", "json"];
    const { stdout, stderr } = await run(binary, words, { maxBuffer: 1 << 26 }).catch((error) => error);
    const good = stdout && JSON.parse(stdout).findings.some((finding) => finding.id === id);
    if (good) passed += 1;
    else failed += 1;
    console.log(`${good ? "ok   " : "FAIL "} mxray check ${name}.test: ${id}${good ? "" : `\n${stderr}${stdout}`}`);
  }
  if ("mixed".includes(part)) {
    const words = ["check", "mixed.test", "--resolver", resolver, "--anchor", join(folder, "anchor.key"), "--format", "json"];
    const { stdout, stderr } = await run(binary, words, { maxBuffer: 1 << 26 }).catch((error) => error);
    const { detail } = (stdout ? JSON.parse(stdout) : { technologies: [] }).technologies.find(({ id }) => id === "dane") ?? {};
    for (const [host, trust] of Object.entries(TRUST)) {
      const found = detail?.hosts.find((other) => other.host === host);
      const good = found?.trust === trust;
      if (good) passed += 1;
      else failed += 1;
      console.log(`${good ? "ok   " : "FAIL "} DANE of ${host}: ${found?.trust} (${found?.reason ?? ""}) at ${found?.owner}, ${found?.records.length} records${good ? "" : `, not ${trust}; ${stderr}`}`);
    }
  }
  front.close();
  front.closeAllConnections();
  if (process.env.UPDATE_FIXTURES && !failed && !part) {
    writeFileSync(join(fixtures, "world.json"), `${JSON.stringify({ format: "mxray-evidence/1", dns }).replaceAll('{"wire', '\n{"wire')}\n`);
    writeFileSync(join(fixtures, "anchor.key"), `${anchor}\n`);
    for (const id of Object.keys(FIXTURES)) {
      const kept = JSON.parse(readFileSync(join(folder, `${id}.json`), "utf8"));
      kept.dns = kept.dns.filter((entry) => !/_domainkey/.test(entry.name ?? ""));
      writeFileSync(join(fixtures, "../checks", `${id}.json`), `${JSON.stringify(kept).replaceAll('{"name', '\n{"name')}\n`);
    }
    writeFileSync(join(fixtures, "cases.json"), `${JSON.stringify({ at, cases: kept }).replaceAll('{"name', '\n{"name')}\n`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed || !passed ? 1 : 0;
}

try {
  await main();
} finally {
  server?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
