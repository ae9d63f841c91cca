// The whole report: plan, matrix, checklist, findings technology by technology, and what could not be seen.
import { english, h, icon, prose, reference, visible } from "./dom.js";
import { head, technologies } from "./summary.js";

/** More of a marked place is not repeated beside the finding. */
const EXCERPT = 160;
const matrixOf = ["mta-sts", "tls-rpt", "bimi", "dane"];
const levels = ["essential", "important", "advanced"];

/** The report; `say` announces, `ids` is unique in the document. */
export function full(model) {
  const { words, report } = model;
  const open = (id) => {
    const details = model.root().querySelector(`details[data-technology="${id}"]`);
    details.open = true;
    details.querySelector("summary").focus();
    details.scrollIntoView({ block: "nearest" });
  };
  return h("article", { class: "card whole", part: "card", "aria-label": words.ofDomain(report.domain) },
    head(model),
    levelSums(words, report),
    technologies(words, report, open),
    report.basics_first ? h("p", { class: "note" }, icon("warn"), h("span", english, prose(report.basics_first))) : null,
    section(words.plan, plan(model)),
    section(words.matrix, matrix(words, report)),
    section(words.checklist, checklist(words, report)),
    report.mail_hosts?.length ? section(words.mailHosts, mailHosts(words, report)) : null,
    report.mta_sts_road ? section(words.road, road(model, report.mta_sts_road)) : null,
    report.tls_reports ? section(words.reports, ...tlsReports(words, report)) : null,
    section(words.findings, ...[report.mail_servers, ...report.technologies].map((technology) => details(model, technology))),
    report.unknown.length ? section(words.unknown, h("ul", { class: "unseen" }, ...report.unknown.map((one) => unseen(words, one)))) : null);
}

const section = (title, ...children) => h("section", {}, h("h3", {}, title), ...children);

const levelSums = (words, { score }) =>
  h("ul", { class: "levels" }, ...score.levels.map(({ level, earned, of }) => h("li", {}, h("b", {}, words.level[level] ?? level), ` ${words.levelSum(earned, of)}`)));

function plan(model) {
  const { words, report } = model;
  if (!report.plan.length) return h("p", {}, words.nothingLeft);
  return h("ol", { class: "plan", part: "plan" }, ...report.plan.map((step, index) =>
    h("li", { part: "step" }, h("details", { open: index === 0 },
      h("summary", {}, h("span", { class: "tag" }, words.technology[step.technology] ?? step.technology), " ", h("span", english, prose(step.step))),
      h("p", english, prose(step.why)),
      ...step.publish.map((record) => toPublish(model, record))))));
}

function matrix(words, report) {
  const rows = report.technologies.filter(({ id }) => matrixOf.includes(id)).sort((a, b) => matrixOf.indexOf(a.id) - matrixOf.indexOf(b.id));
  return table("matrix", words.columns, rows.map((one) => [
    { "data-technology": one.id, "data-status": one.status },
    words.technology[one.id],
    [words.priority[one.priority] ?? one.priority],
    [words.difficulty[one.difficulty] ?? one.difficulty],
    [h("ul", {}, ...one.prerequisites.map(({ label, met }) => h("li", {}, h("span", english, label), `: ${words.met[met]}`)))],
    [marked(one.status, words.status[one.status])],
    [one.next_step ? h("span", english, prose(one.next_step)) : one.status === "unknown" ? words.seeUnknown : words.nothingToDo],
  ]));
}

/** A table that becomes cards on narrow screens. Each row: its attributes, its head, and what stands in each further cell. */
function table(kind, labels, rows) {
  return h("table", { class: kind, role: "table" },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...labels.map((label) => h("th", { role: "columnheader", scope: "col" }, label)))),
    h("tbody", { role: "rowgroup" }, ...rows.map(([attributes, head, ...cells]) =>
      h("tr", { role: "row", ...attributes },
        h("th", { role: "rowheader", scope: "row" }, head),
        ...cells.map((cell, at) => h("td", { role: "cell", "data-label": labels[at + 1] }, h("div", {}, ...cell)))))));
}

const marked = (shape, text, language) => h("span", { class: "status" }, icon(shape), h("span", language, text));

const policyShape = { covered: "pass", "no-policy": "absent", unknown: "unknown" };
const tlsaShape = { secure: "pass", insecure: "warn", unusable: "warn", none: "absent", bogus: "fail", unknown: "unknown" };

