"""The lines beside a goal: a floor, a stretch, a guardrail; each is met or not, by the same path and day."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from kpi_tree.analysis.progress import EDGE
from kpi_tree.analysis.reasons import Share
from kpi_tree.analysis.turning import PACED
from kpi_tree.analysis.verdict import Aim, Rules, Verdict
from kpi_tree.i18n import Msg, msg

LineState = Literal["met", "not_met", "so_far_met", "so_far_not_met", "open"]

STATE_WORDS = {
    "met": msg("met"),
    "not_met": msg("not met"),
    "so_far_met": msg("met so far"),
    "so_far_not_met": msg("not met so far"),
    "open": msg("still open"),
}


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """Whether a line is met. ``words``: the state and the two numbers compared, as a sentence."""

    state: LineState
    words: Msg

    @property
    def met(self) -> bool | None:
        """Met, now or in the end; None while nothing can be said."""
        return None if self.state == "open" else self.state in ("met", "so_far_met")


def judge_line(
    aim: Aim, actual: float | None, through: date | None, expected: float | None, *, today: date
) -> LineVerdict:
    """How a line stands on a day.

    Args:
        aim: the line: period, value or range, direction, rollup.
        actual: the KPI's value from the period's start through ``through``.
        expected: what the line's own path expects by then; levels are compared with the line itself.

    A sum counts against its path until its period is over; a rate or a stock against the line. A sum that
    has passed a line to be reached has met it for good, one over a line to stay under has not.

    >>> from kpi_tree.periods import parse_period
    >>> aim = Aim(parse_period("2026-06"), 300.0, unit="count")
    >>> str(judge_line(aim, 160.0, date(2026, 6, 15), 150.0, today=date(2026, 6, 16)).words)
    'met so far: 160 by 15 Jun 2026, where 150 is due'
    """
    if actual is None or through is None or not math.isfinite(actual) or through < aim.period.start:
        return LineVerdict("open", STATE_WORDS["open"])
    over = today >= aim.period.end and through >= aim.period.last
    low, high = _ends(aim, expected if aim.kind == "flow" and not over else None)
    inside = low - _slack(low) <= actual <= high + _slack(high)
    state: LineState = ("met" if inside else "not_met") if over else _so_far(aim, actual, inside)
    return LineVerdict(state, _words(aim, state, actual, through, low, high))


def of_limit(verdict: Verdict, kind: str, aim: Aim, rules: Rules) -> Verdict:
    """A verdict on a floor or guardrail where no goal is set: its reason says that the limit alone decides.

    Args:
        verdict: by :meth:`kpi_tree.analysis.Rules.for_limit`, as ``rules``. kind: ``floor guardrail``.
    """
    if aim.direction != "range":
        verdict = replace(verdict, rule=_limit_rule(aim, rules))
    words = {"reason": _of_level(verdict, aim)}
    if verdict.status in ("at_risk", "off_track", "missed"):
        reason = (
            msg("No goal is set, and the floor is broken: {reason}", **words)
            if kind == "floor"
            else msg("No goal is set, and the guardrail is broken: {reason}", **words)
        )
    elif verdict.status in ("on_track", "achieved", "achieved_at_cost"):
        reason = (
            msg("No goal is set; the floor holds: {reason}", **words)
            if kind == "floor"
            else msg("No goal is set; the guardrail holds: {reason}", **words)
        )
    else:
        return verdict
    return replace(verdict, reason=reason)


def _of_level(verdict: Verdict, aim: Aim) -> Msg:
    """The reason; of a rate or level held against the limit itself, without the words about a path."""
    if aim.kind == "flow" or aim.direction == "range" or verdict.status not in PACED:
        return verdict.reason
    parts = {
        "actual": aim.quantity(verdict.actual, aim.target),
        "line": aim.quantity(aim.target, verdict.actual),
        "day": verdict.data_through,
    }
    if aim.direction == "down":
        return msg("{actual} by {day}, where at most {line} is allowed.", **parts)
    return msg("{actual} by {day}, where {line} is due.", **parts)


def _limit_rule(aim: Aim, rules: Rules) -> Msg:
    parts = {
        "far": Share(1 - rules.at_risk),
        "early": msg("No verdict in the first {early} of the period.", early=Share(rules.early)),
    }
    if aim.direction == "down":
        return msg(
            "A limit: on track while it holds, at risk up to {far} above it, off track beyond. {early}",
            **parts,
        )
    return msg(
        "A limit: on track while it holds, at risk up to {far} below it, off track beyond. {early}", **parts
    )


def _ends(aim: Aim, due: float | None) -> tuple[float, float]:
    """Between what the value must lie now; ``due`` is what the path of a sum expects by today."""
    share = 1.0 if due is None or not aim.target else due / aim.target
    if aim.direction == "range":
        low, high = aim.bounds()
        return low * share, high * share
    line = aim.target if due is None else due
    return (-math.inf, line) if aim.direction == "down" else (line, math.inf)


def _so_far(aim: Aim, actual: float, inside: bool) -> LineState:
    if aim.kind == "flow" and aim.direction == "up" and actual >= aim.target > 0:
        return "met"
    if aim.kind == "flow" and aim.direction == "down" and actual > aim.target + _slack(aim.target):
        return "not_met"
    return "so_far_met" if inside else "so_far_not_met"


def _slack(end: float) -> float:
    return abs(end) * EDGE if math.isfinite(end) else 0.0


def _words(aim: Aim, state: LineState, actual: float, through: date, low: float, high: float) -> Msg:
    parts = {"state": STATE_WORDS[state], "day": through}
    if math.isfinite(low) and math.isfinite(high):
        return msg(
            "{state}: {actual} by {day}, to be kept between {low} and {high}",
            actual=aim.quantity(actual),
            low=aim.quantity(low),
            high=aim.quantity(high),
            **parts,
        )
    line = high if aim.direction == "down" else low
    if state in ("met", "not_met"):
        line = aim.target
    shown = {"actual": aim.quantity(actual, line), "line": aim.quantity(line, actual), **parts}
    if aim.direction == "down":
        return msg("{state}: {actual} by {day}, where at most {line} is allowed", **shown)
    return msg("{state}: {actual} by {day}, where {line} is due", **shown)
