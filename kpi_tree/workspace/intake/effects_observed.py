"""What loading values of KPIs as such would do: each KPI before and after, gaps, unusual values."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.catalogue import Kpi
from kpi_tree.i18n import msg, nmsg
from kpi_tree.i18n.quantity import Quantity
from kpi_tree.ingest import checks
from kpi_tree.issues import Issue
from kpi_tree.periods import Calendar, Grain, period_of, spine
from kpi_tree.steps import SILENT, Watch
from kpi_tree.store import Home, observations
from kpi_tree.store import batches as kept
from kpi_tree.store.journal import canonical
from kpi_tree.store.observations import Observation
from kpi_tree.workspace.base.homes import calendar_of
from kpi_tree.workspace.base.naming import NodeName
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.types import Effect, Settings, plain
from kpi_tree.workspace.figuring.measured import observations_in
from kpi_tree.workspace.figuring.measured_series import series_of

MOST_KPIS = 8
MOST_VALUES = 200_000
"""Values of a file above which this is left out: it holds them one by one."""

Key = tuple[date, str, str]


@dataclass(frozen=True, slots=True)
class _Case:
    """One KPI: what is known of it, what the file says, and both together; all by period and dimensions."""

    kpi: Kpi
    known: Mapping[Key, Observation]
    told: Mapping[Key, Observation]
    calendar: Calendar
    place: str

    @property
    def name(self) -> NodeName:
        """Its name in the reader's language."""
        return NodeName(self.kpi.text("name", "en"), self.kpi.name)

    def said(self, value: float) -> Quantity:
        """A value with its unit."""
        return Quantity(value, self.kpi.unit)


def outcome(
    home: Home, measured: pa.Table, chosen: Settings, watched: set[str], place: str, watch: Watch = SILENT
) -> tuple[tuple[Effect, ...], tuple[Issue, ...]]:
    """Compare the KPIs that a file gives values of, without and with them; nothing is kept.

    Args:
        measured: the file's values, as :data:`~kpi_tree.store.observations.MEASURED`.
        watched: the KPIs of the shop's plans, which come first.
        place: the file's name, for the issues.

    Returns:
        Each KPI over the periods of the file, and what looks odd: values that cannot be or are far from the
        usual, periods without one, periods of two lengths, KPIs whose records count instead.
    """
    if measured.num_rows > MOST_VALUES:
        words = msg(
            "What the KPIs become is not worked out before a file of {n} values is loaded.",
            n=measured.num_rows,
        )
        remedy = msg("Load it and look; it can be withdrawn again.")
        return (), (Issue("info", "effects_left_out", words, place, remedy),)
    kpis, active = catalogue_of(home), kept.active_files(home)
    names = sorted(measured.column("kpi").unique().to_pylist(), key=lambda name: name not in watched)
    beside = [kpis[name] for name in names if name in kpis and set(kpis[name].tables) & active.keys()]
    issues = [_beside(beside, place)] if beside else []
    effects: list[Effect] = []
    for name in [one for one in names if one in kpis and kpis[one] not in beside][:MOST_KPIS]:
        watch.check()
        told = observations_in(measured.filter(pc.equal(measured.column("kpi").cast(pa.string()), name)))
        case = _Case(
            kpis[name], _by_key(observations.of(home, name)), _by_key(told), calendar_of(chosen), place
        )
        effects.append(_effect(case))
        for look in LOOKS:
            issues += look(case)
    return tuple(effects), tuple(issues)


def _by_key(found: Iterable[Observation]) -> dict[Key, Observation]:
    """Of several values of one period and the same dimensions the last counts."""
    return {(one.start, one.grain, canonical(dict(one.dimensions))): one for one in found}


def _effect(case: _Case) -> Effect:
    """The KPI over the periods of the file: by what is known of them, and with what the file says."""
    periods = [period_of(one.start, one.grain, case.calendar) for one in case.told.values()]
    start, end = min(one.start for one in periods), max(one.end for one in periods)

    def total(found: Iterable[Observation]) -> float | None:
        some = list(found)
        if not some:
            return None
        series = series_of(case.kpi, some, start, end, Grain.YEAR, (), None, case.calendar)
        value: float | None = plain(series.total.get("value"))
        return value

    merged = {**case.known, **case.told}
    return Effect(case.kpi.id, case.kpi.unit, total(case.known.values()), total(merged.values()))


def _beside(kpis: Sequence[Kpi], place: str) -> Issue:
    words = msg(
        "{names} is worked out from its records, so the file's values are kept but do not count.",
        names=NodeName(
            ", ".join(kpi.text("name", "en") for kpi in kpis[:5]),
            {lang: ", ".join(kpi.text("name", lang) for kpi in kpis[:5]) for lang in ("nb", "ja")},
        ),
    )
    remedy = msg("They count once no records are there that it is made of.")
    return Issue("warning", "records_count", words, place, remedy)


def _impossible(case: _Case) -> list[Issue]:
    """Values beyond what the KPI can be: a share over 100 %, a count below zero."""
    low, high = case.kpi.range
    over = [
        one
        for one in case.told.values()
        if one.value is not None
        and ((low is not None and one.value < low) or (high is not None and one.value > high))
    ]
    if not over:
        return []
    words = (
        msg("{kpi} cannot be {value}: it lies between {low} and {high}.", kpi=case.name,
            value=case.said(over[0].value or 0.0), low=case.said(low), high=case.said(high))
        if low is not None and high is not None
        else msg("{kpi} cannot be {value}: it is never below {low}.", kpi=case.name,
                 value=case.said(over[0].value or 0.0), low=case.said(low))
        if low is not None
        else msg("{kpi} cannot be {value}: it is never above {high}.", kpi=case.name,
                 value=case.said(over[0].value or 0.0), high=case.said(high or 0.0))
    )  # fmt: skip
    remedy = (
        msg("See whether it is a percentage: write 4.2 %, or 0.042.")
        if case.kpi.unit == "percent"
        else msg("See whether it is the right KPI, and in the right unit.")
    )
    return [_at(Issue("warning", "impossible", words, case.place, remedy, count=len(over)), over[0])]


