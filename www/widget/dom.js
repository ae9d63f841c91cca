// Elements without markup: what comes from a report is only ever text.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; strings become text, and what is null or false is left out. */
export const h = (name, attributes, ...children) => filled(document.createElement(name), attributes, children);

/** The same for a drawing. */
export const s = (name, attributes, ...children) => filled(document.createElementNS(SVG, name), attributes, children);

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const line = { fill: "none", stroke: "currentColor", "stroke-width": 2 };
const cut = { class: "cut", fill: "none", "stroke-width": 2.2, "stroke-linecap": "round", "stroke-linejoin": "round" };
const full = { fill: "currentColor" };
const ring = ["circle", { cx: 10, cy: 10, r: 8, ...line }];
/** Each state has a shape of its own, so that colour is never needed. */
const shapes = {
  pass: [["circle", { cx: 10, cy: 10, r: 9, ...full }], ["path", { d: "m5.8 10.4 2.9 2.9 5.6-6.1", ...cut }]],
  warn: [["path", { d: "M10 1.5c.6 0 1.1.3 1.4.8l7.3 13.3c.6 1.1-.2 2.4-1.4 2.4H2.7c-1.2 0-2-1.3-1.4-2.4L8.6 2.3c.3-.5.8-.8 1.4-.8Z", ...full }], ["path", { d: "M10 7v4.5M10 14.6v.1", ...cut }]],
  fail: [["path", { d: "M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3Z", ...full }], ["path", { d: "m6.8 6.8 6.4 6.4m0-6.4-6.4 6.4", ...cut }]],
  info: [["rect", { x: 1.5, y: 1.5, width: 17, height: 17, rx: 4, ...full }], ["path", { d: "M10 9.5v5M10 5.8v.1", ...cut }]],
  absent: [["circle", { cx: 10, cy: 10, r: 8, ...line, "stroke-dasharray": "3.6 2.68" }]],
  unknown: [ring, ["path", { d: "M7.7 8a2.3 2.3 0 1 1 3.6 1.9c-.8.5-1.3 1-1.3 1.7M10 14.3v.1", ...line, "stroke-linecap": "round" }]],
  "not-applicable": [ring, ["path", { d: "M6.5 10h7", ...line, "stroke-linecap": "round" }]],
  looking: [["circle", { cx: 10, cy: 10, r: 8, ...line, opacity: 0.3 }], ["path", { d: "M10 2a8 8 0 0 1 8 8", ...line, "stroke-linecap": "round" }]],
  copy: [["rect", { x: 7, y: 7, width: 10, height: 10, rx: 2, ...line }], ["path", { d: "M13 4.5A1.5 1.5 0 0 0 11.5 3h-7A1.5 1.5 0 0 0 3 4.5v7A1.5 1.5 0 0 0 4.5 13", ...line }]],
};

/** A picture beside a word; readers of the screen hear the word. */
export const icon = (name) =>
  s("svg", { class: `icon ${name}`, viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" }, ...(shapes[name] ?? shapes.unknown).map(([tag, attributes]) => s(tag, attributes)));

/** The language of what a report says, whatever that of the widget is. */
export const english = { lang: "en" };

/** A sentence with code in backticks. */
export const prose = (text) => String(text).split("`").map((part, index) => (index % 2 ? h("code", {}, visible(part)) : part));

/** Characters that are not seen, or that turn the direction of others, by their numbers. */
export const visible = (text) =>
  // eslint-disable-next-line no-control-regex
  String(text).replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g, (character) => `\\u{${character.codePointAt(0).toString(16)}}`);

/** Only addresses of the web are followed. */
export function webAddress(text) {
  try {
    const url = new URL(text, document.baseURI);
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

const drafts = {
  BIMI: "draft-brand-indicators-for-message-identification", "BIMI draft": "draft-brand-indicators-for-message-identification",
  "SVG Tiny PS": "draft-svg-tiny-ps-abrotman", "VMC draft": "draft-fetch-validation-vmc-wchuang",
};

/** A section of a standard, as a link to where it can be read. */
export function reference(text) {
  const [document, section] = String(text).split("§").map((part) => part.trim());
  const number = document.match(/^RFC (\d+)$/)?.[1];
  const draft = drafts[document] ?? document.match(/^draft-[a-z0-9-]+$/i)?.[0];
  if (!number && !draft) return h("span", {}, text);
  const base = number ? `https://www.rfc-editor.org/rfc/rfc${number}.html` : `https://datatracker.ietf.org/doc/html/${draft}`;
  const place = section?.match(/^[A-Za-z0-9][A-Za-z0-9.]*/)?.[0].replace(/\.$/, "");
  const href = place ? `${base}#${/^[A-Za-z]/.test(place) ? "appendix" : "section"}-${place}` : base;
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
}
