// One card. Built once, then brought up to date; a name is always a text node.

import {el, fill, setText, short} from "./dom.js";
import {icon} from "./icons.js";
import {sparkline} from "./spark.js";

const MUCH = 2; // beyond this and below -100 % a share of a short way says nothing more
export const SPARK = {w: 132, h: 30};

export function buildCard(id) {
  const root = el("div", "card", {role: "treeitem", "data-id": id, tabindex: "-1"});
  const p = {
    kind: el("span", "kind"),
    name: el("span", "name", {dir: "auto"}),
    more: el("span", "more", {"data-act": "menu", "aria-hidden": "true"}, icon("more")),
    status: el("span", "status"),
    statusText: el("span", "status-text"),
    avatar: el("span", "avatar", {"aria-hidden": "true"}),
    owner: el("span", "owner", {dir: "auto"}),
    actual: el("span", "actual"),
    target: el("span", "target"),
    pct: el("span", "pct"),
    bar: el("div", "bar", {}, el("i", "fill"), el("i", "tick")),
    spark: el("span", "spark-box"),
    flags: el("span", "flags"),
    fresh: el("span", "fresh"),
    fold: el("span", "fold", {"data-act": "fold", "aria-hidden": "true"}),
  };
  root.append(
    el("i", "stripe"),
    el("div", "row head", {}, p.kind, p.name, p.more),
    el("div", "row sub", {}, el("span", "verdict", {}, p.status, p.statusText), el("span", "who", {}, p.avatar, p.owner)),
    el("div", "row numbers", {}, el("span", "pair", {}, p.actual, p.target), p.pct),
    p.bar,
    el("div", "row foot", {}, p.spark, el("span", "aside", {}, p.flags, p.fresh)),
    p.fold,
  );
  return {root, p, view: null, version: -1, look: ""};
}

/** Bring a card's contents up to date with its view. */
export function updateCard(card, node, say) {
  const {view} = node;
  const {p, root} = card;
  card.view = view;
  root.dataset.status = view.status || "none"; // a KPI without a target has no verdict and shows none
  root.dataset.kind = view.kind;
  root.dataset.diff = view.diff ?? "";
  root.classList.toggle("waiting", Boolean(view.waiting));
  root.classList.toggle("stale", Boolean(view.stale));
  setText(p.name, view.name);
  root.title = "";
  p.name.title = view.name;
  p.kind.replaceChildren(...(view.kind === "kgi" ? [icon("kgi")] : view.guardrail ? [icon("guardrail")] : []));
  p.status.replaceChildren(...(view.status ? [icon(view.status)] : []));
  setText(p.statusText, view.status_text);
  p.statusText.title = view.status_text ?? "";
  setText(p.owner, view.owner);
  setText(p.avatar, initials(view.owner));
  p.avatar.parentElement.hidden = !view.owner;
  p.avatar.style.setProperty("--hue", hue(view.owner));
  setText(p.actual, view.actual_text || "–");
  // Compared with an earlier span, a card says what it was and how it changed instead of the target.
  setText(p.target, view.then_text ? `  ${view.then_text}` : view.target_text ? ` / ${view.target_text}` : "");
  setText(p.pct, view.change_text ?? percent(view.attainment, say.lang));
  updateBar(p.bar, view);
  card.spark = null; // drawn when it's near enough to be seen
  p.flags.replaceChildren(...flags(view, say));
  setText(p.fresh, view.freshness_text);
  p.fresh.title = view.freshness_text ?? "";
}

export function drawSpark(card) {
  if (card.spark === card.view) return;
  card.spark = card.view;
  card.p.spark.replaceChildren(sparkline(card.view.spark, card.view.spark_path, SPARK));
}

function updateBar(bar, view) {
  const [fillBar, tick] = bar.children;
  const done = Number.isFinite(view.attainment) ? Math.min(1, Math.max(0, view.attainment)) : 0;
  fillBar.style.width = `${done * 100}%`;
  const expected = Number.isFinite(view.expected_share);
  tick.hidden = !expected;
  if (expected) tick.style.left = `${Math.min(1, Math.max(0, view.expected_share)) * 100}%`;
  bar.classList.toggle("none", !Number.isFinite(view.attainment));
  bar.classList.toggle("blank", !Number.isFinite(view.attainment) && !view.target_text);
}

