"""Customer service: tickets from visits, chats, and what people answer when asked how it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kpi_tree.sample import arrow, story
from kpi_tree.sample.clock import DAY
from kpi_tree.sample.counts import TICKET
from kpi_tree.sample.draws import Bools, Floats, Ints, Keys
from kpi_tree.sample.paths import favourite
from kpi_tree.sample.shop import goods, pages
from kpi_tree.sample.topics import CHANNELS, TOPICS, ask_channel, last_pages, topics
from kpi_tree.sample.world import World


@dataclass(frozen=True)
class Tickets:
    """One row a ticket by time of opening.

    ``answered`` and ``solved`` are seconds, those after the span included. ``silent`` tickets are never
    answered, ``lost`` ones forgotten; both are closed weeks later and nobody is asked about them. ``score``
    is what the customer would answer, 1 to 5, and ``says`` when.
    """

    visit: Ints
    at: Keys
    topic: Ints
    channel: Ints
    opened: Ints
    answered: Ints
    solved: Ints
    silent: Bools
    lost: Bools
    score: Ints
    asked: Bools
    says: Ints


def service_tables(world: World) -> dict[str, pa.Table]:
    """``tickets``, ``chats``, ``surveys``."""
    made = _tickets(world)
    return {
        "tickets": _ticket_table(world, made),
        "chats": _chats(world, made),
        "surveys": _surveys(world, made),
    }


def _tickets(world: World) -> Tickets:
    visits, draws = world.visits, world.draws
    visit = np.flatnonzero((visits.kind == TICKET) & (visits.day >= world.start))
    at, day = visits.at[visit], visits.day[visit]
    channel, topic = ask_channel(draws, visits, visit), topics(draws, visits, visit)
    opened = visits.start[visit] + visits.duration[visit] + 20 + draws.below("asks after", at, 600)
    opened = np.minimum(opened, world.clock.instant(day, DAY - 1))
    cal = visits.cal
    busy = np.where(story.fault(cal), 2.4, np.where(cal.month == 12, 1.5, 1.0))[day - cal.first]
    wait = np.array([150.0, 1.5, 2.5])[channel] * busy * np.exp(0.9 * draws.normal("waits", at))
    work = np.array([820.0, 14.0, 28.0])[channel] * np.sqrt(busy) * np.exp(1.0 * draws.normal("works", at))
    answered = opened + (wait * 60).astype(np.int64)
    solved = answered + (work * 60).astype(np.int64) + 60
    silent, lost = draws.chance("silent", at, 0.02), draws.chance("lost", at, 0.035)
    # What nobody took care of is closed in the end, weeks later.
    solved = np.where(silent | lost, opened + 8 * DAY + draws.below("closed", at, 16 * DAY), solved)
    late = np.clip((solved - opened) / DAY, 0, 4)
    feeling = draws.uniform("feels", at) - 0.11 * late - np.where(topic == 2, 0.10, 0.0)
    score = 1 + np.searchsorted([0.0, 0.06, 0.14, 0.44], feeling)
    turn = np.argsort(opened, kind="stable")
    return Tickets(
        visit=visit[turn], at=at[turn], topic=topic[turn], channel=channel[turn], opened=opened[turn],
        answered=answered[turn], solved=solved[turn], silent=silent[turn],
        lost=lost[turn], score=score.astype(np.int64)[turn],
        asked=draws.chance("asked", at, 0.44)[turn],
        says=(solved + 1800 + draws.below("says at", at, 30 * 3600))[turn],
    )  # fmt: skip


def _ticket_table(world: World, made: Tickets) -> pa.Table:
    visits, draws, ware, site = world.visits, world.draws, goods(), pages()
    product = favourite(world, made.visit)
    about_goods = np.isin(made.topic, (3, 4, 5))
    silent = made.silent | (made.answered >= world.now)
    open_still = made.solved >= world.now
    asked = made.asked & ~made.silent & ~made.lost & (made.says < world.now)
    satisfied = np.where(asked & (made.score >= 4), 0, np.where(asked & (made.score <= 2), 1, -1))
    escalated = draws.chance("escalated", made.at, np.where(made.topic == 2, 0.14, 0.05))
    return arrow.build("tickets", {
        "ticket_id": arrow.numbered("", visits.number[made.visit]),
        "opened_at": arrow.instants(made.opened),
        "first_response_at": arrow.instants(np.where(silent, 0, made.answered), silent),
        "resolved_at": arrow.instants(np.where(open_still, 0, made.solved), open_still),
        "channel": arrow.text(made.channel, CHANNELS),
        "category": arrow.text(made.topic, [one[0] for one in TOPICS]),
        "status": arrow.text(open_still.astype(np.int64), ("solved", "open")),
        "escalated": arrow.yes_no(escalated),
        "customer_id": arrow.text(world.customer_codes[made.visit], world.customer_ids),
        "session_id": arrow.numbered("s", visits.number[made.visit]),
        "product_id": arrow.text(np.where(about_goods, product, -1), ware.ids),
        "last_page": arrow.text(last_pages(draws, visits, made.visit, product), site.paths),
        "satisfaction": arrow.text(satisfied, ("good", "bad")),
    })  # fmt: skip


def _chats(world: World, made: Tickets) -> pa.Table:
    """Every ticket by chat, and chats that ended without one."""
    visits, draws = world.visits, world.draws
    by_chat = made.channel == 2
    rows = np.flatnonzero((visits.day >= world.start) & (visits.page_views >= 3) & (visits.kind != TICKET))
    rows = rows[draws.chance("chats", visits.at[rows], 0.009)]
    visit = np.concatenate([made.visit[by_chat], rows])
    when = np.concatenate([made.opened[by_chat], visits.start[rows] + visits.duration[rows] // 2])
    own = np.concatenate(
        [np.ones(int(by_chat.sum()), bool), draws.chance("visitor chats", visits.at[rows], 0.7)]
    )
    return arrow.build("chats", {
        "chat_id": arrow.numbered("h", visits.number[visit]),
        "started_at": arrow.instants(when),
        "session_id": arrow.numbered("s", visits.number[visit]),
        "started_by": arrow.text(np.where(own, 0, 1), ("visitor", "agent")),
    }, keep=np.argsort(when, kind="stable"))  # fmt: skip


def _surveys(world: World, made: Tickets) -> pa.Table:
    """How satisfied, after a solved ticket; would you recommend us, two weeks after an order."""
    visits, orders, draws = world.visits, world.orders, world.draws
    told = np.flatnonzero(made.asked & ~made.silent & ~made.lost & (made.says < world.now))
    rows = world.shown_orders[orders.placed[world.shown_orders]]
    rows = rows[draws.chance("recommends", orders.at[rows], 0.115)]
    at = orders.at[rows]
    when = orders.ordered[rows] + 14 * DAY + draws.below("recommends at", at, 4 * DAY)
    known = when < world.now
    rows, at, when = rows[known], at[known], when[known]
    likely: Floats = np.array([1, 0.5, 0.5, 1, 1, 2, 3, 9, 17, 19, 31], dtype=np.float64)
    score = np.concatenate([made.score[told], draws.pick("recommendation", at, likely)])
    visit = np.concatenate([made.visit[told], orders.visit[rows]])
    nps = np.repeat([0, 1], [len(told), len(rows)])
    answered = np.concatenate([made.says[told], when])
    return arrow.build("surveys", {
        "response_id": arrow.numbered("u", visits.number[visit]),
        "answered_at": arrow.instants(answered),
        "kind": arrow.text(nps, ("csat", "nps")),
        "score": arrow.real(score.astype(np.float64), 0),
        "scale": arrow.real(np.array([5.0, 10.0])[nps], 0),
        "customer_id": arrow.text(world.customer_codes[visit], world.customer_ids),
        "ticket_id": arrow.numbered("", visits.number[visit], nps == 1),
    }, keep=np.argsort(answered, kind="stable"))  # fmt: skip
