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
import "./commands.js";
import "./editor.js";
import "./menu.js";
import "./drag.js";
import "./gestures.js";
import "./keyboard.js";
import "./search.js";
import "./toolbar.js";
import {App} from "./app.js";

const apps = new WeakMap();
const reader = new TextDecoder();

export default function render({data, parentElement, setTriggerValue}) {
  if (!data) return undefined;
  let app = apps.get(parentElement);
  if (!app) {
    app = new App(parentElement);
    apps.set(parentElement, app);
  }
  const sent = data instanceof Uint8Array ? JSON.parse(reader.decode(data)) : data;
  app.receive(sent, setTriggerValue);
  return () => {
    apps.delete(parentElement);
    app.destroy();
  };
}
