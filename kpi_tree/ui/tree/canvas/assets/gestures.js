// Mouse, pen and touch: press, pan, pinch, drag, draw a frame. One pointer state at a time.

import {el, intersects} from "./dom.js";

const SLOP = {mouse: 4, pen: 6, touch: 9};
const LONG_PRESS = 420;
const DOUBLE = 380;

export class Gestures {
  constructor(app) {
    this.app = app;
    this.pointers = new Map();
    this.state = "idle";
    this.press = null;
    this.lastTap = {id: null, at: 0};
    this.space = null; // the space bar while it's held: {id, used}
    this.picking = null; // nodes waiting for their new parent to be pointed at
    const {stage} = app;
    stage.addEventListener("pointerdown", (e) => this.down(e));
    stage.addEventListener("pointermove", (e) => this.move(e));
    stage.addEventListener("pointerup", (e) => this.up(e));
    stage.addEventListener("pointercancel", (e) => this.up(e, true));
    stage.addEventListener("wheel", (e) => this.wheel(e), {passive: false});
    stage.addEventListener("contextmenu", (e) => this.context(e));
    // a finger that opened a menu: the click that browsers send after it must not choose from it
    stage.addEventListener("touchend", (e) => this.opens && e.cancelable && e.preventDefault(), {passive: false});
    // a hand neither scrolls by itself nor takes the keyboard from the card that has it
    stage.addEventListener("mousedown", (e) => (e.button === 1 || this.space) && e.preventDefault());
    stage.addEventListener("dragstart", (e) => e.preventDefault());
  }

  get busy() {
    return this.state !== "idle" && this.state !== "press";
  }

  point(event) {
    if (!this.app.away) this.rect = this.app.stage.getBoundingClientRect(); // on its way elsewhere, it is meant where it was
    const {rect} = this;
    return {x: event.clientX - rect.left, y: event.clientY - rect.top};
  }

  /** What a pointer means: while the view moves a shield lies over the cards. */
  targetOf(event) {
    if (!event.target.classList?.contains("shield")) return event.target;
    this.app.camera.still();
    return this.app.root.getRootNode().elementFromPoint(event.clientX, event.clientY) ?? event.target;
  }

  /** The node under a pointer, also where cards are only drawn. */
  nodeAt(event) {
    const target = this.targetOf(event).closest?.("[data-id]");
    if (target) return target.dataset.id;
    if (this.app.root.dataset.zoom !== "overview") return null;
    const at = this.point(event);
    return this.app.renderer.at(this.app.camera.toWorld(at.x, at.y));
  }

  /** Was the last press one that is answered by a menu under the finger? */
  get opens() {
    return this.press && (this.press.long || this.press.act === "menu" || this.press.act === "chips");
  }

  isChrome(event) {
    return Boolean(event.target.closest?.(".naming, .menu, .toast, .banner, .minimap"));
  }

  down(event) {
    if (this.isChrome(event)) {
      this.press = null; // or the long press that opened a menu would swallow the tap that chooses from it
      return;
    }
    this.app.menu.close();
    const at = this.point(event);
    this.pointers.set(event.pointerId, at);
    if (this.pointers.size === 2) return this.beginPinch();
    if (this.pointers.size > 2) return;
    const target = this.targetOf(event);
    const act = target.closest?.("[data-act]")?.dataset.act ?? null;
    this.press = {id: this.nodeAt({...where(event), target}), act, at, type: event.pointerType, event, target, long: false};
    this.state = "press";
    this.app.camera.stop();
    if (event.pointerType === "touch" && this.press.id) {
      this.longTimer = setTimeout(() => this.longPress(), LONG_PRESS);
    }
  }

  longPress() {
    if (this.state !== "press") return;
    this.press.long = true;
    navigator.vibrate?.(12);
    this.app.renderer.element(this.press.id)?.classList.add("lifted");
  }

