// Names offered while a formula is typed, at the cursor. The field is Streamlit's own; this only listens to it,
// shows a list below it and writes the chosen name into it, as if it had been typed.

const MOST = 8;
const LONGEST_NAME = 80; // letters before the cursor among which the beginning of a name is looked for
const WORD = /[\p{L}\p{N}\p{M}_]/u;
const LETTERS = {ø: "o", æ: "ae", ð: "d", þ: "th", ł: "l"};
const helpers = new WeakMap();
let count = 0;

/** A text as it is compared: without case, accents and doubled blanks (as completion.py does). */
function folded(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[øæðþł]/g, (letter) => LETTERS[letter])
    .normalize("NFKD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").trim();
}

class Helper {
  constructor(host) {
    this.id = `kt-typing-${++count}`;
    this.box = document.createElement("div");
    this.box.className = "kt-typing";
    this.list = document.createElement("ul");
    this.list.id = this.id;
    this.list.role = "listbox";
    this.list.hidden = true;
    this.box.append(this.list);
    host.append(this.box);
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the keyboard
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("li")?.dataset.at));
    this.hear = (event) => this.heard(event);
    for (const kind of ["input", "keydown", "click", "focusout"]) document.addEventListener(kind, this.hear, true);
  }

  receive(data) {
    this.field = `.st-key-${CSS.escape(data.field.trim().replace(/[^a-zA-Z0-9_-]/g, "-"))}`;
    this.list.setAttribute("aria-label", data.label);
    this.words = data.words;
    this.names = data.names.map(([name, id, typed]) => ({name, id, typed, plain: folded(name)}));
  }

  destroy() {
    for (const kind of ["input", "keydown", "click", "focusout"]) document.removeEventListener(kind, this.hear, true);
    this.box.remove();
  }

  heard(event) {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !field.closest(this.field)) return;
    this.input = field;
    if (event.type === "focusout") this.close();
    else if (event.type === "keydown") this.key(event);
    else if (event.type === "input" && !event.isComposing) this.offer();
    else if (event.type === "click" && !this.list.hidden) this.offer();
  }

  key(event) {
    if (event.isComposing) return;
    const move = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (this.list.hidden) {
      if (event.key === "ArrowDown") this.offer(true);
      if (this.list.hidden || event.key !== "ArrowDown") return;
    } else if (move) this.mark((this.marked + move + this.found.length) % this.found.length);
    else if (event.key === "Enter" && this.marked >= 0) this.choose(this.marked);
    else if (event.key === "Escape") this.close();
    else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return setTimeout(() => this.offer());
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** What could stand at the cursor; all of it where nothing is typed and that was asked for. */
  offer(all = false) {
    const {value, selectionStart: cursor} = this.input;
    this.start = this.begun(value, cursor);
    this.end = cursor;
    while (this.end < value.length && WORD.test(value[this.end])) this.end += 1;
    const typed = folded(value.slice(this.start, cursor));
    if ((!typed && !all) || /^\d/.test(typed) || this.words.includes(typed)) return this.close();
    this.found = this.names.map((one) => [this.score(typed, one), one]).filter(([score]) => score >= 0)
      .sort((left, right) => left[0] - right[0]).slice(0, MOST).map(([, one]) => one);
    const whole = value.slice(this.start, this.end);
    const done = this.found.length === 1 && [this.found[0].typed, this.found[0].id].includes(whole);
    return done || !this.found.length ? this.close() : this.show();
  }

  /** Where what is typed begins: several words back where they begin a name of several words. */
  begun(text, cursor) {
    for (let at = Math.max(cursor - LONGEST_NAME, 0); at < cursor; at += 1) {
      if (!WORD.test(text[at]) || (at > 0 && WORD.test(text[at - 1]))) continue;
      const typed = folded(text.slice(at, cursor));
      const over = /\s$/.test(text.slice(at, cursor)); // a name that is finished asks for an operator
      if (typed.includes(" ") && this.names.some(({plain}) => plain.startsWith(typed) && !(over && plain === typed))) return at;
    }
    let word = cursor;
    while (word > 0 && WORD.test(text[word - 1])) word -= 1;
    return word;
  }

  score(typed, {id, plain}) {
    const texts = [id.toLowerCase(), plain];
    if (!typed || texts.some((text) => text.startsWith(typed))) return 0;
    if (texts.some((text) => text.split(/[ _]/).some((word) => word.startsWith(typed)))) return 1;
    return texts.some((text) => text.includes(typed)) ? 2 : -1;
  }

  show() {
    this.list.replaceChildren(...this.found.map(({name, id, typed}, at) => {
      const item = document.createElement("li");
      item.id = `${this.id}-${at}`;
      item.role = "option";
      item.dataset.at = at;
      const told = document.createElement("span");
      told.textContent = name;
      told.dir = "auto";
      const small = document.createElement("small");
      small.textContent = typed === id && id !== name ? id : ""; // of two that are called the same
      item.append(told, small);
      return item;
    }));
    this.list.hidden = false;
    this.input.setAttribute("aria-controls", this.id);
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.role = "combobox";
    this.input.setAttribute("aria-expanded", "true");
    this.mark(-1);
    this.list.scrollIntoView({block: "nearest"});
  }

  mark(at) {
    this.marked = at;
    [...this.list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    if (at < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.id}-${at}`);
    this.list.children[at]?.scrollIntoView({block: "nearest"});
  }

  choose(at) {
    const chosen = this.found?.[at];
    if (!chosen) return;
    const {input, start, end} = this;
    const text = input.value.slice(0, start) + chosen.typed + input.value.slice(end);
    // React hears of a change only if the value is set behind its back.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, text);
    input.setSelectionRange(start + chosen.typed.length, start + chosen.typed.length);
    input.dispatchEvent(new InputEvent("input", {bubbles: true}));
    this.close();
    input.focus();
  }

  close() {
    this.list.hidden = true;
    this.list.replaceChildren();
    this.marked = -1;
    this.input?.setAttribute("aria-expanded", "false");
    this.input?.removeAttribute("aria-activedescendant");
  }
}

export default function ({parentElement, data}) {
  let helper = helpers.get(parentElement);
  if (!helper) helpers.set(parentElement, (helper = new Helper(parentElement)));
  helper.receive(data);
  return () => {
    if (parentElement.isConnected) return; // also called between two renders of an element that stays
    helper.destroy();
    helpers.delete(parentElement);
  };
}
