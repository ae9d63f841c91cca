// The catalogs of the words, www/words/*.po (docs/words.md).
// `node .ci/words.mjs update`: the sentences of the code into mxray.pot, and into every catalog, which keeps its translations.
// `node .ci/words.mjs check [--complete]`: whether that is done, whether translations fit their sentences, and how complete each
// catalog is; it need be only with `--complete`.
// `node .ci/words.mjs write FOLDER`: the catalogs as .mo, as the page fetches them.
// `node .ci/words.mjs pseudo FILE`: one in which every sentence stands in ⟦ ⟧, which shows what the page says without it.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { sentences } from "./sentences.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "www/words");
const { default: gettext } = await import(pathToFileURL(createRequire(join(root, ".tools/package.json")).resolve("gettext-parser")).href).then((module) => ({ default: module.default ?? module }));
const template = "mxray.pot";
const HEADERS = { "content-type": "text/plain; charset=UTF-8", "content-transfer-encoding": "8bit", "plural-forms": "nplurals=2; plural=(n != 1);" };

const catalogs = () => readdirSync(folder).filter((name) => name.endsWith(".po")).sort();
const read = (name) => gettext.po.parse(readFileSync(join(folder, name)));

/** The translations of a catalog: id → its forms. */
const formsOf = (catalog) => new Map(Object.values(catalog.translations[""] ?? {}).filter(({ msgid }) => msgid).map(({ msgid, msgstr }) => [msgid, msgstr]));

/** A catalog of the sentences of the code, with what is translated already. */
function compiled(all, headers, forms = new Map()) {
  const entries = all.map(({ id, plural, places }) => {
    const count = plural ? 2 : 1;
    const known = forms.get(id) ?? [];
    return [id, { msgid: id, ...(plural ? { msgid_plural: plural } : {}), msgstr: Array.from({ length: count }, (_, at) => known[at] ?? ""), comments: { reference: places.join("\n") } }];
  });
  return { charset: "utf-8", headers, translations: { "": { "": { msgid: "", msgstr: [""] }, ...Object.fromEntries(entries) } } };
}

const written = (catalog) => `${gettext.po.compile(catalog, { foldLength: 120 }).toString().trimEnd()}\n`;

/** What the files ought to be: name → text. */
function wanted() {
  const all = sentences(root);
  const texts = new Map([[template, written(compiled(all, HEADERS))]]);
  for (const name of catalogs()) texts.set(name, written(compiled(all, { ...HEADERS, language: name.replace(/\.po$/, "") }, formsOf(read(name)))));
  return texts;
}

const placeholders = (text) => (text.match(/\{[^{}]*\}/g) ?? []).sort().join(" ");
const code = (text) => (text.match(/`[^`]*`/g) ?? []).sort().join(" ");
const ends = (text) => [text.startsWith(" "), text.endsWith(" "), text.split("\n").length].join();

/** What is wrong with a translation of a sentence. */
function faults(sentence, translation) {
  const found = [];
  if (placeholders(sentence) !== placeholders(translation)) found.push("other placeholders");
  if (code(sentence) !== code(translation)) found.push("other code in backticks");
  if (ends(sentence) !== ends(translation)) found.push("other spaces at its ends, or lines");
  return found;
}

function update() {
  for (const [name, text] of wanted()) writeFileSync(join(folder, name), text);
}

function check() {
  const all = sentences(root);
  let failed = 0;
  let passed = 0;
  const say = (ok, words) => {
    if (ok) passed += 1;
    else failed += 1;
    console.log(`${ok ? "ok  " : "FAIL"}  ${words}`);
  };
  for (const [name, text] of wanted()) say(readFileSync(join(folder, name), "utf8") === text, `${name} has the sentences of the code (node .ci/words.mjs update)`);
  for (const name of catalogs()) {
    const forms = formsOf(read(name));
    const wrong = all.flatMap(({ id, plural }) => (forms.get(id) ?? []).flatMap((form, at) => (form ? faults(at && plural ? plural : id, form).map((fault) => `“${id}” → “${form}”: ${fault}`) : [])));
    say(!wrong.length, `${name}: every translation fits its sentence${wrong.length ? `\n      ${wrong.slice(0, 20).join("\n      ")}` : ""}`);
    const left = all.filter(({ id, plural }) => (forms.get(id) ?? []).filter(Boolean).length < (plural ? 2 : 1));
    say(!left.length || !complete, `${name}: ${all.length - left.length} of ${all.length} sentences are translated${left.length ? `; left: ${left.slice(0, 8).map(({ id }) => `“${id.slice(0, 60)}”`).join(", ")}` : ""}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}

function write(into) {
  mkdirSync(into, { recursive: true });
  const order = (a, b) => Buffer.compare(Buffer.from(a.msgid), Buffer.from(b.msgid));
  for (const name of catalogs()) {
    const catalog = read(name);
    // What is not translated is not in it: it is said in English. Sorted by octets, as src/say.rs searches.
    const kept = Object.values(catalog.translations[""]).filter(({ msgid, msgstr }) => !msgid || msgstr.every(Boolean)).sort(order);
    catalog.translations = { "": Object.fromEntries(kept.map((entry) => [entry.msgid, entry])) };
    writeFileSync(join(into, name.replace(/\.po$/, ".mo")), gettext.mo.compile(catalog));
  }
}

function pseudo(file) {
  const catalog = compiled(sentences(root).sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id))), { ...HEADERS, language: "pseudo" });
  for (const entry of Object.values(catalog.translations[""])) {
    if (entry.msgid) entry.msgstr = entry.msgstr.map((_, at) => (at ? entry.msgid_plural : entry.msgid).replace(/^(\s*)([\s\S]*?)(\s*)$/, "$1⟦$2⟧$3"));
  }
  writeFileSync(file, gettext.mo.compile(catalog));
}

const [command, where] = process.argv.slice(2);
const complete = where === "--complete";
const commands = { update, check, write: () => write(where), pseudo: () => pseudo(where) };
if (!commands[command] || (!where && ["write", "pseudo"].includes(command))) {
  console.error("node .ci/words.mjs update | check [--complete] | write FOLDER | pseudo FILE");
  process.exitCode = 2;
} else commands[command]();
