// Policy hosts that behave in every way, seen by the built page and by the command line: the right verdict, grade and
// sentence in both. The rows are those of the standards sheet, §10.4 and §4.6.
import assert from "node:assert/strict";
import { launchChromium, nothingFailed, Visit } from "../lib/browser.mjs";
import { PolicyHosts, RELAY, ZONE } from "../lib/policy_hosts.mjs";

/** The page cannot see more, and says which command does. */
const UNREAD = { grade: "unknown", status: "unknown", finding: ["mta-sts.policy-unread", "unknown", /curl -sS -D- https:\/\/mta-sts\./] };
const REACHABLE = { ...UNREAD, grade: "reachable", finding: ["mta-sts.policy-unread", "unknown", /answers over HTTPS.*could not be read/] };
const READ = { grade: "read", status: "pass", finding: ["mta-sts.policy-syntax", "pass", /Read from the policy host/] };
/** What is told of each: by the page, and by the command line, which sees more. */
const EXPECTED = {
  cors: { page: READ, cli: READ },
  "no-cors": { page: REACHABLE, cli: READ, row: "10.4 row 1" },
  "own-origin": { page: REACHABLE, cli: READ, row: "10.4 row 12" },
  missing: {
    page: { grade: "read", status: "fail", finding: ["mta-sts.policy-status", "fail", /status 404 instead of 200/] },
    cli: { grade: "read", status: "fail", finding: ["mta-sts.policy-status", "fail", /status 404 instead of 200/] },
  },
  "missing-no-cors": { page: REACHABLE, cli: { grade: "read", status: "fail", finding: ["mta-sts.policy-status", "fail", /404/] } },
  "moved-here": {
    page: { grade: "read", status: "fail", finding: ["mta-sts.policy-redirect", "fail", /redirects/] },
    cli: { grade: "read", status: "fail", finding: ["mta-sts.policy-redirect", "fail", /redirects to \/policy\.txt/] },
    row: "10.4 row 4, 4.6 row 15",
  },
  "moved-away": {
    page: { grade: "read", status: "fail", finding: ["mta-sts.policy-redirect", "fail", /redirects/] },
    cli: { grade: "read", status: "fail", finding: ["mta-sts.policy-redirect", "fail", /redirects to https:\/\/mta-sts\.cors\.policies\.test/] },
    row: "10.4 row 4, 4.6 row 15",
  },
  "moved-no-cors": { page: REACHABLE, cli: { grade: "read", status: "fail", finding: ["mta-sts.policy-redirect", "fail", /redirects to https/] } },
  "html-type": {
    page: { grade: "read", status: "warn", finding: ["mta-sts.policy-type", "warn", /“text\/html”/] },
    cli: { grade: "read", status: "warn", finding: ["mta-sts.policy-type", "warn", /“text\/html”/] },
    row: "4.6 row 16",
  },
  "html-page": {
    page: { grade: "read", status: "fail", finding: ["mta-sts.policy-syntax", "fail", /web page/] },
    cli: { grade: "read", status: "fail", finding: ["mta-sts.policy-syntax", "fail", /web page/] },
    row: "10.4 row 5",
  },
  slow: { page: { ...UNREAD, finding: ["mta-sts.policy-unread", "unknown", /no answer in time/] }, cli: { ...UNREAD, finding: ["mta-sts.policy-unread", "unknown", /no answer in time/] } },
  huge: {
    page: { grade: "read", status: "fail", finding: ["mta-sts.policy-status", "fail", /more than 65536 bytes/] },
    cli: { grade: "read", status: "fail", finding: ["mta-sts.policy-status", "fail", /more than 65536 bytes/] },
  },
  // The head of the answer came, so the host is reachable.
  cut: { page: REACHABLE, cli: UNREAD },
  "self-signed": { page: UNREAD, cli: { grade: "unknown", status: "fail", finding: ["mta-sts.policy-tls", "fail", /self-signed|authority/] }, row: "10.4 row 2" },
  expired: { page: UNREAD, cli: { grade: "unknown", status: "fail", finding: ["mta-sts.policy-tls", "fail", /expired/] }, row: "10.4 row 2" },
  "wrong-name": { page: UNREAD, cli: { grade: "unknown", status: "fail", finding: ["mta-sts.policy-tls", "fail", /wrong-name\.policies\.test/] }, row: "10.4 row 2, 4.6 row 18" },
  ipv6: { page: { ...UNREAD, finding: ["mta-sts.policy-unread", "unknown", /IPv6 addresses only/] }, cli: { ...UNREAD, finding: ["mta-sts.policy-unread", "unknown", /IPv6 addresses only/] }, row: "10.4 row 13" },
  gone: {
    page: { grade: "unknown", status: "fail", finding: ["mta-sts.policy-host", "fail", /does not exist/] },
    cli: { grade: "unknown", status: "fail", finding: ["mta-sts.policy-host", "fail", /does not exist/] },
    row: "10.4 row 3",
  },
};

