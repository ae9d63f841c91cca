// Domains of the signed world, checked live through the page's own resolvers.
import assert from "node:assert/strict";
import { nothingFailed } from "../lib/browser.mjs";
import { BASE, RESOLVERS } from "../lib/front.mjs";

const OF = (report, technology) => report.findings.filter((finding) => finding.technology === technology);
const MATRIX = {
  "mta-sts": [/High/, /Easy/, /HTTPS subdomain/, /TLS-capable MX/],
  "tls-rpt": [/High/, /Very Easy/, /email address for reports/i],
  bimi: [/Medium/, /DMARC enforcement/, /SVG logo/],
  dane: [/Lower/, /Hard/, /DNSSEC/, /certificate management/i],
};

export const live = [
  ["a perfect domain earns every point that can be judged", async ({ open, outside }) => {
    const visit = await open();
    await visit.check("perfect.test");
    const report = await visit.read();
    nothingFailed(report);
    for (const technology of ["mx", "spf", "dkim", "dmarc", "mta-sts", "tls-rpt"]) assert.equal(report.technologies[technology], "pass", technology);
    for (const technology of ["bimi", "dane", "dnssec"]) assert.match(report.technologies[technology], /^(pass|unknown|warn)$/, technology);
    assert.equal(report.points, "100");
    assert.match(report.grade, /^A\+?$/);
    assert.equal(report.basicsFirst, null);
    assert.equal(Object.keys(report.checklist).length, 7);
    for (const [item, done] of Object.entries(report.checklist)) {
      assert.ok(done === "true" || (done === "unknown" && /bimi|dane/.test(item)), `${item}: ${done}`);
    }
    // Who was asked: the resolvers, the policy host, the host of the logo. Nobody else.
    const hosts = new Set(outside.left.map(({ host }) => host));
    for (const host of hosts) assert.ok([...RESOLVERS, "mta-sts.perfect.test", "brand.perfect.test", "marks.perfect.test"].includes(host), host);
    assert.ok(hosts.has("mta-sts.perfect.test"), "the policy was fetched");
    await visit.sound();
  }],
  ["what leaves the page is a private, simple request", async ({ open, outside }) => {
    const visit = await open();
    await visit.check("perfect.test");
    const queries = outside.log.filter(({ kind }) => kind === "dns");
    assert.ok(queries.length >= 10, `${queries.length} queries`);
    const seen = new Set();
    for (const { host, method, headers, query, octets } of queries) {
      const what = `${query.question.name} ${query.question.type}`;
      assert.equal(method, "GET", what);
      assert.equal(query.id, 0, `${what}: the id is 0 (RFC 8484 §4.1)`);
      assert.ok(query.dnssecOk && query.checkingDisabled, `${what}: DO and CD are set`);
      assert.ok(query.options.some(({ code }) => code === 12), `${what}: padding`);
      assert.equal(octets % 128, 0, `${what}: padded to 128 octets (RFC 8467 §4.1)`);
      for (const header of ["cookie", "referer", "authorization"]) assert.equal(headers[header], undefined, `${what}: ${header}`);
      const once = `${what} ${host}`;
      assert.ok(!seen.has(what), `asked twice: ${once}`);
      seen.add(what);
    }
    assert.ok(!outside.log.some(({ method }) => method === "OPTIONS"), "no preflight");
    const site = outside.log.filter(({ kind }) => kind === "site");
    assert.ok(site.every(({ path }) => path.startsWith(BASE) && !path.includes("perfect")), "the site's host never learns the domain");
  }],
  ["a bare domain: the basics come first, with the records to publish", async ({ open }) => {
    const visit = await open();
    await visit.check("bare.test");
    const report = await visit.read();
    for (const technology of ["spf", "dmarc", "mta-sts", "tls-rpt", "bimi", "dane"]) assert.equal(report.technologies[technology], "absent", technology);
    assert.match(report.technologies.dkim, /absent|unknown/);
    assert.equal(report.technologies.mx, "pass");
    assert.match(report.grade, /^[EF]$/);
    assert.match(report.basicsFirst ?? "", /\w/);
    assert.ok(report.plan.some((step) => step.includes("v=spf1")), "the plan has an SPF record");
    assert.ok(report.plan.some((step) => step.includes("_dmarc.bare.test") && step.includes("v=DMARC1")), "the plan has a DMARC record with its name");
    assert.ok(report.plan.some((step) => step.includes("v=TLSRPTv1")), "the plan has a TLS-RPT record");
    await visit.sound();
  }],
  ["the priority matrix has its four rows and words", async ({ open }) => {
    const visit = await open();
    await visit.check("bare.test");
    const { matrix } = await visit.read();
    assert.deepEqual(matrix.map(({ technology }) => technology), Object.keys(MATRIX));
    for (const { technology, status, text } of matrix) {
      for (const words of MATRIX[technology]) assert.match(text, words, technology);
      assert.match(status, /^(pass|warn|fail|absent|unknown|not-applicable)$/);
    }
  }],
  ["a domain that does not exist is said not to exist", async ({ open }) => {
    const visit = await open();
    await visit.check("nowhere.test");
    const report = await visit.read();
    const shown = await visit.page.$eval("main#main", (main) => main.innerText);
    assert.match(shown, /does not exist|doesn’t exist|no such domain/i);
    assert.ok(!Object.values(report.technologies).includes("pass"), "nothing of it is good");
    await visit.sound();
  }],
  ["a parked domain is judged as parked and reaches 100", async ({ open }) => {
    const visit = await open();
    await visit.check("parked.test");
    const report = await visit.read();
    nothingFailed(report);
    assert.equal(report.points, "100");
    for (const technology of ["mta-sts", "tls-rpt", "dane"]) assert.match(report.technologies[technology], /not-applicable/, technology);
    await visit.sound();
  }],
  ["one fault per technology: each is found, located and mended", async ({ open }) => {
    const visit = await open();
    await visit.check("faults.test");
    const report = await visit.read();
    for (const technology of ["spf", "dkim", "dmarc", "mta-sts", "tls-rpt", "bimi", "dane"]) {
      const faults = OF(report, technology).filter(({ outcome }) => outcome === "fail" || outcome === "warn");
      assert.ok(faults.length > 0, `${technology}: ${report.technologies[technology]}, ${JSON.stringify(OF(report, technology))}`);
      assert.match(report.technologies[technology], /fail|warn/, technology);
      assert.ok(faults.some(({ text }) => /RFC \d+|BIMI/.test(text)), `${technology}: a finding names its section`);
    }
    const marked = report.marks.map(({ text }) => text).join("\n");
    for (const words of ["192.0.2.999", "rejekt", "ftp"]) assert.ok(marked.includes(words), `“${words}” is marked in the record; marked: ${marked}`);
    assert.ok(Number(report.points ?? 0) < 50);
    await visit.sound();
  }],
  ["an IDN is checked under its A-labels", async ({ open, outside }) => {
    const visit = await open();
    await visit.check("bücher.test");
    const report = await visit.read();
    assert.equal(report.technologies.spf, "pass");
    assert.match(report.technologies.dmarc, /warn|fail/);
    assert.ok(outside.log.some(({ query }) => query?.question.name === "xn--bcher-kva.test"));
    await visit.sound();
  }],
  ["look-ups are counted as they land, and results appear before the end", async ({ open, outside }) => {
    const slow = { delay: (entry) => (entry.query?.question.name.includes("_domainkey") ? 2500 : 60) };
    for (const host of RESOLVERS) outside.switches.set(host, slow);
    const visit = await open();
    await visit.type("perfect.test");
    await visit.page.keyboard.press("Enter");
    await visit.page.waitForSelector("main#main[data-state=running]");
    await visit.page.waitForSelector("section#tech-spf[data-status=pass]", { timeout: 2400 });
    assert.equal(await visit.state(), "running", "SPF is judged while other look-ups still run");
    const progress = await visit.page.$eval("#progress", (element) => element.textContent);
    const [, answered, asked] = progress.match(/(\d+) of (\d+) look-ups/) ?? [];
    assert.ok(Number(answered) > 0 && Number(answered) < Number(asked), progress);
    assert.equal(await visit.page.$eval("section#score", (section) => section.dataset.points ?? null), null, "no score before the end");
    await visit.done();
    assert.equal((await visit.read()).points, "100");
    await visit.sound({ audit: false });
  }],
];
