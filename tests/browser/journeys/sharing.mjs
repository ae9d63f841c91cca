// Keeping and sharing: every form of the report, links that carry the records, what changed since an older file, and paper.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mxray } from "../lib/cli.mjs";
import { download } from "../lib/files.mjs";

/** What must be the same when a link is opened. */
const verdicts = ({ points, grade, technologies, checklist, findings, records, plan }) => ({ points, grade, technologies, checklist, findings, records, plan });

/** Opens the panel and waits for the link; what it says of it, and the link. */
async function sharedLink(visit, ticks = []) {
  await visit.page.$eval("#share", (panel) => (panel.open = true));
  await visit.page.waitForSelector("#share-link");
  for (const id of ticks) {
    const before = await visit.page.$eval("#share-link", (panel) => panel.dataset.length);
    await visit.page.click(`#${id}`);
    await visit.page.waitForFunction((before) => document.querySelector("#share-link")?.dataset.length !== before, {}, before).catch(() => {});
  }
  return visit.page.$eval("#share-link", (panel) => ({
    length: Number(panel.dataset.length),
    link: panel.querySelector("[data-copy]")?.dataset.copy ?? "",
    words: panel.textContent,
    parts: [...panel.querySelectorAll("#share-parts > ul > li")].map((part) => part.firstChild.textContent),
  }));
}

const hashOf = (link) => link.slice(link.indexOf("#"));
const times = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\d{4}-\d\d-\d\d/g;

/** Chooses files to compare with, and waits for the outcome. */
async function compareWith(visit, files) {
  const folder = mkdtempSync(join(tmpdir(), "mxray-compare-"));
  const paths = Object.entries(files).map(([name, body]) => {
    writeFileSync(join(folder, name), body);
    return join(folder, name);
  });
  await visit.page.$eval("#compare", (panel) => (panel.open = true));
  await (await visit.page.$("#compare-files")).uploadFile(...paths);
  await visit.page.waitForFunction(() => {
    const place = document.querySelector("#compared");
    return place.getAttribute("aria-busy") === "false" && place.textContent.length > 5;
  });
  rmSync(folder, { recursive: true });
  return visit.page.$eval("#compared", (place) => place.textContent.replace(/\s+/g, " ").trim());
}

