// `make test`: every check in order, each with its counts; the last line is their sum.
// `node .ci/test.mjs fmt native …` runs only the steps named.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tools = join(root, ".tools");
process.env.PATH = [
  join(homedir(), ".cargo/bin"), join(tools, "node_modules/.bin"), process.env.PATH,
  "/usr/sbin", "/sbin", "/opt/homebrew/sbin", "/usr/local/sbin",
].join(delimiter);
const toolchainNote = join(tools, "wasm-toolchain");
const wasmToolchain = existsSync(toolchainNote) ? { RUSTUP_TOOLCHAIN: readFileSync(toolchainNote, "utf8").trim() } : {};

/** One command is one check: it succeeds or not. */
const single = (code) => (code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 });

/** Adds up the closing lines of cargo's test binaries; a build that failed is one failure. */
function cargoCounts(code, output) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    sum.passed += Number(passed);
    sum.failed += Number(failed);
    sum.skipped += Number(ignored);
  }
  if (code !== 0 && sum.failed === 0) sum.failed = 1;
  return sum;
}

/** Reads a closing line `N passed, N failed[, N skipped]`. */
function closingCounts(code, output) {
  const closing = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  const sum = { passed: Number(closing?.[1] ?? 0), failed: Number(closing?.[2] ?? 0), skipped: Number(closing?.[3] ?? 0) };
  if (code !== 0 && sum.failed === 0) sum.failed = 1;
  return sum;
}

const steps = [
  { id: "fmt", name: "format", run: ["cargo", "fmt", "--check"], count: single },
  { id: "lint", name: "lints, native", run: ["cargo", "clippy", "--quiet", "--all-targets", "--", "-D", "warnings"], count: single },
  { id: "words", name: "words and catalogs", run: ["node", ".ci/words.mjs", "check"], count: closingCounts },
  {
    id: "lint-wasm", name: "lints, wasm", count: single, env: wasmToolchain,
    run: ["cargo", "clippy", "--quiet", "--target", "wasm32-unknown-unknown", "--lib", "--bin", "app", "--bin", "engine", "--bin", "reader", "--bin", "clerk", "--bin", "lab", "--bin", "embed", "--", "-D", "warnings"],
  },
  { id: "native", name: "native tests", run: ["cargo", "test", "--no-fail-fast", "--quiet"], count: cargoCounts },
  { id: "schema", name: "report schema", run: ["node", "tests/browser/schema.mjs"], count: closingCounts },
  { id: "relay", name: "relay recipes", run: ["node", "tests/browser/relay.mjs"], count: closingCounts },
  { id: "road", name: "snippets for web servers", run: ["node", "tests/browser/road-servers.mjs"], count: closingCounts },
  { id: "cli", name: "command line", run: ["node", "tests/browser/cli.mjs"], count: closingCounts },
  { id: "lists", name: "lists of domains", run: ["node", "tests/browser/lists.mjs"], count: closingCounts },
  { id: "dnssec", name: "DNSSEC beside delv", run: ["node", "tests/dnssec/run.mjs"], count: closingCounts },
  { id: "build", name: "site builds", run: ["bash", ".ci/build"], count: single },
  { id: "budgets", name: "budgets and site rules", run: ["node", ".ci/budgets.mjs"], count: closingCounts, needs: "build" },
  { id: "package", name: "npm package", run: ["node", "tests/browser/package.mjs"], count: closingCounts, needs: "build" },
  { id: "world", name: "the test world", run: ["node", "tests/browser/run.mjs", "world"], count: closingCounts },
  { id: "chromium", name: "journeys in Chromium", run: ["node", "tests/browser/run.mjs", "chromium"], count: closingCounts, needs: "build" },
  { id: "hosting", name: "recipes for hosts", run: ["node", "tests/browser/hosting.mjs"], count: closingCounts, needs: "build" },
  { id: "firefox", name: "journeys in Firefox", run: ["node", "tests/browser/run.mjs", "firefox"], count: closingCounts, needs: "build" },
];

function run({ run: [command, ...words], env }) {
  return new Promise((resolve) => {
    const child = spawn(command, words, { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const [stream, target] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output += text;
        target.write(text);
      });
    }
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
      resolve({ code: 1, output });
    });
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

const chosen = process.argv.slice(2);
const odd = chosen.filter((id) => !steps.some((step) => step.id === id));
if (odd.length) {
  console.error(`no such step: ${odd.join(", ")}; there are ${steps.map(({ id }) => id).join(", ")}`);
  process.exit(2);
}
const table = [];
const broken = new Set();
for (const step of steps.filter(({ id }) => !chosen.length || chosen.includes(id))) {
  console.log(`\n--- ${step.name}`);
  const started = Date.now();
  let counts;
  if (step.needs && broken.has(step.needs)) {
    console.log(`cannot run: ${step.needs} failed`);
    counts = { passed: 0, failed: 1, skipped: 0 };
  } else {
    const { code, output } = await run(step);
    counts = step.count(code, output);
    if (counts.passed + counts.failed === 0) counts.failed = 1; // a step in which nothing ran has not passed
  }
  if (counts.failed) broken.add(step.id);
  table.push({ name: step.name, ...counts, seconds: (Date.now() - started) / 1000 });
}

console.log("\n--- counts");
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const { name, passed, failed, skipped, seconds } of table) {
  console.log(`${name.padEnd(24)} ${String(passed).padStart(5)} ok ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} left out ${seconds.toFixed(1).padStart(8)} s`);
  sum.passed += passed;
  sum.failed += failed;
  sum.skipped += skipped;
}
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped ? `, ${sum.skipped} skipped` : ""}`);
process.exitCode = sum.failed ? 1 : 0;
