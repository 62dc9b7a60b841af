"""From a point of a chart to the records behind it; which ones is in the address, so it can be shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.metrics import NOT_SET, Series
from kpi_tree.periods import Grain, Period
from kpi_tree.ui.pieces import datarow, downloads
from kpi_tree.ui.pieces.exports import csv_bytes
from kpi_tree.ui.shell import address, cache, places
from kpi_tree.ui.shell.places import Way
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import day, plain, said, say, t
from kpi_tree.ui.shell.words import dimension_value, span_words

SPAN, PART = "rows", "part"
APART = ".."


def asked() -> Period | None:
    """The days whose records the address asks for (``rows=2026-06-01..2026-06-07``)."""
    first, _, last = st.query_params.get(SPAN, "").partition(APART)
    start, end = address.day(first), address.day(last or first)
    if start is None or end is None or end < start or end == date.max:
        return None
    return Period(start, end + timedelta(days=1))


def first() -> bool:
    """Whether a link has asked for the records rather than for the chart: they then come first."""
    return st.query_params.get("first", "") == SPAN


def way(node: str, start: date, through: date) -> Way:
    """From a number to the records of its days."""
    asked_for = {"id": node, "first": SPAN, "rows": f"{start}{APART}{through}"}
    return Way(t("The records behind it"), "kpi", "database", params=asked_for)


def as_text(period: Period | None) -> str:
    """The days as the address writes them.

    >>> as_text(Period(date(2026, 6, 1), date(2026, 6, 8)))
    '2026-06-01..2026-06-07'
    """
    return f"{period.start.isoformat()}{APART}{period.last.isoformat()}" if period else ""


def picked(point: Mapping[str, Any] | None, whole: Period | None, dim: str = "") -> None:
    """A click on a chart: ask for the records of that point.

    Args:
        point: the row of the mark: ``day`` and ``end`` of a period, or the ``name`` of a part.
        whole: the days of the whole chart, which the parts share. dim: what the parts are of.
    """
    if point is None:
        return
    first, end = (address.day(str(point.get(name) or "")[:10]) for name in ("day", "end"))
    if first is not None:
        address.put(SPAN, as_text(Period(first, end or first + timedelta(days=1))))
        address.put(PART, "")
    elif "name" in point and whole is not None:
        address.put(SPAN, as_text(whole))
        name = str(point["name"])
        address.put(PART, f"{dim}:{NOT_SET if name == t('(not set)') else name}")


def follow(node: str, point: Mapping[str, Any] | None) -> None:
    """A click on a chart that stands far from the records: open them, first on the page.

    Args:
        node: whose chart it is. point: the row of the mark, with its ``day`` and perhaps the ``end``.
    """
    if point is None:
        return
    start, end = (address.day(str(point.get(name) or "")[:10]) for name in ("day", "end"))
    if start is not None:
        places.go("kpi", id=node, first=SPAN, rows=as_text(Period(start, end or start + timedelta(days=1))))


def show(session: Session, values: Series) -> None:
    """Where the numbers come from: first and last day, notes, and the records of a period."""
    st.header(t("Where the numbers come from"))
    if values.data_from and values.data_through:
        first, last = plain(day(values.data_from)), plain(day(values.data_through))
        st.caption(t("Data from {first} to {last}.", first=first, last=last))
    for note in values.notes:
        st.caption(f":material/info: {say(note)}")
    if values.grain is Grain.HOUR:
        return
    starts = list(dict.fromkeys(values.frame["period"]))[::-1]
    period = _choose([values.period(one) for one in starts])
    if period is not None:
        records(session, values.kpi, period, {**session.lens.filters, **_part()}, key=values.kpi)


def _choose(periods: Sequence[Period]) -> Period | None:
    """The period from the address, with the box that writes it there: a click on the chart does the same."""
    now = asked()
    options = [*([now] if now is not None and now not in periods else []), *periods]
    if not options:
        return None
    st.session_state["rows_of"] = now

    def chosen() -> None:
        address.put(SPAN, as_text(st.session_state["rows_of"]))
        address.put(PART, "")

    found = st.selectbox(
        t("Show the rows behind"),
        options,
        index=None,
        format_func={one: span_words(one) for one in options}.__getitem__,
        placeholder=t("Choose a period, or click the chart"),
        key="rows_of",
        on_change=chosen,
        width=360,
    )
    return found if isinstance(found, Period) else None


def _part() -> dict[str, list[str]]:
    name, _, value = st.query_params.get(PART, "").partition(":")
    return {name: [value]} if name and value else {}


def records(
    session: Session, kpi: str, period: Period, where: Mapping[str, Sequence[str]], *, key: str
) -> None:
    """The records of some days, each with its way to the row of its file."""
    part = _part()
    if part:
        (name, values), *_ = part.items()
        only = t("Only {filter}", filter=f"{dimension_value(name)}: {said(values[0])}")
        st.caption(f":material/filter_alt: {plain(only)}")
    frame = cache.kept(
        session, "records", kpi, period.start, period.end, repr(sorted(where.items())),
        make=lambda: workspace.kpi_records(
            session.home, session.who, kpi, start=period.start, end=period.end, limit=1000, where=where
        ),
    )  # fmt: skip
    rows(session, frame, f"{kpi}-{period.start.isoformat()}", key=f"{key}_{as_text(period)}")


def rows(session: Session, frame: pd.DataFrame, name: str, *, key: str) -> None:
    """Records with the way to the row of the file of each, and the file that holds them all.

    Args:
        frame: as ``workspace.kpi_records`` gives it. name: of the file.
    """
    if frame.empty:
        st.caption(t("No record of that period counts here."))
        return
    datarow.records(session, frame, key=key)
    st.caption(
        t("Each line is a record, with the batch, the file and the row in it. At most 1,000 are shown.")
    )
    downloads.button(
        t("Download these rows"),
        lambda: csv_bytes(frame),
        f"{name}-rows.csv",
        "text/csv",
        icon=":material/download:",
        key=f"rows_csv_{key}",
    )
