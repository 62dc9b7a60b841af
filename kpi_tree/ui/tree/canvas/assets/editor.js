// The field in which a name is typed, standing on its card. One at a time.

import {el} from "./dom.js";
import {Offers, ROOM} from "./offers.js";

const MOST = 200; // characters; the same limit as the plan's rules

export class Editor {
  constructor(app) {
    this.app = app;
    this.id = null;
    this.field = null;
    this.offers = null;
  }

  /** Open on a card. `done(name, kpi)` gets the trimmed name, or null when given up, and the KPI if one was picked. */
  open(id, value, label, done, {offers = []} = {}) {
    this.close(false);
    this.id = id;
    this.done = done;
    const field = el("input", "editor", {type: "text", maxlength: MOST, "aria-label": label, placeholder: label, dir: "auto", spellcheck: "false"});
    this.field = field;
    this.field.value = value;
    this.field.addEventListener("keydown", (e) => this.key(e));
    this.field.addEventListener("blur", () => queueMicrotask(() => this.left(field)));
    this.offers = new Offers(field, this.app.say("offers"), offers, (name, kpi) => this.pick(name, kpi));
    this.place = el("div", "naming", {}, this.field, this.offers.list);
    this.app.stage.append(this.place);
    this.follow();
    this.field.focus({preventScroll: true});
    this.field.select();
  }

  /** Something else has the keyboard now: done. Taken off the page, the field waits for its next place with it. */
  left(field) {
    const away = this.app.away || !field.isConnected || field.getRootNode().activeElement === field;
    if (this.field === field && !away) this.close(true);
  }

  key(event) {
    event.stopPropagation();
    if (event.isComposing) return; // Enter that picks a Japanese candidate is not "done"
    if (this.offers.key(event)) return;
    if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      this.close(true);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close(false);
    }
  }

  /** Stay on the card while the view moves. */
  follow() {
    if (!this.field) return;
    const {camera, renderer} = this.app;
    const box = renderer.box(this.id);
    if (!box) return;
    const at = camera.toScreen(box.x, box.y);
    const width = Math.max(Math.min(220, camera.size.w - 16), box.w * camera.k);
    const left = Math.min(Math.max(8, at.x), camera.size.w - width - 8);
    const top = at.y + Math.max(0, (Math.min(box.h, 48) * camera.k - 36) / 2);
    this.place.style.width = `${width}px`;
    this.place.style.transform = `translate(${left}px, ${top}px)`;
    this.place.classList.toggle("upward", top + 36 + ROOM > camera.size.h && top > ROOM);
  }

  pick(name, kpi) {
    this.field.value = name;
    this.close(true, kpi);
  }

  close(keep, kpi = null) {
    if (!this.field) return;
    const {field, done} = this;
    const name = field.value.trim().replace(/\s+/g, " ");
    this.field = null;
    this.id = null;
    this.place.remove();
    done(keep && name ? name : null, kpi);
  }
}
