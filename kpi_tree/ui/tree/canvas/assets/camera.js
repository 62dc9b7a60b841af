// Pan and zoom: one transform on the world, changed at most once a frame.

import {reducedMotion} from "./dom.js";

export const ZOOM = {least: 0.04, most: 2};

export class Camera {
  /** @param onMove called in the frame in which the view has changed; onRest once it stands still */
  constructor(viewport, world, onMove, onRest) {
    Object.assign(this, {viewport, world, onMove, onRest, x: 0, y: 0, k: 1, frame: 0, rest: 0, flight: 0});
  }

  get size() {
    return {w: this.width || this.viewport.clientWidth, h: this.height || this.viewport.clientHeight};
  }

  toWorld(px, py) {
    return {x: (px - this.x) / this.k, y: (py - this.y) / this.k};
  }

  toScreen(x, y) {
    return {x: x * this.k + this.x, y: y * this.k + this.y};
  }

  /** The part of the world in view, with `margin` screen pixels around it. */
  view(margin = 0) {
    const {w, h} = this.size;
    const a = this.toWorld(-margin, -margin);
    const b = this.toWorld(w + margin, h + margin);
    return {x: a.x, y: a.y, w: b.x - a.x, h: b.y - a.y};
  }

  set(x, y, k = this.k) {
    this.x = x;
    this.y = y;
    this.k = Math.min(ZOOM.most, Math.max(ZOOM.least, k));
    this.request();
  }

  panBy(dx, dy) {
    this.stop();
    this.set(this.x + dx, this.y + dy);
  }

  zoomAt(factor, px, py) {
    this.stop();
    const k = Math.min(ZOOM.most, Math.max(ZOOM.least, this.k * factor));
    const at = this.toWorld(px, py);
    this.set(px - at.x * k, py - at.y * k, k);
  }

  request() {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = 0;
    // On whole pixels while only panning: what is drawn is then copied, not mixed anew from its neighbours.
    const grain = this.k === this.shown ? window.devicePixelRatio || 1 : 1000;
    this.shown = this.k;
    const [x, y] = [Math.round(this.x * grain) / grain, Math.round(this.y * grain) / grain];
    this.world.style.transform = `translate3d(${x}px, ${y}px, 0) scale(${this.k})`;
    // a layer of its own while moving (cheap frames), sharp text again at rest
    this.world.style.willChange = "transform";
    this.viewport.dataset.moving = "1";
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.settle(), 180);
    this.onMove();
  }

  settle() {
    this.world.style.willChange = "auto";
    this.still();
    this.onRest();
  }

  /** What is under the pointer may be pointed at again. */
  still() {
    delete this.viewport.dataset.moving;
  }

  fitTarget(rect, {margin = 36, most = 1, least = ZOOM.least} = {}) {
    const {w, h} = this.size;
    const k = Math.max(least, Math.min(most, (w - 2 * margin) / rect.w, (h - 2 * margin) / rect.h));
    return {k, x: (w - rect.w * k) / 2 - rect.x * k, y: (h - rect.h * k) / 2 - rect.y * k};
  }

  /** Move as little as needed to bring a box into view. */
  reveal(box, animate) {
    const {w, h} = this.size;
    const a = this.toScreen(box.x, box.y);
    const b = this.toScreen(box.x + box.w, box.y + box.h);
    const margin = Math.min(28, w / 12);
    const dx = nudge(a.x, b.x, w, margin);
    const dy = nudge(a.y, b.y, h, margin);
    if (dx || dy) this.flyTo({x: this.x + dx, y: this.y + dy, k: this.k}, animate);
  }

  flyTo(target, animate) {
    this.stop();
    if (!animate || reducedMotion()) return this.set(target.x, target.y, target.k);
    const from = {x: this.x, y: this.y, k: this.k};
    const begun = performance.now();
    const step = (now) => {
      const t = Math.min(1, Math.max(0, (now - begun) / 220));
      const e = 1 - (1 - t) ** 3;
      const mix = (p) => from[p] + (target[p] - from[p]) * e;
      this.set(mix("x"), mix("y"), mix("k"));
      this.flight = t < 1 ? requestAnimationFrame(step) : 0;
    };
    this.flight = requestAnimationFrame(step);
  }

  stop() {
    cancelAnimationFrame(this.flight);
    this.flight = 0;
  }

  destroy() {
    this.stop();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.rest);
    this.frame = 1; // nothing is asked for any more
  }
}

function nudge(from, to, size, margin) {
  if (to - from > size - 2 * margin) return from < margin || from > size / 2 ? margin - from : 0;
  if (from < margin) return margin - from;
  if (to > size - margin) return size - margin - to;
  return 0;
}
