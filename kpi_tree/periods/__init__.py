"""Time: grains, half-open periods, the shop's calendar, and periods in words.

Everything takes its day as an argument; nothing here reads a clock.
"""

from kpi_tree.periods.calendar import (
    DEFAULT_CALENDAR,
    Calendar,
    Grain,
    Period,
    add_months,
    instants_of,
    local_day,
    local_days,
    period_of,
    same_date_last_year,
    spine,
)
from kpi_tree.periods.names import (
    fiscal_year,
    grain_of,
    label,
    parse_period,
    period_id,
    quarter_period,
    week_number,
    week_period,
    year_period,
)

__all__ = [
    "DEFAULT_CALENDAR",
    "Calendar",
    "Grain",
    "Period",
    "add_months",
    "fiscal_year",
    "grain_of",
    "instants_of",
    "label",
    "local_day",
    "local_days",
    "parse_period",
    "period_id",
    "period_of",
    "quarter_period",
    "same_date_last_year",
    "spine",
    "week_number",
    "week_period",
    "year_period",
]
