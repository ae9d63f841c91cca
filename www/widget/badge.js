// The smallest view: one line with the grade.
import { h, icon, s } from "./dom.js";

/** What a grade, or its lack, looks like beside its letter. */
export const mood = (grade) => (!grade ? "unknown" : /^A/.test(grade) ? "pass" : /^[BC]/.test(grade) ? "warn" : "fail");

const mark = () =>
  s("svg", { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true", focusable: "false" },
    s("path", { d: "M5.5 5.5h21a4 4 0 0 1 4 4v13a4 4 0 0 1-4 4h-21a4 4 0 0 1-4-4v-13a4 4 0 0 1 4-4ZM2.5 8.5 13 17.2a4.7 4.7 0 0 0 6 0l10.5-8.7M8 26V14m4.7 12v-6.5m6.6 6.5v-6.5M24 26V14", fill: "none", stroke: "currentColor", "stroke-width": 2.4, "stroke-linecap": "round" }));

/** What stands behind the label: a state, what is seen of it, what is heard besides, before and after. */
function standing({ words, phase, report, progress, fault }) {
  const { points, grade } = report?.score ?? {};
  if (phase === "running") return { state: "looking", seen: progress ? `${progress.answered}/${progress.asked}` : "…", heard: words.checking };
  if (phase === "failed") return { state: "unknown", seen: "–", heard: fault.lang ? words.failed : `${words.failed}. ${fault.message}` };
  if (phase === "idle") return { state: "unknown", seen: words.idle, heard: words.idle };
  if (!grade) return { state: "unknown", seen: words.noScore, heard: words.noScore };
  return { state: mood(grade), seen: [h("b", {}, grade), ` ${points}`, h("small", {}, "/100")], heard: `${words.grade(grade)}, ${words.points(points)}` };
}

/** A link where it leads somewhere, a button where it can be tried again, else a picture with a name. */
export function badge(model) {
  const { words, phase, domain, href, fault, again } = model;
  const { state, seen, heard } = standing(model);
  const label = `${words.ofDomain(domain)}: ${heard}`;
  const shared = { class: "badge", part: "badge", title: label };
  const inside = (between, behind) => [
    mark(), h("span", { class: "label", part: "label" }, words.title, between),
    h("span", { class: `value ${state}`, part: "grade" }, icon(state), h("span", { class: "number" }, seen), behind),
  ];
  const hidden = (text) => h("span", { class: "hidden" }, text);
  if (phase === "failed") return h("button", { ...shared, type: "button", onclick: again }, ...inside(hidden(words.badgeOf(domain)), hidden([` ${words.failed}. `, h("span", { lang: fault.lang }, fault.message), ` ${words.again}.`])));
  // What is seen is part of what is heard, in its order (WCAG 2.5.3).
  if (href) return h("a", { ...shared, href }, ...inside(hidden(words.badgeOf(domain)), null));
  return h("span", { ...shared, role: "img", "aria-label": label }, ...inside(null, null));
}
