// Puts functions of wasm files beside those that they look like, which a host's brotli stores some 2 % smaller:
// `node .ci/arrange.mjs FILE…`, in place. What the code does and how fast does not change, only the order in which it stands.
//
// The order is made here; binaryen moves the functions: each gets its place as its name, and `--reorder-functions-by-name` sorts.
import { execFileSync } from "node:child_process";
import { deepStrictEqual } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Octets of code that are compared as one. */
const PIECE = 4;
/** How much less a function counts for the next one with every other between them. */
const FADING = 0.8;
/** Pieces in more functions than this tell none apart. */
const MAX_SHARED = 1000;

/** An unsigned LEB128 number and where it ends. */
function number(octets, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const octet = octets[at++];
    value += (octet & 0x7f) * 2 ** shift;
    if (octet < 0x80) return [value, at];
  }
}

function written(value) {
  const octets = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) octets.push((value % 128) | 0x80);
  return Buffer.from([...octets, value]);
}

const text = (value) => Buffer.concat([written(Buffer.byteLength(value)), Buffer.from(value)]);

/** The sections as `{id, whole, body}`. */
function* sections(wasm) {
  for (let at = 8; at < wasm.length; ) {
    const [size, start] = number(wasm, at + 1);
    yield { id: wasm[at], whole: wasm.subarray(at, start + size), body: wasm.subarray(start, start + size) };
    at = start + size;
  }
}

function bodies(code) {
  let [count, at] = number(code, 0);
  return Array.from({ length: count }, () => {
    const [size, start] = number(code, at);
    at = start + size;
    return code.subarray(start, at);
  });
}

function pieces(body) {
  const found = new Set();
  for (let at = 0; at + PIECE <= body.length; at += 1) found.add(body.readUInt32LE(at));
  return found;
}

/** The functions in their new order: always the one next that shares most with those before, for its size. */
function arranged(functions) {
  const of = functions.map(pieces);
  const holders = new Map();
  of.forEach((found, index) => found.forEach((piece) => {
    if (!holders.has(piece)) holders.set(piece, []);
    holders.get(piece).push(index);
  }));
  for (const [piece, { length }] of holders) if (length < 2 || length > MAX_SHARED) holders.delete(piece);
  const sizes = of.map(({ size }) => (size + 50) ** 0.7);
  const shared = new Float64Array(functions.length);
  const order = [];
  for (let next = 0; next >= 0; ) {
    order.push(next);
    shared.forEach((worth, index) => { shared[index] = worth * FADING; });
    for (const piece of of[next]) {
      const all = holders.get(piece) ?? [];
      for (const index of all) shared[index] += 1 / Math.log2(1 + all.length);
    }
    // What has its place is out.
    sizes[next] = -1;
    next = sizes.findIndex((size) => size > 0);
    for (let index = next + 1; index > 0 && index < sizes.length; index += 1) {
      if (sizes[index] > 0 && shared[index] / sizes[index] > shared[next] / sizes[next]) next = index;
    }
  }
  return order;
}

/** The same module, every function named by its place; imported ones stay in front. */
function named(wasm) {
  const all = [...sections(wasm)].filter(({ id, body }) => id !== 0 || !body.subarray(1).toString("latin1").startsWith("name"));
  const order = arranged(bodies(all.find(({ id }) => id === 10).body));
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(wasm)).filter(({ kind }) => kind === "function").length;
  const places = new Array(order.length);
  order.forEach((index, place) => { places[index] = place; });
  const name = (letter, place) => letter + String(place).padStart(7, "0");
  const names = [...Array.from({ length: imported }, (_, index) => name("a", index)), ...places.map((place) => name("b", place))];
  const map = Buffer.concat([written(names.length), ...names.flatMap((one, index) => [written(index), text(one)])]);
  const body = Buffer.concat([text("name"), Buffer.from([1]), written(map.length), map]);
  return Buffer.concat([wasm.subarray(0, 8), ...all.map(({ whole }) => whole), Buffer.from([0]), written(body.length), body]);
}

const outside = (wasm) => {
  const module = new WebAssembly.Module(wasm);
  const functions = bodies([...sections(wasm)].find(({ id }) => id === 10).body).length;
  return [WebAssembly.Module.imports(module), WebAssembly.Module.exports(module), functions];
};

const folder = mkdtempSync(join(tmpdir(), "mxray-arrange-"));
const [marked, moved] = ["marked.wasm", "moved.wasm"].map((name) => join(folder, name));
try {
  for (const path of process.argv.slice(2)) {
    const wasm = readFileSync(path);
    writeFileSync(marked, named(wasm));
    execFileSync("wasm-opt", ["-g", "--reorder-functions-by-name", marked, "-o", moved]);
    execFileSync("wasm-opt", ["--strip-debug", moved, "-o", moved]);
    deepStrictEqual(outside(readFileSync(moved)), outside(wasm), path);
    writeFileSync(path, readFileSync(moved));
  }
} finally {
  rmSync(folder, { recursive: true });
}
