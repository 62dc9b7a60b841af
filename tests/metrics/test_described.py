"""What products are like is told by several files: what one of them leaves out still holds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.records.compare import compare
from kpi_tree.records.filerows import CHANGED, NEW, UNCHANGED
from kpi_tree.records.parquet import write

from .shop import arrow, engine_of

Row = dict[str, Any]
WHAT = ("name", "category", "unit_cost", "price")


def seen(folder: Path, batches: Sequence[Sequence[Row]]) -> dict[str, Row]:
    engine = engine_of(folder, {"products": batches})
    engine.need("SELECT * FROM raw.products")
    found = engine.arrow(f"SELECT product_id, {', '.join(WHAT)}, currency FROM raw.products").to_pylist()
    assert len(found) == len({row["product_id"] for row in found})
    return {row["product_id"]: row for row in found}


def test_a_stock_list_empties_no_cost(tmp_path: Path) -> None:
    lamp = {"product_id": "p", "name": "Lamp", "category": "Home", "unit_cost": 40, "price": 100}
    told = [{**lamp, "currency": "EUR"}]
    stock = [{"product_id": "p", "name": "Lampe", "currency": "NOK"}, {"product_id": "q", "name": "Krok"}]
    found = seen(tmp_path, [told, stock])
    assert found["p"] == {**told[0], "name": "Lampe"}
    assert found["q"]["name"] == "Krok"
    assert seen(tmp_path / "turned", [stock, told])["p"] == told[0]


def test_an_older_amount_is_never_taken_for_one_in_another_currency(tmp_path: Path) -> None:
    told = [{"product_id": "p", "unit_cost": 40, "price": 100, "currency": "EUR"}]
    later = [{"product_id": "p", "price": 900, "currency": "NOK"}]
    found = seen(tmp_path, [told, later])["p"]
    assert (found["unit_cost"], found["price"], found["currency"]) == (None, 900, "NOK")


@pytest.mark.parametrize("seed", range(4))
def test_the_last_word_on_each_column_counts(tmp_path: Path, seed: int) -> None:
    pick = random.Random(seed)
    batches: list[list[Row]] = []
    expected: dict[str, Row] = {}
    for _ in range(4):
        rows: list[Row] = []
        for product in pick.sample("abcdef", 4):
            row: Row = {"product_id": product, "currency": "NOK"}
            row |= {name: pick.choice([None, f"{name} {pick.randrange(9)}"]) for name in WHAT[:2]}
            row |= {name: pick.choice([None, pick.randrange(1, 99)]) for name in WHAT[2:]}
            rows.append(row)
            kept = expected.setdefault(product, dict.fromkeys(WHAT))
            kept |= {name: row[name] for name in WHAT if row[name] is not None}
        batches.append(rows)
    found = seen(tmp_path, batches)
    assert {product: {name: row[name] for name in WHAT} for product, row in found.items()} == expected


def test_what_a_file_leaves_out_is_no_change(tmp_path: Path) -> None:
    told = [{"product_id": "p", "name": "Lamp", "unit_cost": 40, "currency": "NOK"}]
    stock = [{"product_id": "p", "name": "Lampe"}]
    active = [
        (number, write("products", arrow("products", rows), tmp_path / f"{number}.parquet"))
        for number, rows in enumerate((told, stock), start=1)
    ]
    fresh = [
        {"product_id": "p", "name": "Lampe"},
        {"product_id": "q", "name": "Krok"},
        {"product_id": "p", "unit_cost": 41, "currency": "NOK"},
    ]
    kinds = [compare("products", arrow("products", [row]), active).kinds.tolist() for row in fresh]
    assert kinds == [[UNCHANGED], [NEW], [CHANGED]]
    again = compare("products", arrow("products", [{**told[0], "name": None}]), active)
    assert again.kinds.tolist() == [UNCHANGED]
