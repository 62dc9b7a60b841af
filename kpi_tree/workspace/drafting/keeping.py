"""Names for past states of a plan, two of them side by side, and going back to one."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.diff import Comparison, compare, diff
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home, shelf
from kpi_tree.store import plans as kept
from kpi_tree.store.shelf import Snapshot
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan, plan_id_of

MAX_NAME = 200


@verb
def snapshots(home: Home, who: Asker, plan_id: str | None = None) -> list[Snapshot]:  # noqa: ARG001
    """A plan's named revisions, newest first."""
    return shelf.snapshots(home, plan_id_of(home, plan_id))


@verb
def take_snapshot(
    home: Home,
    who: Asker,
    name: str,
    *,
    plan_id: str | None = None,
    revision: int | None = None,
    now: datetime | None = None,
) -> Snapshot:
    """Name a revision of a plan (the one that stands, unless another is said).

    Raises:
        Refused: the name is empty, too long, or reads as a revision.
        NotFound: there is no such plan or revision.
    """
    chosen, words = plan_id_of(home, plan_id), short_name(name)
    if words.isdigit() or "@" in words:
        raise Refused(
            msg("A snapshot's name is not a number and has no @ in it."),
            place=words,
            remedy=msg("Give it a name such as {example}.", example="before summer"),
        )
    at = plan_cached(home, chosen).revision
    if revision is not None:
        at = kept.plan_as_of(home, chosen, revision=revision).revision
    return shelf.keep_snapshot(home, chosen, words, at, who=who.name, now=moment(now))


def short_name(name: str) -> str:
    """A name for something kept, its blanks set right. Raises Refused for none and for a long one."""
    words = " ".join(name.split())
    if not words or len(words) > MAX_NAME:
        raise Refused(
            msg("A name has one to {n} characters.", n=MAX_NAME),
            place=words[:80],
            remedy=msg("Write a shorter one.") if words else msg("Write a name."),
        )
    return words


def at_name(home: Home, who: Asker, name: str) -> Plan:
    """A plan by ``id``, ``id@3``, ``@3``, ``3``, a snapshot's name (``id@name``, ``name``), or a day.

    A day (``2026-05-31``, ``id@2026-05-31``) is the plan as it stood at that day's end.

    Raises:
        NotFound: there is no such plan, revision or snapshot; names the nearest.
    """
    plan_id, at, said = name.partition("@")
    ids = {one for one, _ in kept.names(home)}
    if not at and plan_id in ids:
        return plan(home, who, plan_id)
    said = said.strip() if at else name.strip()
    chosen = plan_id_of(home, (plan_id or None) if at else None)
    if said.isdigit():
        return plan(home, who, chosen, revision=int(said))
    known = {one.name: one for one in shelf.snapshots(home, chosen)}
    if said in known:
        return plan(home, who, chosen, revision=known[said].revision)
    with suppress(ValueError):
        return plan(home, who, chosen, as_of=date.fromisoformat(said))
    raise NotFound(
        msg("There is no plan, revision or snapshot {name}.", name=said[:80]),
        place=name[:80],
        remedy=did_you_mean(
            said,
            [*known, *ids],
            msg("Write a revision as {example}, or a snapshot's name.", example=f"{chosen[:40]}@3"),
        ),
    )


@verb
def compare_plans(home: Home, who: Asker, before: str, after: str) -> Comparison:
    """What was added, removed, changed and moved between two plans, revisions or snapshots.

    A side that names no plan (``@3``, a snapshot's name, a day) is a state of the other side's plan.

    Raises:
        NotFound: there is no such plan, revision or snapshot.
    """
    return compare(*both_sides(home, who, before, after))


def both_sides(home: Home, who: Asker, before: str, after: str) -> tuple[Plan, Plan]:
    """Two plans or states to compare, as :func:`compare_plans` reads them. Raises NotFound."""
    ids = {one for one, _ in kept.names(home)}
    said = [plan_id for plan_id in (side.partition("@")[0] for side in (before, after)) if plan_id in ids]

    def state(side: str) -> Plan:
        plan_id, at, rest = side.partition("@")
        own = (at and plan_id) or side in ids or not said
        return at_name(home, who, side if own else f"{said[0]}@{rest if at else side}")

    return state(before), state(after)


@verb
def restore_plan(
    home: Home,
    who: Asker,
    to: str,
    *,
    plan_id: str | None = None,
    base_revision: int | None = None,
    now: datetime | None = None,
) -> Plan:
    """Make a plan what it was at a revision or snapshot: one more change, which undo takes back.

    Args:
        base_revision: what the plan was at when the person decided.

    Raises:
        Conflict: what it would take back was changed meanwhile.
        NotFound: there is no such revision or snapshot.
        Refused: it is another plan's.
    """
    chosen = plan_id_of(home, plan_id)
    wanted = at_name(home, who, to if "@" in to else f"{chosen}@{to}")
    if wanted.id != chosen:
        raise Refused(
            msg("This is a state of another plan."),
            place=to[:80],
            remedy=msg("Choose a revision of this plan."),
        )
    return kept.change(
        home,
        chosen,
        lambda current: diff(current, wanted),
        action="restore",
        who=who.name,
        now=moment(now),
        base_revision=base_revision,
    )
