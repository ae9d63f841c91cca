// What the clerk does beside TLS-RPT reports: the forms of a report and what changed, without a request; and a page without it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mxray } from "../lib/cli.mjs";
import { download, supply } from "../lib/files.mjs";
import { zoneFile } from "../lib/supplies.mjs";

/** A page with all its parts; nothing is asked for from then on. */
async function settled(open, outside) {
  const visit = await open();
  await visit.loaded();
  await visit.openAll();
  await visit.page.$eval("#offline", (box) => box.checked || box.click());
  outside.log = [];
  visit.requests.length = 0;
  return visit;
}

function nothingLeft(visit, outside) {
  // The lab is fetched when there is a logo to look at.
  assert.deepEqual(outside.asked.filter((what) => !/\/lab[._]/.test(what)), [], "a server was asked");
  assert.deepEqual(visit.requests.filter((url) => !/^(blob|data):|\/icon\.svg$|\/lab[._]/.test(url)), [], "the page made a request");
}

/** A folder with files; `remove` takes it away. */
function folderOf(files) {
  const folder = mkdtempSync(join(tmpdir(), "mxray-clerk-"));
  for (const [name, body] of Object.entries(files)) writeFileSync(join(folder, name), body);
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true }) };
}

const FORMS = [["json", "#save-report"], ["markdown", "#save-markdown"], ["csv", "#save-csv"], ["text", "#save-text"], ["badge", "#save-badge"]];

export const clerk = [
  ["a report in all its forms, without a request, as the command line writes them", async ({ open, outside }) => {
    const live = await open();
    await live.check("faults.test");
    const evidence = await download(live, "#save-evidence");
    const visit = await settled(open, outside);
    await supply(visit, { "evidence.json": evidence.body });
    await visit.check("faults.test");
    const folder = folderOf({ "evidence.json": evidence.body, "anchor.key": outside.anchor });
    try {
      for (const [form, button] of FORMS) {
        const { body } = await download(visit, button);
        const words = ["check", "faults.test", "--evidence", folder.path("evidence.json"), "--offline", "--anchor", folder.path("anchor.key"), "--format", form];
        const { stdout } = mxray(...words);
        if (form === "json") assert.ok(JSON.stringify(JSON.parse(body)) === JSON.stringify(JSON.parse(stdout)), "the JSON differs");
        else assert.equal(body, stdout, form);
      }
    } finally {
      folder.remove();
    }
    nothingLeft(visit, outside);
    await visit.sound({ audit: false });
  }],
  ["what changed since a saved evidence file, without a request", async ({ open, outside }) => {
    const live = await open();
    await live.check("perfect.test");
    const evidence = JSON.parse((await download(live, "#save-evidence")).body);
    const visit = await settled(open, outside);
    await supply(visit, { "evidence.json": JSON.stringify(evidence) });
    await visit.check("perfect.test");
    // Evidence that knew less: the policy was looked for and not there.
    const older = { ...structuredClone(evidence), taken_at: "2020-01-01T00:00:00Z" };
    const policy = older.dns.find(({ name, type }) => /^_dmarc\.perfect\.test\.?$/.test(name) && type === "TXT");
    delete policy.wire;
    Object.assign(policy, { rcode: "NXDOMAIN" });
    const folder = folderOf({ "older.json": JSON.stringify(older) });
    try {
      await visit.openAll();
      await (await visit.page.$("#compare-files")).uploadFile(folder.path("older.json"));
      await visit.page.waitForSelector("#compared .judged, #compared [role=alert]", { timeout: 20_000 });
      const said = await visit.page.$eval("#compared", (element) => element.textContent.replace(/\s+/g, " "));
      assert.match(said, /2020-01-01T00:00:00Z → /);
      assert.match(said, /_dmarc\.perfect\.test/);
      assert.match(said, /\+ [^−+]*p=reject/);
    } finally {
      folder.remove();
    }
    nothingLeft(visit, outside);
    await visit.sound({ audit: false });
  }],
  ["without the clerk, files that are no reports are read all the same", async ({ open }) => {
    const visit = await open();
    await visit.page.evaluateOnNewDocument(() => {
      window.Worker = class extends Worker {
        constructor(script, ...words) {
          super(script === "clerk_loader.js" ? "nowhere.js" : script, ...words);
        }
      };
    });
    await visit.page.reload();
    await visit.ready();
    await visit.openAll();
    await supply(visit, { "perfect.test.zone": zoneFile("perfect.test") });
    const { supplied, refused } = await visit.read();
    assert.deepEqual(refused, []);
    assert.match(supplied.join(), /perfect\.test\.zone — DNS records/);
    const page = await visit.page.$eval("main", (main) => main.textContent);
    assert.match(page, /The part of this page that reads and writes reports did not start/);
    await visit.sound({ networkErrors: true, audit: false });
  }],
];
