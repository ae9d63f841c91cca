// What an element shows, in its shadow: a form where it is editable, the view, and a line that is announced.
import { badge } from "./badge.js";
import { english, h, icon, visible, webAddress } from "./dom.js";
import { full } from "./full.js";
import { summary } from "./summary.js";
import sheetText from "mxray-sheet";

const views = { badge, summary, full };

let sheet;
/** One style sheet for all, built by script, which no style-src forbids. */
function sharedSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(sheetText);
  }
  return sheet;
}

export class Drawing {
  #shadow;
  #actions;
  #root = h("div", { class: "root", part: "root" });
  #content = h("div", { class: "content", part: "content", tabindex: "-1" });
  #status = h("p", { class: "hidden", role: "status" });
  #form;
  #label;
  #input;
  #button;
  #error = h("p", { class: "error", part: "error", id: "error" });
  #typed;
  #drawn = [];

  constructor(shadow, actions) {
    this.#shadow = shadow;
    this.#actions = actions;
    shadow.adoptedStyleSheets = [sharedSheet()];
    // Until anything else is drawn, what the author wrote.
    this.#content.append(h("slot"));
    this.#root.append(this.#content, this.#status);
    shadow.append(this.#root);
  }

  /** Announces a sentence, once, in the language that it is in. */
  say(sentence, lang) {
    this.#status.lang = lang;
    this.#status.textContent = sentence;
  }

  /** Draws what has changed. */
  draw(model) {
    const { words, phase, progress, fault } = model;
    // What stands there stays while the language is awaited: nothing is shown in one and then in another.
    if (words.awaited) return;
    const view = Object.hasOwn(views, model.view) ? model.view : "badge";
    const href = model.href ? webAddress(model.href) : null;
    const root = this.#root;
    root.lang = words.locale;
    root.dir = ["ltr", "rtl"].includes(model.direction) ? model.direction : words.direction;
    root.dataset.view = view;
    root.dataset.state = phase;
    root.dataset.theme = ["light", "dark"].includes(model.theme) ? model.theme : "auto";
    this.#drawForm(model);
    const now = [view, phase, model.report, fault?.code, fault?.message, words.locale, href, model.domain, model.saved, model.hasFallback, model.editable];
    if (now.some((value, at) => value !== this.#drawn[at])) {
      const focused = this.#content.contains(this.#shadow.activeElement);
      this.#content.replaceChildren(...this.#view({ ...model, view, href }));
      // Whoever used a button that is gone stays where it was.
      if (focused) this.#content.focus({ preventScroll: true });
      this.#drawn = now;
    }
    if (phase === "running" && progress) this.#count(words, progress);
  }

  #view(model) {
    const { words, view, phase, domain, fault } = model;
    const again = () => this.#actions.again();
    const whole = { ...model, again, root: () => this.#root, copy: (text, node) => this.#copy(words, text, node) };
    if (phase === "failed" && fault.code === "load" && model.hasFallback) return [h("slot")];
    if (!domain && phase !== "failed") return model.editable ? [] : [h("slot")];
    // Under the form stands already what is wrong with what was typed.
    if (phase === "failed" && model.editable && fault.code === "domain") return [];
    if (view === "badge") return [badge(whole)];
    if (phase === "done") return [views[view](whole)];
    return [this.#card(whole)];
  }

  /** The card while there is no report. */
  #card({ words, phase, domain, fault, again }) {
    const parts = {
      idle: () => [h("p", { class: "soft" }, words.idle), h("p", {}, h("button", { type: "button", part: "button", onclick: again }, words.check))],
      running: () => [
        h("p", { class: "soft counted" }, icon("looking"), " ", h("span", {}, words.starting)),
        h("progress", { part: "progress", "aria-label": words.checking }),
      ],
      failed: () => [
        h("p", { class: "error", part: "error" }, icon("unknown"), h("span", { lang: fault.lang }, fault.message, fault.detail && h("span", english, ` (${fault.detail})`))),
        h("p", {}, h("button", { type: "button", part: "button", onclick: again }, words.again)), h("slot"),
      ],
    };
    return h("article", { class: "card", part: "card", "aria-label": domain ? words.ofDomain(domain) : words.title },
      h("p", { class: "over" }, words.title), domain ? h("h2", { class: "domain", part: "domain" }, h("bdi", {}, visible(domain))) : null, ...parts[phase]());
  }

  #count(words, { answered, asked }) {
    const [text, bar, number] = [".counted span", "progress", ".badge .number"].map((selector) => this.#content.querySelector(selector));
    if (text) text.textContent = words.progress(answered, asked);
    if (number) number.textContent = `${answered}/${asked}`;
    if (bar) [bar.max, bar.value] = [asked, answered];
  }

  #drawForm({ words, editable, phase, fault, asked }) {
    if (!editable) {
      this.#form?.remove();
      this.#form = undefined;
      return;
    }
    if (!this.#form) this.#makeForm();
    // The field stays, and what is typed in it; the words around it follow the language.
    this.#form.setAttribute("aria-label", words.title);
    [this.#label.textContent, this.#button.textContent] = [words.domain, words.check];
    if (asked !== this.#typed) [this.#typed, this.#input.value] = [asked, asked];
    const wrong = phase === "failed" && fault.code === "domain";
    this.#error.lang = (wrong && fault.lang) || words.locale;
    this.#error.textContent = wrong ? fault.message : "";
    if (wrong) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }

  #makeForm() {
    this.#label = h("label", { for: "domain", part: "label" });
    this.#button = h("button", { type: "submit", part: "button" });
    this.#input = h("input", {
      id: "domain", part: "input", type: "text", inputmode: "url", placeholder: "example.com", maxlength: 2000, autocapitalize: "none",
      autocomplete: "off", spellcheck: "false", enterkeyhint: "go", "aria-describedby": "error",
    });
    const submit = (event) => {
      event.preventDefault();
      this.#typed = this.#input.value;
      this.#actions.submit(this.#input.value);
    };
    this.#form = h("form", { class: "form", part: "form", role: "search", onsubmit: submit },
      this.#label, h("div", { class: "field" }, this.#input, this.#button), this.#error);
    this.#root.prepend(this.#form);
  }

  async #copy(words, text, node) {
    try {
      await navigator.clipboard.writeText(text);
      this.say(words.copied, words.locale);
    } catch {
      getSelection().selectAllChildren(node);
      this.say(words.notCopied, words.locale);
    }
  }
}
