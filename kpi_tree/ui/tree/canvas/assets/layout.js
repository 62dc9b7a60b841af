// Where every visible card stands. One layer a level; breadth by d3-hierarchy's tidy tree.

import {hierarchy, tree} from "./vendor/d3-hierarchy.js";

export const CARD = {
  full: {w: 264, h: 136},
  compact: {w: 212, h: 62},
};
const LIST_WIDTH = {full: 280, compact: 240};
export const CHIP = {h: 26, gap: 4, first: 6, most: 3};
const GAP = {sibling: 30, cousin: 44, row: 16, layer: {lr: 96, td: 80}};
const INDENT = 28;

/** Height that the chips under a card take. */
export function chipsHeight(count) {
  if (!count) return 0;
  const rows = Math.min(count, CHIP.most) + (count > CHIP.most ? 1 : 0);
  return CHIP.first + rows * CHIP.h + (rows - 1) * CHIP.gap;
}

/**
 * Place the open part of the tree.
 * @returns {{boxes: Map<string, Box>, order: string[], bounds: Rect}} boxes by id; ids in reading order.
 *   A Box is {id, x, y, w, h, chips: [{id, x, y, w, h}], level}; x, y its top left corner.
 */
export function layout(model, {orientation, density}) {
  const card = CARD[density];
  if (orientation === "list") return listLayout(model, {w: LIST_WIDTH[density], h: card.h});
  const across = orientation === "lr";
  const root = hierarchy({id: null}, (d) => visibleChildren(model, d.id));
  const size = (node) => (node.data.id === null ? 1 : breadthOf(model, node.data.id, card, across));
  tree()
    .nodeSize([1, 1])
    .separation((a, b) => (size(a) + size(b)) / 2 + (a.parent === b.parent ? GAP.sibling : GAP.cousin))(root);
  const depths = layerOffsets(model, root, card, across);
  const boxes = new Map();
  const order = [];
  root.eachBefore((node) => {
    if (node.data.id === null) return;
    order.push(node.data.id);
    boxes.set(node.data.id, boxOf(model, node, card, across, depths[node.depth]));
  });
  return {boxes, order, bounds: boundsOf(boxes)};
}

/** An indented list, one card a row: what fits a telephone. */
function listLayout(model, card) {
  const boxes = new Map();
  const order = [];
  let y = 0;
  const walk = (id, level) => {
    const box = chipsOf(model, {id, x: (level - 1) * INDENT, y, w: card.w, h: card.h, level}, 30);
    boxes.set(id, box);
    order.push(id);
    y += box.full + GAP.row;
    if (model.isOpen(id)) model.nodes.get(id).kids.forEach((l) => walk(l.child, level + 1));
  };
  model.roots.forEach((id) => walk(id, 1));
  return {boxes, order, bounds: boundsOf(boxes)};
}

function visibleChildren(model, id) {
  if (id === null) return model.roots.map((r) => ({id: r}));
  return model.isOpen(id) ? model.nodes.get(id).kids.map((l) => ({id: l.child})) : [];
}

function breadthOf(model, id, card, across) {
  return across ? card.h + chipsHeight(model.nodes.get(id).chips.length) : card.w;
}

function layerOffsets(model, root, card, across) {
  const deepest = [];
  root.each((node) => {
    if (node.data.id === null) return;
    const size = across ? card.w : card.h + chipsHeight(model.nodes.get(node.data.id).chips.length);
    deepest[node.depth] = Math.max(deepest[node.depth] ?? 0, size);
  });
  const offsets = [0, 0];
  for (let d = 2; d < deepest.length; d += 1) {
    offsets[d] = offsets[d - 1] + deepest[d - 1] + GAP.layer[across ? "lr" : "td"];
  }
  return offsets;
}

function boxOf(model, node, card, across, offset) {
  const id = node.data.id;
  const breadth = breadthOf(model, id, card, across);
  const start = node.x - breadth / 2;
  return chipsOf(model, {id, x: across ? offset : start, y: across ? start : offset, w: card.w, h: card.h, level: node.depth});
}

/** A card's box with the chips that hang below it. */
function chipsOf(model, box, inset = 14) {
  const {chips} = model.nodes.get(box.id);
  box.chips = [];
  let y = box.y + box.h + CHIP.first;
  for (const chip of chips.slice(0, CHIP.most)) {
    box.chips.push({id: chip, x: box.x + inset, y, w: box.w - inset, h: CHIP.h});
    y += CHIP.h + CHIP.gap;
  }
  if (chips.length > CHIP.most) {
    box.chips.push({id: null, more: chips.length - CHIP.most, x: box.x + inset, y, w: box.w - inset, h: CHIP.h});
  }
  box.full = chipsHeight(chips.length) + box.h;
  return box;
}

export function boundsOf(boxes) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const b of boxes.values()) {
    x0 = Math.min(x0, b.x);
    y0 = Math.min(y0, b.y);
    x1 = Math.max(x1, b.x + b.w);
    y1 = Math.max(y1, b.y + b.full);
  }
  return x0 > x1 ? {x: 0, y: 0, w: 1, h: 1} : {x: x0, y: y0, w: x1 - x0, h: y1 - y0};
}
