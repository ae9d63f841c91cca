// The view of a card: grade, technologies, the next step.
import { english, h, icon, prose, s, visible } from "./dom.js";
import { mood } from "./badge.js";

/** Grade and points in a ring that fills with the points. */
function ring(words, { points, grade }) {
  const state = mood(grade);
  return h("div", { class: `ring ${state}`, part: "grade" },
    s("svg", { viewBox: "0 0 120 120", "aria-hidden": "true", focusable: "false" },
      s("circle", { class: "track", cx: 60, cy: 60, r: 52 }),
      points ? s("circle", { class: "share", cx: 60, cy: 60, r: 52, pathLength: 100, "stroke-dasharray": `${points} 100`, transform: "rotate(-90 60 60)" }) : null),
    h("p", {}, grade ? [h("b", { "aria-hidden": "true" }, grade), h("span", { class: "hidden" }, `${words.grade(grade)}, `), h("span", {}, words.pointsShort(points))]
      : [h("b", { "aria-hidden": "true" }, "–"), h("span", {}, words.noScore)]));
}

const tile = (words, open) => (technology) => {
  const inside = [icon(technology.status), h("b", {}, words.technology[technology.id] ?? technology.id), h("span", {}, words.status[technology.status] ?? technology.status)];
  return h("li", { part: "technology", "data-technology": technology.id, "data-status": technology.status }, open ? h("button", { type: "button", onclick: () => open(technology.id) }, ...inside) : h("div", {}, ...inside));
};

/** Domain, ring and what stands beside it. */
export function head({ words, domain, report, href, saved, again }) {
  const { score } = report;
  return h("header", { class: "head" },
    ring(words, score),
    h("div", { class: "verdict" },
      h("p", { class: "over" }, words.title),
      h("h2", { class: "domain", part: "domain" }, h("bdi", {}, visible(domain)), domain === report.domain ? null : [" ", h("span", { class: "soft" }, report.domain)]),
      score.reason ? h("p", { class: "note", ...english }, prose(score.reason)) : null,
      h("p", { class: "soft" }, h("time", { datetime: report.taken_at }, words.asOf(words.time(report.taken_at))), " ",
        saved ? h("button", { class: "quiet", type: "button", part: "button", onclick: again }, words.checkAgain) : null,
        href ? h("a", { href, part: "link" }, words.whole) : null)));
}

/** How each technology stands; `open` makes them buttons. */
export const technologies = (words, report, open) => h("ul", { class: "tiles", part: "technologies", "aria-label": words.technologies }, ...report.technologies.map(tile(words, open)));

/** The card. */
export function summary(model) {
  const { words, report } = model;
  const step = report.plan[0];
  return h("article", { class: "card", part: "card", "aria-label": words.ofDomain(report.domain) },
    head(model),
    technologies(words, report),
    h("p", { class: "next", part: "step" }, step ? [h("b", {}, `${words.next}: `), h("span", english, prose(step.step))] : words.nothingLeft));
}
