"""Plans: make, look, change, take back, compare with the past."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.plan import edits as editing
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home, journal, shelf
from kpi_tree.store import plans as kept
from kpi_tree.workspace.cache import plan_cached
from kpi_tree.workspace.homes import calendar_of, current_settings, moment, today_of
from kpi_tree.workspace.own import catalogue_of
from kpi_tree.workspace.rights import Asker, verb
from kpi_tree.workspace.types import JournalLine

if TYPE_CHECKING:
    from kpi_tree.plan.lint import Remark


def plan_id_of(home: Home, plan_id: str | None) -> str:
    """The id given, else that of the home's first plan.

    Raises:
        NotFound: the home has no plan yet.
    """
    if plan_id is not None:
        return plan_id
    found = kept.names(home)
    if not found:
        raise NotFound(
            msg("There is no plan here yet."),
            place=str(home.path),
            remedy=msg("Make one from a template, or load the sample shop."),
        )
    return found[0][0]


@verb
def plans(home: Home, who: Asker) -> list[Plan]:  # noqa: ARG001
    """Every plan as it stands, in the order they were made."""
    return [plan_cached(home, plan_id) for plan_id, _ in kept.names(home)]


@verb
def plan(
    home: Home,
    who: Asker,  # noqa: ARG001
    plan_id: str | None = None,
    *,
    as_of: date | datetime | None = None,
    revision: int | None = None,
) -> Plan:
    """A plan as it stands, or as it stood at the end of a day, at a moment, or at a revision.

    Raises:
        NotFound: there is no such plan, or it didn't exist then.
    """
    chosen = plan_id_of(home, plan_id)
    if as_of is None and revision is None:
        return plan_cached(home, chosen)
    return kept.plan_as_of(home, chosen, at=end_of(home, as_of), revision=revision)


def end_of(home: Home, as_of: date | datetime | None) -> datetime | None:
    """The last instant of a business day of the shop; a moment as it is."""
    if as_of is None or isinstance(as_of, datetime):
        return as_of
    zone = calendar_of(current_settings(home)).zone
    return datetime.combine(as_of + timedelta(days=1), time(), zone).astimezone(UTC) - timedelta(
        microseconds=1
    )


@verb
def new_plan(
    home: Home,
    who: Asker,
    *,
    template: str | None,
    name: str | None = None,
    lang: str = "en",
    now: datetime | None = None,
) -> Plan:
    """A new plan from a template, or one box with the plan's name, under an id made from its name.

    Raises:
        NotFound: there is no such template.
        Refused: neither a template nor a name is given.
    """
    from kpi_tree.plan.templates import build

    if template is None:
        return kept.create(home, _one_box(home, name, lang), who=who.name, now=moment(now))
    words = {kpi.id: kpi.text("name", lang) for kpi in catalogue_of(home).values()}
    own = shelf.templates(home).get(template)
    made: Plan = own if own is not None else build(template, lang, words)
    if name:
        made = editing.apply(made, {"op": "set_plan", "field": "name", "after": name})
    fresh = free_id(name or made.id, kept.ids(home))
    return kept.create(home, made.with_(id=fresh), who=who.name, now=moment(now))


def _one_box(home: Home, name: str | None, lang: str) -> Plan:
    """A plan that is only its goal: what a person writes a tree below."""
    words = " ".join((name or "").split())
    if not words:
        raise Refused(msg("A new plan needs a name."), place="name", remedy=msg("Write what it is to reach."))
    empty = Plan(free_id(words, kept.ids(home)), language=lang)
    goal = {"op": "add_node", "after": {"id": id_from_name(words, ()), "kind": "kgi", "name": words}}
    return editing.apply_all(empty, [{"op": "set_plan", "field": "name", "after": words}, goal])


def free_id(text: str, taken: Iterable[str]) -> str:
    """An id that nothing carries yet, made from free text.

    >>> free_id("Økt salg 2027!", ["kt_salg_2027"]), free_id("売上", [])
    ('kt_salg_2027_2', 'plan')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_").lstrip("0123456789_")[:40] or "plan"
    used, number, found = set(taken), 1, stem
    while found in used:
        number += 1
        found = f"{stem}_{number}"
    return found


@verb
def edit_plan(
    home: Home,
    who: Asker,
    plan_id: str | None,
    edits: Iterable[Mapping[str, Any]],
    *,
    base_revision: int | None,
    now: datetime | None = None,
) -> Plan:
    """Make edits that were drawn up on ``base_revision``; all or none, merged with what others did.

    Raises:
        Conflict: what an edit changes was changed meanwhile; carries both values.
        Refused: an edit breaks a rule of the tree.
    """
    return kept.edit(
        home,
        plan_id_of(home, plan_id),
        list(edits),
        who=who.name,
        now=moment(now),
        base_revision=base_revision,
    )


@verb
def undo(home: Home, who: Asker, plan_id: str | None = None, *, now: datetime | None = None) -> Plan:
    """Take the latest standing change back, by adding its inverse.

    Raises:
        Refused: there is nothing to take back.
    """
    return kept.undo(home, plan_id_of(home, plan_id), who=who.name, now=moment(now))


