// What this browser tab remembers of a canvas: where you stood, what you opened. Never the data.

const PREFIX = "kpi-tree.canvas.";

export function remember(key, state) {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(state));
  } catch {
    // a full or forbidden storage costs the memory of the view, nothing else
  }
}

export function recall(key) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key)) ?? null;
  } catch {
    return null;
  }
}
