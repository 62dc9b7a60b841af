"""Vendor exports are recognised by their headers and land in the record tables with the right sums."""

# ruff: noqa: E501 - tables of cases read better unbroken
from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kpi_tree.errors import Refused
from kpi_tree.ingest import Reading, read

FIXTURES = Path(__file__).parent / "fixtures"
PERIOD = {"options": {"period_start": "2026-04-01", "period_end": "2026-04-30"}}


def load(path: Path, mapping: dict[str, Any] | None = None) -> Reading:
    return read(path, path.name, mapping=mapping, today=date(2026, 11, 1), timezone="UTC")


def ask(done: Reading, sql: str) -> Any:
    with duckdb.connect() as engine:
        for name, table in done.tables.items():
            engine.register(name, table)
        found = engine.sql(sql).fetchall()
    return found[0][0] if len(found) == 1 and len(found[0]) == 1 else found


CHECKS: list[tuple[str, str, str, Any]] = [
    (
        "shopify_products.csv",
        "shopify_products",
        "SELECT count(*), sum(price), max(unit_cost) FROM products",
        [(3, Decimal(908), Decimal("80.5"))],
    ),
    (
        "shopify_products.csv",
        "shopify_products",
        "SELECT name FROM products WHERE product_id = 'KOPP-2'",
        'Kopp "Vik" - Rød',
    ),
    (
        "shopify_total_sales.csv",
        "shopify_total_sales",
        "SELECT sum(gross_sales - discounts - returns) FROM sales_daily",
        Decimal(930),
    ),
    (
        "shopify_conversion.csv",
        "shopify_conversion",
        "SELECT sum(sessions), sum(order_sessions), sum(duration_seconds) FROM traffic_daily",
        [(150, 5, 7650.0)],
    ),
    (
        "etsy_sold_items.csv",
        "etsy_sold_items",
        "SELECT sum(quantity * unit_price), sum(discount), min(ordered_at)::DATE, (SELECT sum(shipping) FROM orders), count(DISTINCT order_id) FROM order_lines",
        [(Decimal("95.5"), Decimal(4), date(2026, 5, 3), Decimal("10.5"), 2)],
    ),
    ("shopify_payouts.csv", "shopify_payouts", "SELECT sum(amount) FROM costs", Decimal("2.9")),
    (
        "ga4_pages_ja.csv",
        "ga4_report",
        "SELECT sum(page_views), min(day) FROM traffic_daily",
        [(150, date(2026, 8, 1))],
    ),
    (
        "ga4_acquisition_fr.csv",
        "ga4_report",
        "SELECT sum(sessions), sum(bounced_sessions), sum(revenue) FROM traffic_daily",
        [(100, 50, Decimal("10.5"))],
    ),
    (
        "google_ads_de.csv",
        "google_ads",
        "SELECT sum(cost), sum(impressions), sum(clicks), sum(conversions), min(day), any_value(currency) FROM ad_stats",
        [(Decimal("1023.6"), 10540, 90, 2.5, date(2026, 9, 1), "EUR")],
    ),
    (
        "google_ads_fr_utf16.csv",
        "google_ads",
        "SELECT sum(cost), sum(impressions), sum(clicks), sum(conversions) FROM ad_stats",
        [(Decimal("1023.6"), 10540, 90, 2.5)],
    ),
    (
        "google_ads_ja_cp932.csv",
        "google_ads",
        "SELECT sum(cost), sum(impressions), min(day) FROM ad_stats",
        [(Decimal(1330), 10540, date(2018, 5, 1))],
    ),
    (
        "meta_ads_de_cp1252.csv",
        "meta_ads",
        "SELECT sum(cost), sum(impressions), any_value(currency), any_value(campaign) FROM ad_stats",
        [(Decimal("2236.56"), 84899, "EUR", "Küche – breit")],
    ),
    (
        "meta_ads_no.csv",
        "meta_ads",
        "SELECT sum(cost), sum(clicks), any_value(currency) FROM ad_stats",
        [(Decimal("2237.06"), 640, "NOK")],
    ),
    (
        "meta_ads_ja.csv",
        "meta_ads",
        "SELECT sum(cost), sum(impressions), any_value(currency), count(*) FROM ad_stats",
        [(Decimal(12845), 46012, "JPY", 1)],
    ),
    (
        "gsc_de.csv",
        "search_console",
        "SELECT sum(clicks), sum(impressions), sum(position * impressions) / sum(impressions) FROM search_stats",
        [(1300, 50000, pytest.approx(4.811184))],
    ),
    ("gsc_sv.csv", "search_console", "SELECT sum(clicks), max(position) FROM search_stats", [(18, 8.1)]),
    (
        "instagram_posts.csv",
        "meta_posts",
        "SELECT post_id, strftime(published_at, '%Y-%m-%d %H:%M'), likes FROM social_posts",
        [("17900000000000001", "2026-06-07 15:21", 40)],
    ),
    (
        "klaviyo_campaigns.csv",
        "klaviyo_campaigns",
        "SELECT sum(recipients), sum(revenue), string_agg(channel, ',' ORDER BY channel), sum(unique_opens) FROM message_sends",
        [(64617, Decimal("9550.5"), "email,sms", 20000)],
    ),
    (
        "gorgias_tickets.csv",
        "gorgias_tickets",
        "SELECT epoch(first_response_at - opened_at), epoch(resolved_at - opened_at) FROM tickets ORDER BY ticket_id",
        [(600.0, 7200.0), (60.0, None)],
    ),
    (
        "stripe_balance.csv",
        "stripe_balance",
        "SELECT (SELECT sum(total) FROM orders), (SELECT sum(amount) FROM refunds), (SELECT sum(amount) FROM costs)",
        [(Decimal(100), Decimal(40), Decimal("5.2"))],
    ),
    (
        "harvest_semicolon.csv",
        "harvest_time",
        "SELECT sum(hours), min(worked_on), sum(hours) FILTER (WHERE billable) FROM time_entries",
        [(7.75, date(2015, 1, 26), 7.5)],
    ),
    (
        "jira.csv",
        "jira_issues",
        "SELECT sum(hours), sum(estimated_hours), min(worked_on), count(*) FROM time_entries",
        [(2.5, 2.0, date(2024, 3, 14), 2)],
    ),
    (
        "amazon_transactions.csv",
        "amazon_transactions",
        "SELECT (SELECT sum(quantity * unit_price) FROM order_lines), (SELECT sum(amount) FROM refunds), (SELECT sum(amount) FROM costs)",
        [(Decimal("1144.5"), Decimal("572.25"), Decimal("3.5"))],
    ),
    (
        "amazon_business.csv",
        "amazon_business",
        "SELECT gross_sales, orders, currency, (SELECT sessions FROM traffic_daily) FROM sales_daily",
        [(Decimal("144957.78"), 10, "INR", 800)],
    ),
    (
        "amazon_settlement.txt",
        "amazon_settlement",
        "SELECT (SELECT sum(quantity * unit_price) FROM order_lines), (SELECT sum(amount) FROM refunds), (SELECT sum(amount) FROM costs), (SELECT any_value(currency) FROM orders)",
        [(Decimal("39.98"), Decimal("19.99"), Decimal(6), "EUR")],
    ),
]


