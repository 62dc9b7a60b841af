"""The path of a target and what has come in so far, also of one that is only drawn up: for a picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from kpi_tree.i18n import Msg
from kpi_tree.plan.model import Target
from kpi_tree.store import Home
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.nodes import rollup_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.paths import path_of
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.judged.evaluation import Evaluated
from kpi_tree.workspace.targeting.aiming import in_calendar


@dataclass(frozen=True, slots=True)
class TargetPath:
    """Expected by the end of each day of the period, and the value to date of each day that has data.

    Attributes:
        note: why another path than asked was taken, if so.
    """

    expected: tuple[float, ...]
    actual: tuple[float | None, ...]
    note: Msg | None = None


@verb
def target_path(
    home: Home,
    who: Asker,  # noqa: ARG001
    target: Target,
    *,
    plan_id: str | None = None,
    at: date,
) -> TargetPath:
    """The path of a target of a plan, kept or not, over its whole period.

    Raises:
        Refused: weights or points that cannot be.
    """
    plan = plan_cached(home, plan_id_of(home, plan_id))
    node = plan.nodes[target.node]
    period = in_calendar(home, target.period)
    shape = None
    if target.trajectory == "last_year":
        before = period.same_last_year()
        shape = Evaluated(home, plan, before, min(before.last, at), None).daily().get(node.id)
    path = path_of(target, period, rollup_of(node, catalogue_of(home)), plan.events, shape)
    seen = Evaluated(home, plan, period, at, None).seen(node).path
    actual = [float(value) if np.isfinite(value) else None for value in seen]
    return TargetPath(tuple(path.values.tolist()), tuple(actual), path.note)
