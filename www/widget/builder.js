// The builder: what is wished for becomes a tag, a frame and the sources of a policy, and is shown as it will be.

const site = new URL("./", document.baseURI);
const form = document.getElementById("wishes");
const shown = document.getElementById("shown");
const said = document.getElementById("said");
const resolvers = ["https://cloudflare-dns.com", "https://dns.google"];
/** Height of a frame before it has said its own. */
const heights = { badge: 44, summary: 420, full: 900 };

/** What stands where nothing else does, without a domain and with one, in the language that is chosen. */
const titles = { en: ["Mail security", "Mail security of"], de: ["Sicherheit der E-Mail", "E-Mail-Sicherheit von"], es: ["Seguridad del correo", "Seguridad del correo de"] };
const titleOf = ({ lang, domain }) => {
  const [alone, of] = titles[lang] ?? titles.en;
  return domain ? `${of} ${domain}` : alone;
};

const escape = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
const write = (id, text) => (document.getElementById(id).textContent = text);
const originOf = (text) => {
  try {
    return new URL(text).origin;
  } catch {
    return null;
  }
};

/** The attributes that differ from what they are anyway. */
function attributes() {
  const data = new FormData(form);
  const text = (name) => String(data.get(name) ?? "").trim();
  const all = { domain: text("domain"), view: text("view"), theme: text("theme") === "auto" ? "" : text("theme"), resolver: text("resolver"), href: text("href"), lang: text("lang") };
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value));
  if (data.get("editable")) kept.editable = "";
  return { kept, fallback: text("fallback") || (all.domain ? titleOf(all) : "") };
}

/** Writes everything there is to copy. */
function describe() {
  const { kept, fallback } = attributes();
  const words = Object.entries(kept).map(([name, value]) => (value === "" ? ` ${name}` : ` ${name}="${escape(value)}"`)).join("");
  const inside = kept.href ? `<a href="${escape(kept.href)}">${escape(fallback)}</a>` : escape(fallback);
  write("tag", `<script type="module" src="${escape(new URL("mx-ray.js", site).href)}"></script>\n<mx-ray${words}>${inside}</mx-ray>`);
  write("frame", frame(kept));
  write("policy", policy(kept));
  write("origin", site.origin);
}

function frame(kept) {
  const address = new URL("embed.html", site);
  address.hash = new URLSearchParams(Object.entries(kept)).toString();
  return `<iframe src="${escape(address.href)}" title="${escape(titleOf(kept))}" width="100%" height="${heights[kept.view]}" allow="clipboard-write" loading="lazy"></iframe>`;
}

function policy(kept) {
  const asked = kept.resolver ? [originOf(kept.resolver)].filter(Boolean) : resolvers;
  const files = kept.editable === "" || !kept.domain ? ["https:"] : [`https://mta-sts.${kept.domain}`];
  return [`script-src ${site.origin} 'wasm-unsafe-eval';`, `connect-src ${[site.origin, ...asked, ...files].join(" ")};`, "worker-src blob:;"].join("\n");
}

/** Shows it as it will be; what is typed is checked when it is finished. */
function show() {
  const { kept } = attributes();
  for (const name of ["domain", "view", "theme", "resolver", "href", "lang", "editable"]) {
    if (kept[name] === undefined) shown.removeAttribute(name);
    else if (shown.getAttribute(name) !== kept[name]) shown.setAttribute(name, kept[name]);
  }
  document.getElementById("stage").dataset.theme = kept.theme ?? "auto";
}

form.addEventListener("input", (event) => {
  describe();
  if (event.target.type !== "text") show();
});
form.addEventListener("change", show);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
document.getElementById("own").addEventListener("click", () => {
  const { kept } = attributes();
  form.elements.href.value = new URL(`./#d=${encodeURIComponent(kept.domain ?? "")}`, site).href;
  describe();
  show();
});
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(text);
      said.textContent = "Copying was refused; the text is selected instead.";
    }
  });
}
describe();
show();
