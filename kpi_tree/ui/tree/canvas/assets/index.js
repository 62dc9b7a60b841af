// What Streamlit loads. Importing every module here lets the browser fetch them at once.

import "./vendor/d3-hierarchy.js";
import "./dom.js";
import "./icons.js";
import "./spark.js";
import "./card.js";
import "./edges.js";
import "./layout.js";
import "./model.js";
import "./camera.js";
import "./overview.js";
import "./render.js";
import "./store.js";
import "./outbox.js";
import "./alias.js";
import "./commands.js";
import "./moving.js";
import "./intake.js";
import "./editor.js";
import "./offers.js";
import "./menu.js";
import "./drag.js";
import "./gestures.js";
import "./keyboard.js";
import "./search.js";
import "./sight.js";
import "./toast.js";
import "./toolbar.js";
import "./unsent.js";
import "./widths.js";
import "./pen.js";
import "./picture_card.js";
import "./picture.js";
import "./save.js";
import {App} from "./app.js";
import {Keeper, keptFor} from "./keeper.js";

const places = new WeakMap(); // the place on the page -> the keeper of the canvas that was drawn in it
const reader = new TextDecoder();
const GRACE = 10000; // milliseconds for the render that is to follow

export default function render({data, parentElement, setTriggerValue}) {
  if (!data) return undefined;
  const stamp = data instanceof Uint8Array ? reader.decode(data.subarray(10, 26)) : data.stamp;
  let keeper = places.get(parentElement);
  const news = keeper?.app.data?.stamp !== stamp || keeper.app.gone;
  const tree = news && (data instanceof Uint8Array ? JSON.parse(reader.decode(data)) : data);
  if (!keeper || keeper.app.gone) {
    keeper = keptFor(tree.key) ?? new Keeper(new App(parentElement), parentElement);
    places.set(parentElement, keeper);
  }
  if (!keeper.isAt(parentElement, setTriggerValue, news)) return undefined;
  const {app} = keeper;
  app.turn = (app.turn ?? 0) + 1;
  const {turn} = app;
  if (news && app.data?.stamp !== stamp) app.receive(tree, setTriggerValue);
  else app.again(setTriggerValue);
  return () => {
    // Streamlit takes leave of a render, too, that was overtaken by the next one before it had run. The element
    // stays in the page then, and so does the canvas with all that is under the person's hand.
    if (!parentElement.isConnected) return keeper.forget(parentElement);
    return setTimeout(() => app.turn === turn && keeper.place === parentElement && app.destroy(), GRACE);
  };
}
