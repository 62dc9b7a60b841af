"""The shop's settings: name and JSON value; every change is a line in the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kpi_tree.store import journal
from kpi_tree.store.home import Home


def get(home: Home) -> dict[str, Any]:
    """All settings that were ever set."""
    with home.read() as db:
        return {row["name"]: json.loads(row["value"]) for row in db.query("select * from settings")}


def change(home: Home, values: Mapping[str, Any], *, who: str, now: datetime) -> dict[str, Any]:
    """Set some settings; those that stay the same leave no trace. Returns all of them."""
    with home.write() as db:
        current = {row["name"]: json.loads(row["value"]) for row in db.query("select * from settings")}
        fresh = {name: new for name, new in values.items() if name not in current or current[name] != new}
        if fresh:
            db.table("settings", pk="name").upsert_all(
                [{"name": name, "value": journal.canonical(value)} for name, value in fresh.items()]
            )
            # Numbers depend on settings (time zone, week), so a change of one makes old numbers old.
            revision = journal.bump(db, "data")
            was = {name: current.get(name) for name in fresh}
            journal.append(
                db, now=now, who=who, kind="settings", subject="settings", revision=revision,
                action="change", change={"before": was, "after": fresh},
            )  # fmt: skip
        return {**current, **fresh}
