"""A shop whose year begins in April and whose weeks begin on Sunday is answered in its own periods."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.cli import run

Ask = Callable[..., Any]


@pytest.fixture
def ask(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """A home with one value a day: 1 on 1 April 2026, one more each day."""
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    days = [f"orders,2026-04-{day:02d},{day}\n" for day in range(1, 31)]
    (tmp_path / "values.csv").write_text("KPI,Date,Value\n" + "".join(days))

    def line(*words: str) -> Any:
        capfd.readouterr()
        status = run([*words, "--json"])
        out, err = capfd.readouterr()
        assert status == 0, err
        return json.loads(out)

    line("settings", "fiscal_start_month=4", "week_start=6")
    line("load", str(tmp_path / "values.csv"))
    return line


def test_weeks_from_sunday_to_saturday_carry_their_own_days(ask: Ask) -> None:
    rows = ask("kpi", "orders", "--grain", "week", "--from", "2026-04-05", "--to", "2026-04-18")["rows"]
    assert [(row["period"], row["value"]) for row in rows] == [
        ("2026-04-05", sum(range(5, 12))),
        ("2026-04-12", sum(range(12, 19))),
    ]
    labels = [row["label"] for row in ask("kpi", "orders", "--grain", "week")["rows"]]
    assert len(set(labels)) == len(labels)


def test_a_period_on_the_command_line_is_the_shops(ask: Ask) -> None:
    quarter = ask("kpi", "orders", "--grain", "quarter", "--from", "2027-Q1", "--to", "FY2027-Q1")["rows"]
    assert [(row["period"], row["label"], row["value"]) for row in quarter] == [
        ("2026-04-01", "Q1 FY 2027", sum(range(1, 31)))
    ]
    day = ask("kpi", "orders", "--from", "2026-04-02", "--to", "2026-04-02")["rows"]
    assert [row["value"] for row in day] == [2]


def test_targets_of_an_outline_and_a_given_period_of_an_allocation(ask: Ask, tmp_path: Path) -> None:
    outline = tmp_path / "plan.txt"
    outline.write_text("Goal !300:FY2027-Q2 := Orders * Value\n  * Orders = 10\n  * Value = 20\n")
    ask("plan", "import", str(outline))
    (target,) = ask("plan", "show")["targets"]
    assert target["period"]["start"] == "2026-07-01"
    found = ask("allocate", "goal", "--target", "250", "--period", "2027-Q3", "--lock", "value=20")
    assert found["period"]["start"] == "2026-10-01"


def test_quarters_in_a_file_are_the_calendars_and_said_so(ask: Ask, tmp_path: Path) -> None:
    source = tmp_path / "quarters.csv"
    source.write_text("KPI,Quarter,Value\nsales,2025-Q1,100\nsales,2025-Q2,120\n")
    (receipt,) = ask("load", str(source), "--dry-run")
    [told] = [one for one in receipt["issues"] if one["code"] == "calendar_quarters"]
    assert "2025-Q1 begins on 1 Jan 2025" in told["message"]
    ask("settings", "fiscal_start_month=2")
    assert run(["load", str(source)]) == 1
    ask("settings", "fiscal_start_month=1")
    (receipt,) = ask("load", str(source))
    assert not [one for one in receipt["issues"] if one["code"] == "calendar_quarters"]
