"""What a verdict is made of: the aim, what was seen, the rules, and the verdict itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from kpi_tree.analysis.trajectory import Kind, kind_of
from kpi_tree.i18n import InLanguage, Msg, Quantity, msg, translate
from kpi_tree.periods import Period

Status = Literal[
    "ahead", "on_track", "at_risk", "off_track", "achieved", "missed", "too_early", "stale", "no_data",
    "achieved_at_cost",
]  # fmt: skip

STATUS_NAMES: Mapping[str, Msg] = {
    "ahead": msg("Ahead"),
    "on_track": msg("On track"),
    "at_risk": msg("At risk"),
    "off_track": msg("Off track"),
    "achieved": msg("Achieved"),
    "missed": msg("Missed"),
    "too_early": msg("Too early to say"),
    "stale": msg("Stale"),
    "no_data": msg("No data"),
    "achieved_at_cost": msg("Achieved at a cost"),
}

IN_A_SENTENCE: Mapping[str, Msg] = {
    "ahead": msg("ahead"),
    "on_track": msg("on track"),
    "at_risk": msg("at risk"),
    "off_track": msg("off track"),
    "achieved": msg("achieved"),
    "missed": msg("missed"),
    "too_early": msg("too early to say"),
    "stale": msg("stale"),
    "no_data": msg("without data"),
    "achieved_at_cost": msg("achieved at a cost"),
}

WEAKEST_FIRST: tuple[str, ...] = (
    "missed", "off_track", "at_risk", "stale", "no_data", "achieved_at_cost", "too_early", "on_track",
    "ahead", "achieved",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Aim:
    """What is wanted of one KPI.

    Args:
        period: when.
        target: the value for the whole period.
        baseline: the value it is measured from; None where there is none.
        rollup, unit, direction: as in the catalogue (``direction``: ``up``, ``down`` or ``range``).
        currency: for money.
        low, high: the bounds of ``range``; without them 5 % either side of the target.
    """

    period: Period
    target: float
    baseline: float | None = None
    rollup: str | None = "sum"
    unit: str | None = None
    direction: str = "up"
    currency: str | None = None
    low: float | None = None
    high: float | None = None

    @property
    def kind(self) -> Kind:
        """Flow, rate or stock."""
        return kind_of(self.rollup)

    def quantity(self, value: float | None, beside: float | None = None) -> Quantity:
        """A value of this KPI for a message, told apart from the one it stands beside."""
        return Quantity(value, self.unit, self.currency, beside=beside)

    def bounds(self) -> tuple[float, float]:
        """The range that is good, for direction ``range``."""
        slack = abs(self.target) * 0.05
        low = self.target - slack if self.low is None else self.low
        high = self.target + slack if self.high is None else self.high
        return min(low, high), max(low, high)


@dataclass(frozen=True, slots=True)
class Guard:
    """A guardrail as it stands: the KPI that must not get worse.

    >>> guard("Margin", actual=0.30, baseline=0.35, direction="up", unit="percent").broken
    True
    """

    name: str | InLanguage
    broken: bool
    reason: Msg


def guard(
    name: str | InLanguage,
    *,
    actual: float | None,
    baseline: float | None,
    direction: str = "up",
    unit: str | None = None,
    currency: str | None = None,
    tolerance: float = 0.02,
) -> Guard:
    """Whether a guardrail KPI got worse than its baseline by more than ``tolerance`` (a share of it)."""
    if actual is None or baseline is None:
        return Guard(name, False, msg("{name} has no value to compare.", name=name))
    worse = (baseline - actual) if direction == "up" else (actual - baseline)
    broken = worse > abs(baseline) * tolerance
    was = Quantity(baseline, unit, currency, beside=actual)
    now = Quantity(actual, unit, currency, beside=baseline)
    if broken:
        return Guard(
            name, True, msg("{name} got worse: {was} before, {now} now.", name=name, was=was, now=now)
        )
    return Guard(name, False, msg("{name} held: {was} before, {now} now.", name=name, was=was, now=now))


def limit_guard(name: str | InLanguage, met: bool | None, words: Msg) -> Guard:
    """A guardrail with a limit of its own: broken where its line is not met, whatever the period before was.

    >>> limit_guard("Margin", False, msg("not met: 28% where 30% is due")).broken
    True
    """
    return Guard(name, met is False, msg("{name} is {standing}.", name=name, standing=words))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of the KPI.

    Args:
        actual: its value from the period's start to ``through`` (a stock: on ``through``).
        through: the last whole day with data; None without any.
        expected: the path's value on ``through``.
        count: how many records stand behind ``actual``, where a minimum is asked.
        guards: the guardrails of this KPI.
    """

    actual: float | None
    through: date | None
    expected: float | None = None
    count: float | None = None
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """From where on a pace counts as what; editable for each KPI.

    Args:
        ahead, on_track, at_risk: pace above (ahead) or from which (the others) the status holds.
        early: share of the period before which there is no verdict.
        min_count: records before which there is no verdict.
        stale_after: days that data may lie behind today.
    """

    ahead: float = 1.05
    on_track: float = 0.95
    at_risk: float = 0.85
    early: float = 0.2
    min_count: float = 0
    stale_after: int = 2

    @classmethod
    def with_bands(cls, bands: tuple[float, float, float] | None, **others: Any) -> Rules:
        """The general rules with a target's own bands, where it has some."""
        return cls(*(bands or (1.05, 0.95, 0.85)), **others)

    def for_limit(self) -> Rules:
        """The same for a floor or a guardrail: held or not, never ahead of it, at risk as soon as it breaks.

        >>> Rules().for_limit().on_track, Rules().for_limit().ahead
        (1.0, inf)
        """
        return replace(self, ahead=math.inf, on_track=1.0, at_risk=min(self.at_risk, 1.0))


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a KPI stands, and why.

    Attributes:
        status: None where no target is set here or below.
        reason: why, with the numbers.
        rule: the rule that was applied, in words.
        actual, expected, target, baseline: the numbers compared; ``expected`` is the path's value on
            ``data_through``.
        attainment: (actual − baseline) ÷ (target − baseline); None without a baseline.
        progress: share of the target reached, for a bar: actual ÷ target for a flow, else attainment.
        pace: actual ÷ expected for a flow; progress ÷ expected progress for a level.
        score: pace seen from the good side: above 1 is better than the path in any direction.
        share_elapsed: share of the period covered by data.
        stale: whether data lies further back than allowed.
        weakest: id of the child the status comes from, where it comes from one.
    """

    status: Status | None
    reason: Msg
    rule: Msg
    actual: float | None = None
    expected: float | None = None
    target: float | None = None
    baseline: float | None = None
    attainment: float | None = None
    progress: float | None = None
    pace: float | None = None
    score: float | None = None
    share_elapsed: float | None = None
    data_through: date | None = None
    stale: bool = False
    guards: tuple[Guard, ...] = field(default=())
    weakest: str | None = None

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The verdict for JSON, its texts in the language asked; no value is None."""
        plain = ("status", "actual", "expected", "target", "baseline", "attainment", "progress", "pace")
        return {
            **{name: getattr(self, name) for name in plain},
            "share_elapsed": self.share_elapsed,
            "data_through": self.data_through.isoformat() if self.data_through else None,
            "stale": self.stale,
            "reason": translate(self.reason, lang),
            "rule": translate(self.rule, lang),
            "guardrails": [
                {"name": _in(g.name, lang), "broken": g.broken, "reason": translate(g.reason, lang)}
                for g in self.guards
            ],
            "weakest": self.weakest,
        }


def _in(name: str | InLanguage, lang: str) -> str:
    return name if isinstance(name, str) else name.in_language(lang)
