// A whole check of tree.test (SPF includes three deep, 7 look-ups; two mail servers; all records) with 50 ms added to
// every DNS answer: the command line, the page, and checkdmarc in the same world.
import { execFile, spawnSync } from "node:child_process";
import dgram from "node:dgram";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { askOverTcp, readMessage } from "../tests/browser/lib/dns.mjs";
import { Visit } from "../tests/browser/lib/browser.mjs";
import { RESOLVERS } from "../tests/browser/lib/front.mjs";

const DOMAIN = "tree.test";
const DELAY = 50;
const RUNS = 7;
/** At most so many times the critical path. */
const BAR = 1.3;

/** Which answer a look-up has to wait for: the world's zones say so. What is not listed waits for nothing. */
const WAITS_FOR = {
  "_a.mailer.test TXT": "tree.test TXT",
  "_b.mailer.test TXT": "tree.test TXT",
  "_a1.mailer.test TXT": "_a.mailer.test TXT",
  "_a2.mailer.test TXT": "_a.mailer.test TXT",
  "_a11.mailer.test TXT": "_a1.mailer.test TXT",
  "relay.mailer.test A": "_a11.mailer.test TXT",
  "relay.mailer.test AAAA": "_a11.mailer.test TXT",
  ...Object.fromEntries(["mx1", "mx2"].flatMap((host) => [
    [`${host}.tree.test A`, "tree.test MX"], [`${host}.tree.test AAAA`, "tree.test MX"], [`${host}.tree.test CNAME`, "tree.test MX"],
    [`_25._tcp.${host}.tree.test TLSA`, "tree.test MX"],
  ])),
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const ms = (number) => `${Math.round(number)} ms`;
const named = ({ query }) => `${query.question.name} ${query.question.type}`.toLowerCase().replace(/ \w+$/, (type) => type.toUpperCase());

/** The longest chain of dependent look-ups among those that were made. */
function criticalPath(asked) {
  const path = (what) => (WAITS_FOR[what] && asked.has(WAITS_FOR[what]) ? [...path(WAITS_FOR[what]), what] : [what]);
  return [...asked].map(path).reduce((longest, next) => (next.length > longest.length ? next : longest), []);
}

export async function wholeCheck({ world, outside, browser, root, bar }) {
  console.log(`\n--- whole check of ${DOMAIN}, ${DELAY} ms added to every DNS answer, median of ${RUNS}`);
  const delay = { delay: ({ kind }) => (kind === "dns" ? DELAY : 0) };

  const report = (who, times) => {
    const asked = new Set(outside.log.filter(({ kind }) => kind === "dns").map(named));
    const path = criticalPath(asked);
    const limit = path.length * DELAY;
    const ratio = median(times) / limit;
    console.log(`${who}: ${ms(median(times))} (${times.map(Math.round).join(", ")}), ${asked.size} look-ups`);
    console.log(`  critical path ${path.length} × ${DELAY} ms = ${limit} ms (${path.join(" → ")}); ratio ${ratio.toFixed(2)}, bar ${BAR}${bar(`${who}: ${ratio.toFixed(2)} × the critical path`, ratio <= BAR)}`);
  };

  // The command line.
  const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release/mxray");
  const built = spawnSync("cargo", ["build", "--release", "--quiet", "--bin", "mxray"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (built.status !== 0) {
    console.log(`mxray check: skipped, cargo build failed${bar("mxray check does not build", false)}`);
  } else {
    outside.switches.set("own", delay);
    const folder = mkdtempSync(join(tmpdir(), "mxray-bench-"));
    const anchor = join(folder, "anchor.key");
    writeFileSync(anchor, outside.anchor);
    const words = ["check", DOMAIN, "--resolver", outside.resolverUrl(), "--anchor", anchor, "--format", "json"];
    const whole = [];
    const looking = [];
    let output = "";
    for (let run = 0; run <= RUNS; run += 1) {
      outside.log = [];
      const started = performance.now();
      const { stdout, stderr } = await promisify(execFile)(binary, words, { maxBuffer: 64 << 20 }).catch((error) => error);
      output = stdout || stderr;
      const queries = outside.log.filter(({ kind }) => kind === "dns");
      if (run === 0 || !queries.length) continue; // the first run fills the resolver's cache
      whole.push(performance.now() - started);
      looking.push(Math.max(...queries.map(({ done }) => done)) - Math.min(...queries.map(({ at }) => at)));
    }
    rmSync(folder, { recursive: true });
    if (!whole.length) console.log(`mxray check: no look-up arrived: ${output.slice(0, 300)}${bar("mxray check made no look-up", false)}`);
    else {
      report("mxray check (whole process)", whole);
      console.log(`  first query to last answer, as the resolver saw it: ${ms(median(looking))}`);
    }
  }

  // The page.
  for (const host of RESOLVERS) outside.switches.set(host, delay);
  const times = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const visit = await Visit.open(browser, outside);
    outside.log = [];
    await visit.type(DOMAIN);
    const time = await visit.page.evaluate(() => new Promise((resolve) => {
      const main = document.querySelector("main#main");
      let started;
      new MutationObserver(() => {
        if (main.dataset.state === "done" && started) resolve(performance.now() - started);
      }).observe(main, { attributes: true, attributeFilter: ["data-state"] });
      setTimeout(() => {
        started = performance.now();
        document.querySelector("form[role=search]").requestSubmit();
      });
    }));
    if (run > 0) times.push(time);
    await visit.close();
  }
  report("the page in Chromium (submit to data-state=done, cold connections)", times);

  await checkdmarc(world, root);
}

/** checkdmarc in the same world, through a proxy on port 53 that adds the same delay. */
async function checkdmarc(world, root) {
  const command = join(root, ".tools/checkdmarc/bin/checkdmarc");
  if (!existsSync(command)) return console.log("checkdmarc: skipped, it could not be installed");
  let queries = 0;
  let proxy;
  try {
    proxy = await delayingProxy(world.port, () => (queries += 1));
  } catch (error) {
    return console.log(`checkdmarc: skipped, it asks on port 53 and this user may not listen there (${error.code})`);
  }
  try {
    const times = [];
    for (let run = 0; run < 3; run += 1) {
      queries = 0;
      const started = performance.now();
      const { stdout, stderr } = await promisify(execFile)(command, [DOMAIN, "--nameserver", "127.0.0.1"], { maxBuffer: 64 << 20, timeout: 120_000 }).catch((error) => error);
      times.push(performance.now() - started);
      if (run === 0) {
        const lookups = JSON.parse(stdout || "{}").spf?.dns_lookups;
        if (lookups === undefined) return console.log(`checkdmarc: it gave no report: ${(stderr || stdout).slice(-300)}`);
        console.log(`checkdmarc sees ${lookups} SPF look-ups`);
      }
    }
    const bare = await timeOf(command, ["--version"]);
    console.log(`checkdmarc ${(spawnSync(command, ["--version"]).stdout ?? "").toString().trim()}: ${(median(times) / 1000).toFixed(2)} s, ${queries} queries (of which ${ms(bare)} are Python starting up)`);
  } finally {
    await proxy.close();
  }
}

async function timeOf(command, words) {
  const started = performance.now();
  await promisify(execFile)(command, words);
  return performance.now() - started;
}

function delayingProxy(port, onQuery) {
  const answer = async (message) => {
    onQuery(readMessage(message));
    const id = message.subarray(0, 2);
    const reply = Buffer.from(await askOverTcp(port, message));
    id.copy(reply);
    await new Promise((resolve) => setTimeout(resolve, DELAY));
    return reply;
  };
  const udp = dgram.createSocket("udp4");
  udp.on("message", async (message, from) => {
    let reply = await answer(message).catch(() => undefined);
    if (!reply) return;
    if (reply.length > 1232) {
      reply = Buffer.concat([reply.subarray(0, 12), message.subarray(12)]).subarray(0, message.length);
      reply[2] |= 0x02; // truncated: ask again over TCP
      reply.fill(0, 6, 10);
      reply.writeUInt16BE(message.readUInt16BE(10), 10);
    }
    udp.send(reply, from.port, from.address);
  });
  const tcp = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", async (part) => {
      received = Buffer.concat([received, part]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const message = received.subarray(2, 2 + received.readUInt16BE(0));
        received = received.subarray(2 + message.length);
        const reply = await answer(message).catch(() => undefined);
        if (!reply) continue;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(reply.length);
        socket.write(Buffer.concat([length, reply]));
      }
    });
  });
  return new Promise((resolve, reject) => {
    udp.once("error", reject);
    udp.bind(53, "127.0.0.1", () => {
      tcp.once("error", (error) => (udp.close(), reject(error)));
      tcp.listen(53, "127.0.0.1", () => resolve({ close: () => new Promise((done) => udp.close(() => tcp.close(done))) }));
    });
  });
}
