// The world of the journeys: BIND on high ports of 127.0.0.1, serving the zones in world/, signed from their own root
// down, and resolving them as a public resolver does. Nothing outside exists.
import { execFile, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { askOverTcp, encodeQuery } from "./dns.mjs";
import { ZONE, policyZone } from "./policy_hosts.mjs";

const run = promisify(execFile);
const zonesFolder = fileURLToPath(new URL("../world/", import.meta.url));
process.env.PATH += ":/usr/sbin:/sbin:/opt/homebrew/sbin:/usr/local/sbin";

/** Stands at the head of every zone. */
const HEAD = `$TTL 300
@ SOA ns1.test. hostmaster.test. 2026112301 3600 600 86400 300
@ NS ns1.test.
@ NS ns2.test.
`;

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The zone that a zone is delegated from. */
function parentOf(zone, zones) {
  if (zone === ".") return undefined;
  const labels = zone.split(".");
  for (let skip = 1; skip < labels.length; skip += 1) {
    const candidate = labels.slice(skip).join(".");
    if (zones.has(candidate)) return candidate;
  }
  return ".";
}

export class World {
  /** Signs the zones and starts the name server. A zone file that starts with `; unsigned` stays unsigned, without a DS. */
  static async start() {
    const world = new World();
    world.servers = [];
    world.kill = () => world.servers.forEach((server) => server.kill("SIGKILL"));
    process.on("exit", world.kill);
    world.folder = mkdtempSync(join(tmpdir(), "mxray-world-"));
    try {
      world.zones = readZones();
      await world.sign();
      await world.startServers();
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  async sign() {
    mkdirSync(join(this.folder, "keys"));
    // Children first: their DS sets go into the parents.
    const depth = (zone) => (zone === "." ? 0 : zone.split(".").length);
    const order = [...this.zones.keys()].sort((a, b) => depth(b) - depth(a));
    for (const zones of groupBy(order, depth).values()) {
      await Promise.all(zones.map((zone) => this.signZone(zone)));
    }
  }

  async signZone(zone) {
    const { text, signed } = this.zones.get(zone);
    const children = [...this.zones.keys()].filter((child) => parentOf(child, this.zones) === zone);
    const delegations = children.map((child) => {
      const ds = this.zones.get(child).ds ?? "";
      return `${child}. NS ns1.test.\n${child}. NS ns2.test.\n${ds}`;
    });
    const file = join(this.folder, this.fileOf(zone));
    writeFileSync(file, `$ORIGIN ${zone === "." ? "." : `${zone}.`}\n${HEAD}${text}\n$ORIGIN .\n${delegations.join("")}`);
    if (!signed) return;
    const options = { cwd: this.folder };
    const keys = ["-q", "-K", "keys", "-a", "ECDSAP256SHA256", "-n", "ZONE"];
    await run("dnssec-keygen", [...keys, zone], options);
    await run("dnssec-keygen", [...keys, "-f", "KSK", zone], options);
    await run("dnssec-signzone", ["-q", "-S", "-K", "keys", "-d", this.folder, "-o", zone, "-f", `${file}.signed`, file], options);
    this.zones.get(zone).ds = readFileSync(join(this.folder, `dsset-${zone === "." ? "." : `${zone}.`}`), "utf8");
  }

  fileOf(zone) {
    return zone === "." ? "root.zone" : `${zone}.zone`;
  }

  /** Two servers: one with authority over the zones, and a validating resolver before it, as users have. */
  async startServers() {
    this.authority = await freePort();
    const zones = [...this.zones].map(
      ([zone, { signed }]) => `zone "${zone}" { type primary; file "${this.fileOf(zone)}${signed ? ".signed" : ""}"; };\n`,
    );
    await this.startNamed("authority", this.authority, `recursion no; dnssec-validation no; empty-zones-enable no; notify no;
  minimal-responses yes; check-names primary ignore;`, zones.join(""));
    this.port = await freePort();
    await this.startNamed("resolver", this.port, `recursion yes; dnssec-validation yes; empty-zones-enable no; qname-minimization off;
  forward only; forwarders { 127.0.0.1 port ${this.authority}; }; max-cache-size 64M;`, await this.anchor());
  }

  async startNamed(name, port, options, rest) {
    const conf = join(this.folder, `${name}.conf`);
    writeFileSync(conf, `options {
  directory "${this.folder}"; pid-file "${this.folder}/${name}.pid"; session-keyfile "${this.folder}/${name}.key";
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  max-udp-size 1232; tcp-clients 1000; tcp-listen-queue 100;
  ${options}
};
controls { };
${rest}`);
    // Where AppArmor confines named by its path, a copy may read the zones of the test.
    let command = "named";
    if (existsSync("/etc/apparmor.d/usr.sbin.named")) {
      command = join(this.folder, "named");
      if (!existsSync(command)) copyFileSync("/usr/sbin/named", command);
    }
    let log = "";
    let ended;
    const server = spawn(command, ["-g", "-n", "1", "-c", conf], { stdio: ["ignore", "ignore", "pipe"] });
    server.stderr.setEncoding("utf8").on("data", (text) => (log += text));
    server.on("error", (error) => (ended = error.message));
    server.on("exit", (code) => (ended ??= `it ended with ${code}`));
    this.servers.push(server);
    for (let tries = 0; tries < 100 && !ended; tries += 1) {
      const answer = await askOverTcp(port, encodeQuery(".", "SOA"), 500).catch(() => undefined);
      if (answer && (answer[3] & 15) === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`named (${name}) did not start (${ended ?? "no answer within 10 s"}):\n${log.split("\n").slice(-15).join("\n")}`);
  }

  /** The root's key as a trust anchor: as delv's configuration has it, or as a record. */
  async anchor(asRecord = false) {
    const keys = readdirSync(join(this.folder, "keys")).filter((name) => /^K\.\+.*\.key$/.test(name));
    for (const name of keys) {
      const record = readFileSync(join(this.folder, "keys", name), "utf8").match(/DNSKEY\s+257\s+3\s+(\d+)\s+([^\n]+)/);
      const key = record?.[2].replace(/\s/g, "");
      if (record) return asRecord ? `. IN DNSKEY 257 3 ${record[1]} ${key}` : `trust-anchors { . static-key 257 3 ${record[1]} "${key}"; };\n`;
    }
    throw new Error("the root has no KSK");
  }

  async stop() {
    process.off("exit", this.kill);
    await Promise.all(this.servers.map(stopped));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Ends a server and waits until it is gone. */
async function stopped(server) {
  if (server.exitCode !== null || server.signalCode !== null || !server.pid) return;
  const gone = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  const timer = setTimeout(() => server.kill("SIGKILL"), 3000);
  await gone;
  clearTimeout(timer);
}

function readZones() {
  const zones = new Map();
  for (const name of readdirSync(zonesFolder).filter((file) => file.endsWith(".zone")).sort()) {
    const text = readFileSync(join(zonesFolder, name), "utf8");
    const zone = name === "root.zone" ? "." : name.replace(/\.zone$/, "");
    zones.set(zone, { text, signed: !text.startsWith("; unsigned") });
  }
  zones.set(ZONE, { text: policyZone(), signed: false });
  zones.set("many.test", { text: manyZone(), signed: false });
  zones.set("hostile.test", { text: hostileZone(), signed: false });
  return zones;
}

/** Domains `d0.many.test` to `d999.many.test`, by turns in order, half-way, with nothing, and parked. */
function manyZone() {
  const key = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4kRYsJQo95Z+Kt40yCmRYlHGYYxQScQUOa+5DALtAvaGiAIKfE7VfWZ8al3LvUQC39L8FvOJTonLp+/N0cLCYfW9bRRTlQBxcx2TlHFYCXJYZENLa3qfW9799sxSKHdAM3xVts5SjyhVagZl0LNwGuKC/XHqzuHoWAF4DMSK8Rh9IrqvN3d2M3hEHFIPZzBXJJf0C0saLltWF4k0/7heETAmSsVjtQvLCutXlIy8YxFQSVIkaWdafmxq6tRJ9SYqz8voMfwemmn2wlySYF6VDZ8oxnnEAgK6wiXxTmBMfLhbgQJmITO+ujvgkieZBdrgIHTjLwhP2BDwF3WrXpfOEwIDAQAB";
  const kinds = [
    (d) => [`${d} MX 10 mx`, `${d} TXT "v=spf1 mx -all"`, `_dmarc.${d} TXT "v=DMARC1; p=reject"`, `selector1._domainkey.${d} TXT "v=DKIM1; p=${key.slice(0, 200)}" "${key.slice(200)}"`],
    (d) => [`${d} MX 10 mx`, `${d} TXT "v=spf1 mx ~all"`, `_dmarc.${d} TXT "v=DMARC1; p=none"`],
    (d) => [`${d} MX 10 mx`],
    (d) => [`${d} MX 0 .`, `${d} TXT "v=spf1 -all"`, `_dmarc.${d} TXT "v=DMARC1; p=reject"`],
  ];
  return ["mx A 192.0.2.33", ...Array.from({ length: 1000 }, (_, n) => kinds[n % 4](`d${n}`)).flat()].join("\n");
}

/** Records that no sane person publishes: every octet, markup, and a record set near the 64 KB of a DNS message. */
function hostileZone() {
  const string = (octets) => `"${[...octets].map((octet) => `\\${String(octet).padStart(3, "0")}`).join("")}"`;
  const every = Array.from({ length: 256 }, (_, octet) => octet);
  const markup = Buffer.from("<script>document.title='owned'</script><img src=x onerror=alert(1)>");
  const long = Array.from({ length: 200 }, () => string(Buffer.from("ip4:192.0.2.1 ".repeat(18).slice(0, 250))));
  return [
    `@ TXT ${string(Buffer.from("v=spf1 "))} ${long.join(" ")}`,
    `@ TXT ${string(every.slice(0, 255))}`,
    "@ MX 10 mx.hostile.test.",
    "@ MX 65535 \\000\\255\\060b\\062.hostile.test.",
    "mx A 192.0.2.9",
    `_dmarc TXT ${string(Buffer.from("v=DMARC1; p="))} ${string(markup)} ${string(every.slice(0, 255))}`,
    `_mta-sts TXT "v=STSv1; id=" ${string(markup)}`,
    `_smtp._tls TXT "v=TLSRPTv1; rua=" ${string(markup)} ${string([0xff, 0xfe, 0, 10, 13])}`,
    `default._bimi TXT "v=BIMI1; l=javascript:alert(1); a=" ${string(markup)}`,
    `selector1._domainkey TXT "v=DKIM1; p=" ${string(every.slice(1, 200))}`,
    "loop CNAME loop2",
    "loop2 CNAME loop",
    "mta-sts CNAME loop",
  ].join("\n");
}

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
