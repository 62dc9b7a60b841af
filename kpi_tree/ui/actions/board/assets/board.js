// Cards in columns. A card goes to another column by mouse, by a held finger, by Alt and an arrow, or by its menu.

const FAR = 6; // px that a mouse goes before a press becomes a drag
const HOLD = 320; // ms that a finger rests before it lifts a card; a quicker one scrolls
const RIM = 40; // px from the rim within which the columns slide by themselves
const AGAIN = [4000, 8000]; // ms after which a message without an answer is sent once more
const boards = new WeakMap();
const SVG = "http://www.w3.org/2000/svg";
const MARKS = {
  planned: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 1.6a4.4 4.4 0 1 1 0 8.8 4.4 4.4 0 0 1 0-8.8Z",
  doing: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 1.6v8.8a4.4 4.4 0 0 1 0-8.8Z",
  done: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm3 4.1-3.9 4.2-2.2-2.1 1-1.1 1.1 1.1L10 5.1Z",
  dropped: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm3 6.8H5V7.2h6Z",
  more: "M8 3.2a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8Zm0 3.9a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8ZM8 11a1.4 1.4 0 1 1 0 2.8A1.4 1.4 0 0 1 8 11Z",
  late: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm-.8 2.6h1.5v3l2.2 1.5-.8 1.2-2.9-1.9Z",
};

// Text from people goes in as text nodes only.
function el(tag, cls, attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function mark(name) {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 16 16");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", MARKS[name] ?? MARKS.planned);
  path.setAttribute("fill-rule", "evenodd");
  icon.append(path);
  return icon;
}

const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

class Board {
  constructor(parent) {
    this.root = el("div", "kb");
    this.row = el("div", "row");
    this.hint = el("p", "hint");
    this.live = el("div", "sr-only", {"aria-live": "polite"});
    this.root.append(this.row, this.hint, this.live);
    parent.appendChild(this.root);
    this.source = Math.random().toString(36).slice(2, 10);
    this.seq = 0;
    this.waiting = []; // messages that Python has not answered yet
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("click", (event) => this.click(event), true);
    this.root.addEventListener("pointerdown", (event) => this.press(event));
    this.root.addEventListener("pointermove", (event) => this.follow(event));
    this.root.addEventListener("pointerup", () => this.drop(true));
    this.root.addEventListener("pointercancel", () => this.drop(false));
    this.root.addEventListener("touchmove", (event) => this.lifted && event.preventDefault(), {passive: false});
    this.root.addEventListener("contextmenu", (event) => this.pressed?.touch && event.preventDefault());
    this.root.addEventListener("focusout", (event) => {
      if (this.menu && !this.menu.contains(event.relatedTarget)) this.close(false);
    });
  }

  receive(data, send) {
    this.send = send;
    this.last = data;
    if (data.ack.source === this.source) this.waiting = this.waiting.filter((one) => one.seq > data.ack.seq);
    if (!this.waiting.length) clearTimeout(this.timer);
    this.draw();
  }

  // What Python said, with what was done here since.
  cards() {
    const moved = new Map(this.waiting.filter((one) => one.kind === "move").map((one) => [one.card, one.to]));
    return this.last.cards.map((card) => (moved.has(card.id) ? {...card, lane: moved.get(card.id)} : card));
  }

  // Nothing is drawn anew under a held card or an open menu, nor where all would look the same.
  draw() {
    if (this.lifted || this.menu) return;
    const {texts, editable, label} = this.last;
    const cards = this.cards();
    const lanes = this.lanes(cards);
    const stamp = JSON.stringify([lanes, cards, texts, editable, label]);
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    const active = this.root.getRootNode().activeElement;
    const held = active && this.root.contains(active) ? active.closest?.(".card")?.dataset.id : null;
    const part = active?.classList.contains("more") ? ".more" : "a";
    this.row.setAttribute("role", "group");
    this.row.setAttribute("aria-label", label);
    this.row.replaceChildren(...lanes.map((lane) => this.lane(lane, cards)));
    const touch = matchMedia("(pointer: coarse)").matches;
    this.hint.textContent = editable ? (touch ? texts.hint_touch : texts.hint) : "";
    if (held) this.card(held)?.querySelector(part)?.focus({preventScroll: true});
  }

  // The columns with their counts, what was moved here counted in.
  lanes(cards) {
    const gained = (id) => cards.filter((card) => card.lane === id).length;
    const had = (id) => this.last.cards.filter((card) => card.lane === id).length;
    return this.last.lanes.map((lane) => ({...lane, count: lane.count + gained(lane.id) - had(lane.id)}));
  }

  lane(lane, cards) {
    const own = cards.filter((card) => card.lane === lane.id);
    const head = el("h2", "", {}, mark(lane.id), el("span", "", {}, lane.title), el("small", "", {}, String(lane.count)));
    const list = own.length
      ? el("ul", "", {}, ...own.map((card) => this.item(card)))
      : el("p", "none", {}, this.last.texts.none);
    const more = lane.more ? [el("p", "none", {}, lane.more)] : [];
    return el("section", `lane ${lane.id}`, {"data-lane": lane.id, "aria-label": lane.title}, head, list, ...more);
  }

