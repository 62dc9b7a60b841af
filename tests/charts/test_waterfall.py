"""The waterfall: each step starts where the one before ended, and names are only text."""

from __future__ import annotations

import json

from kpi_tree.charts import ChartWords, Rise, spec, waterfall_chart


def drawn(*steps: Rise) -> dict:
    first, last = Rise("Before", 100.0, "100", "whole"), Rise("After", 112.0, "112", "whole")
    chart = waterfall_chart(first, steps, last, ChartWords(title="", y="", value="Sales (NOK)"), unit="money")
    chart.to_dict(validate=True)
    return spec(chart)


def rows(made: dict) -> list[dict]:
    (found,) = made["datasets"].values()
    return list(found)


def test_each_step_starts_where_the_one_before_ended() -> None:
    made = drawn(Rise("Orders", 20.0, "+20", "good"), Rise("Returns", -8.0, "−8", "bad"))
    assert [(row["start"], row["end"]) for row in rows(made)] == [
        (100, 100),
        (100, 120),
        (120, 112),
        (112, 112),
    ]
    assert [row["kind"] for row in rows(made)] == ["whole", "good", "bad", "whole"]


def test_a_name_is_text_whatever_it_holds() -> None:
    name = "'+alert(1)+\"<b>\\"
    made = drawn(Rise(name, 12.0, "+12", "good"))
    texts = json.dumps(made)
    assert (
        json.dumps(json.dumps({"1": name})[1:-1])[1:-1] in texts
    )  # within one quoted string of the expression


def test_nothing_moved() -> None:
    first = Rise("Before", 0.0, "0", "whole")
    chart = waterfall_chart(first, [], Rise("After", 0.0, "0", "whole"), ChartWords(title="", y="", value=""))
    low, high = spec(chart)["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low < 0 < high
