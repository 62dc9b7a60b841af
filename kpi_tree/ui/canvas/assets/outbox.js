// Events on their way to Python. A rerun that is under way swallows all but the last of several triggers,
// so each sending carries what was sent in the last seconds too; Python leaves out what it has seen.

const KEEP_MS = 8000;

export class Outbox {
  constructor() {
    this.send = null;
    this.recent = [];
    this.seq = 0;
    this.source = Math.random().toString(36).slice(2, 10);
  }

  post(event) {
    const now = Date.now();
    this.seq += 1;
    this.recent = this.recent.filter((e) => now - e.at < KEEP_MS);
    this.recent.push({at: now, event: {...event, seq: this.seq}});
    this.send?.("event", {source: this.source, events: this.recent.map((e) => e.event)});
    return this.seq;
  }
}
