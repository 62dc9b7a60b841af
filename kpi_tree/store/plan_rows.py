"""A plan's current rows: plain columns for people with a SQL tool, the whole item as JSON beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from kpi_tree.plan.model import HEAD_FIELDS, Plan, plain
from kpi_tree.store.journal import canonical

ITEMS = ("plan_nodes", "plan_edges", "plan_targets")


def read_plan(db: Database, plan_id: str) -> Plan:
    """The plan that the current rows say; the caller has made sure that it is there."""
    head = next(iter(db.query("select * from plans where id = ?", [plan_id])))
    parts = {
        name: [
            json.loads(row["data"])
            for row in db.query(
                f"select data from {table} where plan_id = ? order by position, rowid", [plan_id]
            )
        ]
        for name, table in zip(("nodes", "edges", "targets"), ITEMS, strict=True)
    }
    return Plan.from_dict(
        {
            **json.loads(head["extra"]),
            "id": plan_id,
            "name": head["name"],
            "revision": head["revision"],
            **parts,
        }
    )


def write_rows(db: Database, before: Plan | None, after: Plan) -> None:
    """Bring the current rows from one plan to another, touching only what differs."""
    extra = canonical({name: plain(getattr(after, name)) for name in HEAD_FIELDS})
    if before is None:
        position = int(db.execute("select count(*) from plans").fetchone()[0])
        db.table("plans").insert(
            {
                "id": after.id,
                "position": position,
                "name": after.name,
                "revision": after.revision,
                "extra": extra,
            }
        )
    else:
        db.execute(
            "update plans set name = ?, revision = ?, extra = ? where id = ?",
            [after.name, after.revision, extra, after.id],
        )
    for table, attribute in zip(ITEMS, ("nodes", "links", "targets"), strict=True):
        was: Mapping[Any, Any] = getattr(before, attribute) if before else {}
        _write_items(db, table, after.id, was, getattr(after, attribute))


def _write_items(
    db: Database, table: str, plan_id: str, was: Mapping[Any, Any], now: Mapping[Any, Any]
) -> None:
    for key in was:
        if key not in now:
            where, values = _where(table, key)
            db.execute(f"delete from {table} where plan_id = ? and {where}", [plan_id, *values])
    fresh = [key for key in now if key not in was]
    last = int(
        db.execute(
            f"select coalesce(max(position), -1) from {table} where plan_id = ?", [plan_id]
        ).fetchone()[0]
    )
    db.table(table).insert_all(
        {"plan_id": plan_id, "position": last + 1 + index, **_row(table, now[key])}
        for index, key in enumerate(fresh)
    )
    for key, item in now.items():
        if key in was and was[key] != item:
            row = _row(table, item)
            where, values = _where(table, key)
            columns = ", ".join(f"{name} = ?" for name in row)
            db.execute(
                f"update {table} set {columns} where plan_id = ? and {where}",
                [*row.values(), plan_id, *values],
            )


def _where(table: str, key: Any) -> tuple[str, list[Any]]:
    return ("parent = ? and child = ?", list(key)) if table == "plan_edges" else ("id = ?", [key])


def _row(table: str, item: Any) -> dict[str, Any]:
    shown = {
        "plan_nodes": ("id", "kind", "name", "kpi", "formula"),
        "plan_edges": ("parent", "child", "kind"),
        "plan_targets": ("id", "node", "value", "baseline"),
    }[table]
    return {**{name: getattr(item, name) for name in shown}, "data": canonical(item.to_dict())}


def delete_rows(db: Database, plan_id: str) -> None:
    """Take a plan's rows away."""
    for table in ITEMS:
        db.execute(f"delete from {table} where plan_id = ?", [plan_id])
    db.execute("delete from plans where id = ?", [plan_id])