def _unusual(case: _Case) -> list[Issue]:
    """Values far from the same KPI's earlier ones of the same dimensions and length of period."""
    past: dict[tuple[str, str], list[tuple[date, float]]] = {}
    for (start, grain, dims), one in case.known.items():
        if one.value is not None:
            past.setdefault((grain, dims), []).append((start, one.value))
    found = []
    first = min(start for start, _, _ in case.told)
    for (_, grain, dims), one in case.told.items():
        before = [value for start, value in past.get((grain, dims), ()) if start < first]
        for odd in checks.outliers(before, [one.value] if one.value is not None else []):
            found.append((abs(odd.value - (odd.low + odd.high) / 2), odd, one))
    if not found:
        return []
    _, odd, one = max(found, key=lambda each: each[0])
    words = msg(
        "{kpi} is {value} in the period from {day}; so far one had {low} to {high}.",
        kpi=case.name, value=case.said(odd.value), day=one.start, low=case.said(odd.low),
        high=case.said(odd.high),
    )  # fmt: skip
    remedy = msg("Look whether amounts are in another unit or currency than before.")
    return [_at(Issue("warning", "unusual", words, case.place, remedy, count=len(found)), one)]


def _gaps(case: _Case) -> list[Issue]:
    """Periods without a value between the first and the last of the file, those that are known apart."""
    issues = []
    for grain in {grain for _, grain, _ in case.told}:
        days = [start for start, each, _ in case.told if each == grain]
        have = {start for start, each, _ in (*case.told, *case.known) if each == grain}
        missing = _missing(days, have, grain, case.calendar)
        if missing:
            words = nmsg(
                "{kpi} has no value for {n} period between the first and the last, from {day}.",
                "{kpi} has no value for {n} periods between the first and the last; the first is from {day}.",
                len(missing), kpi=case.name, day=missing[0],
            )  # fmt: skip
            remedy = msg("See that the export is whole.")
            issues.append(Issue("warning", "gap", words, case.place, remedy, count=len(missing)))
    return issues


def _missing(days: Sequence[date], have: set[date], grain: str, calendar: Calendar) -> list[date]:
    """The starts of periods that lack, of days not those that come now and then, or of weekends alike."""
    first, last = min(days), max(days)
    if grain == Grain.DAY:
        if checks.step(days) > 1:
            return []
        between = [day for day in have if first <= day <= last]
        return [
            date.fromordinal(day)
            for start, end in checks.gaps(between)
            for day in range(start.toordinal(), end.toordinal() + 1)
        ]
    end = period_of(last, grain, calendar).end
    return [one.start for one in spine(first, end, grain, calendar) if one.start not in have]


def _two_lengths(case: _Case) -> list[Issue]:
    """Values of days beside those of the month that holds them: each day is counted once."""
    found = _beside_others(case, lambda dimensions: dimensions, same=True)
    if found is None:
        return []
    words = msg(
        "{kpi} has values of longer and of shorter periods for the same days. They are counted once: where "
        "you look closer than a longer one the shorter ones, else the longer one.",
        kpi=case.name,
    )
    remedy = msg("Where they do not add up to it, withdraw the wrong file.")
    return [_at(Issue("info", "two_lengths", words, case.place, remedy), found)]


def _two_depths(case: _Case) -> list[Issue]:
    """A value of the whole beside those of its shops: nothing says that one holds the others."""
    found = _beside_others(case, _names, same=False)
    if found is None:
        return []
    words = msg(
        "{kpi} has values for the same days with and without {names}: both are counted.",
        kpi=case.name,
        names=", ".join(sorted({n for _, _, dims in case.known for n in _names(dims)} | {*found.dimensions})),
    )
    remedy = msg("If one of them is the total of the others, withdraw it or leave its rows out.")
    return [_at(Issue("warning", "two_depths", words, case.place, remedy), found)]


@cache
def _names(dimensions: str) -> tuple[str, ...]:
    return tuple(sorted(json.loads(dimensions)))


def _beside_others(case: _Case, label: Callable[[str], object], *, same: bool) -> Observation | None:
    """The first value of the file that shares a day with a known one of another kind; None for no such.

    Args:
        label: what of the dimensions tells kinds apart.
        same: whether to look at other lengths of periods under the same label, or at other labels.
    """
    spans: dict[object, dict[str, list[tuple[date, date]]]] = {}
    for start, grain, dims in sorted(case.known):
        period = period_of(start, grain, case.calendar)
        spans.setdefault(label(dims), {}).setdefault(grain, []).append((period.start, period.end))
    for (_, _, dims), one in case.told.items():
        mine, at = period_of(one.start, one.grain, case.calendar), label(dims)
        for other in [at] if same else spans.keys() - {at}:
            for grain, periods in spans.get(other, {}).items():
                near = bisect_left(periods, (mine.end,)) - 1  # the last one that begins before mine ends
                if near >= 0 and periods[near][1] > mine.start and not (same and grain == one.grain):
                    return one
    return None


def _at(issue: Issue, one: Observation) -> Issue:
    """The issue at the row that it is about."""
    return replace(issue, row=one.row)


LOOKS: tuple[Callable[[_Case], list[Issue]], ...] = (_impossible, _unusual, _gaps, _two_lengths, _two_depths)
