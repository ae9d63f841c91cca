// The words of the widget by language. English comes along; others are fetched when they are asked for.
import { words as en } from "./words-en.js";

/** The files that `.ci/widget` makes of `words-….js`; each with a name of its own here, so that bundlers find it. */
const files = {
  de: () => import("./mx-ray-de.js" + VERSION),
  es: () => import("./mx-ray-es.js" + VERSION),
};
/** What is here, by language. */
const here = { en: { ...en, lang: "en" } };
/** What is on its way, by language. */
const coming = {};

/** The first language that there is, by tags as in `lang`; English where there is none. */
function languageOf(tags) {
  const wanted = tags.filter(Boolean).map((tag) => String(tag).toLowerCase().split("-")[0]);
  return wanted.find((language) => language === "en" || Object.hasOwn(files, language)) ?? "en";
}

/** The words for tags as in `lang`: English until others are learnt, and where they cannot be had. */
export const wordsFor = (...tags) => here[languageOf(tags)] ?? here.en;

/** Loads the words for these tags where they are not there yet; null where there is nothing to wait for. */
export function learn(...tags) {
  const language = languageOf(tags);
  if (language in here) return null;
  coming[language] ??= files[language]().then(({ words }) => ({ ...words, lang: language }), () => here.en).then((words) => (here[language] = words));
  return coming[language];
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
