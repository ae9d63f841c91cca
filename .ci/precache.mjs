// The last step of the build: `node .ci/precache.mjs dist` writes into sw.js which files make up the site, each with its digest, and
// into the page the version that this comes to. Whatever is written into the folder afterwards is not kept for times without a network.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** No part of the page: the widget and the package for npm, the worker itself, files for hosts, and what hosts send in a file's place. */
const LEFT_OUT = /^(npm\/|mx-ray|embed\.|builder\.|sw\.js$|_|\.|.*\/\.|.*\.(br|gz|map)$)/;

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const digest = (body) => createHash("sha256").update(body).digest("base64");

/** Writes the list and the version; returns both. */
export function precache(dist) {
  const names = filesBelow(dist).map((path) => relative(dist, path).split(sep).join("/")).filter((name) => !LEFT_OUT.test(name)).sort();
  const bodyOf = (name) => readFileSync(join(dist, name));
  // Whatever an earlier run has written counts for nothing.
  const page = bodyOf("index.html").toString().replace(/ data-build="[^"]*"/, "");
  const worker = bodyOf("sw.js").toString().replace(/^self\.precache=.*\n/, "");
  const all = names.map((name) => `${name} ${digest(name === "index.html" ? page : bodyOf(name))}\n`).join("") + digest(worker);
  const version = createHash("sha256").update(all).digest("hex").slice(0, 16);
  const stamped = page.replace('src="boot.js"', `src="boot.js" data-build="${version}"`);
  if (stamped === page) throw new Error("index.html does not load boot.js");
  writeFileSync(join(dist, "index.html"), stamped);
  const files = Object.fromEntries(names.map((name) => [name, digest(bodyOf(name))]));
  writeFileSync(join(dist, "sw.js"), `self.precache=${JSON.stringify({ version, files })};\n${worker}`);
  return { version, files };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { version, files } = precache(process.argv[2]);
  console.log(`version ${version}: ${Object.keys(files).length} files`);
}
