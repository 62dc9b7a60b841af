// Everything a person can do to the tree, whatever hand did it: mouse, keys, touch, menu, toolbar.

import {isTemporary} from "./alias.js";
import {el, short} from "./dom.js";

const SELECT_REST = 220; // arrows held down send one selection, when they rest
const NAMED = 3; // of several cards deleted at once
const PATIENCE = 20000; // an edit without an answer for this long: say so, and offer to send it again

export class Commands {
  constructor(app) {
    this.app = app;
    this.timer = 0;
  }

  destroy() {
    clearTimeout(this.timer);
    clearTimeout(this.waiting);
  }

  // ---- selection

  select(id, {add = false, send = true, focus = true, show = true, rest = false} = {}) {
    const {ui, model, renderer} = this.app;
    if (id && !model.nodes.has(id)) return;
    if (!id) ui.selected.clear();
    else if (!add) ui.selected = new Set([id]);
    else if (ui.selected.has(id) && ui.selected.size > 1) ui.selected.delete(id);
    else ui.selected.add(id);
    if (id) ui.cursor = id;
    if (id && model.reveal(id)) this.app.relayout({keep: ui.cursor});
    renderer.refresh();
    if (id && show) this.app.show(id);
    if (id && focus) this.app.focusCard(id);
    this.app.toolbar.update();
    this.app.save();
    if (send) this.sendSelection(rest);
  }

  sendSelection(rest = false) {
    this.rest();
    this.tellPanel(this.app.outbox.seq + 1);
    const post = () => {
      this.timer = 0;
      const {ui} = this.app;
      const ids = [...ui.selected].filter((id) => !isTemporary(id)); // one just added is told of when it has its id
      const id = ids.includes(ui.cursor) ? ui.cursor : (ids[0] ?? null);
      if (!ids.length && ui.selected.size) return;
      const same = JSON.stringify([id, ids]);
      if (same === this.lastSelection) return;
      this.lastSelection = same;
      this.app.outbox.post({type: "select", id, ids});
    };
    if (rest) this.timer = setTimeout(post, SELECT_REST);
    else post();
  }

  /** The head of the panel beside the canvas shows the card at once, until Python has answered event `seq`. */
  tellPanel(seq) {
    const {ui, model, data, outbox} = this.app;
    const id = ui.selected.has(ui.cursor) ? ui.cursor : [...ui.selected][0];
    if (!model.nodes.has(id) || isTemporary(id)) return;
    const {view} = model.nodes.get(id);
    dispatchEvent(new CustomEvent("kpi-tree:selected", {detail: {key: data.key, view, source: outbox.source, seq}}));
  }

  /** A selection that waits for the keys to rest is not sent after all. */
  rest() {
    clearTimeout(this.timer);
    this.timer = 0;
  }

  get resting() {
    return this.timer > 0;
  }

  selectMany(ids) {
    const {ui} = this.app;
    ui.selected = new Set(ids);
    if (ids.length) ui.cursor = ids.at(-1);
    this.app.renderer.refresh();
    this.app.toolbar.update();
    this.app.announce(this.app.say("selected_count", {count: ids.length}));
    this.sendSelection();
  }

  // ---- branches

  fold(id, open) {
    const {model} = this.app;
    const node = model.nodes.get(id);
    if (!node?.kids.length) return;
    const next = open ?? !model.isOpen(id);
    if (next === model.isOpen(id)) return;
    model.setOpen(id, next);
    if (!next) this.rescue(id);
    this.app.relayout({keep: id});
    if (next) this.app.sight.branch(id);
    this.app.announce(this.app.say(next ? "opened" : "closed", {name: short(node.view.name), count: node.kids.length}));
  }

  /** A closed branch must not keep the cursor inside it. */
  rescue(id) {
    const {ui, model} = this.app;
    if (ui.cursor && ui.cursor !== id && model.isWithin(ui.cursor, id)) ui.cursor = id;
  }

  levels(count) {
    const {model, ui} = this.app;
    model.openLevels(count);
    while (ui.cursor && model.nodes.get(ui.cursor)?.primary && !visible(model, ui.cursor)) ui.cursor = model.nodes.get(ui.cursor).primary;
    this.app.relayout({keep: ui.cursor});
    requestAnimationFrame(() => this.app.sight.survey());
    this.app.announce(this.app.say("levels_shown", {count: Math.min(count, model.levels)}));
  }

  orientation(next) {
    this.app.ui.orientation = next;
    this.app.relayout({animate: true});
    this.app.sight.home();
  }

  density(next) {
    this.app.ui.density = next ?? (this.app.ui.density === "full" ? "compact" : "full");
    this.app.relayout({keep: this.app.ui.cursor, animate: false});
  }

  // ---- edits

  may(action) {
    if (this.app.ui.editable) return true;
    this.app.toast.note(this.app.say("read_only", {action}));
    return false;
  }

  rename(id) {
    if (!this.may("rename") || !this.app.model.nodes.has(id)) return;
    const {name} = this.app.model.nodes.get(id).view;
    this.app.show(id, false);
    this.app.editor.open(id, name, this.app.say("rename_label", {name: short(name)}), (next, kpi) => {
      const now = this.app.model.nodes.get(this.app.alias.of(id))?.view.name;
      // Somebody else gave it another name while this one was typed: Python is told what was seen, and asks.
      if (next && (kpi || next !== name)) this.edit({type: "rename", id, name: next, kpi, ...(now === name ? {} : {was: name})});
      this.app.focusCard(id);
    }, {offers: this.offers(this.app.model.isAction(id))});
  }

