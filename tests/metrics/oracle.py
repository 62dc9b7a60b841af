"""The first KPIs worked out again in plain Python, sharing nothing with the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]
Number = float | None


def day_of(text: str, zone: str) -> date:
    return datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).date()


def number(value: Any) -> Decimal:
    return Decimal(str(value)) if value is not None else Decimal(0)


class Oracle:
    """A hand count over rows as dicts."""

    def __init__(self, shop: Mapping[str, Sequence[Row]], zone: str = "Europe/Oslo") -> None:
        self.zone = zone
        self.orders = [o for o in shop.get("orders", []) if (o.get("status") or "placed") == "placed"]
        placed = {o["order_id"] for o in self.orders}
        self.lines = [
            line
            for line in shop.get("order_lines", [])
            if line["order_id"] in placed and line.get("line_type") != "adjustment"
        ]
        unplaced = {o["order_id"] for o in shop.get("orders", [])} - placed
        self.refunds = [r for r in shop.get("refunds", []) if r.get("order_id") not in unplaced]
        self.sessions = list(shop.get("sessions", []))
        self.order_of = {o["order_id"]: o for o in self.orders}
        history: dict[str, list[Row]] = {}
        for order in sorted(
            self.orders, key=lambda o: (datetime.fromisoformat(o["ordered_at"]), o["order_id"])
        ):
            if order.get("customer_id"):
                history.setdefault(order["customer_id"], []).append(order)
        self.first = {orders[0]["order_id"] for orders in history.values()}
        self.history = history
        self.bought = {o.get("session_id") for o in self.orders} - {None}

    def within(self, rows: Iterable[Row], column: str, start: date, end: date) -> list[Row]:
        return [row for row in rows if start <= day_of(row[column], self.zone) < end]

    def count(
        self, start: date, end: date, keep: Callable[[Row], bool] = lambda _: True
    ) -> dict[str, Number]:
        """All thirteen over ``[start, end)``; ``keep`` sees an order (or session, or refund)."""
        orders = [o for o in self.within(self.orders, "ordered_at", start, end) if keep(o)]
        lines = [
            line
            for line in self.within(self.lines, "ordered_at", start, end)
            if keep(self.order_of[line["order_id"]])
        ]
        refunds = [
            r
            for r in self.within(self.refunds, "refunded_at", start, end)
            if keep({**self.order_of.get(r.get("order_id"), {}), **{k: v for k, v in r.items() if v}})
        ]
        sessions = [s for s in self.within(self.sessions, "started_at", start, end) if keep(s)]
        gross = sum((number(r["quantity"]) * number(r["unit_price"]) for r in lines), Decimal(0))
        discount = sum((number(r.get("discount")) for r in [*lines, *orders]), Decimal(0))
        returned = sum((number(r["amount"]) for r in refunds), Decimal(0))
        goods = [
            r
            for r in self.lines
            if r["order_id"] in {o["order_id"] for o in orders}
            and (r.get("line_type") or "product") == "product"
        ]
        visitors = {s["visitor_id"] for s in sessions if s.get("visitor_id")}
        viewed = [s for s in sessions if s.get("page_views") is not None]

        def ratio(top: Decimal | int, bottom: int) -> Number:
            return float(top) / bottom if bottom else None

        return {
            "gross_sales": float(gross),
            "discounts": float(discount),
            "returns": float(returned),
            "sales": float(gross - discount - returned),
            "orders": float(len(orders)),
            "average_order_value": ratio(gross - discount, len(orders)),
            "items_per_order": ratio(
                sum((number(r["quantity"]) for r in goods), Decimal(0)), len({r["order_id"] for r in goods})
            ),
            "new_customer_orders": float(sum(o["order_id"] in self.first for o in orders)),
            "returning_customer_orders": float(
                sum(bool(o.get("customer_id")) and o["order_id"] not in self.first for o in orders)
            ),
            "sessions": float(len(sessions)),
            "conversion_rate": ratio(sum(s["session_id"] in self.bought for s in sessions), len(sessions)),
            "revenue_per_visitor": ratio(gross - discount - returned, len(visitors)),
            "bounce_rate": ratio(sum(s["page_views"] == 1 for s in viewed), len(viewed)),
        }


def days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=i) for i in range((end - start).days)]