  item(card) {
    const name = el("a", "name", {href: card.href, draggable: "false", dir: "auto"}, card.name);
    const node = el("li", "card", {"data-id": card.id, "data-lane": card.lane}, name);
    if (this.last.editable) {
      name.setAttribute("aria-keyshortcuts", "Alt+ArrowLeft Alt+ArrowRight");
      const words = fill(this.last.texts.menu, {name: card.name});
      const options = {type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": words, title: words};
      node.append(el("button", "more", options, mark("more")));
    }
    for (const line of card.lines) node.append(el("p", "line", {dir: "auto"}, line));
    if (card.late) node.append(el("p", "late", {}, mark("late"), card.late));
    return node;
  }

  card(id) { return [...this.row.querySelectorAll(".card")].find((node) => node.dataset.id === id); }
  laneAt(x) {
    const lanes = [...this.row.children].map((node) => [node, node.getBoundingClientRect()]);
    return lanes.find(([, box]) => x >= box.left - 6 && x <= box.right + 6)?.[0] ?? null;
  }
  title(lane) { return this.last.lanes.find((one) => one.id === lane)?.title ?? lane; }

  // ---- what is done

  move(id, to) {
    const node = this.card(id);
    const was = node?.dataset.lane;
    if (!node || !to || was === to || !this.last.editable) return;
    const name = node.querySelector(".name").textContent;
    this.post({kind: "move", card: id, was, to});
    this.draw();
    this.card(id)?.querySelector(".name").focus({preventScroll: true});
    this.card(id)?.scrollIntoView({block: "nearest", inline: "nearest"});
    this.live.textContent = fill(this.last.texts.moved, {name, column: this.title(to)});
  }

  // A run of the page that is under way swallows all but the last trigger, so each carries what has no answer yet.
  post(message) {
    this.seq += 1;
    this.waiting.push({...message, seq: this.seq});
    this.tell(0);
  }

  tell(tries) {
    clearTimeout(this.timer);
    if (!this.waiting.length) return;
    this.send("moved", {source: this.source, moves: this.waiting, at: Date.now()});
    if (tries < AGAIN.length) this.timer = setTimeout(() => this.tell(tries + 1), AGAIN[tries]);
  }

  // ---- keys and clicks

  key(event) {
    event.stopPropagation(); // Streamlit has keys of its own (r, c)
    if (this.menu) return this.menuKey(event);
    if (event.key === "Escape" && this.lifted) return this.drop(false);
    if ((event.ctrlKey || event.metaKey) && "zy".includes(event.key.toLowerCase()) && this.last.editable) {
      event.preventDefault();
      this.post({kind: event.key.toLowerCase() === "z" && !event.shiftKey ? "undo" : "redo"});
      return undefined;
    }
    const node = event.target.closest?.(".card");
    if (!node) return undefined;
    const way = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    const rows = {ArrowUp: -1, ArrowDown: 1}[event.key];
    if (way && event.altKey) this.move(node.dataset.id, this.beside(node, way)?.dataset.lane);
    else if (way) this.focusLane(node, way);
    else if (rows) this.focusRow(node, rows);
    else if (event.key === "m" || event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) this.openMenu(node);
    else return undefined;
    event.preventDefault();
    return undefined;
  }

  beside(node, way) {
    const lane = node.closest(".lane");
    return way > 0 ? lane.nextElementSibling : lane.previousElementSibling;
  }
  focusRow(node, way) {
    const next = way > 0 ? node.nextElementSibling : node.previousElementSibling;
    next?.querySelector(".name").focus();
  }
  focusLane(node, way) {
    const at = [...node.parentElement.children].indexOf(node);
    for (let lane = this.beside(node, way); lane; lane = way > 0 ? lane.nextElementSibling : lane.previousElementSibling) {
      const cards = lane.querySelectorAll(".card");
      if (cards.length) return cards[Math.min(at, cards.length - 1)].querySelector(".name").focus();
    }
    return undefined;
  }

  click(event) {
    if (this.dragged) { // the click that ends a drag opens nothing
      this.dragged = false;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const node = event.target.closest(".card");
    if (event.target.closest(".more")) {
      if (this.menu) this.close(true);
      else this.openMenu(node);
    } else if (event.target.closest(".name") && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      this.post({kind: "open", card: node.dataset.id});
    }
  }

  openMenu(of) {
    const {lanes, texts} = this.last;
    this.close(false);
    const node = this.card(of.dataset.id);
    if (!node || !this.last.editable) return;
    const rows = lanes.filter((lane) => lane.id !== node.dataset.lane).map((lane) => {
      const row = el("button", "item", {type: "button", role: "menuitem", tabindex: "-1"}, mark(lane.id), fill(texts.to, {column: lane.title}));
      row.addEventListener("click", () => {
        this.close(true);
        this.move(node.dataset.id, lane.id);
      });
      return row;
    });
    this.opener = node.querySelector(".more");
    this.menu = el("div", "menu", {role: "menu", "aria-label": this.opener.getAttribute("aria-label")}, ...rows);
    this.opener.setAttribute("aria-expanded", "true");
    node.append(this.menu);
    rows[0].focus({preventScroll: true});
  }

  menuKey(event) {
    const rows = [...this.menu.children];
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    const at = rows.indexOf(event.target);
    if (step) rows[(at + step + rows.length) % rows.length].focus();
    else if (event.key === "Home") rows[0].focus();
    else if (event.key === "End") rows.at(-1).focus();
    else if (event.key === "Escape" || event.key === "Tab") this.close(true);
    else return;
    event.preventDefault();
  }

  close(refocus) {
    const {menu, opener} = this;
    if (!menu) return;
    this.menu = null;
    menu.remove();
    opener.setAttribute("aria-expanded", "false");
    if (refocus) opener.focus({preventScroll: true});
    this.draw(); // what came in meanwhile
  }

  // ---- dragging

  press(event) {
    this.dragged = false;
    const node = event.target.closest(".card");
    if (!node || event.button !== 0 || event.target.closest(".more, .menu") || !this.last.editable) return;
    const touch = event.pointerType === "touch";
    this.pressed = {node, touch, pointer: event.pointerId, x: event.clientX, y: event.clientY};
    if (touch) this.hold = setTimeout(() => this.lift(event.clientX, event.clientY), HOLD);
  }

  follow(event) {
    const {pressed} = this;
    if (!pressed || event.pointerId !== pressed.pointer) return;
    const far = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
    if (!this.lifted && pressed.touch && far > FAR) return this.drop(false); // it scrolls
    if (!this.lifted && far > FAR) this.lift(event.clientX, event.clientY);
    if (this.lifted) this.to(event.clientX, event.clientY);
    return undefined;
  }

  lift(x, y) {
    const {node, pointer} = this.pressed;
    const box = node.getBoundingClientRect();
    this.close(false);
    this.lifted = node.cloneNode(true);
    this.lifted.classList.add("ghost");
    this.lifted.setAttribute("aria-hidden", "true");
    this.lifted.style.width = `${box.width}px`;
    this.pressed.grip = {x: this.pressed.x - box.left, y: this.pressed.y - box.top};
    this.root.append(this.lifted);
    this.root.classList.add("dragging");
    node.classList.add("lifted");
    this.root.setPointerCapture?.(pointer);
    this.live.textContent = fill(this.last.texts.held, {name: node.querySelector(".name").textContent});
    this.to(x, y);
    this.slide();
  }

  to(x, y) {
    const {grip, node} = this.pressed;
    const frame = this.root.getBoundingClientRect();
    Object.assign(this.pressed, {atX: x, atY: y});
    this.lifted.style.transform = `translate(${x - grip.x - frame.left}px, ${y - grip.y - frame.top}px) rotate(1.2deg)`;
    const lane = this.laneAt(x);
    this.aim = lane && lane.dataset.lane !== node.dataset.lane ? lane.dataset.lane : null;
    for (const one of this.row.children) one.classList.toggle("aim", one.dataset.lane === this.aim);
  }

  // Near the rim the columns slide under a held card, where they do not all have room (a telephone).
  slide() {
    if (!this.lifted) return;
    const box = this.row.getBoundingClientRect();
    const {atX, atY} = this.pressed;
    const push = atX < box.left + RIM ? -7 : atX > box.right - RIM ? 7 : 0;
    if (push && this.row.scrollWidth > this.row.clientWidth) {
      this.row.scrollLeft += push;
      this.to(atX, atY);
    }
    requestAnimationFrame(() => this.slide());
  }

  drop(done) {
    clearTimeout(this.hold);
    const {pressed, lifted, aim} = this;
    this.pressed = this.lifted = this.aim = null;
    if (!lifted) return undefined;
    lifted.remove();
    this.dragged = done; // for the click that this may still bring, and no other
    setTimeout(() => { this.dragged = false; }, 50);
    this.root.classList.remove("dragging");
    pressed.node.classList.remove("lifted");
    for (const one of this.row.children) one.classList.remove("aim");
    this.draw(); // what came in meanwhile
    if (done && aim) this.move(pressed.node.dataset.id, aim);
    return undefined;
  }

  destroy() {
    clearTimeout(this.timer);
    clearTimeout(this.hold);
    this.lifted = null;
    this.root.remove();
  }
}

export default function render({data, parentElement, setTriggerValue}) {
  if (!data) return undefined;
  let board = boards.get(parentElement);
  if (!board) {
    board = new Board(parentElement);
    boards.set(parentElement, board);
    board.turn = 0;
  }
  const turn = (board.turn += 1);
  board.receive(data, setTriggerValue);
  return () => {
    // Streamlit takes leave of a render, too, that the next one overtook; the element stays in the page then.
    const leave = () => {
      if (board.turn !== turn || boards.get(parentElement) !== board) return;
      boards.delete(parentElement);
      board.destroy();
    };
    if (parentElement.isConnected) setTimeout(leave, 10000);
    else leave();
  };
}
