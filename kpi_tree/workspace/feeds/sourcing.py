"""Sources: set one up, change it, let it rest, take it away, and look how they all stand."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from kpi_tree import ingest
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.generic import ORDER_TABLE
from kpi_tree.sources import Bounds, Schedule
from kpi_tree.store import Home, mappings, runs
from kpi_tree.store import sources as kept
from kpi_tree.workspace.base.homes import calendar_of, current_settings, moment
from kpi_tree.workspace.base.own import catalogue_of, tables_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.feeds.sourceviews import SourceRun, SourceView, run_view, view_of

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


@verb
def sources(home: Home, who: Asker, *, now: datetime | None = None) -> list[SourceView]:
    """All sources by name, with how they stand. Their settings only for those who may change them."""
    found, at = kept.every(home), moment(now)
    last = runs.last_runs(home, [source.id for source in found])
    return [view_of(one, last.get(one.id), at, whole=who.may("change_source")) for one in found]


@verb
def source_runs(home: Home, who: Asker, name: str, *, limit: int = 20) -> list[SourceRun]:  # noqa: ARG001
    """A source's runs, the newest first.

    Raises:
        NotFound: there is no such source.
    """
    source = kept.get(home, name)
    return [run_view(source.name, run) for run in runs.of(home, source.id, limit)]


@verb
def connections(home: Home, who: Asker, *, bounds: Bounds | None = None) -> list[str]:  # noqa: ARG001
    """The names of the database connections in the app's secrets; nothing else of them.

    Raises:
        Refused: the secrets cannot be read.
    """
    from kpi_tree.sources import connections as secrets

    return secrets.names(bounds or Bounds.from_environment())


@verb
def add_source(
    home: Home,
    who: Asker,
    name: str,
    *,
    kind: str,
    place: Mapping[str, str],
    reading: Mapping[str, Any] | None = None,
    schedule: str = "1h",
    fresh_hours: int | None = None,
    anywhere: bool = False,
    bounds: Bounds | None = None,
    now: datetime | None = None,
) -> SourceView:
    """Set up a source; its first run comes with the next tick, unless it only runs when asked.

    Args:
        kind, place: ``folder`` with ``folder`` and perhaps ``pattern``; ``url`` with ``url``; ``sql`` with
            ``connection`` (its name in the app's secrets) and ``query``.
        reading: ``as_table, kpi, mapping, timezone`` as :func:`load_file` takes them.
        schedule: ``15m``, ``2h``, ``daily 06:00``, ``mon 06:00``, ``manual``.
        fresh_hours: how long nothing new may come before that is a fault.
        anywhere: whether any folder may be watched, and not only those that were let in.

    Raises:
        Refused: something of it does not suit, or another source has the name.
        NotFound: there is no such connection, mapping, table or KPI.
    """
    at = moment(now)
    values = _checked(home, name, kind, place, reading or {}, schedule, fresh_hours, anywhere, bounds)
    first = at if values["schedule"] != "manual" else None
    made = kept.add(home, values, feeds=feeds_of(values["reading"]), next_run=first, who=who.name, now=at)
    return view_of(made, None, at, whole=True)


@verb
def change_source(
    home: Home,
    who: Asker,
    /,
    name: str,
    *,
    anywhere: bool = False,
    bounds: Bounds | None = None,
    now: datetime | None = None,
    **values: Any,
) -> SourceView:
    """Change some of what :func:`add_source` takes (``name`` as ``rename``); the rest stays.

    Raises:
        Refused, NotFound: as for a new one.
    """
    source, at = kept.get(home, name), moment(now)
    before = kept.values_of(source)
    fresh = {**before, **{key: value for key, value in values.items() if key in before}}
    fresh["name"] = values.get("rename", source.name)
    inside = anywhere or fresh["place"] == before["place"]  # a folder let in once is not asked about again
    checked = _checked(
        home, fresh["name"], source.kind, fresh["place"], fresh["reading"], fresh["schedule"],
        fresh["fresh_hours"], inside, bounds,
    )  # fmt: skip
    following = at if checked["schedule"] != "manual" else None
    kept_feeds = feeds_of(checked["reading"]) if checked["reading"] != before["reading"] else source.feeds
    changed = kept.change(
        home, source.id, checked, feeds=kept_feeds, next_run=following, who=who.name, now=at
    )
    return view_of(changed, None, at, whole=True)


@verb
def pause_source(
    home: Home, who: Asker, name: str, *, paused: bool = True, now: datetime | None = None
) -> SourceView:
    """Let a source rest (it can still be run by hand), or go on.

    Raises:
        NotFound: there is no such source.
    """
    source, at = kept.get(home, name), moment(now)
    following = None if paused else next_run_of(home, at)(source)
    changed = kept.pause(home, source.id, paused, next_run=following, who=who.name, now=at)
    return view_of(changed, None, at, whole=True)


@verb
def remove_source(home: Home, who: Asker, name: str, *, now: datetime | None = None) -> None:
    """Take a source away. What it brought stays, and can be withdrawn batch by batch.

    Raises:
        NotFound: there is no such source.
    """
    kept.remove(home, kept.get(home, name).id, who=who.name, now=moment(now))


def next_run_of(home: Home, now: datetime) -> runs.Next:
    """When a source runs after ``now``, on the shop's clock."""
    zone = calendar_of(current_settings(home)).zone
    return lambda source: Schedule.parse(source.schedule).next_after(now, zone)


def feeds_of(reading: Mapping[str, Any]) -> dict[str, list[str]]:
    """The tables and KPIs that a source is said to fill, before it brought anything.

    >>> feeds_of({"as_table": "order_table"})
    {'tables': ['order_lines', 'orders'], 'kpis': []}
    """
    mapping = reading.get("mapping")
    table = reading.get("as_table") or (mapping.get("table") if isinstance(mapping, Mapping) else None)
    tables = ["order_lines", "orders"] if table == ORDER_TABLE else [str(table)] if table else []
    return {"tables": tables, "kpis": [str(reading["kpi"])] if reading.get("kpi") else []}


def _checked(
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
    if kind == "sql" and not {"as_table", "kpi", "mapping"} & said.keys():
        raise Refused(
            msg("A query needs to be told what it fills."),
            place=chosen,
            remedy=msg("Choose the record table, and name the query's columns like its columns."),
        )
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
    from kpi_tree.sources import hosts

    _, host, _, _ = hosts.parse(url)
    try:
        ipaddress.ip_address(host)
        literal = True
    except ValueError:
        literal = host == "localhost" or host.endswith(".localhost")
    if literal:
        hosts.resolve(url, bounds)
    return {"url": url.strip()}


def _reading(home: Home, said: dict[str, Any]) -> dict[str, Any]:
    if "as_table" in said and "kpi" in said:
        raise Refused(
            msg("A file fills a table or a KPI, not both."), place="as_table", remedy=msg("Choose one.")
        )
    tables = tables_of(home)
    if "as_table" in said and said["as_table"] not in (ORDER_TABLE, *tables):
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
