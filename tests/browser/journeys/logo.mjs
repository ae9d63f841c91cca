// Logos and Mark Certificates: dropped, judged, drawn, repaired; hostile ones stopped, with the page at ease.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { mxray } from "../lib/cli.mjs";
import { faulty, good, goodSvgz, hostileDrawings, slow, styles } from "../lib/drawings.mjs";
import { choose, download, handOver, longestGap, make } from "../lib/files.mjs";
import { markCertificate } from "../lib/marks.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** Longest time that the page may stand still while a logo is looked at. */
const FROZEN = 200;

/** Drops a file and waits until the lab has said everything. */
async function look(visit, name, body) {
  await choose(visit, name, body);
  return judged(visit, name);
}

/** Waits until the lab has said everything of a logo. */
async function judged(visit, name) {
  await visit.page.waitForSelector(`[data-logo][data-name="${name}"][aria-busy=false]`, { timeout: 60_000 });
  return card(visit, name);
}

/** What the card of a logo says. */
function card(visit, name) {
  return visit.page.$eval(`[data-logo][data-name="${name}"]`, (card) => {
    const clean = (text) => text?.replace(/\s+/g, " ").trim() ?? null;
    return {
      state: card.dataset.logo,
      sentence: clean(card.querySelector(".sentence")?.textContent),
      faults: [...card.querySelectorAll(":scope > .judged [data-rule]")].map((item) => ({
        rule: item.dataset.rule, outcome: item.dataset.outcome, count: Number(item.dataset.count), text: clean(item.textContent),
        places: [...item.querySelectorAll(".places > li")].map((place) => ({ at: place.querySelector(".at").firstChild.data, marked: place.querySelector("mark")?.textContent })),
      })),
      seen: [...card.querySelectorAll("[data-seen]")].map((item) => item.dataset.seen),
      stopped: [...card.querySelectorAll(".stopped")].map((note) => clean(note.textContent)),
      canvases: [...card.querySelectorAll("canvas")].map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return { width: canvas.width, painted: data.some((octet) => octet !== 0) };
      }),
    };
  });
}

const labAsked = (outside) => outside.asked.filter((what) => what.endsWith("/lab_bg.wasm")).length;

/** The drawing itself stands nowhere in the document. */
async function nothingOfIt(visit) {
  const found = await visit.page.evaluate(() => ({
    drawings: [...document.querySelectorAll("svg")].filter((svg) => !svg.matches(".icon, .sprite, .mark, .picture, .ring svg, .bar, .levels svg, #score svg, #tech-spf svg, #tech-dnssec svg")).length,
    pictures: document.querySelectorAll("img, object, embed, iframe").length,
  }));
  assert.deepEqual(found, { drawings: 0, pictures: 0 });
}

/** What the command line says of a file. */
function judgedByCli(body) {
  const folder = mkdtempSync(join(tmpdir(), "mxray-logo-"));
  const path = join(folder, "logo.svg");
  writeFileSync(path, body);
  const { stdout } = mxray("logo", path, "--format", "json");
  rmSync(folder, { recursive: true });
  return JSON.parse(stdout);
}

