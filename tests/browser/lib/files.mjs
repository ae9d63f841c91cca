// Files in and out of the page, and how still the page stands meanwhile.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Hands files over as a user would choose them. */
export async function supply(visit, files) {
  const folder = mkdtempSync(join(tmpdir(), "mxray-files-"));
  const paths = Object.entries(files).map(([name, body]) => {
    const path = join(folder, name);
    writeFileSync(path, body);
    return path;
  });
  const before = await visit.page.$$eval("#supplied > li", (items) => items.length);
  const input = await visit.page.$("input#files");
  await input.uploadFile(...paths);
  await visit.page.waitForFunction((wanted) => document.querySelectorAll("#supplied > li").length >= wanted, { timeout: 20_000 }, before + paths.length);
  rmSync(folder, { recursive: true });
}

/** Presses a button that saves a file, and reads the file. */
export async function download(visit, button) {
  const folder = mkdtempSync(join(tmpdir(), "mxray-downloads-"));
  const session = await visit.page.createCDPSession();
  await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder, browserContextId: visit.context.id });
  await visit.page.click(button);
  for (let tries = 0; tries < 200; tries += 1) {
    const names = readdirSync(folder).filter((name) => !name.endsWith(".crdownload"));
    if (names.length) {
      await pause(100);
      const body = readFileSync(join(folder, names[0]), "utf8");
      rmSync(folder, { recursive: true });
      return { name: names[0], body };
    }
    await pause(50);
  }
  throw new Error(`${button} saved nothing`);
}

/** Measures the longest gap between two ticks of the page while `body` runs. */
export async function longestGap(visit, body) {
  await visit.page.evaluate(() => {
    window.gap = 0;
    let last = performance.now();
    window.ticking = setInterval(() => {
      const now = performance.now();
      window.gap = Math.max(window.gap, now - last);
      last = now;
    }, 20);
  });
  await body();
  return visit.page.evaluate(() => {
    clearInterval(window.ticking);
    return window.gap;
  });
}

/** Makes a file inside the page. */
export function make(visit, name, body) {
  return visit.page.evaluate((name, base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    window.made = new File([bytes], name);
  }, name, Buffer.from(body).toString("base64"));
}

/** Puts the file made last into the page's file input. */
export function handOver(visit) {
  return visit.page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.items.add(window.made);
    const input = document.querySelector("#files");
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** Puts a file made inside the page into the page's file input. */
export async function choose(visit, name, body) {
  await make(visit, name, body);
  await handOver(visit);
}
