// What stands for the outside: HTTPS servers that play the two public resolvers and every other host, and one that
// serves the built site (with a resolver of its own beside it). Each logs what it is asked; each can be made to fail.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { askOverTcp, readMessage } from "./dns.mjs";
import { Loopback } from "./loopback.mjs";
import { siteHandler } from "./site.mjs";

const filesFolder = fileURLToPath(new URL("../world/https/", import.meta.url));
/** Where the site is served: somewhere below the root, to prove that it can be moved. */
export const BASE = "/some/where/";
/** Where browsers themselves look for updates, whatever they are told: no page asks there. */
const BROWSERS_OWN = /(^|\.)(googleapis|gstatic|google|gvt1|firefox|mozilla)\.(com|org|net)$/;
/** The resolvers that the page has built in. */
export const RESOLVERS = ["cloudflare-dns.com", "dns.google"];

const types = { ".txt": "text/plain", ".svg": "image/svg+xml", ".pem": "application/x-pem-file" };

export class Outside extends Loopback {
  /**
   * `dist`: the folder of the built site, or undefined to serve none. `brotli`: how hard to compress it: the least effort
   * that does for journeys, as hosts store it (11) for measurements.
   * `/relay?url=` of any host reads a file of the others for pages that may not.
   * `switches.get(host)`: {dead, refuse, delay, html, noCors, garbage, truncated, servfail: …} changes how a host behaves.
   */
  static async start(world, dist, { brotli = 4 } = {}) {
    const outside = new Outside();
    outside.world = world;
    /** The key of the root of this world. */
    outside.anchor = await world.anchor(true);
    outside.switches = new Map();
    outside.log = [];
    outside.folder = mkdtempSync(join(tmpdir(), "mxray-outside-"));
    outside.ports = {};
    for (const host of [...RESOLVERS, "*"]) outside.ports[host] = await outside.startTls(host);
    /** Leads every name to these servers, for browsers that have no rules for names. */
    outside.proxyPort = await outside.proxy((host) => outside.ports[host] ?? outside.ports["*"]);
    await outside.startSite(dist, brotli);
    return outside;
  }

  /** Chromium's rules that send every name to these servers. */
  resolverRules() {
    const named = RESOLVERS.map((host) => `MAP ${host} 127.0.0.1:${this.ports[host]}`);
    return [...named, "EXCLUDE 127.0.0.1", `MAP * 127.0.0.1:${this.ports["*"]}`].join(", ");
  }

  /** Forgets the log and the switches. */
  reset() {
    this.log = [];
    this.switches.clear();
  }

  /** The requests that left the page: everything but the files of the site. */
  get left() {
    return this.log.filter((entry) => entry.kind !== "site");
  }

  /** What any server was asked since the last reset, but for the icon, which the browser fetches when it likes. */
  get asked() {
    return this.log.filter(({ kind, path }) => kind !== "site" || !path.endsWith("/icon.svg")).map(({ host, path }) => `${host}${path}`);
  }

  async startTls(host) {
    const { key, cert } = this.certificate(host);
    const server = createSecureServer({ key, cert, allowHTTP1: true });
    server.on("request", (request, response) => {
      const authority = (request.headers[":authority"] ?? request.headers.host ?? "").replace(/:\d+$/, "");
      this.handle(authority, request, response);
    });
    server.on("sessionError", () => {});
    server.on("tlsClientError", () => {});
    server.on("connection", (socket) => {
      if (this.switches.get(host)?.refuse) socket.destroy();
    });
    return this.listen(server);
  }

  async startSite(dist, brotli) {
    const files = dist ? siteHandler(dist, BASE, { brotli }) : (_, response) => response.writeHead(404).end();
    const server = createServer((request, response) => {
      const path = new URL(request.url, "http://host").pathname;
      if (path.startsWith("/resolver/")) return this.handle(path.split("/")[2], request, response, "/dns-query");
      this.log.push({ kind: "site", host: "site", path: request.url, at: Date.now() });
      return files(request, response);
    });
    this.sitePort = await this.listen(server);
    this.url = `http://127.0.0.1:${this.sitePort}${BASE}`;
    /** A resolver on the site's own origin, over plain HTTP. */
    this.resolverUrl = (name = "own") => `http://127.0.0.1:${this.sitePort}/resolver/${name}/dns-query`;
  }

