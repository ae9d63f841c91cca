// What people type, paste and link to.
import assert from "node:assert/strict";

export const input = [
  ["pasted URLs, addresses, capitals and stray spaces are understood", async ({ open }) => {
    const visit = await open();
    for (const typed of ["  perfect.test ", "https://perfect.test/path?query=1#part", "<someone@perfect.test>", "PERFECT.TEST.", "mailto:someone@perfect.test"]) {
      await visit.check(typed);
      assert.match(await visit.page.evaluate(() => location.hash), /(^#|&)d=perfect\.test(&|$)/, typed);
      assert.match((await visit.read()).technologies.spf, /pass/, typed);
      await visit.page.goto("about:blank");
      await visit.page.goto(visit.outside.url, { waitUntil: "load" });
      await visit.ready();
    }
    await visit.sound({ audit: false });
  }],
  ["nonsense gets a clear sentence and no request", async ({ open, outside }) => {
    const visit = await open();
    for (const typed of ["not a domain", "...", "-", "a..b", `${"x".repeat(64)}.test`, "@", "https://", "192.0.2.1"]) {
      await visit.type(typed);
      await visit.page.keyboard.press("Enter");
      await visit.page.waitForFunction(() => document.querySelector("#domain-error")?.textContent.trim().length > 10, { timeout: 3000 })
        .catch(() => assert.fail(`no sentence for “${typed}”`));
      assert.equal(await visit.state(), "idle", typed);
    }
    await visit.page.$eval("input#domain", (field) => field.select());
    await visit.page.keyboard.press("Backspace");
    await visit.page.keyboard.press("Enter");
    await visit.page.waitForFunction(() => document.querySelector("#domain-error")?.textContent.trim().length > 10, { timeout: 3000 });
    assert.deepEqual(outside.left, []);
    await visit.sound();
  }],
  ["a link with a domain starts the check; going back and forth follows", async ({ open }) => {
    const visit = await open({ hash: "#d=perfect.test" });
    await visit.done();
    assert.equal((await visit.read()).points, "100");
    await visit.page.evaluate(() => (location.hash = "#d=bare.test"));
    await visit.page.waitForFunction(() => document.querySelector("#tech-spf")?.dataset.status === "absent" && document.querySelector("main#main").dataset.state === "done", { timeout: 20_000 });
    await visit.page.goBack();
    await visit.page.waitForFunction(() => document.querySelector("#tech-spf")?.dataset.status === "pass" && document.querySelector("main#main").dataset.state === "done", { timeout: 20_000 });
    await visit.sound({ audit: false });
  }],
  ["a resolver of one's own replaces the built-in ones", async ({ open, outside }) => {
    const visit = await open({ hash: `#d=perfect.test&r=${encodeURIComponent("https://resolver.corp.test/dns-query")}` });
    await visit.done();
    assert.equal((await visit.read()).points, "100");
    assert.deepEqual([...new Set(outside.log.filter(({ kind }) => kind === "dns").map(({ host }) => host))], ["resolver.corp.test"]);
    await visit.sound({ audit: false });
  }],
  ["selectors of DKIM and BIMI can be named", async ({ open, outside }) => {
    const visit = await open({ hash: "#d=perfect.test&s=autumn,winter.2026&b=mark" });
    await visit.done();
    const asked = outside.log.filter(({ kind }) => kind === "dns").map(({ query }) => query.question.name);
    for (const name of ["autumn._domainkey.perfect.test", "winter.2026._domainkey.perfect.test", "mark._bimi.perfect.test"]) assert.ok(asked.includes(name), name);
    await visit.sound({ audit: false });
  }],
];
