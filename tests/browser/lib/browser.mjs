// A browser that can reach nothing but the test's own servers, and what a journey asks of a page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import puppeteer from "puppeteer-core";
import { find } from "../../../.ci/find.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * `strict`: rules for more hosts, and the hashes of the only keys that the browser takes whatever their certificate.
 * `settings`: more for puppeteer.
 */
export async function launchChromium(outside, more = [], strict, settings = {}) {
  const executablePath = find("chromium");
  if (!executablePath) throw new Error("Chromium was not found");
  return puppeteer.launch({
    ...settings,
    executablePath,
    headless: true,
    args: [
      `--host-resolver-rules=${[...(strict?.rules ?? []), outside.resolverRules()].join(", ")}`,
      strict ? `--ignore-certificate-errors-spki-list=${strict.keys.join(",")}` : "--ignore-certificate-errors", "--no-sandbox", "--disable-gpu", "--disable-quic",
      "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
      "--disable-dev-shm-usage", "--force-color-profile=srgb", ...more,
    ],
  });
}

/** Names lead to the test's servers by way of its proxy, which also answers what no journey asks for. */
export async function launchFirefox(outside) {
  const executablePath = find("firefox");
  if (!executablePath) throw new Error("Firefox was not found");
  return puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    acceptInsecureCerts: true,
    extraPrefsFirefox: {
      "network.dns.disableIPv6": true, "network.trr.mode": 5, "network.proxy.type": 1, "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": outside.proxyPort, "app.normandy.enabled": false,
      "services.settings.server": "http://127.0.0.1:9/", "browser.safebrowsing.downloads.enabled": false,
    },
  });
}

/** Has a page think that the user has these wishes. Firefox has no way to be told so: there the page stays as it is. */
export async function emulate(page, features) {
  if ((await page.browser().version()).startsWith("Chrome")) await page.emulateMediaFeatures(features);
}