export const sharing = [
  ["every form of the report is that of the command line", async ({ open, outside }) => {
    const visit = await open();
    await visit.check("faults.test");
    const folder = mkdtempSync(join(tmpdir(), "mxray-forms-"));
    const evidence = join(folder, "evidence.json");
    writeFileSync(evidence, (await download(visit, "#save-evidence")).body);
    writeFileSync(join(folder, "anchor"), outside.anchor);
    for (const [button, format, end] of [["#save-markdown", "markdown", ".report.md"], ["#save-csv", "csv", ".report.csv"], ["#save-text", "text", ".report.txt"], ["#save-badge", "badge", ".badge.svg"]]) {
      const { name, body } = await download(visit, button);
      assert.equal(name, `faults.test${end}`);
      const { stdout } = mxray("check", "faults.test", "--offline", "--evidence", evidence, "--anchor", join(folder, "anchor"), "--format", format);
      assert.equal(body.replace(times, "TIME"), stdout.replace(times, "TIME"), format);
    }
    rmSync(folder, { recursive: true });
    await visit.sound();
  }],
  ["a link with the records opens to the same report, and nobody is asked", async ({ open, outside }) => {
    const visit = await open({ hash: "#d=perfect.test&s=mail2026" });
    await visit.done();
    const live = verdicts(await visit.read());
    const plain = await sharedLink(visit);
    assert.ok(plain.length > 500 && plain.length <= 8_000, `${plain.length} characters`);
    assert.match(plain.words, /up to 8000 go through mail and chat/);
    assert.ok(!plain.words.includes("Answers with their signatures") && plain.parts.some((part) => /^Records: \d+$/.test(part)), plain.parts.join());
    const whole = await sharedLink(visit, ["share-signatures", "share-files"]);
    assert.ok(whole.length > plain.length, "signatures take room");
    console.log(`      ${plain.length} characters without signatures, ${whole.length} with`);
    await visit.sound();

    outside.log = [];
    const again = await open({ hash: hashOf(plain.link).replace(/&a=[^&]*/, "") });
    await again.done();
    assert.deepEqual(outside.left, [], "somebody was asked");
    const report = await again.read();
    for (const technology of ["mx", "spf", "dkim", "dmarc", "mta-sts", "tls-rpt"]) assert.equal(report.technologies[technology], live.technologies[technology], technology);
    assert.equal(report.technologies.dnssec, "unknown", "without signatures nothing is proved and nothing is called broken");
    assert.deepEqual(report.findings.filter(({ outcome }) => outcome === "fail"), []);
    assert.match(await again.page.$eval("#from-link", (note) => note.textContent), /rests on \d+ answers that came in the link, taken at 20\d\d-/);
    await again.sound();

    // A fresh check asks again, and the address holds the records no more.
    await again.page.click("#fresh");
    await again.page.waitForFunction(() => !document.querySelector("#from-link"));
    await again.done();
    assert.ok(outside.left.length > 20, "the fresh check asked nobody");
    assert.ok(!(await again.page.evaluate(() => location.hash)).includes("e=1."));
    assert.equal((await again.read()).points, live.points);
  }],
  ["a link with signatures proves DNSSEC again", async ({ open, outside }) => {
    const visit = await open();
    await visit.check("parked.test");
    const live = verdicts(await visit.read());
    const { link, length } = await sharedLink(visit, ["share-signatures"]);
    assert.ok(length > 0, "it does not fit");
    outside.log = [];
    const again = await open({ hash: hashOf(link).replace(/&a=[^&]*/, "") });
    await again.done();
    assert.deepEqual(verdicts(await again.read()), live);
    assert.deepEqual(outside.left, []);
  }],
  ["edits travel in a link, where they are wanted", async ({ open }) => {
    const visit = await open();
    await visit.check("faults.test");
    await visit.page.click("#tech-dmarc [data-what-if='edit']");
    await visit.set("#tech-dmarc textarea", "v=DMARC1; p=quarantine; rua=mailto:a@faults.test");
    await visit.page.waitForFunction(() => document.querySelector("#tech-dmarc")?.textContent.includes("quarantine") && document.querySelector("#what-if"));
    const { link, parts } = await sharedLink(visit);
    assert.ok(parts.includes("Edits: 1"), parts.join());
    const again = await open({ hash: hashOf(link).replace(/&a=[^&]*/, "") });
    await again.done();
    await again.page.waitForSelector("#what-if");
    assert.equal(await again.page.$eval("#tech-dmarc textarea", (area) => area.value), "v=DMARC1; p=quarantine; rua=mailto:a@faults.test");
    const without = await sharedLink(visit, ["share-edits"]);
    assert.ok(!without.parts.some((part) => part.startsWith("Edits")), without.parts.join());
  }],
  ["links that are cut, forged or of another version are refused politely", async ({ open, outside }) => {
    const visit = await open();
    await visit.check("bare.test");
    const { link } = await sharedLink(visit);
    const hash = hashOf(link).replace(/&a=[^&]*/, "");
    for (const [bad, words] of [
      [hash.slice(0, -40), /a part of it is missing or was changed/],
      [hash.replace("e=1.", "e=9."), /another version/],
      [hash.replace("d=bare.test", "d=perfect.test"), /those of bare\.test/],
      [`#d=bare.test&e=1.${"A".repeat(60_001)}`, /60000/],
    ]) {
      outside.log = [];
      const again = await open({ hash: bad });
      await again.page.waitForFunction(() => document.querySelector("#domain-error")?.textContent);
      assert.match((await again.read()).error, words);
      assert.deepEqual(outside.left, [], "a broken link asked somebody");
      assert.equal(await again.state(), "idle");
    }
  }],
  ["what changed since an older file is told in the page", async ({ open }) => {
    const visit = await open();
    await visit.check("perfect.test");
    const { body } = await download(visit, "#save-evidence");
    const older = JSON.parse(body);
    older.taken_at = "2026-01-02T03:04:05Z";
    for (const entry of older.dns) {
      if (entry.name === "_dmarc.perfect.test" && entry.type === "TXT") {
        delete entry.wire;
        Object.assign(entry, { rcode: "NOERROR", answers: ['"v=DMARC1; p=none"'] });
      }
    }
    assert.match(await compareWith(visit, { "same.json": body }), /as before/);
    const told = await compareWith(visit, { "older.json": JSON.stringify(older) });
    for (const words of ["2026-01-02T03:04:05Z →", "DMARC needs attention → in place", "_dmarc.perfect.test TXT: changed", "− v=DMARC1; p=none", "+ v=DMARC1; p=reject"]) {
      assert.ok(told.includes(words), `${words}: ${told}`);
    }
    await visit.sound();
    const two = await compareWith(visit, { "b.json": body, "a.json": JSON.stringify(older) });
    assert.ok(two.includes("DMARC needs attention → in place"), two);
    assert.match(await compareWith(visit, { "other.json": JSON.stringify({ ...older, domain: "other.test" }) }), /is about other\.test/);
    assert.match(await compareWith(visit, { "broken.json": "{" }), /broken\.json/);
    assert.match(await compareWith(visit, { "1.json": body, "2.json": body, "3.json": body }), /these are more/);
    // Dropped on the panel, it is compared; the report above stays.
    await visit.page.evaluate((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "dropped.json"));
      for (const type of ["dragover", "drop"]) document.querySelector("#compare .hint").dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
    }, JSON.stringify(older));
    await visit.page.waitForFunction(() => document.querySelector("#compared").textContent.includes("needs attention → in place"));
    assert.equal((await visit.read()).supplied.length, 0);
  }],
  ["on paper: all of it, nothing cut off, with address and time", async ({ open, out }) => {
    const visit = await open();
    await visit.check("faults.test");
    await visit.page.emulateMediaType("print");
    await visit.page.setViewport({ width: 720, height: 1000 });
    const faults = await visit.page.evaluate(() => {
      const shown = (element) => element.getClientRects().length > 0;
      const cut = [...document.querySelectorAll("main *")].filter((element) => shown(element) && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== "visible" && !element.closest(".visually-hidden") && !element.matches(".visually-hidden, input, canvas, svg, svg *"));
      const wide = [...document.querySelectorAll("main table, main pre, main code")].filter((element) => shown(element) && element.getBoundingClientRect().right > innerWidth + 1);
      const needless = ["#domain", "#share", "#compare", "#spf-box", "#weights", "#save-report", ".copier", "footer.site", ".guide"].filter((selector) => [...document.querySelectorAll(selector)].some(shown));
      const folded = [...document.querySelectorAll("main details:not(.guide)")].filter((details) => shown(details) && ![...details.children].slice(1).some(shown) && details.children.length > 1 && details.lastElementChild.textContent);
      const words = (list) => list.slice(0, 5).map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 60)}`);
      return { cut: words(cut), wide: words(wide), needless, folded: words(folded) };
    });
    assert.deepEqual(faults, { cut: [], wide: [], needless: [], folded: [] });
    const head = await visit.page.$eval("#printed", (head) => ({ text: head.textContent, shown: head.getClientRects().length > 0 }));
    assert.ok(head.shown, "address and time are not printed");
    assert.match(head.text, /judged at 20\d\d-\d\d-\d\dT.*http:\/\/127\.0\.0\.1.*#d=faults\.test/);
    await visit.page.emulateMediaType("screen");
    assert.equal(await visit.page.$eval("#printed", (head) => head.getClientRects().length), 0, "it is for paper alone");
    await visit.page.emulateMediaType("print");
    await visit.page.pdf({ path: join(out, "report.pdf"), format: "A4", printBackground: true, preferCSSPageSize: true });
  }],
];
