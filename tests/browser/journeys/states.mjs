// `node tests/browser/run.mjs screenshots`: every state of the page as a picture in docs/img/states, which docs/states.md shows.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RESOLVERS } from "../lib/front.mjs";
import { drop, folderOf, many, summed, written, report } from "../lib/reports.mjs";

const folder = fileURLToPath(new URL("../../../docs/img/states/", import.meta.url));
/** Wide and light, narrow and dark. */
const FACES = [[1280, 900, "light"], [360, 740, "dark"]];
/** The pictures show the top of a long page. */
const TALLEST = 2400;
const MOST = 200 * 1024;

const still = (visit) => visit.page.evaluate(() => {
  document.activeElement.blur();
  scrollTo(0, 0);
  return Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))).then(() => undefined);
});

/** The state of the page, and how it comes about; what it gives is undone at the end. */
const STATES = {
  "first-run": async () => {},
  "options": async (visit) => visit.page.$eval("details#options", (details) => (details.open = true)),
  "complaint": async (visit) => {
    await visit.type("no domain at all");
    await visit.page.keyboard.press("Enter");
    await visit.page.waitForSelector("#domain[aria-invalid=true]");
  },
  "looking": async (visit, outside) => {
    for (const host of RESOLVERS) outside.switches.set(host, { delay: ({ query }) => (/_dmarc|_domainkey|_mta-sts|_25\._tcp/.test(query?.question.name ?? "") ? 6_000 : 0) });
    await visit.type("perfect.test");
    await visit.page.keyboard.press("Enter");
    await visit.page.waitForSelector("#tech-spf[data-status=pass]", { timeout: 15_000 });
  },
  "perfect": async (visit) => visit.check("perfect.test"),
  "faults": async (visit) => visit.check("faults.test"),
  "parked": async (visit) => visit.check("parked.test"),
  "bare": async (visit) => visit.check("bare.test"),
  "hostile": async (visit) => visit.check("hostile.test", 60_000),
  "partial": async (visit, outside) => {
    for (const host of RESOLVERS) outside.switches.set(host, { servfail: ({ query }) => /^_dmarc\./.test(query.question.name) });
    outside.switches.set("mta-sts.perfect.test", { noCors: true });
    await visit.check("perfect.test", 60_000);
  },
  "no-resolver": async (visit, outside) => {
    for (const host of RESOLVERS) outside.switches.set(host, { refuse: true });
    await visit.check("perfect.test", 90_000);
  },
  "what-if": async (visit) => {
    await visit.check("perfect.test");
    await visit.page.click("#tech-dmarc [data-what-if=edit]");
    await visit.page.waitForFunction(() => document.activeElement?.closest("#tech-dmarc .edited"), { timeout: 5000 });
    await visit.page.keyboard.down("Control");
    await visit.page.keyboard.press("a");
    await visit.page.keyboard.up("Control");
    await visit.page.keyboard.type("v=DMARC1; p=none");
    await visit.page.waitForFunction(() => document.querySelector("main").dataset.whatIf === "true", { timeout: 5000 });
  },
  "tls-reports": async (visit) => {
    const dropped = folderOf({ ...many(300), "reports/broken.json": "{", "reports/other.json": written(report(5000, { bad: 40, result: "starttls-not-supported" })) });
    await drop(visit, [join(dropped, "reports")]);
    await summed(visit);
    rmSync(dropped, { recursive: true });
  },
  "many-domains": async (visit) => {
    await visit.page.click("#check-many");
    await visit.page.waitForSelector("#many:not([hidden]) #list");
    await visit.page.$eval("#list", (field) => (field.value = "perfect.test\nfaults.test\nbare.test\nparked.test\nno domain\nhostile.test\n"));
    await visit.page.click("#list-read");
    await visit.page.waitForSelector("#rows tbody tr");
    await visit.page.click("#list-start");
    await visit.page.waitForSelector("#many[data-state=idle]:not([data-done='0'])", { timeout: 90_000 });
  },
};

export const states = Object.entries(STATES).map(([name, become]) => [`state: ${name}`, async ({ open, outside }) => {
  mkdirSync(folder, { recursive: true });
  for (const [width, height, scheme] of FACES) {
    outside.reset();
    const visit = await open({ viewport: { width, height } });
    await visit.scheme(scheme);
    await become(visit, outside);
    await still(visit);
    const path = `${folder}${name}-${width}-${scheme}.webp`;
    const whole = await visit.page.evaluate(() => document.scrollingElement.scrollHeight);
    await visit.page.screenshot({ path, type: "webp", quality: 70, captureBeyondViewport: true, clip: { x: 0, y: 0, width, height: Math.min(whole, TALLEST) } });
    assert.ok(statSync(path).size <= MOST, `${name} at ${width} px: ${statSync(path).size} bytes`);
    await visit.close();
  }
}]);
