"""What a shop sets for its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """What a shop sets for its numbers.

    Attributes:
        currency: the shop's own currency; amounts in a currency with a rate are turned into it.
        rates: currency → how much one unit of it is worth in the shop's own.
        service_level_hours: from when on an open ticket counts as backlog.
        good_customer_line: sales in twelve months from which on a customer is a good one.
        repeat_within_days: window of the one-time and second purchase rates.
        few_views, many_views, high_conversion, low_conversion: quantiles that make a route good or bad.
        csat_from: share of the highest answer from which on an answer counts as satisfied.
    """

    currency: str | None = None
    rates: Mapping[str, float] = field(default_factory=dict)
    service_level_hours: float = 48.0
    good_customer_line: float = 1000.0
    repeat_within_days: int = 90
    few_views: float = 0.5
    many_views: float = 0.5
    high_conversion: float = 0.75
    low_conversion: float = 0.25
    csat_from: float = 0.8

    def settled(self, sql: str) -> str:
        """SQL with the settings it names in braces put in as numbers.

        >>> Settings(repeat_within_days=30).settled("_day + {repeat_within_days}")
        '_day + 30'
        """
        for key in Settings.__slots__:
            sql = sql.replace(f"{{{key}}}", repr(getattr(self, key)))
        return sql