let started;
/** The hosts and a browser that judges certificates, started with the first journey. */
function start(outside) {
  started ??= (async () => {
    const hosts = await PolicyHosts.start();
    process.on("exit", () => hosts.forget());
    const rules = [`MAP mta-sts.ipv6.${ZONE} 127.0.0.1:1`, `MAP *.${ZONE} 127.0.0.1:${hosts.port}`];
    const browser = await launchChromium(outside, [], { rules, keys: [hosts.goodKey, ...outside.certificates.map(PolicyHosts.keyHash)] });
    return { hosts, browser };
  })();
  return started;
}

/** Checks a domain in the browser that judges certificates. */
async function look(outside, name, { before = async () => {}, then }) {
  const { hosts, browser } = await start(outside);
  hosts.log = [];
  const visit = await Visit.open(browser, outside);
  try {
    await before(visit);
    await visit.check(`${name}.${ZONE}`, 60_000);
    return await then(await visit.read(), visit, hosts);
  } finally {
    await visit.close();
  }
}

function holds(said, { status, finding: [id, outcome, words] }, findings) {
  assert.equal(said.status, status, `status: ${JSON.stringify(findings, null, 1)}`);
  const found = findings.filter((finding) => finding.id === id && finding.outcome === outcome);
  assert.ok(found.some(({ text }) => words.test(text)), `${id} ${outcome} ${words}: ${JSON.stringify(findings, null, 1)}`);
}

const journeyOf = ([name, { page, cli, row }]) => [`policy host ${name}${row ? ` (${row})` : ""}: page and command line`, async ({ outside }) => {
  const domain = `${name}.${ZONE}`;
  await look(outside, name, {
    then: async (report, visit) => {
      const own = report.findings.filter(({ technology }) => technology === "mta-sts");
      if (page.status === "unknown") assert.ok(own.every(({ outcome }) => outcome !== "fail"), "what could not be read has failed");
      holds({ status: report.technologies["mta-sts"] }, page, own);
      const facts = await visit.page.$eval("#tech-mta-sts", (section) => section.textContent.replace(/\s+/g, " "));
      assert.match(facts, new RegExp(`evidence ?${page.grade}`), `grade: ${facts.slice(-600)}`);
      await visit.sound({ networkErrors: true, audit: name === "no-cors" });
    },
  });
  const { hosts } = await start(outside);
  const { status, stdout, stderr } = await hosts.mxray("check", domain, "--resolver", outside.resolverUrl(), "--anchor", anchorFile(hosts, outside), "--https-roots", hosts.roots, "--format", "json");
  assert.equal(status, 0, stderr);
  const report = JSON.parse(stdout);
  const own = report.findings.filter(({ technology }) => technology === "mta-sts");
  const technology = report.technologies.find(({ id }) => id === "mta-sts");
  holds(technology, cli, own.map(({ id, outcome, title, detail, fix }) => ({ id, outcome, text: `${title} ${detail} ${fix ?? ""}` })));
  assert.equal(technology.detail.evidence, cli.grade);
}];

function anchorFile(hosts, outside) {
  hosts.anchor ??= hosts.keep("anchor.key", `${outside.anchor}\n`);
  return hosts.anchor;
}