  /** The KPIs that a box may be named after; an action is called as one likes. */
  offers(isAction) {
    return isAction ? [] : (this.app.data.offers ?? []);
  }

  addChild(parent, kind = "kpi") {
    const {model} = this.app;
    if (!this.may("add") || !model.nodes.has(parent)) return;
    if (model.isAction(parent)) return this.addSibling(parent);
    model.setOpen(parent, true);
    this.draft({type: "add_child", parent, kind});
  }

  addSibling(id) {
    const {model} = this.app;
    const node = model.nodes.get(id);
    if (!this.may("add") || !node) return;
    if (!node.primary) return this.addChild(id);
    this.draft({type: "add_sibling", id, parent: node.primary, kind: node.view.kind === "action" ? "action" : "kpi"});
  }

  /** A card without a name yet, with its name field open; it's sent when the name is given. */
  draft(edit) {
    const {app} = this;
    const {model} = app;
    const temp = app.alias.fresh();
    const back = app.ui.cursor;
    const siblings = edit.type === "add_sibling" ? model.siblings(edit.id) : [];
    const after = siblings.indexOf(edit.id);
    const order = after >= 0 ? between(model, siblings[after], siblings[after + 1]) : 1e12;
    const draft = {...edit, temp, name: "", order, seq: Infinity, at: Infinity, draft: true};
    model.push(draft);
    app.relayout({keep: back, animate: false});
    app.show(temp, false);
    app.editor.open(temp, "", app.say("new_name"), (name, kpi) => {
      model.pending = model.pending.filter((p) => p !== draft);
      if (name) {
        app.ui.cursor = temp; // the next key is meant for the new card, whether or not Python knows of it yet
        app.ui.selected = new Set([temp]);
        this.edit({...edit, name, kpi, temp}, {order});
      } else {
        model.build();
        app.relayout({keep: app.alias.of(back), animate: false});
        this.sendSelection(true);
      }
      app.focusCard(name ? temp : back);
    }, {offers: this.offers(edit.kind === "action")});
  }

  remove(ids) {
    const {app} = this;
    const {model} = app;
    const top = model.topmost(ids.filter((id) => model.nodes.get(id)?.primary));
    if (!this.may("delete")) return;
    if (!top.length) return app.toast.note(app.say("root_stays"));
    const gone = goneWith(model, top);
    const next = model.nodes.get(top[0]).primary;
    const text = deletedWords(app, top, gone.size);
    app.ui.cursor = next;
    app.ui.selected = new Set([next]);
    this.edit({type: "delete", ids: top}, {gone: [...gone]});
    app.focusCard(next);
    app.toast.show(text, app.say("undo"), () => this.undo());
  }

  undo() {
    if (!this.may("undo")) return;
    this.app.toast.hide();
    this.app.outbox.post({type: "undo"});
    this.app.announce(this.app.say("undo_sent"));
  }

  redo() {
    if (!this.may("redo")) return;
    this.app.outbox.post({type: "redo"});
    this.app.announce(this.app.say("redo_sent"));
  }

  open(id) {
    if (isTemporary(id)) return; // it has no page yet
    this.app.outbox.post({type: "open", id});
  }

  /** Send an edit and show it as done until the server says otherwise. */
  edit(event, extra = {}) {
    const {app} = this;
    this.rest(); // a selection still waiting would arrive after the edit and out of order
    const known = app.alias.edit({...event, ...extra});
    const seq = app.outbox.post(app.alias.edit(event));
    app.model.push({...known, seq, at: Date.now()});
    this.lastSelection = null; // it may be another one afterwards
    this.tellPanel(seq);
    app.search.again();
    app.relayout({keep: app.ui.cursor});
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.remind(), PATIENCE);
  }

  /** Nothing is given up by itself: the cards stay dashed, the edits are sent again when asked for. */
  remind() {
    const {app} = this;
    const count = app.model.unanswered(Date.now() - PATIENCE + 500);
    if (!count) return;
    this.app.toast.show(app.say("unanswered", {count}), app.say("send_again"), () => {
      this.app.toast.hide();
      app.outbox.again();
    });
    this.waiting = setTimeout(() => this.remind(), PATIENCE);
  }

  /** Cards just added have their ids: the selected one is told to Python, unless the next name is being typed. */
  landed(news) {
    const {app} = this;
    if (news.some(([, id]) => app.ui.selected.has(id)) && !app.editor.field) this.sendSelection(true);
  }
}

/** One card with what hung below it, or several of them by name. */
function deletedWords({model, say}, top, all) {
  const name = top.slice(0, NAMED).map((id) => short(model.nodes.get(id).view.name)).join(", ");
  const named = Math.min(top.length, NAMED);
  if (all === named) return say("deleted", {name});
  const count = all - named;
  return top.length === 1 ? say("deleted_more", {name, count}) : say("deleted_many", {name, count});
}

function visible(model, id) {
  for (let up = model.nodes.get(id).primary; up; up = model.nodes.get(up).primary) if (!model.isOpen(up)) return false;
  return true;
}

function between(model, a, b) {
  const low = model.nodes.get(a).view.order ?? 0;
  if (!b) return low + 1;
  return (low + (model.nodes.get(b).view.order ?? low)) / 2;
}

/** What goes when these go: all that hangs below them and nowhere else. */
export function goneWith(model, ids) {
  const gone = new Set(ids);
  const byDepth = [...model.nodes.values()].sort((a, b) => a.depth - b.depth);
  for (const node of byDepth) {
    if (node.parents.length && node.parents.every((l) => gone.has(l.parent))) gone.add(node.id);
  }
  return gone;
}
