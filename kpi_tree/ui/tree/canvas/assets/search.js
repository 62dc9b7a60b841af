// Finding a node by name, owner or id: hits stand out, Enter walks from one to the next.

import {el, folded, setText} from "./dom.js";
import {icon} from "./icons.js";

export class Search {
  constructor(app) {
    this.app = app;
    this.query = "";
    this.at = -1;
    this.list = [];
    this.field = el("input", "find", {type: "search", autocomplete: "off", spellcheck: "false", enterkeyhint: "search"});
    this.count = el("span", "found", {"aria-live": "polite"});
    this.box = el("label", "search", {}, icon("search"), this.field, this.count);
    this.field.addEventListener("input", () => this.find(this.field.value));
    this.field.addEventListener("keydown", (e) => this.key(e));
  }

  focus() {
    this.field.focus();
    this.field.select();
  }

  key(event) {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      this.step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.field.value) this.clear();
      else this.app.focusCard(this.app.ui.cursor);
    } else if (event.key === "ArrowDown" && this.list.length) {
      event.preventDefault();
      if (this.at < 0) this.step(1);
      this.app.focusCard(this.app.ui.cursor);
    }
  }

  clear() {
    this.field.value = "";
    this.find("");
  }

  find(text) {
    this.query = folded(text.trim());
    this.at = -1;
    this.again();
    this.app.renderer.refresh();
    this.app.minimap.draw();
  }

  /** Look again after the data changed. */
  again() {
    const {model, ui, say} = this.app;
    this.list = this.query ? this.inOrder().filter((id) => this.matches(model.nodes.get(id).view)) : [];
    ui.hits = this.query ? new Set(this.list.flatMap((id) => (model.isAction(id) ? [id, model.nodes.get(id).primary] : [id]))) : null;
    setText(this.count, this.query ? say("found", {at: this.at + 1, count: this.list.length}) : "");
    this.box.classList.toggle("busy", Boolean(this.query));
    this.box.classList.toggle("nothing", Boolean(this.query) && !this.list.length);
  }

  matches(view) {
    return folded(view.name).includes(this.query) || folded(view.owner).includes(this.query) || view.id.includes(this.query);
  }

  /** All nodes from the root down, closed branches too. */
  inOrder() {
    const {model} = this.app;
    const out = [];
    const walk = (id) => {
      const node = model.nodes.get(id);
      out.push(id, ...node.chips);
      node.kids.forEach((l) => walk(l.child));
    };
    model.roots.forEach(walk);
    return out;
  }

  step(by) {
    if (!this.list.length) return;
    this.at = this.at < 0 && by < 0 ? this.list.length - 1 : (this.at + by + this.list.length) % this.list.length;
    const id = this.list[this.at];
    setText(this.count, this.app.say("found", {at: this.at + 1, count: this.list.length}));
    this.app.commands.select(id, {focus: false, rest: true});
    this.center(id);
    this.app.announce(this.app.model.nodes.get(id).view.name);
  }

  center(id) {
    const {camera, renderer} = this.app;
    const box = renderer.box(id);
    if (!box) return;
    const {w, h} = camera.size;
    const k = Math.max(camera.k, 0.7);
    camera.flyTo({k, x: w / 2 - (box.x + box.w / 2) * k, y: h / 2 - (box.y + box.h / 2) * k}, true);
  }
}
