"""How much each weekday and each month usually brings: the weights that a path can be made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from kpi_tree.analysis import weekday_weights
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.store import Home
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.nodes import find_node
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.judged.futures import histories

FEWEST_DAYS = 28
YEAR = 365


@dataclass(frozen=True, slots=True)
class UsualWeights:
    """Weights from a node's own days; 1 is an average one.

    Attributes:
        weekdays: seven, Monday first. months: twelve, January first; empty with less than a year of days.
    """

    weekdays: tuple[float, ...]
    months: tuple[float, ...]
    first: date
    last: date

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "weekdays": list(self.weekdays),
            "months": list(self.months),
            "from": self.first.isoformat(),
            "through": self.last.isoformat(),
        }


@verb
def usual_weights(
    home: Home,
    who: Asker,  # noqa: ARG001
    node: str,
    *,
    plan_id: str | None = None,
    at: date,
) -> UsualWeights:
    """The weights of weekdays and months in a node's last two years, rounded to hundredths.

    Raises:
        NotFound: no such node. Refused: fewer than four weeks of days.
    """
    plan = plan_cached(home, plan_id_of(home, plan_id))
    one = find_node(plan, node)
    found = histories(home, plan, [one], at, None).get(one.id)
    known = np.isfinite(found.values) if found is not None else np.zeros(0, dtype=bool)
    if found is None or known.sum() < FEWEST_DAYS:
        raise Refused(
            msg("There are too few days of {name} to say which bring more.", name=one.name),
            place=one.id,
            remedy=msg("Load at least four weeks, or type the weights."),
        )
    begin = int(np.flatnonzero(known)[0])
    values, first = found.values[begin:], found.last - timedelta(days=len(found.values) - 1 - begin)
    days = [first + timedelta(days=n) for n in range(len(values))]
    weekdays = tuple(round(float(value), 2) for value in weekday_weights(values, first))
    return UsualWeights(weekdays, _months(values, days), first, found.last)


def _months(values: np.ndarray[Any, np.dtype[np.float64]], days: list[date]) -> tuple[float, ...]:
    """The mean day of each month beside the mean of them all, over whole years back from the last day."""
    size = min(len(values) // YEAR, 2) * YEAR
    if not size:
        return ()
    kept, month = values[-size:], np.array([day.month for day in days[-size:]])
    means = np.array([_mean(kept[month == n]) for n in range(1, 13)])
    if not np.isfinite(means).all() or means.mean() <= 0:
        return ()
    return tuple(round(max(float(value), 0.0), 2) for value in means / means.mean())


def _mean(values: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")
