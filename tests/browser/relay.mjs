// The relays of docs/relay.md, as they stand there, against policy hosts that behave in every way: nginx and Caddy where they are
// installed, the worker under Node. Only names, ports, the resolver and the trusted roots are replaced.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { PolicyHosts, RELAY, ZONE } from "./lib/policy_hosts.mjs";
import { Runner } from "./lib/runner.mjs";
import { freePort } from "./lib/world.mjs";

const page = readFileSync(new URL("../../docs/relay.md", import.meta.url), "utf8");
const recipe = (kind) => page.match(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\``, "m"))[1];
/** Replaces what must be there to be replaced. */
const put = (text, ...pairs) => pairs.reduce((whole, [from, to]) => {
  assert.ok(whole.includes(from), `the recipe has no “${from}” any more`);
  return whole.replaceAll(from, to);
}, text);
const runner = new Runner(process.argv[2]);
const hosts = await PolicyHosts.start();
const dns = await startResolver();
const children = [];
process.on("exit", () => children.forEach((child) => child.kill("SIGKILL")));

/** A resolver that knows the policy hosts, on this computer. */
async function startResolver() {
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const end = query.indexOf(0, 12) + 5;
    const isAddress = query.readUInt16BE(end - 4) === 1;
    const head = Buffer.from([query[0], query[1], 0x81, 0x80, 0, 1, 0, isAddress ? 1 : 0, 0, 0, 0, 0]);
    const answer = isAddress ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]) : Buffer.alloc(0);
    socket.send(Buffer.concat([head, query.subarray(12, end), answer]), from.port, from.address);
  });
  await new Promise((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return socket;
}

const start = {
  nginx: async (port) => {
    const conf = put(recipe("nginx"),
      ["listen 443 ssl", `listen 127.0.0.1:${port} ssl`], ["relay.example.net.pem", "good.pem"], ["relay.example.net.key", "good.key"], ["/etc/ssl/good", `${hosts.folder}/good`],
      ["relay.example.net", RELAY], ["resolver 127.0.0.1 ", `resolver 127.0.0.1:${dns.address().port} ipv6=off `], ["https://$policy_host/", `https://$policy_host:${hosts.port}/`],
      ["/etc/ssl/certs/ca-certificates.crt", hosts.roots]);
    const file = hosts.keep("nginx.conf", `daemon off; worker_processes 1; pid ${hosts.folder}/nginx.pid; error_log stderr warn;\nevents {}\nhttp {\naccess_log off; ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${hosts.folder}/${kind};`).join(" ")}\n${conf}\n}\n`);
    return run("nginx", "-c", file, "-p", hosts.folder, "-e", "stderr");
  },
  caddy: async (port) => {
    const conf = put(recipe("caddy"),
      ["relay.example.net {", `https://${RELAY}:${port} {\n\tbind 127.0.0.1\n\ttls ${hosts.folder}/good.pem ${hosts.folder}/good.key`], ["{re.policy.1}:443", `{re.policy.1}:${hosts.port}`],
      ["udp/127.0.0.1:53", `udp/127.0.0.1:${dns.address().port}`], ["\t\t\t\ttls\n", `\t\t\t\ttls\n\t\t\t\ttls_trusted_ca_certs ${hosts.roots}\n`]);
    return run("caddy", "run", "--adapter", "caddyfile", "--config", hosts.keep("Caddyfile", `{\n\tadmin off\n\tauto_https off\n\tstorage file_system ${hosts.folder}/caddy\n}\n${conf}`));
  },
  worker: async (port) => {
    hosts.keep("worker.mjs", recipe("js"));
    // Its own `fetch` stays as it is; it is led to the port and the address of this world.
    const file = hosts.keep("run-worker.mjs", `import dns from "node:dns"; import { createServer } from "node:https"; import { readFileSync } from "node:fs"; import worker from "./worker.mjs";
const real = globalThis.fetch;
globalThis.fetch = (url, options) => real(url.replace("/.well-known", ":${hosts.port}/.well-known"), options);
const lookup = dns.lookup;
dns.lookup = (name, options, done) => (!name.startsWith("mta-sts.") ? lookup(name, options, done) : options.all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4));
createServer({ key: readFileSync("${hosts.folder}/good.key"), cert: readFileSync("${hosts.folder}/good.pem") }, async (request, response) => {
  const answer = await worker.fetch(new Request(\`https://\${request.headers.host}\${request.url}\`, { method: request.method, headers: { cookie: "a=b" } }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}).listen(${port}, "127.0.0.1");\n`);
    return run(process.execPath, file);
  },
};

