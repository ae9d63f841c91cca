// The page in other languages: which one it speaks, that all of it changes while it is open, and that English is always there.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { kept, withHost } from "../lib/host.mjs";
import { supply } from "../lib/files.mjs";
import { zoneFile } from "../lib/supplies.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const text = (page, selector) => page.$eval(selector, (element) => element.textContent.replace(/\s+/g, " ").trim());
const language = (page) => page.$eval("html", (html) => html.lang);
const { po } = await import(pathToFileURL(createRequire(join(root, ".tools/package.json")).resolve("gettext-parser")).href);
const catalog = po.parse(readFileSync(join(root, "www/words/de.po"))).translations[""];
/** An English sentence, and what the German catalog makes of it. */
const said = (english) => ({ en: english, de: catalog[english].msgstr[0] });
const words = Object.fromEntries(Object.entries({
  h1: "See how well a domain’s mail is protected", matrix: "Priority matrix", checks: "What it checks", good: "In place", enforced: "The policy is enforced",
}).map(([name, english]) => [name, said(english)]));

async function choose(page, value) {
  await page.select("#language", value);
  await page.waitForFunction((value) => document.documentElement.lang === value, {}, value);
}

async function reload(page) {
  await page.reload({ waitUntil: "load" });
  await page.waitForSelector("html[data-started] main#main[data-state]");
}

/** What must be the same in every language. */
const contract = ({ state, points, grade, technologies, checklist, findings, marks, records }) => ({
  state, points, grade, technologies, checklist, marks, records, findings: findings.map(({ id, outcome, technology }) => [id, outcome, technology]),
});

/** Answers for a catalog in the place of the site. */
function answerWords(page, status, body) {
  return page.evaluateOnNewDocument((status, octets) => {
    const real = window.fetch;
    window.fetch = (address, ...rest) => {
      const isCatalog = /\/words\/\w+\.mo$/.test(new URL(address instanceof Request ? address.url : address, document.baseURI).pathname);
      return isCatalog ? Promise.resolve(new Response(new Uint8Array(octets), { status })) : real(address, ...rest);
    };
  }, status, [...body]);
}

