// Keys. All of them stop here: Streamlit has hotkeys of its own on the page.

export class Keyboard {
  constructor(app) {
    this.app = app;
    this.free = false; // after Escape, Tab leaves the tree as it does anywhere else
    app.root.addEventListener("keydown", (e) => this.down(e));
    app.root.addEventListener("keyup", (e) => this.up(e));
    app.root.addEventListener("keypress", (e) => e.stopPropagation());
    app.cards.addEventListener("focusin", (e) => this.focused(e));
    app.cards.addEventListener("focusout", () => {
      this.free = false;
      app.gestures.space = null;
    });
  }

  focused(event) {
    const id = event.target.closest?.("[data-id]")?.dataset.id;
    if (id) this.app.ui.cursor = id;
  }

  up(event) {
    event.stopPropagation();
    if (event.key === " ") this.letSpaceGo();
  }

  down(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    const typing = event.composedPath()[0].matches?.("input, textarea, select");
    if (!typing && this.anywhere(event)) return event.preventDefault();
    const inTree = event.composedPath()[0].closest?.(".cards");
    if (inTree && this.inTree(event)) event.preventDefault();
    return undefined;
  }

  /** Keys that mean the same on the tree and on the toolbar. */
  anywhere(event) {
    const {app} = this;
    const {commands} = app;
    const mod = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (event.key === "Escape" && (app.drag.on || app.gestures.picking)) {
      app.drag.end(false);
      app.gestures.state = "idle";
      app.gestures.dropPick();
      return true;
    }
    if (mod && key === "z") return this.run(() => (event.shiftKey ? commands.redo() : commands.undo()));
    if (mod && key === "y") return this.run(() => commands.redo());
    if ((mod && key === "f") || key === "/") return this.run(() => app.search.focus());
    if (mod) return false;
    if (event.key === "?") return this.run(() => app.menu.help());
    return false;
  }

  run(action) {
    action();
    return true;
  }

  inTree(event) {
    const {app} = this;
    const {commands, ui} = app;
    const id = ui.cursor;
    if (!id) return false;
    const mod = event.ctrlKey || event.metaKey;
    if (event.key.startsWith("Arrow")) return this.arrow(event, id);
    if (event.key === "Tab") return this.tab(event, id);
    const ids = ui.selected.has(id) ? [...ui.selected] : [id];
    switch (event.key) {
      case "Enter":
        if (mod) return this.run(() => commands.open(id));
        return this.run(() => (event.shiftKey ? commands.addSibling(id) : commands.rename(id)));
      case "F2": return this.run(() => commands.rename(id));
      case "Insert": return this.run(() => commands.addChild(id));
      case "Delete": case "Backspace": return this.run(() => commands.remove(ids));
      case " ": return mod ? this.run(() => commands.select(id, {add: true})) : this.holdSpace(id);
      case "Home": return this.run(() => commands.select(app.model.roots[0], {rest: true}));
      case "End": return this.run(() => commands.select(app.renderer.order.at(-1), {rest: true}));
      case "Escape": return this.escape();
      case "ContextMenu": return this.menu(id);
      case "F10": return event.shiftKey && this.menu(id);
      case "+": case "=": return this.zoom(1.25);
      case "-": case "_": return this.zoom(0.8);
      case "0": return this.run(() => app.sight.fit());
      case "*": return this.run(() => commands.levels(99));
      default: return this.letter(event, id, ids, mod);
    }
  }

  /** Held down, the space bar is a hand that moves the view; let go without that, it opens or closes the branch. */
  holdSpace(id) {
    const {gestures} = this.app;
    if (!gestures.space) gestures.space = {id, used: false};
    return true;
  }

  letSpaceGo() {
    const {gestures, commands, model} = this.app;
    const {space} = gestures;
    gestures.space = null;
    if (!space || space.used || !model.nodes.has(space.id)) return;
    if (model.nodes.get(space.id).kids.length) commands.fold(space.id);
    else commands.select(space.id);
  }

  letter(event, id, ids, mod) {
    const {commands, model} = this.app;
    const key = event.key.toLowerCase();
    if (mod && key === "a") return this.run(() => commands.selectMany(model.siblings(id).filter((n) => this.app.renderer.box(n))));
    if (mod && key === "x") return this.run(() => this.app.moving.cut(ids));
    if (mod && key === "v") return this.run(() => this.app.moving.paste(id));
    if (!mod && !event.altKey && key === "a") return this.run(() => commands.addChild(id, "action"));
    return false;
  }

  escape() {
    const {commands, ui} = this.app;
    this.free = true;
    if (ui.selected.size > 1) commands.select(ui.cursor);
    this.app.announce(this.app.say("tab_free"));
    return true;
  }

  /** Tab adds a child; Shift+Tab goes back, and after Escape Tab goes on, so that nobody is held here. */
  tab(event, id) {
    if (event.shiftKey || this.free || !this.app.ui.editable) return false;
    this.app.commands.addChild(id);
    return true;
  }

  menu(id) {
    const {app} = this;
    app.show(id, false);
    const box = app.renderer.box(id);
    const at = app.camera.toScreen(box.x + 20, box.y + 20);
    app.menu.openFor(id, at.x, at.y);
    return true;
  }

