// Far away the tree is one drawing: a block a card in its status colour. Also the minimap.

import {short} from "./dom.js";

const TONE = {
  ahead: "good", on_track: "good", achieved: "good", at_risk: "warn", achieved_at_cost: "warn",
  off_track: "bad", missed: "bad", too_early: "calm", stale: "dull", no_data: "dull",
};

/** Theme colours, read once a theme, since a canvas can't use CSS variables. */
export function readColors(element) {
  const style = getComputedStyle(element);
  const get = (name) => style.getPropertyValue(name).trim() || "gray";
  return {
    good: get("--good"), warn: get("--warn"), bad: get("--bad"), calm: get("--calm"), dull: get("--dull"),
    card: get("--card"), stage: get("--stage"), text: get("--ink"), line: get("--line"), accent: get("--accent"), font: style.fontFamily,
  };
}

export function prepare(canvas, w, h, options = {}) {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
    canvas.width = Math.round(w * ratio);
    canvas.height = Math.round(h * ratio);
    if (canvas.style) Object.assign(canvas.style, {width: `${w}px`, height: `${h}px`});
  }
  const pen = canvas.getContext("2d", options);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, w, h);
  return pen;
}

const AROUND = 0.3; // of the window, drawn beyond each edge
const SHRUNK = 0.6; // a drawing is shown at between this and
const STRETCHED = 1.7; // this of its size while the view moves, and drawn anew beyond

/** The drawing of the whole, larger than the window: while the view moves, it's moved and not drawn again. */
export class Overview {
  constructor(app, sheet) {
    this.app = app;
    this.sheet = sheet;
    // A picture handed over whole, without gaps: shown again as it is, where a drawing would be copied every frame.
    this.face = sheet.getContext("bitmaprenderer", {alpha: false});
    this.drawn = null;
  }

  /** Show it as the camera stands. `exact`: drawn for just this view; else an earlier drawing will do. */
  show(exact) {
    this.sheet.hidden = false;
    if (exact || !this.follows()) this.draw();
  }

  hide() {
    this.sheet.hidden = true;
    this.drawn = null;
  }

  follows() {
    const {drawn, app} = this;
    const {camera} = app;
    if (!drawn || drawn.of !== app.renderer.order || drawn.w !== camera.size.w || drawn.h !== camera.size.h) return false;
    const scale = camera.k / drawn.k;
    if (scale < SHRUNK || scale > STRETCHED) return false;
    const whole = scale === 1 ? Math.round : (at) => at; // on whole pixels it's copied, not mixed anew
    const x = whole(camera.x - drawn.x * scale);
    const y = whole(camera.y - drawn.y * scale);
    const beyond = x > 0 || y > 0 || x + drawn.width * scale < drawn.w || y + drawn.height * scale < drawn.h;
    if (beyond && !drawn.whole) return false;
    this.sheet.style.transform = `translate3d(${x}px, ${y}px, 0) scale(${scale})`;
    return true;
  }

  draw() {
    const {camera, renderer} = this.app;
    const {w, h} = camera.size;
    const [dx, dy] = [Math.round(w * AROUND), Math.round(h * AROUND)];
    const [width, height] = [w + 2 * dx, h + 2 * dy];
    const eye = {k: camera.k, x: camera.x + dx, y: camera.y + dy};
    const view = {x: -eye.x / eye.k, y: -eye.y / eye.k, w: width / eye.k, h: height / eye.k};
    const b = renderer.bounds;
    const whole = b.x >= view.x && b.y >= view.y && b.x + b.w <= view.x + view.w && b.y + b.h <= view.y + view.h;
    this.drawn = {...eye, w, h, width, height, whole, of: renderer.order};
    this.paper ??= new OffscreenCanvas(1, 1);
    const pen = prepare(this.paper, width, height, {alpha: false});
    pen.fillStyle = this.app.colors.stage;
    pen.fillRect(0, 0, width, height);
    drawOverview(pen, this.app, eye, view);
    this.face.transferFromImageBitmap(this.paper.transferToImageBitmap());
    Object.assign(this.sheet.style, {width: `${width}px`, height: `${height}px`});
    this.sheet.style.transform = `translate3d(${-dx}px, ${-dy}px, 0)`;
  }
}

