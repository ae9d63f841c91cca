// Input that nobody would publish in good faith: an error or a result, never a dead or frozen tab.
import assert from "node:assert/strict";
import { randomFillSync } from "node:crypto";
import { choose, longestGap } from "../lib/files.mjs";
import { zoneFile } from "../lib/supplies.mjs";

/** Longest time that the page may stand still. */
const FROZEN = 3000;

const onlyText = (visit) => visit.page.evaluate(() => ({
  title: document.title,
  injected: document.querySelectorAll("img[src='x'], script:not([src]), [onerror], a[href^='javascript:'], [style]").length,
}));

export const hostile = [
  ["hostile records are shown as text", async ({ open }) => {
    const visit = await open();
    const gap = await longestGap(visit, () => visit.check("hostile.test", 60_000));
    const report = await visit.read();
    const { title, injected } = await onlyText(visit);
    assert.equal(injected, 0);
    assert.doesNotMatch(title, /owned/);
    assert.ok(report.records.some((text) => text.includes("<script>")), "the markup stands there as text");
    assert.match(report.technologies.dmarc, /fail|warn/);
    assert.ok(gap < FROZEN, `the page stood still for ${Math.round(gap)} ms`);
    await visit.sound({ networkErrors: true });
  }],
  ["a zone file of megabytes leaves the tab responsive", async ({ open, outside }) => {
    const records = Array.from({ length: 60_000 }, (_, number) => `host${number} IN A 192.0.2.${number % 250}\nhost${number} IN TXT "number ${number}"`);
    const zone = `${zoneFile("perfect.test")}${records.join("\n")}\n`;
    assert.ok(zone.length > 3 << 20);
    const visit = await open();
    await visit.openAll();
    await visit.loaded();
    await visit.page.$eval("#offline", (box) => box.click());
    outside.log = [];
    const gap = await longestGap(visit, async () => {
      await choose(visit, "big.zone", zone);
      await visit.page.waitForSelector("#supplied > li", { timeout: 60_000 });
      await visit.check("perfect.test", 60_000);
    });
    const report = await visit.read();
    assert.ok(report.refused.length === 1 || report.technologies.dmarc === "pass", "an error or a result");
    assert.ok(gap < FROZEN, `the page stood still for ${Math.round(gap)} ms`);
    assert.deepEqual(outside.asked, []);
    await visit.sound();
  }],
  ["files of any bytes give an error", async ({ open }) => {
    const visit = await open();
    await visit.openAll();
    const deep = `${'{"a":['.repeat(100_000)}`;
    for (const [name, bytes] of [["random.bin", randomFillSync(Buffer.alloc(1 << 20))], ["zeros.zone", Buffer.alloc(1 << 20)], ["deep.json", Buffer.from(deep)], ["parentheses.zone", Buffer.from("@ IN TXT ".concat("( ".repeat(300_000)))]]) {
      const before = await visit.page.$$eval("#supplied > li", (items) => items.length);
      const gap = await longestGap(visit, async () => {
        await choose(visit, name, bytes);
        await visit.page.waitForFunction((wanted) => document.querySelectorAll("#supplied > li").length > wanted, { timeout: 60_000 }, before);
      });
      assert.ok(gap < FROZEN, `${name}: the page stood still for ${Math.round(gap)} ms`);
    }
    assert.equal((await visit.read()).refused.length, 4);
    // It still works.
    await visit.page.$$eval("#supplied button", (buttons) => buttons.reverse().forEach((button) => button.click()));
    await visit.check("perfect.test");
    assert.equal((await visit.read()).points, "100");
    await visit.sound({ audit: false });
  }],
];
