// The words of the widget by language. English comes along; others are fetched when they are asked for.
import { words as en } from "./words-en.js";

/** The files that `.ci/widget` makes of `words-….js`; each with a name of its own here, so that bundlers find it. */
const files = {
  de: () => import("./mx-ray-de.js" + VERSION),
  es: () => import("./mx-ray-es.js" + VERSION),
};
/** How long an element stays undrawn for its language, in milliseconds; then it speaks English until that has come. */
const PATIENCE = 2000;
/** What is here, by language. */
const here = { en: { ...en, lang: "en" } };
/** What is on its way: language → {patient, listeners}. */
const coming = {};

/**
 * The words for a tag as in `lang`, and how numbers and times are written there; English where there are no others. While others are
 * `coming` they are English too, `awaited` as long as patience lasts, and `changed` is called when either ends.
 */
export function wordsFor(tag, changed) {
  const asked = String(tag ?? "").toLowerCase().split("-")[0];
  const language = Object.hasOwn(files, asked) ? asked : "en";
  if (Object.hasOwn(here, language)) return written(here[language], tag);
  const fetching = (coming[language] ??= fetchWords(language));
  fetching.listeners.add(changed);
  return { ...written(here.en), coming: true, awaited: fetching.patient };
}

function fetchWords(language) {
  const fetching = { patient: true, listeners: new Set() };
  const tell = () => fetching.listeners.forEach((listener) => listener());
  const late = setTimeout(() => {
    fetching.patient = false;
    tell();
  }, PATIENCE);
  files[language]()
    // Where the file cannot be had, English will do.
    .then(({ words }) => ({ ...words, lang: language }), () => here.en)
    .then((words) => {
      here[language] = words;
      clearTimeout(late);
      tell();
      delete coming[language];
    });
  return fetching;
}

/** Words with the ways of their language, or of the region that the tag names. */
function written(words, tag) {
  const locale = localeOf(tag, words.lang);
  const dated = (style) => (time) => {
    const date = new Date(time);
    return Number.isNaN(date.getTime()) ? String(time) : new Intl.DateTimeFormat(locale, style).format(date);
  };
  return {
    ...words,
    locale,
    number: (number) => new Intl.NumberFormat(locale).format(number),
    // Never more than it is: 100 % is said of no failure alone.
    share: (part, whole) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(Math.floor((part / whole) * 1000) / 1000),
    time: dated({ dateStyle: "medium", timeStyle: "short" }),
    // Reports are counted by days of UTC.
    day: dated({ dateStyle: "medium", timeZone: "UTC" }),
  };
}

function localeOf(tag, language) {
  try {
    const locale = new Intl.Locale(tag);
    return locale.language === language ? locale.toString() : language;
  } catch {
    return language;
  }
}
