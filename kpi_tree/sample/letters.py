"""Newsletters and text messages, and the people on their lists.

Rules: a newsletter goes out each Thursday at ten to everybody then on the list; its clicks are the visits
that
carry its name; its unsubscribes are those who left the list before the next one. Each day's new
subscribers are
as many as that day's visits that sent off the newsletter form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kpi_tree.sample import arrow, story
from kpi_tree.sample.ads import visit_sums
from kpi_tree.sample.campaign_names import newsletter
from kpi_tree.sample.clock import clock
from kpi_tree.sample.draws import FIRST_DAY, Ints, keys, number_of
from kpi_tree.sample.lanes import EMAIL, SEND_WEEKDAY, last_on_weekday
from kpi_tree.sample.world import World

LONGEST = 2400
"""Nobody stays on a list longer than this many days."""
NEVER = 1 << 60
LISTS = (("email", "nyhetsbrev"), ("sms", "sms-klubben"))


@dataclass(frozen=True)
class Members:
    """One row a subscription: list (0 e-mail, 1 text message), a number for the person, from and until
    (seconds)."""

    which: Ints
    person: Ints
    since: Ints
    until: Ints


def letter_tables(world: World) -> dict[str, pa.Table]:
    """``subscriptions`` and ``message_sends``."""
    members = _members(world)
    return {"subscriptions": _subscriptions(world, members), "message_sends": _sends(world, members)}


def _members(world: World) -> Members:
    counts, draws = world.counts, world.draws
    first = max(world.start - LONGEST, FIRST_DAY)
    cal = story.calendar(first, world.end)
    begin = counts.carts[first - FIRST_DAY : world.end - FIRST_DAY]
    sizes = counts.signups[first - FIRST_DAY : world.end - FIRST_DAY] - begin
    day = np.repeat(cal.number, sizes)
    index = np.repeat(begin, sizes) + np.arange(len(day)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    also_text = draws.chance("text messages too", keys(day, index), 0.2)
    which = np.concatenate(
        [np.zeros(len(day), dtype=np.int64), np.ones(int(also_text.sum()), dtype=np.int64)]
    )
    day, index = np.concatenate([day, day[also_text]]), np.concatenate([index, index[also_text]])
    at = keys(day, index, 1 + which)
    stays = 7 + np.minimum(
        -np.log1p(-draws.uniform("stays", at)) * np.where(which == 0, 930.0, 700.0), LONGEST - 20
    )
    leaves = day + stays.astype(np.int64)
    on_send = draws.chance("leaves by a newsletter", at, 0.85)
    leaves += np.where(on_send, (SEND_WEEKDAY - (leaves + 3)) % 7, 0)
    hours = clock(first, world.end + 1)
    since = hours.instant(day, 25_000 + draws.below("subscribed at", at, 58_000))
    gone = leaves < world.end
    until = np.full(len(day), NEVER)
    until[gone] = hours.instant(leaves[gone], 37_000 + draws.below("left at", at[gone], 44_000))
    return Members(which, number_of(day, index), since, until)


def _subscriptions(world: World, members: Members) -> pa.Table:
    """Everybody who was on a list at some time in the span."""
    from_then = int(world.clock.instant(world.start, 0))
    rows = np.flatnonzero(members.until >= from_then)
    rows = rows[np.lexsort((members.which[rows], members.person[rows], members.since[rows]))]
    return arrow.build("subscriptions", {
        "subscriber_id": arrow.numbered("e", members.person[rows]),
        "channel": arrow.text(members.which[rows], [channel for channel, _ in LISTS]),
        "list": arrow.text(members.which[rows], [name for _, name in LISTS]),
        "subscribed_at": arrow.instants(members.since[rows]),
        "unsubscribed_at": arrow.instants(np.minimum(members.until[rows], world.now),
            members.until[rows] == NEVER),
    })  # fmt: skip


def _on_list(members: Members, which: int, at: Ints) -> Ints:
    """How many are on a list at each instant."""
    mine = members.which == which
    joined = np.searchsorted(np.sort(members.since[mine]), at, side="right")
    left = np.searchsorted(np.sort(members.until[mine]), at, side="right")
    made: Ints = joined - left
    return made


def _gone(members: Members, which: int, sent: Ints) -> Ints:
    """How many left a list from each sending to the next."""
    left = np.sort(members.until[(members.which == which) & (members.until < NEVER)])
    made: Ints = np.searchsorted(left, np.append(sent[1:], NEVER)) - np.searchsorted(left, sent)
    return made


def _sends(world: World, members: Members) -> pa.Table:
    mail, text = _mail(world, members), _text(world, members)
    return arrow.build("message_sends", {
        name: pa.concat_arrays([mail[name], text[name]]) for name in mail
    })  # fmt: skip


def _mail(world: World, members: Members) -> dict[str, pa.Array]:
    cal, draws, visits = world.cal, world.draws, world.visits
    day = cal.number[cal.weekday == SEND_WEEKDAY]
    sent = world.clock.instant(day, 10 * 3600)
    to = _on_list(members, 0, sent)
    at = keys(day, 0, 21)
    bounces = draws.poisson("bounces", at, np.minimum(to * 0.006, 10.0))
    delivered = to - bounces
    newest = last_on_weekday(visits.cal, SEND_WEEKDAY)[visits.day - visits.cal.first]
    mine = np.flatnonzero((visits.lane == EMAIL) & (newest >= world.start))
    issue = np.searchsorted(day, newest[mine])
    total = np.bincount(issue, minlength=len(day))
    pairs = np.unique(np.stack([issue, visits.visitor[mine]]), axis=1)
    unique = np.bincount(pairs[0], minlength=len(day)) if len(mine) else total
    opens = np.rint(delivered * np.exp(np.log(0.37) + 0.07 * draws.normal("opens", at))).astype(np.int64)
    gone = _gone(members, 0, sent)
    by_day = visit_sums(world, np.where(visits.lane == EMAIL, 0, -1), 1)
    revenue = np.zeros(len(day), dtype=np.int64)
    of_issue = np.searchsorted(day, by_day.day, side="right") - 1
    np.add.at(revenue, of_issue[of_issue >= 0], by_day.revenue[of_issue >= 0])
    return _columns(
        0,
        [newsletter(one) for one in day.tolist()],
        sent,
        to,
        delivered,
        np.maximum(opens, unique),
        unique,
        total,
        gone,
        bounces,
        revenue,
    )


def _text(world: World, members: Members) -> dict[str, pa.Array]:
    """One text message a month, on its second Tuesday."""
    cal, draws = world.cal, world.draws
    of_month = cal.number - cal.number.astype("datetime64[D]").astype("datetime64[M]").astype(
        "datetime64[D]"
    ).astype(np.int64)
    day = cal.number[(cal.weekday == 1) & (of_month >= 7) & (of_month < 14)]
    sent = world.clock.instant(day, 12 * 3600)
    to = _on_list(members, 1, sent)
    at = keys(day, 0, 22)
    bounces = draws.poisson("bounces", at, to * 0.005)
    clicks = np.rint((to - bounces) * np.exp(np.log(0.055) + 0.1 * draws.normal("opens", at))).astype(
        np.int64
    )
    return _columns(
        1,
        [f"sms-{story.date_of(one)}" for one in day.tolist()],
        sent,
        to,
        to - bounces,
        None,
        clicks,
        clicks,
        _gone(members, 1, sent),
        bounces,
        None,
    )


def _columns(
    which: int, names: list[str], sent: Ints, to: Ints, delivered: Ints, opens: Ints | None, unique: Ints,
    total: Ints, gone: Ints, bounces: Ints, revenue: Ints | None,
) -> dict[str, pa.Array]:  # fmt: skip
    size = len(names)
    return {
        "send_id": pa.array(names, pa.string()),
        "campaign": pa.array(names, pa.string()),
        "channel": arrow.same(LISTS[which][0], size),
        "list": arrow.same(LISTS[which][1], size),
        "sent_at": arrow.instants(sent),
        "recipients": arrow.whole(to),
        "delivered": arrow.whole(delivered),
        "unique_opens": pa.nulls(size, pa.int64()) if opens is None else arrow.whole(opens),
        "unique_clicks": arrow.whole(unique),
        "total_clicks": arrow.whole(total),
        "unsubscribes": arrow.whole(gone),
        "bounces": arrow.whole(bounces),
        "revenue": pa.nulls(size, pa.decimal128(18, 4)) if revenue is None else arrow.money(revenue),
    }
