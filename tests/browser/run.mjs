// node run.mjs screenshots | world|chromium|firefox [part of a journey's name]
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildCli } from "./lib/cli.mjs";
import { Outside } from "./lib/front.mjs";
import { Runner } from "./lib/runner.mjs";
import { World } from "./lib/world.mjs";

const [suite = "chromium", filter] = process.argv.slice(2);
const dist = process.env.MXRAY_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));
const out = fileURLToPath(new URL("./out", import.meta.url));
const runner = new Runner(filter);
mkdirSync(out, { recursive: true });

let world;
let outside;
let browser;
try {
  world = await World.start();
  if (suite === "world") {
    outside = await Outside.start(world);
    const { checks } = await import("./lib/world.test.mjs");
    for (const [name, body] of checks) {
      outside.reset();
      await runner.run(name, () => body({ world, outside }));
    }
  } else {
    if (!existsSync(join(dist, "index.html"))) throw new Error("there is no built site: run `make build` first");
    // One journey compares the page with the command line.
    buildCli();
    outside = await Outside.start(world, dist);
    const { launchChromium, launchFirefox, Visit } = await import("./lib/browser.mjs");
    browser = suite === "firefox" ? await launchFirefox(outside) : await launchChromium(outside);
    const { journeys } = await import({ firefox: "./journeys/firefox.mjs", screenshots: "./journeys/screenshots.mjs" }[suite] ?? "./journeys/index.mjs");
    for (const [name, body] of journeys) {
      outside.reset();
      const visits = [];
      const open = async (options) => {
        const visit = await Visit.open(browser, outside, options);
        visits.push(visit);
        return visit;
      };
      const onFailure = (failed) => visits.at(-1)?.page.screenshot({ path: join(out, `failed-${failed.replace(/\W+/g, "-")}.png`), fullPage: true });
      await runner.run(name, () => body({ open, outside, world, browser, out, dist }), { onFailure });
      for (const visit of visits) await visit.close().catch(() => {});
    }
  }
} catch (error) {
  runner.failed += 1;
  console.log(`FAIL  the ${suite} suite cannot run: ${error.stack ?? error}`);
} finally {
  await browser?.close().catch(() => {});
  await outside?.stop();
  await world?.stop();
}
process.exit(runner.close());
