"""A meeting's parts about causes: why the goal moved against a year ago, and against its path."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from kpi_tree.errors import NotFound, Refused
from kpi_tree.exchange.minutes import Cell, Part, Table
from kpi_tree.i18n import Quantity, format_percent, msg
from kpi_tree.periods import Period, grain_of
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.causes.explained import Explained
from kpi_tree.workspace.causes.explaining import explain_change
from kpi_tree.workspace.causes.whychart import MOST, driver_name, rest_words, signed, waterfall
from kpi_tree.workspace.documents.meetinglook import Looked


def causes(looked: Looked) -> list[Part]:
    """Why the goal moved against a year ago, and against its path: paragraph, waterfall, drivers."""
    goal, said = looked.goal, looked.said
    beside = said(msg("Why it moved: beside last year"))
    if goal is None or goal.start is None or goal.end is None or goal.actual is None:
        empty = said(msg("The goal has no value to explain."))
        return [Part("why", beside, empty=empty)]
    span = Period(goal.start, goal.end, None, calendar_of(current_settings(looked.home)))
    span = replace(span, grain=grain_of(span))
    parts = [_cause(looked, "last_year", beside, span, span.same_last_year())]
    if goal.target is not None and goal.formula:
        parts.append(_cause(looked, "path", said(msg("Why it moved: beside its path")), span, None))
    return parts


def _cause(looked: Looked, key: str, title: str, after: Period, before: Period | None) -> Part:
    assert looked.goal is not None
    try:
        found = explain_change(
            looked.home, looked.who, looked.goal.id, after=after, before=before, at=looked.at,
            plan_id=looked.plan.id, same_days=True, lens=looked.lens,
        )  # fmt: skip
    except (Refused, NotFound) as refusal:
        return Part("why", title, empty=looked.said(refusal.message))
    words = [" ".join(looked.said(one) for one in found.words())]
    if not found.parts:
        return Part("why", title, words)
    return Part(
        "why",
        title,
        words,
        picture=looked.draws(f"why_{key}", partial(_waterfall, found, looked.lang)),
        alt=words[0],
        table=_drivers(looked, found),
        note=" ".join(looked.said(one) for one in found.notes),
    )


def _waterfall(found: Explained, lang: str, *, dark: bool) -> str:
    from kpi_tree import charts
    from kpi_tree.workspace.news.weeklychart import palette_of

    palette = palette_of(dark=dark)
    return charts.chart_svg(
        waterfall(found, lang, palette), lang=lang, palette=palette, width=640, letters=False
    )


def _drivers(looked: Looked, found: Explained) -> Table:
    def amount(value: float | None, unit: str | None) -> Cell:
        shown = Quantity(value, unit, found.currency).in_language(looked.lang) if value is not None else ""
        return Cell(shown, value, number=True)

    def share(value: float | None) -> Cell:
        shown = format_percent(value, looked.lang, decimals=0) if value is not None else ""
        return Cell(shown, value, number=True)

    rows = [
        [
            Cell(driver_name(part, looked.lang), below=part.owner),
            Cell(signed(found, part.value, looked.lang) if part.value is not None else "", part.value, True),
            share(part.share), amount(part.before, part.unit), amount(part.after, part.unit),
        ]
        for part in found.drivers[:MOST]
    ]  # fmt: skip
    rest = found.unexplained
    if rest:
        gap = signed(found, rest, looked.lang)
        rows.append(
            [Cell(rest_words(found, looked.lang)), Cell(gap, rest, True), *[Cell("", number=True)] * 3]
        )
    path = found.before.kind == "path"
    head = [msg("Driver"), msg("Contribution"), msg("Share"),
            msg("Expected by now") if path else msg("Before"), msg("Now")]  # fmt: skip
    return Table([looked.said(one) for one in head], rows)