@pytest.mark.parametrize(
    ("name", "layout", "sql", "expected"),
    CHECKS,
    ids=lambda v: v if isinstance(v, str) and len(v) < 30 else "",
)
def test_a_look_alike(name: str, layout: str, sql: str, expected: Any) -> None:
    done = load(FIXTURES / name, PERIOD if name.startswith("gsc") else None)
    assert done.inspection.layout == layout
    assert not [issue for issue in done.issues if issue.level == "error"]
    assert ask(done, sql) == expected


def test_ambiguous_dates_are_asked_about() -> None:
    with pytest.raises(Refused, match="two ways"):
        load(FIXTURES / "google_ads_ambiguous.csv")
    done = load(FIXTURES / "google_ads_ambiguous.csv", {"options": {"date_order": "dmy"}})
    assert ask(done, "SELECT min(day) FROM ad_stats") == date(2026, 2, 1)


def test_a_report_without_days_is_asked_about() -> None:
    with pytest.raises(Refused, match="which days"):
        load(FIXTURES / "gsc_de.csv")


SHARED: list[tuple[str, str, str]] = [
    (
        "shopify_customers_export.csv",
        "SELECT count(*), sum(total_spent), sum(total_orders), avg(email_opt_in::INT) FROM customers",
        "customers total_spent total_orders email_marketing_optin_rate",
    ),
    (
        "shopify_inventory_export.csv",
        "SELECT count(DISTINCT product_id), sum(on_hand), sum(available) FROM stock_levels",
        "- on_hand_total available_total",
    ),
    (
        "ga4_traffic_acquisition.csv",
        "SELECT sum(sessions), sum(sessions - bounced_sessions), sum(revenue), sum(bounced_sessions) / sum(sessions) FROM traffic_daily",
        "sessions engaged revenue bounce_rate",
    ),
    (
        "ga4_bigquery_flat.csv",
        "SELECT (SELECT count(*) FROM sessions), (SELECT count(DISTINCT visitor_id) FROM sessions), (SELECT sum(value) FROM cart_events WHERE step = 'purchase')",
        "sessions users revenue_deduplicated",
    ),
    (
        "google_ads_campaign_en.csv",
        "SELECT sum(cost), sum(impressions), sum(clicks), sum(conversions), sum(revenue) FROM ad_stats",
        "cost impressions clicks conversions conv_value",
    ),
    (
        "meta_ads_en_nok.csv",
        "SELECT sum(cost), sum(impressions), sum(clicks), sum(conversions), sum(revenue) FROM ad_stats",
        "spend impressions link_clicks purchases conversion_value",
    ),
    (
        "mailchimp_campaigns.csv",
        "SELECT sum(recipients), sum(delivered), sum(bounces), sum(unique_opens), sum(unique_clicks), sum(unsubscribes), sum(revenue) FROM message_sends",
        "recipients delivered bounces unique_opens unique_clicks unsubscribes revenue",
    ),
    (
        "zendesk_tickets_export.csv",
        "SELECT count(*), count(*) FILTER (WHERE status IN ('solved', 'closed')), median(epoch(first_response_at - opened_at) / 60), avg(epoch(resolved_at - opened_at) / 60) FROM tickets",
        "tickets solved - full_resolution_mean_min",
    ),
    (
        "woocommerce_orders_report.csv",
        "SELECT (SELECT count(*) FROM orders), (SELECT sum(quantity * unit_price) - coalesce(sum(discount), 0) FROM order_lines) - (SELECT sum(amount) FROM refunds)",
        "distinct_orders net_sales",
    ),
    (
        "stripe_payments.csv",
        "SELECT count(*), sum(total), (SELECT sum(amount) FROM refunds) FROM orders",
        "succeeded converted_gross refunded",
    ),
    (
        "gsc_queries_en.csv",
        "SELECT sum(clicks), sum(impressions), sum(position * impressions) / sum(impressions) FROM search_stats",
        "clicks impressions position_weighted",
    ),
    (
        "gsc_queries_ja.csv",
        "SELECT sum(clicks), sum(impressions), sum(clicks) / sum(impressions) FROM search_stats",
        "clicks impressions ctr",
    ),
    (
        "toggl_detailed.csv",
        "SELECT sum(hours), sum(hours) FILTER (WHERE billable) FROM time_entries",
        "hours billable_hours",
    ),
    (
        "evm_fence.csv",
        "SELECT sum(planned_value), sum(earned_value), sum(actual_cost), (SELECT sum(budget) FROM projects) FROM project_status",
        "pv ev ac bac",
    ),
]


@pytest.mark.parametrize(("name", "sql", "keys"), SHARED, ids=[entry[0] for entry in SHARED])
def test_the_samples_agree_with_what_they_hold(shared_data: Path, name: str, sql: str, keys: str) -> None:
    expected = json.loads((shared_data / "vendor" / "expected.json").read_text())[name]
    done = load(shared_data / "vendor" / name, PERIOD if name.startswith(("gsc", "evm")) else None)
    found = ask(done, sql)[0]
    for key, value in zip(keys.split(), found, strict=True):
        if key != "-":
            assert float(value) == pytest.approx(expected[key], abs=1e-6), key
    assert done.inspection.encoding == expected["encoding"]


def test_the_shift_sample(shared_data: Path) -> None:
    done = load(shared_data / "vendor" / "oee_vorne_shift.csv")
    assert ask(
        done, "SELECT planned_minutes, run_minutes, units_good::INT FROM production_runs ORDER BY run_id"
    ) == [(420, 373, 18848), (435, 405, 675)]
