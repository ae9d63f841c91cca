// The native command line, built once and run as a user runs it.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** Where it is built. */
export const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/mxray");

/** Builds the command line; an error where that fails. */
export function buildCli() {
  const { status } = spawnSync("cargo", ["build", "--quiet", "--bin", "mxray"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error("cargo build --bin mxray failed");
}

/** What the command says and how it ends. */
export function mxray(...words) {
  const { status, stdout, stderr, error } = spawnSync(binary, words, { encoding: "utf8", maxBuffer: 64 << 20 });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** Every evidence file of the native tests. */
export function evidenceFiles() {
  return ["checks", "worlds"].flatMap((folder) => {
    const path = join(root, "tests/data", folder);
    return readdirSync(path).filter((name) => name.endsWith(".json") && !name.endsWith(".expected.json")).sort().map((name) => join(path, name));
  });
}