function drawOverview(pen, app, eye, view) {
  const {renderer, model, ui, colors} = app;
  const camera = {k: eye.k, toScreen: (x, y) => ({x: x * eye.k + eye.x, y: y * eye.k + eye.y})};
  drawLines(pen, renderer, camera, view, ui.orientation, colors.line);
  const named = camera.k > 0.12;
  pen.font = `500 10px ${colors.font}`;
  pen.textBaseline = "middle";
  for (const [tone, ids] of byTone(renderer, view, model)) {
    for (const id of ids) {
      const box = renderer.boxes.get(id);
      const at = camera.toScreen(box.sx, box.sy);
      const size = {w: box.w * camera.k, h: Math.max(2, box.h * camera.k)};
      pen.globalAlpha = ui.hits && !ui.hits.has(id) ? 0.25 : 1;
      pen.fillStyle = colors[tone];
      pen.fillRect(at.x, at.y, size.w, size.h);
      if (named) drawName(pen, model.nodes.get(id).view.name, at, size, colors);
      if (ui.selected.has(id)) outline(pen, at, size, colors.accent);
    }
  }
  pen.globalAlpha = 1;
}

/** Ids in view by tone: changing the pen's colour for every block costs more than drawing it. */
function byTone(renderer, view, model) {
  const tones = new Map();
  for (const id of renderer.order) {
    const box = renderer.boxes.get(id);
    if (box.sx > view.x + view.w || box.sx + box.w < view.x || box.sy > view.y + view.h || box.sy + box.h < view.y) continue;
    const tone = TONE[model.nodes.get(id).view.status] ?? "dull";
    if (!tones.has(tone)) tones.set(tone, []);
    tones.get(tone).push(id);
  }
  return tones;
}

function drawName(pen, name, at, size, colors) {
  const edge = Math.max(2, size.w * 0.05);
  pen.fillStyle = colors.card;
  pen.fillRect(at.x + edge, at.y + 1, size.w - edge - 1, size.h - 2);
  const letters = Math.floor((size.w - edge - 4) / 5.4);
  if (letters < 3) return;
  pen.fillStyle = colors.text;
  pen.fillText(short(name, letters), at.x + edge + 3, at.y + size.h / 2);
}

function outline(pen, at, size, color) {
  pen.strokeStyle = color;
  pen.lineWidth = 2;
  pen.strokeRect(at.x - 2, at.y - 2, size.w + 4, size.h + 4);
}

function drawLines(pen, renderer, camera, view, orientation, color) {
  const {model} = renderer.app;
  const across = orientation !== "td";
  pen.strokeStyle = color;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const id of renderer.order) {
    if (!model.isOpen(id)) continue;
    const a = renderer.boxes.get(id);
    for (const link of model.nodes.get(id).kids) {
      const b = renderer.boxes.get(link.child);
      if (!b || Math.min(a.sx, b.sx) > view.x + view.w || Math.min(a.sy, b.sy) > view.y + view.h) continue;
      if (Math.max(a.sx, b.sx) + a.w < view.x || Math.max(a.sy, b.sy) + a.h < view.y) continue;
      const from = camera.toScreen(across ? a.sx + a.w : a.sx + a.w / 2, across ? a.sy + a.h / 2 : a.sy + a.full);
      const to = camera.toScreen(across ? b.sx : b.sx + b.w / 2, across ? b.sy + b.h / 2 : b.sy);
      const mid = across ? (from.x + to.x) / 2 : (from.y + to.y) / 2;
      pen.moveTo(from.x, from.y);
      if (orientation === "list") continue; // the indent says it
      if (across) pen.bezierCurveTo(mid, from.y, mid, to.y, to.x, to.y);
      else pen.bezierCurveTo(from.x, mid, to.x, mid, to.x, to.y);
    }
  }
  pen.stroke();
}