  move(event) {
    const at = this.point(event);
    if (!this.pointers.has(event.pointerId)) return;
    const before = this.pointers.get(event.pointerId);
    this.pointers.set(event.pointerId, at);
    if (this.state === "pinch") return this.pinch();
    if (this.state === "press") return this.leavePress(event, at);
    if (this.state === "pan") this.app.camera.panBy(at.x - before.x, at.y - before.y);
    else if (this.state === "drag") this.app.drag.to(at.x, at.y);
    else if (this.state === "frame") this.drawFrame(at);
    return undefined;
  }

  /** The pointer has moved far enough to mean something: what? */
  leavePress(event, at) {
    const {press} = this;
    const far = Math.hypot(at.x - press.at.x, at.y - press.at.y);
    if (far < (SLOP[press.type] ?? 5)) return;
    clearTimeout(this.longTimer);
    this.app.stage.setPointerCapture(event.pointerId);
    const touch = press.type === "touch";
    const hand = press.event.button === 1 || Boolean(this.space);
    const mayDrag = press.id && !hand && !press.act && (!touch || press.long);
    if (mayDrag && this.app.drag.start(press.id, at.x, at.y)) this.state = "drag";
    else if (!press.id && !touch && press.event.shiftKey && !hand) this.beginFrame();
    else this.beginPan(press, at);
  }

  beginPan(press, at) {
    if (this.space) this.space.used = true;
    this.state = "pan";
    this.app.root.classList.add("panning");
    this.app.renderer.element(press.id)?.classList.remove("lifted");
    this.app.camera.panBy(at.x - press.at.x, at.y - press.at.y);
  }

  /** The canvas came to another place of the page under a pointer that is down: it goes on following it. */
  hold(pointer) {
    try {
      this.app.stage.setPointerCapture(pointer);
    } catch {
      // let go meanwhile
    }
  }

  up(event, cancelled = false) {
    if (!this.pointers.delete(event.pointerId)) return;
    clearTimeout(this.longTimer);
    const {state, press} = this;
    if (state === "pinch" && this.pointers.size === 1) {
      this.state = "pan"; // one finger left: go on panning with it
      return;
    }
    if (this.pointers.size) return;
    this.state = "idle";
    this.app.root.classList.remove("panning");
    if (press?.id) this.app.renderer.element(press.id)?.classList.remove("lifted");
    if (state === "drag") this.app.drag.end(!cancelled);
    else if (state === "frame") this.endFrame(!cancelled);
    else if (state === "press" && !cancelled) this.tap(event, press);
    else this.app.camera.request();
  }

  tap(event, press) {
    const {commands, menu, ui} = this.app;
    const {id, act} = press;
    if (this.picking) return this.picked(id);
    if (event.button) return;
    if (act === "chips") return this.moreChips(press.target.closest("[data-of]").dataset.of, press.at);
    if (act === "fold") return commands.fold(id);
    if (act === "menu" || (press.long && id)) {
      if (!ui.selected.has(id)) commands.select(id, {show: false});
      return menu.openFor(id, press.at.x, press.at.y);
    }
    if (!id) return ui.selected.size > 1 ? commands.select(ui.cursor, {show: false}) : undefined;
    const twice = this.lastTap.id === id && event.timeStamp - this.lastTap.at < DOUBLE;
    this.lastTap = {id, at: event.timeStamp};
    if (twice && ui.editable) return commands.rename(id);
    if (event.shiftKey || event.ctrlKey || event.metaKey) return commands.select(id, {add: true, show: false});
    return commands.select(id, {show: false});
  }

  moreChips(parent, at) {
    const {model, commands, menu, say} = this.app;
    commands.select(parent, {show: false});
    const {chips, view} = model.nodes.get(parent);
    const rows = chips.map((id) => ["action", model.nodes.get(id).view.name, model.nodes.get(id).view.owner ?? "", () => commands.select(id, {show: false})]);
    menu.list(rows, say("actions_of", {name: view.name}), at.x, at.y);
  }

  // ---- two fingers

  beginPinch() {
    clearTimeout(this.longTimer);
    if (this.state === "drag") this.app.drag.end(false);
    this.state = "pinch";
    this.fingers = this.measure();
  }

