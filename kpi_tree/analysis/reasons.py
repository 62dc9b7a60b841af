"""Verdicts in words: every rule and reason is a message with its numbers, translated late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi_tree.analysis.verdict import IN_A_SENTENCE, Aim, Evidence, Guard, Rules, Verdict
from kpi_tree.i18n import InLanguage, Msg, format_percent, msg, nmsg

SANE = 3.0
"""Pace above which its size says nothing to a person; so does any below zero."""


def readable(pace: float | None) -> float | None:
    """A pace that means something as a percentage; None where words must say it.

    >>> readable(0.9), readable(-20.11), readable(40.0)
    (0.9, None, None)
    """
    return pace if pace is not None and 0 <= pace <= SANE else None


@dataclass(frozen=True, slots=True)
class Share:
    """A share written as a whole percentage: "89%"."""

    value: float

    def in_language(self, lang: str) -> str:
        """The percentage in the language's format."""
        return format_percent(self.value, lang, decimals=0)


def rule(aim: Aim, rules: Rules) -> Msg:
    """The rule next to the badge."""
    early = msg("No verdict in the first {early} of the period.", early=Share(rules.early))
    shares = {
        "ahead": Share(rules.ahead),
        "on_track": Share(rules.on_track),
        "at_risk": Share(rules.at_risk),
        "early": early,
    }
    if aim.direction == "range":
        low, high = aim.bounds()
        return msg(
            "On track between {low} and {high}; at risk and off track by the distance outside. {early}",
            low=aim.quantity(low),
            high=aim.quantity(high),
            early=early,
        )
    if aim.kind != "flow" and aim.baseline is not None:
        return msg(
            "Progress from the baseline against the progress due by now: ahead above {ahead}, on track from "
            "{on_track}, at risk from {at_risk}, off track below. {early}",
            **shares,
        )
    if aim.direction == "down":
        return msg(
            "Lower is better: ahead when more than {under} below the path, on track up to {over} above it, "
            "at risk up to {far} above, off track beyond. {early}",
            under=Share(rules.ahead - 1),
            over=Share(1 - rules.on_track),
            far=Share(1 - rules.at_risk),
            early=early,
        )
    return msg(
        "Value so far against the path: ahead above {ahead}, on track from {on_track}, at risk from "
        "{at_risk}, off track below. {early}",
        **shares,
    )


def paced(aim: Aim, evidence: Evidence, verdict: Verdict) -> Msg:
    """Where it stands against the path, with what its guardrails do."""
    assert verdict.actual is not None
    main = (
        _range_reason(aim, evidence, verdict)
        if aim.direction == "range"
        else _against(aim, evidence, verdict)
    )
    broken = [guard for guard in evidence.guards if guard.broken]
    if not broken:
        return main
    return msg("{reason} {guardrail}", reason=main, guardrail=broken[0].reason)


def _against(aim: Aim, evidence: Evidence, verdict: Verdict) -> Msg:
    assert verdict.actual is not None
    assert verdict.expected is not None
    above = verdict.actual > verdict.expected
    pair = (verdict.actual, verdict.expected)
    compared = msg(
        "{actual} by {day}, where the path to {target} expects {expected}",
        actual=aim.quantity(verdict.actual, verdict.expected),
        day=evidence.through,
        target=aim.quantity(aim.target),
        expected=aim.quantity(verdict.expected, verdict.actual),
    )
    if verdict.pace is None or verdict.actual == verdict.expected:
        return msg("{compared}.", compared=compared)
    parts = {
        "compared": compared,
        "gap": aim.quantity(max(pair)).difference(min(pair)),
        "pace": Share(verdict.pace),
    }
    if aim.kind != "flow" and verdict.attainment is not None:
        if verdict.attainment < 0:
            was = aim.quantity(aim.baseline)
            return msg(
                "{compared}. It has moved away from the target since the baseline of {was}.",
                compared=compared,
                was=was,
            )
        if verdict.pace > SANE:
            # A short way makes a quotient of any size, which would say nothing.
            return msg("{compared}. That is far past what is due by now.", compared=compared)
        if above:
            return msg("{compared}: {gap} higher, {pace} of the progress due by now.", **parts)
        return msg("{compared}: {gap} lower, {pace} of the progress due by now.", **parts)
    if aim.direction == "down":
        if above:
            return msg("{compared}: {gap} too much ({pace} of the path).", **parts)
        return msg("{compared}: {gap} less ({pace} of the path).", **parts)
    if above:
        return msg("{compared}: {gap} more ({pace} of the path).", **parts)
    return msg("{compared}: {gap} behind ({pace} of the path).", **parts)


def _range_reason(aim: Aim, evidence: Evidence, verdict: Verdict) -> Msg:
    low, high = aim.bounds()
    if aim.kind == "flow" and verdict.expected is not None and aim.target:
        low, high = low * verdict.expected / aim.target, high * verdict.expected / aim.target
    parts = {
        "actual": aim.quantity(verdict.actual),
        "day": evidence.through,
        "low": aim.quantity(low),
        "high": aim.quantity(high),
    }
    actual = verdict.actual or 0.0
    if actual < low:
        return msg("{actual} by {day} is below the range from {low} to {high}.", **parts)
    if actual > high:
        return msg("{actual} by {day} is above the range from {low} to {high}.", **parts)
    return msg("{actual} by {day} is within the range from {low} to {high}.", **parts)


