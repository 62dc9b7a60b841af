// What is on the canvas as a file: the open branches, the way it is turned, the theme, as the reader has them now.

import {el} from "./dom.js";
import {picture} from "./picture.js";

const SCALE = 2;
const MOST_PIXELS = 60e6;
const MOST_SIDE = 16000;
const FONT = "fonts/inter-latin-wght-normal.woff2";
const VARIABLES = {
  ink: "--ink", ground: "--ground", side: "--side", accent: "--accent",
  good: "--good", warn: "--warn", bad: "--bad", calm: "--calm", dull: "--dull",
  goodInk: "--st-green-text-color", warnInk: "--st-orange-text-color", badInk: "--st-red-text-color", calmInk: "--st-blue-text-color",
};

/** The picture of the canvas as it stands, as SVG text. */
export function pictureNow(app, face = "") {
  const style = getComputedStyle(app.root);
  const theme = {};
  for (const [name, variable] of Object.entries(VARIABLES)) theme[name] = style.getPropertyValue(variable).trim();
  for (const tone of ["good", "warn", "bad", "calm"]) theme[`${tone}Ink`] ||= theme[tone];
  const {title, note, lang} = app.data;
  return picture(app.model, app.ui, {theme, say: app.say, lang, title, note, face});
}

/** Save it as `svg` or `png`; what goes wrong is said where the canvas says things. */
export async function savePicture(app, form) {
  try {
    const text = pictureNow(app, await fontFace(app));
    const svg = new Blob([text], {type: "image/svg+xml"});
    hand(form === "svg" ? svg : await asPng(text), `${fileName(app)}.${form}`);
  } catch {
    app.toast.show(app.say("save_failed"), app.say("close"), () => app.toast.hide());
  }
}

function fileName(app) {
  const name = app.data.title || app.model.nodes.get(app.model.roots[0])?.view.name || "tree";
  return name.replace(/[\\/:*?"<>|\p{Cc}]/gu, " ").replace(/\s+/g, " ").trim().slice(0, 80) || "tree";
}

function hand(blob, name) {
  const url = URL.createObjectURL(blob);
  el("a", "", {href: url, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** The letters, so that the file looks the same elsewhere; without them it takes those of the machine. */
async function fontFace(app) {
  if (app.data.face) return app.data.face;
  try {
    const answer = await fetch(new URL(FONT, document.baseURI));
    if (!answer.ok) return "";
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const text = bytes.reduce((all, byte) => all + String.fromCharCode(byte), "");
    return `@font-face{font-family:Inter;font-weight:100 900;src:url("data:font/woff2;base64,${btoa(text)}") format("woff2")}`;
  } catch {
    return "";
  }
}

async function asPng(text) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const {naturalWidth: w, naturalHeight: h} = image;
  const scale = Math.min(SCALE, MOST_SIDE / Math.max(w, h), Math.sqrt(MOST_PIXELS / (w * h)));
  const sheet = el("canvas", "", {width: Math.round(w * scale), height: Math.round(h * scale)});
  sheet.getContext("2d").drawImage(image, 0, 0, sheet.width, sheet.height);
  const blob = await new Promise((done) => sheet.toBlob(done, "image/png"));
  if (!blob) throw new Error("no picture");
  return blob;
}
