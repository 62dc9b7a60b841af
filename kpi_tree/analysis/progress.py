"""How far: attainment, pace and the verdict on one KPI, with its rule and its reason in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kpi_tree.analysis import reasons
from kpi_tree.analysis.verdict import WEAKEST_FIRST, Aim, Evidence, Rules, Status, Verdict
from kpi_tree.errors import Refused
from kpi_tree.i18n import InLanguage, msg

EDGE = 1e-9
"""Slack of comparisons, so that 0.95 reached by division counts as 0.95."""


def same(a: float, b: float) -> bool:
    """Whether two amounts are the same number for a person."""
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-15)


def attainment(actual: float, baseline: float, target: float) -> float:
    """Share of the way from baseline to target that is done, for either direction.

    Raises:
        Refused: baseline and target are the same, so that there is no way to go.

    >>> attainment(105, 100, 110), attainment(0.04, 0.05, 0.03)
    (0.5, 0.5)
    """
    if same(baseline, target):
        raise Refused(
            msg("The target is the same as its baseline, so there is no way to go from one to the other."),
            place="target",
            remedy=msg("Change the target, or compare with another baseline."),
        )
    return (actual - baseline) / (target - baseline)


def assess(aim: Aim, evidence: Evidence, *, today: date, rules: Rules | None = None) -> Verdict:
    """The verdict on one KPI with a target.

    The order of questions: has the period begun, is there data, does the target differ from its
    baseline, is the period over, is the data fresh, is it early, and only then how the pace is.

    >>> from kpi_tree.periods import parse_period
    >>> aim = Aim(parse_period("2026-Q1"), 900.0, 800.0, unit="count")
    >>> seen = Evidence(actual=400.0, through=date(2026, 2, 14), expected=450.0)
    >>> verdict = assess(aim, seen, today=date(2026, 2, 15))
    >>> verdict.status, round(verdict.pace, 3)
    ('at_risk', 0.889)
    >>> str(verdict.reason)
    '400 by 14 Feb 2026, where the path to 900 expects 450: 50 behind (89% of the path).'
    """
    rules = rules or Rules()
    verdict = _measured(aim, evidence, today, rules)
    before = _before_any_pace(aim, evidence, verdict, today, rules)
    if before is not None:
        return before
    if verdict.score is None:
        return replace(verdict, status="too_early", reason=reasons.nothing_due(aim, evidence))
    status = band(verdict.score, rules, aim.direction)
    return replace(verdict, status=status, reason=reasons.paced(aim, evidence, verdict))


def _measured(aim: Aim, evidence: Evidence, today: date, rules: Rules) -> Verdict:
    """The numbers of the verdict, before any judgement."""
    actual = _number(evidence.actual)
    through = min(evidence.through, aim.period.last) if evidence.through else None
    blank = Verdict(
        None,
        msg("No verdict."),
        reasons.rule(aim, rules),
        actual=actual,
        expected=_number(evidence.expected),
        target=aim.target,
        baseline=aim.baseline,
        share_elapsed=aim.period.share_elapsed(through) if through else None,
        data_through=evidence.through,
        stale=is_stale(aim, evidence.through, today, rules),
        guards=evidence.guards,
    )
    if actual is None:
        return blank
    has_way = aim.baseline is not None and not same(aim.baseline, aim.target)
    done = attainment(actual, aim.baseline or 0.0, aim.target) if has_way else None
    progress = (actual / aim.target if aim.target else None) if aim.kind == "flow" else done
    pace, score = pace_of(aim, actual, blank.expected)
    return replace(blank, attainment=done, progress=progress, pace=pace, score=score)


def is_stale(aim: Aim, through: date | None, today: date, rules: Rules) -> bool:
    """Whether data is older than allowed, seen from today or, once the period is over, from its end."""
    if through is None or today < aim.period.start:
        return False
    if today >= aim.period.end:
        return through < aim.period.last
    return (today - through).days > rules.stale_after


def _before_any_pace(
    aim: Aim, evidence: Evidence, verdict: Verdict, today: date, rules: Rules
) -> Verdict | None:
    """The verdicts that need no pace; None where the pace decides."""
    if today < aim.period.start:
        return replace(verdict, status="too_early", reason=reasons.not_begun(aim))
    if verdict.actual is None or evidence.through is None or evidence.through < aim.period.start:
        # Where the data go up to the days before, nothing is missing: the period has only just begun.
        ended = evidence.through is not None and evidence.through < aim.period.start
        waits = ended and verdict.actual is None and not verdict.stale and today < aim.period.end
        status: Status = "too_early" if waits else "no_data"
        return replace(verdict, status=status, reason=reasons.no_data(aim, evidence))
    if aim.direction != "range" and aim.baseline is not None and same(aim.baseline, aim.target):
        return replace(verdict, status="no_data", reason=reasons.no_way(aim))
    if evidence.through >= aim.period.last and today >= aim.period.end:
        return _final(aim, evidence, verdict)
    if verdict.stale:
        return replace(verdict, status="stale", reason=reasons.stale(aim, evidence, today))
    # A sum below zero begins above its target: only one that has to climb is there before its time.
    if aim.kind == "flow" and aim.direction == "up" and aim.target > 0 and _reached(aim, verdict.actual):
        return _final(aim, evidence, verdict)
    if (verdict.share_elapsed or 0) < rules.early - EDGE:
        return replace(verdict, status="too_early", reason=reasons.early(aim, evidence, rules))
    if evidence.count is not None and evidence.count < rules.min_count:
        return replace(verdict, status="too_early", reason=reasons.too_few(evidence, rules))
    return None


def _final(aim: Aim, evidence: Evidence, verdict: Verdict) -> Verdict:
    assert verdict.actual is not None
    broken = [guard for guard in evidence.guards if guard.broken]
    if not _reached(aim, verdict.actual):
        return replace(verdict, status="missed", reason=reasons.missed(aim, verdict.actual))
    if broken:
        return replace(
            verdict, status="achieved_at_cost", reason=reasons.at_cost(aim, verdict.actual, broken)
        )
    return replace(verdict, status="achieved", reason=reasons.achieved(aim, verdict.actual, evidence))


def _reached(aim: Aim, actual: float) -> bool:
    slack = abs(aim.target) * EDGE
    if aim.direction == "range":
        low, high = aim.bounds()
        return low - slack <= actual <= high + slack
    return actual <= aim.target + slack if aim.direction == "down" else actual >= aim.target - slack


def pace_of(aim: Aim, actual: float, expected: float | None) -> tuple[float | None, float | None]:
    """Pace as it is shown, and the same seen from the good side (above 1 is better)."""
    if aim.direction == "range":
        return _range_pace(aim, actual, expected)
    if expected is None:
        return None, None
    sign = -1.0 if aim.direction == "down" else 1.0
    way = None if aim.baseline is None else aim.target - aim.baseline
    if aim.kind != "flow" and way and aim.baseline is not None and way * sign > 0:
        due = (expected - aim.baseline) / way
        done = (actual - aim.baseline) / way
        if abs(due) < 0.01:
            # Hardly anything is due yet: a quotient would be noise, so the gap to the path counts instead.
            return None, 1.0 + done - due
        return done / due, done / due
    if same(expected, 0.0):
        return None, None if same(actual, 0.0) else 1.0 + sign * math.copysign(1.0, actual)
    pace = 1.0 + (actual - expected) / abs(expected)
    return pace, 1.0 + sign * (pace - 1.0)


def _range_pace(aim: Aim, actual: float, expected: float | None) -> tuple[float | None, float | None]:
    """Within the bounds 1; outside it falls by the distance as a share of the range's width."""
    low, high = aim.bounds()
    if aim.kind == "flow":
        if expected is None or not aim.target:
            return None, None
        low, high = low * expected / aim.target, high * expected / aim.target
    width = high - low or abs(high) or 1.0
    outside = max(low - actual, actual - high, 0.0)
    return 1.0 - outside / width, 1.0 - outside / width


