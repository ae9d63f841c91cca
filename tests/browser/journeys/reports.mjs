// TLS-RPT reports in the page: files, folders and mail by the thousand, what they come to, and how that hangs together with the domain.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { binary } from "../lib/cli.mjs";
import { download, longestGap, supply } from "../lib/files.mjs";
import { choosePaths, desk, drop, folderOf, mail, many, report, summed, written } from "../lib/reports.mjs";
import { policy, zoneFile } from "../lib/supplies.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const COUNT = 3000;
/** Longest time that the page may stand still while thousands of files are read. */
const FROZEN = 200;

/** Opens the page with all its parts loaded; nothing is asked for from then on. */
async function settled(open, outside, options) {
  const visit = await open(options);
  await visit.openAll();
  await visit.loaded();
  outside.log = [];
  visit.requests.length = 0;
  return visit;
}

function nothingLeft(visit, outside) {
  assert.deepEqual(outside.asked, [], "a server was asked");
  assert.deepEqual(visit.requests.filter((url) => !/^(blob|data):|\/icon\.svg$/.test(url)), [], "the page made a request");
}

/** What the command line says of the same files, under the same names. */
function byCli(folder, ...names) {
  const { stdout, stderr } = spawnSync(binary, ["tls-report", ...names, "--format", "json"], { cwd: folder, encoding: "utf8", maxBuffer: 64 << 20 });
  assert.ok(stdout, stderr);
  return stdout;
}

