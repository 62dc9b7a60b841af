"""Exports of what brings visitors: Google Analytics, Google Ads, Meta, Mailchimp, Search Console."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from kpi_tree.sample.shop import facts
from kpi_tree.sample.vendor.cut import Cut, grouped, header, share, to_csv, two


def ga4(cut: Cut) -> str:
    """Traffic acquisition by day, with the preamble that carries account and dates. Rates are fractions."""
    first, last = cut.span("ad_stats")
    rule = "# " + "-" * 40
    title = "# Traffic acquisition: Session primary channel group (Default Channel Group)"
    name, domain = facts()["name"], facts()["domain"]
    head = [
        rule,
        title,
        f"# Account: {name}",
        f"# Property: {domain} - GA4",
        rule,
        "# ",
        "# All Users",
        f"# Start date: {first:%Y%m%d}",
        f"# End date: {last:%Y%m%d}",
    ]
    sums: dict[tuple[date, str], list[float]] = defaultdict(lambda: [0.0] * 5)
    worth = {row["session_id"]: row for row in cut.rows("orders") if row["status"] == "placed"}
    for visit in cut.rows("sessions"):
        found = sums[visit["started_at"].date(), visit["channel"]]
        order = worth.get(visit["session_id"])
        engaged = visit["page_views"] > 1
        more = (
            1,
            engaged,
            visit["duration_seconds"],
            visit["page_views"] + 2,
            float(order["total"]) if order else 0,
        )
        for n, value in enumerate(more):
            found[n] += value
    orders: dict[tuple[date, str], int] = defaultdict(int)
    for order in worth.values():
        orders[order["ordered_at"].date(), order["channel"]] += 1
    rows: list[list[Any]] = [header("ga4_traffic")]
    for (day, channel), (visits, engaged, seconds, events, value) in sorted(
        sums.items(), key=lambda item: (item[0][0], -item[1][0])
    ):
        rows.append(
            [
                channel,
                f"{day:%Y%m%d}",
                int(visits),
                int(engaged),
                engaged / visits,
                seconds / visits,
                events / visits,
                int(events),
                orders[day, channel],
                round(value, 2),
            ]
        )
    return "\n".join(head) + "\n" + to_csv(rows)


def google_ads(cut: Cut) -> str:
    """Campaign report by day over all devices, with its title, dates and totals."""
    sums = _by_campaign(cut, "Google Ads")
    first, last = cut.span("ad_stats")
    rows: list[list[Any]] = [header("google_ads")]
    rows += [
        _ads_row([f"{day}", name, _campaign_number(name), "NOK"], found)
        for (day, name, _), found in sorted(sums.items())
    ]
    for label, media in (
        ("Account", ("search", "display")),
        ("Search", ("search",)),
        ("Display", ("display",)),
    ):
        total = [
            sum((found[n] for key, found in sums.items() if key[2] in media), Decimal()) for n in range(5)
        ]
        rows.append(_ads_row([f"Total: {label}", "--", "--", "NOK"], total))
    span = f'"{first:%B} {first.day}, {first.year} - {last:%B} {last.day}, {last.year}"'
    return f"Campaign report\n{span}\n" + to_csv(rows)


def _by_campaign(cut: Cut, platform: str) -> dict[tuple[date, str, str], list[Decimal]]:
    """Cost, impressions, clicks, conversions, their value by day, campaign and medium."""
    sums: dict[tuple[date, str, str], list[Decimal]] = defaultdict(lambda: [Decimal()] * 5)
    for row in cut.rows("ad_stats"):
        if row["platform"] == platform:
            key = row["day"], row["campaign"], row["medium"]
            more = (row[name] for name in ("cost", "impressions", "clicks", "conversions", "revenue"))
            sums[key] = [a + Decimal(b) for a, b in zip(sums[key], more, strict=True)]
    return sums


def _campaign_number(name: str) -> int:
    return 12_000_000_000 + sum(ord(letter) * (n + 1) for n, letter in enumerate(name)) * 7919


def _ads_row(head: list[Any], found: list[Decimal]) -> list[Any]:
    cost, seen, clicks, bought, value = found
    return [
        *head,
        grouped(cost),
        f"{int(seen):,}",
        f"{int(clicks):,}",
        grouped(bought),
        grouped(value),
        share(float(clicks), float(seen)),
        grouped(cost / clicks) if clicks else "--",
    ]


def meta_ads(cut: Cut) -> str:
    """Ads manager by day and campaign; blank where there is nothing, a summary row without a name first."""
    sums: dict[tuple[date, str], list[Decimal]] = defaultdict(lambda: [Decimal()] * 5)
    for (day, name, _), found in _by_campaign(cut, "Meta Ads").items():
        sums[day, name] = [a + b for a, b in zip(sums[day, name], found, strict=True)]
    first, last = cut.span("ad_stats")
    total = [sum((found[n] for found in sums.values()), Decimal()) for n in range(5)]
    rows = [header("meta_ads"), _meta_row(first, last, "", total)]
    rows += [_meta_row(day, day, name, found) for (day, name), found in sorted(sums.items())]
    return to_csv(rows)


def _meta_row(first: date, last: date, name: str, found: list[Decimal]) -> list[Any]:
    cost, seen, clicks, bought, value = found
    reach = int(seen / Decimal("1.25"))
    return [
        first, last, name, "active" if name else "", two(cost), int(seen), reach,
        f"{seen / reach:.4f}" if reach else "", int(clicks), f"{cost / clicks:.6f}" if clicks else "",
        f"{100 * clicks / seen:.6f}" if seen else "", f"{1000 * cost / seen:.6f}" if seen else "",
        int(bought) or "", two(value) if bought else "", f"{value / cost:.6f}" if bought and cost else "",
    ]  # fmt: skip


def mailchimp(cut: Cut) -> str:
    """Campaign report of the newsletters."""
    orders: dict[str, list[Decimal]] = defaultdict(list)
    for row in Cut(cut.tables, cut.first).rows("orders"):
        if row["medium"] == "email" and row["status"] == "placed":
            orders[row["campaign"]].append(row["total"])
    # Mailchimp quotes the header names of more than one word and leaves the others bare.
    names = [f'"{name}"' if " " in name else name for name in header("mailchimp_campaigns")]
    rows: list[list[Any]] = []
    for send in cut.rows("message_sends"):
        if send["channel"] != "email":
            continue
        when, back, to = send["sent_at"], send["bounces"], send["delivered"]
        bought = orders[send["campaign"]]
        rows.append([
            send["campaign"], "Nytt fra Lyngheim", send["list"],
                f"{when:%b %d, %Y} {when:%I:%M} {_half(when.hour)}",
            f"{when:%A}", send["recipients"], to, back - back // 3, back // 3, back, 0, 0,
                send["unique_opens"],
            share(send["unique_opens"], to), send["unique_opens"] * 17 // 10, send["unique_clicks"],
            share(send["unique_clicks"], to), send["total_clicks"], send["unsubscribes"], 0, 0, 0,
            send["send_id"], len(bought), sum(bought, Decimal()).normalize() if bought else 0,
            two(send["revenue"]),
        ])  # fmt: skip
    return ",".join(names) + "\n" + to_csv(rows)


def _half(hour: int) -> str:
    return "am" if hour < 12 else "pm"


def search_console(cut: Cut) -> str:
    """Top queries of these days: clicks, impressions, their share, position weighted by impressions."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * 3)
    for row in cut.rows("search_stats"):
        found = sums[row["keyword"]]
        for n, value in enumerate((row["clicks"], row["impressions"], row["position"] * row["impressions"])):
            found[n] += value
    rows: list[list[Any]] = [["Top queries", "Clicks", "Impressions", "CTR", "Position"]]
    for word, (clicks, seen, place) in sorted(sums.items(), key=lambda item: -item[1][0]):
        rows.append([word, f"{int(clicks):,}", f"{int(seen):,}", share(clicks, seen), round(place / seen, 2)])
    return to_csv(rows)
