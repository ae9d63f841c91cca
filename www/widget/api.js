// The JavaScript API: check, assess. Values are those of `docs/widget.md`; each crosses into wasm by serde-wasm-bindgen.
import { ask } from "./engine.js";
import { join } from "./runs.js";

/** Most entries of one list of options: more is a mistake. */
const MOST = 64;
const lists = ["resolvers", "selectors", "anchors"];
const texts = ["bimiSelector", "markRoots", "relay", "at"];

/** Why there is no report; `code` is `domain`, `options`, `evidence`, `resolver`, `report` or `load`. */
export class MxRayError extends Error {
  constructor({ code, message }) {
    super(message);
    this.name = "MxRayError";
    this.code = code;
  }
}

/** Options in one form: empty ones left out, lists as arrays, in a fixed order. */
export function normal(options = {}) {
  const refuse = (message) => {
    throw new MxRayError({ code: "options", message });
  };
  if (typeof options !== "object" || options === null) refuse("Options are an object.");
  for (const name of Object.keys(options)) if (![...lists, ...texts].includes(name)) refuse(`There is no option “${name}”.`);
  const result = {};
  for (const name of lists) {
    const value = options[name] ?? [];
    const list = (Array.isArray(value) ? value : [value]).map((entry) => String(entry).trim()).filter(Boolean);
    if (list.length > MOST) refuse(`“${name}” has more than ${MOST} entries.`);
    if (list.length) result[name] = list;
  }
  for (const name of texts) {
    const value = options[name] instanceof Date ? options[name].toISOString().replace(/\.\d+Z$/, "Z") : String(options[name] ?? "").trim();
    if (value) result[name] = value;
  }
  return result;
}

/** Checks a domain live. Rejected with an `MxRayError`, or with the signal's reason. */
export async function check(domain, options = {}, { signal, onprogress } = {}) {
  signal?.throwIfAborted();
  const { at, ...asked } = normal(options);
  if (at) throw new MxRayError({ code: "options", message: "“at” is for assess(): a live check judges now." });
  return new Promise((resolve, reject) => {
    const leave = join(String(domain), asked, (news) => {
      if (news.kind === "progress") return onprogress?.({ domain, answered: news.answered, asked: news.asked });
      signal?.removeEventListener("abort", abort);
      return news.kind === "report" ? resolve(news.report) : reject(new MxRayError(news));
    }, { fresh: true });
    const abort = () => {
      leave();
      reject(signal.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Judges a domain by evidence alone, an `mxray-evidence/1` object or its text: `{report, wanted}`. Nothing is looked up. */
export async function assess(domain, options, evidence) {
  const order = { kind: "assess", domain: String(domain), options: normal(options ?? {}), evidence };
  return new Promise((resolve, reject) => {
    ask(order, (news) => (news.kind === "assessed" ? resolve({ report: news.report, wanted: news.wanted }) : reject(new MxRayError(news))));
  });
}
