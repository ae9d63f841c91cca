// Finds the sentences of the code: what `tr!`, `text!` and `word!` say anywhere, and in the rooms of the core every literal that
// reads like a sentence, since those are looked up when the report is done (src/report/said.rs).
import { readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Rooms whose literals are looked up as they are. */
const SAID_AS_THEY_ARE = ["checks/", "report/", "dnssec/", "intake/", "what_if.rs"];
/** Among them: formats and traces of the command line, which speaks English, and configuration of web servers. */
const NOT_SAID = ["report/csv.rs", "report/text.rs", "report/badge.rs", "report/markdown.rs", "report/changes/text.rs", "report/road/servers.rs", "dnssec/inquiry.rs"];
/** Macros whose literals are no sentences, and calls and fields that take identifiers. */
const OTHER_MACRO = /\b(?:format|write|writeln|assert\w*|debug_assert\w*|panic|unreachable|json|concat|matches)!\(\s*(?:\w+,\s*)?$/;
const IDENTIFIER = /(?:\b(?:id|reference|references|url|strip_prefix|strip_suffix|starts_with|ends_with|contains|split\w*|join|expect)|\bconst \w+: &(?:'static )?str|#\[[\w(, ="]+)\s*[:=(&[]*\s*$/;
const DOC_WHAT = /\bwhat:\s*$/;

const filesBelow = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  const path = join(folder, entry.name);
  return entry.isDirectory() ? filesBelow(path) : path.endsWith(".rs") ? [path] : [];
});

/** String literals outside comments: `{start, end, text}`. */
function literals(source) {
  const found = [];
  for (const match of source.matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|b?r(#*)"[\s\S]*?"\1|b'(?:\\.[^']*|[^\\'])'|'(?:\\.[^']*|[^\\'\n])'|b?"(?:\\[\s\S]|[^"\\])*"/g)) {
    if (match[0].startsWith('"')) found.push({ start: match.index, end: match.index + match[0].length, text: unescaped(match[0].slice(1, -1)) });
  }
  return found;
}

const unescaped = (text) => text.replace(/\\(?:\n\s*|u\{([0-9a-fA-F_]+)\}|x([0-9a-fA-F]{2})|(.))/gs, (_, unicode, hex, one) => {
  if (unicode || hex) return String.fromCodePoint(parseInt(unicode ?? hex, 16));
  return one ? ({ n: "\n", t: "\t", r: "\r", 0: "\0" }[one] ?? one) : "";
});

const words = (text) => text.replace(/\{[^{}]*\}/g, "");

/** Whether a literal of the core is said to somebody. */
function isSentence(text, before, path) {
  if (OTHER_MACRO.test(before) || IDENTIFIER.test(before)) return false;
  if (path.startsWith("checks/") && DOC_WHAT.test(before)) return false;
  const trimmed = text.trim();
  if (!trimmed.includes(" ") || !/[a-z]{2,}/.test(words(trimmed)) || text.includes("\n")) return false;
  if (/^(?:RFC \d|draft-|MCR |VMC draft|BIMI draft|SVG Tiny|https?:|\.)/.test(trimmed) && trimmed.length < 60) return false;
  return !/^v=|^ac com? |IN TXT "/.test(trimmed);
}

/** The sentences of the code below `root`, in order of files: `{id, plural, places}`. */
export function sentences(root) {
  const source = join(root, "src");
  const found = new Map();
  for (const path of filesBelow(source).sort()) {
    const name = relative(source, path).split(sep).join("/");
    if (name.startsWith("bin/") || name === "say.rs" || /(?:^|\/)tests?(?:\.rs$|\/)/.test(name)) continue;
    const text = readFileSync(path, "utf8").replace(/#\[cfg\(test\)\][\s\S]*$/, "");
    const isSaid = SAID_AS_THEY_ARE.some((room) => name.startsWith(room)) && !NOT_SAID.includes(name);
    const all = literals(text);
    for (let at = 0; at < all.length; at += 1) {
      const { start, end, text: id } = all[at];
      const before = text.slice(Math.max(0, start - 160), start);
      const said = /\b(?:tr|text|word)!\(\s*$/.test(before);
      if (!(said ? /[A-Za-z]{2,}/.test(words(id)) : isSaid && isSentence(id, before, name))) continue;
      const isPlural = said && /^\s*\|\s*"/.test(text.slice(end));
      if (isPlural) at += 1;
      const entry = found.get(id) ?? { id, places: [] };
      if (isPlural) entry.plural = all[at].text;
      if (!entry.places.includes(name)) entry.places.push(name);
      found.set(id, entry);
    }
  }
  return [...found.values()];
}
