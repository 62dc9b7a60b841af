// The head of the panel beside the tree. What the canvas selects stands here in the next frame, from the card's
// own words; Python's answer then adds what only it knows, and what stands below the head.

import {percent} from "./card.js";
import {el} from "./dom.js";
import {icon} from "./icons.js";

const PATIENCE = 10000; // milliseconds for Python's answer; then the head says again what the panel shows
const heads = new WeakMap();

class Head {
  constructor(host) {
    this.ahead = null;
    this.box = el("section", "kt-head");
    host.append(this.box);
    this.listen = ({detail}) => this.selected(detail);
    addEventListener("kpi-tree:selected", this.listen);
  }

  receive(data) {
    this.data = data;
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
    const {why, rule, facts} = other ? {facts: []} : this.data;
    this.box.toggleAttribute("data-ahead", other);
    this.box.setAttribute("aria-busy", String(other));
    this.box.dataset.status = card.status || "none";
    this.box.replaceChildren(
      el("h3", "", {dir: "auto", title: card.name}, card.name),
      ...(card.status_text ? [el("p", "verdict", {title: rule}, card.status ? icon(card.status) : null, card.status_text)] : []),
      ...(card.kind === "action" ? [] : [this.value(card)]),
      ...(card.said_text ? [el("p", "said", {dir: "auto"}, icon("voice"), card.said_text)] : []),
      ...(why ? [el("p", "why", {}, why)] : []),
      ...(facts.length ? [el("dl", "kt-facts", {}, ...facts.map(fact))] : []),
    );
  }

  value(card) {
    const beside = card.then_text || (card.target_text ? `/ ${card.target_text}` : "");
    const share = card.change_text ?? percent(card.attainment, this.data.lang);
    return el("p", "value", {}, el("b", "", {}, card.actual_text || "–"), " ", el("span", "", {}, beside), " ", el("span", "share", {}, share));
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

export default function render({data, parentElement}) {
  if (!data) return undefined;
  let head = heads.get(parentElement);
  if (!head) {
    head = new Head(parentElement);
    heads.set(parentElement, head);
  }
  head.receive(data);
  return () => {
    // Also called between two renders of an element that stays.
    if (parentElement.isConnected) return;
    heads.delete(parentElement);
    head.destroy();
  };
}
