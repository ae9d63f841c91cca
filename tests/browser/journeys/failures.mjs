// A network that fails: what could not be looked up is unknown, and never failed.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { nothingFailed } from "../lib/browser.mjs";
import { RESOLVERS } from "../lib/front.mjs";

const [FIRST] = RESOLVERS;

/** Whichever resolver is broken, the other one answers. */
function failover(kind, words, switches) {
  return [`failover: one resolver ${words}`, async ({ open, outside }) => {
    for (const broken of RESOLVERS) {
      outside.reset();
      outside.switches.set(broken, switches);
      const visit = await open();
      await visit.check("perfect.test", 60_000);
      const report = await visit.read();
      nothingFailed(report);
      assert.equal(report.points, "100", `${broken} ${words}`);
      await visit.sound({ networkErrors: true, audit: kind === "dead" && broken === FIRST });
    }
  }];
}

/** With no resolver left everything is unknown, and the page says what to do. */
function outage(words, switches) {
  return [`all resolvers ${words}: everything unknown, nothing failed, helpful text`, async ({ open, outside }) => {
    for (const host of RESOLVERS) outside.switches.set(host, switches);
    const visit = await open();
    await visit.check("perfect.test", 90_000);
    const report = await visit.read();
    nothingFailed(report);
    for (const [technology, status] of Object.entries(report.technologies)) assert.equal(status, "unknown", technology);
    assert.equal(Object.keys(report.technologies).length, 9);
    assert.equal(report.points, null);
    assert.equal(report.grade, null);
    for (const [item, done] of Object.entries(report.checklist)) assert.equal(done, "unknown", item);
    assert.ok(!report.findings.some(({ outcome }) => outcome === "pass"), "nothing passed either");
    assert.ok(report.unknown.length > 0, "what is not known is listed");
    const shown = await visit.page.$eval("main#main", (main) => main.innerText);
    assert.match(shown, /resolver/i, "the text speaks of the resolvers");
    assert.doesNotMatch(shown, /does not exist/, "no absence is claimed");
    await visit.sound({ networkErrors: true });
  }];
}

/** The policy host fails in one way or another: the policy is unknown. */
function policyHost(words, switches) {
  return [`the policy host ${words}: the policy is unknown, not failed`, async ({ open, outside }) => {
    outside.switches.set("mta-sts.perfect.test", switches);
    const visit = await open();
    await visit.check("perfect.test", 60_000);
    const report = await visit.read();
    nothingFailed(report);
    assert.equal(report.technologies["mta-sts"], "unknown");
    const unknown = [...report.unknown, ...report.findings.filter(({ technology, outcome }) => technology === "mta-sts" && outcome === "unknown").map(({ text }) => text)].join("\n");
    assert.match(unknown, /mta-sts\.txt/, "it says how to find out");
    await visit.sound({ networkErrors: true, audit: false });
  }];
}

const onTheWay = (outside) => outside.log.filter(({ kind, done }) => kind === "dns" && !done);

