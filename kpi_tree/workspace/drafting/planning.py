"""Plans: make, look, change, bring in, take out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from kpi_tree.catalogue import Kpi
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.plan import edits as editing
from kpi_tree.plan.ids import ascii_stem
from kpi_tree.plan.model import Plan
from kpi_tree.plan.naming import id_for, kpi_called
from kpi_tree.store import Home, shelf
from kpi_tree.store import plans as kept
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import calendar_of, current_settings, end_of, moment
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb


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
        return kept.create(home, _one_box(home, name, lang, moment(now)), who=who.name, now=moment(now))
    words = {kpi.id: kpi.text("name", lang) for kpi in catalogue_of(home).values()}
    own = shelf.templates(home).get(template)
    made: Plan = own if own is not None else build(template, lang, words)
    if name:
        made = editing.apply(made, {"op": "set_plan", "field": "name", "after": name})
    fresh = free_id(name or made.id, kept.ids(home))
    return kept.create(home, made.with_(id=fresh), who=who.name, now=moment(now))


def _one_box(home: Home, name: str | None, lang: str, now: datetime) -> Plan:
    """A plan that is only its goal: what a person writes a tree below.

    The box measures the KPI that it is called like. Of a sentence such as "Increase sales 10% next quarter"
    it is the KPI meant, and the sentence names the plan.
    """
    words = " ".join((name or "").split())
    if not words:
        raise Refused(msg("A new plan needs a name."), place="name", remedy=msg("Write what it is to reach."))
    empty = Plan(free_id(words, kept.ids(home)), language=lang)
    kpis = catalogue_of(home)
    kpi, called = kpi_called(words, kpis), words
    if kpi is None and (kpi := _kpi_meant(words, now, kpis)):
        called = kpis[kpi].text("name", lang)
    box = {"id": id_for(empty, called, kpi), "kind": "kgi", "name": called, **({"kpi": kpi} if kpi else {})}
    goal = {"op": "add_node", "after": box}
    return editing.apply_all(empty, [{"op": "set_plan", "field": "name", "after": words}, goal])


def _kpi_meant(sentence: str, now: datetime, kpis: Mapping[str, Kpi]) -> str | None:
    """The KPI that a goal's sentence is about; ``None`` for a text that asks for no change or value."""
    from kpi_tree.plan.goal import understand

    try:
        goal = understand(sentence, now.date(), kpis)
    except Refused:
        return None
    return goal.kpi if goal.change is not None or goal.value is not None else None


def free_id(text: str, taken: Iterable[str]) -> str:
    """An id that nothing carries yet, made from free text.

    >>> free_id("Økt salg 2027!", ["okt_salg_2027"]), free_id("売上", [])
    ('okt_salg_2027_2', 'plan')
    """
    stem = ascii_stem(text).lstrip("0123456789_")[:40] or "plan"
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
    calendar = calendar_of(current_settings(home))
    wanted = from_any(text, kpis=catalogue_of(home), plan_id=fresh, calendar=calendar)
    if wanted.id in taken and wanted.id not in dict(kept.names(home)):
        wanted = wanted.with_(id=free_id(wanted.id, taken))
    if wanted.id not in taken:
        root = wanted.root()
        called = wanted.name or name or (wanted.nodes[root].name if root else wanted.id)
        return kept.create(home, wanted.with_(name=called), who=who.name, now=moment(now))
    return kept.change(
        home, wanted.id, lambda current: diff(current, wanted), action="import", who=who.name, now=moment(now)
    )
