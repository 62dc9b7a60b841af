"""The database connections that the person who runs the server wrote into the app's secrets.

They are read where they are needed and kept nowhere: a source knows a connection by its name only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.sources.bounds import Bounds

KINDS = ("postgresql", "sqlite")
_PARTS = ("username", "password", "host", "port", "database", "query")


def names(bounds: Bounds) -> list[str]:
    """The names of the connections, nothing else of them.

    Raises:
        Refused: the file of secrets cannot be read; its content is not shown.
    """
    return sorted(_sections(bounds))


def url_of(name: str, bounds: Bounds) -> URL:
    """A connection's address for the driver. Holds the password: never show or keep it.

    Raises:
        NotFound: no connection has that name.
        Refused: it is not written as it should be, or of a kind that is not read.
    """
    sections = _sections(bounds)
    if name not in sections:
        raise NotFound(
            msg("There is no database connection of this name."),
            place=name[:80],
            remedy=msg(
                "The connections in the app's secrets are: {names}.", names=", ".join(sorted(sections)) or "–"
            ),
        )
    url = _url(name, sections[name])
    kind = url.get_backend_name()
    if kind not in KINDS:
        raise Refused(
            msg("Databases of the kind {kind} are not read.", kind=kind[:40]),
            place=name,
            remedy=msg("These are: {names}.", names=", ".join(KINDS)),
        )
    return url.set(drivername="postgresql+psycopg") if kind == "postgresql" else url


def _sections(bounds: Bounds) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for path in bounds.secrets:
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            # Not "from error": the reason would quote a line of the secrets.
            raise Refused(
                msg("The app's secrets cannot be read."),
                place=path.name,
                remedy=msg("Let the person who runs the server look at that file."),
            ) from None
        sections = said.get("connections")
        if isinstance(sections, dict):
            found.update({str(name): part for name, part in sections.items() if isinstance(part, dict)})
    return {name: part for name, part in found.items() if "url" in part or "dialect" in part}


def _url(name: str, said: Mapping[str, Any]) -> URL:
    try:
        if "url" in said:
            text = str(said["url"])
            return make_url(f"postgresql{text[8:]}" if text.startswith("postgres:") else text)
        driver = f"+{said['driver']}" if said.get("driver") else ""
        return URL.create(
            f"{said['dialect']}{driver}", **{part: said[part] for part in _PARTS if part in said}
        )
    except (ArgumentError, ValueError, TypeError):
        raise Refused(
            msg("The connection is not written as it should be."),
            place=name,
            remedy=msg("Give it a url, or dialect, host, database, username and password."),
        ) from None
