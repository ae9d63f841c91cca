// Finds the sentences of the code: what `tr!`, `text!`, `word!` and `parts!` say anywhere; in the rooms of the core every literal
// that reads like a sentence, since those are looked up when the report is done (src/report/said.rs) or shown (src/ui/prose.rs);
// the tables of words in the page (src/ui), whose words are looked up where they are shown; and the texts of index.html.
import { readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Rooms whose literals are looked up as they are. */
const SAID_AS_THEY_ARE = ["checks/", "report/", "dnssec/", "intake/", "lists/", "name.rs", "pki/mark/", "records/tlsa.rs", "reports/", "source/resolvers.rs", "source/session.rs", "spf_eval/", "svg/", "share.rs", "web/", "what_if.rs"];
/** Among them: formats and traces of the command line, which speaks English. */
const NOT_SAID = ["report/csv.rs", "report/text.rs", "report/badge.rs", "report/markdown.rs", "report/changes/text.rs", "dnssec/inquiry.rs", "reports/export.rs", "pki/mark/issuers.rs", "pki/mark/outline.rs", "pki/mark/transparency.rs"];
/** Macros whose literals are no sentences, and calls and fields that take identifiers. */
const OTHER_MACRO = /\b(?:format|write|writeln|assert\w*|debug_assert\w*|panic|unreachable|json|concat|matches)!\(\s*(?:\w+,\s*)?$/;
const IDENTIFIER = /(?:\b(?:id|reference|references|url|strip_prefix|strip_suffix|starts_with|ends_with|contains|split\w*|join|expect)|\bconst \w+: &(?:'static )?str|#\[[\w(, ="]+)\s*[:=(&[]*\s*$/;
/** In the page: attributes, fields and calls that take identifiers, and records and names to begin with. */
const IDENTIFIER_OF_PAGE = /(?:\b(?:class|rel|type|role|href|rows|autocapitalize|spellcheck|aria-live|aria-describedby|data-(?!label)[\w-]+|dir|viewBox)=|\b(?:class|classes!\()|\b(?:id|class): |\.(?:closest|query_selector|strip_prefix|pointer|get|get_attribute|set_attribute|has_attribute|remove_attribute|create_element)\(|\b(?:Publish::record|Listener::new|hosted!|files::save|files::jump)\([^"})]*|[!=]= )$/;
/** Words of the page's tables that stand alone and in small letters, as identifiers do. */
const SMALL_WORDS = new Set(["added", "addresses", "answered", "certificate", "changed", "counting", "dark", "done", "from", "later", "light", "logo", "look-ups", "met", "missing", "more", "no", "none", "now", "perhaps", "reason", "removed", "round", "rounded", "to", "void"]);
/** What the page shows as it is: names of forms, records, drawings and products. */
const NOT_OF_PAGE = /^(?:v=|https?:|\. IN|M\{|<|\{)|^[a-z]+(?:-[a-z]+)*$|^[A-Z]{2,}[A-Z-]*$|^(?:BIMI draft|VMC draft|SVG Tiny PS|RFC |HELO|example\.com)|^\S*[/_#]|\bp=MII|\n|^10 mx1|^mail2026|^[\d.]+(?: [\d.]+)*(?: [0-9a-f]{9,})?$/;
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
  // A constant that ends as sentences do is one; the others name things.
  const isConstant = /\bconst \w+: &(?:'static )?str\s*=\s*$/.test(before) && /\w \w.*\.$/s.test(text);
  if (OTHER_MACRO.test(before) || (IDENTIFIER.test(before) && !isConstant)) return false;
  if (path.startsWith("checks/") && DOC_WHAT.test(before)) return false;
  const trimmed = text.trim();
  // Levels, and no more, are one word.
  if (path === "report/matrix.rs" && /=> $/.test(before) && /^[A-Z][a-z]+$/.test(text)) return true;
  if (!trimmed.includes(" ") || !/[a-z]{2,}|^No [A-Z]/.test(words(trimmed)) || text.includes("\n") || (/xmlns=|baseProfile="|XML_/.test(text) && !text.includes("`"))) return false;
  if (/^(?:RFC \d|draft-|MCR |VMC draft|BIMI draft|SVG Tiny|https?:|\.)/.test(trimmed) && trimmed.length < 60) return false;
  return !/^v=|^ac com? |IN TXT "/.test(trimmed);
}

/** Whether a literal of the page stands in a table of its words. */
function isWordOfPage(text, before, after) {
  // Between tags, or in an attribute that is read; what stands in `code` is none.
  if (/\{\s*$/.test(before) && /^\s*\}/.test(after) && !/<code[^>]*>\{\s*$|=\s*\{\s*$/.test(before) && /\p{L}{3}/u.test(text) && !/^[a-z-]+$/.test(text)) return true;
  if (/\s(?:aria-label|data-label|placeholder|title)=$/.test(before)) return /\p{L}{3}/u.test(text) && !NOT_OF_PAGE.test(text);
  if (OTHER_MACRO.test(before) || IDENTIFIER_OF_PAGE.test(before) || /#\[[^\]]*$/.test(before)) return false;
  const trimmed = text.trim();
  if (SMALL_WORDS.has(trimmed)) return /(?:=>|[(,[{])\s*$/.test(before);
  return /\p{L}{2}/u.test(words(trimmed)) && (!NOT_OF_PAGE.test(trimmed) || /^`|, /.test(trimmed)) && (trimmed.includes(" ") || /^\p{Lu}\p{Ll}+…?$/u.test(trimmed));
}

/** The texts of the page's document, piece by piece as its elements divide them, and what is spoken there. */
function* textsOfDocument(source) {
  const title = /<title>([^<]*)<\/title>/.exec(source)?.[1];
  if (title) yield title;
  const body = source.replace(/[\s\S]*<body>/, "").replace(/<!--[\s\S]*?-->|<svg[\s\S]*?<\/svg>|<code>[^<]*<\/code>|<option[\s\S]*?<\/option>/g, "<>");
  for (const [, spoken, text] of body.matchAll(/aria-label="([^"]*)"|>([^<]+)(?=<)/g)) {
    const one = (spoken ?? text).replace(/\s+/g, " ").trim();
    if (/\p{L}{2}/u.test(one) && !/^(?:mxray|SPF|DKIM|DMARC|MTA-STS|TLS-RPT|BIMI|DANE|DNSSEC)$/.test(one)) yield one;
  }
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
      const said = /\b(?:tr|text|word|parts)!\(\s*$/.test(before);
      const isRead = isSaid ? isSentence(id, before, name) : name.startsWith("ui/") && isWordOfPage(id, before, text.slice(end, end + 20));
      // Forms of a plural stand beside each other in a table, too.
      const isPlural = said ? /^\s*\|\s*"/.test(text.slice(end)) : name.startsWith("ui/") && id.startsWith("{n} ");
      if (!(isPlural || (said ? /[A-Za-z]{2,}/.test(words(id)) || name === "say/written.rs" : isRead))) continue;
      if (isPlural) at += 1;
      const entry = found.get(id) ?? { id, places: [] };
      if (isPlural) entry.plural = all[at].text;
      if (!entry.places.includes(name)) entry.places.push(name);
      found.set(id, entry);
    }
  }
  for (const id of textsOfDocument(readFileSync(join(root, "index.html"), "utf8"))) {
    const entry = found.get(id) ?? { id, places: [] };
    if (!entry.places.includes("index.html")) entry.places.push("index.html");
    found.set(id, entry);
  }
  return [...found.values()];
}
