// Policy hosts of every behaviour, on one HTTPS server of this computer: each below policies.test, with a certificate that is
// right or wrong. The page comes by the browser's rules for names, the command line through a proxy that knows one address.
import { execFile, execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { binary } from "./cli.mjs";
import { Loopback } from "./loopback.mjs";

/** The zone in which they all are. */
export const ZONE = "policies.test";
/** The user's relay. */
export const RELAY = `relay.${ZONE}`;
const POLICY = (name) => `version: STSv1\nmode: enforce\nmx: mx.${name}.${ZONE}\nmax_age: 604800\n`;
const CORS = { "access-control-allow-origin": "*" };
const TEXT = { "content-type": "text/plain" };
const PATH = "/.well-known/mta-sts.txt";
/** More than the 64 KB that senders read (RFC 8461 §3.3), and more than a stream holds in flight. */
const HUGE = 300 * 1024;

/** How each host answers: `(response, name)`. Hosts with a wrong certificate answer rightly to whoever takes it. */
export const BEHAVIOURS = {
  cors: (response, name) => send(response, 200, { ...TEXT, ...CORS }, POLICY(name)),
  "no-cors": (response, name) => send(response, 200, TEXT, POLICY(name)),
  "own-origin": (response, name) => send(response, 200, { ...TEXT, "access-control-allow-origin": `https://${name}.${ZONE}` }, POLICY(name)),
  missing: (response) => send(response, 404, { ...TEXT, ...CORS }, "not found\n"),
  "missing-no-cors": (response) => send(response, 404, TEXT, "not found\n"),
  "moved-here": (response, name, path) => (path === PATH ? send(response, 301, { ...CORS, location: "/policy.txt" }, "") : send(response, 200, { ...TEXT, ...CORS }, POLICY(name))),
  "moved-away": (response) => send(response, 302, { ...CORS, location: `https://mta-sts.cors.${ZONE}${PATH}` }, ""),
  "moved-no-cors": (response) => send(response, 301, { location: `https://mta-sts.cors.${ZONE}${PATH}` }, ""),
  "html-type": (response, name) => send(response, 200, { "content-type": "text/html", ...CORS }, POLICY(name)),
  "html-page": (response) => send(response, 200, { "content-type": "text/html", ...CORS }, "<!doctype html>\n<title>Not found</title>\n<p>There is no such page.\n"),
  slow: (response, name) => {
    response.writeHead(200, { ...TEXT, ...CORS });
    response.write(POLICY(name).slice(0, 20));
  },
  huge: (response, name) => send(response, 200, { ...TEXT, ...CORS }, `${POLICY(name)}${"#".repeat(HUGE)}\n`),
  cut: (response, name) => {
    response.writeHead(200, { ...TEXT, ...CORS, "content-length": "1000" });
    response.write(POLICY(name), () => setTimeout(() => response.destroy(), 50));
  },
  "self-signed": (response, name) => send(response, 200, { ...TEXT, ...CORS }, POLICY(name)),
  expired: (response, name) => send(response, 200, { ...TEXT, ...CORS }, POLICY(name)),
  "wrong-name": (response, name) => send(response, 200, { ...TEXT, ...CORS }, POLICY(name)),
  ipv6: (response, name) => send(response, 200, { ...TEXT, ...CORS }, POLICY(name)),
  gone: (response, name) => send(response, 200, { ...TEXT, ...CORS }, POLICY(name)),
};

/** Where a host is in the DNS: `ipv6` has an IPv6 address only, `gone` none. */
const ADDRESSES = { ipv6: "AAAA 2001:db8::80", gone: "" };
const address = (name) => ADDRESSES[name] ?? "A 192.0.2.80";

/** The zone of all of them. */
export function policyZone() {
  const lines = Object.keys(BEHAVIOURS).flatMap((name) => [
    `${name} MX 10 mx.${name}`,
    `mx.${name} A 192.0.2.25`,
    `${name} TXT "v=spf1 mx -all"`,
    `_mta-sts.${name} TXT "v=STSv1; id=20261126"`,
    ...(address(name) ? [`mta-sts.${name} ${address(name)}`] : []),
  ]);
  // A logo and a certificate on a host that lets no page read them.
  return [...lines, `default._bimi.no-cors TXT "v=BIMI1; l=https://mta-sts.no-cors.${ZONE}/logo.svg; a=https://mta-sts.no-cors.${ZONE}/mark.pem"`].join("\n");
}

/** Whose policy host it is. */
const nameOf = (host) => host.slice("mta-sts.".length, -ZONE.length - 1);

function send(response, status, headers, body) {
  response.writeHead(status, headers);
  response.end(body);
}

export class PolicyHosts extends Loopback {
  static async start() {
    const hosts = new PolicyHosts();
    hosts.folder = mkdtempSync(join(tmpdir(), "mxray-policies-"));
    hosts.log = [];
    hosts.makeCertificates();
    hosts.server = createServer({
      ...hosts.pair("good"),
      SNICallback: (name, done) => done(null, createSecureContext(hosts.pair(hosts.certificateOf(name)))),
    }, (request, response) => hosts.answer(request, response));
    hosts.server.on("tlsClientError", () => {});
    hosts.port = await hosts.listen(hosts.server);
    // It has no IPv6.
    hosts.proxyPort = await hosts.proxy((name) => (name === `mta-sts.ipv6.${ZONE}` ? 0 : hosts.port));
    return hosts;
  }

  /** An authority, and below it a right certificate, one that has expired and one for another name; one that nobody signed. */
  makeCertificates() {
    const at = (name) => join(this.folder, name);
    const openssl = (...words) => execFileSync("openssl", words, { stdio: ["ignore", "ignore", "pipe"] });
    writeFileSync(at("ca.cnf"), `[ca]\ndefault_ca = ours\n[ours]\ndatabase = ${at("index.txt")}\nserial = ${at("serial")}\nnew_certs_dir = ${this.folder}\ndefault_md = sha256\npolicy = any\nunique_subject = no\ncopy_extensions = copy\n[any]\ncommonName = supplied\n`);
    writeFileSync(at("index.txt"), "");
    writeFileSync(at("serial"), "1000\n");
    const stamp = (days) => new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]/g, "").slice(0, 14) + "Z";
    const make = (name, subject, extensions, from, until, ...signer) => {
      openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", at(`${name}.key`), "-out", at(`${name}.csr`), "-subj", `/CN=${subject}`, ...extensions.flatMap((extension) => ["-addext", extension]));
      openssl("ca", "-batch", "-notext", "-config", at("ca.cnf"), "-in", at(`${name}.csr`), "-startdate", stamp(from), "-enddate", stamp(until), ...signer, "-out", at(`${name}.pem`));
    };
    const by = ["-cert", at("root.pem"), "-keyfile", at("root.key")];
    const names = `subjectAltName=${Object.keys(BEHAVIOURS).map((name) => `DNS:mta-sts.${name}.${ZONE}`).join(",")},DNS:${RELAY}`;
    const leaf = "basicConstraints=CA:FALSE";
    make("root", "Policy Test Root", ["basicConstraints=critical,CA:TRUE"], -30, 30, "-selfsign", "-keyfile", at("root.key"));
    make("good", "good", [names, leaf], -10, 10, ...by);
    make("expired", "expired", [names, leaf], -20, -2, ...by);
    make("wrong-name", "wrong-name", [`subjectAltName=DNS:wrong-name.${ZONE}`, leaf], -10, 10, ...by);
    make("self-signed", "self-signed", [names, leaf], -10, 10, "-selfsign", "-keyfile", at("self-signed.key"));
    this.roots = at("root.pem");
  }

  certificateOf(host) {
    const name = nameOf(host);
    return ["expired", "wrong-name", "self-signed"].includes(name) ? name : "good";
  }

  pair(name) {
    const [key, cert] = [".key", ".pem"].map((end) => readFileSync(join(this.folder, `${name}${end}`), "utf8"));
    return { key, cert };
  }

  answer(request, response) {
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    if (host === RELAY) return this.relayed(request, response);
    const name = nameOf(host);
    this.log.push({ name, path: request.url, headers: { ...request.headers } });
    response.on("error", () => {});
    if (/^\/(logo\.svg|mark\.pem)$/.test(request.url)) {
      const [type, file] = request.url.endsWith("svg") ? ["image/svg+xml", "brand.perfect.test/logo.svg"] : ["application/x-pem-file", "marks.perfect.test/mark.pem"];
      return send(response, 200, { "content-type": type }, readFileSync(new URL(`../world/https/${file}`, import.meta.url)));
    }
    return (BEHAVIOURS[name] ?? BEHAVIOURS.missing)(response, name, request.url);
  }

  /** The user's relay, as far as this world needs one: reads at the policy hosts what it is asked for. */
  relayed(request, response) {
    const url = new URL(request.url, "http://relay").searchParams.get("url") ?? "";
    this.log.push({ name: "relay", path: url, headers: { ...request.headers } });
    const { hostname, pathname } = URL.canParse(url) ? new URL(url) : { hostname: "", pathname: "" };
    if (!hostname.endsWith(`.${ZONE}`)) return send(response, 403, { ...TEXT, ...CORS }, "not relayed\n");
    const through = { writeHead: (status, headers) => response.writeHead(status, { ...headers, ...CORS }), end: (body) => response.end(body), write: (...all) => response.write(...all), destroy: () => response.destroy(), on: () => {} };
    return this.answer({ headers: { host: hostname }, url: pathname }, through);
  }

  /** The hash of the key in a certificate, as Chromium's option takes it. */
  static keyHash(pem) {
    const spki = new X509Certificate(pem).publicKey.export({ type: "spki", format: "der" });
    return createHash("sha256").update(spki).digest("base64");
  }

  get goodKey() {
    return PolicyHosts.keyHash(readFileSync(join(this.folder, "good.pem")));
  }

  /** Runs the command line as it runs behind such a proxy: its own resolver, its own roots. */
  mxray(...words) {
    const env = { PATH: process.env.PATH, HTTPS_PROXY: `http://127.0.0.1:${this.proxyPort}` };
    return new Promise((resolve) => {
      execFile(binary, words, { env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr }));
    });
  }

  /** Keeps a file for as long as they run. */
  keep(name, text) {
    writeFileSync(join(this.folder, name), text);
    return join(this.folder, name);
  }

  async stop() {
    await super.stop();
    this.forget();
  }

  forget() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
