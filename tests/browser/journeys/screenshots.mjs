// `node tests/browser/run.mjs screenshots`: the picture in the README, every state, and every width in light and dark.
import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { looks } from "./looks.mjs";
import { states } from "./states.mjs";

const folder = fileURLToPath(new URL("../../../docs/img/", import.meta.url));

export const journeys = [
  ["the picture in the README", async ({ open }) => {
    const visit = await open({ viewport: { width: 1280, height: 1500 } });
    await visit.check("faults.test");
    await visit.page.evaluate(() => {
      document.activeElement.blur();
      scrollTo(0, 0);
      return Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))).then(() => undefined);
    });
    mkdirSync(folder, { recursive: true });
    const path = `${folder}report.png`;
    await visit.page.screenshot({ path });
    const { size } = statSync(path);
    assert.ok(size <= 300 * 1024, `${size} bytes`);
  }],
  ...states,
  ...looks.filter(([name]) => name.startsWith("screenshots")),
];
