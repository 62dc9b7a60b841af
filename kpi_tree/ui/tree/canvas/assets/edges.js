// The lines between cards, by kind: solid for formulas with their operators, dashed for influence, shield for guardrails.

import {svg} from "./dom.js";

export const SHIELD = "M0 -8 L6.2 -5.6 V-.6 C6.2 3.6 3.6 6.4 0 7.8 C-3.6 6.4 -6.2 3.6 -6.2 -.6 V-5.6 Z";

export class EdgeLayer {
  constructor(root) {
    this.root = root;
    this.shown = new Map();
  }

  /** Draw the edges that touch the view; drop the others. */
  sync(model, boxes, order, {view, orientation, version, active}) {
    const wanted = new Map();
    for (const id of order) {
      if (!model.isOpen(id)) continue;
      const links = model.nodes.get(id).kids;
      links.forEach((link, i) => this.want(wanted, link, i, boxes, view, false));
    }
    for (const link of model.extra) this.want(wanted, link, 0, boxes, view, true);
    for (const [key, item] of this.shown) {
      if (!wanted.has(key)) {
        item.g.remove();
        this.shown.delete(key);
      }
    }
    for (const [key, want] of wanted) this.draw(key, want, boxes, orientation, version, active);
  }

  want(wanted, link, index, boxes, view, extra) {
    const a = boxes.get(link.parent);
    const b = boxes.get(link.child);
    if (!a || !b) return;
    const x0 = Math.min(a.sx, b.sx);
    const y0 = Math.min(a.sy, b.sy);
    if (x0 > view.x + view.w || y0 > view.y + view.h) return;
    if (Math.max(a.sx, b.sx) + a.w < view.x || Math.max(a.sy, b.sy) + a.h < view.y) return;
    wanted.set(`${link.parent}\n${link.child}`, {link, index, extra});
  }

  draw(key, {link, index, extra}, boxes, orientation, version, active) {
    const sign = `${link.kind}|${link.operator}|${link.sign}|${extra}|${index > 0}|${link.diff ?? ""}|${link.weight ?? ""}|${link.label ?? ""}|${link.way ?? ""}`;
    let item = this.shown.get(key);
    if (item && item.sign !== sign) {
      item.g.remove();
      item = null;
    }
    if (!item) {
      item = build(link, index, extra);
      item.sign = sign;
      this.root.append(item.g);
      this.shown.set(key, item);
    }
    const place = `${version}|${orientation}`;
    if (item.place !== place) {
      item.place = place;
      position(item, boxes.get(link.parent), boxes.get(link.child), orientation);
    }
    item.g.classList.toggle("active", active.has(link.child) || active.has(link.parent));
  }

  clear() {
    this.root.replaceChildren();
    this.shown.clear();
  }
}

function build(link, index, extra) {
  const g = svg("g", {class: `edge ${link.kind}${extra ? " extra" : ""}${link.diff ? ` diff-${link.diff}` : ""}`, "data-edge": `${link.parent} ${link.child}`});
  const path = svg("path", {class: "line"});
  g.append(path);
  const item = {g, path, mark: null};
  const text = markText(link, index, extra);
  if (link.kind === "guardrail") {
    item.mark = svg("g", {class: "mark shield"}, svg("path", {d: SHIELD}));
  } else if (text) {
    const label = svg("text", {"text-anchor": "middle", "dominant-baseline": "central"});
    label.textContent = text;
    item.mark = svg("g", {class: `mark ${link.kind === "formula" ? "operator" : "sign"}`}, svg("circle", {r: 10}), label);
  }
  if (item.mark) g.append(item.mark);
  if (link.weight !== undefined) {
    item.link = link;
    g.classList.add("weighted", link.way || "even");
    item.label = svg("text", {class: "weight", "text-anchor": "middle", "dominant-baseline": "central"});
    item.label.textContent = link.label ?? "";
    g.append(item.label);
  }
  item.extra = extra;
  item.between = isBetween(link, index, extra);
  return item;
}

