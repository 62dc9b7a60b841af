# ruff: noqa: E501 (SQL reads better in one line)
"""The KPIs that orders, order lines, refunds and sessions give by country, each as one query by hand.

``orders``, ``order_lines``, ``refunds`` and ``sessions`` are the record tables; a query gives day, country and value.
"""

from __future__ import annotations

PLACED = "(SELECT *, day(ordered_at) AS d FROM orders WHERE coalesce(status, 'placed') = 'placed')"
LINES = (
    f"(SELECT l.*, day(l.ordered_at) AS d, o.country, o.customer_id FROM order_lines l JOIN {PLACED} o USING (order_id) "
    "WHERE l.line_type IS DISTINCT FROM 'adjustment')"
)
REFUNDS = f"(SELECT r.*, day(r.refunded_at) AS d, coalesce(r.country, o.country) AS place FROM refunds r LEFT JOIN {PLACED} o USING (order_id))"
NTH = f"(SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY ordered_at, order_id) AS nth FROM {PLACED} WHERE customer_id IS NOT NULL)"
VISITS = "(SELECT *, day(started_at) AS d FROM sessions)"
UNITS = "CASE WHEN coalesce(line_type, 'product') = 'product' THEN quantity END"


def per(value: str, source: str, country: str = "country") -> str:
    """A value by day and country."""
    return f"SELECT d, {country} AS c, {value} AS v FROM {source} GROUP BY ALL"


def together(sign_and_part: list[tuple[str, str]]) -> str:
    """The sum of several values of one day and country."""
    parts = " UNION ALL ".join(f"SELECT d, c, {sign}v AS v FROM ({part})" for sign, part in sign_and_part)
    return f"SELECT d, c, sum(v) AS v FROM ({parts}) GROUP BY ALL"


def over(above: str, below: str) -> str:
    """A ratio of two values of one day and country; none where a side is missing."""
    return (
        f"SELECT a.d, a.c, a.v::DOUBLE / nullif(b.v, 0) AS v FROM ({above}) a JOIN ({below}) b "
        "ON a.d = b.d AND a.c IS NOT DISTINCT FROM b.c"
    )


GROSS = per("sum(quantity * unit_price)", LINES)
LINE_DISCOUNTS, ORDER_DISCOUNTS = per("sum(discount)", LINES), per("sum(discount)", PLACED)
RETURNS = per("sum(amount)", REFUNDS, "place")
BOUGHT = together([("", GROSS), ("-", LINE_DISCOUNTS), ("-", ORDER_DISCOUNTS)])
SALES = together([("", GROSS), ("-", LINE_DISCOUNTS), ("-", ORDER_DISCOUNTS), ("-", RETURNS)])
COGS = together(
    [("", per(f"sum({UNITS} * unit_cost)", LINES)), ("-", per("sum(quantity * unit_cost)", REFUNDS, "place"))]
)
PROFIT = together([("", SALES), ("-", COGS)])
ORDERS = per("count(*)", PLACED)
VISITORS = per("count(DISTINCT visitor_id)", VISITS)
OF_ORDER = (
    f"(SELECT order_id, sum({UNITS}) AS units, count(DISTINCT product_id) FILTER (coalesce(line_type, 'product') = 'product') AS products "
    "FROM order_lines GROUP BY order_id)"
)
WITH_LINES = f"(SELECT * FROM {PLACED} JOIN {OF_ORDER} USING (order_id))"
BUYERS = f"(SELECT DISTINCT session_id FROM {PLACED} WHERE session_id IS NOT NULL)"
FIRST = (
    "(SELECT d, country, ordered_at, lead(ordered_at) OVER w AS next_at, row_number() OVER w AS nth "
    f"FROM {PLACED} WHERE customer_id IS NOT NULL WINDOW w AS (PARTITION BY customer_id ORDER BY ordered_at, order_id))"
)
RIPE = f"(SELECT * FROM {FIRST} WHERE nth = 1 AND d + 90 <= (SELECT max(d) FROM {PLACED}))"
BACK = "avg((next_at IS NOT NULL AND next_at <= ordered_at + INTERVAL 90 DAY)::INTEGER)"
WORTH = (
    f"(SELECT n.d, n.country, n.nth, g.v - n.discount AS v FROM {NTH} n "
    f"JOIN (SELECT order_id, sum(quantity * unit_price - discount) AS v FROM {LINES} GROUP BY order_id) g USING (order_id))"
)
REFUNDED = f"(SELECT day(r.refunded_at) AS d, n.country, n.nth, r.amount FROM refunds r JOIN {NTH} n USING (order_id))"
BY_PRODUCT = (
    "(SELECT d, country, epoch(ordered_at - lag(ordered_at) OVER (PARTITION BY customer_id, product_id ORDER BY ordered_at, order_id)) / 86400.0 AS gap "
    f"FROM (SELECT customer_id, product_id, order_id, min(timezone('Europe/Oslo', ordered_at)) AS ordered_at, min(d) AS d, any_value(country) AS country FROM {LINES} "
    f"WHERE customer_id IS NOT NULL AND {UNITS} > 0 GROUP BY ALL))"
)
GAPS = "(SELECT d, country, epoch(started_at - lag(started_at) OVER (PARTITION BY visitor_id ORDER BY started_at, session_id)) / 86400.0 AS gap FROM " + VISITS + ")"  # fmt: skip


