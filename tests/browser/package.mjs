// Holds dist/npm to what a package must be: what npm would publish, publint, types under `tsc --strict` (with reports that the
// command line really writes), and that it can be imported where there is no browser. `node tests/browser/package.mjs`.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { publint } from "publint";
import { buildCli, evidenceFiles, mxray } from "./lib/cli.mjs";
import { Runner } from "./lib/runner.mjs";
import { everyLanguage, holdToEnglish, sayings } from "./lib/words.mjs";

const folder = fileURLToPath(new URL("./package/", import.meta.url));
const dist = process.env.MXRAY_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));
const source = join(dist, "npm");
const require = createRequire(import.meta.url);
const typescript = join(dirname(require.resolve("typescript/package.json")), require("typescript/package.json").bin.tsc);
/** Reports whose literals are held to the types. */
const REPORTS = 12;

const runner = new Runner();
const work = mkdtempSync(join(tmpdir(), "mxray-package-"));
const installed = join(work, "node_modules/mx-ray");

function run(command, words, cwd = work) {
  const { status, stdout, stderr, error } = spawnSync(command, words, { cwd, encoding: "utf8", maxBuffer: 64 << 20 });
  if (error) throw error;
  assert.equal(status, 0, `${stdout}\n${stderr}`);
  return stdout;
}

try {
  if (!existsSync(join(source, "package.json"))) throw new Error("there is no package: run `make build` first");
  mkdirSync(installed, { recursive: true });
  cpSync(source, installed, { recursive: true });
  await runner.run("npm would publish these files and no others", () => {
    const [{ files, name, version }] = JSON.parse(run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], source));
    assert.equal(name, "mx-ray");
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.deepEqual(files.map(({ path }) => path).sort(), readdirSync(source).sort());
    assert.deepEqual(readdirSync(source).sort(), ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "mx-ray-de.js", "mx-ray-es.js", "mx-ray-worker.js", "mx-ray.d.ts", "mx-ray.js", "mx-ray.wasm", "package.json"]);
  });
  await runner.run("publint finds nothing", async () => {
    const { messages } = await publint({ pkgDir: source, strict: true, pack: false });
    assert.deepEqual(messages, []);
  });
  await runner.run("types: uses, wrong uses, and reports that the command line writes", () => {
    for (const name of readdirSync(folder)) cpSync(join(folder, name), join(work, name));
    buildCli();
    const reports = evidenceFiles().filter((path) => path.includes("worlds")).slice(0, REPORTS).map((path) => {
      const { domain } = JSON.parse(readFileSync(path, "utf8"));
      return mxray("check", domain, "--offline", "--evidence", path, "--format", "json").stdout.trim();
    });
    assert.ok(reports.length >= 3, `${reports.length} reports`);
    // A literal may hold nothing that the types do not know, and must hold all that they do.
    writeFileSync(join(work, "reports.ts"), `import type { Report } from "mx-ray";\nexport const reports = [\n${reports.join(",\n")}\n] satisfies Report[];\n`);
    run(process.execPath, [typescript, "--strict", "--noEmit", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom,dom.iterable", "--types", "", "sample.ts", "wrong.ts", "reports.ts"]);
  });
  await runner.run("every language says what English says, and is in the package as it is written", async () => {
    const { en, ...others } = await everyLanguage();
    assert.deepEqual(Object.keys(others).sort(), ["de", "es"]);
    for (const [tag, words] of Object.entries(others)) {
      holdToEnglish(tag, words, en);
      const packed = await import(pathToFileURL(join(installed, `mx-ray-${tag}.js`)).href);
      assert.deepEqual(sayings(packed.words), sayings(words));
      assert.ok(readFileSync(join(installed, "mx-ray.js"), "utf8").includes(`import("./mx-ray-${tag}.js")`), `nothing fetches ${tag}`);
    }
  });
  await runner.run("every export has a type, and it can be imported without a browser", async () => {
    const exported = Object.keys(await import(pathToFileURL(join(installed, "mx-ray.js")).href)).sort();
    assert.deepEqual(exported, ["MxRayElement", "MxRayError", "assess", "check", "configure", "mount"]);
    const types = readFileSync(join(installed, "mx-ray.d.ts"), "utf8");
    assert.deepEqual([...types.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name).sort(), exported);
  });
} catch (error) {
  runner.failed += 1;
  console.log(`FAIL  the package cannot be tested: ${error.message}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exit(runner.close());
