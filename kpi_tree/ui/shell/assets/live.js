// Watches for what others do: asks the server for the revisions, and Python for a new page once they have moved.
// A run of the script for each look would draw half of the page again, every time, in every open tab.

import "./steps.js";

const EVERY = 1500; // milliseconds between two looks
const AGAIN = 6000; // and until the page is asked for once more, where no answer came
const watches = new WeakMap();

class Watch {
  constructor(host) {
    this.host = host;
    this.asked = "";
    this.at = 0;
    this.timer = setInterval(() => this.look(), EVERY);
    this.seen = () => document.hidden || this.look(); // a tab that comes to the front is brought up to date at once
    document.addEventListener("visibilitychange", this.seen);
  }

  receive(data, send) {
    this.data = data;
    this.send = send;
    // The browser says how it looks with its second message only, so that the first page may be of the wrong colours.
    const dark = getComputedStyle(this.host).colorScheme === "dark";
    if (dark !== data.dark) this.ask(`dark ${dark}`);
  }

  async look() {
    if (!this.host.isConnected) return this.destroy();
    if (document.hidden || this.busy) return undefined;
    this.busy = true;
    try {
      const answer = await fetch("live", {cache: "no-store"});
      const now = answer.ok ? await answer.text() : this.data.seen;
      if (now !== this.data.seen) this.ask(now);
      else this.receive(this.data, this.send);
    } catch {
      // No server: Streamlit says so itself, and its own connection begins again.
    } finally {
      this.busy = false;
    }
    return undefined;
  }

  /** Once for each piece of news, and again when nothing came of it. */
  ask(news) {
    if (this.asked === news && performance.now() - this.at < AGAIN) return;
    this.asked = news;
    this.at = performance.now();
    this.send("moved", news);
  }

  destroy() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
  }
}

export default function render({data, parentElement, setTriggerValue}) {
  if (!data) return undefined;
  let watch = watches.get(parentElement);
  if (!watch) {
    watch = new Watch(parentElement instanceof ShadowRoot ? parentElement.host : parentElement);
    watches.set(parentElement, watch);
  }
  watch.receive(data, setTriggerValue);
  return () => {
    // Also called between two renders of an element that stays.
    if (parentElement.isConnected) return;
    watches.delete(parentElement);
    watch.destroy();
  };
}
