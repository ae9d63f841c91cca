// The words of the page: `node .ci/words.mjs update` gathers every sentence of the source into www/words/mxray.pot and into the
// catalog of each language, keeping what is translated; `check [--complete]` holds the catalogs to the source and to their
// originals; `write dist` writes the `.mo` files that the page fetches; `pseudo FILE.mo` one that puts ⟦ ⟧ round every sentence,
// to see what is not translated. See docs/words.md.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { po, mo } = await import(new URL("../.tools/node_modules/gettext-parser/index.js", import.meta.url).href);
const folder = join(root, "www/words");
const languages = ["de", "es"];

/** Where sentences stand: the page first, then what it starts with, then the core in the order of a check. */
const places = [
  "src/ui", "index.html", "src/web", "src/report", "src/checks", "src/records", "src/dnssec", "src/spf_eval", "src/svg", "src/pki",
  "src/reports", "src/intake", "src/lists", "src/source", "src/assess.rs", "src/what_if.rs", "src/share.rs", "src/name.rs",
];

/** String literals of Rust source, without comments and tests, each with the place where it stands. */
function* literals(source) {
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|b?r(#*)"[\s\S]*?"\1|b?"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\\n]|\\(?:u\{[^}]*\}|x..|.))'|#\[cfg\(test\)\]/g;
  for (const found of source.matchAll(token)) {
    const [text, hashes] = found;
    if (text.startsWith("#[cfg(test)]")) return;
    if (!/^r?#*"/.test(text)) continue;
    const raw = text.startsWith("r");
    const inner = raw ? text.slice(2 + hashes.length, -1 - hashes.length) : unescaped(text.slice(1, -1));
    yield { start: found.index, end: found.index + text.length, text: inner };
  }
}

const short = { n: "\n", t: "\t", r: "\r", 0: "\0" };
const unescaped = (text) =>
  text
    .replace(/\\\n\s*/g, "")
    .replace(/\\(?:u\{([0-9a-f]+)\}|x([0-9a-f]{2})|(.))/gi, (_, wide, narrow, other) =>
      other ? (short[other] ?? other) : String.fromCodePoint(parseInt(wide ?? narrow, 16)));

/** Text without what stands in braces or backticks. */
const bare = (text) => text.replace(/\{[^}]*\}|`[^`]*`/g, " ");
/** Names that stay as they are, and what is written into files. */
const LEFT_OUT = /\/(?:native\/\w+|authorities|selectors|providers|transparency|servers|export|csv|issuers|outline)\.rs$/;
const KEPT = /^src\/checks\/bimi\/(?:providers|authorities)\.rs$/;
/** Something to translate has a word. */
const hasWord = (text) => /\p{L}{2}/u.test(bare(text));

/** What a literal is for, by what stands before it, where that is nothing to read. */
const NOT_READ = new RegExp(
  "(?:" +
    [
      /\b(?:class|rel|id|href|type|role|viewBox|d|autocomplete|data-[\w-]+)=/, /\bclassname: /, /\b(?:class|crop|scheme|script|reference|kind|id|format|header): /,
      /\b(?:expect|panic!|unreachable!|assert\w*!|concat!|include\w*!|matches!)\((?:[^"()]*, )?/, /\b(?:format|write|writeln)!\((?:\w+, )?\s*/,
      /\.(?:strip_prefix|strip_suffix|starts_with|ends_with|contains|find|split|split_once|rsplit_once|trim_start_matches|closest|query_selector|eq_ignore_ascii_case|get|pointer|get_attribute|set_attribute|has_attribute|join|replace)\((?:\w+, )?/,
      /#\[[^\]]*/, /[=!]= /, /\bPublish::\w+\([^)]*/, /\bconst [A-Z_]+: &str = /,
    ].map((one) => one.source).join("|") +
    ")$",
);
/** Records, addresses, names of things and paths of drawings. */
const NOT_WORDS = /^(?:v=|https?:|\. IN|<|M\{|M\d)|\bp=MII|^[a-z]+=[^ ]*$|^(?:[\w-]+\.)+[a-z]+$|^[A-Z]{2,}[A-Z0-9]*$|^Content-|^[a-z]+\/[a-z0-9.+-]+(?:;.*)?$|^\d+ \d+ \d+ [0-9a-f]{9,}|^(?:RFC|MCR|VMC draft|SVG Tiny|BIMI draft)[^.]{0,14}§|^RFC \d+|^(?:[A-Z]{2,}[- ]?)+$|\n {2}|ECDSA/;

/** Whether a literal that stands in no macro reads like words to be shown. */
function readsLikeWords(text, before, file) {
  if (!hasWord(text) || NOT_WORDS.test(text) || NOT_READ.test(before)) return false;
  if (/^\p{Lu}\p{Ll}+…?$/u.test(text)) return file.startsWith("src/ui") || /(?:=>|\(|, |: |\[|\{|return)\s*$/.test(before);
  if (/^\p{Ll}+(?:-\p{Ll}+)?$/u.test(text)) {
    // A word in a table of words: `State::Done => "done"` is an identifier as often, so only beside a shape.
    return file.startsWith("src/ui") && /=> \("[a-z-]+", $/.test(before) && !/^(?:pass|warn|fail|info|absent|unknown|edit|try|add|looking)$/.test(text);
  }
  return /\p{L}{2,}[^\p{L}]+(?:.*[^\p{L}])?\p{L}+/u.test(bare(text)) && /\p{L} /u.test(bare(text)) && !/^[\w.]+ [\w.]+=|^[a-z-]+ [a-z-]+$/.test(text)
    || /^[a-z]+ [a-z ]+$/.test(text) && !/class/.test(before);
}

/** Words that stand alone in tables of the page, where nothing tells them from identifiers. */
const ALONE = ["changed", "added", "removed", "counting", "no score", "met", "missing", "not known", "done", "not done", "not needed", "now", "later", "void", "addresses", "logo", "certificate", "light", "dark", "round", "rounded", "from", "to", "reason", "more", "none", "answered", "look-ups", "none found"];

function walk(path, into = []) {
  const full = join(root, path);
  if (/\.(?:rs|html)$/.test(path)) into.push(path);
  else if (existsSync(full)) for (const entry of readdirSync(full, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory() || entry.name.endsWith(".rs")) walk(`${path}/${entry.name}`, into);
  }
  return into;
}

/** The sentences of the page's own document: texts and spoken names, one for each piece between tags. */
function* ofDocument(source) {
  const body = source.replace(/<!--[\s\S]*?-->/g, "").replace(/<svg[\s\S]*?<\/svg>/g, "<svg>").replace(/<head>[\s\S]*?(<title>[\s\S]*?<\/title>)[\s\S]*?<\/head>/, "$1");
  for (const [, name, attribute, text] of body.matchAll(/(aria-label|placeholder)="([^"]*)"|>([^<]+)(?=<)/g)) {
    const words = (attribute ?? text).replace(/\s+/g, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
    if (/\p{L}{2}/u.test(words) && !/^(?:example\.com|mxray|cloudflare-dns\.com|dns\.google|dig|mta-sts\.txt|English|Deutsch|Español)$/.test(words.trim()) && !(name === "placeholder" && /^\S+$/.test(words)))
      yield words;
  }
}

/** Every sentence: the original, its plural, and the files where it stands. */
export function gather() {
  const found = new Map();
  const add = (text, plural, file) => {
    const entry = found.get(text) ?? { text, plural: undefined, files: new Set() };
    entry.plural ??= plural;
    entry.files.add(file);
    found.set(text, entry);
  };
  for (const file of places.flatMap((place) => walk(place)).filter((file) => !LEFT_OUT.test(file) || KEPT.test(file))) {
    const source = readFileSync(join(root, file), "utf8");
    if (file.endsWith(".html")) {
      for (const words of ofDocument(source)) add(words, undefined, file);
      continue;
    }
    const all = [...literals(source)];
    for (let at = 0; at < all.length; at++) {
      const { start, end, text } = all[at];
      const before = source.slice(Math.max(0, start - 90), start);
      const next = all[at + 1];
      if (next && /^\s*\|\s*$/.test(source.slice(end, next.start)) && /^\s*%/.test(source.slice(next.end)) || next && /\("?[^"]*$|, $/.test(before) && /^\{n\} /.test(text) && /^\{n\} /.test(next.text)) {
        add(text, next.text, file);
        at++;
      } else if (/\b(?:tr|text|word|parts)!\(\s*$/.test(before) || /\bsay::known\($/.test(before)) {
        if (hasWord(text)) add(text, undefined, file);
      } else if (readsLikeWords(text, before.replace(/\s+/g, " "), file) || file.startsWith("src/ui") && ALONE.includes(text)) add(text, undefined, file);
    }
  }
  return [...found.values()];
}

const HEADERS = (language) => ({
  "Project-Id-Version": "mxray",
  "Language": language,
  "MIME-Version": "1.0",
  "Content-Type": "text/plain; charset=utf-8",
  "Content-Transfer-Encoding": "8bit",
  ...(language ? { "Plural-Forms": "nplurals=2; plural=(n != 1);" } : {}),
});

const read = (name) => po.parse(readFileSync(join(folder, name)), "utf-8");
const write = (catalog) => po.compile(catalog, { foldLength: 0 }).toString() + "\n";
const entries = (catalog) => Object.values(catalog.translations[""] ?? {}).filter(({ msgid }) => msgid);
const isFuzzy = ({ comments }) => /\bfuzzy\b/.test(comments?.flag ?? "");

/** A catalog with every sentence, and of `old` what is translated; what is gone stays below as obsolete. */
function merged(sentences, language, old) {
  const before = old?.translations[""] ?? {};
  const translations = { "": { msgid: "", msgstr: [""] } };
  for (const { text, plural, files } of sentences) {
    const known = before[text] ?? old?.obsolete?.[""]?.[text];
    const size = plural === undefined ? 1 : 2;
    const changed = known && known.msgid_plural !== plural;
    const msgstr = Array.from({ length: size }, (_, at) => known?.msgstr[at] ?? (changed ? known.msgstr[0] ?? "" : ""));
    const flag = changed && msgstr.some(Boolean) || isFuzzy(known ?? {}) ? "fuzzy" : undefined;
    translations[text] = {
      msgid: text,
      ...(plural === undefined ? {} : { msgid_plural: plural }),
      msgstr,
      comments: { reference: [...files].join("\n"), ...(flag ? { flag } : {}), ...(known?.comments?.translator ? { translator: known.comments.translator } : {}) },
    };
  }
  const obsolete = {};
  for (const entry of [...Object.values(before), ...Object.values(old?.obsolete?.[""] ?? {})]) {
    if (entry.msgid && !translations[entry.msgid] && entry.msgstr.some(Boolean)) obsolete[entry.msgid] = { ...entry, comments: {} };
  }
  return { charset: "utf-8", headers: HEADERS(language), translations: { "": translations }, ...(Object.keys(obsolete).length ? { obsolete: { "": obsolete } } : {}) };
}

const sorted = (list) => [...new Set(list)].sort().join(" ");
const placeholders = (text) => sorted(text.match(/\{[^}]*\}/g) ?? []);
const code = (text) => sorted(text.match(/`[^`]*`/g) ?? []);
const edges = (text) => `${/^\s*/.exec(text)[0]}|${/\s*$/.exec(text)[0]}`;

