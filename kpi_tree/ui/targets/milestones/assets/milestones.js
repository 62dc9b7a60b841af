// A path over the days of a period. Milestones are sliders: drag them, or move them by the arrow keys.

const H = 250, LEFT = 64, RIGHT = 14, TOP = 18, BOTTOM = 26;
const SVG = "http://www.w3.org/2000/svg";
const PATIENCE = 20000; // milliseconds in which the server answers a gesture, or has lost it
const charts = new WeakMap();

function make(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

class Chart {
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "ms";
    parent.appendChild(this.root);
    this.timer = 0;
    this.count = 0;
    this.wide = 640;
    // Drawn as wide as there is room, so that letters keep their size on a telephone.
    this.watch = new ResizeObserver(() => {
      const wide = Math.max(this.root.clientWidth, 280);
      if (this.data && Math.abs(wide - this.wide) > 1 && this.dragging === undefined) { this.wide = wide; this.draw(); }
    });
    this.watch.observe(this.root);
    // Streamlit has keys of its own (r, c): none of ours may reach it.
    this.root.addEventListener("keydown", event => event.stopPropagation());
  }

  receive(data, send) {
    this.send = send;
    const stamp = JSON.stringify(data);
    if (stamp === this.stamp || this.dragging !== undefined || this.timer) return;
    // An answer to an earlier gesture would take the later one back.
    if (this.told && data.heard !== this.told && Date.now() - this.told < PATIENCE) return;
    this.stamp = stamp;
    this.data = data;
    this.points = data.points.map(point => [...point]);
    this.days = data.path.length;
    const values = [...data.path, ...data.actual.filter(v => v !== null), ...data.lines.map(l => l[1]), ...this.points.map(p => p[1])];
    const low = Math.min(0, ...values), high = Math.max(...values, low + 1e-9);
    this.low = low;
    this.high = high + (high - low) * 0.08;
    this.whole = Math.abs(this.high) >= 200;
    this.draw();
  }

  x(day) { return LEFT + (this.wide - LEFT - RIGHT) * (this.days > 1 ? day / (this.days - 1) : 1); }
  y(value) { return H - BOTTOM - (H - TOP - BOTTOM) * (value - this.low) / (this.high - this.low); }
  date(day) {
    const at = new Date(this.data.first + "T12:00:00Z");
    at.setUTCDate(at.getUTCDate() + day);
    return at.toLocaleDateString(this.data.locale, {day: "numeric", month: "short", timeZone: "UTC"});
  }
  amount(value) { return value.toLocaleString(this.data.locale, {maximumFractionDigits: this.whole ? 0 : 2}); }
  step() { return 10 ** Math.floor(Math.log10((this.high - this.low) / 20)); }
  round(value) { const unit = this.step() / (this.whole ? 1 : 10); return Number((Math.round(value / unit) * unit).toPrecision(12)); }

  // What the milestones make: straight lines from the first day to the last, as the server will draw it.
  bent() {
    if (!this.data.editable) return this.data.path;
    const knots = [...this.points].sort((a, b) => a[0] - b[0]);
    const start = this.data.path[0], end = this.data.path[this.days - 1];
    if (!knots.length || knots[0][0] > 0) knots.unshift([0, start]);
    if (knots[knots.length - 1][0] < this.days - 1) knots.push([this.days - 1, end]);
    return this.data.path.map((_, day) => {
      const after = knots.findIndex(knot => knot[0] >= day);
      const [b, a] = [knots[Math.max(after, 0)], knots[Math.max(after - 1, 0)]];
      return b[0] === a[0] ? b[1] : a[1] + (b[1] - a[1]) * (day - a[0]) / (b[0] - a[0]);
    });
  }

  // Round numbers for the grid: steps of 1, 2 or 5 times a power of ten.
  ticks() {
    const rough = (this.high - this.low) / 4, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= rough);
    const found = [];
    for (let n = Math.ceil(this.low / step); n * step <= this.high; n++) found.push(Number((n * step).toPrecision(12)));
    return found;
  }

  polyline(values, name) {
    let text = "", pen = "M";
    values.forEach((value, day) => {
      if (value === null) { pen = "M"; return; }
      text += `${pen}${this.x(day).toFixed(1)} ${this.y(value).toFixed(1)}`;
      pen = "L";
    });
    return make("path", {class: name, d: text || "M0 0"});
  }

  draw() {
    const {data, root, wide: W} = this;
    root.replaceChildren();
    const title = document.createElement("p");
    title.className = "title";
    title.textContent = data.title;
    const svg = this.svg = make("svg", {viewBox: `0 0 ${W} ${H}`, role: "group", "aria-label": data.title});
    for (const value of this.ticks()) {
      svg.append(make("line", {class: "axis", x1: LEFT, x2: W - RIGHT, y1: this.y(value), y2: this.y(value)}),
        make("text", {x: LEFT - 8, y: this.y(value) + 4, "text-anchor": "end"}, this.amount(value)));
    }
    for (const share of [0, 0.5, 1]) {
      const day = Math.round((this.days - 1) * share);
      svg.append(make("text", {x: this.x(day), y: H - 6, "text-anchor": ["start", "middle", "end"][share * 2]}, this.date(day)));
    }
    svg.append(make("text", {x: 0, y: 10}, data.label));
    for (const [name, value] of data.lines) {
      svg.append(make("line", {class: "line", x1: LEFT, x2: W - RIGHT, y1: this.y(value), y2: this.y(value)}),
        make("text", {x: LEFT + 6, y: this.y(value) - 4}, `${name} ${this.amount(value)}`));
    }
    this.line = this.polyline(this.bent(), "path");
    svg.append(this.line);
    if (data.actual.some(value => value !== null)) svg.append(this.polyline(data.actual, "actual"));
    this.tip = make("text", {class: "tip", "text-anchor": "middle"});
    this.knobs = data.editable ? this.points.map((_, place) => this.knob(place)) : [];
    svg.append(...this.knobs, this.tip);
    root.append(title, svg);
    if (data.editable) this.tools();
    if (this.focused !== undefined && this.knobs[this.focused]) this.knobs[this.focused].focus();
  }

  tools() {
    const add = document.createElement("button");
    add.type = "button";
    add.textContent = this.data.texts.add;
    add.addEventListener("click", () => this.add());
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.textContent = this.data.texts.hint;
    this.root.append(add, hint);
  }

  add() {
    const used = [-1, ...this.points.map(point => point[0]).sort((a, b) => a - b), this.days];
    let best = 0;
    for (let n = 1; n < used.length; n++) if (used[n] - used[n - 1] > used[best + 1] - used[best]) best = n - 1;
    const day = Math.floor((used[best] + used[best + 1]) / 2);
    if (used[best + 1] - used[best] < 2) return;
    this.points.push([day, this.round(this.bent()[day])]);
    this.focused = this.points.length - 1;
    this.draw();
    this.tell();
  }

  knob(place) {
    const knob = make("circle", {class: "knob", r: 8, tabindex: 0, role: "slider"});
    this.place(knob, place);
    knob.addEventListener("focus", () => { this.focused = place; this.show(place); });
    knob.addEventListener("blur", () => { if (this.focused === place) this.focused = undefined; this.tip.textContent = ""; this.leave(); });
    knob.addEventListener("keydown", event => this.key(event, place));
    knob.addEventListener("pointerdown", event => {
      event.preventDefault();
      knob.focus();
      this.dragging = place;
      knob.classList.add("held");
      knob.setPointerCapture(event.pointerId);
    });
    knob.addEventListener("pointermove", event => { if (this.dragging === place) this.follow(event, place); });
    const drop = () => {
      if (this.dragging !== place) return;
      this.dragging = undefined;
      knob.classList.remove("held");
      this.tell();
    };
    knob.addEventListener("pointerup", drop);
    knob.addEventListener("pointercancel", drop);
    return knob;
  }

  place(knob, place) {
    const [day, value] = this.points[place];
    knob.setAttribute("cx", this.x(day));
    knob.setAttribute("cy", this.y(value));
    knob.setAttribute("aria-label", this.data.texts.point.replace("{day}", this.date(day)));
    knob.setAttribute("aria-valuenow", value);
    knob.setAttribute("aria-valuemin", this.low);
    knob.setAttribute("aria-valuemax", this.high);
    knob.setAttribute("aria-valuetext", this.amount(value));
  }

  show(place) {
    const [day, value] = this.points[place];
    this.tip.textContent = `${this.date(day)}: ${this.amount(value)}`;
    this.tip.setAttribute("x", Math.min(Math.max(this.x(day), LEFT + 50), this.wide - RIGHT - 50));
    this.tip.setAttribute("y", Math.max(this.y(value) - 14, 12));
  }

  move(place, day, value) {
    const taken = this.points.some((point, n) => n !== place && point[0] === day);
    const kept = Math.min(Math.max(day, 0), this.days - 1);
    this.points[place] = [taken ? this.points[place][0] : kept, value];
    this.place(this.knobs[place], place);
    this.line.setAttribute("d", this.polyline(this.bent(), "path").getAttribute("d"));
    this.show(place);
  }

  follow(event, place) {
    const spot = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    const day = Math.round((spot.x - LEFT) / (this.wide - LEFT - RIGHT) * (this.days - 1));
    const share = (H - BOTTOM - spot.y) / (H - TOP - BOTTOM);
    const value = this.low + Math.min(Math.max(share, 0), 1) * (this.high - this.low);
    this.move(place, day, this.round(value));
  }

  key(event, place) {
    const [day, value] = this.points[place];
    const far = event.shiftKey ? 10 : 1;
    const moves = {ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, far], ArrowDown: [0, -far]};
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.points.splice(place, 1);
      this.focused = this.points.length ? Math.min(place, this.points.length - 1) : undefined;
      this.draw();
      this.tell();
    } else if (moves[event.key]) {
      event.preventDefault();
      const [days, steps] = moves[event.key];
      this.move(place, day + days, this.round(value + steps * this.step()));
      this.tell(500);
    }
  }

  tell(wait = 0) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.post(), wait);
  }

  // What waits for the keys to rest goes out before whatever is clicked next, such as the button that keeps it.
  leave() { if (this.timer) this.post(); }

  post() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.count += 1;
    this.told = Math.max(Date.now(), (this.told ?? 0) + 1);
    this.send("moved", {points: this.points, count: this.count, at: this.told});
  }
}

export default function render({data, parentElement, setStateValue}) {
  if (!data) return undefined;
  let chart = charts.get(parentElement);
  if (!chart) {
    chart = new Chart(parentElement);
    charts.set(parentElement, chart);
  }
  chart.receive(data, setStateValue);
  return () => {
    clearTimeout(chart.timer);
    chart.watch.disconnect();
    charts.delete(parentElement);
    chart.root.remove();
  };
}
