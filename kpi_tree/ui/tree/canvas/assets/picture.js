// The tree as one SVG picture, as the canvas draws it: the same model, layout, lines and icons, written as text.
// The browser saves with it what is on screen; the program makes its SVG, PNG and printed page with it.

import {FOLD, geometry, isBetween, lineWidth, markText, SHIELD} from "./edges.js";
import {layout} from "./layout.js";
import {Model} from "./model.js";
import {mix, plain, tag, text} from "./pen.js";
import {drawCard, drawChip} from "./picture_card.js";

const MARGIN = 32;
const HEAD = 58; // the title's room above the tree
const FONT = "Inter, 'Hiragino Sans', 'Yu Gothic UI', 'Noto Sans CJK JP', 'Noto Sans JP', system-ui, sans-serif";

/** The colours that the canvas mixes from those of the theme, as canvas.css does. */
export function paintOf(theme) {
  const tint = (share) => mix(theme.ink, theme.ground, share);
  return {
    ...theme, line: tint(0.26), hair: tint(0.15), soft: tint(0.68), card: tint(0.03), groove: tint(0.11),
    stage: mix(theme.side, theme.ground, 0.55),
  };
}

/** A model of a tree with nothing on screen: `levels` open, all of them where it is not said. */
export function modelOf({views, edges, levels}) {
  const model = new Model();
  model.load(views, edges, 0);
  model.openLevels(levels ?? Infinity);
  return model;
}

/** Boxes of the open part by id, in reading order: what a test compares with the screen. */
export function places(data) {
  const {boxes, order} = layout(modelOf(data), data);
  return order.map((id) => {
    const {x, y, w, h, full, chips} = boxes.get(id);
    return {id, x, y, w, h, full, chips: chips.map((c) => [c.id, c.x, c.y, c.w, c.h])};
  });
}

/** The picture of data as Python gives it to the canvas, with `orientation density levels theme title note font`. */
export function pictureOf(data) {
  const say = (key) => data.texts?.[key] ?? key;
  return picture(modelOf(data), data, {...data, say});
}

/**
 * The picture of a model.
 * @param model what is open in it is drawn open
 * @param how {orientation, density}
 * @param dress {theme, say, lang, title, note, face}: `face` is CSS that brings the letters along
 */
export function picture(model, {orientation, density}, {theme, say, lang, title, note, face}) {
  const paint = paintOf(theme);
  const {boxes, order, bounds} = layout(model, {orientation, density});
  const head = title ? HEAD : 0;
  const room = roomFor(model, boxes, bounds, orientation);
  const size = {w: Math.max(room.w + 2 * MARGIN, head ? 360 : 0), h: room.h + 2 * MARGIN + head};
  for (const box of boxes.values()) Object.assign(box, {sx: box.x, sy: box.y, fold: orientation});
  const dress = {density, paint, lang, say};
  const body = [
    ...lines(model, boxes, order, orientation, paint),
    ...order.map((id) => drawCard(model.nodes.get(id), boxes.get(id), {...dress, open: model.isOpen(id)})),
    ...order.flatMap((id) => boxes.get(id).chips.map((c) => drawChip(c, c.id && model.nodes.get(c.id).view, dress))),
  ];
  const attrs = {
    xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${size.w} ${size.h}`, width: size.w, height: size.h,
    role: "img", "font-family": FONT, lang,
  };
  return tag("svg", attrs,
    tag("title", {}, plain(title || say("tree"))),
    face ? `<style>${face}</style>` : "",
    tag("rect", {width: size.w, height: size.h, fill: paint.stage}),
    title ? text(title, MARGIN, MARGIN + 18, {size: 20, weight: 600, fill: paint.ink, max: size.w - 2 * MARGIN}) : "",
    note ? text(note, MARGIN, MARGIN + 40, {size: 12.5, fill: paint.soft, max: size.w - 2 * MARGIN}) : "",
    tag("g", {transform: `translate(${MARGIN - bounds.x} ${MARGIN + head - bounds.y})`}, ...body),
  );
}

/** The bounds with what sticks out: the counts on closed branches. */
function roomFor(model, boxes, bounds, orientation) {
  let {w, h} = bounds;
  for (const [id, box] of boxes) {
    if (model.isOpen(id) || !model.nodes.get(id).kids.length) continue;
    if (orientation === "lr") w = Math.max(w, box.x - bounds.x + box.w + 48);
    else h = Math.max(h, box.y - bounds.y + box.full + 26);
  }
  return {w, h};
}

function lines(model, boxes, order, orientation, paint) {
  const out = [];
  for (const id of order) {
    if (!model.isOpen(id)) continue;
    out.push(stub(boxes.get(id), orientation, paint));
    model.nodes.get(id).kids.forEach((link, index) => out.push(line(link, index, false, boxes, orientation, paint)));
  }
  for (const link of model.extra) {
    if (boxes.has(link.parent) && boxes.has(link.child)) out.push(line(link, 0, true, boxes, orientation, paint));
  }
  return out;
}

/** On screen a button stands where a branch's lines begin; on paper they begin at the card. */
function stub(box, orientation, paint) {
  if (orientation === "list") return "";
  const [x, y] = orientation === "lr" ? [box.x + box.w, box.y + box.h / 2] : [box.x + box.w / 2, box.y + box.full];
  return tag("path", {d: `M${x} ${y}${orientation === "lr" ? "h" : "v"}${FOLD}`, stroke: paint.line, "stroke-width": 1.6});
}

const DASHES = {influence: "6 5", guardrail: "1.5 4.5"};

function line(link, index, extra, boxes, orientation, paint) {
  const how = {extra, between: isBetween(link, index, extra)};
  const {d, mark} = geometry(how, boxes.get(link.parent), boxes.get(link.child), orientation);
  const guard = link.kind === "guardrail";
  const path = tag("path", {
    d, fill: "none", stroke: paint.line, "stroke-width": lineWidth(link, extra, orientation), opacity: extra ? 0.8 : null,
    "stroke-dasharray": DASHES[link.kind], "stroke-linecap": guard ? "round" : null,
  });
  return path + sign(link, markText(link, index, extra), mark, paint);
}

function sign(link, words, at, paint) {
  const place = {transform: `translate(${at.x} ${at.y})`};
  if (link.kind === "guardrail") return tag("g", place, tag("path", {d: SHIELD, fill: paint.ground, stroke: paint.soft, "stroke-width": 1.5}));
  if (!words) return "";
  const dashes = link.kind === "formula" ? null : "2.5 2";
  return tag("g", place,
    tag("circle", {r: 10, fill: paint.ground, stroke: paint.line, "stroke-width": 1.2, "stroke-dasharray": dashes}),
    text(words, 0, 5, {size: 14, weight: 600, fill: paint.ink, middle: true}),
  );
}

/** The same places as text, for whoever cannot take objects. */
export const placesText = (data) => JSON.stringify(places(data));
