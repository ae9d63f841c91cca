// The world itself: that it is signed, that it answers as a public resolver does, and that its switches work.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { request as httpsRequest } from "node:https";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { encodeQuery, readMessage } from "./dns.mjs";

const run = promisify(execFile);

function get(outside, host, path, { timeout = 3000, method = "GET" } = {}) {
  const port = outside.ports[host] ?? outside.ports["*"];
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: "127.0.0.1", port, path, method, servername: host, headers: { host }, rejectUnauthorized: false, timeout }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error("timeout")));
    request.on("error", reject);
    request.end();
  });
}

async function ask(outside, host, name, type) {
  const { status, headers, body } = await get(outside, host, `/dns-query?dns=${encodeQuery(name, type).toString("base64url")}`);
  return { status, headers, message: status === 200 ? readMessage(body) : undefined };
}

export const checks = [
  ["every signed zone proves up to the root of the world (delv)", async ({ world }) => {
    const anchor = join(world.folder, "anchor.conf");
    writeFileSync(anchor, await world.anchor());
    const delv = async (name, type) => (await run("delv", ["-a", anchor, "+root=.", "@127.0.0.1", "-p", String(world.port), name, type]).catch((error) => error)).stdout;
    for (const zone of ["perfect.test", "parked.test", "bare.test", "tree.test", "xn--bcher-kva.test"]) {
      assert.match(await delv(zone, "MX"), /; fully validated/, zone);
    }
    assert.match(await delv("perfect.test", "SPF"), /; negative response, fully validated/);
    assert.match(await delv("faults.test", "MX"), /; unsigned answer/);
  }],
  ["a DoH answer is signed, complete and readable from any origin", async ({ outside }) => {
    const { status, headers, message } = await ask(outside, "dns.google", "selector2._domainkey.perfect.test", "TXT");
    assert.equal(status, 200);
    assert.equal(headers["access-control-allow-origin"], "*");
    assert.equal(headers["content-type"], "application/dns-message");
    const types = message.records.map(({ type }) => type);
    assert.ok(types.includes("CNAME") && types.includes("TXT") && types.includes("RRSIG"), `${types}`);
  }],
  ["what is not in the world does not exist", async ({ outside }) => {
    for (const name of ["example.com", "nowhere.test"]) {
      const { message } = await ask(outside, "cloudflare-dns.com", name, "TXT");
      assert.equal(message.rcode, 3, name);
    }
  }],
  ["a record set of 50 KB arrives whole", async ({ outside }) => {
    const { message } = await ask(outside, "dns.google", "hostile.test", "TXT");
    assert.equal(message.truncated, false);
    assert.ok(message.records.some(({ data }) => data.length > 50_000));
  }],
  ["policies and logos are served with CORS; other paths are 404", async ({ outside }) => {
    const policy = await get(outside, "mta-sts.perfect.test", "/.well-known/mta-sts.txt");
    assert.equal(policy.status, 200);
    assert.match(policy.body.toString(), /^version: STSv1\r\nmode: enforce\r\n/);
    assert.equal(policy.headers["access-control-allow-origin"], "*");
    assert.equal((await get(outside, "mta-sts.bare.test", "/.well-known/mta-sts.txt")).status, 404);
    assert.equal((await get(outside, "brand.perfect.test", "/../../root.zone")).status, 404);
    assert.deepEqual(outside.left.map(({ host }) => host), ["mta-sts.perfect.test", "mta-sts.bare.test", "brand.perfect.test"]);
  }],
  ["the switches break what they say", async ({ outside }) => {
    const name = "perfect.test";
    outside.switches.set("dns.google", { dead: true });
    await assert.rejects(get(outside, "dns.google", `/dns-query?dns=${encodeQuery(name, "MX").toString("base64url")}`, { timeout: 300 }), /timeout/);
    outside.switches.set("dns.google", { refuse: true });
    await assert.rejects(ask(outside, "dns.google", name, "MX"));
    outside.switches.set("dns.google", { html: true });
    assert.match((await get(outside, "dns.google", `/dns-query?dns=${encodeQuery(name, "MX").toString("base64url")}`)).headers["content-type"], /html/);
    outside.switches.set("dns.google", { noCors: true });
    assert.equal((await ask(outside, "dns.google", name, "MX")).headers["access-control-allow-origin"], undefined);
    outside.switches.set("dns.google", { servfail: () => true });
    assert.equal((await ask(outside, "dns.google", name, "MX")).message.rcode, 2);
    outside.switches.set("dns.google", { truncated: true });
    assert.equal((await ask(outside, "dns.google", name, "MX")).message.truncated, true);
    outside.switches.set("dns.google", { delay: 200 });
    const started = Date.now();
    await ask(outside, "dns.google", name, "MX");
    assert.ok(Date.now() - started >= 195);
    // The other resolver was never touched.
    assert.equal((await ask(outside, "cloudflare-dns.com", name, "MX")).message.rcode, 0);
  }],
  ["a request that is not a simple GET is told so", async ({ outside }) => {
    assert.equal((await get(outside, "dns.google", "/dns-query?dns=AAAA", { method: "POST" })).status, 400);
    const query = encodeQuery("perfect.test", "MX").toString("base64url");
    assert.equal((await get(outside, "dns.google", `/dns-query?dns=${query}`, { method: "OPTIONS" })).status, 405);
  }],
];
