"""Posts and followers, search results and keywords, reviews, what was published."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from kpi_tree.sample import arrow, story
from kpi_tree.sample.campaign_names import post
from kpi_tree.sample.draws import Floats, Ints, keys, number_of
from kpi_tree.sample.lanes import ORGANIC, POST_WEEKDAY, SOCIAL, last_on_weekday
from kpi_tree.sample.shop import facts, goods, pages
from kpi_tree.sample.story import date_of
from kpi_tree.sample.world import World

NAMED = 0.8
"""Share of the visits from a search engine whose keyword is known."""


def social_tables(world: World) -> dict[str, pa.Table]:
    """``social_posts``, ``social_followers``, ``search_stats``, ``seo_keywords``, ``reviews``,
    ``content_items``."""
    return {
        "social_posts": _posts(world),
        "social_followers": _followers(world),
        "search_stats": _search_stats(world),
        "seo_keywords": _keywords(world),
        "reviews": _reviews(world),
        "content_items": _content(world),
    }


def _posts(world: World) -> pa.Table:
    """A post a week on each network; its clicks are the visits that came from the network until the next
    one."""
    cal, visits, draws = world.cal, world.visits, world.draws
    days, names, clicks = [], [], []
    for network in SOCIAL:
        day = cal.number[cal.weekday == POST_WEEKDAY[network]]
        newest = last_on_weekday(visits.cal, POST_WEEKDAY[network])[visits.day - visits.cal.first]
        mine = (visits.lane == SOCIAL[network]) & (newest >= world.start)
        clicks.append(np.bincount(np.searchsorted(day, newest[mine]), minlength=len(day)))
        days.append(day)
        names += [network] * len(day)
    day, click = np.concatenate(days), np.concatenate(clicks)
    at = keys(day, 0, 31)
    seen = np.rint((click + 3) / 0.021 * np.exp(0.2 * draws.normal("post seen", at))).astype(np.int64)
    mood = np.exp(0.25 * draws.normal("post liked", at))

    def share(of: float) -> Ints:
        made: Ints = np.rint(seen * of * mood).astype(np.int64)
        return made

    title = draws.pick("post about", at, goods().weight)
    turn = np.argsort(day, kind="stable")
    return arrow.build("social_posts", {
        "post_id": pa.array([post(n, d) for n, d in zip(names, day.tolist(), strict=True)], pa.string()),
        "network": pa.array(names, pa.string()),
        "published_at": arrow.instants(world.clock.instant(day, 9 * 3600 + draws.below("post at", at, 7200))),
        "title": arrow.text(title, goods().names),
        "impressions": arrow.whole(seen),
        "likes": arrow.whole(share(0.031)),
        "comments": arrow.whole(share(0.0032)),
        "shares": arrow.whole(share(0.0041)),
        "saves": arrow.whole(share(0.0055)),
        "clicks": arrow.whole(click),
    }, keep=turn)  # fmt: skip


def _followers(world: World) -> pa.Table:
    """Followers of each network, every Monday."""
    cal = world.cal
    monday = np.flatnonzero(cal.weekday == 0)
    size, networks = len(monday), len(SOCIAL)
    which = np.tile(np.arange(networks), size)
    row = np.repeat(monday, networks)
    level = np.array([5200.0, 3900.0, 1400.0])[which] * np.exp(
        np.array([0.16, 0.03, 0.09])[which] * cal.years[row]
    )
    level *= 1 + 0.002 * world.draws.normal("followers", keys(cal.number[row], which))
    return arrow.build("social_followers", {
        "network": arrow.text(which, tuple(SOCIAL)),
        "day": arrow.days(cal.number[row]),
        "followers": arrow.whole(np.rint(level).astype(np.int64)),
    })  # fmt: skip


def _rank(world: World, number: Ints, keyword: Ints) -> Floats:
    """Mean position: it drifts, and improves a little while the shop works on the keyword."""
    base = np.array([row["rank"] for row in facts()["keywords"]])[keyword]
    drift = (
        1
        + 0.12 * np.sin((number + 97 * keyword) / 143.0)
        + 0.05 * world.draws.normal("rank", keys(number // 7, keyword))
    )
    made: Floats = np.maximum(1.0, base * drift)
    return made


def _search_stats(world: World) -> pa.Table:
    """Day by keyword; the clicks are visits from the search engine whose keyword is known."""
    words, visits, draws = facts()["keywords"], world.visits, world.draws
    searches = np.array([row["searches"] for row in words], dtype=np.float64)
    pull = searches / np.array([row["rank"] for row in words]) ** 1.2
    rows = np.flatnonzero((visits.lane == ORGANIC) & (visits.day >= world.start))
    rows = rows[draws.chance("keyword known", visits.at[rows], NAMED)]
    word = draws.pick("keyword", visits.at[rows], pull)
    size, days = len(words), world.end - world.start
    clicks = np.bincount((visits.day[rows] - world.start) * size + word, minlength=size * days)
    day, keyword = np.repeat(world.cal.number, size), np.tile(np.arange(size), days)
    noise = np.exp(0.12 * draws.normal("searches", keys(day, keyword, 33)))
    shown = np.rint(searches[keyword] / 30 * np.repeat(story.season(world.cal), size) * noise).astype(
        np.int64
    )
    site = pages()
    names = [
        "home"
        if row["page"] == "home"
        else "blog kaffe-pa-bal"
        if row["page"] == "blog"
        else f"product {row['page']}"
        for row in words
    ]
    return arrow.build("search_stats", {
        "day": arrow.days(day),
        "keyword": arrow.text(keyword, [row["term"] for row in words]),
        "page": arrow.text(keyword, [site.paths[site.number[name]] for name in names]),
        "country": arrow.same("NO", len(day)),
        "device": arrow.same("", len(day)),
        "impressions": arrow.whole(np.maximum(shown, clicks * 3)),
        "clicks": arrow.whole(clicks),
        "position": arrow.real(_rank(world, day, keyword), 2),
    })  # fmt: skip


def _keywords(world: World) -> pa.Table:
    """The keywords that are worked on: each for a year and a half, then again after half a year."""
    words = facts()["keywords"]
    rows = []
    for n in range(len(words)):
        first = world.start - 540 - (world.start - 540 + 53 * n) % 720
        rows += [(marked, n) for marked in range(first, world.end, 720) if marked + 540 > world.start]
    rows.sort()
    day = np.array([marked for marked, _ in rows], dtype=np.int64)
    word = np.array([n for _, n in rows], dtype=np.int64)
    return arrow.build("seo_keywords", {
        "keyword": arrow.text(word, [row["term"] for row in words]),
        "marked_on": arrow.days(day),
        "dropped_on": arrow.days(day + 540, day + 540 >= world.end),
        "rank": arrow.real(_rank(world, day, word), 1),
        "monthly_searches": arrow.whole(np.array([row["searches"] for row in words])[word]),
    })  # fmt: skip


def _reviews(world: World) -> pa.Table:
    """One in eleven bought lines is reviewed, some weeks later."""
    lines, draws, ware = world.lines, world.draws, goods()
    row = world.shown_lines[lines.placed[world.shown_lines]]
    at = keys(lines.order_day[row], lines.order_index[row], lines.line_no[row] + 40)
    chosen = draws.chance("reviews", at, 0.09)
    row, at = row[chosen], at[chosen]
    day = lines.order_day[row] + 8 + draws.below("reviewed after", at, 28)
    known = day < world.end
    row, at, day = row[known], at[known], day[known]
    quality = draws.uniform("quality", keys(np.arange(len(ware))))[lines.product[row]]
    stars = 5 - draws.pick_by_row(
        "stars",
        at,
        np.array(
            [[0.42, 0.30, 0.14, 0.08, 0.06], [0.52, 0.29, 0.11, 0.05, 0.03], [0.66, 0.24, 0.06, 0.02, 0.02]]
        ),
        (quality * 3).astype(np.int64),
    )
    visit = world.orders.visit[world.line_order[row]]
    when = world.clock.instant(day, 28_000 + draws.below("reviewed at", at, 54_000))
    number = number_of_line(lines.order_day[row], lines.order_index[row], lines.line_no[row])
    return arrow.build("reviews", {
        "review_id": arrow.numbered("a", number),
        "product_id": arrow.text(lines.product[row], ware.ids),
        "customer_id": arrow.text(world.customer_codes[visit], world.customer_ids),
        "reviewed_at": arrow.instants(when),
        "rating": arrow.real(stars.astype(np.float64), 0),
    }, keep=np.argsort(when, kind="stable"))  # fmt: skip


def number_of_line(day: Ints, index: Ints, line_no: Ints) -> Ints:
    """A number that is unique to an order line."""
    made: Ints = number_of(day, index) * 16 + line_no
    return made


def _content(world: World) -> pa.Table:
    """A landing page for each campaign, a blog article every second Tuesday, an evening for customers
    each quarter."""
    rows: list[tuple[int, str, str, str]] = []
    for one in story.campaigns(world.start, world.end + 5):
        rows.append((one.first - 3, "landing_page", "site", one.name))
    posts = facts()["blog"]
    for number in range(world.start, world.end):
        when = date_of(number)
        if (number + 3) % 14 == 1:
            rows.append((number, "blog_post", "blog", posts[number // 14 % len(posts)]["title"]))
        if when.month % 3 == 2 and when.day == 12:
            rows.append((number, "event", "shop", f"Kundekveld {when:%Y-%m}"))
    rows = sorted(row for row in rows if world.start <= row[0] < world.end)
    day = np.array([row[0] for row in rows], dtype=np.int64)
    return arrow.build("content_items", {
        "content_id": pa.array([f"{row[1]}-{date_of(row[0])}" for row in rows], pa.string()),
        "kind": pa.array([row[1] for row in rows], pa.string()),
        "published_at": arrow.instants(world.clock.instant(day, 9 * 3600)),
        "channel": pa.array([row[2] for row in rows], pa.string()),
        "title": pa.array([row[3] for row in rows], pa.string()),
    })  # fmt: skip
