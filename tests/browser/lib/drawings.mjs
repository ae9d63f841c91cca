// Logos of our own: good, faulty, and made to be more than anybody can draw.
import { gzipSync } from "node:zlib";

const open = '<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 96 96">';
const body = '<title>Acme</title>\n  <rect width="96" height="96" fill="#0b5f8a"/>\n  <path fill="#ffd166" d="M48 18 72 70H24Z"/>\n  <circle cx="48" cy="56" r="9" fill="#fff"/>';

/** SVG Tiny PS without a fault. */
export const good = `${open}\n  ${body}\n</svg>\n`;

/** The same, gzipped. */
export const goodSvgz = gzipSync(Buffer.from(good));

/** As an editor saves it: no title, no profile, style attributes, an editor's data; each fault stands where `faults` says. */
export const faulty = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 96 96" x="0" y="0" version="1.1">
  <rect width="96" height="96" style="fill:#0b5f8a"/>
  <path style="fill:#ffd166" d="M48 18 72 70H24Z"/>
  <g id="eye"><circle cx="48" cy="56" r="9" style="fill:#fff" data-name="eye"/></g>
</svg>
`;

/** Line and column of every `style=` of [faulty]. */
export const styles = faulty.split("\n").flatMap((line, index) => (line.includes("style=") ? [`${index + 1}:${line.indexOf("style=") + 1}`] : []));

const uses = (levels) => Array.from({ length: levels }, (_, level) => `<g id="u${level + 1}">${`<use href="#u${level}"/>`.repeat(10)}</g>`).join("");

/** Files that nobody would publish in good faith, by name. */
export const hostileDrawings = {
  "laughs.svg": `<!DOCTYPE svg [<!ENTITY l0 "lol">${Array.from({ length: 12 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`).join("")}]>${open}<title>&l12;</title></svg>`,
  "uses.svg": `${open}<title>Uses</title><defs><rect id="u0" width="1" height="1"/>${uses(9)}</defs><use href="#u9"/></svg>`,
  "long-path.svg": `${open}<title>Path</title><path d="M0 0${" L96 96 L0 1".repeat(850_000)}"/></svg>`,
  "deep.svg": `${open}<title>Deep</title>${"<g>".repeat(100_000)}${"</g>".repeat(100_000)}</svg>`,
  "bomb.svgz": gzipSync(Buffer.alloc(512 << 20, " "), { level: 9 }),
};

/** A legal file within every size limit whose drawing takes long: filters over filters, which some renderers draw. */
export const slow = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><defs>${Array.from({ length: 150 }, (_, index) => `<filter id="f${index}" x="-500%" y="-500%" width="1100%" height="1100%"><feTurbulence baseFrequency="0.9" numOctaves="10"/><feGaussianBlur stdDeviation="20"/></filter>`).join("")}</defs>${Array.from({ length: 150 }, (_, index) => `<rect width="96" height="96" filter="url(#f${index})"/>`).join("")}</svg>`;