export const logo = [
  ["a good logo: conforms, drawn in every size, and the lab is fetched when it is needed", async ({ open, outside }) => {
    const visit = await open();
    await visit.page.waitForFunction(() => document.querySelector("#check-logo"), { timeout: 5000 });
    assert.equal(labAsked(outside), 0, "nobody has a logo yet");
    const found = await look(visit, "good.svg", good);
    assert.equal(found.state, "pass", JSON.stringify(found.faults));
    assert.deepEqual(found.faults, []);
    assert.deepEqual(found.stopped, []);
    assert.ok(found.canvases.length >= 20 && found.canvases.every(({ painted }) => painted), "every size is drawn");
    await look(visit, "good.svgz", goodSvgz).then(({ state }) => assert.equal(state, "pass"));
    assert.equal(labAsked(outside), 1, "one worker for both");
    assert.equal(outside.left.length, 0, "a request left the page");
    await nothingOfIt(visit);
    await visit.sound();
  }],
  ["a faulty logo: every place is shown, repaired, and the result is good", async ({ open, outside }) => {
    const visit = await open();
    const found = await look(visit, "faulty.svg", faulty);
    assert.equal(found.state, "fail");
    const rule = found.faults.find(({ places }) => places.some(({ marked }) => marked?.startsWith("style")));
    assert.ok(rule, JSON.stringify(found.faults));
    for (const at of styles) assert.ok(found.faults.some(({ places }) => places.some((place) => place.at === at)), `${at} is not shown`);
    const order = found.faults.map(({ outcome }) => outcome);
    assert.deepEqual(order, [...order].sort(), "errors come first");
    // The repair, with a title.
    await visit.page.type("[data-name='faulty.svg'] .repair input", "Acme & Sons");
    await visit.page.click("[data-name='faulty.svg'] .repairer");
    await visit.page.waitForSelector("[data-name='faulty.svg'] .repaired", { timeout: 10_000 });
    const repaired = await visit.page.$eval("[data-name='faulty.svg'] .repaired", (outcome) => ({
      conforms: outcome.dataset.conforms, percent: Number(outcome.querySelector("[data-percent]").dataset.percent),
      changes: outcome.querySelectorAll(".changes li").length, pictures: outcome.querySelectorAll(".pictures canvas").length,
    }));
    assert.equal(repaired.conforms, "true");
    assert.ok(repaired.percent <= 1, `${repaired.percent} %`);
    assert.ok(repaired.changes > 0);
    assert.equal(repaired.pictures, 3);
    const saved = await download(visit, "[data-name='faulty.svg'] .saver");
    assert.equal(saved.name, "faulty-tiny-ps.svg");
    const verdict = judgedByCli(saved.body);
    assert.equal(verdict.conforms, true, JSON.stringify(verdict.faults));
    assert.equal(verdict.schema_valid, true);
    assert.match(saved.body, /<title>Acme &amp; Sons<\/title>/);
    assert.equal(outside.left.length, 0, "a request left the page");
    await nothingOfIt(visit);
    await visit.sound();
  }],
  ["hostile logos leave the page at ease and say which limit was hit", async ({ open, outside }) => {
    const visit = await open();
    await look(visit, "first.svg", good);
    for (const [name, body] of Object.entries(hostileDrawings)) {
      await visit.page.$$eval("#supplied button", (buttons) => buttons.forEach((button) => button.click()));
      // Making the file inside the page is not the page's own work: only what follows is measured.
      await make(visit, name, body);
      const gap = await longestGap(visit, async () => {
        await handOver(visit);
        await judged(visit, name);
      });
      const found = await card(visit, name);
      assert.notEqual(found.state, "pass", `${name} is without fault`);
      assert.ok(found.stopped.length + found.faults.length > 0, `${name}: no word of a limit`);
      const said = [...found.stopped, ...found.faults.map(({ text }) => text)].join(" ");
      assert.match(said, /more than|at most|longer than|larger|deep|limit|too (many|large|long|much)|entit|DOCTYPE|\d{2,}/i, `${name}: ${said}`);
      console.log(`      ${name}: ${Math.round(gap)} ms; ${said.slice(0, 150)}`);
      assert.ok(gap < FROZEN, `${name}: the page stood still for ${Math.round(gap)} ms`);
    }
    const after = await look(visit, "last.svg", good);
    assert.equal(after.state, "pass", "the lab works on");
    assert.equal(outside.left.length, 0, "a request left the page");
    await visit.sound({ audit: false });
  }],
  ["a logo that takes too long is stopped, and another lab works on", async ({ open, outside }) => {
    const visit = await open();
    // A lab that never answers its second task stands in for a drawing that nobody has found yet.
    await visit.page.evaluateOnNewDocument(() => {
      window.Worker = class extends Worker {
        constructor(script, options) {
          super(script, options);
          this.isLab = String(script).includes("lab");
        }
        postMessage(...words) {
          // Whatever the other workers are told meanwhile arrives.
          if (this.isLab && window.swallow && window.swallow-- > 0) return undefined;
          return super.postMessage(...words);
        }
      };
    });
    // The lab may be at work by now: the page begins again, with every worker of this kind.
    await visit.page.reload({ waitUntil: "load" });
    await visit.ready();
    await look(visit, "first.svg", good);
    await choose(visit, "stuck.svg", good);
    await visit.page.waitForSelector("[data-name='stuck.svg'][aria-busy=false]");
    await visit.page.evaluate(() => (window.swallow = 1));
    await visit.page.click("[data-name='stuck.svg'] .repairer");
    await visit.page.waitForSelector("[data-name='stuck.svg'] .outcome .stopped", { timeout: 5000 });
    const said = await visit.page.$eval("[data-name='stuck.svg'] .outcome .stopped", (note) => note.textContent);
    assert.match(said, /longer than 2 seconds and was stopped/);
    await visit.page.click("[data-name='stuck.svg'] .repairer");
    await visit.page.waitForSelector("[data-name='stuck.svg'] .repaired", { timeout: 10_000 });
    assert.ok(labAsked(outside) <= 2);
    await visit.sound({ audit: false });
  }],
  ["a logo of filters over filters ends: drawn, or stopped", async ({ open }) => {
    const visit = await open();
    const gap = await longestGap(visit, () => look(visit, "slow.svg", slow));
    assert.ok(gap < FROZEN, `the page stood still for ${Math.round(gap)} ms`);
    assert.equal((await card(visit, "slow.svg")).state, "fail");
    assert.equal((await look(visit, "next.svg", good)).state, "pass");
    await visit.sound({ audit: false });
  }],
  ["a logo in a Mark Certificate: the card, rule by rule, and the logo taken out of it", async ({ open, outside }) => {
    const visit = await open();
    await visit.type("perfect.test");
    await choose(visit, "mark.pem", markCertificate("perfect.test", good));
    await visit.page.waitForSelector(".mark-card[data-mark=fail]", { timeout: 10_000 });
    const found = await visit.page.$eval(".mark-card", (card) => ({
      text: card.textContent.replace(/\s+/g, " "),
      reasons: Object.fromEntries([...card.querySelectorAll("[data-reason]")].map((item) => [item.dataset.reason, item.dataset.outcome])),
      failed: [...card.querySelectorAll("[data-outcome=fail]")].map((item) => item.dataset.reason),
      chain: card.querySelectorAll(".certificates > li").length,
      outline: card.querySelector(".outline").textContent,
      commands: [...card.querySelectorAll("[data-reason=revocation] .copier")].map((button) => button.dataset.copy),
    }));
    for (const part of ["Registered Mark", "perfect.test", "Acme GmbH", "Mark Authority", "VMC"]) assert.ok(found.text.includes(part), `${part} is missing`);
    assert.deepEqual(found.failed.sort(), ["sct-missing", "untrusted-root"]);
    assert.ok(Object.values(found.reasons).filter((outcome) => outcome === "pass").length >= 5, JSON.stringify(found.reasons));
    assert.equal(found.chain, 3);
    assert.match(found.outline, /SEQUENCE/);
    assert.match(found.commands.join(), /^curl -sS -o list\.crl 'http:\/\/crl\.mark\.test\/mark\.crl' && openssl crl/);
    const embedded = await judged(visit, "logo in the certificate");
    assert.equal(embedded.state, "pass");
    assert.ok(embedded.canvases.every(({ painted }) => painted));
    assert.equal(await visit.page.$eval("#providers [data-provider=gmail]", (row) => row.dataset.shows), "absent", "a certificate that does not hold helps nobody");
    assert.equal(outside.left.length, 0, "a request left the page");
    await nothingOfIt(visit);
    await visit.sound();
  }],
  ["a logo beside real Mark Certificates: the card of each", async ({ open }) => {
    const folder = resolve(root, process.env.MXRAY_CORPORA ?? "../shared/corpora", "vmc");
    if (!existsSync(folder)) return console.log(`      left out: there is no ${folder}`);
    const visit = await open();
    for (const name of readdirSync(folder).filter((name) => name.endsWith(".pem"))) {
      const pem = readFileSync(join(folder, name), "utf8");
      const path = join(folder, name);
      const native = JSON.parse(mxray("vmc", path, "--format", "json").stdout);
      await choose(visit, name, pem);
      await visit.page.waitForFunction((name) => [...document.querySelectorAll(".mark-card")].some((card) => card.textContent.includes(name) && /pass|fail/.test(card.dataset.mark)), { timeout: 10_000 }, name);
      const [mark, reasons] = await visit.page.$$eval(".mark-card", (cards, name) => {
        const card = cards.find((card) => card.textContent.includes(name));
        return [card.dataset.mark, [...card.querySelectorAll("[data-reason]")].map((item) => [item.dataset.reason, item.dataset.outcome])];
      }, name);
      assert.equal(mark, native.valid ? "pass" : "fail", name);
      assert.deepEqual(reasons, native.reasons.map(({ id, outcome }) => [id, outcome]), name);
    }
    await visit.sound({ audit: false });
  }],
  ["a check fetches logo and certificate, judges them, and shows both", async ({ open, outside }) => {
    const visit = await open();
    await visit.check("bücher.test");
    const found = await judged(visit, "logo of the domain");
    assert.equal(found.state, "fail");
    assert.ok(found.faults.some(({ places }) => places.some(({ marked }) => marked === 'style="fill:#612"')), JSON.stringify(found.faults));
    assert.equal((await judged(visit, "logo in the certificate")).state, "pass");
    assert.equal(await visit.page.$eval(".mark-card", (card) => card.dataset.mark), "fail");
    const report = await visit.read();
    const ids = report.findings.filter(({ outcome }) => outcome === "fail").map(({ id }) => id);
    for (const id of ["bimi.logo-fault", "bimi.certificate-invalid", "bimi.dmarc-not-enforcing"]) assert.ok(ids.includes(id), id);
    assert.equal(await visit.page.$("#unread-logo, #unread-certificate"), null);
    const asked = outside.log.filter(({ host }) => host === "brand.xn--bcher-kva.test").map(({ path }) => path);
    assert.deepEqual(asked.sort(), ["/logo.svg", "/mark.pem"]);
    await nothingOfIt(visit);
    await visit.sound();
  }],
  ["a host without CORS: what a picture proves, and the files can be handed over", async ({ open, outside }) => {
    outside.switches.set("brand.xn--bcher-kva.test", { noCors: true });
    const visit = await open();
    await visit.check("bücher.test");
    await visit.page.waitForSelector("#unread-logo[data-grade=displayed]", { timeout: 10_000 });
    assert.match(await visit.page.$eval("#unread-logo .proof", (proof) => proof.textContent), /As a picture it loads/);
    assert.equal(await visit.page.$eval("#unread-certificate a", (link) => link.href), "https://brand.xn--bcher-kva.test/mark.pem");
    const report = await visit.read();
    const outcome = (id) => report.findings.find((finding) => finding.id === id)?.outcome;
    assert.equal(outcome("bimi.logo-unread"), "unknown");
    assert.equal(outcome("bimi.certificate-unread"), "unknown");
    await choose(visit, "logo.svg", good);
    await visit.page.waitForFunction(() => document.querySelector("#main").dataset.state === "done" && document.querySelector("[data-finding='bimi.logo']"), { timeout: 15_000 });
    assert.equal(await visit.page.$("#unread-logo"), null, "the file stands for the one that could not be read");
    await nothingOfIt(visit);
    await visit.sound({ audit: false });
  }],
  ["logos at three widths, light and dark", async ({ open, out }) => {
    for (const [width, height] of [[360, 740], [768, 1024], [1280, 900]]) {
      for (const scheme of ["light", "dark"]) {
        const visit = await open({ viewport: { width, height } });
        await visit.scheme(scheme);
        await look(visit, "faulty.svg", faulty);
        await visit.page.click("[data-name='faulty.svg'] .repairer");
        await visit.page.waitForSelector("[data-name='faulty.svg'] .repaired", { timeout: 10_000 });
        await choose(visit, "mark.pem", markCertificate("perfect.test", good));
        await judged(visit, "logo in the certificate");
        const wide = await visit.page.evaluate(() => document.scrollingElement.scrollWidth);
        assert.ok(wide <= width, `${wide} px`);
        await visit.page.screenshot({ path: join(out, `logo-${width}-${scheme}.png`), fullPage: true });
        assert.deepEqual(visit.errors, []);
        await visit.close();
      }
    }
  }],
];