  measure() {
    const [a, b] = [...this.pointers.values()];
    return {x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, d: Math.max(10, Math.hypot(a.x - b.x, a.y - b.y))};
  }

  pinch() {
    const next = this.measure();
    const {camera} = this.app;
    camera.panBy(next.x - this.fingers.x, next.y - this.fingers.y);
    camera.zoomAt(next.d / this.fingers.d, next.x, next.y);
    this.fingers = next;
  }

  // ---- a frame around cards (Shift + drag on the ground)

  beginFrame() {
    this.state = "frame";
    this.frame = el("div", "frame");
    this.app.stage.append(this.frame);
  }

  drawFrame(at) {
    const from = this.press.at;
    this.area = {x: Math.min(from.x, at.x), y: Math.min(from.y, at.y), w: Math.abs(at.x - from.x), h: Math.abs(at.y - from.y)};
    this.frame.style.transform = `translate(${this.area.x}px, ${this.area.y}px)`;
    this.frame.style.width = `${this.area.w}px`;
    this.frame.style.height = `${this.area.h}px`;
  }

  endFrame(keep) {
    this.frame.remove();
    if (!keep || !this.area) return;
    const {camera, renderer, commands} = this.app;
    const a = camera.toWorld(this.area.x, this.area.y);
    const rect = {x: a.x, y: a.y, w: this.area.w / camera.k, h: this.area.h / camera.k};
    const ids = renderer.order.filter((id) => intersects(renderer.boxes.get(id), rect));
    this.area = null;
    if (ids.length) commands.selectMany(ids);
  }

  // ---- wheel: a mouse wheel and a pinch on a trackpad zoom, two fingers on a trackpad pan

  wheel(event) {
    if (this.isChrome(event)) return;
    event.preventDefault();
    const at = this.point(event);
    const unit = event.deltaMode === 1 ? 20 : event.deltaMode === 2 ? 300 : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const now = event.timeStamp;
    if (now - (this.wheelAt ?? -1e9) > 260) {
      const fine = Math.abs(dx) > 0 || (event.deltaMode === 0 && Math.abs(dy) < 40);
      this.wheelPans = fine && !event.ctrlKey && !event.metaKey;
    }
    this.wheelAt = now;
    if (event.shiftKey && !dx) this.app.camera.panBy(-dy, 0);
    else if (this.wheelPans && !event.ctrlKey && !event.metaKey) this.app.camera.panBy(-dx, -dy);
    else this.app.camera.zoomAt(Math.exp(-Math.max(-120, Math.min(120, dy)) * (event.ctrlKey ? 0.012 : 0.0022)), at.x, at.y);
  }

  context(event) {
    if (this.isChrome(event)) return;
    event.preventDefault();
    const id = this.nodeAt(event);
    if (!id || this.press?.type === "touch") return;
    const {commands, menu, ui} = this.app;
    if (!ui.selected.has(id)) commands.select(id, {show: false});
    const at = this.point(event);
    menu.openFor(id, at.x, at.y);
  }

  // ---- moving without dragging: point at the new parent

  pickParent(ids) {
    const {app} = this;
    this.dropPick();
    this.picking = ids;
    const stop = el("button", "", {type: "button"}, app.say("cancel"));
    stop.addEventListener("click", () => this.dropPick());
    this.banner = el("div", "banner", {}, el("span", "", {}, app.say("pick_parent")), stop);
    app.stage.append(this.banner);
    app.root.classList.add("picking");
    app.announce(app.say("pick_parent"));
  }

  picked(id) {
    const ids = this.picking;
    if (id && this.app.moving.move(ids, id)) this.dropPick();
  }

  dropPick() {
    if (!this.picking) return false;
    this.picking = null;
    this.banner.remove();
    this.app.root.classList.remove("picking");
    return true;
  }

  destroy() {
    clearTimeout(this.longTimer);
    this.app.drag.end(false);
  }
}

const where = ({clientX, clientY}) => ({clientX, clientY});