export const policyHosts = [
  ...Object.entries(EXPECTED).map(journeyOf),
  ["policy hosts: logo and certificate that no page may read are unknown (10.4 rows 6 to 8)", async ({ outside }) => {
    await look(outside, "no-cors", {
      then: (report) => {
        const own = report.findings.filter(({ technology }) => technology === "bimi");
        assert.ok(own.every(({ outcome, text }) => outcome !== "fail" || !/logo\.svg|mark\.pem/.test(text)), JSON.stringify(own));
        for (const file of ["logo.svg", "mark.pem"]) {
          assert.ok([...own.filter(({ outcome }) => outcome === "unknown").map(({ text }) => text), ...report.unknown].some((text) => text.includes(file)), `${file}: ${JSON.stringify(own)}`);
        }
      },
    });
  }],
  ["policy hosts: without a network everything is unknown (10.4 row 11)", async ({ outside }) => {
    await look(outside, "cors", {
      before: (visit) => visit.page.setOfflineMode(true),
      then: async (report) => {
        nothingFailed(report);
        assert.equal(report.technologies["mta-sts"], "unknown");
      },
    });
  }],
  ["relay: a policy that the page may not read comes through the user's relay, and the report says so", async ({ outside }) => {
    await look(outside, "no-cors", {
      before: (visit) => visit.set("#relay", `https://${RELAY}/?url=`),
      then: async (report, visit, hosts) => {
        const asked = hosts.log.filter(({ path }) => path.includes("mta-sts.txt")).map(({ name }) => name);
        assert.deepEqual(asked, ["no-cors", "relay", "no-cors"], "the host first, then the relay, which asks the host");
        const relay = hosts.log.find(({ name }) => name === "relay");
        assert.deepEqual([relay.headers.cookie, relay.headers.referer], [undefined, undefined]);
        const own = report.findings.filter(({ technology }) => technology === "mta-sts");
        assert.ok(own.some(({ id, outcome, text }) => id === "mta-sts.policy-syntax" && outcome === "pass" && /through your relay/.test(text)), JSON.stringify(own));
        assert.match(await visit.page.$eval("#tech-mta-sts", (section) => section.textContent), /evidence\s*relayed/);
        assert.match(await visit.page.$eval("#tech-bimi", (section) => section.textContent), /grade\s*relayed/, "the logo too");
        assert.match(await visit.page.$eval("#relay-used", (line) => line.textContent), /relay\.policies\.test.*mta-sts\.no-cors/);
        assert.match(await visit.page.evaluate(() => location.hash), /&relay=https%3A%2F%2Frelay\.policies\.test/);
        await visit.sound({ networkErrors: true });
      },
    });
  }],
  ["relay: not asked where the host lets the page read, nor for what it cannot mend", async ({ outside }) => {
    for (const name of ["cors", "missing", "slow", "gone"]) {
      await look(outside, name, {
        before: (visit) => visit.set("#relay", `https://${RELAY}/?url=`),
        then: (_, __, hosts) => assert.ok(hosts.log.every(({ name: asked }) => asked !== "relay"), `${name}: ${JSON.stringify(hosts.log)}`),
      });
    }
  }],
  ["relay: an answer other than the file says nothing of the host", async ({ outside }) => {
    for (const name of ["missing-no-cors", "moved-no-cors"]) {
      await look(outside, name, {
        before: (visit) => visit.set("#relay", `https://${RELAY}/?url=`),
        then: (report) => {
          const own = report.findings.filter(({ technology }) => technology === "mta-sts");
          assert.ok(own.every(({ outcome }) => outcome !== "fail"), JSON.stringify(own));
          assert.ok(own.some(({ id, text }) => id === "mta-sts.policy-unread" && /Your relay .* was asked too/.test(text)), JSON.stringify(own));
        },
      });
    }
  }],
  ["relay: an address that is none is refused before anything leaves", async ({ outside }) => {
    const { hosts, browser } = await start(outside);
    hosts.log = [];
    const visit = await Visit.open(browser, outside);
    for (const [relay, words] of [["http://relay.example/?url=", /http/], ["relay.example", /https:\/\//], ["http://127.0.0.1:1/", /site of this page/]]) {
      await visit.set("#relay", relay);
      await visit.type(`cors.${ZONE}`);
      await visit.page.keyboard.press("Enter");
      await visit.page.waitForFunction(() => document.querySelector("#domain-error")?.textContent.includes("Relay"), { timeout: 3000 });
      assert.match((await visit.read()).error, words);
      assert.equal(await visit.state(), "idle");
    }
    assert.deepEqual(hosts.log, []);
    await visit.close();
  }],
  ["policy hosts: end", async ({ outside }) => {
    const { hosts, browser } = await start(outside);
    await browser.close();
    await hosts.stop();
  }],
];
