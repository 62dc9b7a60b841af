// A line at the foot of the stage: what was done, what it led to, and the button that goes on from there.

import {el} from "./dom.js";

const STAYS = 9000; // milliseconds; twice as long where there is more to read

function button(words, run) {
  const made = el("button", "", {type: "button"}, words);
  made.addEventListener("click", run);
  return made;
}

export class Toast {
  constructor(app) {
    this.app = app;
    this.timer = 0;
    this.bar = null;
  }

  /** `other` names a second button, which calls `drop`. */
  show(text, action, run, {stays = STAYS, other = "", drop = null} = {}) {
    this.hide();
    this.bar = el("div", "toast", {}, el("span", "", {dir: "auto"}, text), button(action, run), other ? button(other, drop) : null);
    this.app.stage.append(this.bar);
    this.app.announce(text);
    if (stays < Infinity) this.timer = setTimeout(() => this.hide(), stays);
  }

  /** What cannot be done, and why. */
  note(text) {
    this.show(text, this.app.say("close"), () => this.hide());
  }

  /** Python says what an edit led to elsewhere: below what the edit itself said, with the same way back. */
  led(notice) {
    const news = notice && notice !== this.notice;
    this.notice = notice;
    if (!news) return;
    if (!this.bar) this.show(notice, this.app.say("undo"), () => this.app.commands.undo());
    else {
      this.bar.querySelector("span").append(el("small", "", {dir: "auto"}, notice));
      this.app.announce(notice);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), 2 * STAYS);
  }

  hide() {
    clearTimeout(this.timer);
    this.bar?.remove();
    this.bar = null;
  }

  destroy() {
    this.hide();
  }
}
