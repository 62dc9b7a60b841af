"""Amounts in two currencies, and files whose clocks stand in different zones, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kpi_tree.cli import run

LINES = """order_id,line_no,ordered_at,product_id,quantity,unit_price,currency
1,1,2026-01-03T10:00:00+01:00,p,1,100,NOK
2,1,2026-01-04T10:00:00+01:00,p,1,50,EUR
"""


def test_two_currencies_are_refused_in_one_message_that_says_what_to_do(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    source = tmp_path / "lines.csv"
    source.write_text(LINES)
    assert run(["load", str(source), "--as", "order_lines"]) == 0
    capfd.readouterr()
    assert run(["kpi", "sales"]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert err.strip() == (
        "sales: The amounts are in several currencies: EUR, NOK. "
        "Enter exchange rates in the settings, or filter by one currency."
    )
    assert run(["kpi", "sales", "--where", "currency=NOK", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["total"]["value"] == 100
    assert run(["settings", "currency=NOK", "rates=EUR:11.5"]) == 0
    capfd.readouterr()
    assert run(["kpi", "sales", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["total"]["value"] == 675


def test_times_of_two_zones_meet_on_the_days_of_the_shop(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The zone of a file's clock is said when it is loaded; the days are the shop's own (Oslo)."""
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    sessions, orders = tmp_path / "sessions.csv", tmp_path / "orders.csv"
    sessions.write_text("session_id,started_at\ns1,2026-01-03 18:30:00\ns2,2026-01-03 17:30:00\n")
    orders.write_text("order_id,ordered_at,session_id\n1,2026-01-04 00:40:00,s1\n")
    capfd.readouterr()
    assert run(["load", str(sessions), "--as", "sessions", "--timezone", "America/New_York", "--json"]) == 0
    [receipt] = json.loads(capfd.readouterr().out)
    [clock] = [one["message"] for one in receipt["issues"] if one["code"] == "other_clock"]
    assert clock == (
        "Times without an offset were read by the clock of America/New_York; the shop's is Europe/Oslo."
    )
    assert run(["load", str(orders), "--as", "orders", "--json"]) == 0
    [receipt] = json.loads(capfd.readouterr().out)
    assert "other_clock" not in {one["code"] for one in receipt["issues"]}
    assert run(["kpi", "sessions", "--grain", "day", "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert [row["value"] for row in found["rows"]] == [1, 1], found
    orders.write_text("order_id,ordered_at\n2,2026-01-04 00:40:00\n")
    assert run(["load", str(orders), "--as", "orders", "--timezone", "Mars/One"]) == 1
    refusal = capfd.readouterr().err.splitlines()[-1]
    assert refusal.startswith("timezone: No time zone is named Mars/One.")
