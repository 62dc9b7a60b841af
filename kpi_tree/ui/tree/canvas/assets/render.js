// Puts on screen what is in view, and only that: cards as DOM, edges as SVG, far away everything as one drawing.

import {buildCard, buildChip, drawSpark, labelOf, markCard, updateCard} from "./card.js";
import {intersects, reducedMotion, setText} from "./dom.js";
import {EdgeLayer} from "./edges.js";
import {Overview} from "./overview.js";

const OVERSCAN = 200; // screen pixels drawn beyond the edge, so that a pan meets finished cards
const PER_FRAME = 5; // new cards a frame while moving
const MOST_CARDS = 150; // more than this in view, and the overview takes over
const FAR = 0.63; // below this zoom a card shows name, status and value only
const OVERVIEW = 0.2; // below this zoom names can't be read: one drawing

export class Renderer {
  constructor(app, parts) {
    this.app = app;
    Object.assign(this, parts); // root, world, cards (layer), edges (svg), overview (canvas)
    this.edgeLayer = new EdgeLayer(parts.edges);
    this.whole = new Overview(app, parts.overview);
    this.live = new Map();
    this.chips = new Map();
    this.boxes = new Map();
    this.order = [];
    this.version = 0;
    this.marks = 0;
    this.animation = 0;
    this.drawn = {cards: 0, mode: "full"};
  }

  setLayout(next, animate) {
    const before = this.boxes;
    const {model} = this.app;
    Object.assign(this, {boxes: next.boxes, order: next.order, bounds: next.bounds});
    const moving = animate && !reducedMotion() && next.order.length < 400;
    for (const box of next.boxes.values()) {
      const old = moving ? (before.get(box.id) ?? before.get(model.nodes.get(box.id).primary)) : null;
      box.fx = old ? old.sx : box.x;
      box.fy = old ? old.sy : box.y;
      box.sx = box.fx;
      box.sy = box.fy;
    }
    cancelAnimationFrame(this.animation);
    this.version += 1;
    if (moving && before.size) this.animate(performance.now());
    this.refresh();
  }

  animate(begun) {
    const step = (now) => {
      const t = Math.min(1, Math.max(0, (now - begun) / 190));
      const e = 1 - (1 - t) ** 3;
      for (const box of this.boxes.values()) {
        box.sx = box.fx + (box.x - box.fx) * e;
        box.sy = box.fy + (box.y - box.fy) * e;
      }
      this.version += 1;
      this.sync(true);
      if (t < 1) this.animation = requestAnimationFrame(step);
    };
    this.animation = requestAnimationFrame(step);
  }

  /** Selection, search hits or texts changed: look at every drawn card again. */
  refresh() {
    this.marks += 1;
    this.sync(true);
  }

  /** While the view moves, cards keep the look they have: a new one for all of them at once costs frames. */
  mode(visible, all) {
    const {k} = this.app.camera;
    if (k < OVERVIEW || visible > MOST_CARDS) return "overview";
    if (!all && (this.drawn.mode === "near" || this.drawn.mode === "far")) return this.drawn.mode;
    return k < FAR ? "far" : "near";
  }

  /** Does all that is in view now stand drawn already? Then moving the world is enough. */
  isDrawn() {
    const {camera} = this.app;
    if (!this.reach || this.drawn.mode === "overview" || camera.k < OVERVIEW) return false;
    const view = camera.view(0);
    const {x, y, w, h} = this.reach;
    return view.x >= x && view.y >= y && view.x + view.w <= x + w && view.y + view.h <= y + h;
  }

  /** Bring the screen in line with the camera. `all`: everything now; else a few cards a frame, no sparklines. */
  sync(all = false) {
    const {camera, model, ui} = this.app;
    if (!all && this.isDrawn()) return;
    if (!all && this.drawn.mode === "overview" && this.mode(0, false) === "overview" && this.whole.follows()) return;
    const view = camera.view(OVERSCAN);
    const inView = this.order.filter((id) => touches(this.boxes.get(id), view));
    const mode = this.mode(inView.length, all);
    if (mode !== this.drawn.mode || !this.root.dataset.zoom) {
      this.root.dataset.zoom = mode;
      this.drawn.mode = mode;
    }
    const wanted = new Set(mode === "overview" ? [] : inView);
    for (const id of this.app.pinned()) if (this.boxes.has(id)) wanted.add(id);
    this.drop(wanted);
    let budget = all ? Infinity : PER_FRAME;
    for (const id of wanted) {
      if (!this.live.has(id) && budget-- <= 0) continue;
      this.place(id, all);
    }
    this.reach = budget < 0 ? null : view;
    if (budget < 0) camera.request();
    this.syncChips(mode === "near" || mode === "far" ? wanted : new Set());
    if (all) this.tellOrder();
    if (mode === "overview") this.edgeLayer.clear();
    else this.syncEdges(view, ui);
    // Until every card is there, the drawing of the whole stands behind them.
    if (mode === "overview" || (budget < 0 && this.whole.drawn)) this.whole.show(all);
    else this.whole.hide();
    this.drawn.cards = this.live.size;
  }

  /** A screen reader meets the cards in the order of the tree, whatever the view drew first. */
  tellOrder() {
    const drawn = this.order.filter((id) => this.live.has(id));
    const ids = drawn.flatMap((id) => [id, ...this.boxes.get(id).chips.map((chip) => chip.id).filter((chip) => this.chips.has(chip))]);
    const owned = ids.map(elementId).join(" ");
    if (owned === this.owned) return;
    this.owned = owned;
    for (const id of ids) this.element(id).id = elementId(id);
    this.cards.setAttribute("aria-owns", owned);
  }

