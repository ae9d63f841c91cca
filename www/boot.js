// Starts the page. What is typed or sent before it runs is kept for it.
const script = document.querySelector("script[data-js]");
const hold = (event) => {
  event.preventDefault();
  document.documentElement.setAttribute("data-submitted", "");
};
document.addEventListener("submit", hold);
try {
  const js = await import(new URL(script.dataset.js, document.baseURI).href);
  await js.default({ module_or_path: new URL(script.dataset.wasm, document.baseURI) });
  document.documentElement.setAttribute("data-started", "");
} catch (error) {
  console.error(error);
  document.getElementById("crash").hidden = false;
}
document.removeEventListener("submit", hold);
