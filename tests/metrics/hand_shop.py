# ruff: noqa: E501 (rows of data read better in one line)
"""One small shop of January and February 2026, in Oslo, with the awkward rows that real ones have."""

from __future__ import annotations

from typing import Any

Rows = list[dict[str, Any]]


def noon(day: str) -> str:
    """Local noon of a day, as UTC."""
    return f"{day}T11:00:00+00:00"


LATE = "2026-01-31T23:30:00+00:00"
"""Already February in Oslo."""


def line(
    order: str, no: int, at: str, product: str | None, quantity: str, price: str, **more: Any
) -> dict[str, Any]:
    return {
        "order_id": order, "line_no": no, "ordered_at": at, "product_id": product, "quantity": quantity,
        "unit_price": price, **more,
    }  # fmt: skip


ORDERS: Rows = [
    {
        "order_id": "o1",
        "ordered_at": noon("2026-01-05"),
        "customer_id": "c1",
        "session_id": "s1",
        "channel": "mail",
    },
    {"order_id": "o2", "ordered_at": LATE, "customer_id": "c1"},
    {"order_id": "o3", "ordered_at": noon("2026-01-20"), "customer_id": "c2"},
    {"order_id": "o4", "ordered_at": noon("2026-02-10"), "session_id": "s4"},
    {"order_id": "o5", "ordered_at": noon("2026-02-11"), "customer_id": "c3", "status": "cancelled"},
    {"order_id": "o6", "ordered_at": "2026-02-28T22:59:00+00:00", "customer_id": "c4", "discount": "15"},
]
LINES: Rows = [
    line("o1", 1, noon("2026-01-05"), "p1", "2", "100", discount="10", unit_cost="60"),
    line("o1", 2, noon("2026-01-05"), "p2", "1", "50", unit_cost="20"),
    line("o1", 3, noon("2026-01-05"), None, "1", "39", line_type="shipping"),
    line("o2", 1, LATE, "p1", "1", "100", unit_cost="60"),
    line("o3", 1, noon("2026-01-20"), "p2", "4", "50"),  # its cost stands on the product
    line("o4", 1, noon("2026-02-10"), "p3", "1", "80"),  # nobody knows its cost
    line("o5", 1, noon("2026-02-11"), "p1", "10", "100"),
    line("o6", 1, "2026-02-28T22:59:00+00:00", "p1", "1", "100", unit_cost="60"),
    line("o6", 2, "2026-02-28T22:59:00+00:00", "p2", "1", "50", unit_cost="20"),
]
SALES = {
    "orders": ORDERS,
    "order_lines": [LINES[:4], LINES[2:]],  # the second batch repeats two rows
    "refunds": [{"refund_id": "r1", "line_no": 1, "order_id": "o1", "product_id": "p1", "quantity": "1",
                 "amount": "90", "unit_cost": "60", "refunded_at": noon("2026-02-03")}],
    "products": [{"product_id": "p1", "price": "100"}, {"product_id": "p2", "unit_cost": "25", "price": "50"}],
    "costs": [
        {"cost_id": "w", "incurred_on": "2026-01-31", "kind": "wages", "amount": "30"},
        {"cost_id": "x", "incurred_on": "2026-01-31", "kind": "other", "amount": "999"},
        {"cost_id": "y", "incurred_on": "2026-02-03", "kind": "advertising", "amount": "15"},
        {"cost_id": "z", "incurred_on": "2026-01-12", "kind": "acquisition", "amount": "25"},
    ],
    "market_size": [{"month": "2026-01-01", "value": "3100"}, {"month": "2026-02-01", "value": "2800"}],
    "stock_levels": [
        {"product_id": "p1", "location": "Oslo", "counted_at": noon("2025-12-31"), "on_hand": "10"},
        {"product_id": "p2", "location": "Oslo", "counted_at": noon("2026-01-10"), "on_hand": "5"},
        {"product_id": "p1", "location": "Oslo", "counted_at": noon("2026-01-31"), "on_hand": "6"},
        {"product_id": "p1", "location": "Bergen", "counted_at": noon("2026-02-05"), "on_hand": "3"},
    ],
    "stock_receipts": [
        {"receipt_id": "a", "product_id": "p1", "received_at": noon("2026-01-02"), "quantity": "8"},
        {"receipt_id": "b", "product_id": "p2", "received_at": noon("2026-01-09"), "quantity": "5"},
        {"receipt_id": "c", "product_id": "p1", "received_at": noon("2026-02-04"), "quantity": "3"},
    ],
    "competitor_prices": [
        {"product_id": "p1", "competitor": "A", "seen_on": "2026-01-05", "price": "90", "own_price": "100"},
        {"product_id": "p1", "competitor": "B", "seen_on": "2026-01-05", "price": "110", "own_price": "100"},
        {"product_id": "p2", "competitor": "A", "seen_on": "2026-01-20", "price": "40"},
        {"product_id": "p3", "competitor": "A", "seen_on": "2026-01-21", "price": "80"},
    ],
    "ad_stats": [
        {"day": "2026-01-10", "platform": "Google", "medium": "search", "impressions": 1000, "clicks": 20,
         "cost": "50", "revenue": "200", "position": 2.0},
        {"day": "2026-01-15", "platform": "Google", "medium": "display", "impressions": 3000, "clicks": 3, "cost": "30"},
        {"day": "2026-02-02", "platform": "Meta", "medium": "social", "impressions": 500, "clicks": 10, "cost": "20",
         "revenue": "10"},
    ],
}  # fmt: skip
TRAFFIC = {
    "orders": ORDERS,
    "sessions": [
        {"session_id": "s1", "visitor_id": "v1", "customer_id": "c1", "started_at": "2026-01-05T10:50:00+00:00",
         "page_views": 3, "duration_seconds": 100.0, "new_visitor": True, "device": "mobile", "source": "google",
         "medium": "cpc"},
        {"session_id": "s2", "visitor_id": "v1", "started_at": "2026-01-06T10:50:00+00:00", "page_views": 1,
         "duration_seconds": 0.0, "new_visitor": False, "device": "desktop", "source": "google", "medium": "organic"},
        {"session_id": "s3", "visitor_id": "v2", "started_at": LATE},
        {"session_id": "s4", "visitor_id": "v3", "started_at": "2026-02-10T10:50:00+00:00", "page_views": 5,
         "duration_seconds": 50.0, "new_visitor": True, "device": "Mobile", "source": "mail", "medium": "email"},
        {"session_id": "s5", "started_at": "2026-02-11T09:50:00+00:00", "page_views": 1},
        {"session_id": "s6", "visitor_id": "v1", "customer_id": "c1", "started_at": "2026-02-28T10:50:00+00:00",
         "page_views": 2, "duration_seconds": 60.0, "new_visitor": False},
    ],
    "page_views": [
        {"view_id": "1", "session_id": "s1", "viewed_at": "2026-01-05T10:50:00+00:00", "page": "/blog", "page_type": "blog",
         "read_depth": 0.5, "load_seconds": 1.0},
        {"view_id": "2", "session_id": "s1", "viewed_at": "2026-01-05T10:51:00+00:00", "page": "/p1", "page_type": "product",
         "product_id": "p1", "read_depth": 1.0, "load_seconds": 2.0},
        {"view_id": "3", "session_id": "s1", "viewed_at": "2026-01-05T10:52:00+00:00", "page": "/p2", "page_type": "product",
         "product_id": "p2", "load_seconds": 3.0},
        {"view_id": "4", "session_id": "s4", "viewed_at": "2026-02-10T10:50:00+00:00", "page": "/p1", "page_type": "product",
         "product_id": "p1", "read_depth": 0.2},
        {"view_id": "5", "session_id": "s6", "viewed_at": "2026-02-28T10:50:00+00:00", "page": "/help", "load_seconds": 4.0},
        {"view_id": "6", "session_id": "s6", "viewed_at": "2026-02-28T10:52:00+00:00", "page": "/blog", "page_type": "blog"},
    ],
    "cart_events": [
        {"event_id": "1", "session_id": "s1", "occurred_at": "2026-01-05T10:53:00+00:00", "step": "add_to_cart"},
        {"event_id": "2", "session_id": "s1", "occurred_at": "2026-01-05T10:55:00+00:00", "step": "purchase"},
        {"event_id": "3", "session_id": "s4", "occurred_at": "2026-02-10T10:53:00+00:00", "step": "add_to_cart"},
        {"event_id": "4", "session_id": "s4", "occurred_at": "2026-02-10T10:54:00+00:00", "step": "begin_checkout"},
        {"event_id": "5", "session_id": "s6", "occurred_at": "2026-02-28T10:53:00+00:00", "step": "add_to_cart"},
    ],
    "form_events": [
        {"event_id": "1", "session_id": "s1", "occurred_at": noon("2026-01-05"), "form": "f", "step": "page_seen"},
        {"event_id": "2", "session_id": "s1", "occurred_at": noon("2026-01-05"), "form": "f", "step": "reached"},
        {"event_id": "3", "session_id": "s2", "occurred_at": noon("2026-01-06"), "form": "f", "step": "page_seen"},
        {"event_id": "4", "session_id": "s6", "occurred_at": noon("2026-02-28"), "form": "f", "step": "reached"},
        {"event_id": "5", "session_id": "s6", "occurred_at": noon("2026-02-28"), "form": "f", "step": "submitted"},
    ],
    "site_searches": [
        {"search_id": "1", "session_id": "s1", "searched_at": noon("2026-01-05")},
        {"search_id": "2", "session_id": "s1", "searched_at": noon("2026-01-05")},
        {"search_id": "3", "session_id": "s6", "searched_at": noon("2026-02-28")},
    ],
}  # fmt: skip
MARKETING = {
    "subscriptions": [
        {"subscriber_id": "a", "channel": "email", "subscribed_at": noon("2025-12-01")},
        {"subscriber_id": "b", "channel": "email", "subscribed_at": noon("2025-12-02"), "unsubscribed_at": LATE},
        {"subscriber_id": "c", "channel": "email", "subscribed_at": noon("2026-01-31")},
        {"subscriber_id": "a", "channel": "sms", "subscribed_at": noon("2026-01-31")},
        {"subscriber_id": "d", "channel": "sms", "subscribed_at": noon("2026-02-28")},
    ],
    "message_sends": [
        {"send_id": "1", "channel": "email", "sent_at": noon("2026-01-10"), "delivered": 100, "unique_opens": 40,
         "unique_clicks": 10, "unsubscribes": 2},
        {"send_id": "2", "channel": "email", "sent_at": LATE, "delivered": 200, "unique_opens": 50, "unique_clicks": 5},
        {"send_id": "3", "channel": "email", "sent_at": noon("2026-02-10"), "delivered": 100, "unsubscribes": 3},
        {"send_id": "4", "channel": "sms", "sent_at": noon("2026-02-10"), "delivered": 70, "unique_clicks": 60,
         "unsubscribes": 9},
    ],
    "chats": [
        {"chat_id": "1", "started_at": noon("2026-01-10"), "started_by": "visitor"},
        {"chat_id": "2", "started_at": LATE, "started_by": "visitor"},
        {"chat_id": "3", "started_at": noon("2026-02-10"), "started_by": "agent"},
    ],
    "social_followers": [
        {"network": "A", "day": "2026-01-01", "followers": 100},
        {"network": "B", "day": "2026-01-15", "followers": 50},
        {"network": "A", "day": "2026-02-28", "followers": 130},  # B was not counted in February
    ],
    "social_posts": [
        {"post_id": "1", "network": "A", "published_at": noon("2026-01-10"), "impressions": 1000, "likes": 10,
         "comments": 2, "shares": 3, "saves": 1, "clicks": 20},
        {"post_id": "2", "network": "B", "published_at": LATE, "likes": 500, "shares": 4},
        {"post_id": "3", "network": "A", "published_at": noon("2026-02-10"), "impressions": 200, "likes": 10},
    ],
    "link_stats": [
        {"day": "2026-01-31", "medium": "email", "impressions": 100, "clicks": 10},
        {"day": "2026-02-01", "medium": "site", "clicks": 5},
        {"day": "2026-02-02", "medium": "display", "impressions": 900, "clicks": 9},
    ],
    "search_stats": [
        {"day": "2026-01-31", "keyword": "socks", "impressions": 100, "clicks": 5, "position": 3.0},
        {"day": "2026-01-31", "keyword": "pots", "impressions": 300, "clicks": 0, "position": 11.0},
        {"day": "2026-02-01", "keyword": "socks", "impressions": 100, "clicks": 1, "position": 5.0},
        {"day": "2026-02-02", "keyword": "cups", "impressions": 10, "clicks": 1},
    ],
    "seo_keywords": [
        {"keyword": "socks", "marked_on": "2025-12-01", "rank": 8.0, "monthly_searches": 900},
        {"keyword": "pots", "marked_on": "2026-01-31", "dropped_on": "2026-02-10"},
        {"keyword": "cups", "marked_on": "2026-02-01"},
    ],
    "reviews": [
        {"review_id": "1", "product_id": "p1", "reviewed_at": noon("2026-01-10"), "rating": 5.0},
        {"review_id": "2", "product_id": "p1", "reviewed_at": noon("2026-01-31"), "rating": 2.0},
        {"review_id": "3", "product_id": "p2", "reviewed_at": LATE},
        {"review_id": "4", "reviewed_at": noon("2026-02-28"), "rating": 4.0},
    ],
    "affiliate_stats": [
        {"day": "2026-01-31", "affiliate": "x", "clicks": 100, "orders": 2, "revenue": "200", "commission": "20"},
        {"day": "2026-02-01", "affiliate": "y", "clicks": 10, "orders": 1, "revenue": "90", "commission": "30"},
        {"day": "2026-02-02", "affiliate": "x", "clicks": 50, "revenue": "10"},
    ],
    "content_items": [
        {"content_id": "1", "kind": "landing_page", "published_at": noon("2026-01-31")},
        {"content_id": "2", "kind": "landing_page", "published_at": LATE},
        {"content_id": "3", "kind": "blog_post", "published_at": noon("2026-02-02")},
        {"content_id": "4", "kind": "event", "published_at": noon("2026-02-28")},
    ],
}  # fmt: skip
SERVICE = {
    **{name: SALES[name] for name in ("orders", "order_lines")},
    "tickets": [
        {"ticket_id": "1", "opened_at": "2026-01-10T09:00:00+00:00", "first_response_at": "2026-01-10T09:10:00+00:00",
         "resolved_at": "2026-01-10T19:00:00+00:00", "channel": "Email", "category": "delivery", "customer_id": "c1",
         "product_id": "p1", "escalated": False, "last_page": "/help"},
        {"ticket_id": "2", "opened_at": "2026-01-29T09:00:00+00:00", "first_response_at": "2026-01-29T10:00:00+00:00",
         "resolved_at": LATE, "channel": "phone", "category": "returns", "customer_id": "c1", "product_id": "p1",
         "escalated": True},
        {"ticket_id": "3", "opened_at": "2026-01-31T09:00:00+00:00", "channel": "phone", "category": "delivery"},
        {"ticket_id": "4", "opened_at": LATE, "first_response_at": "2026-02-01T00:00:00+00:00", "channel": "chat",
         "category": "delivery", "product_id": "p2", "last_page": "/help"},
        {"ticket_id": "5", "opened_at": "2026-02-27T09:00:00+00:00", "channel": "phone", "escalated": False,
         "first_response_at": "2026-02-27T09:01:00+00:00", "resolved_at": "2026-02-28T21:00:00+00:00"},
    ],
    "surveys": [
        {"response_id": "1", "answered_at": noon("2026-01-10"), "kind": "csat", "score": 4.0, "scale": 5.0},
        {"response_id": "2", "answered_at": noon("2026-01-10"), "kind": "csat", "score": 3.0},
        {"response_id": "3", "answered_at": LATE, "kind": "csat", "score": 9.0, "scale": 10.0},
        {"response_id": "4", "answered_at": noon("2026-01-10"), "kind": "nps", "score": 10.0, "scale": 10.0},
        {"response_id": "5", "answered_at": noon("2026-01-31"), "kind": "nps", "score": 8.0, "scale": 10.0},
        {"response_id": "6", "answered_at": noon("2026-02-01"), "kind": "nps", "score": 0.0, "scale": 10.0},
    ],
}  # fmt: skip
PRODUCTION = {
    "production_runs": [
        {"run_id": "1", "started_at": noon("2026-01-10"), "planned_minutes": 480.0, "run_minutes": 400.0,
         "ideal_cycle_seconds": 30.0, "units_started": "700", "units_made": "600", "units_good": "540",
         "units_expected": "640"},
        {"run_id": "2", "started_at": LATE, "planned_minutes": 480.0, "run_minutes": 480.0,
         "ideal_cycle_seconds": 60.0, "units_started": "400", "units_made": "400", "units_good": "400"},
    ],
    "shifts": [
        {"shift_id": "1", "started_at": noon("2026-01-10"), "scheduled_hours": 8.0, "worked_hours": 6.0,
         "expected_output": "100", "output": "90", "good_output": "81"},
        {"shift_id": "2", "started_at": LATE, "scheduled_hours": 8.0, "worked_hours": 8.0, "expected_output": "100",
         "output": "100", "good_output": "100"},
    ],
    "incidents": [
        {"incident_id": "1", "occurred_at": noon("2026-01-31"), "kind": "safety"},
        {"incident_id": "2", "occurred_at": LATE, "kind": "quality"},
        {"incident_id": "3", "occurred_at": LATE},
    ],
    "projects": [{"project_id": "A", "budget": "1000"}, {"project_id": "B", "budget": "500"}],
    "project_status": [
        {"project_id": "A", "day": "2026-01-15", "earned_value": "100", "actual_cost": "120", "benefit": "0"},
        {"project_id": "A", "day": "2026-01-31", "earned_value": "300", "actual_cost": "250", "benefit": "50"},
        {"project_id": "A", "day": "2026-02-28", "earned_value": "400", "actual_cost": "450", "benefit": "500"},
        {"project_id": "B", "day": "2026-02-01", "earned_value": "60", "actual_cost": "50", "benefit": "0"},
    ],
    "time_entries": [
        {"entry_id": "1", "worked_on": "2026-01-31", "hours": 6.0, "estimated_hours": 4.0},
        {"entry_id": "2", "worked_on": "2026-02-01", "hours": 2.0},
        {"entry_id": "3", "worked_on": "2026-02-28", "hours": 3.0, "estimated_hours": 4.0},
    ],
}  # fmt: skip
