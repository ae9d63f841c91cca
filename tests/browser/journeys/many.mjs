// Many domains: the list is read, fills, sorts, filters, stops and goes on, outlives a reload, is saved and compared.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RESOLVERS } from "../lib/front.mjs";

const FIVE = ["perfect.test", "bare.test", "parked.test", "faults.test", "bücher.test"];
const names = (from, to) => Array.from({ length: to - from }, (_, n) => `d${from + n}.many.test`);

/** The page with the list open, and the root's key in its field. */
async function openMany(open, outside, more = {}) {
  const visit = await open(more);
  await visit.page.click("#check-many");
  await visit.page.waitForSelector("#many:not([hidden]) #list");
  return visit;
}

async function add(visit, text, wait = true) {
  await visit.page.$eval("#list", (field, value) => (field.value = value), text);
  await visit.page.click("#list-read");
  if (wait) await visit.page.waitForSelector("#rows tbody tr");
}

const number = (visit, name) => visit.page.$eval("#many", (section, key) => Number(section.dataset[key]), name);
const finished = (visit, timeout = 60_000) => visit.page.waitForSelector("#many[data-state=idle]:not([data-done='0'])", { timeout });
const atLeast = (visit, done, timeout = 60_000) => visit.page.waitForFunction((least) => Number(document.querySelector("#many").dataset.done) >= least, { timeout }, done);
/** The rows as they are shown: domain, grade, score, and the word of each technology. */
const shown = (visit) => visit.page.$$eval("#rows tbody tr", (rows) => rows.map((row) => [row.dataset.domain, ...[...row.querySelectorAll("td")].map((cell) => cell.textContent.trim())]));
const domains = async (visit) => (await shown(visit)).map(([domain]) => domain);
const sort = (visit, title) => visit.page.evaluate((words) => [...document.querySelectorAll("#rows thead button")].find((button) => button.textContent === words).click(), title);
const settle = (visit) => visit.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** What a press on a button saves. */
async function saved(visit, button, browser) {
  const folder = mkdtempSync(join(tmpdir(), "mxray-saved-"));
  const client = await visit.page.createCDPSession();
  await client.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder, browserContextId: visit.context.id });
  await visit.page.click(button);
  let file;
  for (let tries = 0; tries < 100 && !file; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    file = readdirSync(folder).find((name) => name.startsWith("mxray-list") && !name.endsWith(".crdownload"));
  }
  const text = readFileSync(join(folder, file), "utf8");
  rmSync(folder, { recursive: true });
  return text;
}

