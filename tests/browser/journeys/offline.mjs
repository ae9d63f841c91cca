// Files instead of a network: every kind, refusals, save and re-open. “Offline” means that not one request leaves the page.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { setTimeout as pause } from "node:timers/promises";
import { nothingFailed } from "../lib/browser.mjs";
import { binary } from "../lib/cli.mjs";
import { download, supply } from "../lib/files.mjs";
import { digOutput, dohJson, policy, zoneFile } from "../lib/supplies.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Opens the page, lets it load all its parts, ticks “offline”, and forgets what was loaded so far. */
async function offlineVisit(open, outside, options) {
  const visit = await open(options);
  await visit.openAll();
  await visit.loaded();
  await visit.page.$eval("#offline", (box) => box.checked || box.click());
  outside.log = [];
  visit.requests.length = 0;
  return visit;
}

function nothingLeft(visit, outside) {
  assert.deepEqual(outside.asked, [], "a server was asked");
  assert.deepEqual(visit.requests.filter((url) => !/^(blob|data):|\/icon\.svg$/.test(url)), [], "the page made a request");
}

/** One kind of file: what it holds is judged, nothing else is claimed, nothing leaves. */
function kind(words, files, expected) {
  return [`offline: ${words}`, async ({ open, outside, world }) => {
    const visit = await offlineVisit(open, outside);
    await supply(visit, await files(world));
    await visit.check("perfect.test");
    const report = await visit.read();
    assert.deepEqual(report.refused, []);
    await expected(report);
    await pause(300);
    nothingLeft(visit, outside);
    await visit.sound();
  }];
}

function judged(report, technologies) {
  nothingFailed(report);
  for (const technology of technologies) assert.equal(report.technologies[technology], "pass", technology);
}

/** What must be the same when saved evidence is opened again. */
const verdicts = ({ points, grade, technologies, matrix, checklist, findings, marks, records, plan, unknown }) => ({
  points, grade, technologies, matrix, checklist, findings, marks, records, plan, unknown,
});

