"""Layouts of files that fill two tables at once: order lines that carry their orders, a stock list that
carries its products."""

# ruff: noqa: E501 - word lists and SQL read better unbroken
from __future__ import annotations

from collections.abc import Mapping, Set

from kpi_tree.ingest.mapping.layout import Layout, Wanted

ORDER_TABLE = "order_table"
"""A shop's own file of order lines that carries its orders too: feeds ``orders`` and ``order_lines``."""

ORDER_FIELDS: Mapping[str, str] = {
    "order_id": "text",
    "ordered_at": "instant",
    "customer_id": "text",
    "product_id": "text",
    "product_name": "text",
    "category": "text",
    "quantity": "quantity",
    "unit_price": "money",
    "line_total": "money",
    "discount": "money",
    "unit_cost": "money",
    "currency": "text",
    "country": "text",
    "channel": "text",
    "status": "text",
    "coupon": "text",
    "shipping": "money",
    "tax": "money",
    "total": "money",
    "device": "text",
    "source": "text",
    "medium": "text",
    "campaign": "text",
    "line_no": "integer",
}
_CANCELLED = (
    "'cancelled', 'canceled', 'cancel', 'void', 'voided', 'annulled', 'kansellert', 'annullert', 'avbestilt', 'makulerad', "
    "'avbruten', 'storniert', 'annulé', 'annulée', 'annuleret', 'キャンセル', '取消', 'キャンセル済み', 'キャンセル済'"
)

STOCK_LIST = "stock_list"
"""A list of what is in stock that may carry its products too: feeds ``stock_levels`` and ``products``."""

OF_PRODUCT: Mapping[str, str] = {
    "name": "text",
    "category": "text",
    "brand": "text",
    "unit_cost": "money",
    "price": "money",
}
STOCK_FIELDS: Mapping[str, str] = {
    "product_id": "text",
    "on_hand": "quantity",
    "available": "quantity",
    "location": "text",
    "counted_at": "instant",
    **OF_PRODUCT,
    "currency": "text",
}

COMPOSED: Mapping[str, Mapping[str, str]] = {ORDER_TABLE: ORDER_FIELDS, STOCK_LIST: STOCK_FIELDS}
"""Kinds of file that fill two tables -> their fields, with types."""
FILLS: Mapping[str, tuple[str, ...]] = {
    ORDER_TABLE: ("order_lines", "orders"),
    STOCK_LIST: ("stock_levels", "products"),
}
"""The tables that they fill, the one that names them first."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    ORDER_TABLE: ("order_id", "ordered_at", "quantity", "unit_price|line_total"),
    STOCK_LIST: ("product_id", "on_hand"),
}


def status_sql(field: str) -> str:
    """SQL of the state of an order, told from words in many languages."""
    return (
        f"CASE WHEN lower({field}) IN ({_CANCELLED}) THEN 'cancelled' "
        f"WHEN lower({field}) IN ('test', 'テスト') THEN 'test' ELSE 'placed' END"
    )


def order_layout(wanted: dict[str, Wanted], said: Set[str] = frozenset()) -> Layout:
    """The layout of a shop's own order lines; ``said`` are fields that are the same in every row."""
    given = {*wanted, *said}
    for field, kind in ORDER_FIELDS.items():
        wanted.setdefault(field, Wanted(field, kind, ()))
    first = (
        "customer_id",
        "country",
        "channel",
        "coupon",
        "device",
        "source",
        "medium",
        "campaign",
        "shipping",
        "tax",
        "total",
    )
    once = ", ".join(
        f"{f'arg_min({name}, _row) FILTER (WHERE {name} IS NOT NULL)' if name in given else 'NULL'} AS {name}"
        for name in first
    )
    return Layout(
        id=ORDER_TABLE,
        vendor="",
        columns=wanted,
        recognise=(),
        apart="order_id",
        numbered="order_id",
        rows="SELECT * EXCLUDE (_nth) REPLACE (coalesce(line_no, _nth) AS line_no,"
        " coalesce(product_id, product_name) AS product_id,"
        " coalesce(unit_price, CAST(line_total / nullif(quantity, 0) AS DECIMAL(18, 4))) AS unit_price,"
        " upper(coalesce(currency, getvariable('currency'))) AS currency) FROM src",
        skip=(("nothing_sold", "quantity = 0"), ("missing_price", "unit_price IS NULL")),
        notes=(("negative_lines_as_refunds", "SELECT count(*) FROM good WHERE quantity < 0"),),
        tables={
            "order_lines": "SELECT order_id, line_no, first_at AS ordered_at, product_id,"
            " product_name, category, quantity, unit_price, abs(discount) AS discount, unit_cost, currency, _row"
            " FROM good JOIN (SELECT _of, min(ordered_at) AS first_at FROM good WHERE quantity > 0"
            " GROUP BY _of) USING (_of) WHERE quantity > 0",
            "orders": f"SELECT order_id, min(ordered_at) AS ordered_at, {once}, {status_sql('arg_min(status, _row)')} AS status,"
            " arg_min(currency, _row) AS currency, min(_row) AS _row FROM good WHERE quantity > 0 GROUP BY order_id",
            "refunds": "SELECT order_id || '-return' AS refund_id, line_no, order_id, ordered_at AS refunded_at, customer_id,"
            " product_id, -quantity AS quantity, CAST(-quantity * abs(unit_price) AS DECIMAL(18, 4)) AS amount, unit_cost, currency, country, _row"
            " FROM good WHERE quantity < 0",
        },
    )


def stock_layout(wanted: dict[str, Wanted]) -> Layout:
    """The layout of a stock list: a count of each row, and a product of each number where the list says more
    of it than that.

    A list of what there is now names no day: ``counted_at`` is then the day that was settled for the file.
    """
    told = [field for field in OF_PRODUCT if field in wanted]
    dated = "counted_at" in wanted
    for field, kind in STOCK_FIELDS.items():
        wanted.setdefault(field, Wanted(field, kind, ()))
    counted = "counted_at" if dated else "CAST(getvariable('day') AS TIMESTAMPTZ)"
    tables = {
        "stock_levels": f"SELECT product_id, location, {counted} AS counted_at, on_hand, available, _row FROM good"
    }
    if told:
        each = ", ".join(
            f"{f'arg_min({name}, _row) FILTER (WHERE {name} IS NOT NULL)' if name in told else 'NULL'} AS {name}"
            for name in OF_PRODUCT
        )
        tables["products"] = (
            f"SELECT product_id, {each}, upper(coalesce(arg_min(currency, _row), getvariable('currency'))) AS currency,"
            " min(_row) AS _row FROM good GROUP BY product_id"
        )
    return Layout(STOCK_LIST, "", wanted, (), tables, apart="product_id", asks_day=not dated)
