// Dragging cards to another parent or another place in the row.

import {el, short} from "./dom.js";

const EDGE = 44; // px from the rim within which the view moves by itself

export class Drag {
  constructor(app) {
    this.app = app;
    this.ids = null;
  }

  get on() {
    return this.ids !== null;
  }

  start(id, px, py) {
    const {app} = this;
    const {model, ui, say} = app;
    const ids = ui.selected.has(id) ? [...ui.selected] : [id];
    this.ids = model.topmost(ids.filter((n) => model.nodes.get(n)?.primary));
    if (!this.ids.length || !ui.editable) {
      this.ids = null;
      return false;
    }
    const name = short(model.nodes.get(this.ids[0]).view.name, 40);
    const more = this.ids.length > 1 ? el("b", "", {}, `+${this.ids.length - 1}`) : null;
    this.ghost = el("div", "ghost", {}, el("span", "", {dir: "auto"}, name), more);
    this.line = el("div", "drop-line");
    this.line.hidden = true;
    app.stage.append(this.ghost, this.line);
    app.root.classList.add("dragging");
    for (const n of this.ids) app.renderer.element(n)?.classList.add("lifted");
    app.announce(say("dragging", {name}));
    this.to(px, py);
    this.tick();
    return true;
  }

  to(px, py) {
    Object.assign(this, {px, py});
    this.ghost.style.transform = `translate(${px + 14}px, ${py + 12}px)`;
    this.aim = this.aimAt(px, py);
    this.show();
  }

  /** Near the rim the tree slides under the pointer. */
  tick() {
    if (!this.on) return;
    const {camera} = this.app;
    const {w, h} = camera.size;
    const push = (p, size) => (p < EDGE ? (EDGE - p) / 4 : p > size - EDGE ? (size - EDGE - p) / 4 : 0);
    const [dx, dy] = [push(this.px, w), push(this.py, h)];
    if (dx || dy) {
      camera.panBy(dx, dy);
      this.to(this.px, this.py);
    }
    this.timer = requestAnimationFrame(() => this.tick());
  }

  /** What a drop here would do: {parent, before, box, side} or null. */
  aimAt(px, py) {
    const {camera, model, renderer, ui} = this.app;
    const point = camera.toWorld(px, py);
    const across = ui.orientation !== "td"; // siblings stand one under the other
    const box = this.boxNear(point, renderer.boxes, across);
    if (!box || this.ids.includes(box.id)) return null;
    const along = across ? (point.y - box.y) / box.h : (point.x - box.x) / box.w;
    const actions = this.ids.some((id) => model.isAction(id));
    const parent = model.nodes.get(box.id).primary;
    if (!actions && parent && (along < 0.26 || along > 0.74)) {
      const side = along < 0.5 ? "before" : "after";
      const row = model.siblings(box.id).filter((id) => !this.ids.includes(id));
      const at = row.indexOf(box.id) + (side === "after" ? 1 : 0);
      return {parent, before: row[at] ?? null, box, side, ok: model.mayMove(this.ids, parent)};
    }
    return {parent: box.id, before: null, box, side: "into", ok: model.mayMove(this.ids, box.id)};
  }

  boxNear(point, boxes, across) {
    const pad = across ? {x: 8, y: 16} : {x: 16, y: 8};
    for (const box of boxes.values()) {
      const inX = point.x > box.x - pad.x && point.x < box.x + box.w + pad.x;
      if (inX && point.y > box.y - pad.y && point.y < box.y + box.h + pad.y) return box;
    }
    return null;
  }

  show() {
    const {app, aim} = this;
    const target = aim?.ok && aim.side === "into" ? aim.box.id : null;
    if (app.ui.target !== target) {
      app.ui.target = target;
      app.renderer.refresh();
      for (const n of this.ids) app.renderer.element(n)?.classList.add("lifted");
    }
    this.ghost.classList.toggle("no", Boolean(aim && !aim.ok));
    this.line.hidden = !aim?.ok || aim.side === "into";
    if (!this.line.hidden) this.placeLine(aim);
  }

  placeLine({box, side}) {
    const {camera, ui} = this.app;
    const across = ui.orientation !== "td";
    const gap = ui.orientation === "list" ? 8 : 15;
    const x = across ? box.x : side === "before" ? box.x - gap : box.x + box.w + gap;
    const y = across ? (side === "before" ? box.y - gap : box.y + box.h + gap) : box.y;
    const at = camera.toScreen(x, y);
    this.line.style.transform = `translate(${at.x}px, ${at.y}px)`;
    this.line.style.width = across ? `${box.w * camera.k}px` : "3px";
    this.line.style.height = across ? "3px" : `${box.h * camera.k}px`;
  }

  end(drop) {
    const {app, aim, ids} = this;
    if (!this.on) return;
    cancelAnimationFrame(this.timer);
    this.ghost.remove();
    this.line.remove();
    this.ids = null;
    app.ui.target = null;
    app.root.classList.remove("dragging");
    for (const n of ids) app.renderer.element(n)?.classList.remove("lifted");
    app.renderer.refresh();
    if (!drop || !aim) return;
    if (aim.ok) app.moving.move(ids, aim.parent, aim.before);
    else app.toast.note(app.say("cannot_move"));
  }
}
