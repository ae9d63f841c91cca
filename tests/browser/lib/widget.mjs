// What a journey asks of a page with <mx-ray> on it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { emulate } from "./browser.mjs";
import { Hosts } from "./hosts.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A journey on pages of others: `{hosts, visit, …}`; everything that it opens is closed after it. */
export const onHosts = (body) => async (context) => {
  const hosts = await Hosts.start(context.dist);
  const visits = [];
  const visit = async (address, options) => {
    const opened = await HostVisit.open(context.browser, address, options);
    visits.push(opened);
    return opened;
  };
  try {
    await body({ ...context, hosts, visit });
  } catch (error) {
    await visits.at(-1)?.page.screenshot({ path: `${context.out}/failed-widget.png`, fullPage: true }).catch(() => {});
    throw error;
  } finally {
    for (const one of visits) await one.close().catch(() => {});
    await hosts.stop();
  }
};

/** The tag, as an author writes it; `attributes` are text. */
export const script = (base) => `<script type="module" src="${base}mx-ray.js"></script>`;

export class HostVisit {
  static async open(browser, address, { viewport = { width: 1280, height: 900 }, javascript = true, features } = {}) {
    const visit = new HostVisit();
    visit.errors = [];
    visit.context = await browser.createBrowserContext();
    visit.page = await visit.context.newPage();
    await visit.page.setViewport(viewport);
    if (features) await emulate(visit.page, features);
    visit.page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warn") visit.errors.push(`${message.type()}: ${message.text()}`);
    });
    visit.page.on("pageerror", (error) => visit.errors.push(`uncaught: ${error.message}`));
    if (!javascript) await visit.page.setJavaScriptEnabled(false);
    await visit.page.evaluateOnNewDocument(() => {
      window.violations = [];
      window.heard = [];
      document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
      for (const name of ["progress", "report", "error"]) {
        document.addEventListener(`mxray:${name}`, (event) => window.heard.push({ name, id: event.target.id, detail: name === "report" ? { domain: event.detail.domain, grade: event.detail.score.grade, format: event.detail.format } : event.detail }));
      }
    });
    await visit.page.goto(address, { waitUntil: "load" });
    return visit;
  }

  /** Until every element of the page is done or has failed. */
  async settled(selector = "mx-ray", timeout = 60_000) {
    await this.page.waitForFunction((wanted) => [...document.querySelectorAll(wanted)].every(({ state }) => state === "done" || state === "failed"), { timeout }, selector);
    // Drawn in the task after.
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));
  }

  /** How an element stands and what it shows. */
  read(selector = "mx-ray") {
    return this.page.$eval(selector, (element) => {
      const root = element.shadowRoot;
      const one = (query) => root.querySelector(query);
      return {
        state: element.state,
        grade: element.report?.score.grade ?? null,
        view: one(".root").dataset.view,
        badge: one(".badge")?.getAttribute("aria-label") ?? one(".badge")?.textContent.replace(/\s+/g, " ") ?? null,
        badgeTag: one(".badge")?.localName ?? null,
        text: one(".root").innerText.replace(/\s+/g, " ").trim(),
        technologies: Object.fromEntries([...root.querySelectorAll(".tiles [data-technology]")].map((item) => [item.dataset.technology, item.dataset.status])),
        error: one(".error")?.textContent ?? "",
        said: one("[role=status]").textContent,
        hasSlot: Boolean(one("slot")),
      };
    });
  }

  heard(name) {
    return this.page.evaluate((wanted) => window.heard.filter((one) => one.name === wanted), name);
  }

  /** What the policy refused, but for the icon that a browser asks for by itself. */
  violations() {
    return this.page.evaluate(() => window.violations.filter((violation) => !violation.endsWith("/favicon.ico")));
  }

  /** No error in the console, no violated policy, no accessibility fault. */
  async sound({ audit = true, networkErrors = false } = {}) {
    // Firefox tells of the icon that it asks for by itself in the console, too.
    const errors = this.errors.filter((error) => !/\/favicon\.ico because/.test(error) && !(networkErrors && /Failed to load resource|net::ERR_|CORS|Cross-Origin/.test(error)));
    assert.deepEqual(errors, [], "the console has errors");
    assert.deepEqual(await this.violations(), [], "the policy was violated");
    if (audit) await this.audit();
  }

  /** No accessibility fault, light and dark; everything unfolded. */
  async audit() {
    await this.page.$$eval("mx-ray", (all) => all.forEach(({ shadowRoot }) => shadowRoot?.querySelectorAll("details").forEach((details) => (details.open = true))));
    for (const value of ["light", "dark"]) {
      await emulate(this.page, [{ name: "prefers-color-scheme", value }]);
      await this.page.evaluate(`${axeSource}; undefined`);
      const faults = await this.page.evaluate(async () => {
        const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
        return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} (${failureSummary.replace(/\s+/g, " ").slice(0, 200)})`).join(" | ")}`);
      });
      assert.deepEqual(faults, [], `axe finds faults (${value})`);
    }
    await emulate(this.page, []);
  }

  async close() {
    await this.context.close();
  }
}
