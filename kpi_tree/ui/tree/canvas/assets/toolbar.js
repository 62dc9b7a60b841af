// The row above the tree. Buttons say their name and their key.

import {el, setText} from "./dom.js";
import {icon} from "./icons.js";
import {savePicture} from "./save.js";

/** The button turns the tree from one way of drawing to the next. */
export const NEXT = {lr: "td", td: "list", list: "lr"};

export class Toolbar {
  constructor(app) {
    this.app = app;
    const {commands, camera} = app;
    const zoomBy = (f) => () => camera.zoomAt(f, camera.size.w / 2, camera.size.h / 2);
    const target = () => [...app.ui.selected].at(-1) ?? app.ui.cursor;
    this.buttons = {
      child: this.button("child", () => commands.addChild(target()), "edit"),
      undo: this.button("undo", () => commands.undo(), "edit"),
      redo: this.button("redo", () => commands.redo(), "edit"),
      more: this.button("more", () => this.menu(target())),
      minus: this.button("minus", zoomBy(0.8), "zoom"),
      plus: this.button("plus", zoomBy(1.25), "zoom"),
      fit: this.button("fit", () => app.sight.fit()),
      turn: this.button("lr", () => commands.orientation(NEXT[app.ui.orientation])),
      size: this.button("compact", () => commands.density()),
      save: this.button("save", () => this.saveMenu(), "wide"),
      help: this.button("help", () => app.menu.help(), "wide"),
    };
    this.zoom = el("span", "zoom-text", {"aria-hidden": "true"});
    this.levels = el("select", "levels");
    this.levelsBox = el("span", "levels-box", {}, icon("levels"), this.levels);
    this.levels.addEventListener("change", () => commands.levels(Number(this.levels.value)));
    const b = this.buttons;
    const group = (cls, ...children) => el("div", `group ${cls}`, {}, ...children);
    app.bar.append(
      app.search.box,
      group("edit", b.child, b.undo, b.redo, b.more),
      el("span", "space"),
      group("view", this.levelsBox, b.turn, b.size),
      group("zoom", b.minus, this.zoom, b.plus, b.fit),
      group("wide", b.save, b.help),
    );
  }

  button(name, run) {
    const button = el("button", "tool", {type: "button", "data-tool": name}, icon(name));
    button.addEventListener("click", run);
    return button;
  }

  saveMenu() {
    const {app} = this;
    const {say} = app;
    const forms = [
      ["save", say("save_svg"), "", () => savePicture(app, "svg")],
      ["save", say("save_png"), "", () => savePicture(app, "png")],
    ];
    app.menu.list(forms, say("tool_save"), 1e6, 8);
  }

  menu(id) {
    const {app} = this;
    if (!id) return;
    app.show(id, false);
    const box = app.renderer.box(id);
    const at = box ? app.camera.toScreen(box.x + 20, box.y + 20) : {x: 20, y: 20};
    app.menu.openFor(id, at.x, at.y);
  }

  name(button, key) {
    const text = this.app.say(key);
    if (button.title === text) return;
    button.title = text;
    button.setAttribute("aria-label", text);
  }

  update() {
    const {app, buttons: b} = this;
    const {ui, say} = app;
    app.bar.setAttribute("aria-label", say("tools"));
    app.search.field.placeholder = say("search");
    app.search.field.setAttribute("aria-label", say("search"));
    for (const [button, key] of [[b.child, "tool_child"], [b.undo, "tool_undo"], [b.redo, "tool_redo"], [b.more, "tool_more"], [b.minus, "tool_out"], [b.plus, "tool_in"], [b.fit, "tool_fit"], [b.save, "tool_save"], [b.help, "keys"]]) this.name(button, key);
    const turned = NEXT[ui.orientation];
    this.name(b.turn, `tool_${turned}`);
    this.name(b.size, ui.density === "full" ? "tool_compact" : "tool_full");
    this.face(b.turn, turned);
    this.face(b.size, ui.density === "full" ? "compact" : "full");
    for (const button of [b.child, b.undo, b.redo]) button.hidden = !ui.editable;
    b.more.disabled = !ui.cursor;
    this.fillLevels();
    this.zoomed();
  }

  face(button, name) {
    if (button.firstChild.dataset.icon !== name) button.replaceChildren(icon(name));
  }

  fillLevels() {
    const {model, say} = this.app;
    const count = Math.min(model.levels - 1, 8);
    const look = `${count}|${say("levels")}`;
    this.levelsBox.hidden = count < 1;
    if (look === this.look) return;
    this.look = look;
    this.levels.setAttribute("aria-label", say("levels"));
    this.levels.title = say("levels");
    const option = (value, text) => el("option", "", {value}, text);
    const head = el("option", "", {value: "", disabled: "", selected: "", hidden: ""}, say("levels"));
    const some = Array.from({length: count}, (_, i) => option(i + 1, say("level", {count: i + 2})));
    this.levels.replaceChildren(head, option(0, say("level", {count: 1})), ...some.slice(0, -1), option(99, say("level_all")));
  }

  zoomed() {
    setText(this.zoom, `${Math.round(this.app.camera.k * 100)} %`);
    if (this.levels.value) this.levels.value = "";
  }
}
