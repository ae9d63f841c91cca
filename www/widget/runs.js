// Checks that are shared: whoever asks for the same domain in the same way at the same time gets the same check.
import { ask } from "./engine.js";

/** How long a report is handed to whoever asks for the same again, in milliseconds. */
const FRESH_FOR = 5 * 60_000;
/** Most reports that are kept. */
const MOST = 64;

/** Key → {listeners, last, done, at, stop}. */
const runs = new Map();

/** What makes two checks the same. */
export const keyOf = (domain, options) => JSON.stringify([domain.trim().toLowerCase().replace(/\.$/, ""), options]);

/**
 * Joins a check, or starts it. `listener` is called later, not before this has returned: with progress, and last with a
 * report or a fault. The result leaves it: nobody left, and it is stopped. `fresh`: no report from before will do.
 */
export function join(domain, options, listener, { fresh = false } = {}) {
  const key = keyOf(domain, options);
  let run = runs.get(key);
  if (run?.done && (fresh || Date.now() - run.at > FRESH_FOR)) run = undefined;
  run ??= start(key, domain, options);
  const mine = (news) => listener(news);
  run.listeners.add(mine);
  if (run.last) queueMicrotask(() => run.listeners.has(mine) && mine(run.last));
  return () => {
    run.listeners.delete(mine);
    // An element that is only moved leaves and joins again at once.
    if (!run.done) setTimeout(() => end(key, run));
  };
}

function start(key, domain, options) {
  const run = { listeners: new Set(), last: undefined, done: false, at: 0 };
  runs.set(key, run);
  run.stop = ask({ kind: "check", domain, options }, (news) => {
    run.last = news;
    if (news.kind !== "progress") {
      run.done = true;
      run.at = Date.now();
      if (news.kind === "fault" && runs.get(key) === run) runs.delete(key);
      forgetOldest();
    }
    for (const listener of [...run.listeners]) listener(news);
  });
  return run;
}

function end(key, run) {
  if (run.done || run.listeners.size) return;
  run.done = true;
  run.stop();
  if (runs.get(key) === run) runs.delete(key);
}

function forgetOldest() {
  for (const [key, run] of runs) {
    if (runs.size <= MOST) return;
    if (run.done) runs.delete(key);
  }
}
