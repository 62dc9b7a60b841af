"""Is the home whole? The journal, the tables and the files are held against each other.

Everything that counts is written down twice: in the tables that are read and in the chained
journal. A value changed by hand or by a failing disk therefore shows, and is named.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import msg
from kpi_tree.issues import Issue
from kpi_tree.store import (
    alerts,
    files,
    journal,
    lines,
    observations,
    own,
    own_tables,
    plan_lines,
    plans,
    remarks,
    scenarios,
)
from kpi_tree.store.home import Home
from kpi_tree.store.plan_rows import read_plan


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found; ``cleaned`` are leftovers of killed imports that were taken away."""

    problems: tuple[Issue, ...]
    cleaned: tuple[str, ...]
    leftovers: tuple[str, ...]
    counts: dict[str, int]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def run(home: Home, *, clean: bool = True) -> Findings:
    """Hold journal, tables and files against each other; take leftovers away when asked.

    A leftover (a file that no batch names, from an import that was killed) is no problem: nothing
    reads it. It is only taken away while nobody imports.
    """
    with files.nobody_imports(home) as alone:
        with home.read() as db:
            problems = [
                *_database(db),
                *_chain(db),
                *_plans(db),
                *_batches(db),
                *_settings(db),
                *_own(db),
                *_alerts(db),
                *_scenarios(db),
                *_remarks(db),
                *_files(home, db),
            ]
            named = _named(db)
            counts = {
                name: int(db.execute(f"select count(*) from {name}").fetchone()[0])
                for name in ("plans", "batches", "observations", "journal")
            }
        extra = [path for path in _present(home) if path.relative_to(home.path).as_posix() not in named]
        cleaned = extra if clean and alone else []
        for path in cleaned:
            path.unlink(missing_ok=True)
    where = [path.relative_to(home.path).as_posix() for path in extra]
    return Findings(tuple(problems), tuple(where) if cleaned else (), () if cleaned else tuple(where), counts)


def _problem(code: str, text: Any, place: str, remedy: Any = None) -> Issue:
    return Issue("error", code, text, place, remedy or msg("Restore the last backup into another folder."))


def _database(db: Database) -> Iterator[Issue]:
    for row in db.execute("pragma integrity_check").fetchall():
        if row[0] != "ok":
            yield _problem("damaged", msg("The database is damaged: {detail}.", detail=row[0]), "kpi_tree.db")
    for row in db.execute("pragma foreign_key_check").fetchall():
        yield _problem("dangling", msg("A row points at nothing."), f"{row[0]}, row {row[1]}")


def _chain(db: Database) -> Iterator[Issue]:
    broken = journal.broken_at(db)
    if broken is not None:
        yield _problem("journal_broken", msg("The journal was changed at line {n}.", n=broken), "journal")


def _plans(db: Database) -> Iterator[Issue]:
    told: dict[str, list[journal.Line]] = {}
    for line in journal.lines(db, plans.KIND):
        told.setdefault(line.subject, []).append(line)
    kept = [row["id"] for row in db.query("select id from plans")]
    for plan_id in sorted(set(told) ^ set(kept)):
        yield _problem("plan_unknown", msg("The plan is only in the journal or only in the tables."), plan_id)
    for plan_id in sorted(set(told) & set(kept)):
        try:
            same = plan_lines.replay(told[plan_id]) == read_plan(db, plan_id)
        except (KpiTreeError, KeyError, ValueError):
            same = False
        if not same:
            yield _problem(
                "plan_differs", msg("The plan's tables do not say what its journal says."), plan_id
            )


def _batches(db: Database) -> Iterator[Issue]:
    told: dict[str, dict[str, Any]] = {}
    for line in journal.lines(db, "batch"):
        if line.action == "load":
            told[line.subject] = {**line.change}
        elif line.subject in told:
            told[line.subject]["batch"] = {**told[line.subject]["batch"], "status": line.change["after"]}
    rows = {row["id"]: row for row in db.query("select * from batches order by place")}
    places = lines.in_line((batch_id, said.get("behind")) for batch_id, said in told.items())
    if places != list(rows) and set(places) == set(rows):
        yield _problem("batches_moved", msg("The batches do not stand as the journal says."), "batches")
    for batch_id in sorted(set(told) ^ set(rows)):
        yield _problem(
            "batch_unknown", msg("The batch is only in the journal or only in the tables."), batch_id
        )
    for batch_id in sorted(set(told) & set(rows)):
        said = told[batch_id]
        kept = list(db.query("select * from batch_files where batch_id = ?", [batch_id]))
        row = {name: value for name, value in rows[batch_id].items() if name != "place"}
        measured = observations.fingerprint(db, batch_id)
        if (
            said["batch"] != row
            or _by_table(said["files"]) != _by_table(kept)
            or said["observations"]["sha256"] != measured
        ):
            yield _problem(
                "batch_differs", msg("The batch's rows do not say what the journal says."), batch_id
            )


def _by_table(kept: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["table_name"]: row for row in kept}


def _settings(db: Database) -> Iterator[Issue]:
    told: dict[str, Any] = {}
    for line in journal.lines(db, "settings"):
        told.update(line.change["after"])
    kept = {row["name"]: json.loads(row["value"]) for row in db.query("select * from settings")}
    for name in sorted(set(told) | set(kept)):
        if told.get(name) != kept.get(name):
            yield _problem("setting_differs", msg("The setting is not what the journal says."), name)


def _own(db: Database) -> Iterator[Issue]:
    if "own_kpis" not in db.table_names():
        return  # a home that can only be read may still be of an older version
    for name in own.differing(db):
        yield _problem("definition_differs", msg("The definition is not what the journal says."), name)
    for name in own_tables.differing(db):
        yield _problem("table_differs", msg("The table's columns are not what the journal says."), name)


def _scenarios(db: Database) -> Iterator[Issue]:
    for name in scenarios.differing(db):
        yield _problem("scenario_differs", msg("The scenario is not what the journal says."), name)


def _remarks(db: Database) -> Iterator[Issue]:
    for name in remarks.differing(db):
        yield _problem("remark_differs", msg("The remark is not what the journal says."), name)


def _alerts(db: Database) -> Iterator[Issue]:
    for name in alerts.differing(db):
        yield _problem("alert_differs", msg("The alert is not what the journal says."), name)


def _files(home: Home, db: Database) -> Iterator[Issue]:
    wanted = [(row["path"], row["sha256"]) for row in db.query("select path, sha256 from batch_files")]
    wanted += [
        (f"files/{row['sha256']}", row["sha256"]) for row in db.query("select distinct sha256 from batches")
    ]
    for path, sha256 in wanted:
        whole = home.path / path
        if not whole.exists():
            yield _problem("file_missing", msg("The file of a batch is gone."), path)
        elif files.sha256_of(whole) != sha256:
            yield _problem("file_changed", msg("The file of a batch was changed."), path)


def _named(db: Database) -> set[str]:
    named = {row["path"] for row in db.query("select path from batch_files")}
    return named | {f"files/{row['sha256']}" for row in db.query("select distinct sha256 from batches")}


def _present(home: Home) -> Iterator[Path]:
    for folder in (home.records, home.files, home.path / "quarantine"):
        if folder.exists():
            yield from sorted(path for path in folder.rglob("*") if path.is_file())
