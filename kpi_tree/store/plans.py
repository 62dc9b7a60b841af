"""Plans: the current tree in plain tables, and the journal from which any earlier one is rebuilt.

One accepted change, however many edits it has, is one line in the journal and one revision more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.plan import edits as editing
from kpi_tree.plan.model import Plan
from kpi_tree.store import journal, shelf
from kpi_tree.store.home import Home
from kpi_tree.store.plan_lines import Edit, inverse, replay, stacks
from kpi_tree.store.plan_rows import delete_rows, read_plan, write_rows

KIND = "plan"


def names(home: Home) -> list[tuple[str, str]]:
    """(id, name) of every plan that is not put away, in the order they were made."""
    with home.read() as db:
        away = shelf.put_away(db)
        return [
            (row["id"], row["name"])
            for row in db.query("select id, name from plans order by position")
            if row["id"] not in away
        ]


def ids(home: Home) -> set[str]:
    """The id of every plan, those put away too: what a new plan cannot be called."""
    with home.read() as db:
        return {row["id"] for row in db.query("select id from plans")}


def get(home: Home, plan_id: str) -> Plan:
    """A plan as it stands.

    Raises:
        NotFound: no plan has that id.
    """
    with home.read() as db:
        return _get(db, plan_id)


def revision(home: Home, plan_id: str) -> int:
    """A plan's revision, cheaply; 0 when there is no such plan."""
    with home.read() as db:
        return journal.revision(db, f"plan:{plan_id}")


def create(home: Home, plan: Plan, *, who: str, now: datetime) -> Plan:
    """Keep a new plan as revision 1.

    Raises:
        Refused: the id is taken.
    """
    made = plan.with_(revision=1)
    with home.write() as db:
        if db.execute("select 1 from plans where id = ?", [plan.id]).fetchone():
            raise Refused(
                msg("There is a plan of this name already."),
                place=plan.id,
                remedy=msg("Choose another name, or change that plan."),
            )
        write_rows(db, None, made)
        _line(db, made, "create", {"plan": made.to_dict()}, who, now)
    return made


def edit(
    home: Home,
    plan_id: str,
    edits: Iterable[Mapping[str, Any]],
    *,
    who: str,
    now: datetime,
    base_revision: int | None,
) -> Plan:
    """Make edits that were drawn up on ``base_revision``; all of them or none.

    An edit to something that nobody touched since is merged in. ``None`` takes the edits as drawn up
    on what stands now.

    Raises:
        Conflict: what an edit changes was changed meanwhile; carries both values.
        Refused: an edit breaks a rule of the tree.
    """
    return change(
        home, plan_id, lambda _: edits, action="edit", who=who, now=now, base_revision=base_revision
    )


def change(
    home: Home,
    plan_id: str,
    draw_up: Callable[[Plan], Iterable[Mapping[str, Any]]],
    *,
    action: str,
    who: str,
    now: datetime,
    base_revision: int | None = None,
) -> Plan:
    """As :func:`edit`, with the edits drawn up inside the transaction from the plan that stands."""
    with home.write() as db:
        current = _get(db, plan_id)
        wanted = [dict(part) for part in draw_up(current)]
        if base_revision is not None and base_revision != current.revision:
            wanted = _rebased(db, current, wanted, base_revision)
        made, prepared = _applied(current, wanted)
        if not prepared:
            return current
        made = made.with_(revision=current.revision + 1)
        write_rows(db, current, made)
        _line(db, made, action, {"edits": prepared}, who, now)
        return made


def _rebased(db: Database, current: Plan, wanted: list[Edit], base_revision: int) -> list[Edit]:
    """The edits with the ``before`` that their author saw, so that :func:`prepare` can tell a conflict."""
    if not 1 <= base_revision <= current.revision:
        raise Refused(
            msg("The plan never had revision {n}.", n=base_revision),
            place=current.id,
            remedy=msg("Load the plan again."),
        )
    seen = _rewound(db, current, base_revision)
    rebased = []
    for part in wanted:
        prepared = editing.prepare(seen, part)
        rebased.append({**part, "before": prepared["before"]})
        seen = editing.apply(seen, part)
    return rebased


def _applied(plan: Plan, wanted: Iterable[Edit]) -> tuple[Plan, list[Edit]]:
    prepared: list[Edit] = []
    for part in wanted:
        # Also where both wrote the same value: two people who each add one to what they saw meant two.
        ready = editing.prepare(plan, part)
        if ready["before"] == ready["after"]:
            continue
        plan = editing.apply_prepared(plan, ready)
        prepared.append(ready)
    return plan, prepared


