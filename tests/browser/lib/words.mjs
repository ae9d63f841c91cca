// The words of the widget, language by language, held to those of English.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("../../../www/widget/", import.meta.url);

/** What is the same in every language: names and what they stand for. */
const NAMES = new Set(["SPF", "DKIM", "DMARC", "MTA-STS", "TLS-RPT", "BIMI", "DANE", "DNSSEC", "ltr", "rtl"]);
/** Words of a language that are spelt as in English. */
const ALIKE = { de: ["domain", "name"], es: [] };
/** What counts: one thing is said otherwise than two. */
const COUNTS = ["good", "reportsLeft"];
/** What a function is given where marks alone would not do. */
const GIVEN = {
  announceReport: [["mark-1", { grade: "mark-2", points: "mark-3" }], ["mark-1", { grade: null, points: null }]],
  good: [[1], [0], [2]],
  reportsLeft: [[1], [2]],
  levelSum: [["mark-1", "mark-2"], [0, 0]],
};

/** Every language that has a file of words: `{en: words, …}`. */
export async function everyLanguage() {
  const tags = readdirSync(fileURLToPath(folder)).map((name) => name.match(/^words-(\w+)\.js$/)?.[1]).filter(Boolean);
  return Object.fromEntries(await Promise.all(tags.map(async (tag) => [tag, (await import(new URL(`words-${tag}.js`, folder).href)).words])));
}

/** Keys, kinds and the number of what functions take. */
export function shapeOf(value) {
  if (typeof value === "function") return `function of ${value.length}`;
  if (Array.isArray(value)) return value.map(shapeOf);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
  return typeof value;
}

/** Everything that a language says: where it stands → text, with marks for what functions are given. */
export function sayings(words, path = "") {
  return Object.entries(words).flatMap(([key, value]) => {
    const at = `${path}${key}`;
    if (typeof value === "function") return (GIVEN[at] ?? [Array.from({ length: value.length }, (_, place) => `mark-${place + 1}`)]).map((given, turn) => [`${at} #${turn}`, value(...given)]);
    return typeof value === "string" ? [[at, value]] : sayings(value, `${at}.`);
  });
}

/** Nothing is missing, left over, empty, untranslated, or says other facts than English. */
export function holdToEnglish(tag, words, english) {
  assert.deepEqual(shapeOf(words), shapeOf(english), tag);
  const own = Object.fromEntries(sayings(words));
  const marks = (text) => [...new Set(text.match(/mark-\d|\d+/g) ?? [])].sort();
  const alike = [];
  for (const [at, text] of sayings(english)) {
    assert.ok(own[at].trim() && !/undefined|null|NaN|\[object/.test(own[at]), `${tag}: ${at}: ${own[at]}`);
    assert.deepEqual(marks(own[at]), marks(text), `${tag}: ${at} says “${own[at]}” for “${text}”`);
    for (const [side, pattern] of [["begins", /^\s/], ["ends", /\s$/]]) assert.equal(pattern.test(own[at]), pattern.test(text), `${tag}: ${at} ${side} otherwise`);
    if (own[at] === text && !NAMES.has(text) && /[a-z]/.test(text.replace(/mark-\d/g, ""))) alike.push(at);
  }
  assert.deepEqual(alike, ALIKE[tag] ?? [], `${tag}: as in English: ${alike.join(", ")}`);
  for (const count of COUNTS) assert.notEqual(words[count](1).replace("1", "2"), words[count](2), `${tag}: ${count} knows no singular`);
}
