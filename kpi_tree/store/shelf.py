"""What people put aside: snapshots of a plan, trees kept as templates, plans put away. Lines in the journal.

The journal holds every revision already, so a snapshot is only a name for one; a template is a plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from kpi_tree.plan.model import Plan
from kpi_tree.store import journal
from kpi_tree.store.home import Home

SNAPSHOT, TEMPLATE, SHELF = "snapshot", "template", "shelf"
EVERY_PLAN = "plan:*"
"""The counted revision that a change to the list of plans moves; no plan can have that id."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A name for a plan's revision."""

    name: str
    revision: int
    at: datetime
    who: str


def snapshots(home: Home, plan_id: str) -> list[Snapshot]:
    """A plan's snapshots, newest first; a name given twice means the later one."""
    with home.read() as db:
        found = {line.change["name"]: line for line in journal.lines(db, SNAPSHOT, plan_id)}
    made = [Snapshot(name, line.revision, line.at, line.who) for name, line in found.items()]
    return sorted(made, key=lambda one: one.at, reverse=True)


def keep_snapshot(home: Home, plan_id: str, name: str, revision: int, *, who: str, now: datetime) -> Snapshot:
    """Give a revision a name."""
    with home.write() as db:
        journal.append(
            db,
            now=now,
            who=who,
            kind=SNAPSHOT,
            subject=plan_id,
            revision=revision,
            action="name",
            change={"name": name},
        )
    return Snapshot(name, revision, now, who)


def templates(home: Home, *, away: bool = False) -> dict[str, Plan]:
    """The trees kept as templates by id, oldest first; ``away``: those thrown away since."""
    return {name: plan for name, (plan, kept) in _all_templates(home).items() if kept is not away}


def _all_templates(home: Home) -> dict[str, tuple[Plan, bool]]:
    found: dict[str, tuple[Plan, bool]] = {}
    with home.read() as db:
        for line in journal.lines(db, TEMPLATE):
            if line.action == "forget" and line.subject in found:
                found[line.subject] = (found[line.subject][0], False)
            elif line.action == "keep":
                found[line.subject] = (Plan.from_dict(line.change["plan"]), True)
    return found


def forget_template(home: Home, template: str, *, who: str, now: datetime) -> None:
    """Throw a template away; the journal still has it."""
    with home.write() as db:
        journal.append(
            db, now=now, who=who, kind=TEMPLATE, subject=template, revision=0, action="forget", change={}
        )


def keep_template(home: Home, plan: Plan, *, who: str, now: datetime) -> None:
    """Keep a tree as the template of its id, in place of an earlier one."""
    with home.write() as db:
        journal.append(
            db,
            now=now,
            who=who,
            kind=TEMPLATE,
            subject=plan.id,
            revision=plan.revision,
            action="keep",
            change={"plan": plan.to_dict()},
        )


def put_away(db: Database) -> dict[str, journal.Line]:
    """Plan id → the line that put it away, for the plans that are out of sight. Nothing of them is lost."""
    found: dict[str, journal.Line] = {}
    for line in journal.lines(db, SHELF):
        if line.action == "put_away":
            found[line.subject] = line
        else:
            found.pop(line.subject, None)
    return found


def move_plan(home: Home, plan_id: str, *, away: bool, who: str, now: datetime) -> bool:
    """Put a plan away or bring it back; says whether that changed anything."""
    with home.write() as db:
        if (plan_id in put_away(db)) == away:
            return False
        count = journal.bump(db, EVERY_PLAN)
        journal.append(
            db,
            now=now,
            who=who,
            kind=SHELF,
            subject=plan_id,
            revision=count,
            action="put_away" if away else "bring_back",
            change={},
        )
    return True