export const offline = [
  kind("zone file", async () => ({ "perfect.test.zone": zoneFile("perfect.test") }), (report) => {
    judged(report, ["mx", "dmarc", "tls-rpt"]);
    assert.equal(report.technologies["mta-sts"], "unknown", "the policy is not in a zone file");
  }),
  kind("zone file and mta-sts.txt", async () => ({ "db.perfect": zoneFile("perfect.test"), "mta-sts.txt": policy("perfect.test") }), (report) => {
    judged(report, ["mx", "dmarc", "tls-rpt", "mta-sts"]);
  }),
  kind("dig output", async (world) => ({ "dig.txt": await digOutput(world, "perfect.test") }), (report) => judged(report, ["mx", "dmarc", "tls-rpt"])),
  kind("DoH JSON", async (world) => ({
    "mx.json": await dohJson(world, "perfect.test", [["", "MX"]]),
    "txt.json": await dohJson(world, "perfect.test", [["_dmarc", "TXT"]]),
    "tls.json": await dohJson(world, "perfect.test", [["_smtp._tls", "TXT"]]),
  }), (report) => {
    judged(report, ["dmarc", "tls-rpt"]);
    assert.equal(report.technologies.spf, "unknown", "SPF was not supplied");
  }),
  kind("mta-sts.txt alone", async () => ({ "mta-sts.txt": policy("perfect.test") }), (report) => {
    nothingFailed(report);
    for (const technology of ["spf", "dmarc", "tls-rpt", "bimi", "dane"]) assert.equal(report.technologies[technology], "unknown", technology);
  }),
  kind("evidence JSON", async () => ({
    "evidence.json": JSON.stringify({
      format: "mxray-evidence/1", domain: "perfect.test", taken_at: "2026-11-23T12:00:00Z",
      dns: [
        { name: "perfect.test", type: "TXT", rcode: "NOERROR", answers: ['"v=spf1 ip4:192.0.2.0/24 -all"'], ttl: 300 },
        { name: "_dmarc.perfect.test", type: "TXT", rcode: "NOERROR", answers: ['"v=DMARC1; p=reject; rua=mailto:dmarc@perfect.test"'] },
        { name: "_smtp._tls.perfect.test", type: "TXT", failed: "timeout" },
      ],
    }),
  }), (report) => {
    judged(report, ["spf", "dmarc"]);
    assert.equal(report.technologies["tls-rpt"], "unknown");
  }),
  ["offline: pasted text", async ({ open, outside }) => {
    const visit = await offlineVisit(open, outside);
    await visit.page.$eval("#paste", (area, text) => {
      area.value = text;
      area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, zoneFile("perfect.test"));
    await visit.page.click("#paste-add");
    await visit.page.waitForSelector("#supplied > li");
    await visit.check("perfect.test");
    judged(await visit.read(), ["mx", "dmarc", "tls-rpt"]);
    nothingLeft(visit, outside);
    await visit.sound({ audit: false });
  }],
  ["a policy file that cannot tell its domain says so, and is read once there is one", async ({ open, outside }) => {
    const visit = await offlineVisit(open, outside);
    await supply(visit, { "mta-sts.txt": policy("perfect.test") });
    assert.match((await visit.read()).refused.join(), /mta-sts\.txt.*domain/);
    await visit.check("perfect.test");
    assert.deepEqual((await visit.read()).refused, []);
    nothingLeft(visit, outside);
    await visit.sound({ audit: false });
  }],
  ["offline: files dropped anywhere on the page", async ({ open, outside }) => {
    const visit = await offlineVisit(open, outside);
    await visit.page.evaluate((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "perfect.zone", { type: "" }));
      const target = document.querySelector("footer") ?? document.body;
      for (const type of ["dragenter", "dragover", "drop"]) target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
    }, zoneFile("perfect.test"));
    await visit.page.waitForSelector("#supplied > li");
    await visit.check("perfect.test");
    judged(await visit.read(), ["mx", "dmarc", "tls-rpt"]);
    nothingLeft(visit, outside);
    await visit.sound({ audit: false });
  }],
  ["what cannot be read is refused with file, line and reason", async ({ open, outside }) => {
    const visit = await offlineVisit(open, outside);
    await supply(visit, {
      "broken.json": '{\n  "format": "mxray-evidence/1",\n  "dns": [ {"name": } ]\n}\n',
      "broken.zone": `${zoneFile("bare.test")}\nlost IN A 192.0.2.999\n`,
      "picture.png": Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48]),
      "empty.txt": "",
    });
    const { supplied, refused } = await visit.read();
    for (const [name, words] of [["broken.json", /line 3/], ["broken.zone", /line \d+/], ["picture.png", /./], ["empty.txt", /./]]) {
      const said = [...refused, ...supplied].find((text) => text.includes(name));
      assert.match(said ?? "", words, `${name}: ${JSON.stringify({ supplied, refused })}`);
    }
    assert.ok(refused.some((text) => text.includes("broken.json")) && refused.some((text) => text.includes("picture.png")));
    nothingLeft(visit, outside);
    await visit.sound();
  }],
  ["saved evidence re-opens to the same report, in the page and on the command line", async ({ open, outside }) => {
    const visit = await open();
    await visit.check("faults.test");
    const live = verdicts(await visit.read());
    const evidence = await download(visit, "#save-evidence");
    assert.match(evidence.name, /faults\.test.*\.json$/);
    const { body } = await download(visit, "#save-report");
    const report = JSON.parse(body);
    assert.equal(report.format, "mxray-report/1");
    await visit.sound({ audit: false });

    const again = await offlineVisit(open, outside);
    await supply(again, { [evidence.name]: evidence.body });
    await again.check("faults.test");
    assert.deepEqual(verdicts(await again.read()), live);
    nothingLeft(again, outside);
    await again.sound({ audit: false });

    const folder = mkdtempSync(join(tmpdir(), "mxray-cli-"));
    const path = join(folder, "evidence.json");
    writeFileSync(path, evidence.body);
    const anchorFile = join(folder, "anchor.key");
    writeFileSync(anchorFile, outside.anchor);
    const words = ["check", "faults.test", "--evidence", path, "--offline", "--anchor", anchorFile, "--format", "json"];
    const { stdout } = await promisify(execFile)(binary, words, { maxBuffer: 64 << 20 }).catch((error) => error);
    rmSync(folder, { recursive: true });
    const byCommand = JSON.parse(stdout);
    const same = ({ score, technologies, findings, checklist, plan, unknown }) => ({ score, technologies, findings, checklist, plan, unknown });
    assert.deepEqual(same(byCommand), same(report));
    // Also the order of members is the same, and nothing but the time of judging may differ.
    report.taken_at = byCommand.taken_at;
    assert.ok(JSON.stringify(report) === JSON.stringify(byCommand), "the saved report says something else than the command line's");
    assert.match(String(body), /^\{\n  "format": /);
  }],
];
