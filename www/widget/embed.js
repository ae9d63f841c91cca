// The page for frames: one <mx-ray> by the address, told on to the page around it. The domain stands behind the #, which
// browsers send to nobody; `?` is understood too.

/** Longer addresses are not read. */
const LONGEST = 8 * 1024;
const known = ["domain", "view", "resolver", "selectors", "bimi-selector", "anchors", "theme", "lang", "dir", "href", "editable"];

const element = document.createElement("mx-ray");
element.addEventListener("mxray:progress", (event) => tell("mxray:progress", event.detail));
element.addEventListener("mxray:report", (event) => tell("mxray:report", event.detail));
element.addEventListener("mxray:error", (event) => tell("mxray:error", event.detail));
read();
document.body.append(element);
addEventListener("hashchange", read);
new ResizeObserver(() => tell("mxray:size", { height: Math.ceil(document.documentElement.getBoundingClientRect().height) })).observe(document.documentElement);

/** Gives the element what the address says, and takes away what it does not say any more. */
function read() {
  const words = new URLSearchParams([location.search.slice(1), location.hash.slice(1)].join("&").slice(0, LONGEST));
  for (const name of known) {
    const values = words.getAll(name);
    if (values.length) element.setAttribute(name, values.join("\n"));
    else element.removeAttribute(name);
  }
  if (!isFriend(element.href)) element.removeAttribute("href");
  const { theme } = element;
  document.documentElement.style.colorScheme = ["light", "dark"].includes(theme) ? theme : "";
}

/** Addresses come from anywhere: links lead to this site or to the page around it, and nowhere else. */
function isFriend(address) {
  const friends = [location.href, document.referrer].filter(Boolean).map((url) => new URL(url).origin);
  return URL.canParse(address) && friends.includes(new URL(address).origin);
}

/** Nothing is said that the page around could not find out itself by the same look-ups. */
function tell(type, detail) {
  if (parent !== window) parent.postMessage({ type, detail }, "*");
}
