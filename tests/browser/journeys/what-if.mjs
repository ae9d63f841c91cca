// Records edited in the page: the report that would follow, what changes, the lines to publish, and what is looked up for it.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { zoneFile } from "../lib/supplies.mjs";

/** Replaces the text of the editor that has the focus, as a user would: select all, type. */
async function retype(visit, text) {
  await visit.page.keyboard.down("Control");
  await visit.page.keyboard.press("a");
  await visit.page.keyboard.up("Control");
  await visit.page.keyboard.type(text);
}

/** Opens the editor of the first record of a technology; it takes the focus. */
async function edit(visit, technology, kind = "edit") {
  await visit.page.click(`#tech-${technology} [data-what-if=${kind}]`);
  await visit.page.waitForFunction((technology) => document.activeElement?.closest(`#tech-${technology} .edited`) !== null, { timeout: 3000 }, technology);
}

const told = (visit) => visit.page.evaluate(() => ({
  whatIf: document.querySelector("main").dataset.whatIf ?? null,
  gone: [...document.querySelectorAll("[data-changes=gone] li")].map((item) => item.textContent),
  fresh: [...document.querySelectorAll("[data-changes=new] li")].map((item) => item.textContent),
  lines: document.querySelector("#what-if-lines")?.textContent ?? null,
  points: document.querySelector("#score").dataset.points,
  dmarc: document.querySelector("#tech-dmarc").dataset.status,
}));

