"""What a goal sentence says, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from kpi_tree.i18n import Msg, translate
from kpi_tree.periods import Grain, Period


class KpiLike(Protocol):
    """What a goal needs to know of a KPI; the catalogue's entries fit."""

    @property
    def name(self) -> Mapping[str, str]:
        """Its name in each language."""

    @property
    def unit(self) -> str:
        """Its unit."""

    @property
    def direction(self) -> str:
        """Which way is better."""

    @property
    def rollup(self) -> str:
        """How a longer period's value is formed."""


@dataclass(frozen=True)
class Choice:
    """One possible answer."""

    value: Any
    label: Msg


@dataclass(frozen=True)
class Question:
    """Something the sentence leaves open.

    Attributes:
        field: the field that the answer fills: ``kpi change change_kind period baseline``.
        choices: likely answers, the most likely first; empty where any answer may be typed.
        default: what is taken without an answer; ``None`` where the goal cannot go on without one.
    """

    field: str
    text: Msg
    choices: tuple[Choice, ...] = ()
    default: Any = None

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The question for JSON, in a language."""
        return {
            "field": self.field,
            "text": translate(self.text, lang),
            "choices": [
                {"value": plain(choice.value), "label": translate(choice.label, lang)}
                for choice in self.choices
            ],
            "default": plain(self.default),
        }


@dataclass(frozen=True)
class Goal:
    """A goal as understood.

    Attributes:
        kpi: catalogue id; ``None`` where the sentence names none or several (then a question asks).
        change: signed change: 0.1 for +10 %, 0.02 for two points of a percent KPI, else an amount.
        change_kind: ``percent points absolute``, where there is a change.
        direction: ``up`` or ``down``: which way the value is to go.
        value: the value to reach, in the KPI's unit (a percent as a share), where the sentence names it.
        low, high: the ends of a range to keep within, in the KPI's unit.
        period: when; its end is the deadline.
        baseline: what the change is measured against: ``previous_period same_period_last_year number``.
        baseline_value: that number, for ``number``.
        currency: currency said with the number, ``kr`` where it does not say whose.
        notes: what the reader should know of how it was read.
    """

    sentence: str
    language: str
    kpi: str | None = None
    change: float | None = None
    change_kind: str | None = None
    direction: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    period: Period | None = None
    baseline: str | None = None
    baseline_value: float | None = None
    currency: str | None = None
    unit: str | None = None
    questions: tuple[Question, ...] = ()
    notes: tuple[Msg, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether a target can be made without an answer (every open question has a default)."""
        return all(question.default is not None for question in self.questions)

    def to_dict(self, lang: str | None = None) -> dict[str, Any]:
        """The goal for JSON; the period half-open, the questions in the language asked or the sentence's."""
        lang = lang or self.language
        period = self.period
        return {
            "sentence": self.sentence,
            "language": self.language,
            "kpi": self.kpi,
            "change": self.change,
            "change_kind": self.change_kind,
            "direction": self.direction,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "currency": self.currency,
            "period": {"start": period.start.isoformat(), "end": period.end.isoformat()} if period else None,
            "baseline": self.baseline,
            "baseline_value": self.baseline_value,
            "questions": [question.to_dict(lang) for question in self.questions],
            "notes": [translate(note, lang) for note in self.notes],
        }


def plain(value: Any) -> Any:
    """A choice's value as JSON has it."""
    if isinstance(value, Period):
        return {"start": value.start.isoformat(), "end": value.end.isoformat()}
    return value


def baseline_period(baseline: str | None, period: Period, on: date) -> Period | None:
    """The days a target is compared with.

    ``previous_period`` is the latest period of the same length that is over when the goal is set: for next
    quarter said in mid-quarter that is the last whole quarter, not the one that is half done.

    >>> quarter = Period(date(2027, 1, 1), date(2027, 4, 1), Grain.QUARTER)
    >>> baseline_period("previous_period", quarter, date(2026, 11, 22)).start.isoformat()
    '2026-07-01'
    >>> baseline_period("same_period_last_year", quarter, date(2026, 11, 22)).start.isoformat()
    '2026-01-01'
    """
    if baseline == "same_period_last_year":
        return period.same_last_year()
    if baseline != "previous_period":
        return None
    found = period.previous()
    while found.end > on and found.end > period.start - (period.end - period.start) * 4:
        found = found.previous()
    return found


__all__ = ["Choice", "Goal", "Grain", "KpiLike", "Question", "baseline_period", "plain"]