function flags(view, say) {
  const out = [];
  if (view.said) out.push(el("span", "flag said", {title: view.said_text, "data-said": view.said}, icon("voice"), icon(view.said)));
  if (view.assumption) out.push(el("span", "flag", {title: say("assumption")}, "≈"));
  if (view.lint) out.push(el("span", "flag warn", {title: say("lint")}, "!"));
  if (view.source_text) out.push(el("span", "flag warn", {title: view.source_text, "data-source": ""}, icon("source")));
  if (view.unread) out.push(el("span", "flag", {title: say("unread")}, icon("chat"), String(view.unread)));
  return out;
}

/** What changes with the view and not with the data: level, place, open, selected. */
export function markCard(card, {level, place, of, open, kids, below, trouble, selected, cursor, hit, dimmed, label, target}) {
  const look = [level, place, of, open, kids, below, trouble, selected, cursor, hit, dimmed, target, label].join("|");
  if (look === card.look) return;
  card.look = look;
  const {root, p} = card;
  root.setAttribute("aria-level", level);
  root.setAttribute("aria-posinset", place);
  root.setAttribute("aria-setsize", of);
  root.setAttribute("aria-selected", String(selected));
  root.setAttribute("aria-label", label);
  if (kids) root.setAttribute("aria-expanded", String(open));
  else root.removeAttribute("aria-expanded");
  root.tabIndex = cursor ? 0 : -1;
  root.classList.toggle("selected", selected);
  root.classList.toggle("hit", hit);
  root.classList.toggle("dimmed", dimmed);
  root.classList.toggle("aimed", target);
  p.fold.hidden = !kids;
  p.fold.classList.toggle("open", open);
  p.fold.replaceChildren(...(open ? ["−"] : [...(trouble ? [icon(trouble)] : []), String(below)]));
  p.fold.dataset.trouble = open ? "" : trouble;
}

/** The card in one breath, for a screen reader. */
export function labelOf(view, node, say) {
  const parts = [view.name, say(`kind_${view.kind}`), view.status_text, view.said_text, view.source_text];
  if (view.actual_text && view.target_text) parts.push(fill(say("label_of"), {actual: view.actual_text, target: view.target_text}));
  else if (view.actual_text) parts.push(view.actual_text);
  if (view.owner) parts.push(fill(say("label_owner"), {owner: view.owner}));
  if (node.below) parts.push(fill(say("label_below"), {count: node.below}));
  return parts.filter(Boolean).map((t) => short(t, 200)).join(". ");
}

export function buildChip(chip, view, say) {
  if (!chip.id) {
    return el("div", "chip more-chip", {"data-act": "chips"}, fill(say("more_actions"), {count: chip.more}));
  }
  const root = el("div", "chip", {role: "treeitem", "data-id": chip.id, tabindex: "-1", "data-state": view.state ?? "", "data-diff": view.diff ?? ""});
  root.append(icon("action"), el("span", "name", {dir: "auto", title: view.name}, view.name));
  if (view.owner) root.append(el("span", "avatar", {"aria-hidden": "true", style: `--hue:${hue(view.owner)}`}, initials(view.owner)));
  return root;
}

/** Two letters for a person. */
export function initials(owner) {
  const words = (owner ?? "").trim().split(/\s+/).filter(Boolean);
  const first = (w) => Array.from(w)[0] ?? "";
  return words.length > 1 ? first(words[0]) + first(words.at(-1)) : first(words[0] ?? "");
}

/** A hue that stays the same for the same text. */
export function hue(text) {
  let h = 7;
  for (const c of text ?? "") h = (h * 31 + c.codePointAt(0)) % 360;
  return h;
}

const formats = new Map();
/** A share as a percentage; empty where there is none. */
export function percent(share, lang) {
  if (!Number.isFinite(share)) return "";
  if (!formats.has(lang)) formats.set(lang, new Intl.NumberFormat(lang, {style: "percent", maximumFractionDigits: 0}));
  const format = (value) => formats.get(lang).format(value);
  if (share > MUCH) return `> ${format(MUCH)}`;
  return share < -1 ? `< ${format(-1)}` : format(share);
}
