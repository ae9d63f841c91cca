// The smallest view: one line with the grade.
import { h, icon, s } from "./dom.js";

/** What a grade, or its lack, looks like beside its letter. */
export const mood = (grade) => (!grade ? "unknown" : /^A/.test(grade) ? "pass" : /^[BC]/.test(grade) ? "warn" : "fail");

const mark = () =>
  s("svg", { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true", focusable: "false" },
    s("path", { d: "M5.5 5.5h21a4 4 0 0 1 4 4v13a4 4 0 0 1-4 4h-21a4 4 0 0 1-4-4v-13a4 4 0 0 1 4-4ZM2.5 8.5 13 17.2a4.7 4.7 0 0 0 6 0l10.5-8.7M8 26V14m4.7 12v-6.5m6.6 6.5v-6.5M24 26V14", fill: "none", stroke: "currentColor", "stroke-width": 2.4, "stroke-linecap": "round" }));

/** A link where it leads somewhere, a button where it can be tried again, else a picture with a name. */
export function badge({ words, phase, domain, report, progress, fault, href, again }) {
  const { points, grade } = report?.score ?? {};
  const state = { running: "looking", failed: "unknown", idle: "unknown" }[phase] ?? mood(grade);
  let value = words.idle;
  let name = words.idle;
  if (phase === "running") {
    value = progress ? `${progress.answered}/${progress.asked}` : "…";
    name = words.checking;
  } else if (phase === "failed") {
    value = "–";
    name = `${words.failed}. ${fault.message}`;
  } else if (phase === "done") {
    value = grade ? [h("b", {}, grade), ` ${points}`, h("small", {}, "/100")] : words.noScore;
    name = grade ? `${words.grade(grade)}, ${words.points(points)}` : words.noScore;
  }
  const label = `${words.ofDomain(domain)}: ${name}`;
  const inside = [mark(), h("span", { class: "label", part: "label" }, words.title), h("span", { class: `value ${state}`, part: "grade" }, icon(state), h("span", { class: "number" }, value))];
  if (phase === "failed") return h("button", { class: "badge", part: "badge", type: "button", "aria-label": `${label} ${words.again}.`, title: `${label}\n${words.again}`, onclick: again }, ...inside);
  if (href) return h("a", { class: "badge", part: "badge", href, "aria-label": label, title: label }, ...inside);
  return h("span", { class: "badge", part: "badge", role: "img", "aria-label": label, title: label }, ...inside);
}
