// Events on their way to Python. A rerun that is under way swallows all but the last of several triggers, so
// each sending carries the earlier ones too; Python leaves out what it has seen. An edit is carried until Python
// has answered it, however late, and sent once more by itself when the answer stays out (a run of the page that
// was broken off may have swallowed it); what changes nothing (a selection) is carried only for some seconds, and
// sent once more only where a panel beside the canvas says what Python has heard.

const KEEP_MS = 8000;
export const FLEETING = new Set(["select", "open"]);
const AGAIN_MS = [4000, 8000, 16000]; // after that, a person is asked

export class Outbox {
  constructor() {
    this.send = null;
    this.recent = [];
    this.seq = 0;
    this.timer = 0;
    this.source = Math.random().toString(36).slice(2, 10);
    this.key = "";
    this.told = false;
    this.listen = ({detail}) => this.heard(detail);
    addEventListener("kpi-tree:heard", this.listen);
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

  /** Does an event still wait for its answer? */
  waits({event}) {
    return FLEETING.has(event.type) ? this.told && event.type === "select" : true;
  }

  /** A panel shows what Python made of all events up to `seq`. */
  heard({key, source, seq}) {
    this.told ||= key === this.key;
    if (source === this.source) this.recent = this.recent.filter((e) => e.event.seq > seq || !FLEETING.has(e.event.type));
  }

  expect(tries) {
    clearTimeout(this.timer);
    if (tries >= AGAIN_MS.length || !this.recent.some((e) => this.waits(e))) return;
    this.timer = setTimeout(() => {
      if (this.recent.some((e) => this.waits(e))) this.again();
      this.expect(tries + 1);
    }, AGAIN_MS[tries]);
  }

  answered(seq) {
    this.recent = this.recent.filter((e) => e.event.seq > seq);
    if (!this.recent.some((e) => this.waits(e))) clearTimeout(this.timer);
  }

  destroy() {
    clearTimeout(this.timer);
    removeEventListener("kpi-tree:heard", this.listen);
  }
}
