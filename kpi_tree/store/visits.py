"""When a browser last looked at a plan's overview, and what it saw then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kpi_tree.store import journal
from kpi_tree.store.alerts import there
from kpi_tree.store.home import Home

GAP = timedelta(minutes=30)
"""Who comes back sooner is still on the same visit, and keeps its news over a reload."""
STILL = timedelta(minutes=5)
KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Visit:
    """The visit before this one: when it ended, and what was on screen then."""

    at: datetime
    seen: Mapping[str, Any]


def note(home: Home, browser: str, plan: str, seen: Mapping[str, Any], *, now: datetime) -> Visit | None:
    """Say that a browser looks now, and what it sees; the visit before, None on the first one.

    Nothing is kept in a home that can only be read.
    """
    with home.read() as db:
        known = there(db)
        row = _row(db, browser, plan) if known else None
    if not known or home.read_only:
        return None
    last = datetime.fromisoformat(row["at"]) if row else now
    text = journal.canonical(seen)
    if row is None or now - last >= GAP or (row["seen"] != text or now - last >= STILL):
        row = _noted(home, browser, plan, text, now)
    if row["since"] is None:
        return None
    return Visit(datetime.fromisoformat(row["since"]), json.loads(row["was"]))


def _row(db: Any, browser: str, plan: str) -> dict[str, Any] | None:
    text = "select * from visits where browser = ? and plan_id = ?"
    return next(iter(db.query(text, [browser, plan])), None)


def _noted(home: Home, browser: str, plan: str, text: str, now: datetime) -> dict[str, Any]:
    with home.write() as db:
        before = _row(db, browser, plan)
        fresh: dict[str, Any] = {
            "browser": browser,
            "plan_id": plan,
            "at": journal.instant(now),
            "seen": text,
        }
        since, was = (before["since"], before["was"]) if before else (None, None)
        if before and now - datetime.fromisoformat(before["at"]) >= GAP:
            since, was = before["at"], before["seen"]
        fresh |= {"since": since, "was": was}
        db.table("visits").upsert(fresh, pk=("browser", "plan_id"))
        db.execute("delete from visits where at < ?", [journal.instant(now - KEPT)])
    return fresh
