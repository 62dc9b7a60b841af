// Where to look: at first, after a branch opened, when asked for the whole.

import {layout} from "./layout.js";

// At first sight: the whole tree if names can be read (MAP), else as many levels as fit with all that cards
// say (READABLE), else the root and what stands around it (NEAR).
const MAP = 0.54;
const READABLE = 0.66;
const NEAR = 0.84;
const MANY = 120; // open branches that can't fit in any window: not worth laying out

export class Sight {
  constructor(app) {
    this.app = app;
  }

  /** The first look: where it was left, else as much as can be read. */
  first(saved) {
    const {camera, renderer} = this.app;
    if (saved && Math.abs(saved.w - camera.size.w) < 40) camera.set(saved.x, saved.y, saved.k);
    if (!saved) this.openWhatFits();
    if (this.revealWanted()) this.app.relayout({animate: false});
    if (!saved || !renderer.anyIn(camera.view(-20))) this.home();
  }

  /** Close the deepest levels until what is left can be read. */
  openWhatFits() {
    const {model, camera, ui} = this.app;
    if (ui.orientation === "list") return;
    const whole = [...model.nodes.values()].filter((n) => n.kids.length).map((n) => n.id);
    for (let levels = model.levels - 1; levels >= 1; levels -= 1) {
      if (levels > 1 && whole.filter((id) => model.levelOf(id) <= levels).length > MANY) continue;
      model.defaults = new Set(whole.filter((id) => model.levelOf(id) <= levels));
      const {k} = camera.fitTarget(layout(model, ui).bounds);
      if (k >= (levels === model.levels - 1 ? MAP : READABLE)) break;
    }
    this.app.relayout({animate: false});
  }

  /** What is selected, and what differs between two states, must not hide in a closed branch. Says if one did. */
  revealWanted() {
    const {data, model, ui} = this.app;
    const differing = data.views.filter((view) => view.diff && view.diff !== "same").map((view) => view.id);
    return [...ui.selected, ...differing].filter((id) => model.nodes.has(id) && model.reveal(id)).length > 0;
  }

  /** The whole if it can be read, else the root and what stands around it. */
  home() {
    const {camera, renderer, ui, model} = this.app;
    const compared = this.app.data.legend?.length > 0; // two states are looked at as a whole, above their legend
    const fit = camera.fitTarget(renderer.bounds, compared ? {margin: 60} : {});
    if ((fit.k >= MAP || compared) && ui.orientation !== "list") return camera.set(fit.x, fit.y, fit.k);
    const {w, h} = camera.size;
    const k = NEAR;
    const root = renderer.boxes.get(model.roots[0]);
    if (!root) return camera.set(w / 2, h / 2, k);
    if (ui.orientation === "list") return camera.set(Math.min(20, w / 24), 14, Math.max(0.82, Math.min(1, (w - 40) / renderer.bounds.w)));
    if (ui.orientation === "lr") return camera.set(24 - root.x * k, h / 2 - (root.y + root.h / 2) * k, k);
    return camera.set(w / 2 - (root.x + root.w / 2) * k, 28 - root.y * k, k);
  }

  /** After many branches opened at once: the whole where it can be made out, else the root. */
  survey() {
    if (this.app.camera.fitTarget(this.app.renderer.bounds).k >= 0.2) this.fit();
    else this.home();
  }

  fit() {
    const {camera, renderer} = this.app;
    camera.flyTo(camera.fitTarget(renderer.bounds), true);
  }

  /** A branch just opened: bring its cards into view, as far as they fit beside their parent. */
  branch(id) {
    const {camera, renderer, model} = this.app;
    const own = renderer.boxes.get(id);
    const kids = model.nodes.get(id).kids.map((l) => renderer.boxes.get(l.child)).filter(Boolean);
    const {w, h} = camera.size;
    const fits = (r) => r.w * camera.k < w - 40 && r.h * camera.k < h - 40;
    const middle = (b) => Math.abs(b.y + b.h / 2 - own.y - own.h / 2) + Math.abs(b.x - own.x);
    kids.sort((a, b) => middle(a) - middle(b));
    let rect = {x: own.x, y: own.y, w: own.w, h: own.full};
    for (const kid of kids) {
      const more = union(rect, kid);
      if (!fits(more)) break;
      rect = more;
    }
    camera.reveal(rect, true);
  }
}

function union(a, b) {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {x, y, w: Math.max(a.x + a.w, b.x + b.w) - x, h: Math.max(a.y + a.h, b.y + (b.full ?? b.h)) - y};
}
