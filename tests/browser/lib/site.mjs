// A static file server, as dull as any static host: used by `make serve` and by the journeys.
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const compress = promisify(brotliCompress);

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
/** Larger files are of a build for trying out, which need not be small: nobody waits half a minute for them. */
const LARGE = 2 << 20;
const compressed = new Set([".css", ".html", ".js", ".json", ".svg", ".wasm", ".webmanifest"]);

/**
 * A request handler that serves the files below `root` under the path `base` (which ends with a slash).
 * `brotli`: compress as static hosts do, once per file.
 */
export function siteHandler(root, base, { brotli = false } = {}) {
  const compressedOnce = new Map();
  return async (request, response) => {
    try {
      await serve(root, base, brotli && compressedOnce, request, response);
    } catch (error) {
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
      response.end(String(error.message));
    }
  };
}

async function serve(root, base, store, request, response) {
  const refuse = (status, text) => response.writeHead(status, { "content-type": "text/plain" }).end(text);
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "GET only\n");
  let path;
  try {
    path = decodeURIComponent(new URL(request.url, "http://host").pathname);
  } catch {
    return refuse(400, "bad path\n");
  }
  if (!path.startsWith(base) || path.includes("\0")) return refuse(404, "not found\n");
  const file = join(root, normalize(path.slice(base.length) || "index.html"));
  if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) return refuse(404, "not found\n");
  const known = await stat(file).catch(() => undefined);
  if (known?.isDirectory()) return refuse(404, "not found\n");
  if (!known) return refuse(404, "not found\n");
  const extension = extname(file);
  const headers = {
    "content-type": types[extension] ?? "application/octet-stream",
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
  };
  const shrink = store && compressed.has(extension) && /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
  if (shrink) {
    const version = `${file} ${known.mtimeMs}`;
    if (!store.has(version)) store.set(version, readFile(file).then((body) => compress(body, body.length > LARGE ? { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } } : {})));
    const body = await store.get(version);
    response.writeHead(200, { ...headers, "content-encoding": "br", "content-length": body.length });
    return response.end(request.method === "HEAD" ? undefined : body);
  }
  response.writeHead(200, { ...headers, "content-length": known.size });
  if (request.method === "HEAD") return response.end();
  return createReadStream(file).on("error", () => response.destroy()).pipe(response);
}
