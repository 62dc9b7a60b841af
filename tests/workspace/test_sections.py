"""A file that holds several tables: which are read, left out, said to be something, and known again."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from kpi_tree import workspace
from kpi_tree.ingest.choosing import UnknownTableError
from kpi_tree.store import Home
from kpi_tree.workspace import Asker, Receipt
from kpi_tree.workspace.intake.preview import look_into

ORDERS = [["Ordrenr", "Ordredato", "Varenr", "Antall", "Pris"], [1, date(2026, 4, 1), "A", 2, 99.5]]
STOCK = [["Hylle", "Telt", "Stk igjen"], ["A", date(2026, 4, 30), 7], ["B", date(2026, 4, 30), 9]]
COSTS = [["cost_id", "incurred_on", "kind", "amount"], ["c1", date(2026, 4, 2), "rent", 5000]]
MAPPING = {
    "table": "stock_levels",
    "columns": {"Hylle": "product_id", "Telt": "counted_at", "Stk igjen": "on_hand"},
}


def book(**sheets: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


BOOK = book(Ordrer=ORDERS, Lager=STOCK, Kostnader=COSTS)


def filled(receipt: Receipt) -> set[str]:
    return {one.table for one in receipt.tables}


def chosen(*numbers: int) -> dict[str, Any]:
    return {"options": {"section": list(numbers)}}


def sections(home: Home, owner: Asker, **how: Any) -> list[tuple[str, int, str | None, bool]]:
    found = workspace.inspect_file(home, owner, BOOK, "bok.xlsx", **how).sections
    return [(one["name"], one["rows"], one["table"], one["chosen"]) for one in found]


def test_a_table_is_left_out_and_loaded_afterwards(home: Home, owner: Asker, now: datetime) -> None:
    assert sections(home, owner, mapping=chosen(3)) == [
        ("Ordrer", 1, "order_lines", False),
        ("Lager", 2, None, False),
        ("Kostnader", 1, "costs", True),
    ]
    first = workspace.load_file(home, owner, BOOK, "bok.xlsx", mapping=chosen(3), now=now)
    assert (filled(first), first.accepted) == ({"costs"}, 1)
    again = workspace.load_file(home, owner, BOOK, "bok.xlsx", now=now)
    assert (again.repeated, again.batch) == (True, first.batch)
    look = look_into(home, owner, BOOK, "bok.xlsx", how={}, now=now)
    assert look.receipt is not None
    assert look.inspection is not None
    assert (look.receipt.repeated, len(look.inspection.sections)) == (True, 3)
    rest = workspace.load_file(home, owner, BOOK, "bok.xlsx", mapping=chosen(1), now=now)
    assert (filled(rest), rest.accepted) == ({"orders", "order_lines"}, 1)
    assert workspace.load_file(home, owner, BOOK, "bok.xlsx", mapping=chosen(1), now=now).repeated
    workspace.withdraw(home, owner, str(first.batch), now=now)
    workspace.restore_batch(home, owner, str(first.batch), now=now)
    assert workspace.check(home, owner)["ok"]


def test_a_table_that_nobody_knew_is_read_with_the_others_from_then_on(
    home: Home, owner: Asker, now: datetime
) -> None:
    assert filled(workspace.load_file(home, owner, BOOK, "bok.xlsx", dry_run=True, now=now)) == {
        "orders", "order_lines", "costs",
    }  # fmt: skip
    with pytest.raises(UnknownTableError, match="Hylle"):
        workspace.load_file(home, owner, BOOK, "bok.xlsx", mapping=chosen(2), now=now)
    said = {**MAPPING, **chosen(2)}
    alone = workspace.load_file(home, owner, BOOK, "bok.xlsx", mapping=said, dry_run=True, now=now)
    assert (filled(alone), alone.accepted) == ({"stock_levels"}, 2)
    workspace.save_mapping(home, owner, "Lager", said, source=BOOK, file="bok.xlsx", now=now)
    assert [table for _, _, table, _ in sections(home, owner)] == ["order_lines", "stock_levels", "costs"]
    moved = book(Forside=[["Vik"]], Lager=STOCK, Ordrer=ORDERS)
    receipt = workspace.load_file(home, owner, moved, "mai.xlsx", now=now)
    assert filled(receipt) == {"orders", "order_lines", "stock_levels"}
    alone = workspace.load_file(home, owner, book(Lager=STOCK), "lager.xlsx", dry_run=True, now=now)
    assert filled(alone) == {"stock_levels"}


def test_a_mapping_of_one_table_leaves_the_others_as_they_are_known(
    home: Home, owner: Asker, now: datetime
) -> None:
    receipt = workspace.load_file(home, owner, BOOK, "bok.xlsx", mapping=MAPPING, dry_run=True, now=now)
    assert filled(receipt) == {"orders", "order_lines", "stock_levels", "costs"}
    with pytest.raises(UnknownTableError, match="no column Hyller"):
        workspace.load_file(
            home, owner, BOOK, "bok.xlsx", now=now,
            mapping={"table": "stock_levels", "columns": {"Hyller": "product_id"}},
        )  # fmt: skip


def test_one_table_of_a_book_makes_a_table_of_the_shops_own(home: Home, owner: Asker, now: datetime) -> None:
    made = workspace.design_table(home, owner, BOOK, "bok.xlsx", mapping=chosen(2))
    assert [column.label for column in made.table.columns.values()][:3] == STOCK[0]
    loaded = workspace.load_file(
        home, owner, BOOK, "bok.xlsx", mapping=chosen(2), new_table=workspace.Wish("hyller"), now=now
    )
    assert (filled(loaded), loaded.accepted) == ({"hyller"}, 2)
    assert filled(workspace.load_file(home, owner, BOOK, "bok.xlsx", mapping=chosen(1), now=now)) == {
        "orders", "order_lines",
    }  # fmt: skip
    assert workspace.check(home, owner)["ok"]
