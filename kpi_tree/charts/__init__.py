"""Drawing: functions that return an Altair chart; texts come in already translated, colours by meaning."""

from kpi_tree.charts.burnup import burnup_chart
from kpi_tree.charts.density import density_chart
from kpi_tree.charts.frame import spec, vega_locale
from kpi_tree.charts.gantt import GanttWords, Span, gantt_chart
from kpi_tree.charts.grid import grid_chart
from kpi_tree.charts.history import Bar, ChartWords, Part, breakdown_bars, history_chart, sparkline
from kpi_tree.charts.intervals import Reach, intervals_chart
from kpi_tree.charts.multiples import Bullet, bullet_chart, small_chart
from kpi_tree.charts.pace import pace_chart
from kpi_tree.charts.pace_data import Mark, PaceData, PaceWords, Step
from kpi_tree.charts.palette import DARK, LIGHT, Palette, palette_for
from kpi_tree.charts.pick import PICKED, pickable, point_of
from kpi_tree.charts.picture import chart_svg
from kpi_tree.charts.spend import Bought, spend_chart
from kpi_tree.charts.steps import steps_chart
from kpi_tree.charts.tornado import Stand, Swing, beside_chart, tornado_chart
from kpi_tree.charts.waterfall import Rise, waterfall_chart

__all__ = [
    "DARK",
    "LIGHT",
    "PICKED",
    "Bar",
    "Bought",
    "Bullet",
    "ChartWords",
    "GanttWords",
    "Mark",
    "PaceData",
    "PaceWords",
    "Palette",
    "Part",
    "Reach",
    "Rise",
    "Span",
    "Stand",
    "Step",
    "Swing",
    "beside_chart",
    "breakdown_bars",
    "bullet_chart",
    "burnup_chart",
    "chart_svg",
    "density_chart",
    "gantt_chart",
    "grid_chart",
    "history_chart",
    "intervals_chart",
    "pace_chart",
    "palette_for",
    "pickable",
    "point_of",
    "small_chart",
    "sparkline",
    "spec",
    "spend_chart",
    "steps_chart",
    "tornado_chart",
    "vega_locale",
    "waterfall_chart",
]
