"""How far, and why: paths, verdicts, forecasts, contributions. Pure numpy; no clock, no I/O."""

from kpi_tree.analysis.forecast import Forecast, forecast
from kpi_tree.analysis.landing import Fan, Landing, fan, landing
from kpi_tree.analysis.lines import LineVerdict, judge_line, of_limit
from kpi_tree.analysis.needed import Needed, needed
from kpi_tree.analysis.progress import assess, attainment, from_children
from kpi_tree.analysis.trajectory import Path, kind_of, plan_path, weekday_weights
from kpi_tree.analysis.turning import Turn, turn
from kpi_tree.analysis.verdict import (
    STATUS_NAMES,
    Aim,
    Evidence,
    Guard,
    Rules,
    Status,
    Verdict,
    guard,
    limit_guard,
)

__all__ = [
    "STATUS_NAMES",
    "Aim",
    "Evidence",
    "Fan",
    "Forecast",
    "Guard",
    "Landing",
    "LineVerdict",
    "Needed",
    "Path",
    "Rules",
    "Status",
    "Turn",
    "Verdict",
    "assess",
    "attainment",
    "fan",
    "forecast",
    "from_children",
    "guard",
    "judge_line",
    "kind_of",
    "landing",
    "limit_guard",
    "needed",
    "of_limit",
    "plan_path",
    "turn",
    "weekday_weights",
]
