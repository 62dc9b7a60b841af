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
import "./menu.js";
import "./drag.js";
import "./gestures.js";
import "./keyboard.js";
import "./search.js";
import "./sight.js";
import "./toolbar.js";
import "./widths.js";
import "./pen.js";
import "./picture_card.js";
import "./picture.js";
import "./save.js";
import {App} from "./app.js";

const apps = new WeakMap();
const reader = new TextDecoder();
const GRACE = 10000; // milliseconds for the render that is to follow

export default function render({data, parentElement, setTriggerValue}) {
  if (!data) return undefined;
  let app = apps.get(parentElement);
  if (!app) {
    app = new App(parentElement);
    apps.set(parentElement, app);
    app.turn = 0;
  }
  app.turn += 1;
  const {turn} = app;
  const stamp = data instanceof Uint8Array ? reader.decode(data.subarray(10, 26)) : data.stamp;
  if (app.data && app.data.stamp === stamp) app.again(setTriggerValue);
  else app.receive(data instanceof Uint8Array ? JSON.parse(reader.decode(data)) : data, setTriggerValue);
  return () => {
    // Streamlit takes leave of a render, too, that was overtaken by the next one before it had run. The element
    // stays in the page then, and so does the canvas with all that is under the person's hand.
    const leave = () => {
      if (app.turn !== turn || app.gone) return;
      apps.delete(parentElement);
      app.destroy();
    };
    if (parentElement.isConnected) setTimeout(leave, GRACE);
    else leave();
  };
}
