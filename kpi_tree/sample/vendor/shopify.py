"""Shopify's exports of orders, customers and stock."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import lru_cache
from typing import Any

from kpi_tree.sample.shop import facts
from kpi_tree.sample.vendor.cut import Cut, header, to_csv, two
from kpi_tree.sample.world import plain

PAYMENTS = ("vipps", "klarna", "kort")
ZIPS = {
    "Oslo": "0150",
    "Bergen": "5003",
    "Trondheim": "7011",
    "Drammen": "3015",
    "Tromsø": "9008",
    "Ålesund": "6002",
    "Bodø": "8006",
    "Kristiansand": "4610",
    "Göteborg": "41103",
    "Malmö": "21119",
    "Åre": "83013",
    "København": "1050",
    "Århus": "8000",
    "Skagen": "9990",
}


@lru_cache(maxsize=1)
def _spelling() -> dict[str, str]:
    known = facts()["customers"]
    return {plain(name): name for which in ("first", "last") for name in known[which]}


def full_name(email: str) -> tuple[str, str]:
    """First and last name of a customer of the sample.

    >>> full_name("aase.boe.17@example.com")
    ('Åse', 'Bøe')
    """
    first, last, _ = email.split("@")[0].split(".")
    return _spelling()[first], _spelling()[last]


def orders(cut: Cut) -> str:
    """One row a line; the order's cells stand on its first row only. Test orders are not exported."""
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    paid_back: dict[str, Decimal] = defaultdict(Decimal)
    for line in cut.rows("order_lines"):
        lines[line["order_id"]].append(line)
    for refund in Cut(cut.tables, cut.first).rows("refunds"):
        paid_back[refund["order_id"]] += refund["amount"]
    brands = {row["product_id"]: row["brand"] for row in cut.rows("products")}
    people = {row["customer_id"]: row for row in Cut(cut.tables).rows("customers")}
    names = header("shopify_orders")
    rows: list[list[Any]] = [names]
    for order in sorted(cut.rows("orders"), key=lambda row: row["ordered_at"], reverse=True):
        if order["status"] == "test":
            continue
        for n, line in enumerate(lines[order["order_id"]]):
            cells = _line_cells(order, line, brands)
            if n == 0:
                own = sum((one["discount"] for one in lines[order["order_id"]]), Decimal())
                gross = sum(
                    (one["quantity"] * one["unit_price"] for one in lines[order["order_id"]]), Decimal()
                )
                person = people[order["customer_id"]]
                cells |= _order_cells(
                    order, gross, own + order["discount"], paid_back[order["order_id"]], person
                )
            rows.append([cells.get(name, "") for name in names])
    return to_csv(rows)


def _line_cells(order: dict[str, Any], line: dict[str, Any], brands: dict[str, str]) -> dict[str, Any]:
    return {
        "Name": order["order_id"], "Email": order["customer_id"],
        "Created at": _stamp(order["ordered_at"]), "Lineitem quantity": int(line["quantity"]),
        "Lineitem name": line["product_name"], "Lineitem price": two(line["unit_price"]),
        "Lineitem sku": line["product_id"], "Lineitem requires shipping": "true", "Lineitem taxable": "true",
        "Lineitem fulfillment status": "pending" if order["status"] == "cancelled" else "fulfilled",
        "Vendor": brands[line["product_id"]], "Lineitem discount": "0.00",
    }  # fmt: skip


def _order_cells(
    order: dict[str, Any], gross: Decimal, off: Decimal, back: Decimal, person: dict[str, Any]
) -> dict[str, Any]:
    """Shopify gives all that was taken off as the order's discount."""
    cancelled = order["status"] == "cancelled"
    first, last = full_name(order["customer_id"])
    when = _stamp(order["ordered_at"])
    number = int(order["order_id"][1:7] + order["order_id"][8:])
    part = "refunded" if back == gross - off else "partially_refunded"
    state = "voided" if cancelled else part if back else "paid"
    made: dict[str, Any] = {
        "Financial Status": state, "Paid at": "" if cancelled else when,
        "Fulfillment Status": "unfulfilled" if cancelled else "fulfilled",
        "Fulfilled at": "" if cancelled else when,
            "Accepts Marketing": "yes" if person["email_opt_in"] else "no",
        "Currency": order["currency"], "Subtotal": two(gross - off), "Shipping": two(order["shipping"]),
        "Taxes": two(order["tax"]), "Total": two(order["total"]), "Discount Code": order["coupon"] or "",
        "Discount Amount": two(off), "Shipping Method": "Hjemlevering" if number % 3 else "Pakkeboks",
        "Cancelled at": when if cancelled else "", "Payment Method": PAYMENTS[number % 3],
        "Refunded Amount": two(back), "Outstanding Balance": "0.00", "Id": 5_580_000_000_000 + number,
        "Risk Level": "Low", "Source": "web", "Tax 1 Name": "MVA 25%", "Tax 1 Value": two(order["tax"]),
    }  # fmt: skip
    for side in ("Billing", "Shipping"):
        made |= {
            f"{side} Name": f"{first} {last}",
            f"{side} City": person["city"],
            f"{side} Zip": f"'{ZIPS[person['city']]}",
            f"{side} Country": order["country"],
        }
    return made


def _stamp(when: Any) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S %z}"


def customers(cut: Cut) -> str:
    """Everybody who ordered in these days, with totals as of the records' end."""
    wanted = {row["customer_id"] for row in cut.rows("orders")}
    rows: list[list[Any]] = [header("shopify_customers")]
    for n, person in enumerate(p for p in Cut(cut.tables).rows("customers") if p["customer_id"] in wanted):
        first, last = full_name(person["customer_id"])
        rows.append([
            f"'{7_210_448_000_000 + n}", first, last, person["customer_id"],
            "yes" if person["email_opt_in"] else "no", "", "", "", person["city"], "", person["country"],
            f"'{ZIPS[person['city']]}", "", "", "yes" if person["sms_opt_in"] else "no",
            two(person["total_spent"]), person["total_orders"], "", "no", person["segment"],
        ])  # fmt: skip
    return to_csv(rows)


def inventory(cut: Cut) -> str:
    """The stock as last counted in these days."""
    last = {row["product_id"]: row for row in cut.rows("stock_levels")}
    rows: list[list[Any]] = [header("shopify_inventory")]
    for product in cut.rows("products"):
        level = last[product["product_id"]]
        hand, free = int(level["on_hand"]), int(level["available"])
        rows.append([
            product["product_id"].lower(), product["name"], "Title", "Default Title", "", "", "", "",
            product["product_id"], "", "NO", level["location"], "", 0, 0, hand - free, free, hand, "",
        ])  # fmt: skip
    return to_csv(rows)