def _rewound(db: Database, current: Plan, revision: int) -> Plan:
    """The plan at an earlier revision, walking back from the current one."""
    plan = current
    for row in db.query(
        "select change from journal where kind = ? and subject = ? and revision > ? order by seq desc",
        [KIND, current.id, revision],
    ):
        plan = editing.apply_all(plan, inverse(json.loads(row["change"])["edits"]))
    return plan.with_(revision=revision)


# --- undo and redo -----------------------------------------------------------------------------------------


def undo(home: Home, plan_id: str, *, who: str, now: datetime) -> Plan:
    """Take the latest change back that isn't taken back yet, by a new line with its inverse.

    Raises:
        Refused: there is nothing to take back.
    """
    return _step(home, plan_id, "undo", who, now)


def redo(home: Home, plan_id: str, *, who: str, now: datetime) -> Plan:
    """Make the change again that was taken back last; a fresh edit in between ends that.

    Raises:
        Refused: there is nothing to make again.
    """
    return _step(home, plan_id, "redo", who, now)


def _step(home: Home, plan_id: str, action: Literal["undo", "redo"], who: str, now: datetime) -> Plan:
    with home.write() as db:
        current = _get(db, plan_id)
        found = list(journal.lines(db, KIND, plan_id))
        done, undone = stacks(found)
        stack = done if action == "undo" else undone
        if not stack:
            raise Refused(
                msg("There is nothing to undo.") if action == "undo" else msg("There is nothing to redo."),
                place=plan_id,
                remedy=msg("Nothing needs doing."),
            )
        line = stack[-1]
        edits = inverse(line.change["edits"]) if action == "undo" else line.change["edits"]
        made, prepared = _applied(current, edits)
        made = made.with_(revision=current.revision + 1)
        write_rows(db, current, made)
        _line(db, made, action, {"edits": prepared, "of": line.revision}, who, now)
        return made


# --- the past ----------------------------------------------------------------------------------------------


def history(home: Home, plan_id: str) -> list[journal.Line]:
    """Every line of a plan's journal, oldest first.

    Raises:
        NotFound: no plan has that id.
    """
    with home.read() as db:
        _get_head(db, plan_id)
        return list(journal.lines(db, KIND, plan_id))


def last_line(home: Home, plan_id: str) -> journal.Line:
    """The latest line of a plan's journal, without reading the others.

    Raises:
        NotFound: no plan has that id.
    """
    with home.read() as db:
        _get_head(db, plan_id)
        return journal.last(db, KIND, plan_id)


def plan_as_of(home: Home, plan_id: str, *, at: datetime | None = None, revision: int | None = None) -> Plan:
    """The plan as it stood at a moment, or at a revision, rebuilt from the journal.

    Raises:
        NotFound: no such plan, or it didn't exist by then.
    """
    with home.read() as db:
        _get_head(db, plan_id)
        found = [
            line
            for line in journal.lines(db, KIND, plan_id)
            if (revision is None or line.revision <= revision) and (at is None or line.at <= at)
        ]
    if not found or (revision is not None and found[-1].revision != revision):
        raise NotFound(
            msg("The plan did not exist then."),
            place=plan_id,
            remedy=msg("Look at its history for the first and the last revision."),
        )
    return replay(found)


def remove_rows(db: Database, plan_id: str) -> None:
    """Take a plan's current rows away (the journal keeps its past); used where they are rebuilt."""
    delete_rows(db, plan_id)


def _get_head(db: Database, plan_id: str) -> None:
    if db.execute("select 1 from plans where id = ?", [plan_id]).fetchone() is None:
        raise NotFound(
            msg("There is no plan of this name."),
            place=plan_id[:80],
            remedy=msg("List the plans to see their names."),
        )


def _get(db: Database, plan_id: str) -> Plan:
    _get_head(db, plan_id)
    return read_plan(db, plan_id)


def _line(db: Database, plan: Plan, action: str, change: Mapping[str, Any], who: str, now: datetime) -> None:
    counted = journal.bump(db, f"plan:{plan.id}")
    if counted != plan.revision:
        raise Refused(
            msg(
                "The plan's revision {found} is not the journal's {known}.",
                found=plan.revision,
                known=counted,
            ),
            place=plan.id,
            remedy=msg("Run check; the database was changed by hand."),
        )
    journal.append(
        db, now=now, who=who, kind=KIND, subject=plan.id, revision=plan.revision, action=action, change=change
    )
