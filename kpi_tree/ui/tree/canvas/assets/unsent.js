// Edits that were not answered when their canvas went: another page was opened, the tab was loaded anew, or Streamlit
// gave the canvas no place for too long. This tab keeps them, and the next canvas of the tree goes on with them.

import {FLEETING} from "./outbox.js";

const PREFIX = "kpi-tree.unsent.";

/** Names one session of Python with one canvas: only that one knows which of the edits it has seen. */
const sessionOf = (data) => data?.selection?.token?.split(":")[0] ?? "";

/** Called when a canvas goes. */
export function leave({data, outbox, alias, model}) {
  if (!data?.editable) return;
  const recent = outbox.recent.filter(({event}) => !FLEETING.has(event.type));
  if (!recent.length) return put(data.key, null);
  const pending = model.pending.filter((edit) => !edit.draft);
  put(data.key, {session: sessionOf(data), source: outbox.source, seq: outbox.seq, count: alias.count, recent, pending});
}

/** Called when a canvas comes, before its first drawing. */
export function takeUp(app, data) {
  const left = data.editable ? get(data.key) : null;
  if (!left) return;
  if (left.session === sessionOf(data)) resume(app, left);
  else requestAnimationFrame(() => ask(app, data.key, left));
}

/** Python knows what it has seen of them: all are sent on, and none is carried out twice. */
function resume({outbox, alias, model}, {source, seq, count, recent, pending}) {
  Object.assign(outbox, {source, seq, recent});
  Object.assign(alias, {source, count});
  model.pending = pending;
  outbox.again();
  outbox.expect(0);
}

/** The tab was loaded anew: whether they arrived before that, only a person can see. */
function ask(app, key, {recent}) {
  const done = () => {
    put(key, null);
    app.toast.hide();
  };
  const send = () => {
    done();
    for (const {event} of recent) app.outbox.post(event);
  };
  const text = app.say("left_unsent", {count: recent.length});
  app.toast.show(text, app.say("send_again"), send, {stays: Infinity, other: app.say("discard"), drop: done});
}

function put(key, left) {
  try {
    if (left) sessionStorage.setItem(PREFIX + key, JSON.stringify(left));
    else sessionStorage.removeItem(PREFIX + key);
  } catch {
    // a full or forbidden storage: what was sent is on its way all the same
  }
}

function get(key) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key)) ?? null;
  } catch {
    return null;
  }
}