export const whatIf = [
  ["what if: a record is edited in place, the report follows, and nothing is looked up", async ({ open, outside }) => {
    const visit = await open();
    await visit.check("perfect.test");
    const before = await visit.read();
    outside.log = [];
    await edit(visit, "dmarc");
    await retype(visit, "v=DMARC1; p=none");
    await visit.page.waitForFunction(() => document.querySelector("#tech-dmarc [data-finding='dmarc.policy']")?.textContent.includes("p=none"), { timeout: 5000 });
    const after = await told(visit);
    assert.equal(after.whatIf, "true");
    assert.ok(Number(after.points) < Number(before.points), `${after.points} points`);
    assert.ok(after.fresh.some((title) => /DMARC/.test(title)), after.fresh.join());
    assert.match(after.lines, /^; remove: _dmarc\.perfect\.test\. IN TXT "v=DMARC1;.*\n_dmarc\.perfect\.test\. IN TXT "v=DMARC1; p=none"$/);
    await pause(1200);
    assert.deepEqual(outside.left, [], "a value that has not changed was looked up");
    await visit.sound();
    await visit.page.click("#tech-dmarc .edited figcaption button:last-child");
    const back = await told(visit);
    assert.equal(back.whatIf, null);
    assert.equal(back.points, before.points);
  }],
  ["what if: the editor stays under the cursor while the record is broken and mended", async ({ open }) => {
    const visit = await open();
    await visit.check("perfect.test");
    await edit(visit, "spf");
    await visit.page.evaluate(() => document.activeElement.addEventListener("blur", () => { window.blurred = true; }));
    await retype(visit, "v=sp");
    assert.equal((await told(visit)).whatIf, "true");
    // Slowly enough that verdicts land between the letters.
    await visit.page.keyboard.type("f1 -all", { delay: 80 });
    assert.equal(await visit.page.evaluate(() => document.activeElement.value), "v=spf1 -all");
    assert.ok(!await visit.page.evaluate(() => window.blurred), "the editor lost the focus");
    await visit.page.waitForFunction(() => document.querySelector("#what-if-lines")?.textContent.endsWith('"v=spf1 -all"'), { timeout: 3000 });
    assert.match((await told(visit)).lines, /IN TXT "v=spf1 -all"$/);
    await visit.sound({ audit: false });
  }],
  ["what if: a new include is looked up once typing rests, and nothing else", async ({ open, outside }) => {
    const visit = await open();
    await visit.check("perfect.test");
    outside.log = [];
    await edit(visit, "spf");
    await retype(visit, "v=spf1 include:_a11.mailer.test -all");
    await visit.page.waitForFunction(() => /relay\.mailer\.test/.test(document.querySelector("#tech-spf").textContent) && !/looking up/.test(document.querySelector("#what-if").textContent), { timeout: 10_000 });
    const asked = outside.log.filter(({ kind }) => kind === "dns").map(({ query }) => query.question.name);
    assert.ok(asked.includes("_a11.mailer.test"), asked.join());
    assert.ok(asked.every((name) => name.endsWith("mailer.test") || name === "test"), `looked up besides: ${asked.join()}`);
    await visit.sound();
  }],
  ["what if: absent records are added, proposals tried out, all of it offline", async ({ open, outside }) => {
    const visit = await open();
    await visit.openAll();
    await visit.page.$eval("#offline", (box) => box.checked || box.click());
    await visit.page.$eval("#paste", (field, text) => {
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, zoneFile("bare.test"));
    await visit.page.click("#paste-add");
    await visit.page.waitForSelector("#supplied > li", { timeout: 20_000 });
    await visit.check("bare.test");
    outside.log = [];
    await edit(visit, "tls-rpt", "add");
    await retype(visit, "v=TLSRPTv1; rua=mailto:tls@bare.test");
    assert.match((await told(visit)).lines, /_smtp\._tls\.bare\.test\. IN TXT/);
    await visit.openAll();
    await visit.page.$eval("#plan [data-what-if=try]", (button) => button.click());
    await visit.page.waitForFunction(() => document.querySelector("#what-if-lines")?.textContent.split("\n").length >= 2, { timeout: 10_000 });
    assert.deepEqual(outside.left, []);
    await visit.page.click("#what-if-reset");
    assert.equal((await told(visit)).whatIf, null);
    await visit.sound();
  }],
  ["what if: re-assessment at a quarter of the processor's speed", async ({ open }) => {
    const visit = await open();
    // Notes when the engine's verdicts come in.
    await visit.page.evaluateOnNewDocument(() => {
      window.verdicts = [];
      window.Worker = class extends Worker {
        constructor(...words) {
          super(...words);
          this.addEventListener("message", () => window.verdicts.push(performance.now()));
        }
      };
    });
    await visit.page.reload();
    await visit.check("perfect.test");
    await edit(visit, "dmarc");
    // Only the page's own thread can be slowed so; the engine's goes on at full speed.
    const session = await visit.page.createCDPSession();
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    const times = await visit.page.evaluate(async () => {
      const field = document.activeElement;
      const times = { judged: [], drawn: [] };
      for (let round = 0; round < 15; round += 1) {
        window.verdicts.length = 0;
        const started = performance.now();
        field.value = `v=DMARC1; p=${round % 2 ? "none" : "quarantine"}`;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        const verdict = round % 2 ? /p=none/ : /p=quarantine/;
        const finding = () => document.querySelector("#tech-dmarc [data-finding='dmarc.policy']")?.textContent ?? "";
        while (!verdict.test(finding())) await new Promise((resolve) => setTimeout(resolve));
        times.drawn.push(performance.now() - started);
        times.judged.push(window.verdicts[0] - started);
      }
      return times;
    });
    const [judged, drawn] = [times.judged, times.drawn].map((list) => list.sort((a, b) => a - b));
    const told = (list) => `median ${Math.round(list[7])} ms, ${Math.round(list[0])} to ${Math.round(list.at(-1))} ms`;
    console.log(`    what-if with the page at 4 × CPU throttle: judged ${told(judged)} (goal 50 ms); drawn ${told(drawn)}`);
    assert.ok(judged[7] < 500 && drawn[7] < 1000, `${judged[7]} and ${drawn[7]} ms`);
  }],
  ["would this mail pass SPF: judged live with a trace, and offline with what is there", async ({ open, outside }) => {
    const visit = await open();
    await visit.check("tree.test");
    await visit.page.$eval("#spf-box", (box) => (box.open = true));
    outside.log = [];
    const judge = async (ip) => {
      await visit.page.$eval("#spf-ip", (field) => field.select());
      await visit.page.type("#spf-ip", ip);
      await visit.page.keyboard.press("Enter");
    };
    const result = (word) => visit.page.waitForSelector(`#spf-result[data-result=${word}]`, { timeout: 20_000 });
    await judge("nonsense");
    await visit.page.waitForFunction(() => /no IP address/.test(document.querySelector("#spf-result").textContent));
    await judge("192.0.2.130");
    await result("pass");
    const trace = await visit.page.$eval("#spf-result", (element) => element.textContent);
    assert.match(trace, /ip4:192\.0\.2\.128\/28/);
    await judge("203.0.113.250");
    await result("fail");
    await visit.sound();
  }],
];
