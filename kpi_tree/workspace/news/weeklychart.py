"""The pictures of a digest: the goal's path, and a line for each indicator that asks for somebody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kpi_tree.analysis import kind_of
from kpi_tree.i18n import Msg, Quantity, format_date, msg, translate
from kpi_tree.periods import Period
from kpi_tree.reports.words import unit_word
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.judged.outlook import Outlook

WIDTH = 620
CARD = "#1b212b"
"""What the page's card stands on where it is dark."""


def path_svg(view: NodeView, lang: str, *, dark: bool, letters: bool = True) -> str:
    """Actual against the path to the target, with the forecast where there is one, as SVG.

    Args:
        letters: whether the picture brings its font along.
    """
    from kpi_tree import charts

    assert view.start is not None
    assert view.end is not None
    seen, palette = view.outlook or Outlook(), palette_of(dark=dark)
    flow = kind_of(view.rollup) == "flow"
    data = charts.PaceData(
        Period(view.start, view.end),
        [point.value for point in view.points],
        [point.expected for point in view.points],
        float(view.target or 0.0),
        baseline=None if flow else view.baseline,
        through=view.data_through,
        forecast=seen.path,
        low=seen.lows,
        high=seen.highs,
    )
    chart = charts.pace_chart(
        data, _words(view, lang), lang=lang, unit=view.unit, currency=view.currency, palette=palette,
        flow=flow, height=240,
    )  # fmt: skip
    return charts.chart_svg(chart, lang=lang, palette=palette, width=WIDTH, letters=letters)


def palette_of(*, dark: bool) -> Any:
    """The colours of a chart that stands on the page's card."""
    from kpi_tree import charts

    palette = charts.palette_for(dark)
    return replace(palette, ground=CARD) if dark else palette


def _words(view: NodeView, lang: str) -> Any:
    from kpi_tree import charts

    def said(message: Msg) -> str:
        return translate(message, lang)

    seen = view.outlook
    day = format_date(view.data_through, lang) if view.data_through else ""
    return charts.PaceWords(
        title=finding(view, lang),
        y=f"{view.named(lang)} ({unit_word(view.unit, view.currency, lang)})",
        actual=said(msg("Actual")),
        path=said(msg("Path to the target")),
        target=said(msg("Target")),
        forecast=said(msg("Forecast")),
        baseline=said(msg("Baseline")),
        interval=said(msg("{n}% interval", n=round(seen.level * 100))) if seen else "",
        today=said(msg("Data through {day}", day=day)),
        description=finding(view, lang),
    )


def finding(view: NodeView, lang: str) -> str:
    """What the chart shows, in words."""
    if view.actual is None or view.expected is None:
        return translate(msg("{name} against its path", name=view.named(lang)), lang)
    apart = Quantity(view.actual, view.unit, view.currency, compact=True).difference(view.expected)
    size = Quantity(abs(apart.value or 0.0), apart.unit, apart.currency, compact=True)
    if (apart.value or 0.0) >= 0:
        return translate(msg("{name}: {gap} above the path", name=view.named(lang), gap=size), lang)
    return translate(msg("{name}: {gap} below the path", name=view.named(lang), gap=size), lang)


def line_svg(view: NodeView, *, dark: bool) -> str:
    """An indicator's way so far beside its path, as SVG of a word's size."""
    import vl_convert

    from kpi_tree import charts

    chart = charts.sparkline(
        [point.value for point in view.points],
        [point.expected for point in view.points],
        palette=charts.palette_for(dark),
    )
    return str(vl_convert.vegalite_to_svg(chart.to_dict(validate=False), allowed_base_urls=[]))