/** One page, watched: what it logs, what its policy refuses, what it asks for. */
export class Visit {
  static async open(browser, outside, { hash = "", viewport, dark = false, base, keeps = false, context } = {}) {
    const visit = new Visit();
    visit.outside = outside;
    visit.errors = [];
    visit.requests = [];
    // A context of its own: no cache, storage or connection of the journey before.
    visit.context = context ?? (await browser.createBrowserContext());
    visit.page = await visit.context.newPage();
    const page = visit.page;
    await page.setViewport(viewport ?? { width: 1280, height: 900 });
    if (dark) await visit.scheme("dark");
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warn") visit.errors.push(`${message.type()}: ${message.text()} ${message.location()?.url ?? ""}`);
    });
    page.on("pageerror", (error) => visit.errors.push(`uncaught: ${error.message}`));
    page.on("error", (error) => visit.errors.push(`crashed: ${error.message}`));
    page.on("request", (request) => visit.requests.push(request.url()));
    // What the page keeps for times without a network is the matter of journeys of its own (`keeps`): elsewhere it would ask for
    // every file in the midst of what is being counted.
    if (!keeps) await page.evaluateOnNewDocument(() => delete Navigator.prototype.serviceWorker);
    await page.evaluateOnNewDocument(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
    });
    const anchor = hash ? `&a=${encodeURIComponent(outside.anchor)}` : "";
    await page.goto(`${base ?? outside.url}${hash}${anchor}`, { waitUntil: "load" });
    await visit.ready();
    // The world has a root of its own.
    if (!hash) await visit.set("#anchors", outside.anchor);
    return visit;
  }

  scheme(value) {
    return emulate(this.page, [{ name: "prefers-color-scheme", value }]);
  }

  /** Until the wasm runs and the input can be used. */
  async ready() {
    // The static page that shows before the wasm runs looks the same: boot.js marks the start.
    await this.page.waitForSelector("html[data-started] main#main[data-state]", { timeout: 30_000 });
  }

  /** Until every part of the page that it fetches by itself is there: the clerk is the last. */
  async loaded() {
    for (let tries = 0; tries < 100 && !this.outside.asked.some((what) => what.endsWith("/clerk_bg.wasm")); tries += 1) await pause(100);
    await pause(300);
  }

  /** Puts a text into a field, wherever it is folded away. */
  set(selector, text) {
    return this.page.$eval(selector, (field, value) => {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, text);
  }

  async type(domain) {
    await this.page.$eval("input#domain", (input) => input.select());
    await this.page.type("input#domain", domain);
  }

  /** Types a domain and presses Enter, then waits for the whole report. */
  async check(domain, timeout) {
    await this.type(domain);
    await this.page.keyboard.press("Enter");
    await this.done(timeout);
  }

  async done(timeout = 30_000) {
    await this.page.waitForSelector("main#main[data-state=done]", { timeout }).catch(async (error) => {
      const progress = await this.page.$eval("#progress", (element) => element.textContent).catch(() => "no progress shown");
      throw new Error(`${error.message} (${progress.trim()})`);
    });
    // What is folded away is drawn a moment later.
    await this.page.waitForSelector(".report[aria-busy=true]", { hidden: true, timeout: 10_000 });
  }

  state() {
    return this.page.$eval("main#main", (main) => main.dataset.state);
  }

  /** Opens every <details>, so that what they hold can be seen and audited. */
  async openAll() {
    await this.page.$$eval("details", (all) => all.forEach((details) => (details.open = true)));
    // What they hold takes its place first: a click must find its target where it was seen.
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));
  }

  /** The report as the page shows it. */
  read() {
    return this.page.evaluate(() => {
      const text = (selector, within = document) => within.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? null;
      const all = (selector, map) => [...document.querySelectorAll(selector)].map(map);
      const score = document.querySelector("section#score");
      return {
        state: document.querySelector("main#main")?.dataset.state,
        points: score?.dataset.points ?? null,
        grade: score?.dataset.grade ?? null,
        score: text("section#score"),
        technologies: Object.fromEntries(all("section[id^='tech-'][data-status]", (section) => [section.id.slice(5), section.dataset.status])),
        matrix: all("table#matrix tr[data-technology]", (row) => ({
          technology: row.dataset.technology, status: row.dataset.status, text: row.textContent.replace(/\s+/g, " ").trim(),
        })),
        checklist: Object.fromEntries(all("#checklist li[data-item]", (item) => [item.dataset.item, item.dataset.done])),
        findings: all("li[data-finding]", (item) => ({
          id: item.dataset.finding, outcome: item.dataset.outcome, text: item.textContent.replace(/\s+/g, " ").trim(),
          technology: item.closest("section[id^='tech-']")?.id.slice(5) ?? null,
        })),
        marks: all(".record mark[data-outcome]", (mark) => ({ outcome: mark.dataset.outcome, text: mark.textContent })),
        records: all(".record", (record) => record.textContent),
        plan: all("#plan li", (item) => item.textContent.replace(/\s+/g, " ").trim()),
        unknown: all("#unknown li", (item) => item.textContent.replace(/\s+/g, " ").trim()),
        basicsFirst: text("#basics-first"),
        error: text("#domain-error"),
        supplied: all("#supplied li", (item) => item.textContent.replace(/\s+/g, " ").trim()),
        refused: all("#supplied [role=alert]", (item) => item.textContent.replace(/\s+/g, " ").trim()),
        title: document.title,
      };
    });
  }

  /** Every assertion that holds on every journey. `networkErrors`: the journey breaks the network on purpose. */
  async sound({ networkErrors = false, audit = true } = {}) {
    const ownErrors = this.errors.filter((error) => {
      const ofTheNetwork = /Failed to load resource|net::ERR_|blocked by CORS policy|Cross-Origin Request Blocked/.test(error);
      return !(networkErrors && ofTheNetwork);
    });
    assert.deepEqual(ownErrors, [], "the console has errors");
    assert.deepEqual(await this.page.evaluate(() => window.violations), [], "the Content-Security-Policy was violated");
    if (audit) await this.audit();
  }

  /** No accessibility fault, light and dark. */
  async audit() {
    await this.openAll();
    for (const scheme of ["light", "dark"]) {
      await this.scheme(scheme);
      // Transitions between the two must not be measured half-way.
      await this.page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))));
      await this.page.evaluate(`${axeSource}; undefined`);
      const violations = await this.page.evaluate(async () => {
        const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
        return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} (${failureSummary.replace(/\s+/g, " ").slice(0, 200)})`).join(" | ")}`);
      });
      assert.deepEqual(violations, [], `axe finds faults (${scheme})`);
    }
    await this.scheme("light");
  }

  async close() {
    await this.context.close();
  }
}

/** What must hold of a report that could judge nothing or not everything: unknown is never fail. */
export function nothingFailed(report) {
  const failed = report.findings.filter(({ outcome }) => outcome === "fail");
  assert.deepEqual(failed, [], "something failed");
}
