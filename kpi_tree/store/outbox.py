"""What was told, and what goes out: news for the app, and messages that one process each sends once.

A message is claimed with a lease, then marked as leaving right before its bytes go. A process that dies
before that mark has sent nothing, and the next one takes over. One that dies after it may have sent it: the
message is then "unknown", is shown so, and is never sent again by itself. So each arrives at most once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from kpi_tree.errors import KpiTreeError
from kpi_tree.store import journal
from kpi_tree.store.alerts import there
from kpi_tree.store.home import Home
from kpi_tree.store.wording import packed_error, unpacked_error

LEASE = timedelta(minutes=3)
WAITS = (1, 5, 30, 120, 480)
"""Minutes after each try that failed; after the last one it is given up."""
KEPT_NEWS = 2000
KEPT_SENDS = 1000


@dataclass(frozen=True, slots=True)
class Send:
    """A message to one channel. ``state``: waiting, claimed, leaving, sent, failed, unknown."""

    id: int
    key: str
    channel: str
    rule: str | None
    content: Mapping[str, Any]
    state: str
    attempts: int
    next_try: datetime
    at: datetime
    sent_at: datetime | None
    problem: KpiTreeError | None


@dataclass(frozen=True, slots=True)
class News:
    """One thing that was told in the app; ``words`` holds ``title`` and ``text`` by language."""

    id: int
    at: datetime
    rule: str
    plan: str
    node: str
    status: str
    words: Mapping[str, Mapping[str, str]]


def add_news(db: Database, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Tell in the app: ``at rule_id plan_id node status words`` each. Returns their numbers."""
    made = []
    for row in rows:
        done = db.execute(
            "insert into alert_news (at, rule_id, plan_id, node, status, words) values (?, ?, ?, ?, ?, ?)",
            [
                row["at"],
                row["rule_id"],
                row["plan_id"],
                row["node"],
                row["status"],
                journal.canonical(row["words"]),
            ],
        )
        made.append(int(done.lastrowid or 0))
    if made:
        db.execute("delete from alert_news where id <= ?", [made[-1] - KEPT_NEWS])
    return made


def add_send(
    db: Database, key: str, channel: str, content: Mapping[str, Any], *, rule: str | None, now: datetime
) -> None:
    """Put a message into the box; one with this key that is there already stays alone."""
    at = journal.instant(now)
    db.execute(
        "insert into alert_sends (key, channel_id, rule_id, content, state, next_try, at) "
        "values (?, ?, ?, ?, 'waiting', ?, ?) on conflict (key) do nothing",
        [key, channel, rule, journal.canonical(content), at, at],
    )
    db.execute(
        "delete from alert_sends where state in ('sent', 'failed', 'unknown') and id <= "
        "(select max(id) from alert_sends) - ?",
        [KEPT_SENDS],
    )


def claim(home: Home, *, worker: str, now: datetime) -> Send | None:
    """The next message that is due, for this process alone; None where there is none."""
    at = journal.instant(now)
    with home.read() as db:  # most looks find nothing, and need not wait for a writer
        if not there(db) or not (_lost(db, at) or _due(db, at)):
            return None
    with home.write() as db:
        for row in _lost(db, at):
            db.table("alert_sends").update(row["id"], {"state": "unknown"})
        for row in _due(db, at):
            fresh = {
                "state": "claimed",
                "worker": worker,
                "lease_until": journal.instant(now + LEASE),
                "attempts": row["attempts"] + 1,
            }
            db.table("alert_sends").update(row["id"], fresh)
            return _send({**row, **fresh})
    return None


def _due(db: Database, at: str) -> list[dict[str, Any]]:
    text = (
        "select * from alert_sends where (state = 'waiting' and next_try <= ?) "
        "or (state = 'claimed' and lease_until <= ?) order by id limit 1"
    )
    return list(db.query(text, [at, at]))


