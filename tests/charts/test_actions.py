"""The charts of actions are valid Vega-Lite, hold every action, and name what they show."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kpi_tree.charts import (
    DARK,
    LIGHT,
    Bought,
    ChartWords,
    GanttWords,
    Palette,
    Span,
    gantt_chart,
    spend_chart,
)

TODAY = date(2026, 11, 22)
WORDS = ChartWords(
    title="What is done when", y="Sales (NOK)", value="Adds", target="Budget", x="Budget (NOK)"
)
MARKS = GanttWords("Work", "Effect", "Due", "Today", "Waits for")
SPANS = [
    Span("a", "<b>Mail</b>", "done", "done", date(2026, 10, 1), date(2026, 10, 9), date(2026, 10, 5),
         date(2026, 11, 1), date(2026, 10, 9)),
    Span("b", "Checkout's \"one\" page", "doing", "being done", date(2026, 11, 1), date(2026, 11, 20),
         due=date(2026, 11, 20), late=True, needs=("a", "gone")),
]  # fmt: skip


def rows_of(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for rows in made["datasets"].values() for row in rows]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_gantt(palette: Palette) -> None:
    made = gantt_chart(SPANS, TODAY, WORDS, MARKS, palette=palette).to_dict()
    rows = rows_of(made)
    assert {row["name"] for row in rows if "name" in row} == {one.name for one in SPANS}
    assert [row["day"] for row in rows if row.get("says") == "Today"] == ["2026-11-22"]
    line = [row for row in rows if row.get("line") == "b a"]
    assert [row["day"] for row in line] == ["2026-10-10", "2026-11-01"]
    assert not [row for row in rows if "gone" in str(row.get("line"))]
    assert made["title"]["text"] == WORDS.title


def test_the_staircase() -> None:
    steps = [Bought(0, 0, "0", "nothing"), Bought(500, 900, "900", "mail"), Bought(900, 1500, "1,500", "ads")]
    made = spend_chart(steps, 600, WORDS, unit="money").to_dict()
    rows = rows_of(made)
    assert [(row["cost"], row["gain"]) for row in rows if row.get("real")] == [
        (0, 0),
        (500, 900),
        (900, 1500),
    ]
    assert [row["says"] for row in rows if "says" in row] == ["Budget"]
    only = spend_chart(steps[:1], None, WORDS).to_dict()
    assert [row["gain"] for row in rows_of(only)] == [0, 0]