def most(group: str) -> str:
    """The share of the largest group of each day and country."""
    counted = f"(SELECT d, country, {group}, count(*) AS n FROM {VISITS} GROUP BY ALL)"
    return per("max(n) / sum(n)", counted)


BY_HAND = {
    "gross_sales": GROSS,
    "discounts": together([("", LINE_DISCOUNTS), ("", ORDER_DISCOUNTS)]),
    "returns": RETURNS,
    "sales": SALES,
    "orders": ORDERS,
    "average_order_value": over(BOUGHT, ORDERS),
    "new_customer_orders": per("count(*)", f"{NTH} WHERE nth = 1"),
    "returning_customer_orders": per("count(*)", f"{NTH} WHERE nth > 1"),
    "conversion_rate": per(
        "count(b.session_id) / count(*)", f"{VISITS} s LEFT JOIN {BUYERS} b USING (session_id)"
    ),
    "revenue_per_visitor": over(SALES, VISITORS),
    "cogs": COGS,
    "gross_profit": PROFIT,
    "average_margin": over(PROFIT, SALES),
    "product_affinity": per("avg((products >= 2)::INTEGER)", f"{WITH_LINES} WHERE products >= 1"),
    "sessions": per("count(*)", VISITS),
    "bounce_rate": per("avg((page_views = 1)::INTEGER)", VISITS),
    "visitors": VISITORS,
    "new_visitor_share": per("avg(new_visitor::INTEGER)", VISITS),
    "time_on_site": per("sum(duration_seconds) / count(DISTINCT visitor_id)", VISITS),
    "average_session_duration": per("avg(duration_seconds)", VISITS),
    "pages_per_visit": per("sum(page_views) / count(*)", VISITS),
    "traffic_source": most("source, medium"),
    "mobile_share": per("avg((lower(device) = 'mobile')::INTEGER)", VISITS),
    "day_parts": most("hour(timezone('Europe/Oslo', started_at))"),
    "ppc_traffic": per("count(*) FILTER (lower(medium) = 'cpc')", VISITS),
    "items_per_order": per("sum(units) / count(*)", f"{WITH_LINES} WHERE units IS NOT NULL"),
    "new_session_ratio": per(
        "sum(new_visitor::INTEGER) / nullif(count(*) - sum(new_visitor::INTEGER), 0)", VISITS
    ),
    "one_time_purchase_rate": per(f"1 - {BACK}", RIPE),
    "second_purchase_rate": per(BACK, RIPE),
    "pages_per_person": per("sum(page_views) / count(DISTINCT visitor_id)", VISITS),
    "visit_interval": per("median(gap)", f"{GAPS} WHERE gap IS NOT NULL"),
    "purchase_cycle": per("median(gap)", f"{BY_PRODUCT} WHERE gap IS NOT NULL"),
    "new_average_order_value": per("sum(v) / count(*)", f"{WORTH} WHERE nth = 1"),
    "repeat_average_order_value": per("sum(v) / count(*)", f"{WORTH} WHERE nth > 1"),
    "new_to_repeat_sales_ratio": over(
        together(
            [
                ("", per("sum(v)", f"{WORTH} WHERE nth = 1")),
                ("-", per("sum(amount)", f"{REFUNDED} WHERE nth = 1")),
            ]
        ),
        together(
            [
                ("", per("sum(v)", f"{WORTH} WHERE nth > 1")),
                ("-", per("sum(amount)", f"{REFUNDED} WHERE nth > 1")),
            ]
        ),
    ),
}
"""KPI → its query. Each stands alone: what two of them need is worked out twice, as by-hand queries do."""
