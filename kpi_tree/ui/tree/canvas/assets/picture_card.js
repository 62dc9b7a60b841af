// One card and its chips as SVG text: the same places and sizes as canvas.css gives them on the page.

import {hue, initials, percent, SPARK} from "./card.js";
import {fill} from "./dom.js";
import {SHAPES} from "./icons.js";
import {fit, hueColor, mix, plain, tag, text, width, wrap} from "./pen.js";
import {sparkLines} from "./spark.js";

const TONES = {
  ahead: "good", on_track: "good", achieved: "good", at_risk: "warn", achieved_at_cost: "warn",
  off_track: "bad", missed: "bad", too_early: "calm",
};
const SPACE = 0.281; // width of a space, in ems
const FOOT = 94; // where the sparkline begins

/** An icon, its top left at (x, y). */
export function icon(name, x, y, size, color, paint) {
  const shapes = SHAPES[name] ?? SHAPES.no_data;
  const paths = shapes.map(([style, d]) => {
    const attrs = Object.entries(style).map(([key, value]) => [key, value.replace("currentColor", color).replace("var(--card)", paint.card)]);
    return tag("path", {...Object.fromEntries(attrs), d});
  });
  return tag("g", {transform: `translate(${x} ${y}) scale(${size / 16})`}, ...paths);
}

/** The colours of a status: of its marks, of its words. */
function toneOf(status, paint) {
  const tone = TONES[status];
  return tone ? {mark: paint[tone], ink: paint[`${tone}Ink`]} : {mark: paint.dull, ink: paint.soft};
}

export function drawCard(node, box, {density, paint, lang, open}) {
  const {view} = node;
  const tone = toneOf(view.status, paint);
  const parts = [
    tag("title", {}, plain(view.name)),
    tag("rect", {x: 0.5, y: 0.5, width: box.w - 1, height: box.h - 1, rx: 7.5, fill: paint.card, stroke: paint.hair}),
    tag("path", {d: `M5 0H7A8 8 0 0 0 0 8V${box.h - 8}A8 8 0 0 0 7 ${box.h}H5Z`, fill: tone.mark}),
    ...(density === "compact" ? compact(view, box, tone, paint, lang) : full(view, box, tone, paint, lang)),
    open || !node.kids.length ? "" : fold(node, box, paint),
  ];
  return tag("g", {transform: `translate(${box.x} ${box.y})`, "data-id": view.id}, ...parts);
}

function full(view, box, tone, paint, lang) {
  const [left, right] = [18, box.w - 13];
  const parts = [];
  let x = left;
  const kind = view.kind === "kgi" ? "kgi" : view.guardrail ? "guardrail" : "";
  if (kind) {
    parts.push(icon(kind, x, 13, 14, paint.soft, paint));
    x += 19;
  }
  parts.push(text(view.name, x, 25, {size: 14, weight: 600, fill: paint.ink, max: right - x}));
  x = left;
  if (view.status) {
    parts.push(icon(view.status, x, 34, 13, tone.mark, paint));
    parts.push(text(view.status_text, x + 18, 45, {weight: 600, fill: tone.ink, max: 120}));
    x += 18 + Math.min(120, width(view.status_text ?? "", 12, 600)) + 8;
  }
  if (view.owner) parts.push(...owner(view.owner, right, x, paint));
  const figures = [
    ...numbers(view, left, right, 73, {actual: 18, target: 12.5, pct: 13}, paint, lang),
    bar(view, left, right - left, 83, 6, 3, tone, paint),
    tag("g", {transform: `translate(${left} ${FOOT})`}, spark(view, tone, paint)),
  ];
  parts.push(tag("g", {opacity: view.stale ? 0.6 : null}, ...figures), aside(view, right, FOOT, paint));
  return parts;
}

function compact(view, box, tone, paint, lang) {
  const [left, right] = [15, box.w - 11];
  const x = view.status ? left + 19 : left;
  const kind = view.kind === "kgi" ? "kgi" : view.guardrail ? "guardrail" : "";
  return [
    view.status ? icon(view.status, left, 11.5, 13, tone.mark, paint) : "",
    kind ? icon(kind, x, 11, 14, paint.soft, paint) : "",
    text(view.name, kind ? x + 19 : x, 22.5, {size: 13, weight: 600, fill: paint.ink, max: right - x - (kind ? 19 : 0)}),
    ...numbers(view, left, right, 43, {actual: 14, target: 11.5, pct: 12}, paint, lang),
    bar(view, left, right - left, 50, 4, 2, tone, paint),
  ];
}

function owner(name, right, from, paint) {
  const room = right - from - 23;
  const shown = room > 24 ? fit(name, room, 12, 400) : "";
  const at = right - (shown ? width(shown, 12) + 5 : 0) - 9;
  return [...avatar(name, at, 40, 9, paint), shown ? text(shown, right, 44.5, {fill: paint.soft, end: true}) : ""];
}

function avatar(name, x, y, r, paint) {
  const ground = mix(hueColor(hue(name)), paint.ground, 0.3);
  return [
    tag("circle", {cx: x, cy: y, r, fill: ground}),
    text(initials(name), x, y + r * 0.36, {size: r, weight: 600, fill: paint.ink, middle: true}),
  ];
}