/** The box whose middle is closest to a point. */
function nearest(boxes, x, y) {
  let [found, least] = [null, Infinity];
  for (const box of boxes) {
    const far = Math.hypot(box.x + box.w / 2 - x, box.y + box.h / 2 - y);
    if (far < least) [found, least] = [box, far];
  }
  return found;
}

const LEAST = 7; // pixels of the frame that says where the view is
const STRETCH = 20; // so many times wider or higher than it is the tree may be drawn

/** The whole tree in a corner, with the part in view framed; press or drag to go there. */
export class Minimap {
  constructor(app, canvas) {
    this.app = app;
    this.canvas = canvas;
    this.size = {w: 168, h: 112};
    this.picture = null;
    canvas.addEventListener("pointerdown", (e) => {
      canvas.setPointerCapture(e.pointerId);
      this.go(e);
    });
    canvas.addEventListener("pointermove", (e) => e.buttons && this.go(e));
  }

  get needed() {
    const {renderer, camera} = this.app;
    const {w, h} = camera.size;
    if (w < 620 || renderer.order.length < 25) return false;
    const b = renderer.bounds;
    return b.w * camera.k > w * 1.1 || b.h * camera.k > h * 1.1;
  }

  /** The tree's picture is kept while the tree stays as it is; only the frame moves with the view. */
  draw() {
    const show = this.needed;
    this.canvas.hidden = !show;
    if (!show) return;
    const {renderer, camera, colors} = this.app;
    const stale = this.of !== renderer.order || this.painted !== colors;
    if (stale) this.paint(renderer.bounds);
    const {kx, ky, x, y} = this.scale;
    const v = camera.view(0);
    const [w, h] = [Math.max(LEAST, v.w * kx), Math.max(LEAST, v.h * ky)]; // of a large tree the view is less than a dot
    const [midX, midY] = [(v.x + v.w / 2) * kx + x, (v.y + v.h / 2) * ky + y];
    const frame = [midX - w / 2, midY - h / 2, w, h].map((at) => Math.round(at * 2) / 2);
    if (!stale && frame.join() === this.frame) return; // the frame stands where it stood
    this.frame = frame.join();
    const pen = prepare(this.canvas, this.size.w, this.size.h);
    pen.drawImage(this.picture, 0, 0, this.size.w, this.size.h);
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 1.5;
    pen.strokeRect(...frame);
  }

  paint(b) {
    const {renderer, model, colors} = this.app;
    this.of = renderer.order;
    this.painted = colors;
    const [fitX, fitY] = [(this.size.w - 12) / b.w, (this.size.h - 12) / b.h];
    const kx = Math.min(fitX, fitY * STRETCH); // a tree of thousands is a line otherwise
    const ky = Math.min(fitY, fitX * STRETCH);
    this.scale = {kx, ky, x: (this.size.w - b.w * kx) / 2 - b.x * kx, y: (this.size.h - b.h * ky) / 2 - b.y * ky};
    this.picture ??= document.createElement("canvas");
    const pen = prepare(this.picture, this.size.w, this.size.h);
    for (const id of renderer.order) {
      const box = renderer.boxes.get(id);
      pen.fillStyle = colors[TONE[model.nodes.get(id).view.status] ?? "dull"];
      pen.fillRect(box.x * kx + this.scale.x, box.y * ky + this.scale.y, Math.max(2, box.w * kx), Math.max(1.2, box.h * ky));
    }
  }

  go(event) {
    const rect = this.canvas.getBoundingClientRect();
    const x = (event.clientX - rect.left - this.scale.x) / this.scale.kx;
    const y = (event.clientY - rect.top - this.scale.y) / this.scale.ky;
    const {camera, renderer} = this.app;
    camera.stop();
    this.center(x, y);
    if (renderer.anyIn(camera.view(0))) return;
    const card = nearest(renderer.boxes.values(), x, y); // beside the tree there is nothing to see
    if (card) this.center(card.x + card.w / 2, card.y + card.h / 2);
  }

  center(x, y) {
    const {camera} = this.app;
    const {w, h} = camera.size;
    camera.set(w / 2 - x * camera.k, h / 2 - y * camera.k);
  }
}
