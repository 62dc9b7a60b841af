"""What stands beside a number: orders left out, and a history too short to look back over."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.errors import Refused
from kpi_tree.i18n import translate
from kpi_tree.metrics import Engine, query
from kpi_tree.periods import Grain

from .shop import engine_of

ORDERS = (
    ("2025-01-10", "placed", "NO"),
    ("2025-03-01", "cancelled", "NO"),
    ("2025-03-02", "test", "SE"),
    ("2025-03-03", "placed", "SE"),
    ("2025-04-01", "cancelled", "NO"),
    ("2026-01-09", "placed", "NO"),
)


def shop(folder: Path) -> Engine:
    rows = [
        {"order_id": str(at), "ordered_at": f"{day}T11:00:00+00:00", "status": status, "country": country,
         "customer_id": str(at)}
        for at, (day, status, country) in enumerate(ORDERS)
    ]  # fmt: skip
    return engine_of(folder, {"orders": rows})


def notes(engine: Engine, kpi: str, start: date, end: date, **more: Any) -> list[str]:
    found = query(engine, [kpi], start=start, end=end, grain="month", **more)[kpi]
    return [str(note) for note in found.notes]


MARCH = (date(2025, 3, 1), date(2025, 4, 1))


@pytest.mark.parametrize(
    ("asked", "where", "wanted"),
    [
        (MARCH, {}, "2 cancelled or test orders of these days are left out."),
        (MARCH, {"country": ["SE"]}, "1 cancelled or test order of these days is left out."),
        ((date(2025, 3, 1), date(2025, 4, 2)), {}, "3 cancelled or test orders of these days are left out."),
    ],
)
def test_orders_that_do_not_count_are_counted(
    tmp_path: Path, asked: tuple[date, date], where: dict[str, list[str]], wanted: str
) -> None:
    engine = shop(tmp_path)
    for kpi in ("orders", "average_order_value", "new_customer_orders"):
        assert wanted in notes(engine, kpi, *asked, where=where), kpi


def test_nothing_is_said_where_nothing_is_left_out(tmp_path: Path) -> None:
    engine = shop(tmp_path)
    assert not any("left out" in note for note in notes(engine, "orders", date(2025, 1, 1), date(2025, 2, 1)))
    assert not any("left out" in note for note in notes(engine, "returns", *MARCH))


@pytest.mark.parametrize(("end", "short"), [(date(2026, 1, 9), True), (date(2026, 1, 10), False)])
def test_a_value_that_looks_back_further_than_the_records_says_so(
    tmp_path: Path, end: date, short: bool
) -> None:
    found = notes(shop(tmp_path), "ltv", date(2025, 6, 1), end)
    said = [note for note in found if note.startswith("It looks back over 12 months")]
    assert bool(said) == short, found
    assert all("10" in note and "2025" in note for note in said)


def test_days_without_data_say_where_the_data_are(tmp_path: Path) -> None:
    engine = shop(tmp_path)
    for asked in ((date(2024, 1, 1), date(2024, 2, 1)), (date(2030, 1, 1), date(2030, 2, 1))):
        found = notes(engine, "orders", *asked)
        assert "There are no data for these days, only from 10 Jan 2025 to 9 Jan 2026." in found, found
    assert not any("no data" in note for note in notes(engine, "orders", *MARCH))


def test_a_grain_finer_than_the_data_names_the_records_as_people_do(tmp_path: Path) -> None:
    ads = [{"day": "2026-01-05", "platform": "google", "clicks": 5, "cost": "7"}]
    engine = engine_of(tmp_path, {"ad_stats": ads})
    with pytest.raises(Refused, match="Ad statistics comes by day"):
        query(engine, ["cost_per_click"], start=date(2026, 1, 5), end=date(2026, 1, 6), grain="hour")


def test_orders_that_name_no_customer_say_nothing_of_new_ones(tmp_path: Path) -> None:
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    orders = [{"order_id": f"a{n}", "ordered_at": at, "currency": "NOK"} for n in range(3)]
    asked = ["orders", "new_customer_orders", "returning_customer_orders"]
    span: dict[str, Any] = {"start": date(2026, 3, 1), "end": date(2026, 4, 1), "grain": Grain.MONTH}

    nobody = query(engine_of(tmp_path / "a", {"orders": orders}), asked, **span)
    assert [nobody[name].total["value"] for name in asked] == [3, None, None]
    assert [str(note) for note in nobody["new_customer_orders"].notes] == [
        "No record has this: Customer (Orders)."
    ]
    one_known = [{**orders[0], "customer_id": "c"}, *orders[1:]]
    known = query(engine_of(tmp_path / "b", {"orders": one_known}), asked, **span)
    assert [known[name].total["value"] for name in asked] == [3, 1, 0]


def test_notes_name_tables_in_the_readers_language(tmp_path: Path) -> None:
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    line = {"order_id": "a", "line_no": "1", "ordered_at": at, "quantity": 1.0, "unit_price": 5.0}
    engine = engine_of(tmp_path, {"order_lines": [line]})
    found = query(engine, ["sales"], start=date(2026, 3, 1), end=date(2026, 4, 1), grain=Grain.MONTH)
    notes = [translate(note, "nb") for note in found["sales"].notes]
    assert any("Refusjoner" in note for note in notes)
