// DNSSEC proved in the page: the signed world from its own root down, what is unsigned, what is broken, and the wrong root.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const outcomes = (report, id) => report.findings.filter((finding) => finding.id === id).map(({ outcome }) => outcome);
const pictured = (visit) => visit.page.$eval("#tech-dnssec svg.picture", (svg) => [...svg.querySelectorAll("text")].map((text) => text.textContent));

export const dnssec = [
  ["DNSSEC: zone, answers and mail hosts of a signed domain are proved from the root down", async ({ open, outside }) => {
    const visit = await open();
    await visit.check("perfect.test");
    const report = await visit.read();
    assert.equal(report.technologies.dnssec, "pass");
    assert.deepEqual(outcomes(report, "dnssec.proven"), ["pass"]);
    assert.deepEqual(outcomes(report, "dane.proven"), ["pass"]);
    assert.equal(report.checklist["dane"], "true");
    const words = await pictured(visit);
    for (const name of [". (the root)", "test", "perfect.test"]) assert.ok(words.includes(name), `${name} in ${words}`);
    assert.equal(words.filter((text) => /^KSK \d+ signs · ECDSAP256SHA256$/.test(text)).length, 3, "a key that signs in each zone");
    assert.equal(words.filter((text) => /^DS \d+ · SHA-256$/.test(text)).length, 2);
    await visit.page.setViewport({ width: 360, height: 800 });
    const wide = await visit.page.evaluate(async () => {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const { right } = document.querySelector("#tech-dnssec svg.picture").getBoundingClientRect();
      const over = [...document.querySelectorAll("#tech-dnssec svg.picture text")].filter((text) => text.getBoundingClientRect().right > right);
      return over.map((text) => text.textContent);
    });
    assert.deepEqual(wide, [], "nothing is cut off at 360 px");
    await visit.page.setViewport({ width: 1280, height: 900 });
    const drawn = await visit.page.$$eval("#tech-dnssec svg.picture g", (rows) => rows.map((row) => row.getAttribute("class")));
    assert.ok(drawn.every((state) => state === "pass"), `${drawn}`);
    await visit.openAll();
    const list = await visit.page.$$eval("#tech-dnssec ol.chain > li", (items) => items.map((item) => item.textContent));
    assert.equal(list.length, 4, `${list}`);
    const asked = outside.log.filter(({ kind }) => kind === "dns").map(({ query }) => `${query.question.name} ${query.question.type}`);
    for (const zone of [". DNSKEY", "test DS", "test DNSKEY", "perfect.test DS", "perfect.test DNSKEY"]) assert.ok(asked.includes(zone), zone);
    await visit.sound();
  }],
  ["DNSSEC: an unsigned domain is proved to be unsigned", async ({ open }) => {
    const visit = await open();
    await visit.check("faults.test");
    const report = await visit.read();
    assert.equal(report.technologies.dnssec, "absent");
    const unsigned = report.findings.find(({ id }) => id === "dnssec.unsigned");
    assert.match(unsigned.text, /prove that there is no DS record/);
    const shapes = await visit.page.$$eval("#tech-dnssec svg.picture use", (uses) => uses.map((use) => use.getAttribute("href")));
    assert.deepEqual(shapes, ["#i-pass", "#i-pass", "#i-warn"]);
    await visit.sound({ audit: false });
  }],
  ["DNSSEC: another root than the one that is trusted proves nothing, and the picture says where", async ({ open }) => {
    const visit = await open();
    await visit.set("#anchors", "");
    await visit.check("perfect.test");
    const report = await visit.read();
    // That says nothing about the domain.
    assert.equal(report.technologies.dnssec, "unknown");
    assert.deepEqual(outcomes(report, "dnssec.not-proven"), ["unknown"]);
    assert.deepEqual(outcomes(report, "dane.not-proven"), ["unknown"]);
    const broken = await visit.page.$eval("#tech-dnssec .broken", (element) => element.textContent);
    assert.match(broken, /none of the keys that came for \. .*is a trusted one/);
    await visit.sound();
  }],
  ["DNSSEC: what is no trust anchor is refused with its line, and stays in the field", async ({ open }) => {
    const visit = await open();
    await visit.set("#anchors", ". IN DS 20326 8 2 nonsense");
    await visit.type("perfect.test");
    await visit.page.keyboard.press("Enter");
    await visit.page.waitForFunction(() => document.querySelector("#domain-error")?.textContent.includes("line 1"), { timeout: 5000 });
    assert.equal(await visit.page.$eval("#anchors", ({ value }) => value), ". IN DS 20326 8 2 nonsense");
    await visit.sound({ audit: false });
  }],
  ["DANE: a pasted certificate is compared with the TLSA records, and gives the record for it", async ({ open }) => {
    const visit = await open();
    const pem = readFileSync(new URL("../../data/pem/leaf.pem", import.meta.url), "utf8").replaceAll("\r", "");
    await visit.page.evaluate((text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
    }, `CONNECTED(00000003)\n---\n${pem}---\n`);
    await visit.page.waitForSelector("#supplied li");
    await visit.check("perfect.test");
    const words = await visit.page.$eval("#tech-dane", (section) => section.textContent);
    // It is for other hosts: told as a fact, held against nobody.
    const report = await visit.read();
    assert.deepEqual(outcomes(report, "dane.certificate-mismatch"), []);
    assert.ok(/mx1\.acme\.example/.test(words) && /3 1 1 1834f036/.test(words), "the certificate and its record are shown");
    await visit.sound({ audit: false });
  }],
];
