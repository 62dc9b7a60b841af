// Shapes drawn by hand on a 16 x 16 grid. Every status has its own outline, so that colour is never the only sign.

import {svg} from "./dom.js";

const LINE = {fill: "none", stroke: "currentColor", "stroke-width": "1.6", "stroke-linecap": "round", "stroke-linejoin": "round"};
const FILL = {fill: "currentColor"};
const CUT = {fill: "none", stroke: "var(--card)", "stroke-width": "1.7", "stroke-linecap": "round", "stroke-linejoin": "round"};

/** Each shape: attributes and path, one after another. */
export const SHAPES = {
  // status
  ahead: [[FILL, "M8 1 15 8.2 11.4 8.2 11.4 15 4.6 15 4.6 8.2 1 8.2Z"]],
  on_track: [[FILL, "M8 1.2a6.8 6.8 0 1 1 0 13.6a6.8 6.8 0 1 1 0-13.6Z"], [CUT, "M5 8.2 7.2 10.4 11 6"]],
  achieved: [[FILL, "M8 .8 10.2 5.4 15.3 6 11.5 9.4 12.5 14.5 8 12 3.5 14.5 4.5 9.4 .7 6 5.8 5.4Z"]],
  achieved_at_cost: [[LINE, "M8 1.6 10.1 5.7 14.6 6.2 11.2 9.3 12.1 13.8 8 11.5 3.9 13.8 4.8 9.3 1.4 6.2 5.9 5.7Z"]],
  at_risk: [[FILL, "M8 1.4 15.4 14.4 .6 14.4Z"], [CUT, "M8 6.2 8 9.8M8 12.1 8 12.2"]],
  off_track: [[FILL, "M8 .6 15.4 8 8 15.4 .6 8Z"], [CUT, "M8 4.6 8 8.6M8 11 8 11.1"]],
  missed: [[FILL, "M1.6 1.6H14.4V14.4H1.6Z"], [CUT, "M5.2 5.2 10.8 10.8M10.8 5.2 5.2 10.8"]],
  too_early: [[LINE, "M3.4 1.6H12.6M3.4 14.4H12.6M4.4 1.6C4.4 6 11.6 10 11.6 14.4M11.6 1.6C11.6 6 4.4 10 4.4 14.4"]],
  stale: [[LINE, "M8 1.6a6.4 6.4 0 1 1 0 12.8a6.4 6.4 0 1 1 0-12.8ZM8 4.6V8.2L10.4 9.8"]],
  no_data: [[{...LINE, "stroke-dasharray": "2.2 2.4"}, "M8 1.6a6.4 6.4 0 1 1 0 12.8a6.4 6.4 0 1 1 0-12.8Z"]],
  source: [[LINE, "M13.4 5.4A6 6 0 0 0 2.4 6M2.6 10.6A6 6 0 0 0 13.6 10M13.6 1.8V5.4H10M2.4 14.2V10.6H6M8 5V8.4M8 10.8V10.9"]],
  // kinds
  kgi: [[LINE, "M3.2 15V1.8M3.2 2.4H12.6L10.4 5.6 12.6 8.8H3.2"]],
  action: [[LINE, "M2.4 8.4 6 12 13.6 4.2"]],
  guardrail: [[LINE, "M8 1.4 13.6 3.4V7.8C13.6 11.2 11.2 13.4 8 14.6 4.8 13.4 2.4 11.2 2.4 7.8V3.4Z"]],
  // tools
  search: [[LINE, "M7 2.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 1 1 0-9.6ZM10.6 10.6 14 14"]],
  plus: [[LINE, "M8 3V13M3 8H13"]],
  minus: [[LINE, "M3 8H13"]],
  fit: [[LINE, "M2.4 6V2.4H6M10 2.4H13.6V6M13.6 10V13.6H10M6 13.6H2.4V10"]],
  undo: [[LINE, "M5.6 2.8 2.4 6 5.6 9.2M2.8 6H9.6C12 6 13.6 7.6 13.6 9.8 13.6 12 12 13.4 9.8 13.4H6"]],
  redo: [[LINE, "M10.4 2.8 13.6 6 10.4 9.2M13.2 6H6.4C4 6 2.4 7.6 2.4 9.8 2.4 12 4 13.4 6.2 13.4H10"]],
  lr: [[LINE, "M1.8 6.2H5.6V9.8H1.8ZM10.4 2H14.2V5.4H10.4ZM10.4 10.6H14.2V14H10.4ZM5.6 8H8V3.7H10.4M8 8V12.3H10.4"]],
  td: [[LINE, "M6.2 1.8H9.8V5.6H6.2ZM2 10.4H5.4V14.2H2ZM10.6 10.4H14V14.2H10.6ZM8 5.6V8H3.7V10.4M8 8H12.3V10.4"]],
  list: [[LINE, "M1.8 1.8H8.6V5.2H1.8ZM6.4 8.6H14.2V12.6H6.4ZM3.6 5.2V10.6H6.4"]],
  full: [[LINE, "M2 2.6H14V13.4H2ZM4.6 5.6H9M4.6 8H11.4M4.6 10.4H11.4"]],
  compact: [[LINE, "M2 2.8H14V6.4H2ZM2 9.6H14V13.2H2Z"]],
  levels: [[LINE, "M8 1.8 14.2 5 8 8.2 1.8 5ZM2.2 8.2 8 11.2 13.8 8.2M2.2 11.2 8 14.2 13.8 11.2"]],
  more: [[LINE, "M3 8H3.1M8 8H8.1M13 8H13.1"]],
  pencil: [[LINE, "M2.4 13.6 3.2 10.4 10.8 2.8 13.2 5.2 5.6 12.8ZM9.2 4.4 11.6 6.8"]],
  child: [[LINE, "M3 2V9.4C3 10.6 3.8 11.4 5 11.4H8M10 8.4V14.4M7.2 11.4H13"]],
  trash: [[LINE, "M2.6 4.2H13.4M6 4.2V2.2H10V4.2M4 4.2 4.8 13.8H11.2L12 4.2M6.8 7V11M9.2 7V11"]],
  save: [[LINE, "M8 2V10M4.8 7 8 10.2 11.2 7M2.4 11V13.8H13.6V11"]],
  help: [[LINE, "M5.4 5.6C5.4 3.8 6.6 2.6 8.1 2.6 9.7 2.6 10.8 3.7 10.8 5.2 10.8 7.4 8.1 7.4 8.1 9.8M8.1 13 8.1 13.1"]],
  close: [[LINE, "M3.6 3.6 12.4 12.4M12.4 3.6 3.6 12.4"]],
  open: [[LINE, "M6.4 3H3V13H13V9.6M9.2 2.8H13.2V6.8M13 3 7.6 8.4"]],
  move: [[LINE, "M8 1.8V14.2M1.8 8H14.2M6.2 3.6 8 1.8 9.8 3.6M6.2 12.4 8 14.2 9.8 12.4M3.6 6.2 1.8 8 3.6 9.8M12.4 6.2 14.2 8 12.4 9.8"]],
  influence: [[{...LINE, "stroke-dasharray": "2.6 2.4"}, "M2 8H10"], [LINE, "M9.6 4.4 13.4 8 9.6 11.6"]],
  formula: [[LINE, "M11.8 3.2C9.4 2.2 8.4 3.4 8 5.6L6.6 11.4C6.2 13.4 5 13.8 3.4 13.2M4.8 7.2H10.6"]],
  both: [[LINE, "M3.4 3V13M3.4 8H12.6M9.4 4.6 12.8 8 9.4 11.4"]],
  up: [[LINE, "M8 13V3M3.8 7.2 8 3 12.2 7.2"]],
  down: [[LINE, "M8 3V13M3.8 8.8 8 13 12.2 8.8"]],
  voice: [[LINE, "M5.6 2.4a2.4 2.4 0 1 1 0 4.8a2.4 2.4 0 1 1 0-4.8ZM1.4 13.4C1.4 8.6 9.8 8.6 9.8 13.4M11.2 3.4C12.2 4.4 12.2 5.6 11.2 6.6M13 1.8C15 3.8 15 6.4 13 8.4"]],
  chat: [[LINE, "M2.4 3H13.6V10.8H7.4L4.4 13.6V10.8H2.4Z"]],
};

/** An icon by name; hidden from screen readers, which get words. */
export function icon(name, cls = "icon") {
  const shapes = SHAPES[name] ?? SHAPES.no_data;
  const paths = shapes.map(([style, d]) => svg("path", {...style, d}));
  return svg("svg", {class: cls, viewBox: "0 0 16 16", "aria-hidden": "true", "data-icon": name}, ...paths);
}
