// Writes SVG as text: marks, measured words, mixed colours. Works without a document, so that the program draws
// the same picture as the browser. Every word of a person goes through `text`, which makes it plain.

import {WIDTHS} from "./widths.js";

const UNSAFE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const NAMES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"};

/** Text as XML text: no markup in it, and none of the letters that XML forbids. */
export function plain(value) {
  return String(value ?? "").replace(UNSAFE, " ").replace(/[&<>"']/g, (c) => NAMES[c]);
}

/** One element; attributes that are null are left out, numbers are rounded to hundredths. */
export function tag(name, attrs = {}, ...children) {
  let out = `<${name}`;
  for (const [key, value] of Object.entries(attrs)) {
    if (value === null || value === undefined) continue;
    out += ` ${key}="${typeof value === "number" ? Math.round(value * 100) / 100 : plain(value)}"`;
  }
  const inside = children.filter(Boolean).join("");
  return inside ? `${out}>${inside}</${name}>` : `${out}/>`;
}

/** Words at a place, cut to `max` wide with an ellipsis. `end`: the place is their right end. */
export function text(words, x, y, {size = 12, weight = 400, fill, max = Infinity, end = false, middle = false, struck = false}) {
  const shown = fit(String(words ?? "").replace(/\s+/g, " "), max, size, weight);
  if (!shown) return "";
  const anchor = end ? "end" : middle ? "middle" : null;
  const attrs = {x, y, "font-size": size, "font-weight": weight === 400 ? null : weight, fill, "text-anchor": anchor};
  if (struck) attrs["text-decoration"] = "line-through";
  return tag("text", attrs, plain(shown));
}

/** The words cut to a width, at the border of a letter as people see it. */
export function fit(words, max, size, weight) {
  if (width(words, size, weight) <= max) return words;
  const dots = width("…", size, weight);
  let used = 0;
  let kept = "";
  for (const {segment} of letters(words)) {
    used += width(segment, size, weight);
    if (used + dots > max) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** Lines of at most `max`, broken between words where there are any; the last one is cut. */
export function wrap(words, max, size, weight, most) {
  const lines = [];
  let line = "";
  for (const {segment} of pieces(words)) {
    if (line && width((line + segment).trimEnd(), size, weight) > max && lines.length < most - 1) {
      lines.push(line.trimEnd());
      line = segment.trimStart();
    } else line += segment;
  }
  return [...lines, fit(line.trimEnd(), max, size, weight)].filter(Boolean);
}

let byLetter = null;
const letters = (words) => (byLetter ??= new Intl.Segmenter("en", {granularity: "grapheme"})).segment(words);
let byWord = null;
const pieces = (words) => (byWord ??= new Intl.Segmenter("ja", {granularity: "word"})).segment(words);

/** How wide words are in Inter, in pixels; letters that Inter lacks are taken as wide as they usually are. */
export function width(words, size, weight = 400) {
  const table = WIDTHS[weight >= 500 ? 600 : 400];
  let sum = 0;
  for (const letter of words) sum += advance(letter.codePointAt(0), table);
  return (sum * size) / 1000;
}

function advance(code, table) {
  for (const [first, widths] of table) {
    if (code < first) break;
    const found = widths[code - first];
    if (found) return found;
  }
  if ((code >= 0x300 && code < 0x370) || code === 0x200d || (code >= 0xfe00 && code < 0xfe10)) return 0;
  if ((code >= 0x1100 && code < 0x1160) || (code >= 0x2e80 && code < 0xd7a4) || (code >= 0xf900 && code < 0xff61)) return 1000;
  return code >= 0x1f000 ? 1250 : 620;
}

/** Two colours mixed: `share` of the first. Hex or `rgb()` in, hex out. */
export function mix(one, other, share) {
  const [a, b] = [channels(one), channels(other)];
  return `#${a.map((v, i) => Math.round(v * share + b[i] * (1 - share)).toString(16).padStart(2, "0")).join("")}`;
}

function channels(color) {
  const hex = /^#([0-9a-f]{6})/i.exec(color)?.[1] ?? /^#([0-9a-f]{3})/i.exec(color)?.[1].replace(/./g, "$&$&");
  if (hex) return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const parts = (color.match(/[\d.]+/g) ?? [128, 128, 128]).slice(0, 3).map(Number);
  return color.startsWith("color(") ? parts.map((v) => v * 255) : parts;
}

/** A colour of a hue, as `hsl(hue 55% 55%)` is in CSS. */
export function hueColor(hue) {
  const part = (n) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (0.55 - 0.2475 * Math.max(-1, Math.min(k - 3, 9 - k, 1)))).toString(16).padStart(2, "0");
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}
