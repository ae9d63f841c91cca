// The recipes of docs/hosting.md, run as they stand there: nginx and Caddy on 127.0.0.1, their headers, and the page in Chromium.
// A server that is not installed is left out, and that is said.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { precache } from "../../.ci/precache.mjs";
import { launchChromium, Visit } from "./lib/browser.mjs";
import { Runner } from "./lib/runner.mjs";
import { zoneFile } from "./lib/supplies.mjs";
import { freePort } from "./lib/world.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = process.env.MXRAY_DIST ?? join(root, "dist");
const text = readFileSync(join(root, "docs/hosting.md"), "utf8");
const recipe = (language) => text.match(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``))[1];
process.env.PATH += ":/usr/sbin:/sbin:/usr/local/sbin:/opt/homebrew/bin";
const has = (command) => spawnSync(command, ["-v"], { stdio: "ignore" }).error === undefined;

const folder = mkdtempSync(join(tmpdir(), "mxray-hosting-"));
chmodSync(folder, 0o755);
const site = join(folder, "site");
mkdirSync(site);
// At the root of the host, and in a sub-path.
const below = join(folder, "below");
for (const place of [below, site]) cpSync(dist, place, { recursive: true });
precache(site);
precache(below);
cpSync(below, join(site, "tools/mxray"), { recursive: true });
for (const place of [site, join(site, "tools/mxray")]) {
  for (const name of readdirSync(place).filter((name) => /\.(js|wasm|css|html|svg|webmanifest)$/.test(name))) {
    const body = readFileSync(join(place, name));
    writeFileSync(join(place, `${name}.gz`), gzipSync(body));
    writeFileSync(join(place, `${name}.br`), brotliCompressSync(body, { params: { 1: 2 } }));
  }
}

const brotliModule = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";

const servers = {
  nginx(port) {
    const [server, map] = recipe("nginx").replace("listen 8080", `listen 127.0.0.1:${port}`).replace("/srv/mxray", site).split("# Beside the server, within http:\n");
    const own = existsSync(brotliModule) ? server : server.replace(/.*brotli_static.*\n/, "");
    const load = existsSync(brotliModule) ? `load_module ${brotliModule};\n` : "";
    const user = process.getuid() === 0 ? "user root;\n" : "";
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(" ");
    writeFileSync(join(folder, "nginx.conf"), `${load}${user}daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr;\nevents { }\nhttp {\naccess_log off; ${temporary}\n${map}\n${own}\n}\n`);
    return spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: ["ignore", "ignore", "inherit"] });
  },
  caddy(port) {
    const own = recipe("caddy").replace(":8080 {", `http://127.0.0.1:${port} {\n  bind 127.0.0.1`).replace("/srv/mxray", site);
    writeFileSync(join(folder, "Caddyfile"), `{\n  admin off\n  auto_https off\n  log {\n    level ERROR\n  }\n}\n${own}`);
    const env = { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, HOME: folder };
    return spawn("caddy", ["run", "--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"], { stdio: ["ignore", "ignore", "inherit"], env });
  },
};

function get(port, path, encoding = "identity") {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, path, headers: { "accept-encoding": encoding } }, (response) => {
      response.resume().on("end", () => resolve({ status: response.statusCode, headers: response.headers }));
    });
    request.on("error", reject).end();
  });
}

async function up(port) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await get(port, "/index.html").catch(() => undefined)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server did not start within 10 s");
}

const names = readdirSync(site);
const hashed = names.find((name) => /^app-[0-9a-f]{8,16}_bg\.wasm$/.test(name));
const policyOfPage = readFileSync(join(dist, "index.html"), "utf8").match(/Content-Security-Policy" content="([^"]+)"/)[1];

const runner = new Runner(process.argv[2]);
await runner.run("every recipe has the policy of the page", () => {
  for (const language of ["nginx", "caddy", "text"]) assert.ok(recipe(language).includes(`${policyOfPage}; frame-ancestors 'self'`), language);
});
const nobody = { url: "", anchor: "", resolverRules: () => "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1" };
let browser;
try {
  if (!existsSync(join(dist, "index.html"))) throw new Error("there is no built site: run `make build` first");
  for (const [name, start] of Object.entries(servers)) {
    if (!has(name)) {
      console.log(`left out: ${name} is not installed`);
      runner.skipped += 1;
      continue;
    }
    const port = await freePort();
    const server = start(port);
    try {
      await up(port);
      await runner.run(`${name}: types, policy and rules for caches`, async () => {
        for (const [path, type, cache] of [
          ["/", /^text\/html/, "no-cache"], ["/index.html", /^text\/html/, "no-cache"], ["/sw.js", /^text\/javascript/, "no-cache"], ["/engine_bg.wasm", /^application\/wasm$/, "no-cache"],
          [`/${hashed}`, /^application\/wasm$/, "public, max-age=31536000, immutable"], ["/manifest.webmanifest", /^application\/manifest\+json/, "no-cache"], ["/icon.svg", /^image\/svg\+xml/, "no-cache"],
          ["/tools/mxray/", /^text\/html/, "no-cache"], [`/tools/mxray/${hashed}`, /^application\/wasm$/, "public, max-age=31536000, immutable"],
        ]) {
          const { status, headers } = await get(port, path);
          assert.equal(status, 200, path);
          assert.match(headers["content-type"], type, path);
          assert.equal(headers["cache-control"], cache, path);
          assert.equal(headers["content-security-policy"], `${policyOfPage}; frame-ancestors 'self'`, path);
          assert.equal(headers["x-content-type-options"], "nosniff", path);
        }
        assert.equal((await get(port, "/nowhere.js")).status, 404);
      });
      await runner.run(`${name}: files as they were compressed before`, async () => {
        const brotli = name !== "nginx" || existsSync(brotliModule);
        if (!brotli) console.log("      without brotli: nginx has no module for it here");
        for (const encoding of brotli ? ["br", "gzip"] : ["gzip"]) {
          for (const path of ["/engine_bg.wasm", `/${hashed}`, "/engine.js", "/"]) {
            const { headers } = await get(port, path, encoding);
            assert.equal(headers["content-encoding"], encoding, path);
            assert.match(headers["content-type"], /wasm|javascript|html/, path);
          }
        }
      });
      browser ??= await launchChromium(nobody);
      for (const path of ["/", "/tools/mxray/"]) {
        await runner.run(`${name}: the page works below ${path}, and without the server after one visit`, async () => {
          const visit = await Visit.open(browser, nobody, { base: `http://127.0.0.1:${port}${path}`, keeps: true });
          try {
            const check = async () => {
              await visit.page.$eval("#offline", (box) => box.checked || box.click());
              await visit.set("#paste", zoneFile("perfect.test"));
              await visit.page.$eval("#paste-add", (button) => button.click());
              await visit.page.waitForSelector("#supplied > li");
              await visit.check("perfect.test");
              assert.equal((await visit.read()).technologies.dmarc, "pass");
            };
            await check();
            await visit.page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated", { timeout: 60_000 });
            await visit.page.setOfflineMode(true);
            await visit.page.reload({ waitUntil: "load" });
            await visit.ready();
            await check();
            await visit.sound({ networkErrors: true, audit: false });
          } finally {
            await visit.close();
          }
        });
      }
    } finally {
      server.kill("SIGTERM");
      await new Promise((resolve) => (server.exitCode === null && server.signalCode === null ? server.once("exit", resolve) : resolve()));
    }
  }
} catch (error) {
  runner.failed += 1;
  console.log(`FAIL  the hosting suite cannot run: ${error.stack ?? error}`);
} finally {
  await browser?.close().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
}
process.exit(runner.close());
