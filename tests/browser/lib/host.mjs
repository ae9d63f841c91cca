// A host with versions of the site, which can be changed, broken and taken away.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { precache } from "../../../.ci/precache.mjs";
import { siteHandler } from "./site.mjs";

const dist = process.env.MXRAY_DIST ?? fileURLToPath(new URL("../../../dist", import.meta.url));
/** Where the copies are served: two lie side by side on one host, as project pages do. */
export const BASE = "/pages/mxray/";

/** One host. */
class Host {
  static async start() {
    const host = new Host();
    host.folder = mkdtempSync(join(tmpdir(), "mxray-host-"));
    host.log = [];
    host.server = createServer((request, response) => host.handle(request, response));
    await new Promise((resolve) => host.server.listen(0, "127.0.0.1", resolve));
    host.port = host.server.address().port;
    host.url = `http://127.0.0.1:${host.port}${BASE}`;
    return host;
  }

  /** Builds a version: every script and style sheet carries its mark, the page shows it. */
  version(mark, spoil = () => {}) {
    const folder = join(this.folder, mark);
    cpSync(dist, folder, { recursive: true });
    for (const name of ["lab_loader.js", "reader_loader.js", "engine_loader.js", "lab.js", "install.js"]) {
      writeFileSync(join(folder, name), `${readFileSync(join(folder, name), "utf8")}\n/* ${mark} */\n`);
    }
    const page = join(folder, "index.html");
    writeFileSync(page, readFileSync(page, "utf8").replace(/<html\b/, `<html data-mark="${mark}"`));
    const built = precache(folder);
    spoil(folder);
    return { folder, ...built };
  }

  serve({ folder }) {
    this.files = siteHandler(folder, BASE);
  }

  handle(request, response) {
    this.log.push(request.url);
    if (!this.files) return response.destroy();
    return this.files(request, response);
  }

  /** Takes the network away. */
  vanish() {
    this.files = undefined;
    this.server.closeAllConnections();
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true });
  }
}

/** A journey with a host of its own. */
export function withHost(name, body) {
  return [name, async (all) => {
    const host = await Host.start();
    try {
      await body({ ...all, host });
    } finally {
      await host.stop();
    }
  }];
}

/** Until the page is kept and answered from what is kept. */
export const kept = (page) => page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated", { timeout: 60_000 });