export const reports = [
  ["reports: a browser without handles reads folders by the older way, and alike", async ({ open, outside }) => {
    const folder = folderOf({ ...many(230), "reports/deep/er/a.json": written(report(900)), "reports/deep.json": written(report(901)), "reports/broken.json": "{", "reports/.hidden/b.json": written(report(902)) });
    try {
      const saved = [];
      for (const way of ["handle", "entry"]) {
        const visit = await settled(open, outside);
        await visit.page.evaluate((way) => {
          window.opened = 0;
          const own = FileSystemFileHandle.prototype.getFile;
          FileSystemFileHandle.prototype.getFile = function () { window.opened += 1; return own.call(this); };
          if (way === "entry") delete DataTransferItem.prototype.getAsFileSystemHandle;
        }, way);
        await drop(visit, [join(folder, "reports")]);
        const found = await summed(visit);
        assert.equal(found.numbers.reports, "232");
        assert.equal(await visit.page.evaluate(() => window.opened), way === "handle" ? 233 : 0, "each file is opened once, by its handle or without");
        saved.push((await download(visit, "#save-reports-json")).body);
        nothingLeft(visit, outside);
        await visit.close();
      }
      assert.equal(saved[0], saved[1]);
      assert.equal(saved[0], byCli(folder, "reports"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }],
  ["reports: a folder of thousands, with duplicates and broken files, as the command line reads it", async ({ open, outside }) => {
    const folder = folderOf({
      ...many(COUNT),
      "reports/again.json": written(report(7)),
      "reports/broken.json": '{"organization-name": "x", "policies": [',
      "reports/page.html": "<html><body>Not found</body></html>",
      "reports/damaged.json.gz": gzipSync(written(report(1))).subarray(0, 60),
      "reports/mail.eml": mail(report(90_000)),
      "reports/packed.json.gz": gzipSync(written(report(90_010))),
      "reports/.hidden": "x",
    });
    try {
      const visit = await settled(open, outside);
      const gap = await longestGap(visit, async () => {
        await drop(visit, [join(folder, "reports")]);
        await summed(visit);
      });
      const found = await desk(visit);
      assert.equal(found.numbers.reports, "3,002");
      assert.equal(found.numbers.duplicates, "1");
      assert.equal(found.numbers.failed, "906");
      assert.equal(found.numbers.sessions, "301,106");
      assert.equal(found.numbers["success-rate"], "99.70 %");
      assert.equal(found.numbers.period, "2026-09-01 to 2026-10-30");
      assert.deepEqual(found.failures.map(({ kind, sessions }) => [kind, sessions]), [["certificate-expired", 906]]);
      assert.match(found.failures[0].text, /was past its last day.*Likely cause\. It was not renewed.*What to do\. Renew it/);
      assert.deepEqual(found.unreadable.map(([file]) => file), ["reports/broken.json", "reports/damaged.json.gz", "reports/page.html"]);
      for (const [, , why] of found.unreadable) assert.ok(why.length > 10);
      assert.equal(found.bars, 60 + 6, "a bar for each day, and for each day with failures");
      assert.deepEqual(found.senders.map(([name]) => name).sort(), ["Mailer Example", "Post Example", "Sender Example"]);
      console.log(`      ${COUNT} files: the page stood still for ${Math.round(gap)} ms at most`);
      assert.ok(gap < FROZEN, `the page stood still for ${Math.round(gap)} ms`);
      const saved = await download(visit, "#save-reports-json");
      assert.equal(saved.name, "tls-reports.json");
      assert.equal(saved.body, byCli(folder, "reports"), "the saved file is what the command line writes");
      const csv = await download(visit, "#save-reports-csv");
      assert.match(csv.body, /^row,organization,policy_type/);
      assert.ok(csv.body.includes("failure,"));
      await pause(300);
      nothingLeft(visit, outside);
      await visit.sound();
    } finally {
      rmSync(folder, { recursive: true });
    }
  }],
  ["reports: the folder button, more files later, removing and starting over", async ({ open, outside }) => {
    const folder = folderOf({ ...many(30), "one.json": written(report(500)), "two.json": written(report(501)) });
    try {
      const visit = await settled(open, outside);
      await choosePaths(visit, "#folder", [join(folder, "reports")]);
      assert.equal((await summed(visit, { lots: 1 })).numbers.reports, "30");
      await choosePaths(visit, "#files", [join(folder, "one.json"), join(folder, "two.json"), join(folder, "reports/0/report-00003.json")]);
      const both = await summed(visit, { lots: 2 });
      assert.deepEqual([both.numbers.reports, both.numbers.duplicates], ["32", "1"]);
      const lots = () => visit.page.$$eval("#supplied > [data-kind='TLS reports']", (items) => items.map((item) => item.querySelector(".what").textContent));
      assert.deepEqual(await lots(), ["reports — TLS reports (30 files)", "one.json and 2 more files — TLS reports (3 files)"]);
      await visit.page.$eval("#supplied > li button", (button) => button.click());
      assert.deepEqual((await summed(visit, { lots: 1 })).numbers.reports, "3");
      await visit.page.click("#clear-reports");
      await visit.page.waitForFunction(() => !document.querySelector("#reports") && !document.querySelector("#supplied > li"), { timeout: 10_000 });
      nothingLeft(visit, outside);
      await visit.sound({ audit: false });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }],
  ["reports: dropped together with evidence, and tied to the findings", async ({ open, outside }) => {
    const visit = await settled(open, outside);
    await visit.page.$eval("#offline", (box) => box.checked || box.click());
    const zone = zoneFile("perfect.test").replace("@ MX 20 mx2", "@ MX 20 mx2\n@ MX 30 mx3\nmx3 A 192.0.2.13");
    const strange = report(20, { host: "gone.perfect.test" });
    const uncovered = report(10, { host: "mx3.perfect.test", result: "certificate-host-mismatch", bad: 5 });
    const other = report(30, { domain: "other.test", result: "sts-policy-fetch-error" });
    await drop(visit, [folderOf({ "mixed/perfect.test.zone": zone, "mixed/mta-sts.txt": policy("perfect.test"), "mixed/a.json": written(uncovered), "mixed/b.eml": mail(strange), "mixed/c.json.gz": gzipSync(written(other)) })].map((path) => join(path, "mixed")));
    await summed(visit);
    await visit.page.waitForFunction(() => document.querySelectorAll("#supplied > li").length === 3, { timeout: 20_000 });
    await visit.check("perfect.test");
    await visit.page.waitForFunction(() => document.querySelector("[data-tie='mx3.perfect.test']"), { timeout: 10_000 });
    const found = await desk(visit);
    const of = (kind) => found.failures.find((failure) => failure.kind === kind);
    const [tie] = of("certificate-host-mismatch").ties;
    assert.match(tie.text, /^mx3\.perfect\.test is not in the policy: add the line/);
    assert.equal(tie.href, "#mta-sts.mx-not-covered");
    assert.match(of("certificate-expired").ties[0].text, /gone\.perfect\.test is no MX host of this domain now/);
    assert.deepEqual(of("sts-policy-fetch-error").ties, [], "another domain’s failure is not tied to this one");
    assert.ok(found.general.some((text) => /policy is enforced/i.test(text)), JSON.stringify(found.general));
    await visit.page.click("[data-failure='certificate-host-mismatch'] .ties a");
    assert.equal(await visit.page.evaluate(() => document.activeElement.dataset.finding), "mta-sts.mx-not-covered");
    // Of one domain among several.
    await visit.page.select("#reports-domain", "other.test");
    const narrowed = await desk(visit);
    assert.deepEqual(narrowed.failures.map(({ kind }) => kind), ["sts-policy-fetch-error"]);
    assert.equal(narrowed.numbers.sessions, "103");
    await visit.page.select("#reports-domain", "");
    nothingLeft(visit, outside);
    await visit.sound();
  }],
  ["reports: a mail, a zip file and a text that hold none say so; pasted reports are read", async ({ open, outside }) => {
    const visit = await settled(open, outside);
    const empty = Buffer.concat([Buffer.from("PK\x05\x06"), Buffer.alloc(18)]);
    const folder = folderOf({ "letter.eml": "From: a@perfect.test\r\nTo: b@perfect.test\r\nSubject: Hello\r\n\r\nNo report.\r\n", "empty.zip": empty });
    await choosePaths(visit, "#files", [join(folder, "letter.eml"), join(folder, "empty.zip")]);
    const found = await summed(visit);
    assert.match(found.text, /None of these files holds a report that can be read/);
    assert.deepEqual(found.unreadable.map(([file, , why]) => [file, why]), [["empty.zip", "the zip file holds no files"], ["letter.eml", "no part of this message holds a TLS report"]]);
    await visit.sound();
    await visit.set("#paste", written(report(10)));
    await visit.page.click("#paste-add");
    const pasted = await summed(visit, { lots: 2 });
    assert.deepEqual([pasted.numbers.reports, pasted.numbers["success-rate"], pasted.unreadable.length], ["1", "97.09 %", 2]);
    rmSync(folder, { recursive: true });
    nothingLeft(visit, outside);
  }],
  ["reports: a clerk that breaks or hangs is found out; its file is listed, nothing else is lost", async ({ open, outside }) => {
    const visit = await settled(open, outside);
    // A clerk that falls silent, or fails, on certain files stands in for a file that nobody has found yet.
    await visit.page.evaluate(() => {
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (message, ...words) {
        // Files that are only listed are not beside the message.
        if (Array.isArray(message) && message.some((part) => part.name?.includes("breaks-it"))) return void setTimeout(() => this.dispatchEvent(new ErrorEvent("error", { cancelable: true })), 5);
        return postMessage.call(this, message, ...words);
      };
    });
    const files = { ...many(600), "reports/0/breaks-it-1.json": written(report(1000)), "reports/0/report-00400-breaks-it.json": written(report(1001)), "reports/zz-last.json": written(report(1002)) };
    const folder = folderOf(files);
    try {
      await drop(visit, [join(folder, "reports")]);
      const found = await summed(visit, { timeout: 100_000 });
      assert.equal(found.numbers.reports, "601");
      assert.deepEqual(found.unreadable.map(([file]) => file), ["reports/0/breaks-it-1.json", "reports/0/report-00400-breaks-it.json"]);
      assert.match(found.unreadable[0][2], /broke the part of this page that reads reports/);
      // A clerk that is lost between two drops: everything is read again.
      await visit.page.evaluate(() => {
        const { postMessage } = Worker.prototype;
        window.failing = 1;
        Worker.prototype.postMessage = function (...words) {
          if (window.failing-- > 0) return void setTimeout(() => this.dispatchEvent(new ErrorEvent("error", { cancelable: true })), 5);
          return postMessage.apply(this, words);
        };
      });
      await visit.set("#paste", "v=spf1 -all");
      await visit.page.click("#paste-add");
      // The text on which the clerk broke is listed too.
      await summed(visit, { lots: 2 });
      const saved = await download(visit, "#save-reports-json");
      const again = JSON.parse(saved.body);
      assert.deepEqual([again.reports, again.unreadable.length], [601, 3]);
      // What starts in place of a lost clerk comes from the page's own host, which lets nothing be kept.
      assert.deepEqual(outside.asked.filter((what) => !/\/clerk(_loader\.js|\.js|_bg\.wasm)$/.test(what)), []);
      await visit.sound({ audit: false });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }],
  ["reports: stopped, what was read counts and the rest is spoken of", async ({ open, outside }) => {
    const visit = await settled(open, outside);
    // Slow enough for a hand to reach the button.
    await visit.page.evaluate(() => {
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (...words) {
        setTimeout(() => postMessage.apply(this, words), Array.isArray(words[0]) ? 400 : 0);
      };
    });
    const folder = folderOf(many(2000));
    try {
      await drop(visit, [join(folder, "reports")]);
      await visit.page.waitForFunction(() => /^[5-9]\d\d of 2,000/.test(document.querySelector("#reports-progress")?.textContent ?? ""), { timeout: 20_000 });
      await visit.page.focus("#stop-reports");
      await visit.page.keyboard.press("Enter");
      const found = await summed(visit);
      const read = Number(found.numbers.reports.replace(",", ""));
      assert.ok(read >= 500 && read < 2000, `${read} reports`);
      assert.match(found.notes.join(), new RegExp(`You stopped the reading: ${2000 - read} files were not read`));
      await visit.sound({ audit: false });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }],
  ["reports: those of other implementations, as the command line reads them", async ({ open, outside }) => {
    const corpora = resolve(root, process.env.MXRAY_CORPORA ?? "../shared/corpora");
    if (!existsSync(join(corpora, "tls-rpt"))) return console.log(`      left out: there is no ${corpora}/tls-rpt`);
    const visit = await settled(open, outside);
    await drop(visit, [join(corpora, "tls-rpt")]);
    const found = await summed(visit);
    const saved = await download(visit, "#save-reports-json");
    assert.equal(saved.body, byCli(corpora, "tls-rpt"));
    const sums = JSON.parse(saved.body);
    assert.equal(sums.reports + sums.duplicates, readdirSync(join(corpora, "tls-rpt")).length);
    // The totals of the page are those that stand in the files, each report once.
    const files = readdirSync(join(corpora, "tls-rpt")).map((name) => JSON.parse(readFileSync(join(corpora, "tls-rpt", name), "utf8")));
    const policies = [...new Map(files.map((file) => [file["report-id"], file])).values()].flatMap((file) => file.policies);
    const failed = policies.reduce((sum, { summary }) => sum + Number(summary["total-failure-session-count"] ?? summary["failure-session-count"]), 0);
    assert.equal(found.numbers.failed.replaceAll(",", ""), String(failed));
    assert.ok(found.deviations.length > 0, "the samples deviate");
    nothingLeft(visit, outside);
    await visit.sound();
  }],
  ["reports: by keyboard, on a telephone, in light and dark, and with the network gone", async ({ open, outside, out }) => {
    const visit = await settled(open, outside, { viewport: { width: 360, height: 740 } });
    await visit.page.setOfflineMode(true);
    await supply(visit, { "a.json": written(report(10)), "b.json": written(report(11, { domain: "other.test", bad: 4, result: "starttls-not-supported" })) }).catch(() => {});
    await summed(visit);
    assert.equal(await visit.page.evaluate(() => document.activeElement.id), "reports-title", "the focus is at the result");
    for (const [width, height] of [[360, 740], [768, 1024], [1280, 900]]) {
      await visit.page.setViewport({ width, height });
      const wide = await visit.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${width} px: the page is ${wide} px too wide`);
      for (const scheme of ["light", "dark"]) {
        await visit.scheme(scheme);
        await visit.page.screenshot({ path: join(out, `reports-${width}-${scheme}.png`), fullPage: true });
      }
    }
    await visit.page.focus("#save-reports-json");
    assert.equal(JSON.parse((await download(visit, "#save-reports-json")).body).reports, 2);
    await visit.page.focus("#clear-reports");
    await visit.page.keyboard.press("Enter");
    await visit.page.waitForFunction(() => !document.querySelector("#reports"), { timeout: 5000 });
    await visit.page.setOfflineMode(false);
    await visit.sound({ networkErrors: true });
  }],
];