export const languages = [
  ["words: English asks for no catalog, and the language of the browser, of the choice and of the address count in this order", async ({ open, outside }) => {
    const visit = await open();
    const { page } = visit;
    assert.equal(await language(page), "en");
    assert.equal(await text(page, "h1"), words.h1.en);
    assert.ok(!visit.requests.some((url) => url.includes("/words/")), "a catalog was fetched");

    // Of the browser.
    await page.evaluateOnNewDocument(() => Object.defineProperty(Navigator.prototype, "languages", { get: () => ["fr-CA", "de-AT", "es"] }));
    await reload(page);
    assert.equal(await language(page), "de");
    assert.equal(await text(page, "h1"), words.h1.de);
    assert.equal(await page.$eval("#language", (select) => select.value), "de");

    // Of the choice, by the keyboard, kept over a reload.
    await page.focus("#language");
    await page.keyboard.type("English");
    await page.waitForFunction(() => document.documentElement.lang === "en");
    assert.equal(await text(page, "h1"), words.h1.en);
    await reload(page);
    assert.equal(await language(page), "en");

    // Of the address, which follows what is chosen then.
    await page.goto(`${outside.url}?lang=de`, { waitUntil: "load" });
    await visit.ready();
    assert.equal(await language(page), "de");
    await choose(page, "en");
    assert.equal(new URL(page.url()).searchParams.get("lang"), "en");
    const box = await page.$eval("#language", (select) => select.getBoundingClientRect().toJSON());
    assert.ok(box.width >= 44 && box.height >= 44, JSON.stringify(box));
    await visit.sound();
  }],

  ["words: a check in German says the same as in English, and follows a change of the language without a look-up", async ({ open, outside }) => {
    const english = await open();
    await english.check("perfect.test");
    const expected = await english.read();
    assert.equal(await text(english.page, "#matrix-title"), words.matrix.en);

    const visit = await open({ base: `${outside.url}?lang=de` });
    const { page } = visit;
    assert.ok(visit.requests.some((url) => url.endsWith("/words/de.mo")));
    await visit.check("perfect.test");
    const report = await visit.read();
    assert.deepEqual(contract(report), contract(expected));
    assert.equal(await text(page, "#matrix-title"), words.matrix.de);
    assert.equal(await text(page, "#tech-mta-sts .status"), words.good.de);
    assert.equal(await text(page, "header.site nav a"), words.checks.de);
    const title = (report, id) => report.findings.find((finding) => finding.id === id)?.text ?? "";
    assert.match(title(expected, "mta-sts.mode"), RegExp(words.enforced.en));
    assert.match(title(report, "mta-sts.mode"), RegExp(words.enforced.de));
    await visit.sound();

    // While it is open.
    const left = outside.left.length;
    await choose(page, "en");
    await visit.done();
    assert.equal(await text(page, "#matrix-title"), words.matrix.en);
    assert.equal(await text(page, "header.site nav a"), words.checks.en);
    const again = await visit.read();
    assert.deepEqual(contract(again), contract(expected));
    assert.match(title(again, "mta-sts.mode"), RegExp(words.enforced.en));
    await choose(page, "de");
    await visit.done();
    assert.match(title(await visit.read(), "mta-sts.mode"), RegExp(words.enforced.de));
    assert.equal(outside.left.length, left, "a change of the language asked somebody");
    await visit.sound();
  }],

  ["words: a catalog that is not there, or broken, leaves the page in English and says so", async ({ open, outside }) => {
    const broken = [[404, ""], [200, "<!doctype html><title>Not found</title>"], [200, Buffer.from("de120495000000000200ffff", "hex")]];
    for (const [status, body] of broken) {
      const visit = await open();
      await answerWords(visit.page, status, Buffer.from(body));
      await visit.page.goto(`${outside.url}?lang=de`, { waitUntil: "load" });
      await visit.ready();
      assert.equal(await language(visit.page), "en");
      assert.equal(await text(visit.page, "h1"), words.h1.en);
      assert.match(await text(visit.page, "#language-trouble:not([hidden])"), /could not be loaded/);
      await visit.set("#anchors", outside.anchor);
      await visit.check("bare.test");
      assert.equal((await visit.read()).state, "done");
      await visit.page.select("#language", "en");
      await visit.page.waitForSelector("#language-trouble", { hidden: true });
      await visit.sound();
    }
  }],

  ["words: nothing that the page says is said without the catalog", async ({ open, outside }) => {
    const folder = mkdtempSync(join(tmpdir(), "mxray-words-"));
    const file = join(folder, "pseudo.mo");
    execFileSync("node", [join(root, ".ci/words.mjs"), "pseudo", file]);
    const body = readFileSync(file);
    rmSync(folder, { recursive: true });
    const visit = await open();
    await answerWords(visit.page, 200, body);
    await visit.page.goto(`${outside.url}?lang=de`, { waitUntil: "load" });
    await visit.ready();
    await visit.set("#anchors", outside.anchor);
    // Faults of every kind: a record that the page edits, reads and marks.
    await visit.check("faults.test");
    await visit.openAll();
    await visit.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
    const bare = await visit.page.evaluate(() => {
      const found = new Set();
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      // Sentences with code in them stand in several nodes: their paragraph is looked at as a whole. Sentences stand in sentences.
      const blocks = new Set();
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.parentElement.closest("pre, script, style, noscript, textarea, #language, svg, #crash, [hidden], .facts")) blocks.add(node.parentElement.closest("p, li, dd, dt, td, th, summary, h1, h2, h3, h4, label, figcaption, button, legend, header, div, section, body"));
      }
      for (const block of blocks) {
        const copy = block.cloneNode(true);
        for (const inner of copy.querySelectorAll("p, li, dd, dt, td, th, summary, h1, h2, h3, h4, label, figcaption, button, ul, ol, dl, table, details, code, pre, svg, textarea, select, .owner, .type, .ascii, bdi, .brand, .domain, a[rel], .tag")) inner.replaceWith(" ");
        let words = copy.textContent;
        for (let before; before !== words; ) [before, words] = [words, words.replace(/⟦[^⟦⟧]*⟧/g, " ")];
        words = words.trim();
        if (/\p{L}{3,} \p{L}{2,}/u.test(words)) found.add(words.slice(0, 90));
      }
      return [...found];
    });
    // What is neither a sentence of ours nor one that could be translated: names, records, and what resolvers and web servers say.
    const others = bare.filter((words) => !KNOWN_AS_THEY_ARE.test(words));
    assert.deepEqual(others, []);
  }],

  withHost("words: without a network the page speaks the language that it spoke with one", async ({ open, host }) => {
    host.serve(host.version("one"));
    const visit = await open({ base: `${host.url}?lang=de`, keeps: true });
    await kept(visit.page);
    host.vanish();
    await reload(visit.page);
    assert.equal(await text(visit.page, "h1"), words.h1.de);
    await visit.page.$eval("#offline", (box) => box.click());
    await supply(visit, { "perfect.zone": zoneFile("perfect.test") });
    await visit.check("perfect.test");
    assert.equal(await text(visit.page, "#matrix-title"), words.matrix.de);
    await choose(visit.page, "es");
    assert.equal(await language(visit.page), "es");
  }),
];

const KNOWN_AS_THEY_ARE = /^(?:Let’s Encrypt|Google Workspace)|^[\w.-]+ (?:A|AAAA|CAA|DNSKEY|DS|MX|NS|SOA|TLSA|TXT)$/;
