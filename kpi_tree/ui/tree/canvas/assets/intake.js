// What Python sends, taken into what the person sees and has under the hand: nobody loses the place or the keyboard.

export class Intake {
  constructor(app) {
    this.app = app;
  }

  take(data, first) {
    const {app} = this;
    const {model, ui} = app;
    const ack = data.ack?.source === app.outbox.source ? data.ack : {seq: 0};
    const held = app.focused() !== null;
    const above = this.chain(ui.cursor);
    app.outbox.answered(ack.seq);
    const news = app.alias.learn(ack.made);
    const bare = model.nodes.size === 1;
    model.load(data.views, data.edges, ack.seq, app.alias);
    this.adopt(news);
    if (!model.nodes.has(ui.cursor)) ui.cursor = above.map((id) => app.alias.of(id)).find((id) => model.nodes.has(id)) ?? null;
    if (data.legend?.length) app.sight.revealWanted();
    this.applySelection(data.selection, first);
    app.root.dataset.size = model.nodes.size;
    app.root.dataset.density = ui.density;
    app.search.again();
    app.relayout({animate: !first, keep: ui.cursor});
    if (bare && model.nodes.size > 1) app.sight.home(); // one box became a tree
    if (held && app.focused() !== ui.cursor) app.focusCard(ui.cursor);
    app.commands.landed(news);
    app.toast.led(data.notice);
    if (first) app.firstView();
  }

  /** A card and all above it, the nearest first: where the cursor goes when it is refused, undone or deleted. */
  chain(id) {
    const {nodes} = this.app.model;
    const found = [];
    for (let up = nodes.get(id)?.primary; up; up = nodes.get(up)?.primary) found.push(up);
    return found;
  }

  /** Cards that were added here have their ids now: everything that stood for them goes on under those. */
  adopt(news) {
    const {app} = this;
    const {ui, model, renderer, alias} = app;
    for (const [temp, id] of news) {
      if (ui.cursor === temp) ui.cursor = id;
      if (ui.selected.delete(temp)) ui.selected.add(id);
      if (model.choices.has(temp)) model.choices.set(id, model.choices.get(temp));
      model.choices.delete(temp);
      renderer.adopt(temp, id);
    }
    if (!news.length) return;
    app.editor.id = alias.of(app.editor.id);
    app.moving.clip = app.moving.clip.map((id) => alias.of(id));
    app.drag.ids = app.drag.ids?.map((id) => alias.of(id)) ?? null;
    app.gestures.picking = app.gestures.picking?.map((id) => alias.of(id)) ?? null;
  }

  /** Python's selection counts when it's new and no older than what was done here; otherwise the one made here stays. */
  applySelection(selection, first) {
    const {app} = this;
    const {ui, model} = app;
    const fresh = selection?.token !== app.token && !this.outdated(selection);
    app.token = selection?.token;
    for (const id of ui.selected) if (!model.nodes.has(id)) ui.selected.delete(id);
    if (ui.cursor && !model.nodes.has(ui.cursor)) ui.cursor = null;
    if (fresh) app.commands.lastSelection = null; // what was sent last is not what Python has now
    if (fresh && selection && model.nodes.has(selection.id)) {
      ui.selected = new Set([selection.id]);
      ui.cursor = selection.id;
      model.reveal(selection.id);
      if (!first) requestAnimationFrame(() => app.show(selection.id));
    } else if (fresh && selection && !selection.id) {
      ui.selected.clear();
    }
    if (!ui.cursor) ui.cursor = [...ui.selected][0] ?? model.roots[0] ?? null;
    if (!ui.selected.size && ui.cursor && selection?.id) ui.selected.add(ui.cursor);
  }

  /** Did the person go on here after what Python's selection rests on? */
  outdated(selection) {
    const {app} = this;
    if (selection?.source !== app.outbox.source) return false;
    return selection.seq < app.outbox.seq || app.commands.resting || Boolean(app.editor.field);
  }
}