/** Each mail host between MTA-STS and DANE. */
function mailHosts(words, { mail_hosts: hosts }) {
  return table("matrix hosts", words.hostColumns, hosts.map(({ host, policy, tlsa, delivery, words: said }) => [
    { "data-host": host, "data-policy": policy.state, "data-tlsa": tlsa.state },
    visible(host),
    [marked(policyShape[policy.state] ?? (delivery.mta_sts === "refused" ? "fail" : "warn"), visible(said.policy), english)],
    [marked(tlsaShape[tlsa.state] ?? "unknown", visible(said.tlsa), english), tlsa.why ? h("p", { class: "soft", ...english }, visible(tlsa.why)) : null],
    [h("ul", {}, ...said.senders.map(({ who, what }) => h("li", english, h("b", {}, who), `: ${what}`)))],
  ]));
}

/** What TLS reports say, where the report was made with some: sums, failures of each host, what they have to do with the domain, and what was left out. */
function tlsReports(words, { mail_hosts: hosts, tls_reports: { reports, successful_sessions: good, failed_sessions: bad, from, until, ties, unreadable } }) {
  const [first, last] = [from, until].map((time) => (time ? words.day(time) : null));
  const period = !first ? "–" : first === last ? first : words.period(first, last);
  const failing = (hosts ?? []).filter((one) => one.reports?.kinds.length);
  return [
    table("matrix sums", words.reportColumns, [[{}, period, ...[reports, good, bad].map((count) => [words.number(count)]), [good + bad ? words.share(good, good + bad) : "–"]]]),
    failing.length ? table("matrix failures", words.failureColumns, failing.map(({ host, reports: { kinds } }) => [
      { "data-host": host }, visible(host), [h("ul", {}, ...kinds.map(({ name, sessions }) => h("li", {}, h("code", {}, visible(name)), `: ${words.number(sessions)}`)))],
    ])) : null,
    ties.length ? h("ul", {}, ...ties.map(({ kind, title }) => h("li", { "data-tie": kind, ...english }, prose(title)))) : null,
    unreadable.length ? h("details", {}, h("summary", {}, words.reportsLeft(unreadable.length)), h("ul", {}, ...unreadable.map(({ file, why }) => h("li", {}, h("code", {}, visible(file)), ": ", h("span", english, prose(why)))))) : null,
  ];
}

const roadShape = { done: "pass", now: "warn", later: "not-applicable", unknown: "unknown" };

/** From nothing to an enforced policy, and back. */
function road(model, { stands, steps, never, servers, removal }) {
  const { words } = model;
  const way = (title, all) => (all.length ? [h("h4", {}, title), h("ol", { class: "plan" }, ...all.map((step) =>
    h("li", { "data-step": step.id, "data-state": step.state }, h("details", { open: step.state === "now" },
      h("summary", {}, h("span", { class: "tag" }, icon(roadShape[step.state] ?? "unknown"), words.roadState[step.state] ?? step.state), " ", h("span", english, prose(step.title)), step.on ? h("span", { class: "soft" }, ` ${words.from(step.on)}`) : null),
      h("p", english, prose(step.why)),
      ...step.publish.map((record) => toPublish(model, record))))))] : []);
  const server = ({ label, note, snippet }) => h("details", {}, h("summary", english, label), h("p", english, prose(note)), h("pre", { tabindex: 0, dir: "ltr" }, visible(snippet)));
  return h("details", { class: "road" }, h("summary", {}, words.roadTitle),
    h("p", english, prose(stands)),
    ...way(words.roadSteps, steps),
    h("h4", {}, words.roadServers), ...servers.map(server),
    h("h4", {}, words.roadNever), h("ul", {}, ...never.map((one) => h("li", english, prose(one)))),
    ...way(words.roadBack, removal));
}

function checklist(words, report) {
  const state = ({ done, applies }) => (applies ? done : "na");
  const shape = { true: "pass", false: "absent", null: "unknown", na: "not-applicable" };
  return h("div", { class: "columns" }, ...levels.map((level) =>
    h("div", {}, h("h4", {}, words.level[level]),
      h("ul", {}, ...report.checklist.filter((item) => item.level === level).map((item) =>
        h("li", { "data-item": item.id, "data-done": String(state(item)) }, icon(shape[state(item)]), h("span", english, item.label), h("span", { class: "soft" }, words.done[state(item)])))))));
}

