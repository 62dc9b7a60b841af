// A canvas outlives its place on the page. Streamlit takes an element off the page and puts it there again when
// a run was broken off, when something new stands above it, when a run ended without it. A person who types a name,
// drags a card or has sent an edit that is not answered yet must not notice: the canvas itself, with all that is under
// the hand, waits (hidden, and with the keyboard if it had it) and moves into the next place of the same tree.

const GRACE = 10000; // milliseconds that it waits for its next place
const MARK = "kpi-tree-here";
const POINTER = ["pointermove", "pointerup", "pointercancel"];

/** Is moved on the page, or off it, with the canvas and says so at once: before the next key, which has to go somewhere. */
class Here extends HTMLElement {
  disconnectedCallback() {
    if (this.isConnected) this.moved?.();
    else this.lost?.();
  }
}
if (!customElements.get(MARK)) customElements.define(MARK, Here);

const kept = new Set();

/** The canvas of a tree that is on the page or waits for a place, if there is one. */
export function keptFor(key) {
  return [...kept].find((keeper) => keeper.app.data?.key === key) ?? null;
}

export class Keeper {
  constructor(app, place) {
    for (const other of kept) if (!other.place?.isConnected) other.app.destroy(); // waited in vain: another tree has come
    this.app = app;
    this.place = place;
    this.senders = new Map(); // every place that Streamlit drew the tree in, and how it sends from there
    this.holder = null; // what has the keyboard; leaver: what had it until this very step
    this.leaver = null;
    this.path = location.pathname;
    app.keeper = this;
    this.forward = (e) => app.gestures[e.type === "pointermove" ? "move" : "up"](e, e.type === "pointercancel");
    const mark = document.createElement(MARK);
    mark.hidden = true;
    Object.assign(mark, {lost: () => this.lost(), moved: () => this.moved()});
    app.root.append(mark);
    app.root.addEventListener("focusin", (e) => (this.holder = e.composedPath()[0]));
    app.root.addEventListener("focusout", () => {
      this.leaver = this.holder;
      this.holder = null;
      queueMicrotask(() => {
        if (document.activeElement === document.body && this.place && !isShown(this.place)) this.moved(); // it was taken, not given
        this.leaver = null;
      });
    });
    kept.add(this);
  }

  /** Streamlit draws the tree in a place: whose is the canvas? A place that was left before gets it back with news. */
  isAt(place, send, news) {
    const known = this.senders.has(place);
    this.senders.set(place, send);
    if (this.place !== place && (!known || news)) this.move(place);
    return this.place === place;
  }

  forget(place) {
    this.senders.delete(place);
  }

  /** The place was put elsewhere on the page or is not shown for a moment: both take the keyboard from what is in it. */
  moved() {
    const {app} = this;
    if (app.gone || this.lot || this.moving) return;
    const holder = this.holder ?? this.leaver;
    if (!isShown(this.place) && this.inHand(holder)) return this.wait(holder);
    focusOn(holder);
    for (const id of app.gestures.pointers.keys()) app.gestures.hold(id);
  }

  /** The place went off the page. Another one may be there already; else the canvas waits out of sight. */
  lost() {
    const {app} = this;
    if (app.gone || this.moving) return;
    const holder = this.holder ?? this.leaver;
    this.senders.delete(this.place);
    app.outbox.send = null;
    this.place = null;
    const next = [...this.senders.keys()].find((place) => place.isConnected);
    if (next) this.move(next, holder);
    else if ([...kept].at(-1) === this) this.wait(holder);
    else app.destroy(); // another tree has come instead
  }

  /** Does a person type, walk or drag here? */
  inHand(holder) {
    return Boolean(holder || this.app.gestures.pointers.size) && location.pathname === this.path;
  }

  /** Wait for a place that is shown, out of sight and with the keyboard if it was here. */
  wait(holder) {
    const {app} = this;
    this.setAway();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.place?.isConnected ? this.settle() : app.destroy()), GRACE);
    if (!this.lot && this.inHand(holder)) this.hide(holder);
    this.watch();
  }

  hide(holder) {
    const {app} = this;
    const lot = document.createElement("div");
    lot.style.cssText = "position:fixed;inset:0 auto auto 0;width:1px;height:1px;overflow:hidden;pointer-events:none";
    // Another page has come instead: its keys are not for a tree that nobody sees.
    lot.addEventListener("keydown", () => location.pathname !== this.path && app.destroy(), true);
    document.body.append(lot);
    this.lot = lot;
    this.put(lot, holder);
  }

  /** Its place may be shown again. */
  watch() {
    cancelAnimationFrame(this.watching);
    if (!this.place || !this.lot) return;
    if (isShown(this.place)) this.settle();
    else this.watching = requestAnimationFrame(() => this.watch());
  }

  put(where, holder) {
    this.moving = true;
    where.append(this.app.root);
    this.moving = false;
    this.holder = null;
    focusOn(holder);
    if (holder && !this.holder) this.app.focusCard(this.app.ui.cursor); // what had it is gone meanwhile
  }

  setAway() {
    const {app} = this;
    app.away = true;
    app.root.style.visibility = "visible"; // what is hidden cannot have the keyboard
    app.root.style.opacity = "0";
    if (app.gestures.pointers.size) for (const type of POINTER) addEventListener(type, this.forward, true);
  }

  /** Another place of the page is the tree's now. */
  move(place, holder = this.holder) {
    this.place = place;
    this.app.outbox.send = this.senders.get(place);
    if (!isShown(place) && this.inHand(holder)) this.wait(holder);
    else this.settle(holder);
    this.app.outbox.again();
  }

  settle(holder = this.holder) {
    clearTimeout(this.timer);
    this.setAway();
    this.put(this.place, holder);
    this.lot?.remove();
    this.lot = null;
    this.land();
  }

  /** Shown again once the new place has its style sheet. */
  land() {
    const {app} = this;
    if (app.gone || !this.place) return;
    if (!app.styled) {
      requestAnimationFrame(() => this.land());
      return;
    }
    app.away = false;
    app.root.style.visibility = "hidden"; // as at first: the style sheet shows it
    app.root.style.opacity = "";
    for (const type of POINTER) removeEventListener(type, this.forward, true);
    for (const id of app.gestures.pointers.keys()) app.gestures.hold(id);
    if (app.editor.field) app.editor.left(app.editor.field); // while it waited, something else got the keyboard
    app.resized();
    app.retheme();
  }

  destroy() {
    clearTimeout(this.timer);
    for (const type of POINTER) removeEventListener(type, this.forward, true);
    kept.delete(this);
    this.lot?.remove();
  }
}

const isShown = (place) => (place.host ?? place).checkVisibility();

/** Give the keyboard back, in a field with the caret where it was. */
function focusOn(element) {
  if (!element) return;
  const {selectionStart, selectionEnd, selectionDirection} = element; // taken off the page, it still knows
  element.focus({preventScroll: true});
  if (typeof selectionStart === "number") element.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
}
