// Small helpers. Text from people goes in as text nodes only; nothing here parses markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with a class, attributes and children (strings become text). */
export function el(tag, cls = "", attrs = {}, ...children) {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  for (const [key, value] of Object.entries(attrs)) if (value !== null && value !== undefined) node.setAttribute(key, value);
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}

export function svg(tag, attrs = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attrs)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Set text only where it differs, so that nothing is laid out again for no reason. */
export function setText(node, text) {
  const next = text ?? "";
  if (node.textContent !== next) node.textContent = next;
}

/** Fill `{name}` fields of a sentence; values are put in as plain text. */
export function fill(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** Names in a sentence are cut, so that a long one can't push the rest away. */
export function short(name, most = 60) {
  const letters = Array.from(name ?? "");
  return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : letters.join("");
}

/** A text to look things up by: without accents, in small letters. */
export const folded = (text) => (text ?? "").normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export const intersects = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
