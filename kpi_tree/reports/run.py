"""Running a report: which days, which comparison, and then the table of its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import Grain
from kpi_tree.reports import groups, single, together
from kpi_tree.reports.asked import Asked, Source
from kpi_tree.reports.model import COMPARISONS, Answer, Compare, Report
from kpi_tree.reports.spans import shown

Made = Callable[[Asked], Answer]

KINDS: Mapping[str, Made] = {
    "over_time": single.over_time,
    "breakdown": single.breakdown,
    "ranked": single.ranked,
    "heat_map": single.heat_map,
    "matrix": together.matrix,
    "scorecard": together.scorecard,
    "side_by_side": together.side_by_side,
    "funnel": groups.funnel,
    "cohorts": groups.cohorts,
    "segments": groups.segments,
}
FACTS: Mapping[str, str] = {"purchase": "conversion_rate", "form": "form_induction_rate", "": "orders"}
"""Funnel → the KPI whose data say which days are known."""


def run(
    report: Report,
    source: Source,
    *,
    today: date,
    start: date | None = None,
    end: date | None = None,
    grain: Grain | None = None,
    where: Mapping[str, Sequence[str]] | None = None,
    compare: str | None = None,
) -> Answer:
    """The report over ``[start, end)``, no later than its data; without them over the usual span.

    Raises:
        Refused: unknown comparison or dimension value, a span without days, several currencies.
        NotFound: a dimension that the report's KPI does not have.
    """
    step = grain or report.grain
    asked_for = _comparison(report, compare)
    kept = {name: tuple(values) for name, values in (where or {}).items()}
    wanted = report.kpis or (FACTS[report.source],)
    known = source.known(wanted)
    if known is None:
        days = shown(start, end, step, today, source.engine.calendar)
        note = msg("No data are loaded for this report yet.")
        return Answer(report, days.start, days.end, step, asked_for, kept, notes=(note,))
    days = shown(start, end, step, known[1], source.engine.calendar)
    return KINDS[report.kind](Asked(report, source, days, kept, asked_for, known))


def _comparison(report: Report, compare: str | None) -> Compare:
    if compare is None:
        return report.compare
    if compare not in COMPARISONS:
        raise Refused(
            msg("{value} is not a comparison.", value=compare[:40]),
            place="compare",
            remedy=msg("Choose one of {names}.", names=", ".join(COMPARISONS)),
        )
    return next((each for each in report.may_compare if each == compare), "none")


__all__ = ["Source", "run"]
