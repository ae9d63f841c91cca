// The builder page: what it writes is what works on the pages of others.
import assert from "node:assert/strict";
import { onHosts } from "../lib/widget.mjs";
import { everyLanguage } from "../lib/words.mjs";

const textOf = (opened, id) => opened.page.$eval(`#${id}`, (element) => element.textContent);
const main = (inside) => `<main><h1>Host</h1>${inside}</main>`;

export const builder = [
  ["builder: tag, policy and frame work as they are written", onHosts(async ({ hosts, visit, out }) => {
    const opened = await visit(`${hosts.cdn}builder.html`);
    await opened.page.type("#domain", "perfect.test");
    assert.equal(await opened.page.$eval("#shown", ({ state }) => state), "idle", "nothing is looked up while it is typed");
    await opened.page.keyboard.press("Enter");
    await opened.settled("#shown");
    await opened.page.click("input[name=view][value=summary]");
    await opened.page.click("input[name=theme][value=dark]");
    await opened.page.click("#own");
    await opened.page.type("#fallback", `Mail & "more" <here>`);
    await opened.settled("#shown");
    assert.equal((await opened.read("#shown")).technologies.spf, "pass");
    await opened.page.screenshot({ path: `${out}/builder-1280.png`, fullPage: true });
    await opened.page.$$eval("main details", (all) => all.forEach((details) => (details.open = true)));
    await opened.sound({ networkErrors: true });
    const [tag, policy, frame] = await Promise.all(["tag", "policy", "frame"].map((id) => textOf(opened, id)));

    const written = await visit(hosts.page(main(tag), { headers: { "content-security-policy": `default-src 'none'; ${policy.replace(/\n/g, " ")}` } }));
    await written.settled();
    const shown = await written.read();
    assert.deepEqual([shown.state, shown.view], ["done", "summary"]);
    assert.equal(await written.page.$eval("mx-ray", (element) => element.textContent), `Mail & "more" <here>`);
    assert.equal(await written.page.$eval("mx-ray", (element) => element.href), `${hosts.cdn}#d=perfect.test`);
    // The hosts of its BIMI files are not among the sources: they stay unknown, and nothing else is refused.
    const refused = (await written.violations()).filter((violation) => !/brand\.perfect\.test|marks\.perfect\.test/.test(violation));
    assert.deepEqual(refused, []);

    const listen = hosts.file("window.told = []; addEventListener('message', ({ data }) => window.told.push(data.type));", "text/javascript");
    const framed = await visit(hosts.page(main(`<script src="${listen}"></script>${frame}`), { headers: { "content-security-policy": `default-src 'none'; script-src 'self'; frame-src ${await textOf(opened, "origin")}` } }));
    await framed.page.waitForFunction(() => window.told?.includes("mxray:report"), { timeout: 30_000 });
    assert.deepEqual(await framed.violations(), []);
  })],
  ["builder: in the language that is chosen, with the words of the widget", onHosts(async ({ hosts, visit }) => {
    const languages = await everyLanguage();
    const opened = await visit(`${hosts.cdn}builder.html`);
    assert.deepEqual((await opened.page.$$eval("#lang option", (all) => all.map(({ value }) => value))).sort(), ["", ...Object.keys(languages)].sort());
    const read = () => opened.page.evaluate(() => {
      const [tag, frame] = ["tag", "frame"].map((id) => new DOMParser().parseFromString(document.getElementById(id).textContent, "text/html"));
      const [element, inner] = [tag.querySelector("mx-ray"), frame.querySelector("iframe")];
      return { lang: element.getAttribute("lang"), fallback: element.textContent, title: inner.title, address: new URLSearchParams(new URL(inner.src).hash.slice(1)).get("lang") };
    });
    await opened.page.select("#lang", "de");
    assert.deepEqual(await read(), { lang: "de", fallback: "", title: languages.de.title, address: "de" });
    await opened.page.type("#domain", "perfect.test");
    for (const [lang, { ofDomain }] of Object.entries(languages)) {
      await opened.page.select("#lang", lang);
      assert.deepEqual(await read(), { lang, fallback: ofDomain("perfect.test"), title: ofDomain("perfect.test"), address: lang });
      await opened.page.waitForFunction((wanted) => document.getElementById("shown").shadowRoot.querySelector(".root").lang === wanted, { timeout: 5000 }, lang);
    }
    await opened.page.select("#lang", "");
    assert.deepEqual(await read(), { lang: null, fallback: languages.en.ofDomain("perfect.test"), title: languages.en.ofDomain("perfect.test"), address: null });
    await opened.page.select("#lang", "es");
    await opened.page.type("#fallback", "Own words");
    assert.equal((await read()).fallback, "Own words");
    const frame = await textOf(opened, "frame");
    const framed = await visit(hosts.page(main(frame)));
    const inner = await framed.page.waitForFrame((one) => one.url().includes("embed.html"), { timeout: 10_000 });
    await inner.waitForFunction(() => document.querySelector("mx-ray")?.shadowRoot.querySelector(".root").lang === "es", { timeout: 10_000 });
    await opened.sound({ networkErrors: true });
  })],
  ["builder: what is typed cannot leave its attribute, and it fits a telephone", onHosts(async ({ hosts, visit, out }) => {
    const opened = await visit(`${hosts.cdn}builder.html`, { viewport: { width: 360, height: 740 } });
    await opened.page.type("#domain", `"><script>document.title = "owned"</script>`);
    await opened.page.type("#resolver", `https://dns.example/dns-query?a="b"&c=<d>`);
    const tag = await textOf(opened, "tag");
    const parsed = await opened.page.evaluate((markup) => {
      const page = new DOMParser().parseFromString(markup, "text/html");
      return { scripts: page.querySelectorAll("script").length, domain: page.querySelector("mx-ray").getAttribute("domain"), resolver: page.querySelector("mx-ray").getAttribute("resolver") };
    }, tag);
    assert.deepEqual(parsed, { scripts: 1, domain: `"><script>document.title = "owned"</script>`, resolver: `https://dns.example/dns-query?a="b"&c=<d>` });
    await opened.page.$$eval("main details", (all) => all.forEach((details) => (details.open = true)));
    assert.ok(await opened.page.evaluate(() => document.scrollingElement.scrollWidth) <= 360);
    await opened.page.screenshot({ path: `${out}/builder-360.png`, fullPage: true });
    await opened.sound();
  })],
];