export const many = [
  ["many domains: a list is read, fills, and each row is the report in short", async ({ open, outside }) => {
    const visit = await openMany(open, outside);
    await add(visit, `# ours\n${FIVE.join("\n")}\nno domain\nPERFECT.test.\n`);
    assert.equal(await visit.page.$eval("#list-read-as", (element) => element.textContent), "Read as one domain a line: 5 domains added, 1 line there already, 1 line without a domain.");
    assert.match(await visit.page.$eval("#list-refused", (list) => list.textContent), /Line 7, “no domain”: A domain has no spaces/);
    assert.equal(await visit.page.$eval("#many", (section) => section.dataset.state), "idle");
    assert.deepEqual(outside.left, [], "nothing is asked before the checks start");
    await visit.page.click("#list-start");
    await finished(visit);
    const rows = await shown(visit);
    assert.deepEqual(rows.map(([domain]) => domain), ["perfect.test", "bare.test", "parked.test", "faults.test", "xn--bcher-kva.test"]);
    const [perfect, bare, parked] = rows;
    assert.deepEqual(perfect.slice(2, 7), ["100", "In place", "In place", "In place", "In place"]);
    assert.deepEqual([bare[1], bare[4]], ["F", "Not there"]);
    assert.deepEqual([parked[2], parked[10]], ["100", "Not needed"]);
    assert.match(await visit.page.$eval("tr[data-domain='xn--bcher-kva.test'] th", (cell) => cell.textContent), /^bücher\.test/);
    assert.ok(!(await visit.page.evaluate(() => location.href)).includes("bare"), "the list is not in the address");
    await visit.sound();
  }],
  ["many domains: a row opens the whole report, which says the same, and the way leads back", async ({ open, outside }) => {
    const visit = await openMany(open, outside);
    await add(visit, FIVE.join("\n"));
    await visit.page.click("#list-start");
    await finished(visit);
    const [, row] = await shown(visit);
    await visit.page.click("tr[data-domain='bare.test'] a");
    await visit.done();
    const report = await visit.read();
    assert.deepEqual([report.grade, report.points], [row[1], row[2]]);
    assert.ok(await visit.page.$eval("#many", (section) => section.hidden));
    await visit.page.click("#back-to-list");
    await visit.page.waitForSelector("#many:not([hidden]) #rows");
    assert.equal((await shown(visit)).length, 5);
    await visit.page.goBack();
    await visit.done();
    await visit.page.goBack();
    await visit.page.waitForSelector("#many:not([hidden]) #rows");
    await visit.sound({ audit: false });
  }],
  ["many domains: sorts, filters, turns pages", async ({ open, outside }) => {
    const visit = await openMany(open, outside);
    await add(visit, [...FIVE, ...names(0, 12)].join("\n"));
    await visit.page.click("#list-start");
    await finished(visit, 90_000);
    // These wait: what is not known comes last in every order but that of names.
    await add(visit, names(900, 948).join("\n"));
    await visit.page.waitForFunction(() => document.querySelector("#many").dataset.domains === "65");
    assert.equal((await domains(visit)).length, 50);
    assert.equal(await visit.page.$eval("#list-page", (element) => element.textContent), "Page 1 of 2");
    await visit.page.click("#list-next");
    await settle(visit);
    assert.equal((await domains(visit)).length, 15);
    await sort(visit, "Domain");
    await settle(visit);
    const [first, second] = await domains(visit);
    assert.deepEqual([first, second], ["bare.test", "d0.many.test"]);
    await sort(visit, "Domain");
    await settle(visit);
    assert.equal((await domains(visit))[0], "xn--bcher-kva.test");
    await sort(visit, "Score");
    await settle(visit);
    const sorted = await shown(visit);
    assert.equal(sorted.at(-1)[1], "Waiting");
    const scores = sorted.filter((row) => row.length > 2).map((row) => Number(row[2]));
    assert.equal(scores.length, 17);
    assert.deepEqual(scores, [...scores].sort((a, b) => a - b));
    assert.equal(await visit.page.$eval("#rows th[aria-sort=ascending]", (cell) => cell.textContent), "Score");
    await visit.set("#list-contains", "MANY.test");
    await visit.page.select("#list-technology", "1");
    await visit.page.select("#list-show", "absent");
    await settle(visit);
    const absent = await shown(visit);
    assert.equal(absent.length, 3, "every fourth has no SPF");
    for (const row of absent) assert.ok(row[0].endsWith("many.test") && row[4] === "Not there", row.join());
    assert.equal(await visit.page.$eval("#list-shown", (element) => element.textContent), "3 rows shown");
    await visit.sound();
  }],
  ["many domains: what is saved is what is shown, and a later run is compared with it", async ({ open, outside, browser }) => {
    const visit = await openMany(open, outside);
    await add(visit, FIVE.join("\n"));
    await visit.page.click("#list-start");
    await finished(visit);
    await sort(visit, "Score");
    await visit.page.select("#list-show", "fail");
    await settle(visit);
    const rows = await shown(visit);
    assert.ok(rows.length > 0 && rows.length < 5, `${rows.length} rows have something broken`);
    const csv = (await saved(visit, "#list-csv", browser)).trim().split("\r\n").map((line) => line.split(","));
    assert.deepEqual(csv[0].slice(0, 12), ["domain", "grade", "points", "mx", "spf", "dkim", "dmarc", "mta-sts", "tls-rpt", "bimi", "dane", "dnssec"]);
    assert.deepEqual(csv.slice(1).map(([domain, grade, points]) => [domain, grade, points]), rows.map(([domain, grade, points]) => [domain, grade, points]));
    await visit.page.select("#list-show", "");
    await settle(visit);
    const json = JSON.parse(await saved(visit, "#list-json", browser));
    assert.equal(json.length, 5);
    const perfect = json.find(({ domain }) => domain === "perfect.test");
    assert.deepEqual([perfect.format, perfect.points, perfect.technologies.spf], ["mxray-summary/1", 100, "pass"]);
    // An earlier run in which one domain stood otherwise, one was not there, and one is gone since.
    const earlier = json.filter(({ domain }) => domain !== "parked.test").map((row) => (row.domain === "bare.test" ? { ...row, grade: "B", technologies: { ...row.technologies, spf: "pass" } } : row));
    const file = join(tmpdir(), `mxray-earlier-${process.pid}.json`);
    writeFileSync(file, earlier.concat({ ...perfect, domain: "gone.test" }).map((row) => JSON.stringify(row)).join("\n"));
    await (await visit.page.$("#list-earlier")).uploadFile(file);
    await visit.page.waitForFunction(() => document.querySelector("#list-compared").textContent.includes("5 domains, of which 1 are not in this list"));
    await visit.page.select("#list-show", "changed");
    await settle(visit);
    const changed = Object.fromEntries((await shown(visit)).map((row) => [row[0], row.at(-1)]));
    assert.deepEqual(Object.keys(changed).sort(), ["bare.test", "parked.test"]);
    assert.match(changed["bare.test"], /Grade: B → F.*SPF: In place → Not there/);
    assert.equal(changed["parked.test"], "New");
    writeFileSync(file, "no run at all");
    await (await visit.page.$("#list-earlier")).uploadFile(file);
    await visit.page.waitForFunction(() => /holds no earlier run/.test(document.querySelector("#list-error").textContent));
    rmSync(file);
    await visit.sound();
  }],
  ["many domains: stop and go on, a reload in mid-list, nothing asked twice", async ({ open, outside }) => {
    for (const host of RESOLVERS) outside.switches.set(host, { delay: 15 });
    const visit = await openMany(open, outside);
    await add(visit, names(0, 24).join("\n"));
    await visit.page.click("#list-start");
    await atLeast(visit, 4);
    await visit.page.click("#list-stop");
    await visit.page.waitForSelector("#many[data-state=idle]");
    const stopped = await number(visit, "done");
    await new Promise((resolve) => setTimeout(resolve, 700));
    const asked = outside.left.length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(outside.left.length, asked, "nothing is asked while it is stopped");
    assert.equal(await number(visit, "done"), stopped);
    assert.ok(stopped < 24);
    assert.equal(await visit.page.$eval("#list-start", (button) => button.textContent.trim()), "Go on");
    await visit.page.click("#list-start");
    await atLeast(visit, stopped + 3);
    const kept = await visit.page.$$eval("tr[data-state=done]", (rows) => rows.map((row) => row.dataset.domain));
    const before = outside.left.length;
    await visit.page.reload({ waitUntil: "load" });
    await visit.ready();
    await visit.set("#anchors", outside.anchor);
    await visit.page.waitForSelector("#many:not([hidden]) #rows");
    assert.equal(await number(visit, "domains"), 24);
    assert.ok(await number(visit, "done") >= stopped + 3, "what was done is kept");
    // It ran when the page was left, so it goes on by itself.
    await visit.page.waitForFunction(() => Number(document.querySelector("#many").dataset.done) === 24, { timeout: 60_000 });
    assert.equal((await domains(visit)).length, 24);
    const again = outside.left.slice(before).map(({ query }) => query?.question.name).filter((name) => kept.includes(name));
    assert.deepEqual(again, [], "what was done is not asked again");
    await visit.page.click("#list-clear");
    await visit.page.waitForFunction(() => Object.keys(sessionStorage).length === 0, { timeout: 5000 });
    await visit.sound({ audit: false });
  }],
  ["many domains: a resolver that is gone stops the list, and it is no fault of the domains", async ({ open, outside }) => {
    for (const host of RESOLVERS) outside.switches.set(host, { refuse: true });
    const visit = await openMany(open, outside);
    await add(visit, names(0, 30).join("\n"));
    await visit.page.click("#list-start");
    await visit.page.waitForFunction(() => /has? stopped|have stopped/.test(document.querySelector("#list-error").textContent), { timeout: 90_000 });
    assert.equal(await visit.page.$eval("#many", (section) => section.dataset.state), "idle");
    assert.ok(await number(visit, "done") < 30);
    assert.match(await visit.page.$eval("tr[data-state=failed]", (row) => row.textContent), /No resolver answered/);
    outside.switches.clear();
    await visit.page.click("#list-again");
    await visit.page.click("#list-start");
    await visit.page.waitForFunction(() => Number(document.querySelector("#many").dataset.done) === 30, { timeout: 60_000 });
    assert.equal((await visit.page.$$("tr[data-state=failed]")).length, 0);
    await visit.sound({ audit: false, networkErrors: true });
  }],
  ["many domains: a CSV, pasted cells, a dropped zone file; what is no list is said", async ({ open, outside }) => {
    const visit = await openMany(open, outside);
    await add(visit, "customer,domain\n\"A, Ltd\",a.many.test\nB,b.many.test\n");
    assert.match(await visit.page.$eval("#list-read-as", (element) => element.textContent), /Read as a table, column “domain”: 2 domains/);
    await add(visit, "1\tc.many.test\n2\td.many.test");
    await visit.page.waitForFunction(() => document.querySelector("#many").dataset.domains === "4");
    await visit.page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["$ORIGIN zone.test.\n@ IN SOA a b 1 2 3 4 5\nshop MX 10 mx\nwww A 192.0.2.1\n"], "zone.txt"));
      document.querySelector("footer").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await visit.page.waitForFunction(() => document.querySelector("#many").dataset.domains === "6");
    assert.equal((await visit.page.$$("#supplied li")).length, 0, "a list is no evidence");
    assert.deepEqual(await domains(visit), ["a.many.test", "b.many.test", "c.many.test", "d.many.test", "zone.test", "shop.zone.test"]);
    for (const [text, words] of [["PK\u0003\u0004", /spreadsheet file/], ["", /the list is empty/], ["when,what\nnow,that", /no column holds domains/], ["{}", /JSON/]]) {
      await add(visit, text, false);
      await visit.page.waitForFunction((source) => new RegExp(source).test(document.querySelector("#list-error").textContent), { timeout: 5000 }, words.source);
    }
    assert.deepEqual(outside.left, []);
    await visit.sound({ audit: false });
  }],
  ["many domains: hostile lists are cut at named limits and never freeze the page", async ({ open, outside }) => {
    const visit = await openMany(open, outside);
    const longest = await visit.page.evaluate(async () => {
      const lists = ["a".repeat(11 << 20), "no domain at all\n".repeat(500_000), Array.from({ length: 200_000 }, (_, n) => `x${n}.test`).join("\n")];
      const files = lists.map((text) => new File([text], "list.txt"));
      // What this has cost is none of the page's.
      await new Promise((resolve) => setTimeout(resolve, 500));
      let most = 0;
      new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (most = Math.max(most, duration)))).observe({ entryTypes: ["longtask"] });
      const drop = (file) => {
        const data = new DataTransfer();
        data.items.add(file);
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      };
      const said = (words) => new Promise((resolve, reject) => {
        const started = Date.now();
        const look = () => {
          const text = document.querySelector("#list-read-as").textContent + document.querySelector("#list-error").textContent;
          if (words.test(text)) resolve();
          else if (Date.now() - started > 60_000) reject(new Error(text));
          else setTimeout(look, 20);
        };
        look();
      });
      drop(files[0]);
      await said(/larger than 10 MB/);
      drop(files[1]);
      await said(/200000 lines; the rest was left out/);
      drop(files[2]);
      await said(/10000 domains on/);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return most;
    });
    assert.equal(await number(visit, "domains"), 10_000);
    console.log(`      longest task ${Math.round(longest)} ms`);
    assert.ok(longest < 250, `a task took ${longest} ms`);
    await visit.sound({ audit: false });
  }],
  ["many domains: by keyboard alone, on 360 and 1280 px, light and dark", async ({ open, outside, out }) => {
    for (const [width, height] of [[360, 740], [768, 1024], [1280, 900]]) {
      const visit = await openMany(open, outside, { viewport: { width, height } });
      await visit.page.focus("#list");
      await visit.page.keyboard.type(FIVE.slice(0, 4).join("\n"));
      await visit.page.keyboard.press("Tab");
      await visit.page.keyboard.press("Enter");
      await visit.page.waitForSelector("#list-start");
      for (let presses = 0; presses < 12 && (await visit.page.evaluate(() => document.activeElement.id)) !== "list-start"; presses += 1) await visit.page.keyboard.press("Tab");
      await visit.page.keyboard.press("Enter");
      await finished(visit);
      for (let presses = 0; presses < 25 && (await visit.page.evaluate(() => document.activeElement.textContent)) !== "Score"; presses += 1) await visit.page.keyboard.press("Tab");
      await visit.page.keyboard.press("Enter");
      await settle(visit);
      assert.equal(await visit.page.$eval("#rows th[aria-sort=ascending]", (cell) => cell.textContent), "Score");
      const page = await visit.page.evaluate(() => document.scrollingElement.scrollWidth);
      assert.ok(page <= width, `${page} px on ${width}`);
      for (const scheme of ["light", "dark"]) {
        await visit.scheme(scheme);
        await visit.page.screenshot({ path: join(out, `many-${width}-${scheme}.png`), fullPage: true });
      }
      await visit.sound({ audit: width !== 768 });
      await visit.close();
    }
  }],
];
