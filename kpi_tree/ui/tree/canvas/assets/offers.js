// What a box could be called while its name is typed: the KPIs that the tree does not measure yet.

import {el, folded} from "./dom.js";

const MOST = 6;
export const ROOM = 240; // pixels that the list takes at most

export class Offers {
  /** `choose(name, kpi)` is called with the one that is picked. */
  constructor(field, label, known, choose) {
    this.field = field;
    this.choose = choose;
    this.known = known.map(([kpi, name, words]) => ({kpi, name, plain: folded(name), words: words ? words.split("|") : []}));
    this.list = el("ul", "offers", {role: "listbox", id: "offers", "aria-label": label});
    this.list.hidden = true;
    this.list.addEventListener("pointerdown", (e) => e.preventDefault()); // the field keeps the keyboard
    this.list.addEventListener("click", (e) => this.pick(Number(e.target.closest("li")?.dataset.at ?? -1)));
    for (const [name, value] of Object.entries({role: "combobox", "aria-autocomplete": "list", "aria-controls": "offers", "aria-expanded": "false"})) field.setAttribute(name, value);
    field.addEventListener("input", () => this.look());
    this.hide();
  }

  look() {
    const typed = folded(this.field.value.trim());
    const fits = typed ? this.known.map((one) => ({one, ...rank(one, typed)})).filter(({score}) => score < 9) : [];
    this.found = fits.sort((a, b) => a.score - b.score).slice(0, MOST);
    this.list.replaceChildren(...this.found.map(({one, by}, at) =>
      el("li", "", {role: "option", id: `offer-${at}`, "data-at": at}, el("span", "", {dir: "auto"}, one.name), by && el("small", "", {dir: "auto"}, by))));
    this.list.hidden = !this.found.length;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark(-1);
  }

  mark(at) {
    this.at = at;
    [...this.list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    if (at < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `offer-${at}`);
  }

  /** Whether a key was meant for the list. */
  key(event) {
    if (this.list.hidden) return false;
    const last = this.found.length - 1;
    if (event.key === "ArrowDown") this.mark(this.at < last ? this.at + 1 : -1);
    else if (event.key === "ArrowUp") this.mark(this.at < 0 ? last : this.at - 1);
    else if (event.key === "Escape" && this.at >= 0) this.hide();
    else if (["Enter", "Tab"].includes(event.key) && this.at >= 0) this.pick(this.at);
    else return false;
    event.preventDefault();
    return true;
  }

  pick(at) {
    const chosen = this.found[at]?.one;
    if (chosen) this.choose(chosen.name, chosen.kpi);
  }

  hide() {
    this.found = [];
    this.list.hidden = true;
    this.list.replaceChildren();
    this.field.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }
}

/** How near a KPI is to what was typed (9: not at all), and the everyday word that brought it here. The first of
 * these words means just the KPI, the others come near it. */
function rank({plain, words}, typed) {
  const begins = words.find((word) => folded(word).startsWith(typed));
  if (plain === typed || (begins && folded(begins) === typed)) return {score: 0, by: plain === typed ? "" : begins};
  if (plain.startsWith(typed)) return {score: 1};
  if (begins && begins === words[0]) return {score: 1, by: begins};
  if (plain.split(/[\s(/-]+/).some((word) => word.startsWith(typed))) return {score: 2};
  const by = begins ?? (typed.length > 2 && words.find((word) => folded(word).includes(typed)));
  if (by) return {score: 3, by};
  return {score: typed.length > 1 && plain.includes(typed) ? 4 : 9};
}
