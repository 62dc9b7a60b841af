"""The score of past actions by kind: how often they worked, and how much of the expected they brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

PRIOR = 4
"""Cases of "just as expected" that every kind begins with, so that one lucky case proves nothing."""

JUDGED = ("confirmed", "no_effect", "opposite")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One action: its kind, what was expected, what was measured, and the verdict."""

    kind: str
    expected: float | None
    measured: float | None
    verdict: str

    @property
    def ratio(self) -> float | None:
        """Measured ÷ expected; None where it was not judged, or nothing was expected."""
        if self.verdict not in JUDGED or not self.expected or self.measured is None:
            return None
        return self.measured / self.expected


@dataclass(frozen=True, slots=True)
class Score:
    """The record of one kind of action (``""``: of all).

    Attributes:
        judged: actions whose effect was measured; confirmed, no_effect, opposite: how it came out.
        not_delivered: never done. hit_rate: confirmed ÷ judged. cases: with an expected effect to compare.
        ratio: median of measured ÷ expected. factor: the same drawn towards 1 by :data:`PRIOR` cases.
    """

    kind: str
    judged: int
    confirmed: int
    no_effect: int
    opposite: int
    not_delivered: int
    hit_rate: float | None
    cases: int
    ratio: float | None
    factor: float


def scores(outcomes: Sequence[Outcome]) -> list[Score]:
    """The record of all actions first, then of each kind, those with most cases on top.

    >>> past = [Outcome("mail", 10, 5, "confirmed"), Outcome("mail", 10, 0, "no_effect")]
    >>> [(one.kind, one.hit_rate, one.ratio, one.factor) for one in scores(past)]
    [('', 0.5, 0.25, 0.75), ('mail', 0.5, 0.25, 0.75)]
    """
    kinds = sorted({one.kind for one in outcomes if one.kind})
    each = [_score(kind, [one for one in outcomes if one.kind == kind]) for kind in kinds]
    return [_score("", list(outcomes)), *sorted(each, key=lambda one: (-one.judged, one.kind))]


def _score(kind: str, outcomes: Sequence[Outcome]) -> Score:
    count = {name: sum(one.verdict == name for one in outcomes) for name in (*JUDGED, "not_delivered")}
    judged = sum(count[name] for name in JUDGED)
    ratios = [one.ratio for one in outcomes if one.ratio is not None]
    middle = median(ratios) if ratios else None
    factor = (len(ratios) * (middle or 0.0) + PRIOR) / (len(ratios) + PRIOR)
    return Score(
        kind, judged, count["confirmed"], count["no_effect"], count["opposite"], count["not_delivered"],
        count["confirmed"] / judged if judged else None, len(ratios), middle, factor,
    )  # fmt: skip
