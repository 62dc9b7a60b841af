"""What there is to say about the values of KPIs that a file gives as such, before they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.catalogue import Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg, nmsg
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.values.observed import CURRENCY

_OWN = {"value", "numerator", "denominator", "note", "_row"}
_LONGEST = {"day": 1, "week": 7, "month": 31, "quarter": 92}
"""Days of the longest period of a grain."""


def about_values(
    complaints: Complaints,
    found: pa.Table,
    kpis: Mapping[str, Kpi],
    place: str,
    today: date | None = None,
    timed: str = "",
) -> None:
    """Values of one period twice, of periods inside each other, in several currencies, or of days to come.

    Args:
        found: the values, as :class:`~kpi_tree.ingest.values.observed.Observed` gives them.
        place: the file's name.
        timed: one of the dates with a time of day, if any.

    Raises:
        Refused: values would be added up that must not be, or are of hours.
    """
    found = found.unify_dictionaries().combine_chunks()
    _refuse_currencies(complaints, found, kpis, place)
    _overlaps(complaints, found)
    key = [name for name in found.column_names if name not in _OWN]
    repeated = found.num_rows - found.group_by(key, use_threads=False).aggregate([]).num_rows
    same = found.num_rows - found.group_by([*key, "value"], use_threads=False).aggregate([]).num_rows
    if repeated > same and timed:
        raise Refused(
            msg(
                "There are several values of one day: the dates carry times of day ({example}).",
                example=timed,
            ),
            place=place,
            remedy=msg("Give one value a day; the shortest period that is kept is a day."),
        )
    if repeated > same:
        line, both = _repeated(found, key) or (None, None)
        complaints.say(
            "warning",
            "repeated_key",
            nmsg(
                "{n} value is of a KPI and period that a later row gives anew; the later one counts.",
                "{n} values are of KPIs and periods that later rows give anew; the later ones count.",
                repeated - same,
            ),
            row=line,
            value=both,
            count=repeated - same,
            remedy=msg("If they are of different shops or goods, add a column that says which."),
        )
    late = _late(found, today)
    if late:
        complaints.say(
            "warning",
            "future_date",
            nmsg("{n} value is of a day after today.", "{n} values are of days after today.", late),
            count=late,
        )


def _repeated(found: pa.Table, key: list[str]) -> tuple[int, str] | None:
    """The first row that gives anew what an earlier one gave otherwise: its line, and both values."""
    valued = found.filter(pc.is_valid(found.column("value")))
    least = [("value", "min"), ("value", "max"), ("_row", "min")]
    of_key = valued.group_by(key, use_threads=False).aggregate(least)
    twice = of_key.filter(pc.not_equal(of_key.column("value_min"), of_key.column("value_max")))
    if not twice.num_rows:
        return None
    first = twice.sort_by("_row_min").slice(0, 1).to_pylist()[0]
    for name in key:
        texts = valued.column(name)
        valued = valued.filter(pc.is_null(texts) if first[name] is None else pc.equal(texts, first[name]))
    before, *rest = valued.select(["_row", "value"]).sort_by("_row").to_pylist()
    later = next(row for row in rest if row["value"] != before["value"])
    return int(later["_row"]), f"{before['value']:.10g} → {later['value']:.10g}"


def _late(found: pa.Table, today: date | None) -> int:
    if today is None:
        return 0
    return int(pc.sum(pc.greater(found.column("start"), pa.scalar(today, pa.date32()))).as_py() or 0)


def _refuse_currencies(complaints: Complaints, found: pa.Table, kpis: Mapping[str, Kpi], place: str) -> None:
    if CURRENCY not in found.column_names:
        return
    money = sorted(name for name in set(found.column("kpi").unique().to_pylist()) if _is_money(kpis, name))
    mine = found.filter(pc.is_in(found.column("kpi").cast(pa.string()), pa.array(money, pa.string())))
    names = sorted({str(name).upper() for name in mine.column(CURRENCY).unique().to_pylist() if name})
    if complaints.different(names, CURRENCY):
        raise Refused(
            msg("The values are in several currencies: {names}.", names=", ".join(names)),
            place=f"{place}, column {CURRENCY}",
            remedy=msg("Load each currency from a file of its own."),
        )


def _is_money(kpis: Mapping[str, Kpi], name: str) -> bool:
    return name in kpis and kpis[name].unit == "money"


def _overlaps(complaints: Complaints, found: pa.Table) -> None:
    """Months beside the quarter that holds them: told, and each day is counted once."""
    grains = found.column("grain").cast(pa.string())
    if len(grains.unique()) < 2:
        return
    dims = [n for n in found.column_names if n not in _OWN | {"start", "grain"}]
    rows: list[dict[str, Any]] = found.select([*dims, "start", "grain", "_row"]).to_pylist()
    periods: dict[tuple[Any, ...], dict[str, list[int]]] = {}
    for row in rows:
        day = (row["start"] - date(1970, 1, 1)).days
        periods.setdefault(tuple(row[n] for n in dims), {}).setdefault(row["grain"], []).append(day)
    for key, by_grain in periods.items():
        order = sorted(by_grain, key=lambda grain: _LONGEST[grain])
        for at, long in enumerate(order):
            starts = np.unique(np.array(by_grain[long], np.int64))
            for short in order[:at]:
                days = np.array(by_grain[short], np.int64)
                before = np.searchsorted(starts, days, "right") - 1
                held = (before >= 0) & (days - starts[before] < _days(starts[before], long))
                if held.any():
                    _overlap(complaints, str(key[dims.index("kpi")]), long, short)
                    return


def _days(starts: np.ndarray[Any, np.dtype[np.int64]], grain: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Days of the periods that begin on these days since 1970."""
    if grain in ("day", "week"):
        return np.full(len(starts), _LONGEST[grain], np.int64)
    months = starts.astype("M8[D]").astype("M8[M]") + (3 if grain == "quarter" else 1)
    return np.asarray(months.astype("M8[D]").astype(np.int64) - starts, np.int64)


def _overlap(complaints: Complaints, kpi: str, long: str, short: str) -> None:
    complaints.say(
        "info",
        "two_lengths",
        msg(
            "The file has values of {name} for a {long} and for a {short} inside it. They are counted once: "
            "where you look by {long} or longer its own value, where you look closer the others.",
            name=kpi,
            long=_GRAIN_WORDS[long],
            short=_GRAIN_WORDS[short],
        ),
    )


_GRAIN_WORDS = {"day": msg("day"), "week": msg("week"), "month": msg("month"), "quarter": msg("quarter")}
