// Starts the page, and beside it the worker that thinks for it: both load at once. What is typed or sent before the page
// runs is kept for it.
const script = document.querySelector("script[data-js]");
const hold = (event) => {
  event.preventDefault();
  document.documentElement.setAttribute("data-submitted", "");
};
document.addEventListener("submit", hold);
try {
  const early = { worker: new Worker(new URL("engine_loader.js", document.baseURI), { type: "module" }), listens: false };
  early.worker.onmessage = () => { early.listens = true; };
  globalThis.mxrayEngine = early;
  const js = await import(new URL(script.dataset.js, document.baseURI).href);
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
