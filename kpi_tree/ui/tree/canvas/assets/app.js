// One mounted canvas: holds the state of the view and ties the parts together.

import {Alias} from "./alias.js";
import {Camera} from "./camera.js";
import {Commands} from "./commands.js";
import {el, fill, svg} from "./dom.js";
import {Drag} from "./drag.js";
import {Editor} from "./editor.js";
import {Gestures} from "./gestures.js";
import {Intake} from "./intake.js";
import {Keyboard} from "./keyboard.js";
import {layout} from "./layout.js";
import {Menu} from "./menu.js";
import {Model} from "./model.js";
import {Moving} from "./moving.js";
import {Outbox} from "./outbox.js";
import {Minimap, readColors} from "./overview.js";
import {Renderer, announce} from "./render.js";
import {Search} from "./search.js";
import {recall, remember} from "./store.js";
import {Sight} from "./sight.js";
import {Toast} from "./toast.js";
import {Toolbar} from "./toolbar.js";
import {leave, takeUp} from "./unsent.js";

const TRAIL_MS = 60;

export class App {
  constructor(host) {
    this.begun = performance.now();
    this.trailed = 0;
    this.model = new Model();
    this.outbox = new Outbox();
    this.alias = new Alias(this.outbox.source);
    this.texts = {};
    this.ui = {selected: new Set(), cursor: null, orientation: "lr", density: "full", hits: null, editable: true, target: null};
    this.say = Object.assign((key, values) => fill(this.texts[key] ?? key, values), {lang: "en"});
    this.build(host);
    this.commands = new Commands(this);
    this.toast = new Toast(this);
    this.moving = new Moving(this);
    this.camera = new Camera(this.stage, this.world, () => this.moved(), () => this.rested());
    this.renderer = new Renderer(this, {root: this.root, world: this.world, cards: this.cards, edges: this.edges, overview: this.overview});
    this.minimap = new Minimap(this, this.mini);
    this.sight = new Sight(this);
    this.editor = new Editor(this);
    this.menu = new Menu(this);
    this.drag = new Drag(this);
    this.intake = new Intake(this);
    this.search = new Search(this);
    this.toolbar = new Toolbar(this);
    this.gestures = new Gestures(this);
    this.keyboard = new Keyboard(this);
    this.watchSize();
    addEventListener("pagehide", (this.leaving = () => this.leave()));
  }

  build(host) {
    this.edges = svg("svg", {class: "edges", width: 1, height: 1, "aria-hidden": "true"});
    this.cards = el("div", "cards", {role: "tree", "aria-multiselectable": "true"});
    this.world = el("div", "world", {}, this.edges, this.cards);
    this.overview = el("canvas", "overview", {"aria-hidden": "true"});
    this.mini = el("canvas", "minimap", {"aria-hidden": "true"});
    this.mini.hidden = true;
    this.legend = el("ul", "legend");
    this.stage = el("div", "stage", {}, this.overview, this.world, el("i", "shield"), this.mini, this.legend);
    this.bar = el("div", "bar-top", {role: "toolbar"});
    this.live = el("div", "sr-only", {"aria-live": "polite", role: "status"});
    this.root = el("div", "kt", {style: "visibility:hidden"}, this.bar, this.stage, this.live);
    host.append(this.root);
  }

  /** Called by Streamlit with every new set of data, and when the theme changes. */
  receive(data, send) {
    this.outbox.send = send;
    const first = !this.data;
    this.data = data;
    this.texts = data.texts;
    this.say.lang = data.lang;
    this.ui.editable = data.editable;
    this.root.lang = data.lang;
    this.root.dataset.key = data.key;
    this.outbox.key = data.key;
    this.root.style.height = data.height ? `${data.height}px` : "";
    this.root.classList.toggle("read-only", !data.editable);
    this.cards.setAttribute("aria-label", this.say("tree"));
    this.cards.setAttribute("aria-description", this.say("keys_hint"));
    this.legend.hidden = !data.legend?.length;
    this.legend.replaceChildren(...(data.legend ?? []).map((mark) => el("li", "", {"data-diff": mark.key}, mark.text)));
    if (first) {
      this.restore(recall(data.key));
      takeUp(this, data);
    }
    this.intake.take(data, first);
    this.toolbar.update();
    requestAnimationFrame(() => this.retheme());
  }

  /** The same data once more: only the theme may have changed. */
  again(send) {
    this.outbox.send = send;
    const before = this.theme;
    requestAnimationFrame(() => this.readTheme() !== before && this.retheme());
  }

  readTheme() {
    const style = getComputedStyle(this.root);
    return ["background-color", "text-color", "primary-color", "font", "green-color"].map((name) => style.getPropertyValue(`--st-${name}`)).join();
  }

  restore(state) {
    const narrow = this.stage.clientWidth < 560;
    this.ui.density = state?.density ?? (narrow ? "compact" : "full");
    this.ui.orientation = state?.orientation ?? (narrow ? "list" : "lr");
    if (!state) return;
    this.model.choices = new Map(state.choices ?? []);
    this.model.defaults = state.opened ? new Set(state.opened) : null;
    this.ui.selected = new Set(state.selected ?? []);
    this.ui.cursor = state.cursor ?? null;
    this.token = state.token;
    this.saved = state.camera;
  }

