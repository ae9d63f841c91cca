// The road of MTA-STS in the page: where a domain stands, what is published at each step, the file to download, the servers.
import assert from "node:assert/strict";
import { download, supply } from "../lib/files.mjs";

const url = "https://mta-sts.acme.test/.well-known/mta-sts.txt";

/** Evidence of a domain with two mail servers: nothing more, a policy that is tested, or one that is enforced. */
function evidence(mode) {
  const dns = [
    { name: "acme.test", type: "MX", answers: ["10 mx1.acme.test.", "20 mx2.acme.test."] },
    { name: "mx1.acme.test", type: "A", answers: ["192.0.2.1"] },
    { name: "mx2.acme.test", type: "A", answers: ["192.0.2.2"] },
  ];
  const https = [];
  if (mode) {
    dns.push(
      { name: "_smtp._tls.acme.test", type: "TXT", answers: ['"v=TLSRPTv1; rua=mailto:tls@acme.test"'] },
      { name: "_mta-sts.acme.test", type: "TXT", answers: ['"v=STSv1; id=1"'] },
      { name: "mta-sts.acme.test", type: "A", answers: ["192.0.2.3"] },
    );
    const body = `version: STSv1\nmode: ${mode}\nmx: mx1.acme.test\nmx: mx2.acme.test\nmax_age: 604800\n`;
    https.push({ url, status: 200, content_type: "text/plain", body });
  }
  const file = { format: "mxray-evidence/1", domain: "acme.test", taken_at: "2026-11-23T12:00:00Z", dns, https, authoritative_for: ["."] };
  return { "acme.json": JSON.stringify(file) };
}

async function stand(open, mode) {
  const visit = await open();
  await visit.page.$eval("#offline", (box) => box.checked || box.click());
  await supply(visit, evidence(mode));
  await visit.check("acme.test");
  await visit.page.waitForSelector("#road", { timeout: 5000 });
  await visit.page.$eval("#road > summary", (summary) => summary.click());
  await visit.page.waitForSelector("#road [data-step]", { timeout: 5000 });
  const states = await visit.page.$$eval("#road ol:first-of-type > [data-step]", (steps) => steps.map((step) => [step.dataset.step, step.dataset.state]));
  const now = await visit.page.$$eval("#road [aria-current=step]", (steps) => steps.map((step) => step.dataset.step));
  return { visit, states: Object.fromEntries(states), now };
}

export const road = [
  ["road: a domain without anything begins with reports, and gets its file as it is shown", async ({ open }) => {
    const { visit, states, now } = await stand(open, null);
    assert.deepEqual(now, ["reports"]);
    assert.equal(states.file, "later");
    assert.equal(states.raise, "later");
    const [shown] = await visit.page.$$eval("#road [data-step=file] pre", (all) => all.map((pre) => pre.textContent));
    assert.match(shown, /^version: STSv1\nmode: testing\nmx: mx1\.acme\.test\nmx: mx2\.acme\.test\nmax_age: 86400\n$/);
    await visit.page.$eval("#road [data-step=file] > details > summary", (summary) => summary.click());
    const saved = await download(visit, "#road [data-step=file] .download");
    assert.equal(saved.name, "mta-sts.txt");
    assert.equal(saved.body.toString(), shown);
    await visit.sound();
  }],
  ["road: while testing, reports are read; once enforced, max_age is raised", async ({ open }) => {
    const testing = await stand(open, "testing");
    assert.deepEqual(testing.now, ["watch"]);
    assert.deepEqual([testing.states.file, testing.states.record, testing.states.enforce], ["done", "done", "later"]);
    await testing.visit.sound();
    const enforced = await stand(open, "enforce");
    assert.deepEqual(enforced.now, ["raise"]);
    assert.deepEqual([enforced.states.cover, enforced.states.enforce], ["done", "done"]);
  }],
  ["road: the server is chosen with the keyboard, and its snippet can be copied", async ({ open }) => {
    const { visit } = await stand(open, "testing");
    await visit.page.focus("#road-server");
    await visit.page.keyboard.press("c");
    await visit.page.waitForSelector("#road [data-server=caddy]", { timeout: 3000 });
    const [text, copied] = await visit.page.$eval("#road [data-server]", (box) => [box.querySelector("pre").textContent, box.querySelector("[data-copy]").dataset.copy]);
    assert.match(text, /^mta-sts\.acme\.test \{/);
    assert.equal(copied, text);
    await visit.sound();
  }],
];
