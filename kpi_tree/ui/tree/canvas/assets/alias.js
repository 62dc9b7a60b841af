// A card just added has a name of its own making until Python answers with its id. What was said of it meanwhile
// (a child of it, a new name, a move) is put in terms of the id as soon as that is known.

const ONE = ["id", "parent", "before"];
const MANY = ["ids", "from", "gone"];

export class Alias {
  constructor(source) {
    this.source = source;
    this.count = 0;
    this.ids = new Map();
  }

  /** A name for a card that has no id yet; no other tab makes the same. */
  fresh() {
    this.count += 1;
    return `~${this.source}-${this.count}`;
  }

  /** Learn what Python has made of new cards; gives back the pairs [temporary, id] that are news. */
  learn(made) {
    const news = Object.entries(made ?? {}).filter(([temp]) => !this.ids.has(temp));
    for (const [temp, id] of news) this.ids.set(temp, id);
    return news;
  }

  of(id) {
    return this.ids.get(id) ?? id;
  }

  /** An edit with every temporary name replaced by the id that is known for it. */
  edit(edit) {
    if (!this.ids.size) return edit;
    const next = {...edit};
    for (const key of ONE) if (key in next) next[key] = this.of(next[key]);
    for (const key of MANY) if (next[key]) next[key] = next[key].map((id) => this.of(id));
    if (next.renumber) next.renumber = Object.fromEntries(Object.entries(next.renumber).map(([id, at]) => [this.of(id), at]));
    return next;
  }
}

export const isTemporary = (id) => typeof id === "string" && id.startsWith("~");
