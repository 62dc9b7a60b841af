"""A KPI over a span of days on the screen: its steps, or its parts by a dimension."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi_tree.analysis.trajectory import kind_of
from kpi_tree.metrics import Series
from kpi_tree.periods import Grain, Period
from kpi_tree.ui.pieces.drawn import Picked, draw
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, t
from kpi_tree.ui.shell.words import dimension_value, unit_words
from kpi_tree.workspace.base.own import catalogue_of

MOST_PARTS = 14


def history(session: Session, values: Series, name: str, asked: Any, *, rollup: str | None = None) -> Picked:
    """A KPI over time, or its parts where a breakdown is asked; the point that was clicked just now."""
    if values.by:
        return _parts(session, values, name, asked)
    rollup = rollup or _rollup(session, values)
    words = {
        "title": t("{name} by {step}", name=name, step=_step(values.grain)),
        "y": f"{name} ({unit_words(values.unit, values.currency)})",
        "value": name,
        "target": t("Target"),
        "period": t("Period"),
        "description": t("{name} over time", name=name),
    }

    def make(charts: Any, palette: Any) -> Any:
        bars = []
        for when, value in zip(values.frame["period"], values.frame["value"], strict=True):
            period = values.period(when)
            bars.append(charts.Bar(period, value if value == value else None, _partly(values, period)))
        return charts.history_chart(
            bars,
            charts.ChartWords(**words),
            lang=current_language(),
            unit=values.unit,
            currency=values.currency,
            palette=palette,
            flow=kind_of(rollup) == "flow",
        )

    return draw(
        session, "history", values.kpi, asked, name, make=make, alt=words["description"], pick=("day", "end")
    )


def _partly(values: Series, period: Period) -> str:
    """What to say of a period that the data know in part only."""
    if values.data_through is not None and period.last > values.data_through:
        return t("not over yet")
    first = values.data_from
    return t("data from {day}", day=day(first)) if first is not None and first > period.start else ""


def _rollup(session: Session, values: Series) -> str | None:
    kpi = catalogue_of(session.home).get(values.kpi)
    return kpi.rollup if kpi else None


def _parts(session: Session, values: Series, name: str, asked: Any) -> Picked:
    totals = values.totals
    if totals is None or totals.empty:
        return None
    dim = values.by[0]
    words = {
        "title": t("{name} by {dimension}", name=name, dimension=dimension_value(dim).lower()),
        "y": f"{name} ({unit_words(values.unit, values.currency)})",
        "value": name,
        "share": t("Share"),
        "period": dimension_value(dim),
        "description": t("{name} by {dimension}", name=name, dimension=dimension_value(dim).lower()),
    }
    rollup = _rollup(session, values)
    whole = values.total.get("value") if kind_of(rollup) == "flow" else None

    def make(charts: Any, palette: Any) -> Any:
        ordered = totals.sort_values("value", ascending=False, na_position="last").head(MOST_PARTS)
        parts = [
            charts.Part(
                t("(not set)") if label is None or label != label else str(label),
                value if value == value else None,
                value / whole if whole and value == value else None,
            )
            for label, value in zip(ordered[dim], ordered["value"], strict=True)
        ]
        return charts.breakdown_bars(
            parts,
            charts.ChartWords(**words),
            lang=current_language(),
            unit=values.unit,
            currency=values.currency,
            palette=palette,
        )

    # Streamlit fits title and axis into the height, which the chart counts without them.
    picked = draw(
        session, "parts", values.kpi, asked, name, make=make, alt=words["description"], extra=90,
        pick=("name",),
    )  # fmt: skip
    if len(totals) > MOST_PARTS:
        st.caption(t("The {n} largest are drawn; the table has all.", n=MOST_PARTS))
    return picked


def _step(grain: Grain) -> str:
    return {
        Grain.HOUR: t("hour"),
        Grain.DAY: t("day"),
        Grain.WEEK: t("week"),
        Grain.MONTH: t("month"),
        Grain.QUARTER: t("quarter"),
        Grain.YEAR: t("year"),
    }[grain]