function details(model, technology) {
  const { words, report } = model;
  const all = report.findings.filter((finding) => finding.technology === technology.id);
  const good = all.filter(({ outcome }) => outcome === "pass");
  const rest = all.filter(({ outcome }) => outcome !== "pass");
  return h("details", { class: "technology", "data-technology": technology.id, "data-status": technology.status },
    h("summary", {}, icon(technology.status), h("b", {}, words.technology[technology.id]), " ", h("span", { class: "soft" }, words.status[technology.status])),
    technology.published.length ? h("div", { class: "records" }, h("h4", {}, words.records), ...technology.published.map(({ name, type, value }) =>
      h("figure", {}, h("figcaption", {}, h("code", {}, visible(name)), ` ${type}`), h("pre", { tabindex: 0, dir: "ltr" }, visible(value))))) : null,
    rest.length ? h("ul", { class: "findings" }, ...rest.map((finding) => item(model, finding))) : null,
    good.length ? h("details", { class: "good" }, h("summary", {}, words.good(good.length)), h("ul", { class: "findings" }, ...good.map((finding) => item(model, finding)))) : null);
}

function item(model, finding) {
  const { words } = model;
  const { outcome, title, detail, why, at, fix, publish, references } = finding;
  const isPass = outcome === "pass";
  return h("li", { part: "finding", "data-finding": finding.id, "data-outcome": outcome },
    h("h4", {}, icon(outcome), h("span", { class: `word ${outcome}` }, words.outcome[outcome]), " ", h("span", english, prose(title))),
    detail && detail !== title ? h("p", english, prose(detail)) : null,
    at && !isPass ? excerpt(words, at) : null,
    why && !isPass ? h("p", { class: "soft" }, h("b", {}, words.why), " ", h("span", english, prose(why))) : null,
    fix ? h("p", {}, h("b", {}, outcome === "unknown" ? words.findOut : words.fix), " ", h("span", english, prose(fix))) : null,
    ...publish.map((record) => toPublish(model, record)),
    h("p", { class: "references" }, ...references.flatMap((text) => [reference(text), " "])));
}

/** The words that a finding is about: places are octets of UTF-8. */
function excerpt(words, { name, record, start, end }) {
  const octets = new TextEncoder().encode(record).slice(start, end);
  const text = new TextDecoder().decode(octets);
  if (!text || text === record) return null;
  return h("p", {}, h("b", {}, words.where), " ", h("code", { class: "place", dir: "ltr" }, visible(text.slice(0, EXCERPT)), text.length > EXCERPT ? "…" : null), words.inRecord(name));
}

/** A record or file to publish, with its parts named and ready to copy. */
function toPublish({ words, copy }, { name, type, value }) {
  const isFile = type === "file";
  const row = (label, ...content) => h("div", {}, h("dt", {}, label), h("dd", {}, ...content));
  const text = h("pre", { tabindex: 0, dir: "ltr" }, visible(value));
  const button = (label, copied) => h("button", { class: "quiet", type: "button", part: "button", onclick: () => copy(copied, text) }, icon("copy"), label, h("span", { class: "hidden" }, ` ${words.copyOf(name)}`));
  return h("div", { class: "publish", part: "publish" },
    h("dl", {}, row(isFile ? words.address : words.name, h("code", { dir: "ltr" }, visible(name))), isFile ? null : row(words.type, h("code", {}, type)), row(isFile ? words.content : words.value, text)),
    h("p", { class: "buttons" }, button(words.copyValue, value), isFile ? null : button(words.copyLine, zoneLine(name, type, value))));
}

/** One line of a zone file; TXT as quoted strings of at most 255 octets (RFC 1035 §3.3, §5.1). */
function zoneLine(name, type, value) {
  const owner = name.endsWith(".") ? name : `${name}.`;
  return `${owner} IN ${type} ${type === "TXT" ? quoted(value) : value}`;
}

function quoted(value) {
  const octets = new TextEncoder().encode(value);
  const strings = [];
  for (let at = 0; at < octets.length || !strings.length; at += 255) {
    const text = [...octets.slice(at, at + 255)].map((octet) =>
      octet === 34 || octet === 92 ? `\\${String.fromCharCode(octet)}` : octet < 32 || octet > 126 ? `\\${String(octet).padStart(3, "0")}` : String.fromCharCode(octet));
    strings.push(`"${text.join("")}"`);
  }
  return strings.join(" ");
}

const unseen = (words, { technology, what, why, how }) =>
  h("li", {}, h("p", {}, h("span", { class: "tag" }, words.technology[technology] ?? technology), " ", h("b", english, prose(what))), h("p", english, prose(why)), how ? h("p", {}, h("b", {}, words.findOut), " ", h("span", english, prose(how))) : null);
