"""What somebody sets a source to, looked at before any of it is kept."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kpi_tree import ingest
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.mapping.composed import FILLS
from kpi_tree.sources import Bounds, Schedule
from kpi_tree.store import Home, mappings
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.base.own import catalogue_of, tables_of

MAX_NAME = 80
MAX_HOURS = 24 * 366
DROP = "inbox"
"""The folder of a home that may always be watched."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "folder": ("folder", "pattern"),
    "url": ("url",),
    "sql": ("connection", "query"),
}
READING = ("as_table", "kpi", "mapping", "timezone")


def checked_values(
    home: Home,
    name: str,
    kind: str,
    place: Mapping[str, str],
    reading: Mapping[str, Any],
    schedule: str,
    fresh_hours: int | None,
    anywhere: bool,
    bounds: Bounds | None,
) -> dict[str, Any]:
    """What a source is to be kept as; the arguments are those of :func:`add_source`.

    Raises:
        Refused, NotFound: something of it does not suit.
    """
    chosen = " ".join(name.split())
    if not chosen or len(chosen) > MAX_NAME or not chosen.isprintable():
        raise Refused(
            msg("A source needs a name of at most {n} letters.", n=MAX_NAME),
            place=chosen[:MAX_NAME],
            remedy=msg("Name it after what it brings, such as {example}.", example="POS Oslo"),
        )
    if fresh_hours is not None and not 1 <= fresh_hours <= MAX_HOURS:
        raise Refused(
            msg("{value} does not suit this setting.", value=fresh_hours),
            place="fresh_hours",
            remedy=msg("Give a number of hours from 1 to {n}, or leave it out.", n=MAX_HOURS),
        )
    said = _reading(home, {key: reading[key] for key in READING if reading.get(key)})
    where = _place(home, kind, place, anywhere, bounds or Bounds.from_environment())
    return {
        "name": chosen,
        "kind": kind,
        "place": where,
        "reading": said,
        "schedule": Schedule.parse(schedule).text,
        "fresh_hours": fresh_hours,
    }


def _place(home: Home, kind: str, place: Mapping[str, str], anywhere: bool, bounds: Bounds) -> dict[str, str]:
    if kind not in FIELDS:
        raise Refused(
            msg("{value} is not a kind of source.", value=kind[:40]),
            place="kind",
            remedy=msg("Choose one of {names}.", names=", ".join(FIELDS)),
        )
    said = {name: str(place.get(name) or "").strip() for name in FIELDS[kind]}
    if kind == "folder":
        return _folder(home, said, anywhere, bounds)
    if kind == "url":
        return _address(said["url"], bounds)
    from kpi_tree.sources import connections as secrets
    from kpi_tree.sources import database

    if said["connection"] not in secrets.names(bounds):
        secrets.url_of(said["connection"], bounds)  # says which ones there are
    return {"connection": said["connection"], "query": database.check(said["query"])}


def _folder(home: Home, said: Mapping[str, str], anywhere: bool, bounds: Bounds) -> dict[str, str]:
    from kpi_tree.sources import folder

    drop, pattern = home.path / DROP, said["pattern"] or "*"
    if "/" in pattern or "\\" in pattern or len(pattern) > 100:
        raise Refused(
            msg("A pattern is for names of files, not of folders."),
            place="pattern",
            remedy=msg("Write it like {example}.", example="*.csv"),
        )
    if not said["folder"] or Path(said["folder"]).expanduser() == drop:
        drop.mkdir(exist_ok=True)
    found = folder.allowed(said["folder"] or drop, () if anywhere else (drop, *bounds.folders))
    own = home.path.resolve()
    if found.is_relative_to(own) and not found.is_relative_to(own / DROP):
        raise Refused(
            msg("The home's own files are not watched."),
            place=str(found),
            remedy=msg("Use its folder {name}, or one outside of the home.", name=DROP),
        )
    return {"folder": str(found), "pattern": pattern}


def _address(url: str, bounds: Bounds) -> dict[str, str]:
    """An address that could be asked; where its name leads to is looked at in every run."""
    from kpi_tree.sources import hosts, links

    url = links.download_of(url)
    _, host, _, _ = hosts.parse(url)
    try:
        ipaddress.ip_address(host)
        literal = True
    except ValueError:
        literal = host == "localhost" or host.endswith(".localhost")
    if literal:
        hosts.resolve(url, bounds)
    return {"url": url}


def _reading(home: Home, said: dict[str, Any]) -> dict[str, Any]:
    if "as_table" in said and "kpi" in said:
        raise Refused(
            msg("A file fills a table or a KPI, not both."), place="as_table", remedy=msg("Choose one.")
        )
    tables = tables_of(home)
    if "as_table" in said and said["as_table"] not in (*FILLS, *tables):
        raise NotFound(
            msg("There is no record table {name}.", name=str(said["as_table"])[:80]),
            place="as_table",
            remedy=msg("The tables are: {names}.", names=", ".join(tables)),
        )
    if "kpi" in said:
        _known_kpi(catalogue_of(home), str(said["kpi"]))
    if isinstance(said.get("mapping"), str):
        mappings.get(home, said["mapping"])
    elif "mapping" in said:
        ingest.mapping_from(said["mapping"])
    if "timezone" in said:
        calendar_of(current_settings(home).changed(timezone=said["timezone"]))
    return said


def _known_kpi(known: Mapping[str, Kpi], name: str) -> None:
    if name not in known:
        raise NotFound(
            msg("No KPI is named {id}.", id=name[:80]),
            place="kpi",
            remedy=msg("List the KPIs to see their names."),
        )
