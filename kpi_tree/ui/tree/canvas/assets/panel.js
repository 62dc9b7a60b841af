// The upper part of the panel beside the tree. What the canvas selects stands here in the next frame, from the
// card's own words; Python's answer then adds what only it knows, and what stands below is pale until then.

import {percent} from "./card.js";
import {el} from "./dom.js";
import {icon} from "./icons.js";

const PATIENCE = 10000; // milliseconds for Python's answer; then the head says again what the panel shows
const NOTHING = {facts: [], remarks: [], ways: [], listed: [], folds: [], boxes: []};
const heads = new WeakMap();
const reader = new TextDecoder();

class Head {
  constructor(host) {
    this.ahead = null;
    this.abouts = {}; // what was told of cards, also of those not looked at yet
    this.drawn = "";
    this.open = new Set(); // of the folds
    this.box = el("section", "kt-head");
    host.append(this.box);
    this.listen = ({detail}) => this.selected(detail);
    addEventListener("kpi-tree:selected", this.listen);
    this.box.addEventListener("click", (event) => this.click(event));
  }

  receive(data, send) {
    if (this.data?.stamp !== data.stamp) this.abouts = {};
    Object.assign(this.abouts, data.abouts);
    this.data = data;
    this.send = send;
    this.boxes = new Set(data.opened); // open, or about to be
    const [source, seq] = data.heard;
    const answered = source === this.ahead?.source && seq >= this.ahead?.seq;
    if (answered || this.ahead?.view.id === data.card.id) this.settle();
    this.draw();
    dispatchEvent(new CustomEvent("kpi-tree:heard", {detail: {key: data.key, source, seq}}));
  }

  /** What was selected, and the canvas' event that tells Python of it. */
  selected(told) {
    if (!this.box.isConnected) return this.destroy();
    if (told.key !== this.data.key) return undefined;
    this.settle();
    const [source, seq] = this.data.heard;
    const known = told.source === source && told.seq <= seq;
    if (!known) {
      this.ahead = told;
      this.timer = setTimeout(() => {
        this.settle();
        this.draw();
      }, PATIENCE);
    }
    return this.draw();
  }

  settle() {
    clearTimeout(this.timer);
    this.ahead = null;
  }

  draw() {
    const card = this.ahead?.view ?? this.data.card;
    const other = card.id !== this.data.card.id;
    const about = Object.hasOwn(this.abouts, card.id) ? this.abouts[card.id] : NOTHING;
    // Without more to tell than the card, what stands below keeps its place until the answer is there; where
    // nothing stands below and all was told, nothing is waited for.
    this.box.style.minHeight = about === NOTHING ? `${this.box.offsetHeight}px` : "";
    this.box.toggleAttribute("data-ahead", other);
    this.box.setAttribute("aria-busy", String(other && (about === NOTHING || this.data.opened.length > 0)));
    const now = JSON.stringify([card, about, this.data.lang, this.data.kept, ...this.boxes]);
    if (now === this.drawn) return; // nothing new: the keyboard's place and a marked text stay
    this.drawn = now;
    this.box.dataset.status = card.status || "none";
    const held = this.box.contains(document.activeElement) ? document.activeElement.dataset.held : null;
    this.shown = card.id;
    this.box.replaceChildren(...this.parts(card, about));
    if (held) this.box.querySelector(`[data-held="${CSS.escape(held)}"]`)?.focus();
  }

  parts(card, {why, rule, facts, remarks, ways, listed, folds, boxes}) {
    return [
      el("h2", "", {dir: "auto", title: card.name}, card.name),
      card.status_text ? el("p", "verdict", {title: rule}, card.status ? icon(card.status) : null, card.status_text) : null,
      card.kind === "action" ? null : this.value(card),
      card.said_text ? el("p", "said", {dir: "auto"}, icon("voice"), card.said_text) : null,
      why ? el("p", "why", {}, why) : null,
      facts.length ? el("dl", "kt-facts", {}, ...facts.map(fact)) : null,
      ...remarks.map(([name, words]) => el("p", "remark", {dir: "auto"}, symbol(name), el("span", "", {}, words))),
      ways.length ? el("p", "ways", {}, ...ways.map((way) => this.way(way))) : null,
      listed.length ? el("ul", "ways", {}, ...listed.map((way) => el("li", "", {}, this.way(way)))) : null,
      ...folds.map((fold) => this.fold(fold)),
      boxes.length ? el("p", "boxes", {}, ...boxes.map((box) => this.heading(box))) : null,
    ].filter(Boolean);
  }

  value(card) {
    const beside = card.then_text || (card.target_text ? `/ ${card.target_text}` : "");
    const share = card.change_text ?? percent(card.attainment, this.data.lang);
    return el("p", "value", {}, el("b", "", {}, card.actual_text || "–"), " ", el("span", "", {}, beside), " ", el("span", "share", {}, share));
  }

  /** A link with an address, for a tab of its own; a plain click goes on in this one, without loading it anew. */
  way({label, note, icon: name, href}) {
    const words = el("span", "", {}, label, note ? el("small", "", {}, ` ${note}`) : null);
    const whole = [href, this.data.kept].filter(Boolean).join("&");
    return el("a", "", {href: whole, target: "_self", dir: "auto", "data-held": href}, symbol(name), words);
  }

  fold({id, title, icon: name, texts, ways}) {
    const box = el("details", "", this.open.has(id) ? {open: ""} : {},
      el("summary", "", {"data-held": id}, symbol(name), title),
      ...texts.map(([words, small]) => el("p", small ? "small" : "", {dir: "auto"}, words)),
      ...(ways.length ? [el("p", "ways", {}, ...ways.map((way) => this.way(way)))] : []));
    box.addEventListener("toggle", () => (box.open ? this.open.add(id) : this.open.delete(id)));
    return box;
  }

  /** What a person works on: Python draws it below. */
  heading({id, title, icon: name}) {
    const attrs = {type: "button", "data-box": id, "data-held": `box ${id}`, "aria-expanded": String(this.boxes.has(id)), dir: "auto"};
    return el("button", "", attrs, symbol(name), el("span", "", {}, title));
  }

  toggle(id) {
    const open = !this.boxes.has(id);
    if (open) this.boxes.add(id);
    else this.boxes.delete(id);
    this.draw();
    this.send("box", {node: this.shown, box: id, open});
  }

  click(event) {
    const box = event.target.closest("button[data-box]");
    if (box) return this.toggle(box.dataset.box);
    const way = event.target.closest(".ways a");
    if (!way || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return undefined;
    event.preventDefault();
    history.pushState(null, "", way.href); // Streamlit goes where the browser's back and forward lead
    return dispatchEvent(new PopStateEvent("popstate"));
  }

  destroy() {
    this.settle();
    removeEventListener("kpi-tree:selected", this.listen);
    this.box.remove();
  }
}

function fact([label, value, note]) {
  return el("div", "", {}, el("dt", "", {}, label), el("dd", "", {dir: "auto"}, value, note ? el("small", "", {}, note) : null));
}

/** A sign of the icon font that Streamlit brings along. */
function symbol(name) {
  return el("i", "symbol", {"aria-hidden": "true", translate: "no"}, name);
}

export default function render({data, parentElement, setTriggerValue}) {
  if (!data) return undefined;
  let head = heads.get(parentElement);
  if (!head) {
    head = new Head(parentElement);
    heads.set(parentElement, head);
  }
  head.receive(JSON.parse(reader.decode(data)), setTriggerValue);
  return () => {
    // Also called between two renders of an element that stays.
    if (parentElement.isConnected) return;
    heads.delete(parentElement);
    head.destroy();
  };
}
