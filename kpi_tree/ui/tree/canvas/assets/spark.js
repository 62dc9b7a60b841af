// A sparkline: solid actual with gaps left open, dashed pace line, a dot on the last value.

import {svg} from "./dom.js";

export function sparkline(values, pace, {w, h}) {
  const root = svg("svg", {class: "spark", viewBox: `0 0 ${w} ${h}`, width: w, height: h, "aria-hidden": "true"});
  const lines = sparkLines(values, pace, {w, h});
  if (lines.pace) root.append(svg("path", {class: "pace", d: lines.pace}));
  if (lines.actual) root.append(svg("path", {class: "actual", d: lines.actual}));
  if (lines.now) root.append(svg("circle", {class: "now", cx: lines.now.x, cy: lines.now.y, r: 2.2}));
  return root;
}

/** The same as numbers: paths of both lines and the place of the last value, each empty where there is none. */
export function sparkLines(values, pace, {w, h}) {
  const seen = [...(values ?? []), ...(pace ?? [])].filter(Number.isFinite);
  if (!seen.length) return {pace: "", actual: "", now: null};
  const length = Math.max(values?.length ?? 0, pace?.length ?? 0);
  const low = Math.min(...seen);
  const high = Math.max(...seen);
  const x = (i) => (length < 2 ? w / 2 : 2 + (i * (w - 6)) / (length - 1));
  const y = (v) => (high === low ? h / 2 : h - 3 - ((v - low) * (h - 6)) / (high - low));
  const last = values?.length ? values.findLastIndex(Number.isFinite) : -1;
  return {
    pace: pace?.length ? line(pace, x, y) : "",
    actual: values?.length ? line(values, x, y) : "",
    now: last >= 0 ? {x: x(last).toFixed(1), y: y(values[last]).toFixed(1)} : null,
  };
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