function numbers(view, left, right, y, size, paint, lang) {
  const share = view.change_text ?? percent(view.attainment, lang);
  const room = right - left - (share ? width(share, size.pct, 600) + 8 : 0);
  const actual = fit(view.actual_text || "–", room, size.actual, 600);
  const used = width(actual, size.actual, 600) + size.target * SPACE;
  const target = view.then_text || (view.target_text ? `/ ${view.target_text}` : "");
  return [
    text(actual, left, y, {size: size.actual, weight: 600, fill: paint.ink}),
    room - used > 20 ? text(target, left + used, y, {size: size.target, fill: paint.soft, max: room - used}) : "",
    text(share, right, y, {size: size.pct, weight: 600, fill: paint.soft, end: true}),
  ];
}

function bar(view, x, w, y, h, over, tone, paint) {
  const has = Number.isFinite(view.attainment);
  if (!has && !view.target_text) return "";
  if (!has) return tag("path", {d: `M${x} ${y + h / 2}H${x + w}`, stroke: paint.hair, "stroke-width": h, "stroke-dasharray": "4 4"});
  const within = (share) => Math.min(1, Math.max(0, share)) * w;
  const done = within(view.attainment);
  const tick = Number.isFinite(view.expected_share)
    ? tag("rect", {x: x + within(view.expected_share) - 1, y: y - over, width: 2, height: h + 2 * over, rx: 1, fill: paint.ink})
    : "";
  return tag("g", {},
    tag("rect", {x, y, width: w, height: h, rx: h / 2, fill: paint.groove}),
    done ? tag("rect", {x, y, width: done, height: h, rx: Math.min(h, done) / 2, fill: tone.mark}) : "",
    tick,
  );
}

function spark(view, tone, paint) {
  const {pace, actual, now} = sparkLines(view.spark, view.spark_path, SPARK);
  const line = {fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round"};
  return [
    pace ? tag("path", {...line, d: pace, stroke: paint.soft, "stroke-width": 1.2, "stroke-dasharray": "3 3"}) : "",
    actual ? tag("path", {...line, d: actual, stroke: paint.ink, "stroke-width": 1.5}) : "",
    now ? tag("circle", {cx: now.x, cy: now.y, r: 2.2, fill: tone.mark, stroke: paint.card}) : "",
  ].join("");
}

function aside(view, right, top, paint) {
  const lines = view.freshness_text ? wrap(view.freshness_text, 98, 11, 400, 2) : [];
  const first = top + 27 - Math.max(0, lines.length - 1) * 13.5;
  const words = lines.map((line, n) => text(line, right, first + n * 13.5, {size: 11, fill: paint.soft, end: true}));
  let x = right;
  const flags = [];
  for (const [sign, color] of [["!", view.lint && paint.warn], ["≈", view.assumption && paint.soft]]) {
    if (!color) continue;
    flags.push(text(sign, x, first - (lines.length ? 14.5 : 0), {size: 11, weight: 600, fill: color, end: true}));
    x -= 11;
  }
  if (view.source_text) flags.push(icon("source", x - 10, first - (lines.length ? 24 : 9.5), 10, paint.warn, paint));
  return tag("g", {}, ...words, ...flags);
}

/** On a closed branch: how many cards it hides, and the worst of them. */
function fold(node, box, paint) {
  const words = String(node.below);
  const sign = node.trouble ? 13 : 0;
  const w = Math.max(24, width(words, 11.5, 600) + sign + 12);
  const [x, y] = box.fold === "lr" ? [box.w - 1, box.h / 2] : box.fold === "td" ? [box.w / 2 - w / 2, box.full + 11] : [2, box.h + 4];
  return tag("g", {transform: `translate(${x} ${y - 12})`},
    tag("rect", {x: 0.5, y: 0.5, width: w - 1, height: 23, rx: 11.5, fill: paint.ground, stroke: paint.line}),
    sign ? icon(node.trouble, 6, 7, 10, node.trouble === "off_track" ? paint.bad : paint.warn, paint) : "",
    text(words, (w + sign) / 2, 16, {size: 11.5, weight: 600, fill: paint.soft, middle: true}),
  );
}

/** A chip: an action, or how many more there are. */
export function drawChip(chip, view, {paint, say}) {
  const words = chip.id ? view.name : fill(say("more_actions"), {count: chip.more});
  const over = chip.id && (view.state === "done" || view.state === "dropped");
  const w = chip.id ? chip.w : Math.min(chip.w, width(words, 12) + 18);
  const left = chip.id ? 26 : 9;
  const right = w - (chip.id && view.owner ? 30 : 9);
  const shown = fit(words, right - left, 12, chip.id ? 500 : 400);
  return tag("g", {transform: `translate(${chip.x} ${chip.y})`, "data-id": chip.id},
    chip.id ? tag("title", {}, plain(view.name)) : "",
    tag("path", {d: "M-8.5 -10V8A5 5 0 0 0 -3.5 13H0", fill: "none", stroke: paint.hair}),
    tag("rect", {x: 0.5, y: 0.5, width: w - 1, height: 25, rx: 12.5, fill: paint.ground, stroke: paint.hair, "stroke-dasharray": chip.id ? null : "3 3"}),
    chip.id ? icon("action", 9, 7, 12, paint.soft, paint) : "",
    text(shown, left, 17.5, {weight: chip.id ? 500 : 400, fill: over || !chip.id ? paint.soft : paint.ink, struck: over}),
    ...(chip.id && view.owner ? avatar(view.owner, w - 17, 13, 8, paint) : []),
  );
}
