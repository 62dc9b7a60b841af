"""Since when a status holds: the same rule, asked of every day of the period so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from kpi_tree.analysis.progress import EDGE, band, pace_of
from kpi_tree.analysis.trajectory import Path
from kpi_tree.analysis.verdict import IN_A_SENTENCE, Aim, Rules, Status, Verdict
from kpi_tree.i18n import Msg, msg

PACED: tuple[Status, ...] = ("ahead", "on_track", "at_risk", "off_track")
"""The statuses that a pace decides; only these turn into one another from day to day."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The last day on which the status was another one.

    Attributes:
        status: what it was then. until: that day.
    """

    status: Status
    until: date

    def words(self) -> Msg:
        """As a sentence."""
        return msg("It was {status} until {day}.", status=IN_A_SENTENCE[self.status], day=self.until)


def turn(
    aim: Aim, path: Path, to_date: npt.NDArray[np.float64], verdict: Verdict, rules: Rules
) -> Turn | None:
    """The last day whose pace gave another status than the verdict's; None where all judged days agree.

    Args:
        path: expected by the end of each day. to_date: the value by the end of each day, from the period's
            first one on; nan where it is not known.

    The days are judged by today's data and today's target: late data change the past as well. Days too early
    for a verdict and days without a value are passed over.

    >>> from kpi_tree.periods import parse_period
    >>> from kpi_tree.analysis import Evidence, assess, plan_path
    >>> period = parse_period("2026-06")
    >>> aim, path = Aim(period, 300.0), plan_path(period, 300.0)
    >>> seen = np.r_[np.full(12, 10.0), np.full(6, 2.0)].cumsum()
    >>> day = date(2026, 6, 18)
    >>> now = assess(aim, Evidence(seen[-1], day, path.at(day)), today=day, rules=Rules())
    >>> now.status, str(turn(aim, path, seen, now, Rules()).words())
    ('off_track', 'It was at risk until 14 Jun 2026.')
    """
    if verdict.status not in PACED or verdict.data_through is None:
        return None
    days = min(aim.period.elapsed(verdict.data_through), len(to_date))
    first = aim.period.days * rules.early - EDGE
    for n in range(days - 1, -1, -1):
        if n + 1 < first:
            return None
        value = float(to_date[n])
        if not np.isfinite(value):
            continue
        _, score = pace_of(aim, value, float(path.values[n]))
        status = band(score, rules, aim.direction) if score is not None else None
        if status is not None and status != verdict.status:
            return Turn(status, aim.period.start + timedelta(days=n))
    return None
