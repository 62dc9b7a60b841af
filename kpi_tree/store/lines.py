"""The places of batches in line: of two that know the same record the one further on counts.

A batch goes to the end of the line, or directly behind the first of those that are newer than it. Its place
among the others never changes from then on, whatever is withdrawn, brought back or loaded later.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlite_utils import Database

if TYPE_CHECKING:
    from kpi_tree.store.batch_rows import Incoming


def next_to(db: Database, incoming: Incoming) -> str | None:
    """The batch that a new one stands directly behind; ``None`` at the end of the line.

    Corrected rows stand right in front of their batch and its earlier corrections.
    """
    if incoming.after is None:
        return incoming.behind
    found = db.execute(
        "select id from batches where place > (select max(place) from batches where id = ? or "
        "json_extract(receipt, '$.mends') = ?) order by place limit 1",
        [incoming.after, incoming.after],
    ).fetchone()
    return str(found[0]) if found else None


def make_room(db: Database, behind: str | None) -> int:
    """The place for a new batch; those from there on move up by one."""
    if behind is None:
        return int(db.execute("select coalesce(max(place), 0) + 1 from batches").fetchone()[0])
    place = int(db.execute("select place from batches where id = ?", [behind]).fetchone()[0])
    db.execute("update batches set place = place + 1 where place >= ?", [place])
    return place


def in_line(loaded: Iterable[tuple[str, str | None]]) -> list[str]:
    """Batches by their places.

    Args:
        loaded: each batch as it was loaded, with the one that it went behind.

    >>> in_line([("a", None), ("b", None), ("c", "b"), ("d", None)])
    ['a', 'c', 'b', 'd']
    """
    line: list[str] = []
    for batch, behind in loaded:
        line.insert(line.index(behind) if behind in line else len(line), batch)
    return line
