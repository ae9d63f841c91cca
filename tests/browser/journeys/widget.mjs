// <mx-ray> on other people's pages: whatever their style, policy and scripts, and however often it changes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { RESOLVERS } from "../lib/front.mjs";
import { onHosts, script } from "../lib/widget.mjs";
import { reportWithReports } from "./mail-hosts.mjs";

/** A main region with a heading, as the pages of others have one. */
const page = (inside) => `<main><h1>Host</h1>${inside}</main>`;
const anchors = (outside) => `anchors="${outside.anchor}"`;
const queriesOf = (outside, domain) => outside.log.filter(({ kind, query }) => kind === "dns" && query?.question.name.endsWith(domain));
const wasmFetches = (hosts) => hosts.fetched.filter((path) => path.includes("mx-ray.wasm"));

/** A site that does its worst to strangers on it. */
const HOSTILE = `* { all: unset; color: red !important; font-size: 40px !important; letter-spacing: 1em; text-transform: uppercase; line-height: 4; }
script, style, head, title, meta { display: none; }`;

export const widget = [
  ["widget: one tag from another origin, under a hostile style sheet", onHosts(async ({ hosts, visit, outside }) => {
    const address = hosts.page(page(`${script(hosts.cdn)}<p id="host">text</p><mx-ray domain="perfect.test" ${anchors(outside)}><a href="https://example.com/">report</a></mx-ray>
      <mx-ray id="card" domain="perfect.test" view="summary" ${anchors(outside)}></mx-ray>`), { head: `<style>${HOSTILE}</style>` });
    const opened = await visit(address);
    await opened.settled();
    const badge = await opened.read();
    assert.equal(badge.state, "done");
    assert.match(badge.badge, /^Mail security of perfect\.test: Grade A\+?, 100 of 100 points$/);
    const styles = await opened.page.$eval("#card", (element) => [...element.shadowRoot.querySelectorAll("h2, p, b, .badge")].map((inner) => {
      const { color, fontSize, letterSpacing, textTransform } = getComputedStyle(inner);
      return { color, fontSize: parseFloat(fontSize), letterSpacing, textTransform };
    }));
    assert.ok(styles.length > 5);
    for (const { color, fontSize, letterSpacing, textTransform } of styles) {
      assert.notEqual(color, "rgb(255, 0, 0)");
      assert.ok(fontSize < 39, `${fontSize}`);
      assert.deepEqual([letterSpacing, textTransform], ["normal", "none"]);
    }
    assert.equal(await opened.page.$eval("#host", (paragraph) => getComputedStyle(paragraph).fontSize), "40px", "nothing leaks out");
    assert.equal(await opened.page.evaluate(() => document.adoptedStyleSheets.length + document.querySelectorAll("link, style").length), 1);
    await opened.sound({ audit: false, networkErrors: true });
  })],
  ["widget: a strict policy of the host, a worker by way of a blob, Trusted Types", onHosts(async ({ hosts, visit, outside }) => {
    const cdn = new URL(hosts.cdn).origin;
    const policy = `default-src 'none'; script-src ${cdn} 'wasm-unsafe-eval'; connect-src ${cdn} https:; worker-src blob:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types mx-ray`;
    const tag = page(`${script(hosts.cdn)}<mx-ray domain="perfect.test" view="full" ${anchors(outside)}></mx-ray>`);
    const opened = await visit(hosts.page(tag, { headers: { "content-security-policy": policy } }));
    await opened.settled();
    const { state, grade } = await opened.read();
    assert.deepEqual([state, grade?.[0]], ["done", "A"]);
    assert.equal(opened.page.workers().length, 1, "a worker does it");
    await opened.sound({ audit: false, networkErrors: true });
  })],
  ["widget: the whole report has the mail servers one by one and the road of MTA-STS, and its value every part of the schema", onHosts(async ({ hosts, visit, outside }) => {
    const schema = JSON.parse(readFileSync(new URL("../../../docs/report.schema.json", import.meta.url), "utf8"));
    for (const [domain, now] of [["perfect.test", null], ["faults.test", true]]) {
      const opened = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray domain="${domain}" view="full" ${anchors(outside)}></mx-ray>`)));
      await opened.settled();
      const report = await opened.page.$eval("mx-ray", (element) => element.report);
      assert.deepEqual(schema.required.filter((name) => !(name in report)), [], "a part of the report is missing");
      const shown = await opened.page.$eval("mx-ray", ({ shadowRoot }) => {
        const clean = (element) => element.textContent.replace(/\s+/g, " ").trim();
        return {
          hosts: [...shadowRoot.querySelectorAll(".hosts tbody tr")].map((row) => [row.dataset.host, ...[...row.cells].map(clean)]),
          steps: [...shadowRoot.querySelectorAll(".road [data-step]")].map((step) => [step.dataset.step, step.dataset.state, step.querySelectorAll(".publish").length]),
          text: clean(shadowRoot.querySelector(".road")),
        };
      });
      assert.deepEqual(shown.hosts.map(([host]) => host), report.mail_hosts.map(({ host }) => host));
      assert.ok(shown.hosts.length > 0);
      for (const [, , policy, tlsa, senders] of shown.hosts) assert.ok(![policy, tlsa, senders].some((text) => !text || /undefined|null|\[object/.test(text)), `${policy} · ${tlsa} · ${senders}`);
      const { steps, removal, stands } = report.mta_sts_road;
      assert.deepEqual(shown.steps, [...steps, ...removal].map(({ id, state, publish }) => [id, state, publish.length]));
      assert.ok(shown.text.includes(stands.split("`")[0]), shown.text.slice(0, 200));
      if (now) assert.ok(shown.steps.some(([, state]) => state === "now"));
      await opened.sound({ networkErrors: true });
    }
  })],
  ["widget: where no worker may start, the page's own thread does it", onHosts(async ({ hosts, visit, outside }) => {
    const cdn = new URL(hosts.cdn).origin;
    const policy = `default-src 'none'; script-src ${cdn} 'wasm-unsafe-eval'; connect-src ${cdn} https:`;
    const tag = page(`${script(hosts.cdn)}<mx-ray domain="perfect.test" ${anchors(outside)}></mx-ray>`);
    const opened = await visit(hosts.page(tag, { headers: { "content-security-policy": policy } }));
    await opened.settled();
    assert.equal((await opened.read()).state, "done");
    assert.equal(opened.page.workers().length, 0);
    assert.ok((await opened.violations()).every((violation) => /^worker-src/.test(violation)), "only the worker was refused");
  })],
  ["widget: a policy that forbids wasm or the resolvers is named, and the author's own content shows", onHosts(async ({ hosts, visit, outside }) => {
    const cdn = new URL(hosts.cdn).origin;
    const tag = page(`${script(hosts.cdn)}<mx-ray domain="perfect.test" ${anchors(outside)}><a href="https://example.com/">Read the report</a></mx-ray>`);
    const forbidden = await visit(hosts.page(tag, { headers: { "content-security-policy": `default-src 'none'; script-src ${cdn}; connect-src ${cdn} https:; worker-src blob:` } }));
    await forbidden.settled();
    const [fault] = await forbidden.heard("error");
    assert.equal(fault.detail.code, "load");
    assert.match(fault.detail.message, /Content-Security-Policy.*script-src.*wasm-eval/);
    assert.ok((await forbidden.read()).hasSlot, "the light content is shown");
    const unasked = await visit(hosts.page(tag, { headers: { "content-security-policy": `default-src 'none'; script-src ${cdn} 'wasm-unsafe-eval'; connect-src ${cdn}; worker-src blob:` } }));
    await unasked.settled();
    const [refused] = await unasked.heard("error");
    assert.equal(refused.detail.code, "resolver");
    assert.match(refused.detail.message, /Content-Security-Policy.*connect-src/);
  })],
  ["widget: from its own site a worker needs no blob", onHosts(async ({ hosts, visit, outside }) => {
    const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' https:; worker-src 'self'";
    const opened = await visit(hosts.page(page(`${script("/own/")}<mx-ray domain="perfect.test" ${anchors(outside)}></mx-ray>`), { headers: { "content-security-policy": policy } }));
    await opened.settled();
    assert.equal((await opened.read()).state, "done");
    assert.equal(opened.page.workers().length, 1);
    await opened.sound({ networkErrors: true });
  })],
  ["widget: ten on a page share one wasm and one check, of two domains two", onHosts(async ({ hosts, visit, outside }) => {
    const views = ["badge", "summary", "full"];
    const ten = Array.from({ length: 10 }, (_, at) => `<mx-ray id="n${at}" domain="${at % 2 ? "Perfect.test." : "perfect.test"}" view="${views[at % 3]}" ${anchors(outside)}></mx-ray>`).join("");
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}${ten}<mx-ray id="other" domain="bare.test" ${anchors(outside)}></mx-ray>`)));
    await opened.page.$$eval("mx-ray", (all) => all.map((element) => void element.check().catch(() => {})));
    await opened.settled();
    assert.equal(wasmFetches(hosts).length, 1, "one wasm");
    assert.equal(opened.page.workers().length, 1, "one worker");
    assert.equal((await opened.heard("report")).length, 11, "each element tells its report");
    const asked = queriesOf(outside, "perfect.test").map(({ query }) => `${query.question.name} ${query.question.type}`);
    assert.equal(new Set(asked).size, asked.length, "nothing was asked twice");
    assert.match((await opened.read("#other")).badge, /Grade [EF]/);
  })],
  ["widget: a storm of attributes is one check; what is half typed is never asked", onHosts(async ({ hosts, visit, outside }) => {
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray domain="bare.test" ${anchors(outside)}></mx-ray>`)));
    await opened.settled();
    const before = outside.log.length;
    await opened.page.$eval("mx-ray", async (element) => {
      const views = ["badge", "summary", "full", "odd", ""];
      for (let turn = 0; turn < 300; turn += 1) {
        element.setAttribute("domain", `storm${turn}.test`);
        element.setAttribute("view", views[turn % 5]);
        element.setAttribute("theme", turn % 2 ? "dark" : "light");
        element.toggleAttribute("editable");
        element.setAttribute("lang", turn % 3 ? "xx" : "en-GB");
        if (turn % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      element.removeAttribute("editable");
      element.setAttribute("view", "summary");
      element.setAttribute("domain", "perfect.test");
    });
    await opened.settled();
    const { state, view, technologies } = await opened.read();
    assert.deepEqual([state, view, technologies.spf], ["done", "summary", "pass"]);
    const stormy = outside.log.slice(before).filter(({ query }) => query?.question.name.includes("storm"));
    assert.deepEqual(stormy, []);
    assert.equal(await opened.page.$$eval("mx-ray", ([element]) => element.shadowRoot.querySelectorAll(".content > *").length), 1);
    await opened.sound({ audit: false, networkErrors: true });
  })],
  ["widget: removed in mid-run it stops its requests; put back it goes on from there", onHosts(async ({ hosts, visit, outside }) => {
    for (const host of RESOLVERS) outside.switches.set(host, { delay: (entry) => (/_domainkey/.test(entry.query?.question.name ?? "") ? 3000 : 20) });
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray domain="perfect.test" ${anchors(outside)}></mx-ray><p id="elsewhere"></p>`)));
    await opened.page.waitForFunction(() => window.heard.some(({ name, detail }) => name === "progress" && detail.answered >= 20));
    // Moved, it goes on.
    await opened.page.evaluate(() => document.getElementById("elsewhere").append(document.querySelector("mx-ray")));
    await pause(300);
    assert.equal(queriesOf(outside, "perfect.test").filter(({ aborted }) => aborted).length, 0, "moved, not stopped");
    const removed = Date.now();
    await opened.page.evaluate(() => {
      window.kept = document.querySelector("mx-ray");
      window.kept.remove();
    });
    await pause(500);
    const aborted = queriesOf(outside, "perfect.test").filter((entry) => entry.aborted && entry.done >= removed);
    assert.ok(aborted.length > 5, `${aborted.length} requests were aborted`);
    const asked = outside.log.length;
    await pause(700);
    assert.equal(outside.log.length, asked, "nothing more is asked");
    outside.switches.clear();
    const answered = new Set(queriesOf(outside, "perfect.test").filter((entry) => !entry.aborted).map(({ query }) => `${query.question.name} ${query.question.type}`));
    await opened.page.evaluate(() => document.querySelector("main").append(window.kept));
    await opened.settled();
    assert.equal((await opened.read()).grade?.[0], "A");
    const again = outside.log.slice(asked).filter(({ query }) => query && answered.has(`${query.question.name} ${query.question.type}`));
    assert.deepEqual(again.map(({ query }) => query.question), [], "what was answered is not asked again");
  })],
  ["widget: one of two is removed, the other one's check goes on", onHosts(async ({ hosts, visit, outside }) => {
    for (const host of RESOLVERS) outside.switches.set(host, { delay: 150 });
    const two = `<mx-ray id="one" domain="perfect.test" ${anchors(outside)}></mx-ray><mx-ray id="two" domain="perfect.test" ${anchors(outside)}></mx-ray>`;
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}${two}`)));
    await opened.page.waitForFunction(() => window.heard.some(({ name }) => name === "progress"));
    await opened.page.$eval("#one", (element) => element.remove());
    await opened.settled();
    assert.equal((await opened.read("#two")).grade?.[0], "A");
    assert.equal(queriesOf(outside, "perfect.test").filter(({ aborted }) => aborted).length, 0);
  })],
  ["widget: by keyboard alone, and a screen reader is told", onHosts(async ({ hosts, visit, outside }) => {
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray editable view="summary" ${anchors(outside)}></mx-ray>`)));
    await opened.page.waitForSelector("mx-ray >>> input");
    await opened.page.keyboard.press("Tab");
    assert.equal(await opened.page.$eval("mx-ray", (element) => element.shadowRoot.activeElement?.localName), "input");
    await opened.page.keyboard.type("not a domain");
    await opened.page.keyboard.press("Enter");
    await opened.page.waitForFunction(() => window.heard.some(({ name }) => name === "error"));
    const wrong = await opened.read();
    assert.match(wrong.error, /no spaces/);
    assert.match(wrong.said, /no spaces/);
    assert.equal(await opened.page.$eval("mx-ray >>> input", (input) => input.getAttribute("aria-invalid")), "true");
    await opened.audit();
    await opened.page.keyboard.down("Control");
    await opened.page.keyboard.press("a");
    await opened.page.keyboard.up("Control");
    await opened.page.keyboard.type("https://perfect.test/");
    await opened.page.keyboard.press("Enter");
    await opened.page.waitForFunction(() => window.heard.some(({ name }) => name === "report"), { timeout: 30_000 });
    await opened.settled();
    const right = await opened.read();
    assert.equal(right.technologies.spf, "pass");
    assert.match(right.said, /perfect\.test: grade A/);
    assert.equal(await opened.page.$eval("mx-ray >>> input", (input) => input.getAttribute("aria-invalid")), null);
    assert.equal(await opened.page.$eval("mx-ray", (element) => element.domain), "https://perfect.test/");
    await opened.sound({ networkErrors: true });
  })],
  ["widget: without script the author's own content stands there", onHosts(async ({ hosts, visit }) => {
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray domain="perfect.test"><a href="https://example.com/">Read the report</a></mx-ray>`)), { javascript: false });
    const box = await (await opened.page.$("mx-ray a")).boundingBox();
    assert.ok(box.width > 50 && box.height > 10);
  })],
  ["widget: as a frame, which tells the page around it", onHosts(async ({ hosts, visit, outside }) => {
    const words = new URLSearchParams({ domain: "perfect.test", view: "summary", anchors: outside.anchor });
    const listen = hosts.file("window.told = []; addEventListener('message', ({ data, origin }) => window.told.push({ ...data, origin }));", "text/javascript");
    const policy = `default-src 'none'; script-src 'self'; frame-src ${new URL(hosts.cdn).origin}`;
    const frame = page(`<script src="${listen}"></script><iframe src="${hosts.cdn}embed.html#${words}" title="Mail security of perfect.test" width="600" height="500"></iframe>`);
    const opened = await visit(hosts.page(frame, { headers: { "content-security-policy": policy } }));
    await opened.page.waitForFunction(() => window.told?.some(({ type }) => type === "mxray:report"), { timeout: 30_000 });
    const told = await opened.page.evaluate(() => window.told.map(({ type, detail, origin }) => ({ type, origin, domain: detail.domain, height: detail.height })));
    assert.ok(told.some(({ type, domain }) => type === "mxray:report" && domain === "perfect.test"));
    assert.ok(told.some(({ type, height }) => type === "mxray:size" && height > 100));
    assert.ok(told.every(({ origin }) => origin === new URL(hosts.cdn).origin));
    assert.ok(!hosts.fetched.some((path) => path.includes("perfect")), "the host of the frame learns no domain");
    await opened.sound({ networkErrors: true });
  })],
  ["widget: a domain that is none, and resolvers that are dead", onHosts(async ({ hosts, visit, outside }) => {
    const tag = page(`${script(hosts.cdn)}<mx-ray id="none" domain="192.0.2.1" view="summary"></mx-ray><mx-ray id="dead" domain="perfect.test" resolver="https://dead.test/dns-query"></mx-ray>
      <mx-ray id="odd" domain="perfect.test" resolver="ftp://resolver.test" view="full"></mx-ray>`);
    outside.switches.set("dead.test", { refuse: true });
    const opened = await visit(hosts.page(tag));
    await opened.settled();
    const faults = Object.fromEntries((await opened.heard("error")).map(({ id, detail }) => [id, detail]));
    assert.equal(faults.none.code, "domain");
    assert.match(faults.none.message, /IP address/);
    assert.equal(faults.dead.code, "resolver");
    assert.match(faults.dead.message, /dead\.test/);
    assert.equal(faults.odd.code, "resolver");
    assert.match(faults.odd.message, /https:\/\//);
    // The badge is a button now, and works again once the resolver does.
    assert.equal((await opened.read("#dead")).badgeTag, "button");
    assert.match((await opened.read("#dead")).badge, /could not be checked.*Try again/);
    await opened.audit();
    outside.switches.clear();
    await opened.page.$eval("#dead", (element) => element.setAttribute("resolver", ""));
    await opened.settled("#dead");
    assert.equal((await opened.read("#dead")).state, "done");
  })],
  ["widget: nothing is loaded before it is near what is seen, or asked for", onHosts(async ({ hosts, visit, outside }) => {
    const tall = '<svg width="10" height="5000"></svg>';
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}${tall}<mx-ray domain="perfect.test" ${anchors(outside)}></mx-ray>`)));
    await pause(600);
    assert.deepEqual(wasmFetches(hosts), []);
    assert.equal((await opened.read()).state, "idle");
    await opened.page.$eval("mx-ray", (element) => element.scrollIntoView());
    await opened.settled();
    assert.equal((await opened.read()).state, "done");
    const second = await visit(hosts.page(page(`${script(hosts.cdn)}${tall}<mx-ray domain="bare.test" ${anchors(outside)}></mx-ray>`)));
    const domain = await second.page.$eval("mx-ray", (element) => element.check().then((report) => report.domain));
    assert.equal(domain, "bare.test");
  })],
  ["widget: a saved report is shown without wasm and without any look-up", onHosts(async ({ hosts, visit, outside }) => {
    const live = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray domain="faults.test" ${anchors(outside)}></mx-ray>`)));
    await live.settled();
    const report = await live.page.$eval("mx-ray", (element) => element.report);
    const file = hosts.file(JSON.stringify(report), "application/json");
    [hosts.fetched, outside.log] = [[], []];
    const saved = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray src="${file}" view="full"></mx-ray><mx-ray id="bad" src="/nowhere" view="summary"></mx-ray>`)));
    await saved.settled();
    assert.equal((await saved.read()).grade, report.score.grade);
    assert.equal((await saved.heard("error"))[0].detail.code, "report");
    assert.deepEqual([wasmFetches(hosts), outside.left], [[], []]);
    // A report with anything in it is text, or refused.
    const hostile = await saved.page.$eval("#bad", async (element, good) => {
      const wicked = structuredClone(good);
      wicked.domain = "<img src=x onerror=alert(1)>";
      wicked.plan[0].step = "<script>alert(1)</script>\u202e`code`";
      wicked.findings[0].references = ["javascript:alert(1)"];
      element.href = "javascript:alert(1)";
      element.removeAttribute("src");
      await new Promise((resolve) => setTimeout(resolve, 50));
      element.report = wicked;
      await new Promise((resolve) => setTimeout(resolve, 50));
      const shown = [element.state, element.shadowRoot.querySelectorAll("img, script, a[href^=javascript]").length, element.shadowRoot.textContent.includes("<script>")];
      element.report = { ...good, findings: [null] };
      element.view = "full";
      await new Promise((resolve) => setTimeout(resolve, 50));
      return [...shown, element.state];
    }, report);
    assert.deepEqual(hostile, ["done", 0, true, "failed"]);
    await saved.page.$eval("#bad", (element) => element.remove());
    await saved.audit();
  })],
  ["widget: in the language of the page or of its own, which may change in mid-run; English costs nothing more", onHosts(async ({ hosts, visit, outside }) => {
    const languages = () => hosts.fetched.filter((path) => /mx-ray-(de|es)\.js/.test(path));
    const said = (opened, selector) => opened.page.$eval(selector, ({ shadowRoot }) => {
      const root = shadowRoot.querySelector(".root");
      return { lang: root.lang, heads: [...root.querySelectorAll("h3")].map((head) => head.textContent), english: [...root.querySelectorAll("[lang=en]")].length, text: root.innerText };
    });
    const plain = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray domain="perfect.test" view="full" ${anchors(outside)}></mx-ray>`)));
    await plain.settled();
    assert.deepEqual([(await said(plain, "mx-ray")).lang, languages()], ["en", []]);
    await plain.close();

    const tags = `<mx-ray id="page" domain="faults.test" view="full" ${anchors(outside)}></mx-ray><mx-ray id="es" lang="es-MX" domain="perfect.test" view="summary" ${anchors(outside)}></mx-ray>
      <mx-ray id="none" lang="xx" domain="perfect.test" ${anchors(outside)}></mx-ray><section lang="es"><mx-ray id="inner" domain="perfect.test" ${anchors(outside)}></mx-ray></section>`;
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}${tags}`), { language: "de-AT" }));
    await opened.settled();
    const german = await said(opened, "#page");
    assert.deepEqual([german.lang, german.heads.slice(0, 3)], ["de-AT", ["Was zu tun ist, der Reihe nach", "Prioritäten", "Prüfliste"]]);
    assert.ok(german.english > 20, "what the report says is marked as English");
    assert.match(german.text, /Fehlerhaft/);
    assert.doesNotMatch(german.text, /undefined|\[object|Broken|Not there/);
    const spanish = await said(opened, "#es");
    assert.equal(spanish.lang, "es-MX");
    assert.match(spanish.text, /100 de 100[\s\S]*A fecha de/);
    assert.deepEqual([(await said(opened, "#none")).lang, (await said(opened, "#inner")).lang], ["en", "es"]);
    assert.equal(languages().length, 2, "one file a language");
    await opened.page.$eval("#es", (element) => (element.lang = "de"));
    await opened.page.waitForFunction(() => document.querySelector("#es").shadowRoot.querySelector(".root").lang === "de", { timeout: 5000 });
    assert.equal((await opened.heard("report")).filter(({ id }) => id === "es").length, 1, "another language is no other check");
    await opened.sound({ networkErrors: true });
    await opened.close();

    for (const host of RESOLVERS) outside.switches.set(host, { delay: 300 });
    const going = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray domain="perfect.test" view="summary" ${anchors(outside)}></mx-ray>`)));
    await going.page.waitForFunction(() => document.querySelector("mx-ray").state === "running", { timeout: 10_000 });
    await going.page.$eval("mx-ray", (element) => (element.lang = "es"));
    await going.page.waitForFunction(() => /consultas/.test(document.querySelector("mx-ray").shadowRoot.textContent), { timeout: 10_000 });
    await going.settled();
    assert.deepEqual([(await said(going, "mx-ray")).lang, (await going.heard("error")).length], ["es", 0]);
    outside.switches.clear();

    // A form changes its language, too, and keeps what is typed.
    const form = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray lang="de" editable></mx-ray>`)));
    const labels = () => form.page.$eval("mx-ray", ({ shadowRoot }) => [shadowRoot.querySelector("form").getAttribute("aria-label"), ...[...shadowRoot.querySelectorAll("form label, form button")].map((part) => part.textContent), shadowRoot.querySelector("input").value]);
    await form.page.waitForFunction(() => document.querySelector("mx-ray").shadowRoot.querySelector("form"));
    await form.page.$eval("mx-ray", ({ shadowRoot }) => (shadowRoot.querySelector("input").value = "half.typ"));
    assert.deepEqual(await labels(), ["Sicherheit der E-Mail", "Domain", "Prüfen", "half.typ"]);
    await form.page.$eval("mx-ray", (element) => (element.lang = "es"));
    await form.page.waitForFunction(() => document.querySelector("mx-ray").shadowRoot.querySelector("form button").textContent === "Comprobar", { timeout: 5000 });
    assert.deepEqual(await labels(), ["Seguridad del correo", "Dominio", "Comprobar", "half.typ"]);
    await form.close();

    // Where the file is not to be had, it is English, and says so to readers of the screen.
    hosts.hindered.set("mx-ray-de.js", null);
    const lost = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray lang="de" domain="perfect.test" view="summary" ${anchors(outside)}></mx-ray>`)));
    await lost.settled();
    const english = await said(lost, "mx-ray");
    assert.deepEqual([english.lang, /In place/.test(english.text)], ["en", true]);
  })],
  ["widget: a language that does not come leaves the author's content for two seconds, then English, and comes later", onHosts(async ({ hosts, visit, outside }) => {
    let arrive;
    hosts.hindered.set("mx-ray-de.js", new Promise((resolve) => (arrive = resolve)));
    const now = (opened) => opened.page.$eval("mx-ray", ({ shadowRoot }) => [shadowRoot.querySelector("slot") ? "slot" : shadowRoot.querySelector(".root").lang, shadowRoot.querySelector(".root").innerText]);
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray lang="de" domain="perfect.test" view="summary" ${anchors(outside)}><a href="#own">My own words</a></mx-ray>`)));
    const began = Date.now();
    assert.equal((await now(opened))[0], "slot", "the author's own content");
    assert.ok(await opened.page.$eval("mx-ray a", (link) => link.getBoundingClientRect().width > 0), "is seen");
    await opened.page.waitForFunction(() => !document.querySelector("mx-ray").shadowRoot.querySelector("slot"), { timeout: 5000 });
    assert.ok(Date.now() - began < 3500, "two seconds, not more");
    await opened.settled();
    const [lang, english] = await now(opened);
    assert.deepEqual([lang, /In place/.test(english)], ["en", true]);
    arrive();
    await opened.page.waitForFunction(() => document.querySelector("mx-ray").shadowRoot.querySelector(".root").lang === "de", { timeout: 5000 });
    assert.match((await now(opened))[1], /Vorhanden/);
    assert.equal((await opened.heard("report")).length, 1, "one check");
    await opened.sound({ networkErrors: true });
    await opened.close();
    // What was drawn stays while another language is awaited, and where that cannot be had.
    hosts.hindered.set("mx-ray-de.js", new Promise((resolve) => (arrive = resolve)));
    hosts.hindered.set("mx-ray-es.js", null);
    const second = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray lang="de" domain="perfect.test" view="summary" ${anchors(outside)}></mx-ray>`)));
    await second.settled();
    await second.page.waitForFunction(() => /In place/.test(document.querySelector("mx-ray").shadowRoot.textContent), { timeout: 5000 });
    await second.page.$eval("mx-ray", (element) => (element.lang = "es"));
    await pause(700);
    assert.match((await now(second))[1], /In place/, "nothing that was drawn goes away");
    arrive();
  })],
  ["widget: a language around it that changes later, in and out of shadows", onHosts(async ({ hosts, visit, outside }) => {
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}<div id="shadow"></div><section><mx-ray domain="perfect.test" view="summary" ${anchors(outside)}></mx-ray></section>`)));
    await opened.page.evaluate(() => {
      const outer = document.querySelector("#shadow").attachShadow({ mode: "open" });
      outer.innerHTML = `<section></section>`;
      window.shadowed = document.createElement("mx-ray");
      outer.querySelector("section").append(window.shadowed);
      window.plain = document.querySelector("mx-ray");
      window.languages = () => [window.plain, window.shadowed].map(({ shadowRoot }) => shadowRoot.querySelector(".root").lang).join();
    });
    await opened.settled();
    const become = async (wanted, change) => {
      await opened.page.evaluate(change);
      await opened.page.waitForFunction((expected) => window.languages() === expected, { timeout: 5000 }, wanted).catch(async () => assert.equal(await opened.page.evaluate(() => window.languages()), wanted));
    };
    await become("en,en", () => {});
    await become("de,de", () => (document.documentElement.lang = "de"));
    await become("es,de", () => (document.querySelector("main > section").lang = "es"));
    await become("es,en", () => (window.shadowed.parentElement.lang = "en"));
    await become("es,es", () => (window.shadowed.parentElement.lang = "es"));
    // Moved out of the shadow, it hears what is around it there.
    await become("es,de", () => document.querySelector("main").append(window.shadowed));
    await become("es,en", () => (document.querySelector("main").lang = "en"));
    assert.equal((await opened.heard("report")).length, 1, "another language is no other check");
    await opened.sound({ audit: false, networkErrors: true });
  })],
  ["widget: dates as the region writes them, days of the road as they are", onHosts(async ({ hosts, visit }) => {
    // A date in the middle of a month, and with it the order of day and month.
    const report = { ...JSON.parse(reportWithReports()), taken_at: "2026-01-15T12:00:00Z" };
    const file = hosts.file(JSON.stringify(report), "application/json");
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray src="${file}" view="full"></mx-ray>`), { language: "en-GB" }));
    await opened.settled();
    const read = () => opened.page.$eval("mx-ray", ({ shadowRoot }) => ({ lang: shadowRoot.querySelector(".root").lang, time: shadowRoot.querySelector("time").textContent, road: shadowRoot.querySelector(".road").textContent }));
    for (const [lang, pattern] of [["en-GB", /15 Jan 2026/], ["en-US", /Jan 15, 2026/], ["de-AT", /15\.01\.2026/], ["es-MX", /15 ene 2026/], ["en-x", /Jan 15, 2026/]]) {
      await opened.page.evaluate((wanted) => (document.documentElement.lang = wanted), lang);
      await opened.page.waitForFunction((expected) => document.querySelector("mx-ray").shadowRoot.querySelector(".root").lang === expected, { timeout: 5000 }, lang === "en-x" ? "en" : lang);
      const { time, road } = await read();
      assert.match(time, pattern, lang);
      for (const { on } of report.mta_sts_road.steps) if (on) assert.ok(road.includes(on), `${lang}: ${on}`);
    }
    assert.ok(report.mta_sts_road.steps.some(({ on }) => on), "a step has a day");
    await opened.sound({ audit: false, networkErrors: true });
  })],
  ["widget: the form follows the language, and keeps what is typed and where", onHosts(async ({ hosts, visit }) => {
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray editable></mx-ray>`)));
    const read = () => opened.page.$eval("mx-ray", ({ shadowRoot }) => [shadowRoot.querySelector("form").getAttribute("aria-label"), shadowRoot.querySelector("label").textContent, shadowRoot.querySelector("form button").textContent]);
    await opened.page.waitForFunction(() => document.querySelector("mx-ray").shadowRoot.querySelector("form"));
    assert.deepEqual(await read(), ["Mail security", "Domain", "Check"]);
    await opened.page.$eval("mx-ray", ({ shadowRoot }) => shadowRoot.querySelector("input").focus());
    await opened.page.keyboard.type("half.typed");
    for (const [lang, ...said] of [["es", "Seguridad del correo", "Dominio", "Comprobar"], ["de", "Sicherheit der E-Mail", "Domain", "Prüfen"]]) {
      await opened.page.$eval("mx-ray", (element, wanted) => (element.lang = wanted), lang);
      await opened.page.waitForFunction((wanted) => document.querySelector("mx-ray").shadowRoot.querySelector(".root").lang === wanted, { timeout: 5000 }, lang);
      assert.deepEqual(await read(), said);
    }
    assert.deepEqual(await opened.page.$eval("mx-ray", ({ shadowRoot }) => [shadowRoot.querySelector("input").value, shadowRoot.activeElement?.localName]), ["half.typed", "input"]);
    await opened.sound({ networkErrors: true });
  })],
  ["widget: faults of the checker are marked as English, those of its own speak the language that is shown", onHosts(async ({ hosts, visit, outside }) => {
    const tags = `<mx-ray id="badge" domain="192.0.2.1"></mx-ray><mx-ray id="card" domain="192.0.2.1" view="summary"></mx-ray><mx-ray id="form" domain="192.0.2.1" view="summary" editable></mx-ray>
      <mx-ray id="none" editable></mx-ray><mx-ray id="lost" src="/nowhere" view="summary"></mx-ray>`;
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}${tags}`), { language: "de" }));
    await opened.page.$$eval("mx-ray", (all) => Promise.all(all.filter(({ id }) => id !== "lost").map((element) => element.check().catch(() => {}))));
    await opened.settled();
    /** Language and text of a part, by the nearest `lang`. */
    const part = (id, query) => opened.page.$eval(`#${id}`, ({ shadowRoot }, wanted) => {
      const found = [...shadowRoot.querySelectorAll(wanted)].at(-1);
      return [found?.closest("[lang]").lang, found?.textContent.trim()];
    }, query);
    const checker = (await opened.heard("error")).find(({ id }) => id === "card").detail.message;
    assert.doesNotMatch(checker, /Domain ein|gespeicherte/);
    for (const [id, query] of [["badge", ".badge .hidden [lang]"], ["card", ".card .error span"], ["form", "#error"], ["card", "[role=status]"]]) assert.deepEqual(await part(id, query), ["en", checker], `${id} ${query}`);
    assert.match((await part("badge", ".badge"))[1], /konnte nicht geprüft werden\. .*Noch einmal versuchen\.$/);
    assert.deepEqual(await part("none", "#error"), ["de", "Geben Sie eine Domain ein, zum Beispiel example.com."]);
    assert.deepEqual(await part("none", "[role=status]"), ["de", "Geben Sie eine Domain ein, zum Beispiel example.com."]);
    assert.match((await part("lost", ".error"))[1], /^Der gespeicherte Bericht.*\(404\)$/);
    assert.deepEqual(await part("lost", ".error [lang]"), ["en", "(404)"]);
    const title = await opened.page.$eval("#badge", ({ shadowRoot }) => shadowRoot.querySelector(".badge").title);
    assert.ok(/konnte nicht/.test(title) && !title.includes(checker), title);
    const errors = (await opened.heard("error")).length;
    await opened.page.evaluate(() => (document.documentElement.lang = "es"));
    await opened.page.waitForFunction(() => [...document.querySelectorAll("mx-ray")].every(({ shadowRoot }) => shadowRoot.querySelector(".root").lang === "es"), { timeout: 5000 });
    assert.deepEqual(await part("none", "#error"), ["es", "Escriba un dominio, por ejemplo example.com."]);
    assert.match((await part("lost", ".error"))[1], /^No se puede leer el informe guardado/);
    assert.deepEqual(await part("card", ".card .error span"), ["en", checker]);
    assert.equal((await opened.heard("error")).length, errors, "another language is no other fault");
    // Two forms of one name are this page's own fault.
    await opened.page.$eval("#form", (element) => element.remove());
    await opened.sound({ networkErrors: true });
  })],
  ["widget: a relay reads what the page may not, and only where one is named", onHosts(async ({ hosts, visit, outside }) => {
    outside.switches.set("mta-sts.perfect.test", { noCors: true });
    const relayed = () => outside.log.filter(({ path }) => path === "/relay").map(({ host, relayed: url }) => [host, url]);
    const tag = (more) => hosts.page(page(`${script(hosts.cdn)}<mx-ray domain="perfect.test" view="full" ${anchors(outside)} ${more}></mx-ray>`));
    const without = await visit(tag(""));
    await without.settled();
    assert.deepEqual([(await without.read()).technologies["mta-sts"], relayed()], ["unknown", []]);
    await without.close();
    const opened = await visit(tag(`relay="https://brand.tree.test/relay?url="`));
    await opened.settled();
    assert.equal((await opened.read()).technologies["mta-sts"], "pass");
    // No authority lets a page read its certificates either.
    const files = ["https://marks.perfect.test/mark.pem", "https://mta-sts.perfect.test/.well-known/mta-sts.txt"];
    assert.deepEqual(relayed().sort((a, b) => (a[1] < b[1] ? -1 : 1)), files.map((url) => ["brand.tree.test", url]));
    assert.match((await opened.page.$eval("mx-ray", ({ shadowRoot }) => shadowRoot.textContent)), /through your relay/);
    await opened.sound({ networkErrors: true });
  })],
  ["widget: what TLS reports say, where the saved report has them", onHosts(async ({ hosts, visit }) => {
    const report = JSON.parse(reportWithReports());
    const show = async (changes, lang) => {
      const file = hosts.file(JSON.stringify({ ...report, tls_reports: { ...report.tls_reports, ...changes } }), "application/json");
      const opened = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray src="${file}" view="full" lang="${lang}"></mx-ray>`)));
      await opened.settled();
      // It is done before the words of its language are there; drawn it is after.
      await opened.page.waitForFunction(() => document.querySelector("mx-ray").shadowRoot.querySelector(".sums"), { timeout: 5000 });
      const shown = await opened.page.$eval("mx-ray", ({ shadowRoot }) => {
        const section = shadowRoot.querySelector(".sums").closest("section");
        const rows = (table) => [...section.querySelectorAll(`.${table} tr`)].map((row) => [...row.cells].map((cell) => cell.textContent.replace(/\s/g, " ")));
        return { title: section.querySelector("h3").textContent, sums: rows("sums"), failures: rows("failures").slice(1), left: section.querySelector("summary")?.textContent ?? "", ties: [...section.querySelectorAll("[data-tie]")].map((tie) => tie.dataset.tie), text: section.textContent };
      });
      return { opened, ...shown };
    };
    const { opened, title, sums, failures, left, ties, text } = await show({}, "de");
    assert.equal(title, "Was TLS-Berichte sagen");
    assert.deepEqual(sums, [["Zeitraum", "Berichte", "Sitzungen mit TLS", "Fehlgeschlagen", "Erfolgsquote"], ["25.11.2026", "1", "90", "5", "94,7 %"]]);
    assert.deepEqual(failures, [["three.beside.test", "certificate-host-mismatch: 5"]]);
    assert.deepEqual(ties, ["host-not-in-policy", "not-delivered"]);
    assert.deepEqual([left, /bad\.json/.test(text)], ["1 Datei war nicht lesbar.", true]);
    await opened.sound({ networkErrors: true });
    const [one] = report.tls_reports.unreadable;
    // Nearly all is not all; numbers and days as the language writes them.
    const spanish = await show({ reports: 12_000, successful_sessions: 9_999_999, failed_sessions: 1, from: "2026-11-20T00:00:00Z", unreadable: [one, one] }, "es");
    assert.deepEqual([spanish.sums[1], spanish.left], [["del 20 nov 2026 al 25 nov 2026", "12.000", "9.999.999", "1", "99,9 %"], "2 archivos no se pudieron leer."]);
    const none = await show({ reports: 0, successful_sessions: 0, failed_sessions: 0, from: null, until: null, ties: [], unreadable: [] }, "en");
    assert.deepEqual([none.sums[1], none.left], [["–", "0", "0", "0", "–"], ""]);
    assert.doesNotMatch(none.text, /NaN|undefined|null/);
    // On a narrow page each cell says what it is.
    await opened.page.setViewport({ width: 320, height: 800 });
    assert.ok(await opened.page.evaluate(() => document.scrollingElement.scrollWidth <= 320), "320 px");
  })],
  ["widget: its looks in three views at three widths, light and dark", onHosts(async ({ hosts, visit, outside, out }) => {
    const tags = ["badge", "summary", "full"].map((view) => `<p><mx-ray id="${view}" domain="faults.test" view="${view}" ${anchors(outside)}></mx-ray></p>`).join("");
    const address = hosts.page(page(`${script(hosts.cdn)}<p>A badge in a line: <mx-ray domain="perfect.test" href="#more" ${anchors(outside)}></mx-ray> as authors place it.</p>${tags}<p><mx-ray domain="192.0.2.1" view="summary" editable></mx-ray></p>`),
      { head: "<meta name='viewport' content='width=device-width'><style>:root { color-scheme: light dark; } body { font: 16px system-ui; margin: 12px; }</style>" });
    for (const width of [320, 360, 768, 1280]) {
      const opened = await visit(address, { viewport: { width, height: 900 } });
      await opened.settled();
      await opened.page.$eval("#full", ({ shadowRoot }) => shadowRoot.querySelectorAll(".tiles button").forEach((button) => button.click()));
      const wide = await opened.page.evaluate(() => document.scrollingElement.scrollWidth);
      assert.ok(wide <= width, `${width}: ${wide} px wide`);
      for (const value of ["light", "dark"]) {
        await opened.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
        await opened.page.screenshot({ path: `${out}/widget-${width}-${value}.png`, fullPage: true });
      }
      if (width === 360) await opened.sound({ networkErrors: true });
      await opened.close();
    }
  })],
  ["widget: targets of 24 px, right to left, forced colours, no motion, twice the size", onHosts(async ({ hosts, visit, outside, out }) => {
    const tags = ["badge", "summary", "full"].map((view) => `<p><mx-ray id="${view}" domain="faults.test" view="${view}" editable href="#more" ${anchors(outside)}></mx-ray></p>`).join("");
    const head = "<meta name='viewport' content='width=device-width'>";
    const opened = await visit(hosts.page(`<main><h1>Host</h1><div dir="rtl">${script(hosts.cdn)}${tags}</div></main>`, { head }), { features: [{ name: "prefers-reduced-motion", value: "reduce" }] });
    await opened.settled();
    await opened.page.$$eval("mx-ray", (all) => all.forEach(({ shadowRoot }) => shadowRoot.querySelectorAll("details").forEach((details) => (details.open = true))));
    const small = await opened.page.$$eval("mx-ray", (all) => all.flatMap(({ shadowRoot }) => [...shadowRoot.querySelectorAll("button, input, a.badge, summary")]).filter((target) => {
      const { width, height } = target.getBoundingClientRect();
      return width < 24 || height < 24;
    }).map((target) => target.outerHTML.slice(0, 80)));
    assert.deepEqual(small, []);
    // English stays left to right on a page of another direction; an author may turn it.
    const direction = () => opened.page.$eval("#summary", ({ shadowRoot }) => getComputedStyle(shadowRoot.querySelector(".root")).direction);
    assert.equal(await direction(), "ltr");
    await opened.page.$$eval("mx-ray", (all) => all.forEach((element) => (element.dir = "rtl")));
    assert.equal(await direction(), "rtl");
    await opened.page.screenshot({ path: `${out}/widget-rtl.png`, fullPage: true });
    await opened.page.setViewport({ width: 640, height: 900, deviceScaleFactor: 2 });
    await opened.page.$$eval("mx-ray", (all) => all.forEach((element) => element.style.setProperty("--mxray-font-size", "200%")));
    assert.ok(await opened.page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), "200 %");
    const session = await opened.page.createCDPSession();
    await session.send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" }] });
    await opened.page.screenshot({ path: `${out}/widget-forced.png`, fullPage: true });
    const coloured = await opened.page.$eval("#summary", ({ shadowRoot }) => {
      const of = (element) => getComputedStyle(element).color;
      return [...shadowRoot.querySelectorAll(".icon")].filter((shape) => of(shape) !== of(shadowRoot.querySelector("h2"))).length;
    });
    assert.equal(coloured, 0, "forced colours are the user's");
    const moving = await opened.page.evaluate(() => document.getAnimations().length);
    assert.equal(moving, 0);
  })],
  ["widget: the style of the page comes in by properties and parts alone", onHosts(async ({ hosts, visit, outside }) => {
    const head = "<style>mx-ray { --mxray-accent: rgb(1, 2, 3); --mxray-paper: rgb(250, 240, 230); --mxray-radius: 0px; } mx-ray::part(card) { border-width: 7px; } mx-ray::part(domain) { color: rgb(9, 9, 9); }</style>";
    const opened = await visit(hosts.page(page(`${script(hosts.cdn)}<mx-ray domain="bare.test" view="summary" href="#more" ${anchors(outside)}></mx-ray>`), { head }));
    await opened.settled();
    const seen = await opened.page.$eval("mx-ray", ({ shadowRoot }) => {
      const of = (query) => getComputedStyle(shadowRoot.querySelector(query));
      return [of(".card").borderTopWidth, of(".card").backgroundColor, of(".card").borderRadius, of("a").color, of(".domain").color];
    });
    assert.deepEqual(seen, ["7px", "rgb(250, 240, 230)", "0px", "rgb(1, 2, 3)", "rgb(9, 9, 9)"]);
  })],
  ["widget: the JavaScript API checks, judges, mounts and stops", onHosts(async ({ hosts, visit, outside }) => {
    const opened = await visit(hosts.page(page("")));
    const told = await opened.page.evaluate(async (base, anchors) => {
      const { assess, check, mount } = await import(`${base}mx-ray.js`);
      const reason = (promise) => promise.then(() => "resolved", (error) => `${error.name} ${error.code ?? ""}`.trim());
      const steps = [];
      const [report, again] = await Promise.all([check("perfect.test", { anchors }, { onprogress: ({ answered }) => steps.push(answered) }), check("Perfect.test", { anchors: [anchors] })]);
      const abort = new AbortController();
      const aborted = reason(check("bare.test", {}, { signal: abort.signal }));
      abort.abort();
      const evidence = { format: "mxray-evidence/1", domain: "example.com", taken_at: "2026-01-02T03:04:05Z", authoritative_for: ["example.com"], dns: [{ name: "example.com", type: "TXT", rcode: "NOERROR", answers: ['"v=spf1 -all"'] }] };
      const judged = await assess("example.com", {}, evidence);
      const circle = {};
      circle.self = circle;
      const mounted = mount(document.querySelector("main"), { domain: "perfect.test", anchors, view: "summary" });
      const shown = await new Promise((resolve) => mounted.element.addEventListener("mxray:report", (event) => resolve(event.detail.domain)));
      mounted.update({ view: "badge" });
      mounted.unmount();
      return {
        grade: report.score.grade, same: report === again, steps: steps.length, aborted: await aborted, shown, left: document.querySelectorAll("mx-ray").length,
        judged: [judged.report.taken_at, judged.report.technologies[0].status, judged.wanted.every(({ name, url }) => name || url)],
        text: (await assess("example.com", { at: "2026-02-03T04:05:06Z" }, JSON.stringify(evidence))).report.taken_at,
        refused: await Promise.all([
          reason(check("")), reason(check("perfect.test", { resolver: "x" })), reason(check("perfect.test", { anchors: "no anchor" })), reason(check("perfect.test", { at: "2026-01-01T00:00:00Z" })),
          reason(assess("example.com", {}, circle)), reason(assess("example.com", {}, { format: "other" })), reason(assess("example.com", { at: "yesterday" }, evidence)), reason(assess("example.com", {}, undefined)),
        ]),
      };
    }, hosts.cdn, outside.anchor);
    assert.equal(told.grade[0], "A");
    assert.ok(told.same, "one check");
    assert.ok(told.steps > 0);
    assert.match(told.aborted, /^AbortError/);
    assert.deepEqual(told.judged, ["2026-01-02T03:04:05Z", "pass", true]);
    assert.equal(told.text, "2026-02-03T04:05:06Z");
    assert.deepEqual([told.shown, told.left], ["perfect.test", 0]);
    assert.deepEqual(told.refused, [..."domain options options options evidence evidence options evidence".split(" ")].map((code) => `MxRayError ${code}`));
    await opened.sound({ audit: false, networkErrors: true });
  })],
];