export const failures = [
  failover("dead", "never answers", { dead: true }),
  failover("refuse", "closes the connection", { refuse: true }),
  failover("noCors", "sends no CORS header", { noCors: true }),
  failover("html", "answers with a log-in page", { html: true }),
  failover("garbage", "sends half a message", { garbage: true }),
  failover("truncated", "sends truncated answers", { truncated: true }),
  failover("mismatch", "answers another question", { mismatch: true }),
  failover("servfail", "answers SERVFAIL", { servfail: () => true }),
  outage("never answer", { dead: true }),
  outage("close the connection", { refuse: true }),
  policyHost("sends no CORS header", { noCors: true }),
  policyHost("never answers", { dead: true }),
  ["a look-up that fails everywhere is unknown, the others are judged", async ({ open, outside }) => {
    for (const host of RESOLVERS) outside.switches.set(host, { servfail: ({ query }) => query.question.name === "_dmarc.perfect.test" });
    const visit = await open();
    await visit.check("perfect.test");
    const report = await visit.read();
    nothingFailed(report);
    assert.equal(report.technologies.dmarc, "unknown");
    assert.equal(report.technologies.spf, "pass");
    await visit.sound({ networkErrors: true, audit: false });
  }],
  ["cancel aborts every request in flight and starts no other", async ({ open, outside }) => {
    for (const host of RESOLVERS) outside.switches.set(host, { delay: 4000 });
    const visit = await open();
    await visit.type("perfect.test");
    await visit.page.keyboard.press("Enter");
    for (let tries = 0; tries < 50 && onTheWay(outside).length < 5; tries += 1) await pause(50);
    const before = onTheWay(outside);
    assert.ok(before.length >= 5 && before.length <= 32, `${before.length} in flight`);
    await visit.page.click("#cancel");
    await visit.page.waitForFunction(() => document.querySelector("main#main").dataset.state !== "running", { timeout: 1000 });
    await pause(700);
    assert.ok(before.every(({ aborted }) => aborted), `${before.filter(({ aborted }) => !aborted).length} go on`);
    assert.equal(onTheWay(outside).length, 0);
    const count = outside.log.length;
    await pause(700);
    assert.equal(outside.log.length, count, "nothing new leaves");
    assert.equal(await visit.page.$("#cancel"), null, "there is nothing to cancel any more");
    nothingFailed(await visit.read());
    await visit.sound({ networkErrors: true });
  }],
  ["a new domain aborts the check before", async ({ open, outside }) => {
    for (const host of RESOLVERS) outside.switches.set(host, { delay: ({ query }) => (query?.question.name.endsWith("perfect.test") ? 4000 : 0) });
    const visit = await open();
    await visit.type("perfect.test");
    await visit.page.keyboard.press("Enter");
    const ofFirst = () => onTheWay(outside).filter(({ query }) => query.question.name.endsWith("perfect.test"));
    for (let tries = 0; tries < 50 && ofFirst().length < 5; tries += 1) await pause(50);
    const before = ofFirst();
    await visit.check("bare.test");
    assert.equal((await visit.read()).technologies.spf, "absent");
    assert.ok(before.length >= 5, `${before.length} look-ups were under way`);
    // Their answers would come after four seconds.
    for (let tries = 0; tries < 30 && !before.every(({ aborted }) => aborted); tries += 1) await pause(50);
    assert.ok(before.every(({ aborted }) => aborted), "the first check was aborted");
    await visit.sound({ networkErrors: true, audit: false });
  }],
  ["leaving the page aborts everything", async ({ open, outside }) => {
    for (const host of RESOLVERS) outside.switches.set(host, { delay: 4000 });
    const visit = await open({ hash: "#d=perfect.test" });
    for (let tries = 0; tries < 50 && onTheWay(outside).length < 5; tries += 1) await pause(50);
    const before = onTheWay(outside);
    assert.ok(before.length >= 5);
    await visit.page.goto("about:blank");
    await pause(500);
    assert.ok(before.every(({ aborted }) => aborted));
  }],
  ["an engine that hangs is replaced: the next check goes on in another", async ({ open, outside }) => {
    for (const host of RESOLVERS) outside.switches.set(host, { delay: 4000 });
    const visit = await open({ hash: "#d=perfect.test" });
    for (let tries = 0; tries < 50 && onTheWay(outside).length < 5; tries += 1) await pause(50);
    const [engine] = visit.page.workers().filter((worker) => worker.url().includes("engine"));
    // A worker that stands still hears nothing, like one that is caught in a loop.
    await engine.client.send("Debugger.enable");
    await engine.client.send("Debugger.pause");
    await pause(200);
    await visit.page.click("#cancel");
    outside.switches.clear();
    await visit.check("bare.test");
    assert.match(await visit.page.$eval("#score", (score) => score.textContent), /bare\.test/);
    await visit.sound({ audit: false });
  }],
];
