"""Batches in the inbox: the list of them, taking one back and bringing it in again, and the rows behind
it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.errors import NotFound
from kpi_tree.i18n import msg
from kpi_tree.ingest.lookup import rows_at
from kpi_tree.ingest.table.quarantine import FAULT
from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import BatchView, TableCount
from kpi_tree.workspace.intake.corrections import MENDS, corrections_in, root_of, solved

if TYPE_CHECKING:
    import pandas as pd

SAMPLE = "sample shop"


@verb
def batches(home: Home, who: Asker) -> list[BatchView]:
    """Every batch, the newest first; an uploader's list holds their own."""
    every = kept.all_batches(home)
    mended: dict[str, set[int]] = {}
    for one in every:
        if one.status == "active" and one.receipt.get(MENDS):
            mended.setdefault(one.receipt[MENDS], set()).update(one.receipt["mended"])
    return [view_of(one, len(mended.get(one.id, ()))) for one in every if _may_see(who, one)]


def _may_see(who: Asker, batch: kept.Batch) -> bool:
    return who.role != "uploader" or batch.who == who.name


def seen(home: Home, who: Asker, batch_id: str) -> kept.Batch:
    """A batch; one of somebody else's is, for an uploader, not there.

    Raises:
        NotFound: no batch has that name.
    """
    found = kept.get(home, batch_id)
    if not _may_see(who, found):
        raise NotFound(
            msg("There is no batch of this name."),
            place=batch_id[:80],
            remedy=msg("List the batches to see their names."),
        )
    return found


@verb
def batch(home: Home, who: Asker, batch: str) -> BatchView:
    """One batch.

    Raises:
        NotFound: no batch has that name.
    """
    found = seen(home, who, batch)
    return view_of(found, len(solved(home, found.id)))


@verb
def withdraw(home: Home, who: Asker, batch: str, *, now: datetime | None = None) -> BatchView:
    """Take a batch out of every figure; it can come back exactly as it was.

    Raises:
        NotFound: no batch has that name.
        Refused: it is withdrawn already.
    """
    seen(home, who, batch)
    return view_of(kept.withdraw(home, batch, who=who.name, now=moment(now)))


@verb
def restore_batch(home: Home, who: Asker, batch: str, *, now: datetime | None = None) -> BatchView:
    """Bring a withdrawn batch back.

    Raises:
        NotFound: no batch has that name.
        Refused: it is not withdrawn, or its content was loaded again meanwhile.
    """
    seen(home, who, batch)
    return view_of(kept.restore(home, batch, who=who.name, now=moment(now)))


@verb
def quarantine(home: Home, who: Asker, batch: str) -> pd.DataFrame:
    """The rows of a batch that were not accepted: ``row, column, value, reason, cells, also``.

    ``also`` lists the further cells of a row that keep it out, each with ``column``, ``value``, ``reason``.
    Rows that were corrected and loaded again stand here no more, as long as their correction counts.

    Raises:
        NotFound: no batch has that name.
    """
    import pandas as pd  # a load needs none of it

    one = seen(home, who, batch)
    path = kept.quarantine_file(home, one.id)
    if path is None:
        return pd.DataFrame(columns=["row", *FAULT, "cells", "also"])
    from kpi_tree import records

    done = solved(home, one.id)
    rows = [row for row in records.read(path).to_pylist() if row["row"] not in done]
    frame = pd.DataFrame(rows, columns=["row", *FAULT, "cells"])
    # Batches of earlier releases name the first cell only.
    return frame.assign(also=pd.Series([row.get("also") or [] for row in rows], dtype=object))


@verb
def source_rows(home: Home, who: Asker, batch: str, rows: Sequence[int]) -> list[list[str]]:
    """The file's own cells for some of its rows (numbered by line, as records carry them), header first.

    Raises:
        NotFound: no batch has that name.
    """
    found = seen(home, who, batch)
    if found.receipt.get("layout") == SAMPLE:
        return _record_rows(home, found, rows)
    # Only how the file is read, not what its columns mean: the cells are shown as they are.
    options = dict((found.receipt.get("mapping") or {}).get("options") or {})
    if found.receipt.get(MENDS):
        options["corrections"] = corrections_in(home, found)
    source = kept.source_file(home, root_of(home, found).id)
    return rows_at(source, found.file, rows, mapping={"options": options})


def _record_rows(home: Home, batch: kept.Batch, rows: Sequence[int]) -> list[list[str]]:
    """Rows of a batch that was never a file: as its records say them."""
    from kpi_tree import records

    path = home.records / str(batch.main_table) / f"{batch.id}.parquet"
    found = records.read(path)
    picked = found.filter(pc.is_in(found.column(records.ROW), pa.array(sorted(set(rows)), pa.int64())))
    names = [name for name in picked.column_names if name != records.ROW]
    body = [["" if row[name] is None else str(row[name]) for name in names] for row in picked.to_pylist()]
    return [names, *body]


def view_of(batch: kept.Batch, mended: int = 0) -> BatchView:
    """A batch as the inbox shows it; ``mended`` of its rows set aside were corrected since."""
    said = batch.receipt
    read_by = next((one["value"] for one in said.get("issues", ()) if one["code"] == "saved_mapping"), None)
    day = {
        name: date.fromisoformat(said[name]) if said.get(name) else None
        for name in ("data_from", "data_through")
    }
    return BatchView(
        batch=batch.id,
        file=batch.file,
        at=batch.at,
        who=batch.who,
        status=batch.status,
        tables=tuple(TableCount(**count) for count in said.get("tables", ())),
        table=batch.main_table,
        rows=batch.rows,
        accepted=batch.accepted,
        changed=batch.changed,
        unchanged=batch.unchanged,
        rejected=batch.rejected,
        sha256=batch.sha256,
        bytes=batch.bytes,
        layout=said.get("layout"),
        data_from=day["data_from"],
        data_through=day["data_through"],
        number=batch.seq,
        mends=said.get(MENDS),
        mapping=read_by,
        behind=int(said.get("behind") or 0),
        behind_batch=said.get("behind_batch"),
        waiting=max(int(said.get("quarantine") or 0) - mended, 0),
    )
