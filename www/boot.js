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