  /** The certificates of these servers, for a browser that is to accept them and no others. */
  get certificates() {
    return [...RESOLVERS, "any"].map((name) => readFileSync(join(this.folder, `${name}.pem`)));
  }

  certificate(host) {
    const name = host === "*" ? "any" : host;
    const base = join(this.folder, name);
    const subject = host === "*" ? "DNS:*.test" : `DNS:${host}`;
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", `/CN=${name}`,
      "-addext", `subjectAltName=${subject}`, "-keyout", `${base}.key`, "-out", `${base}.pem`], { stdio: "ignore" });
    return { key: readFileSync(`${base}.key`), cert: readFileSync(`${base}.pem`) };
  }

  async handle(host, request, response, as) {
    const url = new URL(request.url, "https://host");
    const path = as ?? url.pathname;
    if (BROWSERS_OWN.test(host)) return answer(response, 404, "text/plain", "not found\n");
    const entry = { kind: "file", host, path, method: request.method, at: Date.now(), aborted: false, headers: { ...request.headers } };
    this.log.push(entry);
    response.on("close", () => {
      entry.aborted = !response.writableEnded;
      entry.done = Date.now();
    });
    response.on("error", () => {});
    const switches = this.switches.get(host) ?? {};
    if (switches.refuse) return (response.stream?.session ?? request.socket).destroy();
    const isQuery = path === "/dns-query";
    let query;
    if (isQuery) {
      entry.kind = "dns";
      try {
        query = Buffer.from(url.searchParams.get("dns") ?? "", "base64url");
        entry.query = readMessage(query);
        entry.octets = query.length;
      } catch (error) {
        return answer(response, 400, "text/plain", error.message);
      }
    }
    if (switches.dead) return undefined;
    const delay = typeof switches.delay === "function" ? switches.delay(entry) : switches.delay;
    if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
    if (response.destroyed) return undefined;
    // Authorities let no web page read the certificates that they serve.
    const cors = switches.noCors || host.startsWith("marks.") ? {} : { "access-control-allow-origin": "*" };
    if (request.method !== "GET") return answer(response, 405, "text/plain", "GET only\n", cors);
    if (switches.html) return answer(response, 200, "text/html", "<!doctype html><title>Log in to the network</title>", cors);
    if (path === "/relay") {
      const asked = new URL(url.searchParams.get("url"));
      entry.relayed = asked.href;
      return this.file(asked.hostname, asked.pathname, response, cors);
    }
    if (!isQuery) return this.file(host, path, response, cors);
    return this.resolve(query, switches, response, cors, entry);
  }

  async resolve(query, switches, response, cors, entry) {
    let message;
    try {
      message = Buffer.from(await askOverTcp(this.world.port, query));
    } catch (error) {
      return answer(response, 502, "text/plain", `${error.message}\n`, cors);
    }
    if (switches.truncated) message[2] |= 0x02;
    if (switches.servfail?.(entry) ?? false) message[3] = (message[3] & 0xf0) | 2;
    if (switches.mismatch) message[13] ^= 0x01;
    if (switches.garbage) message = Buffer.from(message.subarray(0, Math.floor(message.length / 2)));
    return answer(response, 200, "application/dns-message", message, { ...cors, "cache-control": "max-age=300" });
  }

  file(host, path, response, cors) {
    const file = join(filesFolder, host, normalize(path));
    if (!/^[a-z0-9.-]+$/.test(host) || !file.startsWith(join(filesFolder, host)) || !existsSync(file) || !statSync(file).isFile()) {
      return answer(response, 404, "text/plain", "not found\n", cors);
    }
    return answer(response, 200, types[extname(file)] ?? "application/octet-stream", readFileSync(file), cors);
  }

  async stop() {
    await super.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function answer(response, status, type, body, headers = {}) {
  response.writeHead(status, { "content-type": type, ...headers });
  response.end(body);
}
