"""An experiment's answer to an influence: kept on the line of the tree that it was about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, Quantity, msg
from kpi_tree.plan.field_readers import MAX_NAME, day_of, number_of, text_of

FIELDS = ("name", "on", "effect", "low", "high", "level", "p_value")
Answer = Literal["supported", "against", "hypothesis"]


@dataclass(frozen=True)
class Trial:
    """What an experiment found of the line's upper end when its lower end was changed.

    Attributes:
        name: of the experiment. on: the day it was read.
        effect: relative change of the upper end; low, high: its interval at ``level``. p_value: two-sided.
    """

    name: str
    on: date
    effect: float
    low: float
    high: float
    level: float
    p_value: float

    def to_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {**asdict(self), "on": self.on.isoformat()}

    def answer(self, sign: int) -> Answer:
        """Whether it supports an influence of this sign (0: either way), speaks against it, or neither.

        >>> Trial("checkout", date(2026, 5, 4), 0.08, 0.02, 0.14, 0.95, 0.01).answer(-1)
        'against'
        """
        if self.low <= 0 <= self.high:
            return "hypothesis"
        return "supported" if sign in (0, 1 if self.effect > 0 else -1) else "against"

    def words(self, sign: int) -> Msg:
        """The finding in a sentence."""
        fields = {
            "name": self.name,
            "effect": Quantity(self.effect, "percent", signed=True),
            "low": Quantity(self.low, "percent", signed=True),
            "high": Quantity(self.high, "percent", signed=True),
            "day": self.on,
        }
        return msg(_SENTENCES[self.answer(sign)].id, **fields)


_SENTENCES: Mapping[Answer, Msg] = {
    "supported": msg("The experiment {name} supports it: {effect} ({low} to {high}), read on {day}."),
    "against": msg("The experiment {name} speaks against it: {effect} ({low} to {high}), read on {day}."),
    "hypothesis": msg("The experiment {name} leaves it open: {effect} ({low} to {high}), read on {day}."),
}


def trial_from(value: Any, place: str) -> Trial:
    """An experiment's answer from a dict. Raises Refused with the place."""
    if isinstance(value, Trial):
        return value
    if not isinstance(value, Mapping) or not set(value) <= set(FIELDS):
        raise Refused(
            msg("A set of named fields is expected here."),
            place=place,
            remedy=msg("Its fields are: {names}.", names=", ".join(FIELDS)),
        )
    made = Trial(
        text_of(MAX_NAME, empty=False)(value.get("name"), f"{place}.name"),
        day_of(value.get("on"), f"{place}.on"),
        *(number_of(value.get(name), f"{place}.{name}") for name in FIELDS[2:]),
    )
    if not made.low <= made.effect <= made.high:
        raise Refused(
            msg("The effect lies outside its interval."),
            place=place,
            remedy=msg("Give low, effect and high."),
        )
    return made


def judged_by_experiments(tests: Sequence[Trial], sign: int) -> Answer | None:
    """What the experiments say together: the latest that does not leave it open; None without any.

    >>> judged_by_experiments([], 1) is None
    True
    """
    answers = [one.answer(sign) for one in sorted(tests, key=lambda one: one.on)]
    clear = [one for one in answers if one != "hypothesis"]
    return clear[-1] if clear else ("hypothesis" if answers else None)
