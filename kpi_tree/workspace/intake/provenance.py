"""From a record back to its batch, its file, and the row in it; and all that is known of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpi_tree import records
from kpi_tree.errors import NotFound
from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.around import rows_around
from kpi_tree.ingest.text.beside import PART
from kpi_tree.issues import Issue
from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import BatchView
from kpi_tree.workspace.intake.corrections import MENDS, corrections_in, root_of
from kpi_tree.workspace.intake.inbox_batches import SAMPLE, batch, batches, seen

AROUND = 3


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a batch's file between its neighbours.

    Attributes:
        rows: line of the file and its cells, in file order. ``asked`` is the line that was asked for.
        is_file: False where the rows never were a file (the sample shop) and are shown as records.
    """

    batch: BatchView
    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    asked: int
    is_file: bool = True


@dataclass(frozen=True, slots=True)
class BatchReceipt:
    """A batch with what its file made people look at, the corrections of its rows, and what it corrects.

    Attributes:
        newer: the batch that it stands behind in line; ``older``: those that stand behind it.
    """

    view: BatchView
    issues: tuple[Issue, ...]
    mends: tuple[BatchView, ...]
    corrects: BatchView | None
    reading: Mapping[str, Any]
    has_file: bool
    newer: BatchView | None = None
    older: tuple[BatchView, ...] = ()


@verb
def batch_receipt(home: Home, who: Asker, batch_id: str) -> BatchReceipt:
    """Everything that is kept of a batch, by its id or its number.

    Raises:
        NotFound: no batch has that name.
    """
    found = seen(home, who, batch_id)
    every = {one.batch: one for one in batches(home, who)}
    said = found.receipt
    return BatchReceipt(
        every[found.id],
        tuple(_issue(one) for one in said.get("issues", ())),
        tuple(every[one.id] for one in kept.mends(home, found.id) if one.id in every),
        every.get(said.get(MENDS, "")),
        said.get("mapping") or {},
        said.get("layout") != SAMPLE,
        every.get(said.get("behind_batch") or ""),
        tuple(one for one in every.values() if one.behind_batch == found.id),
    )


def _issue(said: Mapping[str, Any]) -> Issue:
    """An issue as it was written down; the words are those of the day it was loaded."""
    remedy = Msg(said["remedy"]) if said["remedy"] else None
    names = ("place", "row", "column", "value", "count")
    rest = {name: said[name] for name in names}
    return Issue(said["level"], said["code"], Msg(said["message"]), remedy=remedy, **rest)


@verb
def original_file(home: Home, who: Asker, batch_id: str) -> Path:
    """The file of a batch, byte for byte as it was sent. For corrections: the corrected rows.

    Raises:
        NotFound: no batch has that name, or it never was a file.
    """
    found = seen(home, who, batch_id)
    if found.receipt.get("layout") == SAMPLE:
        raise NotFound(
            msg("This batch was never a file: the sample shop made it."),
            place=f"#{found.seq}",
            remedy=msg("Load a file of your own to see the difference."),
        )
    return kept.source_file(home, found.id)


@verb
def source_around(home: Home, who: Asker, batch_id: str, row: int, *, around: int = AROUND) -> RowView:
    """A row of a batch's file, by its line as records carry it, with the rows beside it.

    Raises:
        NotFound: no batch has that name.
        Refused: the file cannot be read any more, with the reason.
    """
    found = seen(home, who, batch_id)
    view = batch(home, who, found.id)
    if found.receipt.get("layout") == SAMPLE:
        return _record_around(home, found, view, row, around)
    options = dict((found.receipt.get("mapping") or {}).get("options") or {})
    if found.receipt.get(MENDS):
        options["corrections"] = corrections_in(home, found)
    source = kept.source_file(home, root_of(home, found).id)
    names, rows = rows_around(source, found.file, row, around=around, mapping={"options": options})
    shown = tuple((line % PART, tuple(cells)) for line, cells in rows)
    return RowView(view, tuple(names), shown, row % PART)


def _record_around(home: Home, found: kept.Batch, view: BatchView, row: int, around: int) -> RowView:
    """The same for a batch that was never a file: its records."""
    table = records.read(home.records / str(found.main_table) / f"{found.id}.parquet")
    lines = table.column(records.ROW).to_pylist()
    place = sorted(range(len(lines)), key=lines.__getitem__)
    at = next((i for i, where in enumerate(place) if lines[where] >= row), len(place))
    picked = table.take(place[max(at - around, 0) : at + around + 1]).to_pylist()
    names = tuple(name for name in table.column_names if name != records.ROW)
    rows = tuple(
        (int(one[records.ROW]), tuple("" if one[name] is None else str(one[name]) for name in names))
        for one in picked
    )
    return RowView(view, names, rows, row, is_file=False)
