// The one engine of a page: wasm in a worker; on the page's own thread where its policy lets no worker start.

/** How long a worker may take to start: half a megabyte over a very slow line. */
const STARTS_WITHIN = 60_000;
/** How long a refusal by the page's policy may take to be told: the failure that it causes can come first. */
const REFUSED_WITHIN = 50;
/** How long an engine at work may be silent: no look-up takes a quarter of that. */
const SILENT_FOR = 60_000;

const files = {
  worker: new URL("mx-ray-worker.js" + VERSION, import.meta.url).href,
  wasm: new URL("mx-ray.wasm" + VERSION, import.meta.url).href,
};
let workers = true;
/** What is under way: number → {order, listener, heard}. */
const jobs = new Map();
let count = 0;
/** Sends to the engine; undefined until it listens. */
let send;
let opening = false;
/** Ends a worker; undefined where there is none. */
let terminate;
/** What the page's policy has refused last, as half a sentence. */
let refused;
let watch;

/** Where the engine's files are, and whether a worker may be started; for pages that bundle or forbid them. */
export function configure({ worker, workerUrl, wasmUrl } = {}) {
  if (worker !== undefined) workers = Boolean(worker);
  if (workerUrl) files.worker = new URL(workerUrl, document.baseURI).href;
  if (wasmUrl) files.wasm = new URL(wasmUrl, document.baseURI).href;
}

/** Gives the engine an order. `listener` hears of it, last and once with anything but progress; the result stops it. */
export function ask(order, listener) {
  count += 1;
  const number = count;
  jobs.set(number, { order, listener, heard: Date.now() });
  if (send) send({ number, ...order });
  else open();
  watch ??= setInterval(lookAround, SILENT_FOR / 4);
  return () => {
    if (jobs.delete(number)) send?.({ number, kind: "stop" });
  };
}

async function open() {
  if (opening) return;
  opening = true;
  refused = undefined;
  document.addEventListener("securitypolicyviolation", noteRefusal);
  let failure;
  for (const start of [...(workers ? [inWorker] : []), onThisThread]) {
    try {
      const sender = await start();
      opening = false;
      send = sender;
      for (const [number, job] of jobs) {
        job.heard = Date.now();
        send({ number, ...job.order });
      }
      return;
    } catch (error) {
      failure = error;
    }
  }
  await new Promise((resolve) => setTimeout(resolve, REFUSED_WITHIN));
  opening = false;
  endAll(`The checker could not be loaded: ${failure?.message ?? failure}.`.replace(/\.\.$/, "."));
}

/** A worker's script comes from the page's own site, or by way of a blob that loads it and the wasm side by side. */
function workerSource() {
  if (new URL(files.worker).origin === location.origin) return { url: `${files.worker}#${encodeURIComponent(files.wasm)}` };
  const code = `const wasm = fetch(${JSON.stringify(files.wasm)});
import(${JSON.stringify(files.worker)}).then(({ serve }) => serve(self, wasm)).catch((error) => postMessage({ kind: "broken", message: String(error.message) }));`;
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  return { url, done: () => URL.revokeObjectURL(url) };
}

function inWorker() {
  const { url, done } = workerSource();
  return new Promise((resolve, reject) => {
    const worker = new Worker(trusted(url), { type: "module", name: "mx-ray" });
    const fail = (message) => {
      clearTimeout(timer);
      worker.terminate();
      if (terminate) broke();
      reject(new Error(message));
    };
    const timer = setTimeout(fail, STARTS_WITHIN, "its worker did not start in time");
    worker.onerror = (event) => {
      event.preventDefault();
      fail(event.message || "its worker did not start");
    };
    worker.onmessage = ({ data }) => {
      if (data.kind === "listens") {
        clearTimeout(timer);
        terminate = () => worker.terminate();
        resolve((order) => worker.postMessage(order));
      } else if (data.kind === "broken") fail(data.message);
      else hear(data);
    };
  }).finally(done);
}

async function onThisThread() {
  const { serve } = await import(/* webpackIgnore: true */ /* @vite-ignore */ files.worker);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => hear(data);
  await serve(port2, fetch(files.wasm));
  return (order) => port1.postMessage(order);
}

/** A script's address as pages with Trusted Types want it, where their policy grants us a name. */
function trusted(url) {
  try {
    return trustedTypes.createPolicy("mx-ray", { createScriptURL: (text) => text }).createScriptURL(url);
  } catch {
    return url;
  }
}

function hear({ kind, number, news, directive, uri }) {
  if (kind === "refused") return noteRefusal({ effectiveDirective: directive, blockedURI: uri });
  const job = jobs.get(number);
  if (!job) return undefined;
  job.heard = Date.now();
  if (news.kind !== "progress") jobs.delete(number);
  if (news.kind === "fault" && news.code === "resolver" && refused) news.message += ` ${refused}`;
  return job.listener(news);
}

function noteRefusal({ effectiveDirective, blockedURI }) {
  if (!/^(script|connect|worker)-src/.test(effectiveDirective)) return;
  refused = `The Content-Security-Policy of this page refuses it (${effectiveDirective.replace(/-elem$/, "")}: ${blockedURI}).`;
}

/** An engine that broke, or that is caught in something, is ended; the next order starts another one. */
function broke() {
  terminate?.();
  terminate = undefined;
  send = undefined;
  endAll("The checker met a fault of its own and was stopped.");
}

function lookAround() {
  if (!jobs.size) {
    clearInterval(watch);
    watch = undefined;
  } else if (send && [...jobs.values()].some(({ heard }) => Date.now() - heard > SILENT_FOR)) broke();
}

function endAll(message) {
  const words = refused ? `${message} ${refused}` : message;
  const all = [...jobs.values()];
  jobs.clear();
  for (const { listener } of all) listener({ kind: "fault", code: "load", message: words });
}
