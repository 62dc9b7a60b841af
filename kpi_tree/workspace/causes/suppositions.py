"""Scenarios that are kept: named, renamed, deleted and brought back, set side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpi_tree.analysis.scenario import Ground
from kpi_tree.errors import KpiTreeError, NotFound, Refused
from kpi_tree.i18n import Msg, msg, translate
from kpi_tree.nearest import did_you_mean
from kpi_tree.periods import Period, parse_period
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.program import compile_plan
from kpi_tree.store import Home
from kpi_tree.store import scenarios as kept
from kpi_tree.workspace.base.homes import calendar_of, current_settings, moment
from kpi_tree.workspace.base.nodes import find_node
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.causes.scenarios import names_below, refuse_stranger, whatif
from kpi_tree.workspace.causes.supposed import Change, WhatIf
from kpi_tree.workspace.drafting.planning import plan as plan_of

LONGEST = 80
"""Letters of a name."""
MOST = 8
"""Scenarios set side by side."""


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """A scenario as it was kept.

    Attributes:
        changes: node or KPI → its change. period: as it was typed; None for the node's own.
        revision: of its last change, to base another one on.
    """

    id: str
    plan: str
    name: str
    node: str
    changes: Mapping[str, Change]
    period: str | None
    revision: int
    at: datetime
    who: str

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "id": self.id,
            "plan": self.plan,
            "name": self.name,
            "node": self.node,
            "changes": {
                name: {"value": one.value, "relative": one.relative} for name, one in self.changes.items()
            },
            "period": self.period,
            "at": self.at.isoformat(),
            "who": self.who,
        }


@dataclass(frozen=True, slots=True)
class Beside:
    """One of several scenarios set side by side; ``problem`` where it no longer fits the plan."""

    scenario: ScenarioView
    found: WhatIf | None
    problem: Msg | None = None

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            **self.scenario.to_dict(),
            "found": self.found.to_dict(lang) if self.found else None,
            "problem": translate(self.problem, lang) if self.problem else None,
        }


@verb
def scenario_list(home: Home, who: Asker, plan_id: str | None = None) -> list[ScenarioView]:
    """The scenarios of a plan, in the order they were first kept."""
    return [_view(one) for one in kept.scenarios(home, plan_of(home, who, plan_id).id)]


def _view(one: kept.Scenario) -> ScenarioView:
    changes = {
        name: Change(float(said["value"]), bool(said["relative"]))
        for name, said in one.spec["changes"].items()
    }
    return ScenarioView(
        one.id, one.plan, one.name, one.node, changes, one.spec.get("period"), one.revision, one.at, one.who
    )


def scenario_of(home: Home, who: Asker, named: str, plan_id: str | None = None) -> ScenarioView:
    """A scenario by its id or its name.

    Raises NotFound: there is none; the nearest is named.
    """
    every = scenario_list(home, who, plan_id)
    found = next((one for one in every if one.id == named), None)
    found = found or next((one for one in every if one.name.casefold() == named.casefold()), None)
    if found is None:
        raise NotFound(
            msg("There is no scenario {name}.", name=named[:LONGEST]),
            place=named[:LONGEST],
            remedy=did_you_mean(
                named,
                [name for one in every for name in (one.id, one.name)],
                msg("List the scenarios to see them."),
            ),
        )
    return found


@verb
def save_scenario(
    home: Home,
    who: Asker,
    name: str,
    node: str,
    changes: Mapping[str, Change],
    *,
    period: str | None = None,
    plan_id: str | None = None,
    scenario: str | None = None,
    base_revision: int | None = None,
    now: datetime | None = None,
) -> ScenarioView:
    """Keep a scenario under a name.

    Args:
        scenario: the one to replace, by id or name; without it one of the same name is replaced.
        base_revision: the revision of it that the person saw.

    Raises:
        NotFound: a node or a change that is not in the plan. Refused: no name, nothing changed, no number.
        Conflict: somebody changed it meanwhile.
    """
    plan = plan_of(home, who, plan_id)
    top = find_node(plan, node)
    title = _title(name)
    if period:
        parse_period(period, calendar_of(current_settings(home)))
    _refuse_unusable(changes)
    below = names_below(plan, Ground(compile_plan(plan), {}), top.id)
    for asked in changes:
        refuse_stranger(plan, top.id, asked, below, {})
    every = scenario_list(home, who, plan.id)
    found = scenario_of(home, who, scenario, plan.id) if scenario else None
    same = next((one for one in every if one.name.casefold() == title.casefold()), None)
    if found is not None and same is not None and same.id != found.id:
        raise _taken(same.name)
    target = found or same
    id_ = target.id if target else id_from_name(title, kept.taken_ids(home))
    said = {key: {"value": one.value, "relative": one.relative} for key, one in sorted(changes.items())}
    spec = {"changes": said, "period": period or None}
    _put(home, id_, {"plan": plan.id, "name": title, "node": top.id, "spec": spec}, who, now, "save",
         base_revision)  # fmt: skip
    return scenario_of(home, who, id_, plan.id)


def _put(
    home: Home, id_: str, said: Mapping[str, Any] | None, who: Asker, now: datetime | None, action: str,
    based_on: int | None = None,
) -> None:  # fmt: skip
    kept.put(home, id_, said, who=who.name, now=moment(now), action=action, based_on=based_on)


def _title(name: str) -> str:
    title = " ".join(name.split())
    if not title or len(title) > LONGEST:
        raise Refused(
            msg("A scenario needs a name of at most {n} letters.", n=LONGEST),
            place="name",
            remedy=msg("Say in a few words what it supposes."),
        )
    return title


def _refuse_unusable(changes: Mapping[str, Change]) -> None:
    if not changes:
        raise Refused(
            msg("Nothing is changed in this scenario."),
            place="changes",
            remedy=msg("Move one of the drivers first."),
        )
    for name, one in changes.items():
        if not math.isfinite(one.value):
            raise Refused(msg("A number is expected here."), place=name[:LONGEST])


def _taken(name: str) -> Refused:
    return Refused(
        msg("There is a scenario {name} already.", name=name),
        place="name",
        remedy=msg("Choose another name."),
    )


@verb
def rename_scenario(
    home: Home,
    who: Asker,
    scenario: str,
    name: str,
    *,
    plan_id: str | None = None,
    now: datetime | None = None,
) -> ScenarioView:
    """Give a scenario another name; its address stays.

    Raises:
        NotFound: there is none of that id or name. Refused: the new name is taken, or none.
    """
    found, title = scenario_of(home, who, scenario, plan_id), _title(name)
    every = scenario_list(home, who, found.plan)
    if any(one.id != found.id and one.name.casefold() == title.casefold() for one in every):
        raise _taken(title)
    said = next(one for one in kept.scenarios(home, found.plan) if one.id == found.id)
    renamed = {"plan": said.plan, "name": title, "node": said.node, "spec": dict(said.spec)}
    _put(home, found.id, renamed, who, now, "rename")
    return scenario_of(home, who, found.id, found.plan)


@verb
def delete_scenario(
    home: Home, who: Asker, scenario: str, *, plan_id: str | None = None, now: datetime | None = None
) -> ScenarioView:
    """Delete a scenario; :func:`bring_scenario_back` has it again."""
    found = scenario_of(home, who, scenario, plan_id)
    _put(home, found.id, None, who, now, "delete")
    return found


@verb
def bring_scenario_back(
    home: Home, who: Asker, scenario: str, *, now: datetime | None = None
) -> ScenarioView:
    """Bring a deleted scenario, named by its id, back as it was.

    Raises NotFound: no such one was deleted. Refused: its name was given to another one meanwhile.
    """
    said = kept.deleted(home, scenario)
    if said is None:
        raise NotFound(
            msg("There is no deleted scenario {name}.", name=scenario[:LONGEST]),
            place=scenario[:LONGEST],
            remedy=msg("List the scenarios to see them."),
        )
    every = scenario_list(home, who, said["plan"])
    if any(one.name.casefold() == said["name"].casefold() for one in every):
        raise _taken(said["name"])
    _put(home, scenario, said, who, now, "bring_back")
    return scenario_of(home, who, scenario, said["plan"])


@verb
def compare_scenarios(
    home: Home,
    who: Asker,
    scenarios: Sequence[str],
    *,
    at: date,
    samples: int = 0,
    seed: int = 1,
    plan_id: str | None = None,
) -> list[Beside]:
    """Some scenarios side by side, each beside what is; one that no longer fits the plan says why.

    Args:
        scenarios: ids or names. Others as :func:`kpi_tree.workspace.whatif`.

    Raises:
        NotFound: there is no such scenario. Refused: more than can be looked at together.
    """
    if len(scenarios) > MOST:
        raise Refused(
            msg("At most {n} scenarios are set side by side.", n=MOST),
            place="scenarios",
            remedy=msg("Choose some of them."),
        )
    calendar = calendar_of(current_settings(home))
    found = []
    for named in dict.fromkeys(scenarios):
        one = scenario_of(home, who, named, plan_id)
        span: Period | None = parse_period(one.period, calendar) if one.period else None
        try:
            made = whatif(
                home, who, one.node, one.changes, at=at, period=span, samples=samples, seed=seed,
                plan_id=one.plan,
            )  # fmt: skip
            found.append(Beside(one, made))
        except KpiTreeError as error:
            found.append(Beside(one, None, error.message))
    return found
