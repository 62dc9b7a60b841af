// Hanging nodes elsewhere: dragged, cut and put, pointed at, nudged along the row. What leaves a formula is asked about.

import {short} from "./dom.js";

const NAME = 28; // letters of a name in a question

export class Moving {
  constructor(app) {
    this.app = app;
    this.clip = [];
  }

  /**
   * Hang nodes under `parent`, before the sibling `before` (or last).
   * @param as what becomes of a part of a formula: "influence", "formula" (of the new parent), "both" (it stays
   *   where it is and influences the new parent too); without it the person is asked.
   */
  move(ids, parent, before = null, as = "") {
    const {app} = this;
    const {model, commands} = app;
    const top = model.topmost(ids);
    if (!commands.may("move")) return false;
    if (!model.mayMove(top, parent)) {
      app.toast.note(app.say("cannot_move"));
      return false;
    }
    const left = top.find((id) => model.nodes.get(id).primary !== parent && model.link(id)?.kind === "formula");
    if (left && !as) return this.ask(left, top, parent, before);
    const from = top.map((id) => model.nodes.get(id).primary);
    const chips = top.every((id) => model.isAction(id));
    const row = (chips ? model.nodes.get(parent).chips : model.nodes.get(parent).kids.map((l) => l.child)).filter((c) => !top.includes(c));
    const at = before === null ? row.length : Math.max(0, row.indexOf(before));
    row.splice(at, 0, ...top);
    model.setOpen(parent, true);
    const name = short(model.nodes.get(top[0]).view.name);
    const old = short(model.nodes.get(from[0])?.view.name);
    const event = {type: "move", ids: top, from, parent, before};
    commands.edit(as ? {...event, as} : event, {renumber: Object.fromEntries(row.map((id, i) => [id, i]))});
    app.focusCard(app.ui.cursor);
    if (left && as !== "both") app.toast.show(app.say("left_formula", {name, parent: old}), app.say("undo"), () => commands.undo());
    else app.announce(app.say("moved", {name, parent: short(model.nodes.get(parent).view.name)}));
    return true;
  }

  /** A part of a formula is about to leave it: what shall it be below the new parent? */
  ask(left, top, parent, before) {
    const {app} = this;
    const {model, say, camera} = app;
    const named = (id) => short(model.nodes.get(id).view.name, NAME);
    const words = {name: named(left), old: named(model.nodes.get(left).primary), parent: named(parent)};
    const way = (icon, text, as) => [icon, say(text, words), "", () => this.move(top, parent, before, as)];
    const rows = [
      way("influence", "as_influence", "influence"),
      way("formula", "as_formula", "formula"),
      way("both", "as_both", "both"),
      ["close", say("cancel"), "", () => app.focusCard(app.ui.cursor)],
    ];
    const box = app.renderer.box(parent);
    const at = box ? camera.toScreen(box.x + 20, box.y + 40) : {x: 20, y: 20};
    app.menu.list(rows, say("ask_formula", words), at.x, at.y, true);
    return true;
  }

  /** One place up or down among its siblings. */
  nudge(id, step) {
    const {model} = this.app;
    const row = model.siblings(id);
    const at = row.indexOf(id);
    const to = at + step;
    if (at < 0 || to < 0 || to >= row.length || !model.nodes.get(id).primary) return;
    const before = step < 0 ? row[to] : (row[to + 1] ?? null);
    this.move([id], model.nodes.get(id).primary, before);
  }

  cut(ids) {
    if (!this.app.commands.may("move")) return;
    this.clip = this.app.model.topmost(ids.filter((id) => this.app.model.nodes.get(id)?.primary));
    if (this.clip.length) this.app.announce(this.app.say("cut", {count: this.clip.length}));
  }

  paste(parent) {
    const {model} = this.app;
    const ids = this.clip.filter((id) => model.nodes.has(id));
    if (ids.length && this.move(ids, model.isAction(parent) ? model.nodes.get(parent).primary : parent)) this.clip = [];
  }
}