def not_begun(aim: Aim) -> Msg:
    """The period lies ahead."""
    return msg("The period starts on {day}; there is nothing to judge yet.", day=aim.period.start)


def no_data(aim: Aim, evidence: Evidence) -> Msg:
    """Nothing was seen in the period."""
    if evidence.actual is not None and evidence.through is None:
        actual = aim.quantity(evidence.actual)
        return msg("{actual} rests on assumptions only. Load data for a verdict.", actual=actual)
    if evidence.through is not None and evidence.through < aim.period.start:
        return msg(
            "The data ends on {day}, before the period starts on {start}.",
            day=evidence.through,
            start=aim.period.start,
        )
    return msg("There is no value for {period} so far. Load data for it on the data page.", period=aim.period)


def no_way(aim: Aim) -> Msg:
    """Baseline = target, said in words."""
    return msg(
        "The target {target} is the same as its baseline, so there is no way to go. Change the target, "
        "or compare with another baseline.",
        target=aim.quantity(aim.target),
    )


def stale(aim: Aim, evidence: Evidence, today: date) -> Msg:
    """Data lies too far back."""
    assert evidence.through is not None
    if today >= aim.period.end:
        return msg(
            "The period ended on {last}, but the data ends on {day}. Load the rest for a verdict.",
            last=aim.period.last,
            day=evidence.through,
        )
    days = (today - evidence.through).days
    return nmsg(
        "The data ends on {day}, {n} day ago. Load newer data for a verdict.",
        "The data ends on {day}, {n} days ago. Load newer data for a verdict.",
        days,
        day=evidence.through,
    )


def early(aim: Aim, evidence: Evidence, rules: Rules) -> Msg:
    """The first part of the period."""
    assert evidence.through is not None
    return nmsg(
        "{n} day of {all} has data; a verdict waits for the first {early} of the period.",
        "{n} days of {all} have data; a verdict waits for the first {early} of the period.",
        aim.period.elapsed(evidence.through),
        all=aim.period.days,
        early=Share(rules.early),
    )


def too_few(evidence: Evidence, rules: Rules) -> Msg:
    """Too few records."""
    return msg(
        "Only {count} records so far; a verdict waits for {least}.",
        count=evidence.count or 0,
        least=rules.min_count,
    )


def nothing_due(aim: Aim, evidence: Evidence) -> Msg:
    """The path expects nothing yet, so there is nothing to be measured against."""
    return msg(
        "Nothing is expected by {day} on the path to {target}, so there is no pace yet.",
        day=evidence.through,
        target=aim.quantity(aim.target),
    )


def _beside(aim: Aim, actual: float) -> dict[str, Any]:
    """Actual and target of a period that is over, with digits enough to differ."""
    return {
        "actual": aim.quantity(actual, aim.target),
        "period": aim.period,
        "target": aim.quantity(aim.target, actual),
    }


def achieved(aim: Aim, actual: float, evidence: Evidence) -> Msg:
    """The target is reached, at the end or before it."""
    parts = _beside(aim, actual)
    if aim.direction == "range":
        return msg("{actual} in {period}, within the range asked for.", **parts)
    if evidence.through is not None and evidence.through < aim.period.last:
        return msg(
            "{actual} by {day}: the target of {target} for {period} is reached already.",
            day=evidence.through,
            **parts,
        )
    return msg("{actual} in {period}; the target was {target}.", **parts)


def missed(aim: Aim, actual: float) -> Msg:
    """The period is over and the target was not reached."""
    parts = _beside(aim, actual)
    if aim.direction == "range":
        low, high = aim.bounds()
        return msg(
            "{actual} in {period}, outside the range from {low} to {high}.",
            low=aim.quantity(low),
            high=aim.quantity(high),
            **parts,
        )
    gap = aim.quantity(max(actual, aim.target)).difference(min(actual, aim.target))
    if aim.direction == "down":
        return msg("{actual} in {period}; the target was {target} or less: {gap} too much.", gap=gap, **parts)
    return msg("{actual} in {period}; the target was {target}: {gap} short.", gap=gap, **parts)


def at_cost(aim: Aim, actual: float, broken: Sequence[Guard]) -> Msg:
    """The target is reached and a guardrail broke."""
    return msg(
        "{actual} in {period} reaches the target of {target}, but at a cost. {guardrail}",
        **_beside(aim, actual),
        guardrail=broken[0].reason,
    )


def no_target() -> Msg:
    """Neither here nor below."""
    return msg("No target is set here or below.")


def children_rule() -> Msg:
    """The rule for a parent without a target."""
    return msg(
        "No target of its own: it takes the status of its weakest child, because an average would hide it."
    )


def weakest(name: str | InLanguage, count: int, verdict: Verdict) -> Msg:
    """Which child decides, and why that one stands where it does."""
    return nmsg(
        "{name}, the only one below with a target, is {status}. {reason}",
        "{name} is the weakest of {n} below: {status}. {reason}",
        count,
        name=name,
        status=IN_A_SENTENCE[verdict.status or "no_data"],
        reason=verdict.reason,
    )
