"""What comes of one look at a plan, written in one transaction: what rules remember, the news, the messages.

The transaction begins as a writer and throws the look away when data, plan or alerts are others by now. So
however many processes look, each crossing is told once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from kpi_tree.alerts import Rule, Sight, step
from kpi_tree.store import alerts, journal, outbox
from kpi_tree.store.home import Home

Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Saw:
    """What a look saw of one indicator; ``words`` makes ``title`` and ``text`` by language, knowing what was
    told before."""

    sight: Sight
    status: str
    words: Callable[[str | None], Words]


@dataclass(frozen=True, slots=True)
class RuleLook:
    """What a look saw for one rule. ``quiet``: nobody is told now."""

    id: str
    rule: Rule
    quiet: bool
    seen: Mapping[str, Saw] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a look at a plan stood on, and whether the last one stood on the same."""

    text: str
    known: bool


def basis(home: Home, plan_id: str, day: date) -> Basis:
    """What a look at a plan stands on now."""
    with home.read() as db:
        text = _basis(db, plan_id, day)
        return Basis(text, alerts.basis(db, plan_id) == text)


def _basis(db: Database, plan_id: str, day: date) -> str:
    names = ("data", f"plan:{plan_id}", "own", "alerts")
    return "/".join([*(str(journal.revision(db, name)) for name in names), day.isoformat()])


def waiting(home: Home, rules: Sequence[RuleLook], now: datetime) -> bool:
    """Whether something that was held back may be told by now."""
    with home.read() as db:
        for look in rules:
            for one in alerts.standings(db, look.id).values():
                soon = one.told_at is not None and now < one.told_at + look.rule.pause
                if one.waits and not soon and not look.quiet:
                    return True
    return False


def settle(
    home: Home, plan_id: str, looks: Sequence[RuleLook], *, stood_on: str, day: date, now: datetime
) -> int | None:
    """Remember a look, and put what is to be told among the news and into the box of messages.

    Returns how many news there are; None when the look was thrown away.
    """
    told = 0
    with home.write() as db:
        if _basis(db, plan_id, day) != stood_on:
            return None
        for look in looks:
            news = _stepped(db, look, plan_id, now)
            outbox.add_news(db, news)
            told += len(news)
            if news:
                _to_channels(db, look, plan_id, news, now)
        alerts.put_basis(db, plan_id, stood_on, now)
    return told


def _stepped(db: Database, look: RuleLook, plan_id: str, now: datetime) -> list[dict[str, Any]]:
    known, news = alerts.standings(db, look.id), []
    for node, saw in look.seen.items():
        before = known.get(node)
        after, tell = step(
            before,
            saw.sight,
            now,
            pause=look.rule.pause,
            quiet=look.quiet,
            news_only=look.rule.kind == "change",
        )
        alerts.put_standing(db, look.id, node, after, seen=saw.sight.on is not None)
        if tell:
            words = saw.words(before.told if before else None)
            news.append(
                {
                    "at": journal.instant(now),
                    "rule_id": look.id,
                    "plan_id": plan_id,
                    "node": node,
                    "status": saw.status,
                    "words": words,
                }
            )
    return news


def _to_channels(
    db: Database, look: RuleLook, plan_id: str, news: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """One message a channel for all that one look of a rule tells."""
    there = {one.id for one in alerts.rows(db, "alert_channels")}
    lines = [{name: one[name] for name in ("node", "status", "words")} for one in news]
    content = {"kind": "alert", "rule": look.rule.name, "plan": plan_id, "lines": lines}
    for channel in look.rule.channels:
        if channel in there:
            outbox.add_send(db, secrets.token_hex(12), channel, content, rule=look.id, now=now)


def due_digests(home: Home, now: datetime, next_run: Callable[[str, datetime], datetime | None]) -> int:
    """Put every digest whose time has come into the box, once however many runs were missed.

    Args:
        next_run: from a schedule and a moment, when it goes out next; None where only when asked.
    """
    with home.read() as db:
        if not alerts.there(db) or not _due(db, now):
            return 0
    with home.write() as db:
        due = _due(db, now)
        for one, begun in due:
            alerts.plan_run(db, one.id, next_run(str(one.spec["schedule"]), now))
            if begun:
                content = {"kind": "digest", "digest": one.name, "plan": one.spec["plan"]}
                outbox.add_send(
                    db, secrets.token_hex(12), str(one.spec["channel"]), content, rule=None, now=now
                )
        return sum(begun for _, begun in due)


def _due(db: Database, now: datetime) -> list[tuple[alerts.Kept, bool]]:
    """Digests that are due, and those (False) of which it is not known yet when they are."""
    runs = alerts.next_runs(db)
    found = []
    for one in alerts.rows(db, "digests"):
        at = runs.get(one.id)
        if at is None and one.spec["schedule"] != "manual":
            found.append((one, False))
        elif at is not None and at <= now:
            found.append((one, True))
    return found
