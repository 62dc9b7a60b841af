"""Charts on the screen: drawn once for a revision, a language and a theme, and kept as plain specs."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

import streamlit as st

from kpi_tree.analysis.trajectory import kind_of
from kpi_tree.i18n import Quantity
from kpi_tree.metrics import Series
from kpi_tree.periods import Grain, Period, period_of
from kpi_tree.ui import tried
from kpi_tree.ui.drawn import draw
from kpi_tree.ui.progress import rollup_of
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import current_language, day, number, percent, said, t
from kpi_tree.ui.words import dimension_value, period_words, unit_words
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.outlook import Outlook
from kpi_tree.workspace.own import catalogue_of

Picked = Mapping[str, Any] | None
MOST_PARTS = 14
LINE = 52
"""Letters that a subtitle's line holds on a narrow screen; full-width ones take two places."""


def chart(session: Session, view: NodeView, *, pick: bool = False, height: int = 320) -> Picked:
    """Actual against the path to the target, for a node that has one; the day that was clicked just now."""
    if view.target is None or view.start is None or view.end is None or not view.points:
        return None
    words = _pace_words(view)
    period = Period(view.start, view.end)
    actual = [point.value for point in view.points]
    path = [point.expected for point in view.points]
    flow = kind_of(rollup_of(view)) == "flow"
    seen = view.outlook or Outlook()

    def make(charts: Any, palette: Any) -> Any:
        data = charts.PaceData(
            period,
            actual,
            path,
            view.target,
            baseline=None if flow else view.baseline,
            through=view.data_through,
            good_now=_is_good(view),
            forecast=seen.path,
            low=seen.lows,
            high=seen.highs,
            good_end=_is_good_end(view),
        )
        return charts.pace_chart(
            data,
            charts.PaceWords(**words),
            lang=current_language(),
            unit=view.unit,
            currency=view.currency,
            palette=palette,
            flow=flow,
            height=height,
        )

    picked = draw(
        session,
        "pace",
        view.id,
        height,
        view.start,
        view.end,
        view.target,
        make=make,
        alt=words["description"],
        extra=70 + 16 * len(words["subtitle"]) if view.outlook else 70,
        pick=("day",) if pick else (),
    )
    if pick:
        tried.show(view)
    return picked


def _pace_words(view: NodeView) -> dict[str, Any]:
    gap, landing = _gap(view), _landing(view)
    title = t("{name} against its path", name=view.name)
    shown: list[str] = []
    if gap and landing:
        title = t("{name}: {gap}, {landing}", name=view.name, gap=gap, landing=landing)
        shown = [t("{name}: {gap}", name=view.name, gap=gap), landing]
    elif gap or landing:
        title = t("{name}: {gap}", name=view.name, gap=gap or landing)
    return {
        "title": shown or title,
        "subtitle": _subtitle(view),
        "description": f"{title}. {said(view.reason)}",
        "y": f"{view.name} ({unit_words(view.unit, view.currency)})",
        "actual": t("Actual"),
        "path": t("Path to the target"),
        "target": t("Target"),
        "baseline": t("Baseline"),
        "today": t("Data through {day}", day=day(view.data_through)),
        "gap_now": _short(view, view.actual, view.expected),
        "gap_end": _short(view, _end(view), view.target),
        "forecast": t("Forecast"),
        "interval": t("{share} interval", share=percent(view.outlook.level)) if view.outlook else "",
    }


def _subtitle(view: NodeView) -> str | list[str]:
    """The period, and below it how the forecast was made or why there is none."""
    seen = view.outlook
    if seen is None:
        return period_words(view)
    made = " ".join(_made(seen))
    return [period_words(view), *wrap(made, LINE // 2 if current_language() == "ja" else LINE)]


def _made(seen: Outlook) -> list[str]:
    """How the forecast was made, how far off it was when tried, what it counts in; or why there is none."""
    if seen.value is None:
        return [said(seen.withheld)] if seen.withheld else []
    shown = [t("{method}.", method=said(seen.method))]
    if seen.backtest is not None:
        shown.append(said(seen.backtest.words()))
    if seen.days:
        shown.append(t("Counted in: {names}.", names=", ".join(seen.days)))
    if seen.widened and seen.lows:
        shown.append(t("Less than two years are known, so it is wider."))
    if seen.lows:
        shown.append(t("Shaded: {share} of outcomes.", share=percent(seen.level)))
    elif seen.withheld:
        shown.append(said(seen.withheld))
    return shown


def _end(view: NodeView) -> float | None:
    return view.outlook.value if view.outlook else None


def _landing(view: NodeView) -> str:
    """The second gap in words: the landing against the goal."""
    end = _end(view)
    if end is None or view.target is None:
        return ""
    apart = _apart(view, end - view.target)
    return (
        t("landing {gap} above the target", gap=apart)
        if end >= view.target
        else t("landing {gap} below the target", gap=apart)
    )


def _apart(view: NodeView, apart: float) -> str:
    """The size of a gap; between percentages in points."""
    if view.unit == "percent":
        return t("{n} points", n=number(round(abs(apart) * 100, 2)))
    return number(abs(apart), view.unit, view.currency, compact=True)


def _gap(view: NodeView) -> str:
    if view.actual is None or view.expected is None:
        return ""
    apart = view.actual - view.expected
    shown = _apart(view, apart)
    if apart >= 0:
        return t("{gap} above the path", gap=shown)
    return t("{gap} below the path", gap=shown)


def _short(view: NodeView, value: float | None, wanted: float | None) -> str:
    """The gap with its sign, short enough for a narrow screen; the title says it in words."""
    if value is None or wanted is None:
        return ""
    apart = value - wanted
    unit = "points" if view.unit == "percent" else view.unit
    return Quantity(apart, unit, view.currency, compact=True, signed=True).in_language(current_language())


def _is_good(view: NodeView) -> bool | None:
    return _good_side(view, view.actual, view.expected)


def _is_good_end(view: NodeView) -> bool | None:
    return _good_side(view, _end(view), view.target)


def _good_side(view: NodeView, value: float | None, wanted: float | None) -> bool | None:
    if value is None or wanted is None or view.direction == "range":
        return None
    down = view.direction == "down"
    if view.baseline is not None and view.target is not None and view.baseline != view.target:
        down = view.target < view.baseline
    return value <= wanted if down else value >= wanted


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
        "unfinished": t("not over yet"),
        "period": t("Period"),
        "description": t("{name} over time", name=name),
    }

    def make(charts: Any, palette: Any) -> Any:
        bars = []
        for when, value in zip(values.frame["period"], values.frame["value"], strict=True):
            period = period_of(when.date(), values.grain)
            unfinished = values.data_through is not None and period.last > values.data_through
            bars.append(charts.Bar(period, value if value == value else None, unfinished))
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
