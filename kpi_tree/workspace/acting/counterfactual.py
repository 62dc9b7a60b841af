"""What would have been without an action: by a segment where it did not work, or by an experiment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from kpi_tree.analysis import kind_of
from kpi_tree.analysis.control import difference
from kpi_tree.analysis.trajectory import Floats
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.periods import Period
from kpi_tree.plan.model import Node
from kpi_tree.store import Home
from kpi_tree.workspace.acting import trials
from kpi_tree.workspace.base.nodes import rollup_of, unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker
from kpi_tree.workspace.figuring.figures import Where, series_for

METHODS = {
    "forecast": msg("against what the days before it foretold"),
    "control": msg("against a segment where it did not work (difference in differences)"),
    "experiment": msg("by the experiment that tests it"),
}

BEFORE_DAYS = 182
"""Days before the window on which the two segments are compared."""


@dataclass(frozen=True, slots=True)
class Read:
    """A comparison: the KPI over the window, what it is compared with, and the interval of the difference."""

    actual: float
    without: float
    low: float
    high: float
    level: float
    notes: tuple[Msg, ...] = ()

    @property
    def measured(self) -> float:
        """What was, less what would have been."""
        return self.actual - self.without


def control(home: Home, top: Node, segment: str, window: Period) -> Read | Msg:
    """A KPI outside a segment against its course within the segment; why not, where it cannot be read.

    Args:
        segment: ``dimension=value`` where the action did not work; it worked everywhere else.

    Raises:
        NotFound: the KPI is not split by it, or no record has the value. Refused: it is measured by no KPI.
    """
    name, _, value = segment.partition("=")
    if not top.kpi:
        raise Refused(
            msg("{name} is computed, so it cannot be split into segments.", name=top.name),
            place=top.id,
            remedy=msg("Hang the action below a KPI that is measured, or take the segment away."),
        )
    start = window.start - timedelta(days=BEFORE_DAYS)
    others = _other_values(home, top.kpi, name, value, Period(start, window.end))
    here = _days(home, top.kpi, start, window, {name: others})
    there = _days(home, top.kpi, start, window, {name: [value]})
    kind = kind_of(rollup_of(top, catalogue_of(home)))
    found = difference(here, there, window.days, kind)
    if found is None:
        return msg("There are too few days before it on which both segments have values.")
    notes: tuple[Msg, ...] = ()
    if not found.parallel:
        notes = (
            msg("The two segments had begun to part before it started: take the result with care."),
        )  # fmt: skip
    return Read(found.actual, found.without, found.low, found.high, found.level, notes)


def _other_values(home: Home, kpi: str, name: str, value: str, span: Period) -> list[str]:
    """All values of a dimension but one."""
    frame = series_for(home, [kpi], start=span.start, end=span.end, by=[name])[kpi].frame
    known = sorted({str(one) for one in frame[name].unique()})
    if value not in known:
        raise NotFound(
            msg("No record has the value {value} in {dim}.", value=value[:80], dim=name),
            place="control",
            remedy=did_you_mean(value, known, msg("Values are: {names}.", names=", ".join(known[:20]))),
        )
    if len(known) < 2:
        raise Refused(
            msg("{value} is the only value of {dim}, so there is nothing beside it.", value=value, dim=name),
            place="control",
            remedy=msg("Choose a segment where the action does not work."),
        )
    return [one for one in known if one != value]


def _days(home: Home, kpi: str, start: date, window: Period, where: Where) -> Floats:
    series = series_for(home, [kpi], start=start, end=window.end, where=where)[kpi]
    values = series.frame["value"].to_numpy(dtype=np.float64)
    if series.data_from is not None:
        days = window.end - timedelta(days=len(values))
        values = np.where(np.arange(len(values)) < (series.data_from - days).days, np.nan, values)
    return values


def experiment(home: Home, who: Asker, top: Node, name: str) -> Read | Msg:
    """The arm that had the action against the one that had not, in the KPI's unit.

    Raises:
        NotFound: there is no such experiment. Refused: it cannot be read.
    """
    view = trials.experiment(home, who, name)
    kpis = catalogue_of(home)
    wanted = "conversion" if unit_of(top, kpis) in ("percent", "count") else "value"
    asked = next((one for one in view.questions if one.metric == wanted), None)
    if asked is None:
        return msg("The experiment {name} has no figures that fit this KPI.", name=name)
    found = asked.found
    read = Read(found.b.mean, found.a.mean, found.low, found.high, found.level, tuple(view.notes))
    if len(view.arms) > 2:
        first = msg("Of several arms the first is compared: {arm}.", arm=found.b.name)
        read = replace(read, notes=(*read.notes, first))
    if kind_of(rollup_of(top, kpis)) != "flow":
        return read
    units = found.b.units  # what adds up: over all who had it
    return replace(
        read, actual=read.actual * units, without=read.without * units, low=read.low * units,
        high=read.high * units,
    )  # fmt: skip
