// The tree as data: nodes, typed edges, which branches are open, edits not yet confirmed by the server.
// Knows nothing of the DOM.

const KIND_RANK = {formula: 0, influence: 1, guardrail: 2, supports: 3};
const OPEN_BUDGET = 26; // cards a person can take in at first sight; deeper branches start closed

/** @typedef {{id: string, view: object, kids: Link[], chips: string[], parents: Link[], depth: number,
 *             primary: string|null, below: number, trouble: string}} TreeNode
 *  @typedef {{parent: string, child: string, kind: string, operator: string, sign: number, rank: number}} Link */

export class Model {
  constructor() {
    this.views = [];
    this.edges = [];
    this.pending = []; // edits sent and not yet confirmed, applied on top of what the server sent
    this.choices = new Map(); // id -> true (opened by hand) | false (closed by hand)
    this.defaults = null; // ids open at first sight
    /** @type {Map<string, TreeNode>} */
    this.nodes = new Map();
    this.roots = [];
    this.extra = []; // edges to a node that is drawn under another parent
  }

  /** Take what the server sent. Confirmed edits leave the overlay. */
  load(views, edges, ack, alias) {
    const first = !this.nodes.size;
    const known = new Set([...this.nodes.values()].filter((n) => n.kids.length).map((n) => n.id));
    this.views = views;
    this.edges = edges;
    this.pending = this.pending.filter((p) => p.seq > ack).map((p) => (p.draft ? Object.assign(p, alias.edit(p)) : alias.edit(p)));
    this.build();
    if (!this.defaults) this.defaults = this.firstOpen();
    else if (!first) this.openNew(known); // what this tab remembers is opened as it was left
  }

  /** A branch that is new (an outline, another's work, an undo) is seen at once, the upper levels first. */
  openNew(known) {
    const fresh = [...this.nodes.values()].filter((n) => n.kids.length && !known.has(n.id));
    let shown = 0;
    for (const node of fresh.sort((a, b) => a.depth - b.depth)) {
      shown += node.kids.length;
      if (shown > OPEN_BUDGET) return;
      this.defaults.add(node.id);
    }
  }

  push(edit) {
    this.pending.push(edit);
    this.build();
  }

  /** How many edits, sent before then, still have no answer? */
  unanswered(before) {
    return this.pending.filter((p) => p.at <= before).length;
  }

  build() {
    let views = this.views;
    let edges = this.edges;
    for (const edit of this.pending) [views, edges] = overlay(views, edges, edit);
    const nodes = new Map();
    for (const view of views) {
      nodes.set(view.id, {id: view.id, view, kids: [], chips: [], parents: [], depth: -1, primary: null, below: 0, trouble: ""});
    }
    edges.forEach((edge, rank) => {
      if (!nodes.has(edge.parent) || !nodes.has(edge.child) || edge.parent === edge.child) return;
      nodes.get(edge.child).parents.push({sign: 0, operator: "", ...edge, rank});
    });
    this.nodes = nodes;
    this.place();
  }

  /** Every node hangs under its deepest parent, so that edges always run one way; other edges are extra. */
  place() {
    const order = [...this.nodes.values()];
    for (const node of order) depthOf(node, this.nodes, new Set());
    this.extra = [];
    this.roots = [];
    for (const node of order) {
      const links = node.parents.filter((l) => this.nodes.get(l.parent).depth < node.depth);
      if (!links.length) {
        this.roots.push(node.id);
        continue;
      }
      const main = links.reduce((a, b) => (better(b, a, this.nodes) ? b : a));
      node.primary = main.parent;
      const parent = this.nodes.get(main.parent);
      if (isChip(node, main)) parent.chips.push(node.id);
      else parent.kids.push(main);
      for (const link of links) if (link !== main) this.extra.push(link);
    }
    for (const node of order) {
      node.kids.sort((a, b) => compareLinks(a, b, this.nodes));
      node.chips.sort((a, b) => (this.nodes.get(a).view.order ?? 0) - (this.nodes.get(b).view.order ?? 0));
    }
    order.sort((a, b) => b.depth - a.depth);
    for (const node of order) {
      const kids = node.kids.map((l) => this.nodes.get(l.child));
      node.below = kids.reduce((n, kid) => n + 1 + kid.below, 0);
      node.trouble = kids.reduce((worst, kid) => worse(worst, worse(troubleOf(kid.view.status), kid.trouble)), "");
    }
  }

  firstOpen() {
    const open = new Set();
    let shown = this.roots.length;
    let level = this.roots;
    while (level.length) {
      const next = level.flatMap((id) => this.nodes.get(id).kids.map((l) => l.child));
      if (!next.length || (open.size && shown + next.length > OPEN_BUDGET)) break;
      level.forEach((id) => open.add(id));
      shown += next.length;
      level = next;
    }
    return open;
  }

  isOpen(id) {
    const node = this.nodes.get(id);
    if (!node || !node.kids.length) return false;
    if (this.choices.has(id)) return this.choices.get(id);
    return this.defaults?.has(id) ?? false;
  }

  setOpen(id, open) {
    this.choices.set(id, open);
  }

  /** Open the first `levels` levels below the root and close the rest. */
  openLevels(levels) {
    for (const node of this.nodes.values()) if (node.kids.length) this.choices.set(node.id, this.levelOf(node.id) <= levels);
  }