def band(score: float, rules: Rules, direction: str) -> Status:
    """The status of a pace seen from the good side.

    >>> [band(s, Rules(), "up") for s in (1.06, 1.05, 0.95, 0.94, 0.85, 0.84)]
    ['ahead', 'on_track', 'on_track', 'at_risk', 'at_risk', 'off_track']
    """
    if score > rules.ahead + EDGE and direction != "range":
        return "ahead"
    if score >= rules.on_track - EDGE:
        return "on_track"
    return "at_risk" if score >= rules.at_risk - EDGE else "off_track"


def from_children(children: Sequence[tuple[str, str | InLanguage, Verdict]]) -> Verdict:
    """The verdict of a parent without a target of its own: its weakest child's, and why.

    Args:
        children: (id, name, verdict) of each child; those without a status are left out. Averages would
            hide a red child.

    >>> red = Verdict("off_track", msg("Far behind."), msg("The rule."))
    >>> fine = Verdict("ahead", msg("Well on."), msg("The rule."))
    >>> verdict = from_children([("a", "Orders", fine), ("b", "Returns", red)])
    >>> verdict.status, str(verdict.reason)
    ('off_track', 'Returns is the weakest of 2 below: off track. Far behind.')
    """
    judged = [child for child in children if child[2].status is not None]
    if not judged:
        return Verdict(None, reasons.no_target(), reasons.children_rule())
    weakest = min(
        judged, key=lambda child: (WEAKEST_FIRST.index(child[2].status or ""), child[2].score or 0.0)
    )
    node, name, verdict = weakest
    return Verdict(
        verdict.status,
        reasons.weakest(name, len(judged), verdict),
        reasons.children_rule(),
        stale=verdict.stale,
        data_through=verdict.data_through,
        weakest=node,
    )


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
