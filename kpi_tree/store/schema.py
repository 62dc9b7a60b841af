"""The tables of ``kpi_tree.db``, and the steps that bring an older database up to them.

A migration is never changed once released: add the next one. All steps that are due run in one
transaction together with the version number, so a crash leaves the old database or the new one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlite_utils import Database

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.store.schema_alerts import ALERTS as _V4_ALERTS
from kpi_tree.store.schema_first import FIRST as _V1
from kpi_tree.store.schema_sources import SOURCES as _V3_SOURCES

Migration = Callable[[Database], None]


def _version_1(db: Database) -> None:
    """Journal, plans, batches, observations, settings."""
    for statement in _V1.split(";;"):
        if statement.strip():
            db.execute(statement)


def _version_2(db: Database) -> None:
    """Saved mappings."""
    for statement in _V2.split(";;"):
        if statement.strip():
            db.execute(statement)


_V2 = """
create table mappings (
    name text primary key,
    fingerprint text not null,
    headers text not null,
    mapping text not null,
    at text not null,
    who text not null
);;
create index mappings_by_fingerprint on mappings (fingerprint)
"""


def _version_3(db: Database) -> None:
    """Sources with their runs, and tokens of programs that send files; tables and KPIs of the shop's own."""
    for statements in (_V3_SOURCES, _V3_OWN):
        for statement in statements.split(";;"):
            if statement.strip():
                db.execute(statement)


_V3_OWN = """
create table own_tables (
    name text primary key,
    position integer not null,
    fingerprint text not null,
    spec text not null,
    revision integer not null,
    at text not null,
    who text not null
);;
create index own_tables_by_fingerprint on own_tables (fingerprint);;
create table own_kpis (
    id text primary key,
    position integer not null,
    spec text not null,
    revision integer not null,
    at text not null,
    who text not null
)
"""


def _version_4(db: Database) -> None:
    """Check-ins and comments; alerts with what was sent; named scenarios."""
    for statements in (_V4_REMARKS, _V4_ALERTS, _V4_SCENARIOS):
        for statement in statements.split(";;"):
            if statement.strip():
                db.execute(statement)


_V4_REMARKS = """
create table remarks (
    id text primary key,
    position integer not null unique,
    plan_id text not null,
    node text not null,
    kind text not null check (kind in ('check_in', 'comment', 'decision')),
    day text not null,
    person text not null,
    value real,
    confidence text check (confidence in ('high', 'medium', 'low')),
    said text not null,
    next text not null,
    mentions text not null,
    revision integer not null,
    at text not null,
    who text not null
);;
create index remarks_by_node on remarks (plan_id, node, day)
"""

_V4_SCENARIOS = """
create table scenarios (
    id text primary key,
    plan_id text not null,
    position integer not null,
    name text not null,
    node text not null,
    spec text not null,
    revision integer not null,
    at text not null,
    who text not null
);;
create index scenarios_by_plan on scenarios (plan_id, position)
"""


def _version_5(db: Database) -> None:
    """Which batches are values of check-ins; until now their file's name alone said so."""
    for statement in _V5.split(";;"):
        db.execute(statement)


_V5 = """
create table check_in_values (
    batch_id text primary key references batches (id),
    remark_id text not null
);;
create index check_in_values_by_remark on check_in_values (remark_id);;
insert into check_in_values (batch_id, remark_id)
    select batches.id, remarks.id from batches join remarks
    on substr(batches.file, 1, 10 + length(remarks.id)) = 'check-in ' || remarks.id || ' '
    where remarks.kind = 'check_in'
"""


def _version_6(db: Database) -> None:
    """Which place a batch has in line, the newest last; until now that was the order of loading."""
    for statement in _V6.split(";;"):
        db.execute(statement)


_V6 = """
alter table batches add column place integer not null default 0;;
update batches set place = seq
"""


def _version_7(db: Database) -> None:
    """Tokens that end by themselves. A name is free again once its token is over, which depends on the day;
    the transaction that keeps a token sees to that, as an index cannot."""
    db.execute("alter table api_tokens add column expires_at text")
    db.execute("drop index api_tokens_by_name")


MIGRATIONS: tuple[Migration, ...] = (
    _version_1,
    _version_2,
    _version_3,
    _version_4,
    _version_5,
    _version_6,
    _version_7,
)
"""Step n brings a database from version n to n + 1."""


def version_of(db: Database) -> int:
    """The version a database is at; 0 is an empty file."""
    return int(db.execute("pragma user_version").fetchone()[0])


def pending(db: Database, steps: Sequence[Migration] = MIGRATIONS) -> int:
    """How many steps are due.

    Raises:
        Refused: when the database was written by a newer release.
    """
    version = version_of(db)
    if version > len(steps):
        raise Refused(
            msg(
                "The database has version {found}; this release knows {known}.",
                found=version,
                known=len(steps),
            ),
            place="kpi_tree.db",
            remedy=msg("Update the program, or open the backup that was made before the update."),
        )
    return len(steps) - version


def migrate(db: Database, steps: Sequence[Migration] = MIGRATIONS) -> int:
    """Run the steps that are due; the caller holds the transaction. Returns how many ran."""
    due = pending(db, steps)
    for step in steps[len(steps) - due :]:
        step(db)
    if due:
        db.execute(f"pragma user_version = {len(steps)}")
    return due
