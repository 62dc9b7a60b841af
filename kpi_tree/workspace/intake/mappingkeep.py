"""Saved mappings: kept by name, renamed, forgotten and brought back, with their versions and their files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from kpi_tree import ingest
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.lookup import headers
from kpi_tree.store import Home, mappings
from kpi_tree.store.mappings import SavedMapping
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import BatchView
from kpi_tree.workspace.intake.inbox_batches import batches

MAX_NAME = 80
OF_ONE_FILE = ("period_start", "period_end", "year")
"""Options that are true of one file and wrong of the next: no part of a mapping that is kept."""


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
    chosen = fit_name(name)
    said = ingest.mapping_from(mapping).to_dict()
    said.pop("confidence")
    # One table of several is known again by its own headers, wherever it stands in the next file.
    names = headers(source, file, section=said["options"].pop("section", None))
    for option in OF_ONE_FILE:
        said["options"].pop(option, None)
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
def rename_mapping(
    home: Home, who: Asker, name: str, to: str, *, now: datetime | None = None
) -> SavedMapping:
    """Call a saved mapping by another name.

    Raises:
        NotFound: no mapping has that name.
        Refused: the new name is none, too long, or another mapping's.
    """
    return mappings.rename(home, name, fit_name(to), who=who.name, now=moment(now))


@verb
def bring_back_mapping(home: Home, who: Asker, name: str, *, now: datetime | None = None) -> SavedMapping:
    """A mapping that was forgotten, as it was.

    Raises:
        NotFound: there never was one of that name.
        Refused: another mapping has taken its place.
    """
    return mappings.bring_back(home, name, who=who.name, now=moment(now))


@verb
def mapping_versions(home: Home, who: Asker, name: str) -> list[SavedMapping]:  # noqa: ARG001
    """A saved mapping as it stands and as it was before, the newest first, also under names it had.

    Raises:
        NotFound: no mapping has that name.
    """
    return mappings.versions(home, name)


@verb
def return_mapping(
    home: Home, who: Asker, name: str, back: int, *, now: datetime | None = None
) -> SavedMapping:
    """Read files again as an earlier version of a mapping did; the one in force stays among its versions.

    Args:
        back: place of the version in :func:`mapping_versions`, 1 for the one before.

    Raises:
        NotFound: no mapping has that name, or it has no such version.
    """
    found = mappings.versions(home, name)
    if not 0 <= back < len(found):
        raise NotFound(
            msg("There is no such version of the mapping."),
            place=name[:80],
            remedy=msg("It has {n} versions.", n=len(found)),
        )
    one = found[back]
    former = found[0].mapping.get("formerly", ())
    said = {key: value for key, value in one.mapping.items() if key != "formerly"}
    kept = {**said, "formerly": list(former)} if former else said
    return mappings.save(
        home, name, kept, fingerprint=one.fingerprint, headers=one.headers, who=who.name, now=moment(now)
    )


@verb
def mapping_uses(home: Home, who: Asker) -> dict[str, list[BatchView]]:
    """Saved mapping -> the batches it read, the newest first, also under names that it had before."""
    every = batches(home, who)
    return {
        one.name: [view for view in every if view.mapping in (one.name, *one.mapping.get("formerly", ()))]
        for one in mappings.every(home)
    }


def fit_name(name: str) -> str:
    """A mapping's name without odd blanks.

    Raises:
        Refused: none, or one that is too long.
    """
    chosen = " ".join(name.split())
    if not chosen or len(chosen) > MAX_NAME or chosen.startswith("{"):
        raise Refused(
            msg("A mapping needs a name of at most {n} letters.", n=MAX_NAME),
            place=chosen[:80],
            remedy=msg("Name it after the file, such as {example}.", example="POS Oslo"),
        )
    return chosen