/** How wide a line is drawn: as wide as its share of what the tree explains, where it has one. */
export function lineWidth(link, extra, orientation) {
  // In a list, lines run beside each other and have little room.
  if (link.weight !== undefined) return 1.6 + (orientation === "list" ? 5.4 : 12.4) * Math.min(1, Math.max(0, link.weight));
  return extra ? 1.3 : link.kind === "guardrail" ? 2.2 : 1.6;
}

/** Does the operator stand between two cards (rather than on the line)? */
export function isBetween(link, index, extra) {
  return link.kind === "formula" && !extra && index > 0;
}

/** The operator stands before its card; the first card of a sum or product needs none. */
export function markText(link, index, extra) {
  if (link.kind === "formula") {
    const operator = link.operator || "";
    return index === 0 && !extra && (operator === "×" || operator === "+") ? "" : operator;
  }
  if (link.kind === "influence") return link.sign > 0 ? "+" : link.sign < 0 ? "−" : "";
  return "";
}

export const FOLD = 24; // the button that opens a branch stands at the parent's end of its lines

function position(item, a, b, orientation) {
  const {d, mark, middle} = geometry(item, a, b, orientation);
  item.path.setAttribute("d", d);
  if (item.label) {
    item.path.style.strokeWidth = String(lineWidth(item.link, item.extra, orientation));
    item.label.style.display = orientation === "list" ? "none" : ""; // the card right of it says the same
    item.label.setAttribute("x", middle.x);
    item.label.setAttribute("y", middle.y);
  }
  // By attributes of its own: every transform is one more thing for the browser to sort in every frame.
  const [first, text] = item.mark?.children ?? [];
  if (!text) return first?.setAttribute("transform", `translate(${mark.x} ${mark.y})`);
  first.setAttribute("cx", mark.x);
  first.setAttribute("cy", mark.y);
  text.setAttribute("x", mark.x);
  text.setAttribute("y", mark.y);
  return undefined;
}

/**
 * How a line runs and where its mark stands.
 * @param how {extra, between} @param a, b the parent's and the child's box, at (sx, sy).
 */
export function geometry(how, a, b, orientation) {
  if (orientation === "list") return inList(a, b);
  const across = orientation === "lr";
  const from = across ? {x: a.sx + a.w + FOLD, y: a.sy + a.h / 2} : {x: a.sx + a.w / 2, y: a.sy + a.full + FOLD};
  const to = across ? {x: b.sx, y: b.sy + b.h / 2} : {x: b.sx + b.w / 2, y: b.sy};
  const bend = across ? Math.max(30, (to.x - from.x) / 2) : Math.max(26, (to.y - from.y) / 2);
  const c = across
    ? `${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`
    : `${from.x} ${from.y + bend} ${to.x} ${to.y - bend} ${to.x} ${to.y}`;
  let at;
  if (how.extra) at = along(from, to, bend, across);
  else if (how.between) at = across ? {x: b.sx + 26, y: b.sy - 15} : {x: b.sx - 15, y: b.sy + b.h / 2};
  else at = across ? {x: to.x - 18, y: to.y} : {x: to.x, y: to.y - 18};
  return {d: `M${from.x} ${from.y}C${c}`, mark: at, middle: {x: (from.x + to.x) / 2, y: (from.y + to.y) / 2}};
}

/** Three quarters of the way: where a second line to a card leaves room for the first one's sign. */
function along(from, to, bend, across) {
  const [t, u] = [0.72, 0.28];
  const c = across ? [from.x + bend, from.y, to.x - bend, to.y] : [from.x, from.y + bend, to.x, to.y - bend];
  const mix = (a, b, d, e) => u ** 3 * a + 3 * u * u * t * b + 3 * u * t * t * d + t ** 3 * e;
  return {x: mix(from.x, c[0], c[2], to.x), y: mix(from.y, c[1], c[3], to.y)};
}

/** Down from under the parent's corner, then right into the child. */
function inList(a, b) {
  const x = a.sx + 14;
  const [y0, y1] = [a.sy + a.h, b.sy + Math.min(b.h / 2, 40)];
  return {d: `M${x} ${y0}V${y1 - 8}Q${x} ${y1} ${x + 8} ${y1}H${b.sx}`, mark: {x, y: y1}, middle: {x, y: (y0 + y1) / 2}};
}
