// Takes indentation and comment lines out of the JavaScript that wasm-bindgen writes: a fifth of it, and nothing that runs.
// (Trunk's own minifier breaks these files.) A file with a template literal over several lines is left as it is.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const dist = process.env.TRUNK_STAGING_DIR;
for (const name of readdirSync(dist).filter((name) => name.endsWith(".js"))) {
  const path = join(dist, name);
  const lines = readFileSync(path, "utf8").replace(/^[ \t]*\/\*\*?\n(?:[ \t]*\*[^\n]*\n)*?[ \t]*\*\/\n/gm, "").split("\n");
  if (lines.some((line) => (line.match(/`/g) ?? []).length % 2)) continue;
  const kept = lines.map((line) => line.trim()).filter((line) => line && !line.startsWith("//"));
  writeFileSync(path, `${kept.join("\n")}\n`);
}