  syncEdges(view, ui) {
    const active = new Set(ui.selected);
    this.edgeLayer.sync(this.app.model, this.boxes, this.order, {
      view, orientation: ui.orientation, version: this.version, active,
    });
  }

  drop(wanted) {
    for (const [id, card] of this.live) {
      if (wanted.has(id)) continue;
      card.root.remove();
      this.live.delete(id);
    }
  }

  place(id, all) {
    const {model, say, ui} = this.app;
    const node = model.nodes.get(id);
    let card = this.live.get(id);
    if (!card) {
      card = buildCard(id);
      this.live.set(id, card);
      this.cards.append(card.root);
    }
    if (card.view !== node.view) {
      updateCard(card, node, say);
      card.look = "";
    }
    if (all && this.drawn.mode === "near" && ui.density === "full") drawSpark(card);
    if (card.marks !== this.marks) {
      card.marks = this.marks;
      markCard(card, marksOf(this.app, id, () => labelOf(node.view, node, say)));
    }
    if (card.version !== this.version) {
      card.version = this.version;
      const box = this.boxes.get(id);
      card.root.style.transform = `translate(${box.sx}px, ${box.sy}px)`;
      card.root.style.setProperty("--chips", `${box.full - box.h}px`);
    }
  }

  syncChips(wanted) {
    const keep = new Set();
    for (const id of wanted) {
      const box = this.boxes.get(id);
      if (!box || !this.live.has(id)) continue;
      for (const chip of box.chips) {
        const key = chip.id ?? `more:${id}`;
        keep.add(key);
        this.placeChip(key, chip, box);
      }
    }
    for (const [key, chip] of this.chips) {
      if (keep.has(key)) continue;
      chip.root.remove();
      this.chips.delete(key);
    }
  }

  placeChip(key, chip, box) {
    const {model, say, ui} = this.app;
    const view = chip.id ? model.nodes.get(chip.id).view : {more: chip.more};
    let item = this.chips.get(key);
    if (!item || ((item.view !== view) && (chip.id || item.view.more !== chip.more))) {
      const old = item?.root;
      const held = old && old === old.getRootNode().activeElement;
      item = {root: buildChip(chip, view, say), view};
      this.chips.set(key, item);
      if (old) old.replaceWith(item.root);
      else this.cards.append(item.root);
      if (held) item.root.focus({preventScroll: true});
    }
    item.root.style.transform = `translate(${chip.x - box.x + box.sx}px, ${chip.y - box.y + box.sy}px)`;
    item.root.style.width = `${chip.w}px`;
    if (!chip.id) {
      item.root.dataset.of = box.id;
      return;
    }
    const siblings = model.nodes.get(box.id).chips;
    item.root.setAttribute("aria-level", box.level + 1);
    item.root.setAttribute("aria-posinset", siblings.indexOf(chip.id) + 1);
    item.root.setAttribute("aria-setsize", siblings.length);
    item.root.setAttribute("aria-selected", String(ui.selected.has(chip.id)));
    item.root.setAttribute("aria-label", labelOf(view, model.nodes.get(chip.id), say));
    item.root.classList.toggle("selected", ui.selected.has(chip.id));
    item.root.tabIndex = ui.cursor === chip.id ? 0 : -1;
  }

  /** A card goes on under another id: the same element, so that it keeps the keyboard and its place. */
  adopt(temp, id) {
    for (const drawn of [this.live, this.chips]) {
      const item = drawn.get(temp);
      if (!item) continue;
      drawn.delete(temp);
      drawn.get(id)?.root.remove();
      drawn.set(id, item);
      item.root.dataset.id = id;
    }
    const box = this.boxes.get(temp);
    if (box && !this.boxes.has(id)) this.boxes.set(id, {...box, id});
  }

  /** The drawn element of a node, card or chip. */
  element(id) {
    return this.live.get(id)?.root ?? this.chips.get(id)?.root ?? null;
  }

  /** The box of a node, card or chip, in world units. */
  box(id) {
    if (this.boxes.has(id)) return this.boxes.get(id);
    const parent = this.boxes.get(this.app.model.nodes.get(id)?.primary);
    return parent?.chips.find((c) => c.id === id) ?? null;
  }

  /** Does any card touch this part of the world? */
  anyIn(view) {
    return this.order.some((id) => touches(this.boxes.get(id), view));
  }

  /** The card under a point of the world; used where no DOM card is drawn. */
  at(point) {
    for (const box of this.boxes.values()) {
      if (point.x >= box.sx && point.x <= box.sx + box.w && point.y >= box.sy && point.y <= box.sy + box.h) return box.id;
    }
    return null;
  }

  destroy() {
    cancelAnimationFrame(this.animation);
  }
}

/** What an element is called where another one names it: no blanks in it. */
const elementId = (id) => `card-${encodeURIComponent(id)}`;

function touches(box, view) {
  return intersects({x: box.sx, y: box.sy, w: box.w, h: box.full}, view);
}

/** What a card shows beside its own words: place, branch, selection, search. */
function marksOf(app, id, label) {
  const {model, ui} = app;
  const node = model.nodes.get(id);
  const siblings = model.siblings(id);
  return {
    level: app.renderer.boxes.get(id).level, place: siblings.indexOf(id) + 1, of: siblings.length,
    open: model.isOpen(id), kids: node.kids.length > 0, below: node.below, trouble: node.trouble,
    selected: ui.selected.has(id), cursor: ui.cursor === id, hit: Boolean(ui.hits?.has(id)),
    dimmed: Boolean(ui.hits && !ui.hits.has(id)), target: ui.target === id, label: label(),
  };
}

/** Say something to screen readers, once. */
export function announce(region, text) {
  setText(region, "");
  requestAnimationFrame(() => setText(region, text));
}
