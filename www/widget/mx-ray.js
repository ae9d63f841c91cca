// mxray for other people's pages: the element <mx-ray>, and the API behind it. `docs/widget.md` tells how to use both.
import { MxRayElement } from "./element.js";

export { assess, check, MxRayError } from "./api.js";
export { configure } from "./engine.js";
export { MxRayElement };

/** Puts an element into `root`; options are its attributes and properties. `{element, update(options), unmount()}`. */
export function mount(root, options = {}) {
  const element = document.createElement("mx-ray");
  const update = (changed) => {
    for (const [name, value] of Object.entries(changed)) {
      if (name.startsWith("on") && typeof value === "function") element.addEventListener(`mxray:${name.slice(2)}`, (event) => value(event.detail));
      else element[name] = value;
    }
  };
  update(options);
  root.append(element);
  return { element, update, unmount: () => element.remove() };
}

if (globalThis.customElements && !customElements.get("mx-ray")) customElements.define("mx-ray", MxRayElement);
