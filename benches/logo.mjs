// Logos in the browser: from the drop to the verdict, how soon a lab that was stopped is there again, and how many files it
// judges in a second.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Visit } from "../tests/browser/lib/browser.mjs";
import { good } from "../tests/browser/lib/drawings.mjs";

const RUNS = 15;
/** Files of the corpus that are judged; the first ones by name. */
const FILES = 1000;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const ms = (number) => `${number.toFixed(number < 10 ? 1 : 0)} ms`;

/** The drawings of the corpus, or our own where there is none. */
function drawings(root) {
  const corpora = resolve(root, process.env.MXRAY_CORPORA ?? "../shared/corpora");
  const list = join(corpora, "svg/schema-verdicts.jsonl");
  if (!existsSync(list)) return { words: "one file of our own (no corpus)", files: [good] };
  const texts = readFileSync(list, "utf8").trim().split("\n").slice(0, FILES).map((line) => JSON.parse(line)).flatMap(({ file, svg }) => {
    if (svg) return [svg];
    const path = join(corpora, "svg", file ?? "");
    return file && existsSync(path) ? [readFileSync(path, "utf8")] : [];
  });
  return { words: `${texts.length} files of the corpus`, files: texts.length ? texts : [good] };
}

/** Runs inside the page: one drop of a file, until its verdict stands there. */
function dropToVerdict(text, name) {
  const file = new File([text], name);
  const transfer = new DataTransfer();
  transfer.items.add(file);
  return new Promise((resolve) => {
    const started = performance.now();
    let verdict;
    const observer = new MutationObserver(() => {
      const card = document.querySelector(`[data-logo][data-name="${name}"]`);
      if (!card) return;
      if (!verdict && card.querySelector(".sentence")) verdict = performance.now() - started;
      if (verdict && card.getAttribute("aria-busy") === "false") {
        observer.disconnect();
        resolve([verdict, performance.now() - started]);
      }
    });
    observer.observe(document, { childList: true, subtree: true, attributes: true });
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
}

/** Runs inside the page: a lab of its own is started, given every file again and again, and started once more. */
async function rate(texts, least) {
  const start = () =>
    new Promise((resolve) => {
      const begun = performance.now();
      const worker = new Worker("lab_loader.js", { type: "module" });
      worker.onmessage = () => resolve({ worker, after: performance.now() - begun });
    });
  const encoder = new TextEncoder();
  // A task as the page writes it: `Judge`, the length, the octets.
  const tasks = texts.map((text) => {
    const body = encoder.encode(text);
    const head = [0];
    for (let length = body.length; ; length >>>= 7) {
      head.push(length < 128 ? length : (length & 127) | 128);
      if (length < 128) break;
    }
    const task = new Uint8Array(head.length + body.length);
    task.set(head);
    task.set(body, head.length);
    return task;
  });
  const { worker } = await start();
  const all = () =>
    new Promise((resolve) => {
      let left = tasks.length;
      worker.onmessage = () => (left -= 1) || resolve();
      for (const task of tasks) worker.postMessage(task);
    });
  await all();
  const begun = performance.now();
  let rounds = 0;
  do {
    await all();
    rounds += 1;
  } while (performance.now() - begun < least);
  const persecond = (rounds * tasks.length * 1000) / (performance.now() - begun);
  worker.terminate();
  const restarts = [];
  for (let run = 0; run < 9; run += 1) {
    const { worker, after } = await start();
    worker.terminate();
    restarts.push(after);
  }
  return { persecond, restarts };
}

export async function logos({ outside, browser, root, bar }) {
  console.log(`\n--- logos in the browser, median of ${RUNS}`);
  const visit = await Visit.open(browser, outside);
  const verdicts = [];
  const pictures = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const [verdict, drawn] = await visit.page.evaluate(dropToVerdict, good, `logo-${run}.svg`);
    // The first one waits for the lab to be loaded.
    if (run === 0) console.log(`first drop, with the loading of reader and lab: verdict after ${ms(verdict)}, everything drawn after ${ms(drawn)}`);
    else {
      verdicts.push(verdict);
      pictures.push(drawn);
    }
    await visit.page.$$eval("#supplied button", (buttons) => buttons.forEach((button) => button.click()));
  }
  console.log(`from the drop to the verdict ${ms(median(verdicts))} (${verdicts.map((number) => number.toFixed(0)).join(", ")}), to everything drawn ${ms(median(pictures))}${bar("from the drop to the verdict in 100 ms", median(verdicts) <= 100)}`);
  const { words, files } = drawings(root);
  const { persecond, restarts } = await visit.page.evaluate(rate, files, 3000);
  console.log(`a lab that was stopped listens again after ${ms(median(restarts))}`);
  console.log(`conformance checks in Chromium: ${Math.round(persecond)} a second, one worker, with the messages; ${words}`);
  await visit.close();
}
