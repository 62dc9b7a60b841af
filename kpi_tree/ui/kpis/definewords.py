"""Words for the choices of a definition."""

from __future__ import annotations

from kpi_tree.catalogue.load import OWN
from kpi_tree.ui.kpis.kpilist import categories
from kpi_tree.ui.shell.text import pt, t


def kind_words() -> dict[str, tuple[str, str]]:
    """Kind → its name, and what it is."""
    return {
        "simple": (t("Sum, count or average"), t("One value over the rows of a table.")),
        "ratio": (t("Ratio"), t("One value divided by another; a quarter divides its own sums.")),
        "derived": (t("Formula"), t("Made from other KPIs, such as sales / visitors.")),
        "cumulative": (t("Over a window"), t("The last 28 days, month to date, or since the start.")),
        "offset": (t("Some time before"), t("Another KPI a month or a year before, or the change since.")),
        "stock": (pt("stock", "Level"), t("The last known level of each item, carried on and added up.")),
        "conversion": (t("Conversion"), t("The share that something else followed within a time.")),
        "cohort": (t("Cohort"), t("Those who came first in a period: who came back, or what they came to.")),
    }


def category_words(name: str) -> str:
    """A category."""
    return {**categories(), OWN: t("Our own")}.get(name, name)


def direction_words(direction: str) -> str:
    """Which way is better."""
    return {"up": t("higher"), "down": t("lower"), "range": t("within a range")}[direction]


def window_words(kind: str) -> str:
    """A window."""
    return {
        "days": t("The last days"),
        "week to date": t("Week to date"),
        "month to date": t("Month to date"),
        "quarter to date": t("Quarter to date"),
        "year to date": t("Year to date"),
        "running": t("Since the start"),
    }[kind]
