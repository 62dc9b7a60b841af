// The menu of a card: every edit with a name, for those who neither drag nor know the keys. And the list of keys.

import {el, short} from "./dom.js";
import {icon} from "./icons.js";
import {savePicture} from "./save.js";

export class Menu {
  constructor(app) {
    this.app = app;
    this.panel = null;
    this.back = null;
  }

  items(id) {
    const {app} = this;
    const {model, commands, say, ui} = app;
    const node = model.nodes.get(id);
    const action = model.isAction(id);
    const ids = this.meant(id);
    if (ids.length > 1) return this.many(ids);
    const out = [["open", say("menu_open"), "Ctrl+Enter", () => commands.open(id)]];
    if (node.kids.length) {
      out.push(["levels", say(model.isOpen(id) ? "menu_close" : "menu_branch"), "Space", () => commands.fold(id)]);
    }
    if (app.root.dataset.narrow) out.push(["save", say("save_png"), "", () => savePicture(app, "png")]); // no room above
    if (!ui.editable) return out;
    out.push(["pencil", say("menu_rename"), "Enter", () => commands.rename(id)]);
    if (!action) {
      out.push(["child", say("menu_child"), "Tab", () => commands.addChild(id)]);
      out.push(["action", say("menu_action"), "A", () => commands.addChild(id, "action")]);
    }
    if (!node.primary) return out;
    out.push(["plus", say("menu_sibling"), "Shift+Enter", () => commands.addSibling(id)]);
    out.push(["up", say("menu_earlier"), "Alt+↑", () => app.moving.nudge(id, -1)]);
    out.push(["down", say("menu_later"), "Alt+↓", () => app.moving.nudge(id, 1)]);
    out.push(["move", say("menu_move"), "Ctrl+X, Ctrl+V", () => app.gestures.pickParent(ids)]);
    out.push(["trash", say("menu_delete"), "Delete", () => commands.remove(ids)]);
    return out;
  }

  /** What a menu opened on a card is for: all that is selected with it, else the card. */
  meant(id) {
    const {selected} = this.app.ui;
    return selected.has(id) ? [...selected] : [id];
  }

  /** What can be done with several cards at once. */
  many(ids) {
    const {model, commands, say, ui, gestures} = this.app;
    const branches = ids.filter((id) => model.nodes.get(id).kids.length);
    const out = [];
    if (branches.length) {
      out.push(["minus", say("menu_close"), "", () => branches.forEach((id) => commands.fold(id, false))]);
      out.push(["levels", say("menu_branch"), "", () => branches.forEach((id) => commands.fold(id, true))]);
    }
    if (!ui.editable || !ids.some((id) => model.nodes.get(id).primary)) return out;
    out.push(["move", say("menu_move"), "Ctrl+X, Ctrl+V", () => gestures.pickParent(ids)]);
    out.push(["trash", say("menu_delete"), "Delete", () => commands.remove(ids)]);
    return out;
  }

  openFor(id, px, py) {
    const {say, model} = this.app;
    const count = this.meant(id).length;
    const label = count > 1 ? say("selected_count", {count}) : say("menu_of", {name: short(model.nodes.get(id).view.name)});
    const items = this.items(id);
    if (!items.length) return;
    this.list(items, label, px, py, count > 1);
    this.back = id;
  }

  /** A menu of [icon, words, keys, what to do]; `label` names it to a screen reader, and is its heading if `told`. */
  list(items, label, px, py, told = false) {
    this.close();
    this.back = this.app.ui.cursor;
    const rows = items.map(([name, text, keys, run]) => {
      const row = el("button", "item", {type: "button", role: "menuitem", tabindex: "-1", "data-item": name}, icon(name), el("span", "", {}, text), el("kbd", "", {}, keys));
      row.addEventListener("click", () => {
        this.close(true);
        run();
      });
      return row;
    });
    const head = told ? el("div", "menu-head", {dir: "auto", "aria-hidden": "true"}, label) : null;
    this.panel = el("div", "menu", {role: "menu", "aria-label": label}, head, ...rows);
    this.panel.addEventListener("keydown", (e) => this.key(e, rows));
    this.app.stage.append(this.panel);
    this.place(px, py);
    rows[0].focus({preventScroll: true});
  }

  place(px, py) {
    const {w, h} = this.app.camera.size;
    const {offsetWidth, offsetHeight} = this.panel;
    const x = Math.max(6, Math.min(px, w - offsetWidth - 6));
    const y = Math.max(6, Math.min(py, h - offsetHeight - 6));
    this.panel.style.transform = `translate(${x}px, ${y}px)`;
  }

  key(event, rows) {
    event.stopPropagation();
    const at = rows.indexOf(event.target);
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step) rows[(at + step + rows.length) % rows.length].focus();
    else if (event.key === "Home") rows[0].focus();
    else if (event.key === "End") rows.at(-1).focus();
    else if (event.key === "Escape" || event.key === "Tab") this.close(true);
    else return;
    event.preventDefault();
  }

  /** The keys, listed. */
  help() {
    const {say, stage} = this.app;
    if (this.panel) return this.close(true);
    const lines = say("keys_table").split("\n").filter(Boolean).map((line) => line.split("|"));
    const list = el("dl", "keys", {}, ...lines.flatMap(([keys, text]) => [el("dt", "", {}, ...keys.split(" ").map((k) => el("kbd", "", {}, k))), el("dd", "", {}, text)]));
    const shut = el("button", "tool", {type: "button", "aria-label": say("close")}, icon("close"));
    shut.addEventListener("click", () => this.close(true));
    this.panel = el("div", "menu help", {role: "dialog", "aria-label": say("keys")}, el("div", "help-head", {}, el("strong", "", {}, say("keys")), shut), list);
    this.panel.addEventListener("keydown", (e) => {
      e.stopPropagation();
      if (e.key === "Escape") this.close(true);
    });
    stage.append(this.panel);
    this.place(1e6, 8);
    shut.focus({preventScroll: true});
    this.back = this.app.ui.cursor;
    return undefined;
  }

  close(refocus = false) {
    if (!this.panel) return;
    const had = this.panel.contains(this.panel.getRootNode().activeElement);
    this.panel.remove();
    this.panel = null;
    if (refocus || had) this.app.focusCard(this.back);
  }
}
