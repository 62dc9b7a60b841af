// Events on their way to Python. A rerun that is under way swallows all but the last of several triggers, so
// each sending carries the earlier ones too; Python leaves out what it has seen. An edit is carried until Python
// has answered it, however late, and sent once more by itself when the answer stays out (a run of the page that
// was broken off may have swallowed it); what changes nothing (a selection) is carried only for some seconds.

const KEEP_MS = 8000;
const FLEETING = new Set(["select", "open"]);
const AGAIN_MS = [4000, 8000]; // after that, a person is asked

export class Outbox {
  constructor() {
    this.send = null;
    this.recent = [];
    this.seq = 0;
    this.timer = 0;
    this.source = Math.random().toString(36).slice(2, 10);
  }

  post(event) {
    const now = Date.now();
    this.seq += 1;
    this.recent = this.recent.filter((e) => !FLEETING.has(e.event.type) || now - e.at < KEEP_MS);
    this.recent.push({at: now, event: {...event, seq: this.seq}});
    this.again();
    this.expect(0);
    return this.seq;
  }

  /** Send once more what has no answer yet; asked for by a person when the server was long silent. */
  again() {
    if (this.recent.length) this.send?.("event", {source: this.source, events: this.recent.map((e) => e.event)});
  }

  expect(tries) {
    clearTimeout(this.timer);
    if (tries >= AGAIN_MS.length || !this.recent.some((e) => !FLEETING.has(e.event.type))) return;
    this.timer = setTimeout(() => {
      this.again();
      this.expect(tries + 1);
    }, AGAIN_MS[tries]);
  }

  answered(seq) {
    this.recent = this.recent.filter((e) => e.event.seq > seq);
    if (!this.recent.some((e) => !FLEETING.has(e.event.type))) clearTimeout(this.timer);
  }

  destroy() {
    clearTimeout(this.timer);
  }
}
