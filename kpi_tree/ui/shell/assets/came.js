// Where the keyboard goes on once something has come, and what a screen reader says of it.
//
// Python tells what has come and where it stands. The focus goes there only while it rests where the person acted, or
// when what had it is gone: nobody is taken away from what they type or look at meanwhile.

const PATIENCE = 3000; // milliseconds in which what is waited for may be drawn
const FLAT = /^(button|checkbox|radio|file|submit|reset)$/; // inputs in which nothing is typed

let held = null; // what had the focus last
let lost = null; // the same once it is gone, until its like is found
let acted = null; // the control of the last act; anything else that is done forgets it
let keys = false; // was that by keyboard?
let touched = false; // did anybody do anything here yet?
let told = 0;
let said = null;

const main = () => document.querySelector('[data-testid="stMain"]');
const byKey = (key) => document.querySelector(`.st-key-${CSS.escape(key.replace(/[^\w-]/g, "-"))}`);
const keyOf = (element) => [...(element.classList ?? [])].find((name) => name.startsWith("st-key-"));
const named = (element) => element.getAttribute("aria-label") || element.textContent.trim().slice(0, 120);
const typing = (element) =>
  element.isContentEditable || element.matches?.("textarea, select") ||
  (element.matches?.("input") && !FLAT.test(element.type));

function hold(element) {
  if (!main()?.contains(element)) return (held = null);
  const around = [];
  for (let each = element; each; each = each.parentElement) if (keyOf(each)) around.push(keyOf(each));
  return (held = {element, around, tag: element.tagName, name: named(element), path: location.pathname});
}

function act(byKeyboard) {
  acted = document.activeElement;
  keys = byKeyboard;
  touched = true;
}

/** Does the focus rest where the last act was, or nowhere? */
function idle() {
  const active = document.activeElement;
  return !active || active === document.body || active === acted || !active.isConnected;
}

function go(place) {
  const natural = place.tabIndex >= 0;
  if (!natural) place.tabIndex = -1;
  place.toggleAttribute("data-quiet", !keys); // a frame around it is for whoever works by keyboard
  place.focus({preventScroll: true});
  if (keys) place.scrollIntoView({block: "nearest"});
  acted = place;
}

const seen = (place) => place && !place.closest('[data-stale="true"]') && place.checkVisibility();

/** Tries until it works, the focus is wanted elsewhere, or it has taken too long. */
function until(attempt) {
  const end = performance.now() + PATIENCE;
  const again = () => idle() && !attempt() && performance.now() < end && requestAnimationFrame(again);
  again();
}

/** The like of what is gone: of the same name within the nearest part that stayed; on a new page, its title. */
function likeOf({around, tag, name, path}) {
  if (path !== location.pathname) return main()?.querySelector("h1");
  const part = around.map((key) => document.querySelector(`.${CSS.escape(key)}`)).find(seen);
  if (!part || !name) return null;
  return [...part.querySelectorAll(tag)].find((each) => named(each) === name && !each.disabled);
}

function missed() {
  if (!held || held.element.isConnected || document.activeElement !== document.body) return;
  lost = held;
  held = null;
  until(() => {
    const like = lost && likeOf(lost);
    if (seen(like)) go(like);
    return !lost || seen(like);
  });
}

function say(words) {
  if (!said) {
    said = document.createElement("div");
    said.className = "kt-said";
    said.setAttribute("role", "status");
    document.body.append(said);
  }
  said.textContent = "";
  setTimeout(() => (said.textContent = words), 60); // the same words twice are two pieces of news
}

function arrive({turn, words, at}) {
  if (!turn || turn === told) return;
  told = turn;
  say(words);
  if (!at.length || !touched) return; // a page that opens takes nobody anywhere
  until(() => {
    const place = at.map(byKey).find(seen);
    if (!place) return false;
    lost = null;
    if (!place.hasAttribute("role")) place.setAttribute("role", "group");
    place.setAttribute("aria-label", words);
    go(place);
    return true;
  });
}

if (!document.ktCame) {
  document.ktCame = true; // the module may be loaded twice
  addEventListener("focusin", (event) => hold(event.target), true);
  addEventListener("pointerdown", () => (held = lost = acted = null), true);
  addEventListener("click", () => act(keys), true);
  for (const kind of ["change", "drop"]) addEventListener(kind, (event) => typing(event.target) || act(keys), true);
  addEventListener("pointerdown", () => (keys = false), true);
  addEventListener(
    "keydown",
    (event) => {
      keys = true;
      if ((event.key === "Enter" || event.key === " ") && !typing(event.target)) act(true);
      else if (!["Shift", "Control", "Alt", "Meta"].includes(event.key)) acted = lost = null;
    },
    true,
  );
  new MutationObserver(missed).observe(document.body, {childList: true, subtree: true});
}

export default function render({data}) {
  if (data) arrive(data);
}
