"""The table or tables of a file: a text file or sheet has one, an archive may hold several."""

from __future__ import annotations

from pathlib import Path

from kpi_tree.ingest.layout import known
from kpi_tree.ingest.limits import Limits
from kpi_tree.ingest.mapping import FileMapping
from kpi_tree.ingest.raw import Raw, read_raw
from kpi_tree.ingest.source import Source, open_source


def open_table(
    path_or_bytes: Path | str | bytes, name: str, said: FileMapping, limits: Limits
) -> tuple[Source, Raw]:
    """A file and its table as text.

    Raises:
        Refused: it is no table, or too large.
    """
    source = open_source(path_or_bytes, name, limits)
    if source.kind == "zip":
        from kpi_tree.ingest.archive import open_member

        return open_member(source, said.options, limits)
    return source, read_raw(source, known, said.options, limits)
