"""The saved mapping that reads a file: found again by its headers, asked about when the headers drift."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from kpi_tree import ingest
from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.lookup import headers
from kpi_tree.ingest.mapping.generic import field_names
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.issues import Issue
from kpi_tree.store import Home, mappings
from kpi_tree.store.mappings import SavedMapping
from kpi_tree.workspace.base.rights import Asker, verb

LIKELY, ALONE = 0.5, 0.6
"""How sure a new column must be to be offered for one that is gone; and how sure one is that is alone."""
NEAR = 0.5
"""Share of a mapping's columns that a file must have to be taken for a drifted one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A saved mapping that suits a file.

    Attributes:
        mapping: the mapping, its headers spelt as in the file; those that are gone are left out.
        missing: mapped columns that the file has no more, each with its field.
        added: columns of the file that were not there when the mapping was made.
    """

    name: str
    mapping: Mapping[str, Any]
    missing: Mapping[str, str] = field(default_factory=dict)
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
                columns=", ".join(list(found.missing)[:10]),
            ),
            place=place,
            remedy=remedy,
        )


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
    exact = exact or _before(home, saved, mark)
    if exact is not None:
        return fitted(exact, names)
    near = max(saved, key=lambda one: _overlap(one, names))
    return fitted(near, names) if _overlap(near, names) >= NEAR else None


def _before(home: Home, saved: Sequence[SavedMapping], mark: str) -> SavedMapping | None:
    """A mapping as it was for files with these headers: a till that was not renewed yet still writes them."""
    return next(
        (
            replace(version, name=one.name)
            for one in saved
            for version in mappings.versions(home, one.name)
            if version.fingerprint == mark
        ),
        None,
    )


def for_tables(home: Home) -> Callable[[Sequence[str]], ingest.FileMapping | None]:
    """Finds the saved mapping for the headers of one of a file's tables."""
    saved = {one.fingerprint: one for one in mappings.every(home)}

    def find_one(names: Sequence[str]) -> ingest.FileMapping | None:
        one = saved.get(ingest.fingerprint(names)) if saved else None
        return ingest.mapping_from(fitted(one, names).mapping) if one is not None else None

    return find_one


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
        spelt[normal(header)]: target
        for header, target in saved.mapping["columns"].items()
        if normal(header) in spelt
    }
    missing = {
        header: target for header, target in saved.mapping["columns"].items() if normal(header) not in spelt
    }
    known = {normal(name) for name in saved.headers}
    added = tuple(name for name in names if normal(name) not in known)
    return Found(saved.name, {**saved.mapping, "columns": columns}, missing, added)


def likely(found: Found) -> dict[str, tuple[str, float]]:
    """New columns of a drifted file that probably stand in for those that are gone.

    Returns:
        New header -> the field that it takes over and how sure that is (0..1), best guesses first.

    >>> drifted = Found("x", {"table": "costs"}, {"Sum kr": "amount"}, ("Sum i kr", "Sted"))
    >>> likely(drifted)["Sum i kr"][0]
    'amount'
    """
    table = str(found.mapping.get("table") or "")
    guesses = []
    for header, target in found.missing.items():
        known = field_names(table, target) if table else {}
        for name in found.added:
            alike = SequenceMatcher(None, normal(header), normal(name)).ratio()
            guesses.append((max(known.get(normal(name), 0.0), 0.9 * alike), name, header, target))
    alone = len(found.missing) == len(found.added) == 1
    made: dict[str, tuple[str, float]] = {}
    done: set[str] = set()
    for score, name, header, target in sorted(guesses, reverse=True):
        sure = max(score, ALONE) if alone else score
        if sure >= LIKELY and name not in made and header not in done:
            made[name] = (target, sure)
            done.add(header)
    return made


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
