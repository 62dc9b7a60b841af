// The canvas on a page of its own: no server, no network. The data stand in the page; nothing in it can be changed.

import {App} from "./app.js";
import {el} from "./dom.js";
import {pictureNow} from "./save.js";

/** Start: `data` as Python gives it to the canvas, with `details`: for each id pairs of a label and a text. */
export function start(data) {
  const host = document.getElementById("canvas");
  const panel = document.getElementById("panel");
  const inside = host.attachShadow({mode: "open"});
  inside.append(document.getElementById("canvas-style").content.cloneNode(true));
  const app = new App(inside);
  const send = (name, payload) => tell(payload.events.at(-1));
  const tell = (event) => {
    if (event?.type === "select") show(panel, data, event.id);
    if (event?.type === "open") show(panel, data, event.id, true);
  };
  app.receive(data, send);
  panel.addEventListener("keydown", (e) => e.key === "Escape" && close(panel, app));
  panel.querySelector("button").addEventListener("click", () => close(panel, app));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => requestAnimationFrame(() => app.retheme()));
  addEventListener("beforeprint", () => onPaper(app));
}

function show(panel, data, id, focus = false) {
  const found = data.details[id];
  panel.hidden = !found;
  if (!found) return;
  panel.querySelector("h2").textContent = data.views.find((v) => v.id === id).name;
  const rows = found.flatMap(([label, words]) => [el("dt", "", {}, label), el("dd", "", {dir: "auto"}, words)]);
  panel.querySelector("dl").replaceChildren(...rows);
  if (focus) panel.querySelector("button").focus();
}

function close(panel, app) {
  panel.hidden = true;
  app.focusCard(app.ui.cursor);
}

/** What is printed is the tree as it is open now, in the colours of paper. */
function onPaper(app) {
  document.documentElement.dataset.paper = "1";
  const parsed = new DOMParser().parseFromString(pictureNow(app), "image/svg+xml").documentElement;
  delete document.documentElement.dataset.paper;
  if (parsed.nodeName === "svg") document.getElementById("paper").replaceChildren(document.adoptNode(parsed));
}
