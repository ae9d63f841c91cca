// Every sentence of the widget in English; the other languages stand in languages.js, which is loaded when one of them is wanted.
// What a report says of a domain comes from the core with it.

export const en = {
  direction: "ltr",
  title: "Mail security",
  ofDomain: (domain) => `Mail security of ${domain}`,
  badgeOf: (domain) => ` of ${domain}: `,
  idle: "not checked yet",
  checking: "checking",
  progress: (answered, asked) => `${answered} of ${asked} look-ups`,
  starting: "Loading the checker…",
  failed: "could not be checked",
  again: "Try again",
  noDomain: "Type a domain, for example example.com.",
  announceStart: (domain) => `Checking ${domain}.`,
  announceReport: (domain, { grade, points }) => (grade ? `${domain}: grade ${grade}, ${points} of 100 points.` : `${domain}: no score.`),
  checkAgain: "Check again",
  noScore: "no score",
  grade: (grade) => `Grade ${grade}`,
  points: (points) => `${points} of 100 points`,
  pointsShort: (points) => `${points} of 100`,
  domain: "Domain",
  check: "Check",
  asOf: (time) => `As of ${time}`,
  whole: "Whole report",
  next: "Next step",
  nothingLeft: "Nothing is left to do by what could be seen.",
  plan: "What to do, in order",
  matrix: "Priority matrix",
  columns: ["Technology", "Priority", "Difficulty", "Prerequisites", "Status", "Next step"],
  nothingToDo: "Nothing to do",
  seeUnknown: "Find out what could not be seen",
  checklist: "Checklist",
  technologies: "Technologies",
  findings: "Findings",
  records: "As published",
  good: (count) => (count === 1 ? "1 thing is good" : `${count} things are good`),
  unknown: "What could not be seen",
  why: "Why it matters.",
  where: "Where.",
  inRecord: (name) => ` in the record of ${name}`,
  fix: "What to do.",
  findOut: "How to find out.",
  name: "Name",
  address: "Address",
  type: "Type",
  value: "Value",
  content: "Content",
  copyValue: "Copy value",
  copyLine: "Copy zone-file line",
  copyOf: (name) => `of ${name}`,
  copied: "Copied.",
  notCopied: "Copying was refused; the text is selected instead.",
  unreadable: "The saved report cannot be read.",
  status: { pass: "In place", warn: "Needs work", fail: "Broken", absent: "Not there", unknown: "Unknown", "not-applicable": "Not needed" },
  outcome: { pass: "Good", info: "Note", warn: "Improve", fail: "Fix", unknown: "Not seen" },
  level: { essential: "Essential", important: "Important", advanced: "Advanced" },
  levelSum: (earned, of) => (of ? `${earned} of ${of}` : "not needed"),
  priority: { essential: "Essential", high: "High", medium: "Medium", lower: "Lower" },
  difficulty: { "very-easy": "Very easy", easy: "Easy", medium: "Medium", hard: "Hard" },
  met: { true: "met", false: "missing", null: "not known" },
  done: { true: "done", false: "not done", null: "not known", na: "not needed" },
  mailHosts: "Mail servers one by one",
  hostColumns: ["Mail server", "In the policy?", "TLSA?", "What senders do"],
  road: "The road of MTA-STS",
  roadTitle: "The road to an enforced policy, step by step",
  roadSteps: "From nothing to enforce",
  roadServers: "How to serve the policy",
  roadNever: "What never to do",
  roadBack: "How to take it away again",
  roadState: { done: "done", now: "now", later: "later", unknown: "not known" },
  from: (day) => `from ${day}`,
  reports: "What TLS reports say",
  reportsSum: ({ reports, good, bad, from, until }) => `Reports: ${reports}${from ? `, ${from} to ${until}` : ""}. ${good} sessions with TLS, ${bad} failed.`,
  reportsLeft: (count) => (count === 1 ? "1 file could not be read." : `${count} files could not be read.`),
  technology: { mx: "Mail servers", spf: "SPF", dkim: "DKIM", dmarc: "DMARC", "mta-sts": "MTA-STS", "tls-rpt": "TLS-RPT", bimi: "BIMI", dane: "DANE", dnssec: "DNSSEC" },
};

/** Those of languages.js. */
const OTHERS = ["de", "es"];
const languages = { en };
let file = new URL("mx-ray-languages.js" + VERSION, import.meta.url).href;
let learning;

/** Where the file of the other languages is, for pages that bundle. */
export function setLanguagesUrl(url) {
  file = url;
}

/** The first language that there is, by tags as in `lang`; English where there is none. */
function languageOf(tags) {
  const wanted = tags.filter(Boolean).map((tag) => String(tag).toLowerCase().split("-")[0]);
  return wanted.find((language) => language === "en" || OTHERS.includes(language)) ?? "en";
}

/** The words for tags as in `lang`: English until others are learnt, and where they cannot be had. */
export function wordsFor(...tags) {
  const lang = languageOf(tags);
  return lang in languages ? { lang, ...languages[lang] } : { lang: "en", ...en };
}

/** Loads the words for these tags where they are not there yet; null where there is nothing to wait for. */
export function learn(...tags) {
  if (languageOf(tags) in languages) return null;
  learning ??= import(file).then((module) => Object.assign(languages, module.languages), () => Object.assign(languages, Object.fromEntries(OTHERS.map((lang) => [lang, { ...en, lang: "en" }]))));
  return learning;
}

/** A time as the language writes it. */
export function timeIn(lang, time) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  return new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" }).format(date);
}

/** A day as the language writes it; reports are counted by days of UTC. */
export function dayIn(lang, time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeZone: "UTC" }).format(date);
}

/** A number as the language writes it. */
export const numberIn = (lang, number) => new Intl.NumberFormat(lang).format(number);
