"""What a progress chart says: its finding, its two gaps, how its forecast was made, all of it in words."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from kpi_tree.i18n import Quantity, apart
from kpi_tree.periods import Grain, Period
from kpi_tree.ui.pieces.chartlayers import Sign, lane_names
from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, number, percent, said, t
from kpi_tree.ui.shell.words import period_words, unit_words
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.base.holiday import day_words
from kpi_tree.workspace.judged.goallines import KIND_WORDS
from kpi_tree.workspace.judged.outlook import Outlook
from kpi_tree.workspace.judged.progressing import step_grain

LINE = 46
"""Letters that a subtitle's line holds on a narrow screen; full-width ones take two places."""
MOST_SIGNS = 8
"""Signs that the chart's words name."""


def kept(
    session: Session, view: NodeView, signs: Sequence[Sign] = (), *, form: str = "so_far"
) -> dict[str, Any]:
    """The same as :func:`words`, once for a revision; not to be changed."""
    against = (view.target_id, view.target, view.start, view.end)
    found: dict[str, Any] = cache.kept(
        session, "pace_words", current_language(), view.id, against, tuple(signs), form,
        make=lambda: words(view, signs, form=form),
    )  # fmt: skip
    return found


def words(view: NodeView, signs: Sequence[Sign] = (), *, form: str = "so_far") -> dict[str, Any]:
    """All texts of a node's progress chart, by the fields of :class:`kpi_tree.charts.PaceWords`."""
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
        "description": " ".join([f"{title}.", *_in_words(view, signs, form)]),
        "y": f"{_counted(view, form)} ({unit_words(view.unit, view.currency)})",
        "actual": t("Actual"),
        "path": t("Path to the target"),
        "target": said(KIND_WORDS[view.target_kind]) if view.target_kind != "goal" else t("Target"),
        "baseline": t("Baseline") if form != "steps" else "",
        "today": t("Data through {day}", day=day(view.data_through)),
        "gap_now": _short(view, view.actual, view.expected),
        "gap_end": _short(view, _end(view), view.target),
        "forecast": t("Forecast"),
        "interval": t("{share} interval", share=percent(view.outlook.level)) if view.outlook else "",
        "last_year": t("Last year"),
        "expected": t("Expected by now"),
        "unfinished": t("not over yet"),
        "so_far": t("The period so far"),
        "period": t("Period"),
        "scope": t("Target"),
        "needed": _needed(view) if form == "burn_up" else "",
        "lanes": lane_names(),
    }


def _counted(view: NodeView, form: str) -> str:
    """What the axis counts: the name, and the step where it goes by steps."""
    if form != "steps" or view.start is None or view.end is None:
        return view.name
    step = {Grain.DAY: t("day"), Grain.WEEK: t("week")}.get(
        step_grain(Period(view.start, view.end)), t("month")
    )
    return t("{name} by {step}", name=view.name, step=step)


def _needed(view: NodeView) -> str:
    left = view.needed
    if left is None or left.per_day < 0:
        return ""
    rate = number(left.per_day, view.unit, view.currency, compact=True)
    return t("{rate} a day from now", rate=rate)


def _in_words(view: NodeView, signs: Sequence[Sign], form: str) -> list[str]:
    """The chart for those who do not see it: how it stands, where it lands, what lies upon it."""
    found = [said(view.reason)]
    seen = view.outlook
    if seen is not None and seen.value is not None:
        value = number(seen.value, view.unit, view.currency, compact=True)
        found.append(t("The forecast lands at {value}.", value=value))
        if seen.low is not None and seen.high is not None:
            low, high = (number(end, view.unit, view.currency, compact=True) for end in (seen.low, seen.high))
            share = percent(seen.level)
            found.append(
                t("{share} of outcomes lie between {low} and {high}.", share=share, low=low, high=high)
            )
    if form == "burn_up" and (needed := _needed(view)):
        found.append(t("To the target: {needed}.", needed=needed))
    if signs:
        names = ", ".join(f"{one.name} ({day(one.first)})" for one in signs[:MOST_SIGNS])
        found.append(t("Marked: {names}.", names=names + (" …" if len(signs) > MOST_SIGNS else "")))
    return found


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
        shown.append(t("Counted in: {names}.", names=", ".join(day_words(seen.days, current_language()))))
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
    gap = _apart(view, end - view.target)
    return (
        t("landing {gap} above the target", gap=gap)
        if end >= view.target
        else t("landing {gap} below the target", gap=gap)
    )


def _apart(view: NodeView, gap: float) -> str:
    """The size of a gap; between percentages in points."""
    if view.unit == "percent":
        return t("{n} points", n=number(round(abs(gap) * 100, 2)))
    return number(abs(gap), view.unit, view.currency, compact=True)


def _gap(view: NodeView) -> str:
    if view.actual is None or view.expected is None:
        return ""
    gap = view.actual - view.expected
    shown = _apart(view, gap)
    if gap >= 0:
        return t("{gap} above the path", gap=shown)
    return t("{gap} below the path", gap=shown)


def _short(view: NodeView, value: float | None, wanted: float | None) -> str:
    """The gap with its sign, short enough for a narrow screen; the title says it in words."""
    if value is None or wanted is None:
        return ""
    gap = Quantity(value - wanted, apart(view.unit), view.currency, compact=True, signed=True)
    return gap.in_language(current_language())


def is_good(view: NodeView) -> bool | None:
    """Whether the gap now is on the good side; None where nobody can say."""
    return _good_side(view, view.actual, view.expected)


def is_good_end(view: NodeView) -> bool | None:
    """Whether the landing is on the good side of the target."""
    return _good_side(view, _end(view), view.target)


def _good_side(view: NodeView, value: float | None, wanted: float | None) -> bool | None:
    if value is None or wanted is None or view.direction == "range":
        return None
    down = view.direction == "down"
    if view.baseline is not None and view.target is not None and view.baseline != view.target:
        down = view.target < view.baseline
    return value <= wanted if down else value >= wanted
