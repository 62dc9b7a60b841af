"""Saved mappings: kept by name, found again by a file's headers, asked about when the headers drift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kpi_tree import ingest
from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.layout import normal
from kpi_tree.ingest.lookup import headers
from kpi_tree.issues import Issue
from kpi_tree.store import Home, mappings
from kpi_tree.store.mappings import SavedMapping
from kpi_tree.workspace.homes import moment
from kpi_tree.workspace.rights import Asker, verb

NEAR = 0.5
"""Share of a mapping's columns that a file must have to be taken for a drifted one."""
MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class Found:
    """A saved mapping that suits a file.

    Attributes:
        mapping: the mapping, its headers spelt as in the file; those that are gone are left out.
        missing: mapped columns that the file has no more.
        added: columns of the file that were not there when the mapping was made.
    """

    name: str
    mapping: Mapping[str, Any]
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    def issues(self, place: str) -> tuple[Issue, ...]:
        """What a receipt says about it."""
        told: list[tuple[str, Msg, Msg | None]] = [
            ("saved_mapping", msg("Read by the saved mapping {name}.", name=self.name), None)
        ]
        if self.added:
            words = msg("The file has new columns: {names}.", names=", ".join(self.added[:20]))
            told.append(("new_columns", words, msg("They are not used. Map the file again to use them.")))
        return tuple(
            Issue("info", code, words, place, remedy, value=self.name if code == "saved_mapping" else None)
            for code, words, remedy in told
        )


class DriftedError(Refused):
    """A file looks like one that a saved mapping reads, but columns of the mapping are gone.

    Attributes:
        found: the mapping, and what differs.
    """

    def __init__(self, found: Found, place: str) -> None:
        self.found = found
        added = ", ".join(found.added[:10])
        remedy: Msg = (
            msg("Say which of these takes its place: {names}.", names=added)
            if found.added
            else msg("Export the column again, or map the file anew.")
        )
        super().__init__(
            msg(
                "The file looks like the ones read by the mapping {name}, but has no column {columns}.",
                name=found.name,
                columns=", ".join(found.missing[:10]),
            ),
            place=place,
            remedy=remedy,
        )


@verb
def saved_mappings(home: Home, who: Asker) -> list[SavedMapping]:  # noqa: ARG001
    """All saved mappings, by name."""
    return mappings.every(home)


@verb
def save_mapping(
    home: Home,
    who: Asker,
    name: str,
    mapping: Mapping[str, Any],
    *,
    source: Path | str | bytes,
    file: str,
    now: datetime | None = None,
) -> SavedMapping:
    """Keep a mapping under a name, for this file and all with the same headers.

    Raises:
        Refused: no name, one that is too long, or a mapping that is not of the right form.
    """
    chosen = " ".join(name.split())
    if not chosen or len(chosen) > MAX_NAME or chosen.startswith("{"):
        raise Refused(
            msg("A mapping needs a name of at most {n} letters.", n=MAX_NAME),
            place=chosen[:80],
            remedy=msg("Name it after the file, such as {example}.", example="POS Oslo"),
        )
    said = ingest.mapping_from(mapping).to_dict()
    said.pop("confidence")
    names = headers(source, file)
    return mappings.save(
        home,
        chosen,
        said,
        fingerprint=ingest.fingerprint(names),
        headers=names,
        who=who.name,
        now=moment(now),
    )


@verb
def forget_mapping(home: Home, who: Asker, name: str, *, now: datetime | None = None) -> None:
    """Drop a saved mapping; what was read by it stays.

    Raises:
        NotFound: no mapping has that name.
    """
    mappings.forget(home, name, who=who.name, now=moment(now))


@verb
def mapping_for(home: Home, who: Asker, source: Path | str | bytes, name: str) -> Found | None:  # noqa: ARG001
    """The saved mapping that suits a file: by its very headers, else the nearest with most of them."""
    return find(home, source, name)


def find(home: Home, source: Path | str | bytes, name: str) -> Found | None:
    """The same, for the workspace's own use; a home without saved mappings never opens the file."""
    saved = mappings.every(home)
    if not saved:
        return None
    try:
        names = headers(source, name)
    except KpiTreeError:
        return None
    mark = ingest.fingerprint(names)
    exact = next((one for one in saved if one.fingerprint == mark), None)
    if exact is not None:
        return fitted(exact, names)
    near = max(saved, key=lambda one: _overlap(one, names))
    return fitted(near, names) if _overlap(near, names) >= NEAR else None


def _overlap(saved: SavedMapping, names: Sequence[str]) -> float:
    have, known = {normal(name) for name in names}, {normal(name) for name in saved.headers}
    mapped = {normal(name) for name in saved.mapping["columns"]} or known
    if not known:
        return 0.0
    return min(len(have & mapped) / max(len(mapped), 1), len(have & known) / len(have | known))


def fitted(saved: SavedMapping, names: Sequence[str]) -> Found:
    """A saved mapping with its headers spelt as this file spells them."""
    spelt = {normal(name): name for name in names}
    columns = {
        spelt[normal(header)]: field
        for header, field in saved.mapping["columns"].items()
        if normal(header) in spelt
    }
    missing = tuple(header for header in saved.mapping["columns"] if normal(header) not in spelt)
    known = {normal(name) for name in saved.headers}
    added = tuple(name for name in names if normal(name) not in known)
    return Found(saved.name, {**saved.mapping, "columns": columns}, missing, added)


def named(home: Home, name: str, source: Path | str | bytes, file: str) -> Found:
    """The mapping of a name, for a file.

    Raises:
        NotFound: no mapping has that name.
        DriftedError: the file lacks columns that it names.
    """
    saved = mappings.get(home, name)
    if not saved.mapping["columns"]:
        return Found(saved.name, saved.mapping)
    options = saved.mapping.get("options") or {}
    hinted = bool(options.keys() & {"encoding", "delimiter", "header", "sheet", "member"})
    names = list(saved.headers) if hinted else headers(source, file)
    found = fitted(saved, names)
    if found.missing:
        raise DriftedError(found, file)
    return found
