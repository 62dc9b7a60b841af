"""A number with its unit, to be put into a message and written in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from kpi_tree.i18n import formats

_POINTS = {"en": " points", "nb": " prosentpoeng", "ja": "ポイント"}


PERCENTAGE_POINTS = "percentage_points"
"""The unit of the difference of two percentages, itself a share; ``points`` are those of a score."""


def apart(unit: str | None) -> str | None:
    """The unit of the difference of two values: percentages differ by percentage points.

    >>> apart("percent"), apart("points"), apart("money")
    ('percentage_points', 'points', 'money')
    """
    return PERCENTAGE_POINTS if unit == "percent" else unit


@runtime_checkable
class InLanguage(Protocol):
    """Anything a message can carry that writes itself in the reader's language."""

    def in_language(self, lang: str) -> str:
        """The thing in words or figures, in that language."""
        ...


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value of a KPI on its way to a reader.

    Args:
        value: the number; None or nan is written as "no value".
        unit: as in the catalogue (``money``, ``percent``, ``count``, ``seconds`` ...), or what
            :func:`apart` says for a difference.
        currency: for money.
        compact: short for cards: "1.2M".
        signed: with a plus where it grew.
        beside: a value it stands beside: it gets as many digits more as tell the two apart.

    >>> from kpi_tree.i18n import msg, translate
    >>> gap = msg("{gap} short", gap=Quantity(-1234567.0, "money", "NOK"))
    >>> translate(gap, "nb")
    '−1\\xa0234\\xa0567\\xa0kr short'
    >>> Quantity(0.02, apart("percent"), signed=True).in_language("nb")
    '+2,0 prosentpoeng'
    >>> Quantity(0.0005, apart("percent")).in_language("en")
    '0.05 points'
    """

    value: float | None
    unit: str | None = None
    currency: str | None = None
    compact: bool = False
    signed: bool = False
    beside: float | None = None

    def in_language(self, lang: str) -> str:
        """The number with its unit in the language's format."""
        if self.unit == PERCENTAGE_POINTS:
            shown = None if self.value is None else self.value * 100
            first = 1 if not shown or abs(shown) >= 1 else 2
            digits = next((n for n in range(first, 4) if not shown or round(shown, n)), 4)
            text = formats.format_number(shown, lang, decimals=digits) + _POINTS.get(lang, _POINTS["en"])
        elif self.beside is not None and not self.compact:
            text = formats.format_apart(self.value, self.beside, self.unit, lang, currency=self.currency)
        else:
            text = formats.format_value(
                self.value, self.unit, lang, currency=self.currency, compact=self.compact
            )
        grew = self.signed and self.value is not None and self.value > 0 and not formats.is_zero(text)
        return f"+{text}" if grew else text

    def difference(self, other: float | None, *, signed: bool = False) -> Quantity:
        """This value less another, in the unit of their difference (percents differ by points).

        >>> Quantity(0.05, "percent").difference(0.03).in_language("en")
        '2.0 points'
        """
        value = None if self.value is None or other is None else self.value - other
        return replace(
            self,
            value=value,
            unit=apart(self.unit),
            signed=signed,
            beside=None,
        )