  save() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.saveNow(), 150);
  }

  saveNow() {
    if (!this.data || this.waiting) return; // not seen yet: nothing to come back to
    const {ui, camera, model} = this;
    remember(this.data.key, {
      camera: {x: camera.x, y: camera.y, k: camera.k, w: camera.size.w}, choices: [...model.choices], opened: [...(model.defaults ?? [])],
      orientation: ui.orientation, density: ui.density, selected: [...ui.selected], cursor: ui.cursor, token: this.token,
    });
  }

  /** Lay the tree out again; the card `keep` stays where it is on screen. */
  relayout({animate = true, keep = null} = {}) {
    const old = keep ? this.renderer.box(keep) : null;
    const from = old ? this.camera.toScreen(old.sx ?? old.x, old.sy ?? old.y) : null;
    const next = layout(this.model, this.ui);
    this.root.dataset.orientation = this.ui.orientation;
    this.root.dataset.density = this.ui.density;
    const now = keep ? (next.boxes.get(keep) ?? null) : null;
    this.renderer.setLayout(next, animate);
    if (from && now) {
      const to = this.camera.toScreen(now.x, now.y);
      const [dx, dy] = [from.x - to.x, from.y - to.y];
      if (dx || dy) this.shift(dx, dy);
    }
    this.minimap.draw();
    this.toolbar.update();
    this.save();
  }

  /** The tree moved under the card that stays: move the camera and the cards' starting points together. */
  shift(dx, dy) {
    const {camera, renderer} = this;
    camera.set(camera.x + dx, camera.y + dy);
    for (const box of renderer.boxes.values()) {
      if (box.fx === box.x && box.fy === box.y) continue;
      box.fx -= dx / camera.k;
      box.fy -= dy / camera.k;
    }
    camera.draw();
  }

  firstView() {
    const {camera, saved} = this;
    const draw = () => {
      this.sight.first(saved);
      camera.draw();
      this.renderer.sync(true);
      this.minimap.draw();
      this.root.dataset.ready = "1";
      this.root.dataset.drawn = Math.round(performance.now() - this.begun);
      if (this.ui.selected.size && !saved) this.show([...this.ui.selected][0], false);
      // A plan just made: its one box is where the work goes on, and nothing else has the keyboard.
      if (this.model.nodes.size === 1 && this.ui.editable && document.activeElement === document.body) this.focusCard(this.model.roots[0]);
    };
    if (this.styled && camera.size.w && camera.size.h) return draw();
    this.waiting = draw; // the style sheet is on its way, or the tab is hidden
    return this.watchStyle();
  }

  moved() {
    this.renderer.sync(false);
    this.editor.follow();
    this.menu.close();
    this.save();
    if (performance.now() - this.trailed > TRAIL_MS) this.trail();
  }

  rested() {
    this.renderer.sync(true);
    this.trail();
  }

  /** What only tells of the view (minimap, zoom in percent) comes after it: in every frame it would cost frames. */
  trail() {
    this.trailed = performance.now();
    this.minimap.draw();
    this.toolbar.zoomed();
  }

  watchSize() {
    (this.resizing = new ResizeObserver(() => this.resized())).observe(this.stage);
  }

  resized() {
    if (this.away) return; // on its way to another place of the page
    this.camera.width = this.stage.clientWidth;
    this.camera.height = this.stage.clientHeight;
    this.root.dataset.narrow = this.camera.width < 560 ? "1" : "";
    if (!this.camera.width) return this.keeper?.moved();
    if (this.waiting) this.watchStyle();
    else if (this.seenWidth && Math.abs(this.camera.width - this.seenWidth) > 40) this.sight.home(); // the page gave it another width
    else this.camera.request();
    this.seenWidth = this.camera.width;
  }

  get styled() {
    return getComputedStyle(this.root).display === "flex";
  }

  watchStyle() {
    if (!this.waiting || this.gone) return;
    if (this.styled) {
      this.camera.width = this.stage.clientWidth;
      this.camera.height = this.stage.clientHeight;
    }
    const late = this.waiting;
    if (this.styled && this.camera.size.h) {
      this.waiting = null;
      this.retheme();
      late();
    } else requestAnimationFrame(() => this.watchStyle());
  }

  get colors() {
    this.paint ??= readColors(this.root);
    return this.paint;
  }

  retheme() {
    this.theme = this.readTheme();
    this.paint = null;
    if (!this.styled || this.gone) return;
    this.renderer.sync(true);
    this.minimap.draw();
  }

  /** Cards that stay in the DOM wherever the view is: the one with the focus, the one being edited. */
  pinned() {
    const {model, ui} = this;
    const pin = [ui.cursor, this.editor.id, this.focused()].filter((id) => model.nodes.has(id));
    return pin.map((id) => (model.isAction(id) ? model.nodes.get(id).primary : id));
  }

  /** The node whose card has the keyboard. */
  focused() {
    const active = this.cards.getRootNode().activeElement;
    return this.cards.contains(active) ? (active.closest("[data-id]")?.dataset.id ?? null) : null;
  }

  show(id, animate = true) {
    const box = this.renderer.box(id);
    if (box) this.camera.reveal(box, animate);
  }

  /** Give a card the keyboard; one that isn't drawn (among many actions) leaves it to its parent. */
  focusCard(asked) {
    if (this.editor.field) return; // whoever types a name keeps the keyboard
    const id = this.alias.of(asked);
    const {renderer, model} = this;
    const card = renderer.element(id) ?? renderer.element(model.nodes.get(id)?.primary);
    card?.focus({preventScroll: true});
  }

  announce(text) {
    announce(this.live, text);
  }

  /** What this tab is to know when the tree is opened again. */
  leave() {
    this.saveNow();
    leave(this);
  }

  destroy() {
    this.gone = true;
    this.leave();
    clearTimeout(this.saving);
    this.resizing.disconnect();
    removeEventListener("pagehide", this.leaving);
    for (const part of [this.outbox, this.camera, this.renderer, this.gestures, this.commands, this.toast, this.keeper]) part?.destroy();
    this.root.remove();
  }
}
