// What Back and Forward step through: one gesture of a person is one step, however often Python writes the address for
// it. A page change drops the address's parameters and Python puts back those that go along; a switch to another plan
// writes one and takes away another. Each would be a step of its own, and Back would lead to what nobody chose.

const GESTURES = ["pointerdown", "keydown", "click"];

if (!history.stepwise) {
  history.stepwise = true; // the module may be loaded twice
  const push = history.pushState.bind(history);
  let fresh = false; // is there a gesture that has no step yet?
  for (const kind of GESTURES) addEventListener(kind, () => (fresh = true), true);
  history.pushState = (...where) => {
    if (!fresh) return history.replaceState(...where);
    fresh = false;
    return push(...where);
  };
}
