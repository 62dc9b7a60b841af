"""The plans of a home as a list: look, copy, put away, bring back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kpi_tree.errors import NotFound
from kpi_tree.i18n import Msg, msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home, shelf
from kpi_tree.store import plans as kept
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import free_id


@dataclass(frozen=True, slots=True)
class PlanView:
    """One plan as a list shows it.

    Attributes:
        at, who: its latest change, or when and by whom it was put away.
        away: whether it is put away: out of every list and choice, and whole.
    """

    id: str
    name: str
    revision: int
    nodes: int
    targets: int
    at: datetime
    who: str
    away: bool = False

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "revision": self.revision,
            "nodes": self.nodes,
            "targets": self.targets,
            "at": self.at.isoformat(),
            "who": self.who,
            "away": self.away,
        }


def plan_names(home: Home) -> dict[str, str]:
    """Id → name of every plan that can be chosen, in the order they were made. Cheap."""
    return dict(kept.names(home))


@verb
def plan_list(home: Home, who: Asker) -> list[PlanView]:  # noqa: ARG001
    """Every plan, in the order they were made; those put away last."""
    with home.read() as db:
        away = shelf.put_away(db)
    live = [name for name, _ in kept.names(home)]
    found = []
    for name in (*live, *away):
        plan = plan_cached(home, name)
        line = away.get(name) or kept.last_line(home, name)
        found.append(
            PlanView(
                id=name,
                name=plan.name or name,
                revision=plan.revision,
                nodes=len(plan.nodes),
                targets=len(plan.targets),
                at=line.at,
                who=line.who,
                away=name in away,
            )
        )
    return found


@verb
def copy_plan(
    home: Home, who: Asker, plan_id: str, *, name: Msg | str | None = None, lang: str = "en",
    now: datetime | None = None,
) -> Plan:  # fmt: skip
    """A plan of its own with the same tree and targets, and a history that begins here.

    Args:
        name: of the copy; without it the plan's own with a word that says so.
        lang: the language of that word.

    Raises:
        NotFound: there is no such plan.
    """
    from kpi_tree.i18n import translate

    _known(home, plan_id, kept.ids(home))
    plan = plan_cached(home, plan_id)
    called = translate(name or msg("Copy of {name}", name=plan.name or plan.id), lang)[:200]
    made = plan.with_(id=free_id(called, kept.ids(home)), name=called)
    return kept.create(home, made, who=who.name, now=moment(now))


@verb
def put_plan_away(home: Home, who: Asker, plan_id: str, *, now: datetime | None = None) -> None:
    """Take a plan out of every list; :func:`bring_plan_back` undoes it. Nothing of it is lost.

    Raises:
        NotFound: there is no such plan, or it is put away already.
    """
    _known(home, plan_id, plan_names(home))
    shelf.move_plan(home, plan_id, away=True, who=who.name, now=moment(now))


@verb
def bring_plan_back(home: Home, who: Asker, plan_id: str, *, now: datetime | None = None) -> None:
    """Put a plan that was put away back into its place, as it was.

    Raises:
        NotFound: no such plan is put away.
    """
    with home.read() as db:
        away = shelf.put_away(db)
    _known(home, plan_id, away)
    shelf.move_plan(home, plan_id, away=False, who=who.name, now=moment(now))


def _known(home: Home, plan_id: str, ids: Collection[str]) -> None:
    """Refuse an id that is not among those; names the nearest."""
    if plan_id in ids:
        return
    raise NotFound(
        msg("There is no plan {id}.", id=plan_id[:80]),
        place=str(home.path.name),
        remedy=did_you_mean(plan_id, ids, msg("See the list of plans.")),
    )
