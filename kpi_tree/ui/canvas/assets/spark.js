// A sparkline: solid actual with gaps left open, dashed pace line, a dot on the last value.

import {svg} from "./dom.js";

export function sparkline(values, pace, {w, h}) {
  const root = svg("svg", {class: "spark", viewBox: `0 0 ${w} ${h}`, width: w, height: h, "aria-hidden": "true"});
  const seen = [...(values ?? []), ...(pace ?? [])].filter(Number.isFinite);
  if (!seen.length) return root;
  const length = Math.max(values?.length ?? 0, pace?.length ?? 0);
  const low = Math.min(...seen);
  const high = Math.max(...seen);
  const x = (i) => (length < 2 ? w / 2 : 2 + (i * (w - 6)) / (length - 1));
  const y = (v) => (high === low ? h / 2 : h - 3 - ((v - low) * (h - 6)) / (high - low));
  if (pace?.length) root.append(svg("path", {class: "pace", d: line(pace, x, y)}));
  if (values?.length) {
    root.append(svg("path", {class: "actual", d: line(values, x, y)}));
    const last = values.findLastIndex(Number.isFinite);
    if (last >= 0) root.append(svg("circle", {class: "now", cx: x(last).toFixed(1), cy: y(values[last]).toFixed(1), r: 2.2}));
  }
  return root;
}

function line(values, x, y) {
  let d = "";
  let drawing = false;
  values.forEach((v, i) => {
    if (Number.isFinite(v)) {
      const alone = !drawing && !Number.isFinite(values[i + 1]);
      d += `${drawing ? "L" : "M"}${x(i).toFixed(1)} ${y(v).toFixed(1)}${alone ? "h.01" : ""}`;
    }
    drawing = Number.isFinite(v);
  });
  return d;
}
