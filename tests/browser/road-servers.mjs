// Tries the server snippets of the road as they stand in the report: nginx, Apache and Caddy where they are installed, the
// Worker in Node, the commands for GitHub Pages in a repository of their own. Only paths and ports are replaced.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildCli, mxray } from "./lib/cli.mjs";
import { Runner } from "./lib/runner.mjs";

buildCli();
const host = "mta-sts.acme.example";
const folder = mkdtempSync(join(tmpdir(), "mxray-servers-"));
const at = (...parts) => join(folder, ...parts);
// Servers that were started by root read the files as somebody else.
chmodSync(folder, 0o755);
const runner = new Runner();

const zone = at("acme.zone");
writeFileSync(zone, "$ORIGIN acme.example.\n@ 300 IN SOA ns hostmaster 1 2 3 4 5\n@ 300 IN MX 10 mx1\nmx1 300 IN A 192.0.2.1\n");
const { stdout, stderr, status } = mxray("check", "acme.example", "--offline", "--evidence", zone, "--format", "json");
assert.equal(status, 0, stderr);
const road = JSON.parse(stdout).mta_sts_road;
const policy = road.steps.find((step) => step.id === "file").publish[0].value;
const snippet = (id) => road.servers.find((server) => server.id === id).snippet;

mkdirSync(at("www", ".well-known"), { recursive: true });
mkdirSync(at("certificates"));
writeFileSync(at("www", ".well-known", "mta-sts.txt"), policy);
const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", at("certificates", "privkey.pem")];
execFileSync("openssl", ["req", "-x509", ...key, "-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`,
  "-days", "2", "-out", at("certificates", "fullchain.pem")], { stdio: "ignore" });

/** The snippet with the paths of this computer, and a free port instead of 443. */
const here = (id, port) => snippet(id)
  .replaceAll(`/etc/letsencrypt/live/${host}`, at("certificates"))
  .replaceAll("/var/www/mta-sts", at("www"))
  .replaceAll("*:443", `127.0.0.1:${port}`)
  .replaceAll("[::]:443", `[::1]:${port}`)
  .replaceAll("listen 443", `listen 127.0.0.1:${port}`);

/** Asks the server for a path as a sender of mail would. */
const ask = (port, path) => new Promise((resolve, reject) => {
  const headers = { host };
  const asked = request({ host: "127.0.0.1", port, path, servername: host, headers, rejectUnauthorized: false, timeout: 5000 }, (response) => {
    let body = "";
    response.on("data", (chunk) => (body += chunk)).on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
  });
  asked.on("error", reject).end();
});

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function serves(port) {
  let answer;
  for (let tries = 0; !answer && tries < 50; tries += 1) {
    answer = await ask(port, "/.well-known/mta-sts.txt").catch(() => wait(100));
  }
  assert.ok(answer, "the server answers");
  judge(answer.status, (name) => answer.headers[name], answer.body);
  const other = await ask(port, "/index.html");
  assert.equal(other.status, 404, "and serves nothing else");
}

function judge(status, header, body) {
  assert.equal(status, 200);
  assert.equal(body, policy);
  assert.equal(header("content-type").toLowerCase(), "text/plain; charset=utf-8");
  assert.equal(header("access-control-allow-origin"), "*");
}

/** Runs a server in the foreground while `use` lasts. */
async function whileRuns(command, words, use) {
  const server = spawn(command, words, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder } });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (chunk) => (said += chunk));
  try {
    await use();
  } catch (error) {
    const log = existsSync(at("apache.log")) ? readFileSync(at("apache.log"), "utf8") : "";
    throw new Error(`${error.message}\n${said}${log}`);
  } finally {
    server.kill("SIGTERM");
    await new Promise((resolve) => (server.exitCode === null && server.signalCode === null ? server.on("exit", resolve) : resolve()));
  }
}

const has = (command) => spawnSync("which", [command]).status === 0;

async function tried(id, command, run) {
  if (has(command)) await runner.run(`${id}: serves the policy`, run);
  else console.log(`${id}: not tried, ${command} is not installed`);
}

await tried("nginx", "nginx", async () => {
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${at(name)};`).join(" ");
  writeFileSync(at("nginx.conf"), `daemon off; pid ${at("nginx.pid")}; error_log stderr; events {}
http { access_log off; ${paths}
${here("nginx", 18441)} }`);
  execFileSync("nginx", ["-t", "-c", at("nginx.conf")], { stdio: "ignore" });
  await whileRuns("nginx", ["-c", at("nginx.conf")], () => serves(18441));
});

await tried("apache", "apache2", async () => {
  const modules = ["mpm_event", "authz_core", "mime", "headers", "ssl", "socache_shmcb"];
  const lines = modules.map((name) => [name, `/usr/lib/apache2/modules/mod_${name}.so`]).filter(([, path]) => existsSync(path));
  const load = lines.map(([name, path]) => `LoadModule ${name}_module ${path}`).join("\n");
  writeFileSync(at("apache.conf"), `ServerRoot ${folder}\nPidFile ${at("apache.pid")}\nErrorLog ${at("apache.log")}\nServerName localhost
Listen 127.0.0.1:18442 https\nMutex file:${folder} default\nDefaultRuntimeDir ${folder}\nTypesConfig /dev/null\n${load}\n${here("apache", 18442)}`);
  await whileRuns("apache2", ["-f", at("apache.conf"), "-D", "FOREGROUND"], () => serves(18442));
});

await tried("caddy", "caddy", async () => {
  // Its own authority stands for the public one, which cannot reach this computer.
  writeFileSync(at("Caddyfile"), `{\n admin off\n auto_https disable_redirects\n https_port 18443\n local_certs\n skip_install_trust\n}\n${here("caddy", 18443)}`);
  execFileSync("caddy", ["validate", "--adapter", "caddyfile", "--config", at("Caddyfile")], { stdio: "ignore", env: { ...process.env, HOME: folder } });
  await whileRuns("caddy", ["run", "--adapter", "caddyfile", "--config", at("Caddyfile")], () => serves(18443));
});

await runner.run("cloudflare: the Worker answers with the policy", async () => {
  writeFileSync(at("worker.mjs"), snippet("cloudflare"));
  const { default: worker } = await import(pathToFileURL(at("worker.mjs")));
  const answer = await worker.fetch(new Request(`https://${host}/.well-known/mta-sts.txt`));
  judge(answer.status, (name) => answer.headers.get(name), await answer.text());
  assert.equal((await worker.fetch(new Request(`https://${host}/`))).status, 404);
});

await runner.run("github-pages: the commands make the right files", () => {
  const repository = at("pages");
  mkdirSync(repository);
  const git = (...words) => execFileSync("git", words, { cwd: repository, stdio: "ignore" });
  git("init", "-q");
  git("config", "user.email", "admin@acme.example");
  git("config", "user.name", "Admin");
  const commands = snippet("github-pages").replace(/^git push\n/m, "");
  execFileSync("sh", ["-eu", "-c", commands], { cwd: repository, stdio: "ignore" });
  const files = execFileSync("git", ["ls-files"], { cwd: repository, encoding: "utf8" }).trim().split("\n").sort();
  assert.deepEqual(files, [".nojekyll", ".well-known/mta-sts.txt", "CNAME"]);
  assert.equal(readFileSync(join(repository, ".well-known", "mta-sts.txt"), "utf8"), policy);
  assert.equal(readFileSync(join(repository, "CNAME"), "utf8"), host);
});

rmSync(folder, { recursive: true, force: true });
process.exit(runner.close());