  /** Open whatever hides a node. */
  reveal(id) {
    let changed = false;
    for (let up = this.nodes.get(id)?.primary; up; up = this.nodes.get(up).primary) {
      if (this.nodes.get(id).view.kind === "action" && up === this.nodes.get(id).primary) continue;
      if (!this.isOpen(up)) {
        this.setOpen(up, true);
        changed = true;
      }
    }
    return changed;
  }

  levelOf(id) {
    let level = 1;
    for (let up = this.nodes.get(id)?.primary; up; up = this.nodes.get(up).primary) level += 1;
    return level;
  }

  get levels() {
    let deepest = 1;
    for (const node of this.nodes.values()) if (!this.isAction(node.id)) deepest = Math.max(deepest, node.depth + 1);
    return deepest;
  }

  isAction(id) {
    return this.nodes.get(id)?.view.kind === "action";
  }

  siblings(id) {
    const node = this.nodes.get(id);
    if (!node) return [];
    if (!node.primary) return this.roots;
    const parent = this.nodes.get(node.primary);
    return parent.chips.includes(id) ? parent.chips : parent.kids.map((l) => l.child);
  }

  link(id) {
    const node = this.nodes.get(id);
    return node?.parents.find((l) => l.parent === node.primary) ?? null;
  }

  /** Is `id` the node `top` or anything below it, over every edge? */
  isWithin(id, top, seen = new Set()) {
    if (id === top) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return this.nodes.get(id)?.parents.some((l) => this.isWithin(l.parent, top, seen)) ?? false;
  }

  /** May these nodes hang under `parent`? */
  mayMove(ids, parent) {
    if (!this.nodes.has(parent) || this.isAction(parent)) return false;
    return ids.length > 0 && ids.every((id) => this.nodes.get(id)?.primary && !this.isWithin(parent, id));
  }

  /** Of several selected nodes, those not below another selected one. */
  topmost(ids) {
    return ids.filter((id) => !ids.some((other) => other !== id && this.isWithin(id, other)));
  }
}

const TROUBLE = {off_track: "off_track", missed: "off_track", at_risk: "at_risk"};
const troubleOf = (status) => TROUBLE[status] ?? "";
const worse = (a, b) => (a === "off_track" || b === "off_track" ? "off_track" : a || b);

function isChip(node, link) {
  return node.view.kind === "action" || link.kind === "supports";
}

function depthOf(node, nodes, path) {
  if (node.depth >= 0) return node.depth;
  if (path.has(node.id)) return -1; // a cycle can't come from the server; if it does, the edge is left out
  path.add(node.id);
  let depth = 0;
  for (const link of node.parents) depth = Math.max(depth, depthOf(nodes.get(link.parent), nodes, path) + 1);
  path.delete(node.id);
  node.depth = depth;
  return depth;
}

function better(a, b, nodes) {
  const deeper = nodes.get(a.parent).depth - nodes.get(b.parent).depth;
  if (deeper) return deeper > 0;
  if (KIND_RANK[a.kind] !== KIND_RANK[b.kind]) return KIND_RANK[a.kind] < KIND_RANK[b.kind];
  return a.rank < b.rank;
}

function compareLinks(a, b, nodes) {
  const kinds = (KIND_RANK[a.kind] ?? 9) - (KIND_RANK[b.kind] ?? 9);
  if (kinds) return kinds;
  const order = (nodes.get(a.child).view.order ?? 0) - (nodes.get(b.child).view.order ?? 0);
  return order || a.rank - b.rank;
}

/** What the tree looks like once an edit goes through: shown at once, replaced by the server's answer. */
function overlay(views, edges, edit) {
  if (edit.type === "rename") {
    return [views.map((v) => (v.id === edit.id ? {...v, name: edit.name} : v)), edges];
  }
  if (edit.type === "delete") {
    const gone = new Set(edit.gone);
    return [views.filter((v) => !gone.has(v.id)), edges.filter((e) => !gone.has(e.parent) && !gone.has(e.child))];
  }
  if (edit.type === "add_child" || edit.type === "add_sibling") {
    if (!views.some((v) => v.id === edit.parent)) return [views, edges]; // refused, and this one with it
    const view = {id: edit.temp, name: edit.name, kind: edit.kind ?? "kpi", status: "no_data", order: edit.order, waiting: true};
    const kind = view.kind === "action" ? "supports" : "influence";
    return [[...views, view], [...edges, {parent: edit.parent, child: edit.temp, kind, operator: "", sign: 0}]];
  }
  if (edit.type === "move") return overlayMove(views, edges, edit);
  return [views, edges];
}

function overlayMove(views, edges, edit) {
  const nextViews = views.map((v) => (v.id in edit.renumber ? {...v, order: edit.renumber[v.id]} : v));
  const nextEdges = edges.map((e) => {
    const at = edit.ids.indexOf(e.child);
    if (at < 0 || e.parent !== edit.from[at] || e.parent === edit.parent || edit.as === "both") return e;
    if (edit.as === "formula") return {...e, parent: edit.parent, kind: "formula", operator: joining(edges, edit.parent)};
    return {...e, parent: edit.parent, kind: e.kind === "formula" ? "influence" : e.kind, operator: ""};
  });
  const more = edit.as === "both" ? edit.ids.map((child) => ({parent: edit.parent, child, kind: "influence", operator: "", sign: 0})) : [];
  return [nextViews, [...nextEdges, ...more]];
}

/** The sign with which one more part joins a formula. */
function joining(edges, parent) {
  return edges.some((e) => e.parent === parent && e.operator === "×") ? "×" : "+";
}
