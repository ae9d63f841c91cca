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
/** Leaves the catalog of the language where the page takes it from; none where it cannot be had. */
const fetchWords = async () => {
  const language = choice.value;
  let octets = null;
  if (language !== "en") {
    try {
      const answer = await fetch(new URL(`words/${language}.mo`, document.baseURI), { cache: "no-cache" });
      if (answer.ok) octets = new Uint8Array(await answer.arrayBuffer());
    } catch {
      // The page says that it has none.
    }
  }
  // Whoever chooses quickly gets what was chosen last.
  if (language === choice.value) globalThis.mxrayWords = { language, octets };
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