  zoom(factor) {
    const {camera} = this.app;
    camera.zoomAt(factor, camera.size.w / 2, camera.size.h / 2);
    return true;
  }

  arrow(event, id) {
    const {app} = this;
    if (app.ui.orientation === "list" && !event.altKey) return this.listArrow(event, id);
    const across = app.ui.orientation !== "td";
    const into = across ? "ArrowRight" : "ArrowDown";
    const out = across ? "ArrowLeft" : "ArrowUp";
    const back = across ? "ArrowUp" : "ArrowLeft";
    if (event.altKey) {
      if (event.key === into || event.key === out) return false;
      return this.run(() => app.moving.nudge(id, event.key === back ? -1 : 1));
    }
    let next = null;
    if (event.key === into) next = this.inward(id, across);
    else if (event.key === out) next = this.outward(id, across);
    else next = this.sideways(id, event.key === back ? -1 : 1, across);
    if (next) app.commands.select(next, {add: event.shiftKey && !app.ui.selected.has(next), rest: true});
    return true;
  }

  /** In the list: up and down by rows, right opens or goes in, left closes or goes out. */
  listArrow(event, id) {
    const {model, commands, renderer} = this.app;
    const node = model.nodes.get(id);
    const rows = renderer.order.flatMap((n) => [n, ...renderer.boxes.get(n).chips.map((c) => c.id).filter(Boolean)]);
    let next = null;
    if (event.key === "ArrowDown") next = rows[rows.indexOf(id) + 1];
    else if (event.key === "ArrowUp") next = rows[rows.indexOf(id) - 1];
    else if (event.key === "ArrowRight" && model.isOpen(id)) next = node.kids[0].child;
    else if (event.key === "ArrowRight") commands.fold(id, true);
    else if (model.isOpen(id)) commands.fold(id, false);
    else next = node.primary;
    if (next) commands.select(next, {add: event.shiftKey && !this.app.ui.selected.has(next), rest: true});
    return true;
  }

  inward(id, across) {
    const {model, commands} = this.app;
    const node = model.nodes.get(id);
    if (!across && node.chips.length) return node.chips[0];
    if (model.isAction(id)) return across ? null : this.afterChip(id);
    if (!node.kids.length) return across ? (node.chips[0] ?? null) : null;
    if (!model.isOpen(id)) {
      commands.fold(id, true);
      return null;
    }
    return this.middle(node.kids.map((l) => l.child), id, across);
  }

  /** In a top-down tree the chips stand between a card and its children. */
  afterChip(id) {
    const {model} = this.app;
    const parent = model.nodes.get(model.nodes.get(id).primary);
    const shown = parent.chips.filter((c) => this.app.renderer.box(c));
    const next = shown[shown.indexOf(id) + 1];
    if (next) return next;
    return model.isOpen(parent.id) ? (parent.kids[0]?.child ?? null) : null;
  }

  outward(id, across) {
    const {model} = this.app;
    const node = model.nodes.get(id);
    if (!across && model.isAction(id)) {
      const row = model.siblings(id);
      return row[row.indexOf(id) - 1] ?? node.primary;
    }
    return node.primary;
  }

  /** Of the children, the one that stands nearest beside the card. */
  middle(ids, id, across) {
    const {renderer} = this.app;
    const center = (box) => (across ? box.y + box.h / 2 : box.x + box.w / 2);
    const at = center(renderer.box(id));
    const shown = ids.filter((c) => renderer.boxes.has(c));
    return shown.reduce((a, b) => (Math.abs(center(renderer.boxes.get(b)) - at) < Math.abs(center(renderer.boxes.get(a)) - at) ? b : a), shown[0]) ?? null;
  }

  /** The next card on the same level, cousins too; in a left-right tree the chips below a card come first. */
  sideways(id, step, across) {
    const {model, renderer} = this.app;
    if (model.isAction(id)) return across ? this.fromChip(id, step) : null;
    if (across && step > 0) {
      const chip = model.nodes.get(id).chips.find((c) => renderer.box(c));
      if (chip) return chip;
    }
    const row = this.level(id, across);
    const next = row[row.indexOf(id) + step] ?? null;
    if (across && step < 0 && next) {
      const chips = model.nodes.get(next).chips.filter((c) => renderer.box(c));
      return chips.at(-1) ?? next;
    }
    return next;
  }

  fromChip(id, step) {
    const {model, renderer} = this.app;
    const parent = model.nodes.get(id).primary;
    const shown = model.siblings(id).filter((c) => renderer.box(c));
    const next = shown[shown.indexOf(id) + step];
    if (next) return next;
    if (step < 0) return parent;
    const row = this.level(parent, true);
    return row[row.indexOf(parent) + 1] ?? null;
  }

  level(id, across) {
    const {renderer} = this.app;
    const {level} = renderer.boxes.get(id) ?? {};
    const row = renderer.order.filter((n) => renderer.boxes.get(n).level === level);
    return row.sort((a, b) => (across ? renderer.boxes.get(a).y - renderer.boxes.get(b).y : renderer.boxes.get(a).x - renderer.boxes.get(b).x));
  }
}
