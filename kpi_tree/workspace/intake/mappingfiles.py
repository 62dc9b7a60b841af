"""Saved mappings as files: to another home, to a colleague, or to the command line (``--mapping FILE``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kpi_tree import ingest
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.store import Home, mappings
from kpi_tree.store.mappings import SavedMapping
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.intake.mappingkeep import OF_ONE_FILE, fit_name

KIND = "kpi-tree mapping"
MOST_BYTES = 1_000_000
MOST_HEADERS = 20_000


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A mapping as a file brings it, looked at already."""

    name: str
    mapping: Mapping[str, Any]
    headers: tuple[str, ...]


@verb
def export_mapping(home: Home, who: Asker, name: str) -> bytes:  # noqa: ARG001
    """A saved mapping as a JSON file: the form that ``--mapping`` takes, with its name and headers beside it.

    Raises:
        NotFound: no mapping has that name.
    """
    one = mappings.get(home, name)
    said = {
        "kind": KIND,
        "name": one.name,
        "table": one.mapping.get("table"),
        "columns": dict(one.mapping.get("columns") or {}),
        "options": dict(one.mapping.get("options") or {}),
        "headers": list(one.headers),
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def is_mapping_file(name: str, content: bytes) -> bool:
    """Whether a file is a mapping that was exported, right or not.

    >>> is_mapping_file("pos.json", b'{"kind": "kpi-tree mapping"}'), is_mapping_file("a.csv", b"kind")
    (True, False)
    """
    found = _parsed(content) if name.lower().endswith(".json") and len(content) <= MOST_BYTES else None
    return isinstance(found, dict) and found.get("kind") == KIND


def mapping_in(content: bytes, file: str) -> MappingFile:
    """The mapping of a file.

    Raises:
        Refused: it is none, or one that cannot be followed, with the reason.

    >>> text = '{"kind": "kpi-tree mapping", "name": "A", "table": "costs", "columns": {"Sum": "amount"},'
    >>> mapping_in((text + '"headers": ["Sum"]}').encode(), "a.json").name
    'A'
    """
    found = _parsed(content) if len(content) <= MOST_BYTES else None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise _no_mapping(file)
    headers = found.get("headers")
    if not isinstance(headers, list) or not headers or len(headers) > MOST_HEADERS:
        raise _no_mapping(file)
    if not isinstance(found.get("name"), str) or not all(isinstance(one, str) for one in headers):
        raise _no_mapping(file)
    said = ingest.mapping_from({key: found.get(key) or {} for key in ("columns", "options")} | _table(found))
    if said.table is None and not said.options:
        raise _no_mapping(file)
    kept = {"table": said.table, "columns": dict(said.columns)}
    options = {key: value for key, value in said.options.items() if key not in OF_ONE_FILE}
    return MappingFile(fit_name(found["name"]), {**kept, "options": options}, tuple(headers))


@verb
def import_mapping(
    home: Home, who: Asker, content: bytes, file: str, *, now: datetime | None = None
) -> SavedMapping:
    """Keep a mapping that a file brings; one of the same name, or for the same headers, gives way to it.

    Raises:
        Refused: the file holds none, or one that cannot be followed.
    """
    found = mapping_in(content, file)
    return mappings.save(
        home,
        found.name,
        found.mapping,
        fingerprint=ingest.fingerprint(found.headers),
        headers=found.headers,
        who=who.name,
        now=moment(now),
    )


def _table(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"table": str(found["table"])} if found.get("table") else {}


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _no_mapping(file: str) -> Refused:
    return Refused(
        msg("This file holds no mapping that can be read."),
        place=file[:80],
        remedy=msg("Export the mapping again on the data page of the home that it comes from."),
    )
