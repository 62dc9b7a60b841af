"""What must hold between the sample shop's tables. Each law is a query that finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from kpi_tree.records import arrow_schema, tables

Ask = Callable[[str], list[tuple[Any, ...]]]


def test_every_record_table_is_there_in_its_schema_and_filled(shop: Mapping[str, pa.Table]) -> None:
    assert list(shop) == list(tables())
    for name, rows in shop.items():
        assert rows.schema.equals(arrow_schema(name)), name
        assert rows.num_rows, name


@pytest.mark.parametrize("name", list(tables()))
def test_keys_are_unique_and_values_allowed(shop: Mapping[str, pa.Table], ask: Ask, name: str) -> None:
    table, rows = tables()[name], shop[name]
    keys = ", ".join(f'"{column}"' for column in table.key)
    assert ask(f'SELECT {keys}, count(*) FROM "{name}" GROUP BY {keys} HAVING count(*) > 1 LIMIT 3') == []
    for column in table.columns.values():
        found = rows[column.name]
        if column.required or column.name in table.key:
            assert found.null_count == 0, column.name
        if column.values:
            assert set(pc.unique(found).to_pylist()) <= {*column.values, None}, column.name
    assert rows["_row"].to_pylist() == list(range(1, rows.num_rows + 1))


@pytest.mark.parametrize("name", [name for name in tables() if name not in {"customers"}])
def test_every_column_says_something(shop: Mapping[str, pa.Table], name: str) -> None:
    empty = {column for column in shop[name].column_names if shop[name][column].null_count == len(shop[name])}
    assert empty == set()


LAWS: dict[str, str] = {
    "a line has its order and carries its time": """
        SELECT * FROM order_lines l LEFT JOIN orders o USING (order_id)
        WHERE o.order_id IS NULL OR o.ordered_at <> l.ordered_at""",
    "an order has lines": "SELECT * FROM orders WHERE order_id NOT IN (SELECT order_id FROM order_lines)",
    "an order comes from its own visit, of the same person and source, within it, on the same day": """
        SELECT * FROM orders o LEFT JOIN sessions s USING (session_id)
        WHERE s.session_id IS NULL OR s.customer_id IS DISTINCT FROM o.customer_id OR s.source <> o.source
           OR s.medium <> o.medium OR s.campaign IS DISTINCT FROM o.campaign OR s.device <> o.device
           OR s.country <> o.country OR local_day(s.started_at) <> local_day(o.ordered_at)
           OR o.ordered_at < s.started_at
           OR o.ordered_at > s.started_at + to_seconds(CAST(s.duration_seconds AS BIGINT))""",
    "no two orders share a visit": "SELECT session_id FROM orders GROUP BY 1 HAVING count(*) > 1",
    "what the customer was charged adds up": """
        SELECT * FROM orders o JOIN (SELECT order_id, sum(quantity * unit_price - discount) AS net FROM
          order_lines
                                     GROUP BY 1) USING (order_id)
        WHERE total <> net - o.discount + shipping OR abs(tax * 5 - total) > 0.025""",
    "a product stands once in an order": """
        SELECT order_id FROM order_lines GROUP BY order_id, product_id HAVING count(*) > 1""",
    "lines are numbered from one": """
        SELECT order_id FROM order_lines GROUP BY 1 HAVING min(line_no) <> 1 OR max(line_no) <> count(*)""",
    "a refund is of a placed order's line, later, and never more than was bought and paid": """
        SELECT r.* FROM refunds r LEFT JOIN orders o USING (order_id)
        LEFT JOIN order_lines l ON l.order_id = r.order_id AND l.product_id = r.product_id
        WHERE l.order_id IS NULL OR o.status <> 'placed' OR r.refunded_at <= o.ordered_at OR r.quantity >
          l.quantity
           OR r.amount * l.quantity > (l.quantity * l.unit_price - l.discount) * r.quantity OR r.amount <= 0
           OR r.unit_cost <> l.unit_cost OR r.customer_id <> o.customer_id""",
    "an order's refunds are never more than was paid for its goods": """
        SELECT * FROM orders o JOIN (SELECT order_id, sum(amount) AS back FROM refunds GROUP BY 1) USING
          (order_id)
        WHERE back > total - shipping""",
    "customers carry what their placed orders add up to, and are not younger than the first": """
        SELECT * FROM customers c LEFT JOIN (
            SELECT customer_id, min(ordered_at) AS first, count(*) FILTER (status = 'placed') AS n,
                   coalesce(sum(total) FILTER (status = 'placed'), 0) AS spent FROM orders GROUP BY 1
        ) o USING (customer_id)
        WHERE o.n IS NULL OR o.n <> c.total_orders OR o.spent <> c.total_spent OR c.created_at > o.first""",
    "every order's customer is known": """
        SELECT * FROM orders WHERE customer_id NOT IN (SELECT customer_id FROM customers)""",
    "stock is never below nothing": "SELECT * FROM stock_levels WHERE on_hand < 0 OR available > on_hand",
    "stock changes by what came in and what was sold, to the unit": """
        WITH days AS (SELECT product_id, local_day(counted_at) AS day, on_hand, lag(on_hand) OVER w AS before
                      FROM stock_levels WINDOW w AS (PARTITION BY product_id ORDER BY counted_at)),
        came AS (SELECT product_id, local_day(received_at) AS day, sum(quantity) AS n FROM stock_receipts
          GROUP BY ALL),
        sold AS (SELECT product_id, local_day(l.ordered_at) AS day, sum(quantity) AS n
                 FROM order_lines l JOIN orders o USING (order_id) WHERE status = 'placed' GROUP BY ALL)
        SELECT * FROM days LEFT JOIN came USING (product_id, day) LEFT JOIN sold USING (product_id, day)
        WHERE before IS NOT NULL AND on_hand <> before + coalesce(came.n, 0) - coalesce(sold.n, 0)""",
    "a purchase is a placed order's, at its time": """
        SELECT * FROM (SELECT * FROM cart_events WHERE step = 'purchase') e
        FULL JOIN (SELECT * FROM orders WHERE status = 'placed') o ON o.order_id = e.order_id
        WHERE e.order_id IS NULL OR o.order_id IS NULL OR e.session_id <> o.session_id
           OR e.occurred_at <> o.ordered_at""",
    "cart events lie within their visit": """
        SELECT * FROM cart_events e LEFT JOIN sessions s USING (session_id)
        WHERE s.session_id IS NULL OR e.occurred_at < s.started_at
           OR e.occurred_at > s.started_at + to_seconds(CAST(s.duration_seconds AS BIGINT))""",
    "no step to pay without the one before": """
        WITH steps AS (SELECT session_id, list(DISTINCT step) AS s FROM cart_events GROUP BY 1)
        SELECT * FROM steps WHERE NOT list_contains(s, 'add_to_cart')
           OR (list_contains(s, 'purchase') AND NOT list_contains(s, 'add_payment'))
           OR (list_contains(s, 'add_payment') AND NOT list_contains(s, 'add_shipping'))
           OR (list_contains(s, 'add_shipping') AND NOT list_contains(s, 'begin_checkout'))""",
    "what was ordered had been put into the cart": """
        SELECT * FROM order_lines l JOIN orders o USING (order_id)
        WHERE NOT EXISTS (SELECT 1 FROM cart_events e WHERE e.session_id = o.session_id
                          AND e.step = 'add_to_cart' AND e.product_id = l.product_id)""",
    "page views are as many as their visit says, in its order of pages and time": """
        WITH v AS (SELECT session_id, count(*) AS n, min(viewed_at) AS first, max(viewed_at) AS last,
                          arg_min(page, viewed_at) AS landing FROM page_views GROUP BY 1)
        SELECT * FROM v JOIN sessions s USING (session_id)
        WHERE n <> page_views OR first <> started_at
           OR last > started_at + to_seconds(CAST(duration_seconds AS BIGINT))
           OR (landing <> landing_page AND duration_seconds >= page_views)""",
    "the page views of the last 120 days are complete": """
        SELECT * FROM sessions WHERE local_day(started_at) >= DATE '2026-11-22' - 120
          AND session_id NOT IN (SELECT session_id FROM page_views)""",
    "whoever ordered has seen the goods and the checkout": """
        SELECT * FROM order_lines l JOIN orders o USING (order_id)
        WHERE session_id IN (SELECT session_id FROM page_views) AND NOT EXISTS (
            SELECT 1 FROM page_views v WHERE v.session_id = o.session_id AND v.product_id = l.product_id)""",
    "a form's page was seen in that visit": """
        SELECT * FROM form_events f WHERE NOT EXISTS (
            SELECT 1 FROM page_views v WHERE v.session_id = f.session_id AND v.page = f.page)""",
    "the searches are of visits": """
        SELECT * FROM site_searches WHERE session_id NOT IN (SELECT session_id FROM sessions)""",
    "each day has as many new subscribers as newsletter forms sent off": """
        WITH a AS (SELECT local_day(subscribed_at) AS day, count(*) AS n FROM subscriptions
                   WHERE channel = 'email' GROUP BY 1),
        b AS (SELECT local_day(occurred_at) AS day, count(*) AS n FROM form_events
              WHERE form = 'newsletter' AND step = 'submitted' GROUP BY 1)
        SELECT * FROM b LEFT JOIN a USING (day) WHERE a.n IS DISTINCT FROM b.n""",
    "a paid campaign has at least as many clicks as visits, by day and device": """
        WITH s AS (SELECT local_day(started_at) AS day, campaign, device, source, medium, count(*) AS n
          FROM sessions
                   WHERE medium IN ('cpc', 'display', 'paid_social') GROUP BY ALL),
        a AS (SELECT day, campaign, device, clicks, conversions, revenue,
                     CASE medium WHEN 'search' THEN 'cpc' WHEN 'social' THEN 'paid_social' ELSE medium END
                       AS medium,
                     CASE WHEN ad_group = '' THEN 'google' ELSE lower(ad_group) END AS source FROM ad_stats)
        SELECT * FROM s FULL JOIN a USING (day, campaign, device, source, medium)
        WHERE s.n IS NULL OR a.clicks IS NULL OR a.clicks < s.n OR a.clicks > 2 * s.n + 5""",
    "an advertisement's orders and revenue are those of its visits": """
        WITH o AS (SELECT local_day(ordered_at) AS day, campaign, device, source, medium, count(*) AS n,
                          sum(net - discount) AS worth
                   FROM orders JOIN (SELECT order_id, sum(quantity * unit_price - discount) AS net FROM
                     order_lines
                                     GROUP BY 1) USING (order_id)
                   WHERE status = 'placed' AND medium IN ('cpc', 'display', 'paid_social') GROUP BY ALL)
        SELECT (SELECT sum(n) FROM o), (SELECT sum(worth) FROM o), sum(conversions), sum(revenue) FROM
          ad_stats
        HAVING (SELECT sum(n) FROM o) <> sum(conversions) OR (SELECT sum(worth) FROM o) <> sum(revenue)""",
    "a partner's clicks, orders and revenue are those of its visits": """
        WITH s AS (SELECT local_day(started_at) AS day, source, count(*) AS n FROM sessions
                   WHERE medium = 'affiliate' GROUP BY ALL)
        SELECT * FROM s FULL JOIN affiliate_stats a ON a.day = s.day AND lower(a.affiliate) = s.source
        WHERE s.n IS DISTINCT FROM a.clicks""",
    "a newsletter's clicks are the visits that carry its name, its unique ones their people": """
        WITH s AS (SELECT campaign, count(*) AS n, count(DISTINCT visitor_id) AS people FROM sessions
                   WHERE medium = 'email' GROUP BY 1)
        SELECT * FROM message_sends m LEFT JOIN s USING (campaign) WHERE m.channel = 'email' AND sent_at <
          '2026-11-21'
          AND (s.n IS DISTINCT FROM total_clicks OR s.people IS DISTINCT FROM unique_clicks)""",
    "a sending goes to all who are then on the list, and its leavers are theirs": """
        WITH next AS (SELECT *, lead(sent_at, 1, TIMESTAMPTZ '2100-01-01') OVER (PARTITION BY channel ORDER
          BY sent_at)
                             AS until FROM message_sends)
        SELECT n.send_id FROM next n JOIN subscriptions u ON u.channel = n.channel AND u.list = n.list
        GROUP BY n.send_id, n.recipients, n.unsubscribes
        HAVING count(*) FILTER (subscribed_at <= sent_at AND coalesce(unsubscribed_at > sent_at, true)) <>
          recipients
            OR count(*) FILTER (unsubscribed_at >= sent_at AND unsubscribed_at < until) <> unsubscribes""",
    "a sending's figures shrink from step to step": """
        SELECT * FROM message_sends WHERE delivered + bounces <> recipients OR unique_opens > delivered
           OR unique_clicks > coalesce(unique_opens, delivered) OR unique_clicks > total_clicks""",
    "a post's clicks are its network's visits": """
        WITH s AS (SELECT campaign, count(*) AS n FROM sessions WHERE medium = 'social' GROUP BY 1)
        SELECT * FROM social_posts p LEFT JOIN s ON s.campaign = p.post_id
        WHERE coalesce(s.n, 0) <> p.clicks OR clicks > impressions""",
    "search clicks are not more than the visits they brought": """
        WITH s AS (SELECT local_day(started_at) AS day, count(*) AS n FROM sessions
                   WHERE source = 'google' AND medium = 'organic' GROUP BY 1)
        SELECT day FROM search_stats JOIN s USING (day) GROUP BY day, s.n
        HAVING sum(clicks) > s.n OR bool_or(clicks > impressions)""",
    "a ticket is a visit's, opened after it began, and goes on in order": """
        SELECT * FROM tickets t LEFT JOIN sessions s USING (session_id)
        WHERE s.session_id IS NULL OR opened_at < started_at OR local_day(opened_at) <> local_day(started_at)
           OR first_response_at < opened_at OR resolved_at < first_response_at
           OR (status = 'solved') <> (resolved_at IS NOT NULL) OR t.customer_id IS DISTINCT FROM
             s.customer_id""",
    "a ticket's last page is the last page that its visit saw": """
        WITH v AS (SELECT session_id, arg_max(page, (viewed_at, CAST(view_id[2:] AS BIGINT))) AS page
                   FROM page_views GROUP BY 1)
        SELECT * FROM tickets JOIN v USING (session_id) WHERE last_page <> v.page""",
    "every ticket by chat has its chat": """
        SELECT * FROM tickets WHERE channel = 'chat' AND session_id NOT IN (SELECT session_id FROM chats)""",
    "satisfaction is asked after a solved ticket": """
        SELECT * FROM surveys u LEFT JOIN tickets t USING (ticket_id)
        WHERE kind = 'csat' AND (t.resolved_at IS NULL OR answered_at <= resolved_at OR score NOT BETWEEN 1
          AND 5)""",
    "recommendations are asked of customers": """
        SELECT * FROM surveys WHERE kind = 'nps' AND (customer_id NOT IN (SELECT customer_id FROM customers)
           OR score NOT BETWEEN 0 AND 10)""",
    "reviews are of bought goods": """
        SELECT * FROM reviews r WHERE rating NOT BETWEEN 1 AND 5 OR NOT EXISTS (
            SELECT 1 FROM orders o JOIN order_lines l USING (order_id)
            WHERE o.customer_id = r.customer_id AND l.product_id = r.product_id AND o.ordered_at <
              r.reviewed_at)""",
    "the workshop made what its deliveries brought": """
        WITH made AS (SELECT product_id, sum(units_made) AS n FROM production_runs
                      WHERE local_day(started_at) BETWEEN DATE '2024-03-01' AND DATE '2026-08-31' GROUP BY 1),
        came AS (SELECT product_id, sum(quantity) AS n FROM stock_receipts
                 WHERE local_day(received_at) BETWEEN DATE '2024-03-01' AND DATE '2026-08-31' GROUP BY 1)
        SELECT * FROM made JOIN came USING (product_id) WHERE abs(made.n - came.n) > 0.1 * came.n + 60""",
    "a run's figures shrink from step to step": """
        SELECT * FROM production_runs WHERE units_good > units_made OR units_made > units_started
           OR run_minutes > planned_minutes OR units_made * ideal_cycle_seconds > run_minutes * 60""",
    "a shift's output is its run's": """
        SELECT * FROM shifts s JOIN production_runs p ON p.run_id[2:] = s.shift_id[2:]
        WHERE s.output <> p.units_made OR s.good_output <> p.units_good OR s.worked_hours >
          s.scheduled_hours""",
    "a project's cost to date is its hours'": """
        SELECT * FROM project_status p JOIN projects USING (project_id)
        WHERE started_on >= DATE '2023-12-01' AND actual_cost <> (
            SELECT coalesce(sum(CAST(hours AS DECIMAL(18, 4))), 0) * 750 FROM time_entries t
            WHERE t.project_id = p.project_id AND t.worked_on <= p.day)""",
    "earned value ends at the budget": """
        SELECT * FROM project_status JOIN projects USING (project_id)
        WHERE earned_value > budget OR planned_value > budget OR (day > ended_on AND earned_value <>
          budget)""",
    "an experiment's unit converted if it ordered": """
        SELECT * FROM exposures WHERE converted <> (value > 0) OR (converted AND unit_id NOT IN (
            SELECT visitor_id FROM sessions JOIN orders USING (session_id)))""",
    "nothing happens after the records' end": """
        SELECT 1 FROM orders WHERE local_day(ordered_at) >= '2026-11-22'
        UNION ALL SELECT 1 FROM refunds WHERE local_day(refunded_at) >= '2026-11-22'
        UNION ALL SELECT 1 FROM tickets WHERE greatest(first_response_at, resolved_at) >= '2026-11-22
          00:00+01'
        UNION ALL SELECT 1 FROM surveys WHERE local_day(answered_at) >= '2026-11-22'
        UNION ALL SELECT 1 FROM reviews WHERE local_day(reviewed_at) >= '2026-11-22'
        UNION ALL SELECT 1 FROM subscriptions WHERE local_day(unsubscribed_at) >= '2026-11-22'""",
    "the days that come as totals end where the single records begin": """
        SELECT max(day) FROM traffic_daily HAVING max(day) >= (SELECT min(local_day(started_at)) FROM
          sessions)
        UNION ALL
        SELECT max(day) FROM sales_daily HAVING max(day) >= (SELECT min(local_day(ordered_at)) FROM
          orders)""",
}


@pytest.mark.parametrize("law", list(LAWS))
def test_law(ask: Ask, law: str) -> None:
    assert ask(f"SELECT * FROM ({LAWS[law]}) LIMIT 3") == []


def test_all_customers_of_visits_are_the_visitors_themselves(ask: Ask) -> None:
    """One person has one visitor id: the customer of a visit follows from it."""
    assert (
        ask("""SELECT visitor_id FROM sessions WHERE customer_id IS NOT NULL
                  GROUP BY 1 HAVING count(DISTINCT customer_id) > 1""")
        == []
    )
    assert (
        ask("""SELECT customer_id FROM sessions WHERE customer_id IS NOT NULL
                  GROUP BY 1 HAVING count(DISTINCT visitor_id) > 1""")
        == []
    )


def test_a_visitor_is_new_once(ask: Ask) -> None:
    assert ask("SELECT visitor_id FROM sessions WHERE new_visitor GROUP BY 1 HAVING count(*) > 1") == []
    late = "HAVING min(started_at) FILTER (new_visitor) > min(started_at)"
    assert ask(f"SELECT visitor_id FROM sessions GROUP BY 1 {late}") == []
