"""A ZIP of tables: one of them is read, or all that are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.layout import known, recognise
from kpi_tree.ingest.limits import Limits
from kpi_tree.ingest.raw import Raw, read_raw
from kpi_tree.ingest.source import Source, open_source, refusal


def open_member(source: Source, options: Mapping[str, Any], limits: Limits) -> tuple[Source, Raw]:
    """The table of a ZIP to read: the one asked for, the only one, or the one whose layout is known.

    Raises:
        Refused: it holds no table, or several and none is known; their names are listed.
    """
    wanted = options.get("member")
    if wanted is not None and wanted not in source.members:
        raise refusal(
            msg("The ZIP has no file {name}.", name=str(wanted)[:80]),
            source.name,
            msg("Its files are: {names}.", names=", ".join(list(source.members)[:20])),
        )
    found: list[tuple[int, Source, Raw]] = []
    fault: Refused | None = None
    for name in [str(wanted)] if wanted is not None else list(source.members)[:100]:
        try:
            inner = open_source(source.members[name](), name, limits)
            if inner.kind == "zip":
                continue
            raw = read_raw(inner, known, options, limits)
        except Refused as refused:
            fault = refused
            continue
        layout = recognise(raw.table.names)
        found.append((2 + layout.priority if layout else 1, inner, raw))
    if not found:
        raise fault or refusal(msg("The ZIP holds no table."), source.name, msg("Send the table itself."))
    best = max(found, key=lambda entry: entry[0])
    if best[0] == 1 and len(found) > 1:
        raise refusal(
            msg("The ZIP holds several tables: {names}.", names=", ".join(list(source.members)[:20])),
            source.name,
            msg("Choose one with the option member, or send it alone."),
        )
    best[2].members = list(source.members)
    return Source("zip", b"", f"{source.name}/{best[1].name}", source.fingerprint, {}), best[2]
