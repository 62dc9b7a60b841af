"""Time: grains, half-open periods, the shop's calendar, and periods in words.

Everything takes its day as an argument; nothing here reads a clock.
"""

from typing import TYPE_CHECKING, Any

from kpi_tree.periods.calendar import (
    DEFAULT_CALENDAR,
    Calendar,
    Grain,
    Period,
    period_of,
    spine,
)
from kpi_tree.periods.clock import instants_of, local_day, local_days
from kpi_tree.periods.days import add_months, same_date_last_year
from kpi_tree.periods.grammar import Found
from kpi_tree.periods.names import (
    fiscal_year,
    grain_of,
    label,
    parse_period,
    parse_shared_period,
    period_id,
    quarter_period,
    week_number,
    week_period,
    year_period,
)

if TYPE_CHECKING:
    from kpi_tree.periods.words import find_period, period_in_words

__all__ = [
    "DEFAULT_CALENDAR",
    "Calendar",
    "Found",
    "Grain",
    "Period",
    "add_months",
    "find_period",
    "fiscal_year",
    "grain_of",
    "instants_of",
    "label",
    "local_day",
    "local_days",
    "parse_period",
    "parse_shared_period",
    "period_id",
    "period_in_words",
    "period_of",
    "quarter_period",
    "same_date_last_year",
    "spine",
    "week_number",
    "week_period",
    "year_period",
]


def __getattr__(name: str) -> Any:
    """Sentences in words: their patterns, in three languages, are imported when one is to be read."""
    if name in ("find_period", "period_in_words"):
        from kpi_tree.periods import words

        return getattr(words, name)
    raise AttributeError(name)