@verb
def redo(home: Home, who: Asker, plan_id: str | None = None, *, now: datetime | None = None) -> Plan:
    """Make the change again that was taken back last.

    Raises:
        Refused: there is nothing to make again.
    """
    return kept.redo(home, plan_id_of(home, plan_id), who=who.name, now=moment(now))


@verb
def history(home: Home, who: Asker, plan_id: str | None = None) -> list[JournalLine]:  # noqa: ARG001
    """What was done to a plan, the newest first.

    Raises:
        NotFound: there is no such plan.
    """
    chosen = plan_id_of(home, plan_id)
    found = kept.history(home, chosen)
    names = _names_over_time(found)
    _, undone = kept.stacks(found)
    back = {line.revision for line in undone}
    return [
        JournalLine(
            line.revision,
            line.at,
            line.who,
            line.action,
            tuple(_words(line, names)),
            line.revision in back,
            tuple(_touched(edit) for edit in line.change.get("edits", ())),
        )
        for line in reversed(found)
    ]


def _names_over_time(found: Iterable[journal.Line]) -> dict[str, str]:
    """Every node's latest name, also of those that are gone."""
    names: dict[str, str] = {}
    for line in found:
        for node in line.change.get("plan", {}).get("nodes", ()):
            names[node["id"]] = node.get("name") or node["id"]
        for edit in line.change.get("edits", ()):
            after = edit.get("after")
            if edit["op"] == "add_node":
                names[edit["node"]] = after.get("name") or edit["node"]
            elif edit["op"] == "set_field" and edit["field"] == "name" and after:
                names[edit["node"]] = after
    return names


def _touched(edit: Mapping[str, Any]) -> frozenset[str]:
    """The nodes an edit is about."""
    target = edit.get("after") or edit.get("before") or {}
    ends = [edit.get("node"), *edit.get("edge", ()), edit.get("parent"), edit.get("child")]
    if edit["op"] in ("set_target", "remove_target"):
        ends.append(target.get("node"))
    return frozenset(str(end) for end in ends if end)


def _words(line: journal.Line, names: Mapping[str, str]) -> list[Msg]:
    if line.action == "create":
        return [msg("Made the plan {name}.", name=line.change["plan"]["name"] or line.subject)]
    return [editing.describe(edit, names) for edit in line.change["edits"]]


@verb
def export_plan(home: Home, who: Asker, plan_id: str | None = None, *, form: str = "json") -> str:  # noqa: ARG001
    """A plan as text: ``json yaml md txt`` (outline) ``mmd`` (Mermaid) ``dot csv``.

    Raises:
        NotFound: there is no such plan.
        Refused: there is no such form; names the nearest.
    """
    from kpi_tree.exchange import to_form

    return to_form(plan_cached(home, plan_id_of(home, plan_id)), form)


@verb
def import_plan(
    home: Home, who: Asker, text: str, *, name: str | None = None, now: datetime | None = None
) -> Plan:
    """Take a plan in from any text form: a new plan, or the changes it brings to the plan of its id.

    A plan file says its id; an outline, a Markdown list and a diagram do not and make a new plan, which is
    called ``name``, else like its goal. The changes to a plan that is here are one step to undo.

    Raises:
        Refused: the text cannot be read, with the place; or it breaks a rule of the tree.
    """
    from kpi_tree.exchange import from_any
    from kpi_tree.plan.diff import diff

    taken = kept.ids(home)
    fresh = free_id(name or "plan", taken)
    wanted = from_any(text, kpis=frozenset(catalogue_of(home)), plan_id=fresh)
    if wanted.id in taken and wanted.id not in dict(kept.names(home)):
        wanted = wanted.with_(id=free_id(wanted.id, taken))
    if wanted.id not in taken:
        root = wanted.root()
        called = wanted.name or name or (wanted.nodes[root].name if root else wanted.id)
        return kept.create(home, wanted.with_(name=called), who=who.name, now=moment(now))
    return kept.change(
        home, wanted.id, lambda current: diff(current, wanted), action="import", who=who.name, now=moment(now)
    )


@verb
def diff_plans(home: Home, who: Asker, before: str, after: str) -> list[Msg]:
    """What differs between two plans, revisions (``id@3``, ``@3``, ``3``) or snapshots, in words.

    Raises:
        NotFound: there is no such plan, revision or snapshot.
    """
    from kpi_tree.plan.diff import diff
    from kpi_tree.workspace.keeping import at_name

    one, other = at_name(home, who, before), at_name(home, who, after)
    names = {node.id: node.name for node in (*one.nodes.values(), *other.nodes.values())}
    return [editing.describe(edit, names) for edit in diff(one, other)]


@verb
def lint_plan(
    home: Home,
    who: Asker,
    plan_id: str | None = None,
    *,
    with_data: Collection[str] | None = None,
    lang: str = "en",
) -> list[Remark]:
    """What a careful colleague would say about a plan, errors first, with remedies and fixes.

    Args:
        with_data: nodes that have values, where that is known already; else it is looked up as of today.

    Raises:
        NotFound: there is no such plan.
    """
    from kpi_tree.plan.lint import lint

    chosen = plan_id_of(home, plan_id)
    if with_data is None:
        from kpi_tree.workspace.trees import tree

        views = tree(home, who, chosen, at=today_of(home))
        with_data = {view.id for view in views if view.data_through is not None}
    return lint(plan_cached(home, chosen), catalogue_of(home), with_data, lang)
