// Starts the page, and beside it the worker that thinks for it: both load at once, and with them the words of the user's language,
// where that is not English. What is typed or sent before the page runs is kept for it.
const script = document.querySelector("script[data-js]");
const hold = (event) => {
  event.preventDefault();
  document.documentElement.setAttribute("data-submitted", "");
};
document.addEventListener("submit", hold);

// The language: that of the address, else the one that was chosen before, else the first of the browser's that there is.
const choice = document.getElementById("language");
const known = [...choice.options].map(({ value }) => value);
const ofTag = (tag) => known.find((language) => language === `${tag}`.toLowerCase().split("-")[0]);
const KEPT_AS = "mxray-language";
const kept = () => {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null; // This browser keeps nothing.
  }
};
const ofAddress = new URLSearchParams(location.search).get("lang");
choice.value = [ofAddress, kept(), ...(navigator.languages ?? [])].map(ofTag).find(Boolean) ?? "en";
choice.parentElement.hidden = false;
/** The sentences of a catalog, `.mo`; throws where it is none. */
const sentencesOf = (octets) => {
  const view = new DataView(octets.buffer);
  const word = (at) => view.getUint32(at, true);
  if (word(0) !== 0x950412de) throw new Error("no catalog");
  const text = (table, at) => new TextDecoder().decode(new Uint8Array(octets.buffer, word(table + 8 * at + 4), word(table + 8 * at)));
  const [count, originals, translations] = [8, 12, 16].map(word);
  return new Map(Array.from({ length: count }, (_, at) => [text(originals, at), text(translations, at)]));
};
/** The texts of the document, and what is spoken there, in English: what the page draws itself is drawn over them. */
const texts = [];
const gather = () => {
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    /^(code|noscript|script|select|style|svg)$/i.test(node.nodeName) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) node.data.trim() && texts.push([node, node.data]);
    else if (node.ariaLabel) texts.push([node, node.ariaLabel]);
  }
};
/** Fetches the words of the language, puts the document into it, and leaves the catalog where the page takes it from. */
const fetchWords = async () => {
  const language = choice.value;
  let octets = null;
  let sentences = new Map();
  if (language !== "en") {
    try {
      const answer = await fetch(new URL(`words/${language}.mo`, document.baseURI), { cache: "no-cache" });
      if (answer.ok) {
        const body = new Uint8Array(await answer.arrayBuffer());
        sentences = sentencesOf(body);
        octets = body;
      }
    } catch {
      // The page says that it has none.
    }
  }
  // Whoever chooses quickly gets what was chosen last.
  if (language !== choice.value) return;
  globalThis.mxrayWords = { octets };
  document.getElementById("language-trouble").hidden = language === "en" || octets !== null;
  if (octets === null && !texts.length) return; // As the document stands.
  if (!texts.length) gather();
  document.documentElement.lang = octets ? language : "en";
  for (const [node, english] of texts) {
    const said = english.trim();
    const text = english.replace(said, () => sentences.get(said) || said);
    if (node.nodeType === Node.TEXT_NODE) node.data = text;
    else node.ariaLabel = text;
  }
};
const words = fetchWords();
choice.addEventListener("change", async () => {
  try {
    localStorage.setItem(KEPT_AS, choice.value);
  } catch {
    // Then the choice holds for this visit.
  }
  if (ofAddress !== null) {
    const address = new URL(location.href);
    address.searchParams.set("lang", choice.value);
    history.replaceState(history.state, "", address);
  }
  await fetchWords();
  document.dispatchEvent(new Event("mxray-words"));
});

try {
  const early = { worker: new Worker(new URL("engine_loader.js", document.baseURI), { type: "module" }), listens: false };
  early.worker.onmessage = () => { early.listens = true; };
  globalThis.mxrayEngine = early;
  const js = await import(new URL(script.dataset.js, document.baseURI).href);
  await words;
  await js.default({ module_or_path: new URL(script.dataset.wasm, document.baseURI) });
  document.documentElement.setAttribute("data-started", "");
} catch (error) {
  console.error(error);
  document.getElementById("crash").hidden = false;
}
document.removeEventListener("submit", hold);
// The page is kept for times without a network when there is nothing else to do, and where data is not to be spared.
const whenIdle = globalThis.requestIdleCallback ?? ((then) => setTimeout(then, 500));
const keep = () => whenIdle(() => {
  if (document.querySelector("main[data-state=running]")) setTimeout(keep, 1000);
  else import("./install.js");
});
if (script.dataset.build && "serviceWorker" in navigator && !navigator.connection?.saveData) {
  if (document.readyState === "complete") keep();
  else addEventListener("load", keep);
}
