// Firefox: a smoke run of its own by way of the site's resolver, and what is most likely to differ between browsers, as in Chromium. Firefox
// takes no folders from a test, and cannot be told to want other colours or no script: journeys that live by that are Chromium's alone.
import assert from "node:assert/strict";
import { nothingFailed } from "../lib/browser.mjs";
import { zoneFile } from "../lib/supplies.mjs";
import { onHosts, script } from "../lib/widget.mjs";
import { journeys as all } from "./index.mjs";

export const journeys = [
  ["the page starts, checks a domain and reports", async ({ open, outside }) => {
    const visit = await open({ hash: `#d=perfect.test&r=${encodeURIComponent(outside.resolverUrl())}` });
    await visit.done(60_000);
    const report = await visit.read();
    nothingFailed(report);
    for (const technology of ["mx", "spf", "dkim", "dmarc", "mta-sts", "tls-rpt"]) assert.equal(report.technologies[technology], "pass", technology);
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
];

/** Journeys of Chromium that Firefox goes on, too, by how their names begin. */
const TOO = [
  "a link with a domain", "a link with the records", "a link with signatures",
  "after one visit everything works without a network", "a new version is offered",
  "builder:", "many domains: a list", "many domains: a row opens", "many domains: sorts", "many domains: stop and go on",
  "widget: one tag", "widget: a strict policy", "widget: where no worker", "widget: from its own site", "widget: a storm", "widget: removed in mid-run",
  "widget: one of two", "widget: as a frame", "widget: nothing is loaded", "widget: a saved report", "widget: in the language", "widget: the form",
  "widget: faults of the checker", "widget: what TLS reports say", "widget: the style of the page", "words:",
];
for (const begin of TOO) {
  const found = all.filter(([name]) => name.startsWith(begin));
  if (found.length === 0) throw new Error(`no journey begins with “${begin}”`);
  journeys.push(...found);
}
