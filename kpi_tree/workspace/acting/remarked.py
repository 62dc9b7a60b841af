"""Check-ins and comments as they are looked at: those of a box, of a person, and which are due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpi_tree.catalogue import Kpi
from kpi_tree.errors import NotFound
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home
from kpi_tree.store import remarks as kept
from kpi_tree.store.remarks import Remark
from kpi_tree.workspace.acting.counting import counting
from kpi_tree.workspace.base.naming import NodeName, name_of
from kpi_tree.workspace.base.nodes import unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import plain
from kpi_tree.workspace.drafting.planning import plan as plan_of

CHECK_IN_DAYS = 7
"""Days after which a person's word on what is theirs is asked for again."""


@dataclass(frozen=True, slots=True)
class RemarkView:
    """A check-in, comment or decision with the name and unit of what it is about.

    ``value`` is in ``unit``; of an action it is the share done. ``counts``: it is the KPI's value that day.
    """

    id: str
    kind: str
    node: str
    node_name: NodeName
    day: date
    person: str
    value: float | None
    unit: str | None
    confidence: str | None
    said: str
    next: str
    mentions: tuple[str, ...]
    at: datetime
    revision: int
    counts: bool = False

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "node": self.node,
            "name": self.node_name.in_language(lang),
            "day": self.day.isoformat(),
            "by": self.person,
            "value": plain(self.value),
            "unit": self.unit,
            "confidence": self.confidence,
            "said": self.said,
            "next": self.next,
            "mentions": list(self.mentions),
            "at": self.at.isoformat(),
            "counts": self.counts,
        }


@dataclass(frozen=True, slots=True)
class Due:
    """Something that waits for its owner's word; ``last`` is the day of the latest, ``days`` since then."""

    node: str
    name: NodeName
    kind: str
    owner: str
    unit: str | None
    last: date | None
    days: int | None

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "node": self.node,
            "name": self.name.in_language(lang),
            "kind": self.kind,
            "owner": self.owner,
            "last": self.last.isoformat() if self.last else None,
            "days": self.days,
        }


@verb
def remarks(
    home: Home,
    who: Asker,
    plan_id: str | None = None,
    *,
    node: str | None = None,
    person: str | None = None,
    kind: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[RemarkView]:
    """Check-ins, comments and decisions of a plan, the latest day first.

    Args:
        node: only what is about this box. person: only what they wrote or where they are spoken to.
        kind: only ``check_in``, ``comment`` or ``decision``.
        since, until: days that they are about, both included.

    Raises:
        NotFound: there is no such plan or box.
    """
    plan = plan_of(home, who, plan_id)
    asked = find_box(plan, node) if node is not None else None
    wanted = person.casefold() if person else None
    every, counted = catalogue_of(home), counting(home)
    return [
        RemarkView(
            id=one.id, kind=one.kind, node=one.node,
            node_name=name_of(plan.nodes[one.node], every) if one.node in plan.nodes else NodeName(one.node),
            day=one.day, person=one.person, value=one.value,
            unit=_unit(plan.nodes.get(one.node), every), confidence=one.confidence, said=one.said,
            next=one.next, mentions=one.mentions, at=one.at, revision=one.revision,
            counts=one.id in counted,
        )
        for one in kept.remarks(home, plan.id, asked)
        if (kind is None or one.kind == kind)
        and (since is None or one.day >= since)
        and (until is None or one.day <= until)
        and (wanted is None or wanted in (name.casefold() for name in (one.person, *one.mentions)))
    ]  # fmt: skip


@verb
def check_ins_due(
    home: Home, who: Asker, plan_id: str | None = None, *, at: date, person: str | None = None
) -> list[Due]:
    """What has an owner and no check-in in the last :data:`CHECK_IN_DAYS` days, the longest silent first.

    Indicators count, and actions that somebody is at (``doing``). A check-in by anybody counts.
    """
    plan = plan_of(home, who, plan_id)
    last: dict[str, date] = {}
    for one in kept.remarks(home, plan.id):
        if one.kind == "check_in" and one.day <= at:
            last[one.node] = max(one.day, last.get(one.node, one.day))
    every = catalogue_of(home)
    found = [
        Due(
            node.id, name_of(node, every), node.kind, node.owner, _unit(node, every),
            last.get(node.id), (at - last[node.id]).days if node.id in last else None,
        )
        for node in theirs(plan, person)
    ]  # fmt: skip
    waiting = [one for one in found if one.days is None or one.days >= CHECK_IN_DAYS]
    return sorted(waiting, key=lambda one: (one.days is not None, -(one.days or 0)))


@verb
def people(home: Home, who: Asker, plan_id: str | None = None) -> list[str]:
    """Everybody that a plan names or who wrote about it, by name."""
    plan = plan_of(home, who, plan_id)
    return people_of(plan, kept.remarks(home, plan.id))


def remark_revision(home: Home) -> int:
    """A number that grows with every check-in and comment. Cheap."""
    return kept.revision(home)


def people_of(plan: Plan, said: Iterable[Remark]) -> list[str]:
    """Owners, people informed, and who wrote; each once."""
    named = [name for node in plan.nodes.values() for name in (node.owner, *node.informed)]
    named += [name for one in said for name in (one.person, *one.mentions)]
    return sorted({name for name in named if name}, key=str.casefold)


def theirs(plan: Plan, person: str | None) -> list[Node]:
    """The indicators with an owner, and the actions somebody is at; of one person, if named."""
    wanted = person.casefold() if person else None
    return [
        node
        for node in plan.nodes.values()
        if node.owner
        and (node.kind != "action" or node.state == "doing")
        and (wanted is None or node.owner.casefold() == wanted)
    ]


def find_box(plan: Plan, name: str) -> str:
    """The id of a box by its id, by the KPI that it measures, or by its name.

    Raises:
        NotFound: there is none; the nearest is named.
    """
    if name in plan.nodes:
        return name
    wanted = name.strip().casefold()
    for node in plan.nodes.values():
        if node.kpi == name or node.name.casefold() == wanted:
            return node.id
    raise NotFound(
        msg("There is no box {name} in the plan.", name=name[:80]),
        place=name[:80],
        remedy=did_you_mean(name, list(plan.nodes), msg("See the tree for its boxes.")),
    )


def _unit(node: Node | None, every: Mapping[str, Kpi]) -> str | None:
    if node is None:
        return None
    return "percent" if node.kind == "action" else unit_of(node, every)
