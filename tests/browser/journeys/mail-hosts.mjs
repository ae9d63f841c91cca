// The mail hosts one by one: MTA-STS beside DANE, in the page and on the command line, and what reports say of them.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mxray } from "../lib/cli.mjs";
import { supply } from "../lib/files.mjs";

const data = (path) => fileURLToPath(new URL(`../../data/${path}`, import.meta.url));
/** Three hosts, of which the policy names two and DANE counts at two; saved with the key of its own root. */
const EVIDENCE = data("checks/dane.partial-beside-policy.json");
const ANCHOR = data("dnssec/anchor.key");

const rows = (visit) => visit.page.$$eval("#mail-hosts tbody tr", (all) => all.map((row) => ({
  host: row.dataset.host, policy: row.dataset.policy, tlsa: row.dataset.tlsa, cells: [...row.cells].map((cell) => cell.textContent.replace(/\s+/g, " ").trim()),
})));

const REPORT = {
  "organization-name": "Org", "contact-info": "a@b.example", "report-id": "r9", "date-range": { "start-datetime": "2026-11-25T00:00:00Z", "end-datetime": "2026-11-25T23:59:59Z" },
  policies: [{
    policy: { "policy-type": "sts", "policy-string": ["version: STSv1", "mode: enforce", "mx: one.beside.test", "mx: two.beside.test", "max_age: 604800"], "policy-domain": "beside.test" },
    summary: { "total-successful-session-count": 90, "total-failure-session-count": 5 },
    "failure-details": [{ "result-type": "certificate-host-mismatch", "receiving-mx-hostname": "three.beside.test", "failed-session-count": 5 }],
  }],
};

const words = ["check", "beside.test", "--offline", "--evidence", EVIDENCE, "--anchor", ANCHOR];

/** A report as the command line writes it, of a domain with TLS reports beside it. */
export function reportWithReports() {
  const folder = mkdtempSync(join(tmpdir(), "mxray-hosts-"));
  writeFileSync(join(folder, "report.json"), JSON.stringify(REPORT));
  writeFileSync(join(folder, "bad.json"), "{");
  const { stdout } = mxray(...words, "--reports", folder, "--format", "json");
  rmSync(folder, { recursive: true });
  return stdout;
}

export const mailHosts = [
  ["mail hosts: policy and TLSA of each, live", async ({ open }) => {
    const visit = await open();
    await visit.check("perfect.test");
    const [first, second, ...more] = await rows(visit);
    assert.deepEqual([first.host, first.policy, first.tlsa, second.host, more.length], ["mx1.perfect.test", "pass", "pass", "mx2.perfect.test", 0]);
    assert.match(first.cells[3], /DANE and MTA-STS, DANE only: only over TLS with a certificate that fits the TLSA records.*MTA-STS only: only over TLS with a publicly trusted certificate/);
    assert.equal(first.cells[4], "no reports given");
    await visit.check("parked.test");
    assert.equal(await visit.page.$eval("#mail-hosts", (section) => section.hidden), true, "no host, no table");
    await visit.sound({ audit: false });
  }],
  ["mail hosts: where policy and DANE part, at every width", async ({ open, out }) => {
    const visit = await open();
    await visit.page.$eval("#offline", (box) => box.checked || box.click());
    await visit.set("#anchors", readFileSync(ANCHOR, "utf8").trim());
    await supply(visit, { "beside.json": readFileSync(EVIDENCE) });
    await visit.done();
    const found = await rows(visit);
    assert.deepEqual(found.map(({ host, policy, tlsa }) => [host, policy, tlsa]), [["one.beside.test", "pass", "pass"], ["two.beside.test", "pass", "absent"], ["three.beside.test", "fail", "pass"]]);
    assert.match(found[1].cells[3], /such senders differ/);
    assert.match(found[2].cells[3], /MTA-STS only: no delivery to this host/);
    const ids = (await visit.read()).findings.map(({ id }) => id);
    for (const id of ["dane.not-in-policy", "dane.partial-beside-policy", "dane.certificate-and-policy"]) assert.ok(ids.includes(id), id);
    for (const width of [360, 768, 1280]) {
      await visit.page.setViewport({ width, height: 900 });
      const over = await visit.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${width} px: ${over} px too wide`);
      for (const scheme of ["light", "dark"]) {
        await visit.scheme(scheme);
        const section = await visit.page.$("#mail-hosts");
        await section.screenshot({ path: join(out, `mail-hosts-${width}-${scheme}.png`) });
      }
    }
    await visit.sound();
  }],
  ["mail hosts: what reports say, on the command line", () => {
    const folder = mkdtempSync(join(tmpdir(), "mxray-hosts-"));
    const file = join(folder, "report.json");
    writeFileSync(file, JSON.stringify(REPORT));
    const { status, stdout, stderr } = mxray(...words, "--reports", folder, "--format", "json");
    assert.equal(status, 0, stderr);
    const report = JSON.parse(stdout);
    assert.deepEqual(report.mail_hosts.map(({ reports }) => reports), [{ failed_sessions: 0, kinds: [] }, { failed_sessions: 0, kinds: [] }, { failed_sessions: 5, kinds: [{ name: "certificate-host-mismatch", sessions: 5 }] }]);
    assert.deepEqual([report.tls_reports.reports, report.tls_reports.successful_sessions, report.tls_reports.failed_sessions], [1, 90, 5]);
    assert.deepEqual(report.tls_reports.ties.map(({ kind, host }) => [kind, host]), [["host-not-in-policy", "three.beside.test"], ["not-delivered", ""]]);
    const text = mxray(...words, "--reports", file).stdout;
    assert.match(text, /30 three\.beside\.test +no line covers it .* failed sessions: 5 certificate-host-mismatch\n/);
    assert.match(text, /three\.beside\.test is not in the policy: add the line `mx: three\.beside\.test` \(5 sessions\)/);
    assert.equal(JSON.parse(mxray(...words, "--format", "json").stdout).tls_reports, null);
    const none = mxray(...words, "--reports", join(folder, "nowhere"));
    assert.deepEqual([none.status, none.stdout], [2, ""]);
    rmSync(folder, { recursive: true });
  }],
];
