// Keeps the page's own files, all of one version or none, so that it opens without a network. `.ci/precache.mjs` writes the
// version and the digest of every file before this text. Nothing but these files is ever answered here: no look-up, no policy,
// no logo, nothing of another site.
//
// A tab stays with the version that it was opened with, until it is closed or reloaded: which version that is, is noted for
// each tab and worker, and the files of a version are kept for as long as one of them lives.
const { version: VERSION, files: FILES } = self.precache ?? { version: "", files: {} };
const HERE = new URL("./", self.location).href;
/** Several copies of this page may live on one host: each keeps its own. */
const OWN = `mxray ${HERE} `;
const NOTES = `${OWN}tabs`;
const cacheOf = (version) => `${OWN}version ${version}`;
/** What has to be right for a file to run, and is not on every host. */
const TYPES = { wasm: "application/wasm", js: "text/javascript", css: "text/css", html: "text/html; charset=utf-8" };
const noted = new Map();

/** The name of a file of this site; undefined for everything else. */
function nameOf(address) {
  const url = new URL(address);
  url.hash = url.search = "";
  if (!url.href.startsWith(HERE)) return undefined;
  return url.href.slice(HERE.length) || "index.html";
}

async function digestOf(body) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return btoa(String.fromCharCode(...digest));
}

/** The answer as it is kept: whole, as from its own address, and of the right type. */
function asKept(name, response, body) {
  const headers = new Headers(response.headers);
  for (const header of ["content-encoding", "content-length", "transfer-encoding"]) headers.delete(header);
  const type = TYPES[name.split(".").pop()];
  if (type) headers.set("content-type", type);
  return new Response(body, { headers });
}

/** Keeps every file, or none: one that is missing, or of another version, ends it. */
async function keepAll() {
  const cache = await caches.open(cacheOf(VERSION));
  try {
    await Promise.all(Object.entries(FILES).map(async ([name, digest]) => {
      const response = await fetch(new URL(name, HERE), { cache: "no-cache", credentials: "same-origin" });
      const body = await response.arrayBuffer();
      if (!response.ok || (await digestOf(body)) !== digest) throw new Error(`${name} is not that of version ${VERSION}`);
      await cache.put(new URL(name, HERE), asKept(name, response, body));
    }));
  } catch (error) {
    await caches.delete(cacheOf(VERSION));
    throw error;
  }
}

/** Notes which version a tab or worker runs. */
async function note(id, version) {
  noted.set(id, version);
  const notes = await caches.open(NOTES);
  await notes.put(new URL(`tab/${id}`, HERE), new Response(version));
}

/** Which version a tab or worker runs; undefined where that is not known. */
async function versionOf(id) {
  if (noted.has(id)) return noted.get(id);
  const known = await caches.match(new URL(`tab/${id}`, HERE), { cacheName: NOTES });
  if (known) noted.set(id, await known.text());
  return noted.get(id);
}

/** The version that every open tab runs; undefined where they differ or one is not known. */
async function onlyVersion() {
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const versions = new Set(await Promise.all(tabs.map(({ id }) => versionOf(id))));
  return versions.size === 1 ? [...versions][0] : undefined;
}

/** Notes which versions are older than this one, which has just taken over: only these are ever removed. */
async function noteOlder() {
  if (self.registration.installing) return;
  const notes = await caches.open(NOTES);
  const older = (await caches.keys()).filter((name) => name.startsWith(cacheOf("")) && name !== cacheOf(VERSION));
  await notes.put(new URL("older", HERE), new Response(JSON.stringify(older)));
}

/** Forgets tabs that are gone, and every older version that no tab runs. */
async function tidy() {
  const living = new Set((await self.clients.matchAll({ type: "all", includeUncontrolled: true })).map(({ id }) => id));
  const notes = await caches.open(NOTES);
  const older = await (await notes.match(new URL("older", HERE)))?.json() ?? [];
  const used = new Set([cacheOf(VERSION)]);
  for (const request of await notes.keys()) {
    const [, id] = request.url.slice(HERE.length).match(/^tab\/(.*)$/) ?? [];
    if (!id) continue;
    if (living.has(id)) {
      used.add(cacheOf(await versionOf(id)));
    } else if (noted.get(id) !== VERSION) {
      await notes.delete(request);
      noted.delete(id);
    }
  }
  for (const name of older) if (!used.has(name)) await caches.delete(name);
}

async function openPage(event, name) {
  const kept = await caches.match(new URL(name, HERE), { cacheName: cacheOf(VERSION) });
  if (!kept) return fetch(event.request);
  if (event.resultingClientId) await note(event.resultingClientId, VERSION);
  return kept;
}

async function ownFile(event, name) {
  const version = (await versionOf(event.clientId)) ?? (await onlyVersion());
  if (version === undefined) return fetch(event.request);
  if (event.resultingClientId) await note(event.resultingClientId, version);
  const kept = await caches.match(new URL(name, HERE), { cacheName: cacheOf(version) });
  return kept ?? fetch(event.request);
}

self.addEventListener("install", (event) => {
  if (VERSION) event.waitUntil(keepAll());
});

self.addEventListener("activate", (event) => event.waitUntil(noteOlder().then(tidy)));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const name = VERSION && request.method === "GET" ? nameOf(request.url) : undefined;
  if (name === undefined) return;
  if (request.mode === "navigate") {
    if (!(name in FILES)) return;
    event.respondWith(openPage(event, name));
    event.waitUntil(tidy());
  } else if (name in FILES || /\.(js|wasm|css)$/.test(name)) {
    event.respondWith(ownFile(event, name));
  }
});

self.addEventListener("message", (event) => {
  const { type, build } = event.data ?? {};
  if (type === "take-over") self.skipWaiting();
  // A tab that was opened before this worker: it is taken in where it runs the same version.
  if (type === "claim" && build === VERSION && event.source) {
    event.waitUntil(note(event.source.id, VERSION).then(() => self.clients.claim()));
  }
});
