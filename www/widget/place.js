// The language of the place where an element stands, and word of it when that changes.

const listeners = new Set();
let observer;

/** The trees that an element stands in: its own, and those around the shadows that it is in. */
function* treesOf(element) {
  for (let root = element.getRootNode(); root; root = root instanceof ShadowRoot ? root.host.getRootNode() : null) yield root;
}

/** The nearest `lang`, out of shadows too. */
export function languageAt(element) {
  let at = element;
  for (const root of treesOf(element)) {
    const found = at.closest("[lang]");
    if (found) return found.getAttribute("lang");
    at = root.host;
  }
  return document.documentElement.lang;
}

/** Calls when any `lang` of these trees changes, until what it returns is called. */
export function onLanguage(element, listener) {
  observer ??= new MutationObserver(() => listeners.forEach((one) => one()));
  for (const root of treesOf(element)) observer.observe(root, { subtree: true, attributeFilter: ["lang"] });
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (!listeners.size) observer.disconnect();
  };
}
