// Other people's pages: one origin that hosts them, and another one that serves the built site as a CDN does.
import { createServer } from "node:http";
import { Loopback } from "./loopback.mjs";
import { siteHandler } from "./site.mjs";

/** Two origins on this computer: `page(body)` gives the address of a page, `cdn` is where the site is. */
export class Hosts extends Loopback {
  static async start(dist, { brotli, cache } = {}) {
    const hosts = new Hosts();
    hosts.pages = new Map();
    hosts.fetched = [];
    /** Files of the site that come late or never: name → a promise to wait for, or null for one that is not there. */
    hosts.hindered = new Map();
    const files = siteHandler(dist, "/cdn/", { brotli, cache });
    hosts.cdn = `${await hosts.serve(async (request, response) => {
      hosts.fetched.push(request.url);
      // Scripts of other sites are read with CORS only.
      response.setHeader("access-control-allow-origin", "*");
      const hindrance = hosts.hindered.get(new URL(request.url, "http://host").pathname.split("/").at(-1));
      if (hindrance === null) return response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      await hindrance;
      return files(request, response);
    })}/cdn/`;
    const own = siteHandler(dist, "/own/", { brotli, cache });
    hosts.origin = await hosts.serve((request, response) => {
      const { pathname } = new URL(request.url, "http://host");
      if (pathname.startsWith("/own/")) {
        hosts.fetched.push(request.url);
        return own(request, response);
      }
      const page = hosts.pages.get(pathname);
      if (!page) return response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      return response.writeHead(200, { "content-type": page.type, ...page.headers }).end(page.body);
    });
    return hosts;
  }

  /** Serves a page; `body` stands in its <body>. */
  page(body, { headers = {}, head = "", language = "en" } = {}) {
    return this.file(`<!DOCTYPE html>\n<html lang="${language}"><head><meta charset="utf-8"><title>Host</title>${head}</head><body>${body}</body></html>`, "text/html; charset=utf-8", headers);
  }

  file(body, type, headers = {}) {
    const path = `/page-${this.pages.size}`;
    this.pages.set(path, { body, type, headers });
    return `${this.origin}${path}`;
  }

  async serve(handler) {
    return `http://127.0.0.1:${await this.listen(createServer(handler))}`;
  }
}
