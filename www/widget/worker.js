// The engine: wasm behind messages. A worker serves its page; without one, the page serves itself through a channel.
import init, { Check, assess } from "mxray-wasm";

/** Serves `port` with the wasm in `response`; resolved when it listens. */
export async function serve(port, response) {
  await init({ module_or_path: response });
  const checks = new Map();
  port.onmessage = ({ data: { number, kind, domain, options, evidence } }) => {
    const tell = (news) => {
      port.postMessage({ number, news });
      if (news.kind === "progress") return;
      // A check cannot be freed while it tells its news.
      const check = checks.get(number);
      checks.delete(number);
      queueMicrotask(() => check?.free());
    };
    try {
      if (kind === "check") checks.set(number, new Check(domain, options, tell));
      else if (kind === "assess") tell({ kind: "assessed", ...assess(domain, options, evidence) });
      else {
        checks.get(number)?.stop();
        checks.delete(number);
      }
    } catch (fault) {
      if (!fault?.code) throw fault;
      tell({ kind: "fault", code: fault.code, message: fault.message });
    }
  };
  port.postMessage({ kind: "listens" });
}

if (typeof DedicatedWorkerGlobalScope === "function" && self instanceof DedicatedWorkerGlobalScope && self.name === "mx-ray") {
  self.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
    postMessage({ kind: "refused", directive: effectiveDirective, uri: blockedURI }));
  // Started by its own address, it is told behind the # where the wasm is; a blob calls `serve` itself.
  if (location.hash) {
    serve(self, fetch(decodeURIComponent(location.hash.slice(1)))).catch((error) => postMessage({ kind: "broken", message: String(error.message) }));
  }
}
