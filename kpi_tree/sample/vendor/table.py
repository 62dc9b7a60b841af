"""The plain order table that a small Norwegian shop keeps or exports: semicolons, decimal comma, Windows
letters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kpi_tree.sample.vendor.cut import Cut, to_csv

HEADER = [
    "Ordrenr",
    "Ordredato",
    "Kundenr",
    "Varenr",
    "Varenavn",
    "Kategori",
    "Antall",
    "Enhetspris",
    "Rabatt",
    "Land",
    "Valuta",
]


def comma(value: Decimal) -> str:
    """An amount as it is written in Norwegian, with a space between thousands.

    >>> comma(Decimal("1290")), comma(Decimal("74.7"))
    ('1 290,00', '74,70')
    """
    return f"{value:,.2f}".replace(",", " ").replace(".", ",")


def order_lines(cut: Cut) -> str:
    """The lines of placed orders. A discount on the whole order stands on its first line."""
    orders = {row["order_id"]: row for row in cut.rows("orders") if row["status"] == "placed"}
    rows: list[list[Any]] = [HEADER]
    for line in cut.rows("order_lines"):
        order = orders.get(line["order_id"])
        if order is None:
            continue
        off = line["discount"] + (order["discount"] if line["line_no"] == 1 else Decimal())
        rows.append([
            line["order_id"], f"{line['ordered_at']:%d.%m.%Y %H:%M:%S}", order["customer_id"],
                line["product_id"],
            line["product_name"], line["category"], int(line["quantity"]), comma(line["unit_price"]),
            comma(off), order["country"], order["currency"],
        ])  # fmt: skip
    return to_csv(rows, delimiter=";", end="\r\n")