function run(command, ...words) {
  const child = spawn(command, words, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NODE_EXTRA_CA_CERTS: hosts.roots, HOME: hosts.folder } });
  child.said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (child.said += text));
  children.push(child);
  return child;
}

/** Asks a relay as the page does. */
function ask(port, target, method = "GET") {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path: `/?url=${encodeURIComponent(target)}`, method, servername: RELAY, ca: readFileSync(hosts.roots), headers: { host: RELAY, cookie: "a=b", origin: "https://mxray.example.net" } }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString() }));
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end();
  });
}
const urlOf = (name) => `https://mta-sts.${name}.${ZONE}/.well-known/mta-sts.txt`;

for (const kind of ["nginx", "caddy", "worker"]) {
  if (kind !== "worker" && spawnSync(kind, [kind === "nginx" ? "-v" : "version"]).error) {
    console.log(`skip  ${kind} is not installed`);
    runner.skipped += 1;
    continue;
  }
  const port = await freePort();
  const child = await start[kind](port);
  for (let tries = 0; tries < 100; tries += 1) {
    if (await ask(port, "").catch(() => undefined)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await runner.run(`${kind}: a policy comes as it is, readable for the one page, with nothing of the asker passed on`, async () => {
    hosts.log = [];
    const { status, headers, body } = await ask(port, urlOf("no-cors")).catch((error) => assert.fail(`${error.message}\n${child.said}`));
    assert.equal(status, 200, `${body}${child.said}`);
    assert.match(body, /^version: STSv1\nmode: enforce\nmx: mx\.no-cors\.policies\.test\n/);
    assert.match(headers["content-type"], /^text\/plain/);
    assert.equal(headers["access-control-allow-origin"], "https://mxray.example.net");
    assert.equal((await ask(port, urlOf("cors"))).headers["access-control-allow-origin"], "https://mxray.example.net", "one header, not two");
    const [asked] = hosts.log;
    assert.deepEqual([asked.name, asked.headers.cookie, asked.headers.origin, asked.headers["x-forwarded-for"]], ["no-cors", undefined, undefined, undefined]);
  });
  await runner.run(`${kind}: a status is passed on, a redirect is not followed`, async () => {
    assert.equal((await ask(port, urlOf("missing"))).status, 404);
    const { status, headers } = await ask(port, urlOf("moved-away"));
    assert.deepEqual([status, headers.location], [302, urlOf("cors")]);
  });
  await runner.run(`${kind}: a certificate that senders refuse brings nothing`, async () => {
    for (const name of ["expired", "wrong-name", "self-signed"]) {
      const { status, body } = await ask(port, urlOf(name));
      assert.equal(status, 502, name);
      assert.doesNotMatch(body, /STSv1/);
    }
  });
  await runner.run(`${kind}: whoever is slow is given up`, async () => {
    const began = Date.now();
    const body = await ask(port, urlOf("slow")).then((answer) => answer.body, () => "");
    assert.ok(Date.now() - began < 15_000, `${Date.now() - began} ms`);
    assert.doesNotMatch(body, /mx:/);
  });
  await runner.run(`${kind}: nothing else is relayed`, async () => {
    hosts.log = [];
    for (const target of [
      "", "http://mta-sts.cors.policies.test/.well-known/mta-sts.txt", `https://mta-sts.cors.${ZONE}/`, `https://mta-sts.cors.${ZONE}/.well-known/mta-sts.txt?x`, `https://cors.${ZONE}/.well-known/mta-sts.txt`,
      `https://mta-sts.cors.${ZONE}:8080/.well-known/mta-sts.txt`, `https://a@mta-sts.cors.${ZONE}/.well-known/mta-sts.txt`, "https://127.0.0.1/.well-known/mta-sts.txt", "https://mta-sts/.well-known/mta-sts.txt", `${urlOf("cors")}\n`, `${urlOf("cors")}/../../x`, "file:///etc/passwd",
    ]) {
      assert.equal((await ask(port, target)).status, 403, target);
    }
    assert.ok([403, 405].includes((await ask(port, urlOf("cors"), "POST")).status));
    assert.deepEqual(hosts.log, [], "and nobody was asked");
  });
  child.kill("SIGTERM");
}
dns.close();
await hosts.stop();
process.exit(runner.close());
