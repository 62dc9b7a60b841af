"""Each KPI of the catalogue against a figure worked out by hand from the same rows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.catalogue import catalogue
from kpi_tree.metrics import Engine, Settings, query

from .hand_shop import MARKETING, PRODUCTION, SALES, SERVICE, TRAFFIC
from .shop import engine_of
from .test_first_kpis import FIRST

Figures = tuple[float | None, float | None, float | None]
"""January, February, both months together."""

COHORTS = {"one_time_purchase_rate", "second_purchase_rate", "purchase_cycle", "good_routes", "bad_routes"}
"""Worked out in ``test_cohorts.py``, on a longer history."""

SALES_FIGURES: dict[str, Figures] = {
    "gross_sales": (489, 330, 819),
    "discounts": (10, 15, 25),
    "returns": (0, 90, 90),
    "sales": (479, 225, 704),
    "orders": (2, 3, 5),
    "average_order_value": (479 / 2, 315 / 3, 794 / 5),
    "cogs": (120 + 20 + 4 * 25 + 30, 60 + 60 + 20 - 60, 350),
    "gross_profit": (479 - 270, 225 - 80, 704 - 350),
    "average_margin": (209 / 479, 145 / 225, 354 / 704),
    "retention_rate": (None, 1 / 2, None),  # of c1 and c2, c1 came back
    "churn_rate": (None, 1 / 2, None),
    "new_customer_orders": (2, 1, 3),
    "returning_customer_orders": (0, 1, 1),
    "market_share": (479 / 3100, 225 / 2800, 704 / 5900),
    "product_affinity": (1 / 2, 1 / 3, 2 / 5),
    "inventory_units": (6 + 5, 6 + 5 + 3, 14),
    "inventory_age": ((6 * 29 + 5 * 22) / 11, (3 * 1 + 6 * 34 + 5 * 27) / 14, 342 / 14),
    "sell_through_rate": (7 / (10 + 8 + 5), 4 / (11 + 3), 11 / (10 + 16)),
    "days_of_inventory": (11 / (7 / 28), 14 / (4 / 28), 14 / (4 / 28)),
    "price_index": ((2 * 1 + 4 * 1.25) / 6, None, 7 / 6),
    "customer_lifetime_value": ((70 + 30 + 39 + 100) / 2, (239 + 40 + 55 - 30) / 3, 304 / 3),
    "customer_acquisition_cost": ((80 + 25) / 2, (20 + 15) / 1, 140 / 3),
    "roas": (200 / 50, 10 / 20, 210 / 70),
    "blended_roas": (479 / 80, 225 / 35, 704 / 115),
    "cost_per_click": (80 / 23, 20 / 10, 100 / 33),
    "display_ctr": (3 / 3000, None, 3 / 3000),
    "items_per_order": (7 / 2, 4 / 3, 11 / 5),
    "new_average_order_value": ((279 + 200) / 2, 135, 614 / 3),
    "repeat_average_order_value": (None, 100, 100),
    "cost_per_order": (80 / 2, 35 / 3, 115 / 5),
    "ltv": (479 / 2, 704 / 3, 704 / 3),
    "good_customers": (0, 1, 1),  # c1 passes the line of 285 with 279 + 100 - 90
    "new_to_repeat_sales_ratio": (None, (135 - 90) / 100, (614 - 90) / 100),
}
TRAFFIC_FIGURES: dict[str, Figures] = {
    "sessions": (2, 4, 6),
    "visitors": (1, 3, 3),
    "conversion_rate": (1 / 2, 1 / 4, 2 / 6),
    "cart_abandonment_rate": (0, 1 / 2, 1 / 3),
    "cart_completion_rate": (1, 1 / 2, 2 / 3),
    "bounce_rate": (1 / 2, 1 / 3, 2 / 5),
    "new_visitor_share": (1 / 2, 2 / 3, 3 / 5),
    "new_session_ratio": (1, 2 / 1, 3 / 2),
    "time_on_site": (100, 110 / 3, 210 / 3),
    "average_session_duration": (100 / 2, 110 / 2, 210 / 4),
    "pages_per_visit": (4 / 2, 8 / 4, 12 / 6),
    "pages_per_person": (4, 8 / 3, 12 / 3),
    "traffic_source": (1 / 2, 3 / 4, 3 / 6),
    "mobile_share": (1 / 2, 1 / 4, 2 / 6),
    "day_parts": (1 / 2, 1 / 4, 2 / 6),  # two Tuesdays at eleven
    "ppc_traffic": (1, 0, 1),
    "blog_traffic": (1, 1, 2),
    "product_page_share": (1 / 2, 1 / 4, 2 / 6),
    "product_relationship": (1 / 2, 0, 1 / 3),
    "search_conversion_rate": (1, 0, 1 / 2),
    "new_conversion_rate": (1, 1 / 2, 2 / 3),
    "repeat_conversion_rate": (0, 0, 0),
    "visit_interval": (1, 53, 27),
    "page_read_rate": (0.75, 0.2, 1.7 / 3),
    "page_load_time": (2, 4, 2.5),
    "form_induction_rate": (1 / 2, 1, 2 / 3),
}
MARKETING_FIGURES: dict[str, Figures] = {
    "newsletter_subscribers": (3, 2, 2),
    "sms_subscribers": (1, 2, 2),
    "subscription_growth_rate": (4 / 2 - 1, 4 / 4 - 1, 4 / 2 - 1),
    "email_open_rate": (40 / 100, 50 / 200, 90 / 300),
    "email_click_rate": (10 / 100, 5 / 200, 15 / 300),
    "unsubscribes": (2, 3, 5),
    "unsubscribe_rate": (2 / 100, 3 / 100, 5 / 200),
    "newsletters_delivered": (100, 300, 400),
    "chats_initiated": (1, 1, 2),
    "social_followers": (150, 180, 180),
    "social_engagement": (16 / 1000, 10 / 200, 26 / 1200),
    "social_shares": (3, 4, 7),
    "clicks": (10 + 20, 5 + 9, 44),  # the posts' own clicks stand in for the medium that the links lack
    "click_through_rate": ((10 + 20) / (100 + 1000), 9 / 900, 39 / 2000),
    "average_position": ((300 + 3300) / 400, 5, 4100 / 500),
    "search_keywords": (1, 2, 2),
    "seo_keywords": (2, 2, 2),
    "reviews": (2, 2, 4),
    "review_rating": (3.5, 4, 11 / 3),
    "affiliate_performance": (200 / 20, 90 / 30, 290 / 50),
    "landing_pages_created": (1, 1, 2),
    "posts_published": (1, 3, 4),
    "events_held": (0, 1, 1),
}
SERVICE_FIGURES: dict[str, Figures] = {
    "csat": (1 / 2, 1, 2 / 3),
    "nps": (50, -100, 0),
    "hit_rate": (7 / 1, 4 / 1, 11 / 2),
    "email_tickets": (1, 0, 1),
    "phone_tickets": (2, 1, 3),
    "chat_tickets": (0, 1, 1),
    "first_response_time": (35, (30 + 1) / 2, (10 + 30) / 2),
    "resolution_time": (10, (62.5 + 36) / 2, (10 + 62.5 + 36) / 3),
    "active_issues": (2, 2, 2),
    "backlog": (1, 2, 2),
    "concern_classification": (2 / 3, 1 / 2, 3 / 5),
    "pages_before_contact": (1, 1, 2),
    "escalation_rate": (1 / 3, 0, 1 / 5),
}
PRODUCTION_FIGURES: dict[str, Figures] = {
    "cycle_time": (400 * 60 / 600, 480 * 60 / 400, 880 * 60 / 1000),
    "oee": (
        (400 / 480) * (30 * 600 / 24000) * (540 / 600),
        1.0 * (60 * 400 / 28800) * 1.0,
        (880 / 960) * ((18000 + 24000) / 52800) * (940 / 1000),
    ),
    "ole": (6 / 8 * 90 / 100 * 81 / 90, 1, 14 / 16 * 190 / 200 * 181 / 190),
    "units_produced": (600, 400, 1000),
    "yield_variance": (600 / 640 - 1, None, 600 / 640 - 1),
    "first_pass_yield": (540 / 700, 1, 940 / 1100),
    "noncompliance_events": (1, 2, 3),
    "hours_worked": (6, 5, 11),
    "hours_variance": (6 / 4 - 1, 3 / 4 - 1, 9 / 8 - 1),
    "budget_used": (250 / 1000, 500 / 1500, 500 / 1500),
    "project_roi": ((50 - 250) / 250, (450 - 250) / 250, 0),
    "cost_variance": (50, 160 - 250, -40),
    "cost_performance_index": (300 / 250, 160 / 250, 460 / 500),
}
GROUPS: dict[str, tuple[dict[str, Any], dict[str, Figures]]] = {
    "sales": (SALES, SALES_FIGURES),
    "traffic": (TRAFFIC, TRAFFIC_FIGURES),
    "marketing": (MARKETING, MARKETING_FIGURES),
    "service": (SERVICE, SERVICE_FIGURES),
    "production": (PRODUCTION, PRODUCTION_FIGURES),
}
CASES = [(group, kpi) for group, (_, figures) in GROUPS.items() for kpi in figures]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    settings = Settings(good_customer_line=285)
    made = {
        group: engine_of(tmp_path_factory.mktemp(group), shop, settings=settings)
        for group, (shop, _) in GROUPS.items()
    }
    yield made
    for engine in made.values():
        engine.close()


def near(found: float | None, wanted: float | None) -> bool:
    if found is None or math.isnan(found):
        return wanted is None
    return wanted is not None and math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize(("group", "kpi"), CASES, ids=[kpi for _, kpi in CASES])
def test_the_kpi_is_what_the_pencil_says(group: str, kpi: str, engines: dict[str, Engine]) -> None:
    wanted = GROUPS[group][1][kpi]
    series = query(engines[group], [kpi], start=date(2026, 1, 1), end=date(2026, 3, 1), grain="month")[kpi]
    found = [*series.frame["value"], series.total["value"]]
    assert all(near(f, w) for f, w in zip(found, wanted, strict=True)), (found, wanted)


def test_all_of_a_group_at_once_are_the_same(engines: dict[str, Engine]) -> None:
    for group, (_, figures) in GROUPS.items():
        found = query(
            engines[group], list(figures), start=date(2026, 1, 1), end=date(2026, 3, 1), grain="month"
        )
        for kpi, wanted in figures.items():
            assert near(found[kpi].total["value"], wanted[2]), kpi


def test_every_kpi_of_the_catalogue_is_worked_out_by_hand() -> None:
    worked = {kpi for _, kpi in CASES} | set(FIRST) | COHORTS
    assert worked == set(catalogue())


def test_without_any_records_no_kpi_has_a_value(tmp_path: Path) -> None:
    empty = engine_of(tmp_path, {})
    found = query(empty, list(catalogue()), start=date(2026, 1, 1), end=date(2026, 3, 1), grain="month")
    for kpi, series in found.items():
        assert series.total["value"] is None, kpi
        assert series.frame["value"].isna().all(), kpi
        assert series.notes, kpi
