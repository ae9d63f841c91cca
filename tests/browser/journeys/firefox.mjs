// A smoke run in Firefox: the page starts under its strict policy, checks a domain, and reads files.
import assert from "node:assert/strict";
import { nothingFailed } from "../lib/browser.mjs";
import { kept, withHost } from "../lib/host.mjs";
import { zoneFile } from "../lib/supplies.mjs";
import { onHosts, script } from "../lib/widget.mjs";

export const journeys = [
  ["the page starts, checks a domain and reports", async ({ open, outside }) => {
    const visit = await open({ hash: `#d=perfect.test&r=${encodeURIComponent(outside.resolverUrl())}` });
    await visit.done(60_000);
    const report = await visit.read();
    nothingFailed(report);
    for (const technology of ["mx", "spf", "dkim", "dmarc", "tls-rpt"]) assert.equal(report.technologies[technology], "pass", technology);
    assert.equal(report.technologies["mta-sts"], "unknown", "the policy host cannot be reached in this run");
    assert.equal(report.points, "100");
    assert.ok(outside.log.filter(({ kind }) => kind === "dns").length >= 10);
    await visit.sound({ networkErrors: true, audit: false });
  }],
  ["faults are found and marked", async ({ open, outside }) => {
    const visit = await open({ hash: `#d=faults.test&r=${encodeURIComponent(outside.resolverUrl())}` });
    await visit.done(60_000);
    const report = await visit.read();
    assert.ok(report.marks.some(({ text }) => text.includes("192.0.2.999")));
    assert.match(report.technologies.spf, /fail/);
    await visit.sound({ networkErrors: true, audit: false });
  }],
  ["files are read, and nothing leaves the page", async ({ open, outside }) => {
    const visit = await open();
    await visit.openAll();
    await visit.page.$eval("#offline", (box) => box.click());
    outside.log = [];
    await visit.page.$eval("#paste", (area, text) => {
      area.value = text;
      area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, zoneFile("perfect.test"));
    await visit.page.click("#paste-add");
    await visit.page.waitForSelector("#supplied > li");
    await visit.check("perfect.test");
    const report = await visit.read();
    assert.equal(report.technologies.dmarc, "pass");
    assert.deepEqual(outside.asked, []);
    await visit.sound({ audit: false });
  }],
  ["widget: three views from another origin share a worker under a strict policy", onHosts(async ({ hosts, visit, outside }) => {
    const cdn = new URL(hosts.cdn).origin;
    const options = `domain="perfect.test" resolver="${outside.resolverUrl()}" anchors="${outside.anchor}"`;
    const policy = `default-src 'none'; script-src ${cdn} 'wasm-unsafe-eval'; connect-src ${cdn} ${new URL(outside.resolverUrl()).origin} https:; worker-src blob:`;
    const tags = ["badge", "summary", "full"].map((view) => `<mx-ray id="${view}" view="${view}" ${options}></mx-ray>`).join("");
    const opened = await visit(hosts.page(`<main><h1>Host</h1>${script(hosts.cdn)}${tags}</main>`, { headers: { "content-security-policy": policy } }));
    await opened.page.$$eval("mx-ray", (all) => all.map((element) => void element.check().catch(() => {})));
    await opened.settled();
    assert.match((await opened.read("#badge")).badge, /Grade A/);
    assert.equal((await opened.read("#full")).technologies.spf, "pass");
    assert.equal(hosts.fetched.filter((path) => path.includes("mx-ray.wasm")).length, 1);
    assert.deepEqual(await opened.violations(), []);
  })],
  ["widget: without a worker, removed in mid-run and put back, and a domain that is none", onHosts(async ({ hosts, visit, outside }) => {
    const options = `domain="perfect.test" resolver="${outside.resolverUrl()}" anchors="${outside.anchor}"`;
    const policy = `default-src 'none'; script-src ${new URL(hosts.cdn).origin} 'wasm-unsafe-eval'; connect-src http: https:`;
    const opened = await visit(hosts.page(`<main><h1>Host</h1>${script(hosts.cdn)}<mx-ray ${options}></mx-ray></main>`, { headers: { "content-security-policy": policy } }));
    await opened.page.waitForFunction(() => window.heard.some(({ name }) => name === "progress"));
    await opened.page.$eval("mx-ray", (element) => element.remove());
    await opened.page.evaluate((markup) => document.querySelector("main").append(document.createRange().createContextualFragment(markup)), `<mx-ray view="summary" ${options}></mx-ray><mx-ray id="none" domain="192.0.2.1"></mx-ray>`);
    await opened.settled();
    assert.equal((await opened.read("mx-ray")).technologies.spf, "pass");
    assert.equal((await opened.heard("error"))[0].detail.code, "domain");
  })],
  ["widget: as a frame", onHosts(async ({ hosts, visit, outside }) => {
    const words = new URLSearchParams({ domain: "perfect.test", view: "summary", resolver: outside.resolverUrl(), anchors: outside.anchor });
    const opened = await visit(hosts.page(`<main><h1>Host</h1><iframe src="${hosts.cdn}embed.html#${words}" title="Mail security" width="600" height="500"></iframe></main>`));
    const frame = await (await opened.page.$("iframe")).contentFrame();
    await frame.waitForFunction(() => ["done", "failed"].includes(document.querySelector("mx-ray")?.state), { timeout: 60_000 });
    assert.equal(await frame.evaluate(() => document.querySelector("mx-ray").report?.technologies[0].status), "pass");
  })],
  withHost("after one visit the page opens without its host, and a new version is taken when the user says so", async ({ open, host }) => {
    host.serve(host.version("one"));
    const visit = await open({ base: host.url, keeps: true });
    await kept(visit.page);
    host.vanish();
    const reload = async () => {
      await visit.page.reload({ waitUntil: "load" });
      await visit.ready();
    };
    await reload();
    await visit.page.$eval("#offline", (box) => box.click());
    await visit.set("#paste", zoneFile("perfect.test"));
    await visit.page.click("#paste-add");
    await visit.page.waitForSelector("#supplied > li");
    await visit.check("perfect.test");
    assert.equal((await visit.read()).technologies.dmarc, "pass");
    host.serve(host.version("two"));
    await reload();
    const mark = () => visit.page.evaluate(() => document.documentElement.dataset.mark);
    assert.equal(await mark(), "one");
    await visit.page.waitForSelector("#update:not([hidden])", { timeout: 60_000 });
    await visit.page.click("#update button");
    await visit.page.waitForFunction(() => document.documentElement.dataset.mark === "two", { timeout: 60_000 });
  }),
];