def _lost(db: Database, at: str) -> list[dict[str, Any]]:
    """Messages whose process died while they left."""
    return list(db.query("select * from alert_sends where state = 'leaving' and lease_until <= ?", [at]))


def leaves(home: Home, send: Send, *, worker: str, now: datetime) -> bool:
    """Mark that its bytes go now; False when another process has taken it over."""
    with home.write() as db:
        done = db.execute(
            "update alert_sends set state = 'leaving', lease_until = ? "
            "where id = ? and state = 'claimed' and worker = ? and attempts = ?",
            [journal.instant(now + LEASE), send.id, worker, send.attempts],
        )
        return int(done.rowcount) == 1


def finish(
    home: Home,
    send: Send,
    state: str,
    *,
    now: datetime,
    problem: KpiTreeError | None = None,
    again: bool = False,
) -> str:
    """Write down how it went, and return the state; ``again``: try later, as long as tries are left."""
    fresh: dict[str, Any] = {"state": state, "problem": packed_error(problem) if problem else None}
    if again and send.attempts <= len(WAITS):
        later = now + timedelta(minutes=WAITS[send.attempts - 1])
        fresh |= {"state": "waiting", "next_try": journal.instant(later)}
    if state == "sent":
        fresh["sent_at"] = journal.instant(now)
    with home.write() as db:
        row = db.execute("select attempts from alert_sends where id = ?", [send.id]).fetchone()
        if row is not None and row[0] == send.attempts:
            db.table("alert_sends").update(send.id, fresh)
    return str(fresh["state"])


def again(home: Home, send_id: int, *, now: datetime) -> bool:
    """Send one more time what failed, or what nobody knows about; False where there is no such message."""
    with home.write() as db:
        done = db.execute(
            "update alert_sends set state = 'waiting', attempts = 0, next_try = ?, problem = null "
            "where id = ? and state in ('failed', 'unknown', 'waiting')",
            [journal.instant(now), send_id],
        )
        return int(done.rowcount) == 1


def sends(home: Home, limit: int = 50) -> list[Send]:
    """What went out or is to go out, the newest first."""
    with home.read() as db:
        if not there(db):
            return []
        return [_send(row) for row in db.query("select * from alert_sends order by id desc limit ?", [limit])]


def news(home: Home, limit: int = 100) -> list[News]:
    """What was told, the newest first."""
    with home.read() as db:
        if not there(db):
            return []
        return [_news(row) for row in db.query("select * from alert_news order by id desc limit ?", [limit])]


def unread(home: Home, who: str) -> tuple[int, int]:
    """How many news a person has not read, and the number of the last one read. Cheap."""
    with home.read() as db:
        if not there(db):
            return 0, 0
        upto = db.execute("select upto from alert_readers where who = ?", [who]).fetchone()
        read = int(upto[0]) if upto else 0
        return int(db.execute("select count(*) from alert_news where id > ?", [read]).fetchone()[0]), read


def mark_read(home: Home, who: str, upto: int) -> None:
    """A person has read all news up to one; never fewer than before."""
    with home.write() as db:
        db.execute(
            "insert into alert_readers (who, upto) values (?, ?) "
            "on conflict (who) do update set upto = max(upto, excluded.upto)",
            [who, upto],
        )


def _send(row: Mapping[str, Any]) -> Send:
    return Send(
        row["id"], row["key"], row["channel_id"], row["rule_id"], json.loads(row["content"]), row["state"],
        row["attempts"], datetime.fromisoformat(row["next_try"]), datetime.fromisoformat(row["at"]),
        datetime.fromisoformat(row["sent_at"]) if row["sent_at"] else None, unpacked_error(row["problem"]),
    )  # fmt: skip


def _news(row: Mapping[str, Any]) -> News:
    return News(
        row["id"], datetime.fromisoformat(row["at"]), row["rule_id"], row["plan_id"], row["node"],
        row["status"], json.loads(row["words"]),
    )  # fmt: skip
