"""What reading a file gives: record tables, rows set apart, and what to say about both."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from kpi_tree.ingest.inspection import Inspection
from kpi_tree.issues import Issue
from kpi_tree.records.leftovers import drop_folder
from kpi_tree.records.parquet import Rows


@dataclass
class Reading:
    """A file read: typed records, rows set apart, and what to say about both.

    The tables of a large file lie on disk, in a folder that goes with the reading: use it as a context
    manager, or :meth:`close` it.
    """

    inspection: Inspection
    tables: dict[str, Rows]
    observations: pa.Table | None
    quarantine: Rows
    issues: list[Issue]
    rows: int
    fingerprint: str
    _tidy: weakref.finalize | None = field(default=None, repr=False)  # type: ignore[type-arg]

    def held_by(self, folder: Path) -> None:
        """The tables lie in a folder, which is dropped with the reading."""
        self._tidy = weakref.finalize(self, drop_folder, folder)

    def close(self) -> None:
        """Let go of what lies on disk."""
        if self._tidy is not None:
            self._tidy()

    def __enter__(self) -> Reading:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
