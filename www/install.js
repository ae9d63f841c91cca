// Has the browser keep this version of the page for times without a network, and says when a new version is ready. Loaded by
// boot.js when there is nothing else to do.
/** How often a tab that stays open asks for a new version, in milliseconds. */
const ASK_EVERY = 60 * 60 * 1000;
const { build } = document.querySelector("script[data-build]").dataset;
const workers = navigator.serviceWorker;
const prompt = document.getElementById("update");
let asked = false;

/** Says that a new version waits; it takes over when the user says so, and then this tab is loaded anew. */
function offer(worker) {
  prompt.hidden = false;
  prompt.querySelector("button").onclick = () => {
    asked = true;
    if (worker.state === "installed") worker.postMessage({ type: "take-over" });
    else location.reload();
  };
}

/** Offers a version that is on its way, as soon as it is there whole. */
function follow(arriving) {
  const look = () => arriving.state === "installed" && workers.controller && offer(arriving);
  arriving.addEventListener("statechange", look);
  look();
}

try {
  const registration = await workers.register("sw.js", { updateViaCache: "none" });
  workers.addEventListener("controllerchange", () => asked && location.reload());
  if (!workers.controller) {
    const { active } = await workers.ready;
    active.postMessage({ type: "claim", build });
  }
  registration.addEventListener("updatefound", () => follow(registration.installing));
  // The browser may have found it while the page was loading.
  const found = registration.installing ?? registration.waiting;
  if (found) follow(found);
  let last = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - last < ASK_EVERY) return;
    last = Date.now();
    registration.update().catch(() => {});
  });
} catch {
  // A browser that keeps nothing (private windows, old ones) still has the page while there is a network.
}