/** What is wrong with a translated entry. */
export function faults({ msgid, msgid_plural: plural, msgstr }) {
  const found = [];
  msgstr.forEach((text, at) => {
    if (!text) return;
    const original = plural !== undefined && at > 0 ? plural : msgid;
    const count = (of) => placeholders(of.replaceAll("{n}", ""));
    if (plural === undefined ? placeholders(text) !== placeholders(original) : count(text) !== count(original)) found.push(`places: ${placeholders(original)} became ${placeholders(text)}`);
    if (code(text) !== code(original)) found.push(`code: ${code(original)} became ${code(text)}`);
    if (edges(text) !== edges(original)) found.push("the spaces at its ends differ");
  });
  if (msgstr.some(Boolean) && msgstr.some((text) => !text)) found.push("one form is missing");
  return found;
}

function check(complete) {
  let passed = 0, failed = 0;
  const rule = (name, faults, good) => {
    console.log(`${faults.length ? "FAIL" : "ok  "} ${name}: ${faults.length ? faults.slice(0, 20).join("; ") : good}`);
    faults.length ? failed++ : passed++;
  };
  const sentences = gather();
  const pot = readFileSync(join(folder, "mxray.pot"), "utf8");
  rule("mxray.pot is that of the source", pot === write(merged(sentences, "")) ? [] : ["it is not: run `node .ci/words.mjs update`"], `${sentences.length} sentences`);
  for (const language of languages) {
    const catalog = read(`${language}.po`);
    const all = new Map(entries(catalog).map((entry) => [entry.msgid, entry]));
    const missing = sentences.filter(({ text, plural }) => all.get(text)?.msgid_plural !== plural || !all.has(text));
    rule(`${language}.po has every sentence`, missing.map(({ text }) => JSON.stringify(text)), `${all.size}`);
    rule(`${language}.po keeps places, code and spaces`, [...all.values()].flatMap((entry) => faults(entry).map((fault) => `${JSON.stringify(entry.msgid)}: ${fault}`)), "all");
    const done = [...all.values()].filter((entry) => entry.msgstr.every(Boolean) && !isFuzzy(entry)).length;
    const share = `${done} of ${all.size} sentences, ${Math.floor((done * 100) / all.size)} %`;
    rule(`${language}.po is translated`, complete && done < all.size ? [share] : [], share);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

/** What a `.mo` file holds: everything that is translated and not in doubt. */
function compiled(catalog) {
  const translations = { "": { msgid: "", msgstr: [""] } };
  for (const entry of entries(catalog)) {
    if (entry.msgstr.every(Boolean) && !isFuzzy(entry)) translations[entry.msgid] = { ...entry, comments: undefined };
  }
  return mo.compile({ charset: "utf-8", headers: catalog.headers, translations: { "": translations } });
}

function update() {
  mkdirSync(folder, { recursive: true });
  const sentences = gather();
  writeFileSync(join(folder, "mxray.pot"), write(merged(sentences, "")));
  for (const language of languages) {
    const name = `${language}.po`;
    writeFileSync(join(folder, name), write(merged(sentences, language, existsSync(join(folder, name)) ? read(name) : undefined)));
  }
  console.log(`${sentences.length} sentences`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [what, where] = process.argv.slice(2);
  if (what === "update") update();
  else if (what === "check") process.exitCode = check(where === "--complete") ? 0 : 1;
  else if (what === "write" && where) {
    mkdirSync(join(where, "words"), { recursive: true });
    for (const language of languages) writeFileSync(join(where, "words", `${language}.mo`), compiled(read(`${language}.po`)));
  } else if (what === "pseudo" && where) {
    const catalog = read("mxray.pot");
    for (const entry of entries(catalog)) {
      entry.msgstr = (entry.msgid_plural === undefined ? [entry.msgid] : [entry.msgid, entry.msgid_plural]).map((text) => text.replace(/^(\s*)([\s\S]*?)(\s*)$/, "$1⟦$2⟧$3"));
    }
    writeFileSync(where, compiled(catalog));
  } else {
    console.error("usage: node .ci/words.mjs update | check [--complete] | write DIST | pseudo FILE");
    process.exitCode = 2;
  }
}
