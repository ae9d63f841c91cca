// The page without a network, and from one version to the next: all files of one version or none, old tabs stay as they are.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { good } from "../lib/drawings.mjs";
import { BASE, kept, withHost } from "../lib/host.mjs";
import { siteHandler } from "../lib/site.mjs";
import { supply } from "../lib/files.mjs";
import { zoneFile } from "../lib/supplies.mjs";

const mark = (page) => page.evaluate(() => document.documentElement.dataset.mark);
const caches = (page) => page.evaluate(async () => (await window.caches.keys()).sort());
const textOf = (page, name) => page.evaluate(async (name) => (await fetch(name)).text(), name);
const offered = (page) => page.waitForSelector("#update:not([hidden])", { timeout: 60_000 });

/** Reloads and waits until the page runs. */
async function reload(page) {
  await page.reload({ waitUntil: "load" });
  await page.waitForSelector("html[data-started]", { timeout: 60_000 });
}

export const install = [
  withHost("after one visit everything works without a network: records, logos, certificates, reports", async ({ open, outside, host }) => {
    host.serve(host.version("one"));
    const visit = await open({ base: host.url, keeps: true });
    await kept(visit.page);
    host.vanish();
    host.log = [];
    await reload(visit.page);
    await visit.page.$eval("#offline", (box) => box.click());
    await supply(visit, { "perfect.zone": zoneFile("perfect.test"), "logo.svg": good });
    await visit.check("perfect.test");
    const report = await visit.read();
    assert.equal(report.technologies.dmarc, "pass");
    await visit.page.waitForSelector("#logos canvas", { timeout: 60_000 });
    await visit.page.$eval("#share", (panel) => (panel.open = true));
    await visit.page.waitForSelector("#share-link [data-copy]");
    assert.ok(host.log.filter((path) => !path.endsWith("/sw.js")).length === 0, `the host was asked: ${host.log}`);
    assert.deepEqual(outside.left, []);
    await visit.sound({ networkErrors: true });
  }),
  withHost("look-ups, policies and logos are asked for past what is kept", async ({ open, outside, host }) => {
    host.serve(host.version("one"));
    const visit = await open({ base: host.url, keeps: true });
    await kept(visit.page);
    outside.log = [];
    await visit.check("perfect.test");
    const first = outside.left.length;
    assert.ok(first > 40 && outside.left.some(({ path }) => path.endsWith("mta-sts.txt")), `${first} requests`);
    outside.log = [];
    await visit.check("perfect.test");
    assert.ok(outside.left.filter(({ kind }) => kind === "dns").length > 20, "answers were kept");
    const names = await caches(visit.page);
    const urls = await visit.page.evaluate(async () => {
      const lists = await Promise.all((await window.caches.keys()).map(async (name) => (await (await window.caches.open(name)).keys()).map(({ url }) => url)));
      return lists.flat();
    });
    assert.ok(urls.every((url) => url.startsWith(host.url)), `${names}: ${urls.filter((url) => !url.startsWith(host.url))}`);
  }),
  withHost("the first check comes first: nothing is kept while it runs", async ({ open, outside, host }) => {
    host.serve(host.version("one"));
    outside.switches.set("cloudflare-dns.com", { delay: 1500 });
    outside.switches.set("dns.google", { delay: 1500 });
    const visit = await open({ base: host.url, keeps: true, hash: "#d=bare.test" });
    await visit.page.waitForSelector("main[data-state=running]");
    assert.ok(!host.log.some((path) => path.endsWith("/sw.js")), "the check had not ended");
    await visit.done();
    await kept(visit.page);
    assert.ok(host.log.some((path) => path.endsWith("/sw.js")));
  }),
  withHost("a new version is offered, taken when the user says so, and never mixed with the old one", async ({ open, host }) => {
    host.serve(host.version("one"));
    const visit = await open({ base: host.url, keeps: true });
    await kept(visit.page);
    const other = await open({ base: host.url, keeps: true, context: visit.context });
    await kept(other.page);
    // What is drawn is waited for, and browsers draw nothing in a tab that is not in front.
    await visit.page.bringToFront();
    const [old] = (await caches(visit.page)).filter((name) => name.includes("version"));
    host.serve(host.version("two"));
    await reload(visit.page);
    assert.equal(await mark(visit.page), "one", "the new version came unasked");
    await offered(visit.page);
    assert.match(await textOf(visit.page, "lab.js"), /one \*\/\s*$/, "a file of the new version in the old page");
    await visit.sound();
    const gone = visit.page.waitForNavigation({ waitUntil: "load" });
    await visit.page.click("#update button");
    await gone;
    await visit.page.waitForSelector("html[data-started]");
    assert.equal(await mark(visit.page), "two");
    assert.match(await textOf(visit.page, "lab.js"), /two \*\/\s*$/);
    assert.ok(!(await visit.page.$("#update:not([hidden])")), "it is still offered");
    // The other tab is as it was: its files are those that it was opened with, its new workers too.
    await other.page.bringToFront();
    assert.equal(await mark(other.page), "one");
    assert.match(await textOf(other.page, "lab.js"), /one \*\/\s*$/, "the new version reached into an old tab");
    host.log = [];
    await supply(other, { "logo.svg": good });
    await other.page.waitForSelector("#logos canvas", { timeout: 60_000 });
    assert.deepEqual(host.log.filter((path) => /lab/.test(path)), [], "the old tab's worker came from the host");
    assert.ok((await caches(visit.page)).includes(old), "the old version is gone while a tab runs it");
    await other.page.close();
    await reload(visit.page);
    for (let tries = 0; tries < 100 && (await caches(visit.page)).includes(old); tries += 1) await pause(100);
    assert.ok(!(await caches(visit.page)).includes(old), "nobody runs the old version, and it is kept all the same");
  }),
  withHost("a version that is not whole is not kept, and the one before stays", async ({ open, host }) => {
    host.serve(host.version("one"));
    const visit = await open({ base: host.url, keeps: true });
    await kept(visit.page);
    const before = await caches(visit.page);
    // As in the middle of a deploy: one file is still, or already, another one.
    host.serve(host.version("half", (folder) => writeFileSync(join(folder, "lab.js"), "throw 1;")));
    host.log = [];
    await reload(visit.page);
    for (let tries = 0; tries < 100 && !host.log.some((path) => path.endsWith("/lab.js")); tries += 1) await pause(100);
    await pause(1_000);
    assert.equal(await visit.page.$("#update:not([hidden])"), null, "half a version is offered");
    assert.deepEqual(await caches(visit.page), before);
    host.vanish();
    await reload(visit.page);
    assert.equal(await mark(visit.page), "one");
    assert.doesNotMatch(await textOf(visit.page, "lab.js"), /throw 1/);
  }),
  withHost("the way out of the documentation removes everything that is kept", async ({ open, host }) => {
    host.serve(host.version("one"));
    const visit = await open({ base: host.url, keeps: true });
    await kept(visit.page);
    const hosting = readFileSync(fileURLToPath(new URL("../../../docs/hosting.md", import.meta.url)), "utf8");
    const wayOut = hosting.match(/```js\n(\/\/ sw\.js[\s\S]*?)```/)[1];
    const next = host.version("two");
    writeFileSync(join(next.folder, "sw.js"), wayOut);
    host.serve(next);
    await visit.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    for (let tries = 0; tries < 100 && (await caches(visit.page)).length; tries += 1) await pause(100);
    assert.deepEqual(await caches(visit.page), []);
    assert.equal(await visit.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  }),
  withHost("the browser finds everything that it needs to install the page", async ({ open, host }) => {
    host.serve(host.version("one"));
    const visit = await open({ base: host.url, keeps: true });
    await kept(visit.page);
    const session = await visit.page.createCDPSession();
    const { errors, data } = await session.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data);
    const sizes = await visit.page.evaluate((icons) => Promise.all(icons.map(async ({ src, sizes }) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return sizes === "any" ? "any" : `${image.naturalWidth}x${image.naturalHeight}`;
    })), manifest.icons);
    assert.deepEqual(sizes, manifest.icons.map((icon) => icon.sizes));
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    // Contexts of the tests are private windows, in which nothing can be installed.
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"), []);
  }),
  withHost("a host that knows no type for wasm still serves the page", async ({ open, host }) => {
    const { folder } = host.version("one");
    const files = siteHandler(folder, BASE);
    host.files = (request, response) => {
      const write = response.writeHead.bind(response);
      response.writeHead = (status, headers) => write(status, /wasm|webmanifest/.test(request.url) ? { ...headers, "content-type": "application/octet-stream" } : headers);
      return files(request, response);
    };
    const visit = await open({ base: host.url, keeps: true });
    await visit.check("bare.test");
    assert.equal((await visit.read()).state, "done");
    await kept(visit.page);
    const type = await visit.page.evaluate(async () => (await fetch("lab_bg.wasm")).headers.get("content-type"));
    assert.equal(type, "application/wasm", "what is kept has the right type");
    assert.deepEqual(visit.errors.filter((error) => !/application\/wasm|MIME type/.test(error)), []);
  }),
];
