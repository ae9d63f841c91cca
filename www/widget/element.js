// <mx-ray>: attributes in, a check when it is seen or asked for, a drawing in a shadow of its own, events out.
import { MxRayError, normal } from "./api.js";
import { Drawing } from "./drawing.js";
import { languageAt, onLanguage } from "./place.js";
import { join, keyOf } from "./runs.js";
import { isReport } from "./saved.js";
import { onceSeen } from "./seen.js";
import { wordsFor } from "./words.js";

/** How long a change rests before it is checked, in milliseconds: whoever types changes the domain with every letter. */
const REST = 250;
/** Most resolvers, selectors and anchors that attributes give. */
const MOST = 16;
const attributes = { domain: "domain", view: "view", resolver: "resolver", selectors: "selectors", bimiSelector: "bimi-selector", anchors: "anchors", relay: "relay", theme: "theme", href: "href", src: "src" };
const split = (text, pattern) => text.split(pattern).map((one) => one.trim()).filter(Boolean).slice(0, MOST);

/** Outside a browser there is nothing to extend: the module can still be imported there. */
const Base = globalThis.HTMLElement ?? class {};

export class MxRayElement extends Base {
  static observedAttributes = [...Object.values(attributes), "editable", "lang", "dir"];

  #drawing = new Drawing(this.attachShadow({ mode: "open" }), {
    submit: (domain) => {
      this.domain = domain;
      this.#again();
    },
    again: () => this.#again(),
  });
  #scheduled = false;
  /** `idle`, `running`, `done` or `failed`. */
  #phase = "idle";
  /** What the phase is about. */
  #key = "";
  /** Whether anything was ever started: what is asked for first does not rest. */
  #began = false;
  #seen = false;
  #unsee;
  /** The words that are shown: those of another language take their place when they have come. */
  #spoken;
  #unhear;
  #changed = () => this.#schedule();
  /** Whether a person or script asked: only then is anything announced. */
  #asked = false;
  /** Whether a report from before will not do. */
  #fresh = false;
  #timer;
  #leave;
  #promised = [];
  #progress;
  #report = null;
  /** The domain as it is shown: an international one in its own letters. */
  #shown;
  /** Whether the report was saved before, and not made now. */
  #saved = false;
  #fault;

  connectedCallback() {
    for (const name of [...Object.keys(attributes), "editable", "report"]) this.#upgrade(name);
    // One that was moved may stand in another tree.
    this.#unhear = onLanguage(this, this.#changed);
    this.#unsee ??= onceSeen(this, () => {
      this.#seen = true;
      this.#schedule();
    });
    this.#schedule();
  }

  disconnectedCallback() {
    // One that is only moved is back by then.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#unsee?.();
      this.#unhear?.();
      this.#unsee = this.#unhear = undefined;
      this.#seen = false;
      if (this.#phase === "running" || this.#timer) this.stop();
    });
  }

  attributeChangedCallback(name, before, after) {
    if (before !== after) this.#schedule();
  }

  /** Checks now, seen or not: resolved with the report. */
  check(domain) {
    if (domain !== undefined) this.domain = domain;
    return new Promise((resolve, reject) => {
      this.#promised.push({ resolve, reject });
      this.#again();
    });
  }

  /** Stops a check that goes on. */
  stop() {
    this.#halt();
    this.#asked = false;
    for (const { reject } of this.#promised.splice(0)) reject(new DOMException("The check was stopped.", "AbortError"));
    this.#schedule();
  }

  /** The last report, or null. Setting one shows it; nothing is looked up. */
  get report() {
    return this.#report;
  }

  set report(report) {
    this.#halt();
    this.#key = this.#wish().key;
    this.#report = null;
    if (isReport(report)) this.#show(report, report.domain, true);
    else if (report !== null && report !== undefined) this.#fail({ code: "report", own: ({ unreadable }) => unreadable });
    this.#schedule();
  }

  /** `idle`, `running`, `done` or `failed`. */
  get state() {
    return this.#phase;
  }

  get editable() {
    return this.hasAttribute("editable");
  }

  set editable(editable) {
    this.toggleAttribute("editable", Boolean(editable));
  }

  /** Has a property that was set before this class was known go through it. */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }

  /** What was said before stays until it can be said in the language that is wanted. */
  #words() {
    const words = wordsFor(languageAt(this), this.#changed);
    if (!words.coming) this.#spoken = words;
    return this.#spoken ?? words;
  }

  /** What is to be checked, how, and what names both. */
  #wish() {
    const domain = this.domain.trim();
    const options = normal({
      resolvers: split(this.resolver, /[\s,]+/), selectors: split(this.selectors, /[\s,;]+/),
      anchors: split(this.anchors, /[\n;]+/), bimiSelector: this.bimiSelector, relay: this.relay,
    });
    return { domain, options, key: `${keyOf(domain, options)} ${this.src}` };
  }

  /** However many attributes change at once, it is looked at once. */
  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#update();
    });
  }

  #update() {
    const { domain, key } = this.#wish();
    if (key !== this.#key) {
      this.#halt();
      this.#key = key;
      this.#report = null;
      this.#fault = undefined;
    }
    if (this.#phase === "idle" && (this.#asked || this.#seen)) this.#begin(domain || this.src || this.#report);
    if (this.isConnected) this.#draw();
  }

  #begin(wanted) {
    if (!wanted) {
      if (this.#asked) this.#fail({ code: "domain", own: ({ noDomain }) => noDomain });
      return;
    }
    const rest = this.#began && !this.#asked ? REST : 0;
    this.#began = true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#start();
    }, rest);
  }

  /** Starts over, for a person or script. */
  #again() {
    if (this.#phase !== "running") this.#halt();
    this.#asked = true;
    this.#fresh = true;
    this.#schedule();
  }

  /** Stops what goes on or is about to. */
  #halt() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leave?.();
    this.#leave = undefined;
    this.#progress = undefined;
    this.#phase = "idle";
  }

  #start() {
    const { domain, options } = this.#wish();
    const fresh = this.#fresh;
    this.#fresh = false;
    this.#phase = "running";
    this.#shown = domain || this.#report?.domain || "";
    if (this.src && !fresh) this.#load();
    else this.#leave = join(this.#shown, options, (news) => this.#hear(news), { fresh });
    if (this.#asked) this.#say((words) => words.announceStart(this.#shown));
    this.#schedule();
  }

  /** Fetches a saved report. */
  #load() {
    const abort = new AbortController();
    this.#leave = () => abort.abort();
    fetch(new URL(this.src, this.baseURI), { signal: abort.signal })
      .then((response) => (response.ok ? response.json() : Promise.reject(new Error(String(response.status)))))
      .then((report) => (isReport(report) ? this.#show(report, report.domain, true) : Promise.reject(new Error("mxray-report/1?"))))
      .catch((error) => !abort.signal.aborted && this.#fail({ code: "report", own: ({ unreadable }) => unreadable, detail: error.message }))
      .finally(() => this.#schedule());
  }

  #hear(news) {
    if (news.kind === "progress") {
      this.#progress = { domain: this.#shown, answered: news.answered, asked: news.asked };
      this.#emit("progress", this.#progress);
    } else if (news.kind === "report") this.#show(news.report, news.international ?? news.report.domain, false);
    else this.#fail({ code: news.code, message: news.message });
    this.#schedule();
  }

  #show(report, shown, saved) {
    this.#end("done");
    [this.#report, this.#shown, this.#saved, this.#fault] = [report, shown, saved, undefined];
    if (this.#asked) this.#say((words) => words.announceReport(shown, report.score));
    this.#asked = false;
    this.#emit("report", report);
    for (const { resolve } of this.#promised.splice(0)) resolve(report);
  }

  /** `own` gives the message in the widget's own words, with a `detail` in English; a `message` comes from the checker, in English. */
  #fail({ code, message, own = () => message, detail }) {
    this.#end("failed");
    [this.#report, this.#fault] = [null, { code, own, detail, lang: message && "en" }];
    if (this.#asked) this.#say(own, this.#fault.lang);
    this.#asked = false;
    const said = { code, message: own(this.#words()) + (detail ? ` (${detail})` : "") };
    this.#emit("error", { ...said, domain: this.domain });
    for (const { reject } of this.#promised.splice(0)) reject(new MxRayError(said));
  }

  #say(sentence, lang) {
    const words = this.#words();
    this.#drawing.say(sentence(words), lang ?? words.locale);
  }

  #end(phase) {
    this.#leave = undefined;
    this.#progress = undefined;
    this.#phase = phase;
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`mxray:${name}`, { detail, bubbles: true, composed: true }));
  }

  #draw() {
    const words = this.#words();
    const model = {
      words, direction: this.dir, view: this.view, theme: this.theme, editable: this.editable, asked: this.domain,
      phase: this.#phase, domain: this.#shown || this.domain || this.#report?.domain || "", progress: this.#progress,
      report: this.#report, saved: this.#saved, fault: this.#fault && { ...this.#fault, message: this.#fault.own(words) }, href: this.href, hasFallback: this.childNodes.length > 0,
    };
    try {
      this.#drawing.draw(model);
    } catch (error) {
      // A saved report of another shape.
      if (this.#phase !== "done") throw error;
      this.#fail({ code: "report", own: ({ unreadable }) => unreadable, detail: error.message });
      this.#draw();
    }
  }
}

for (const [property, attribute] of Object.entries(attributes)) {
  Object.defineProperty(MxRayElement.prototype, property, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(attribute) ?? "";
    },
    set(value) {
      if (value === null || value === undefined) this.removeAttribute(attribute);
      else this.setAttribute(attribute, Array.isArray(value) ? value.join("\n") : String(value));
    },
  });
}
