"""Sources: set one up, change it, let it rest, take it away, and look how they all stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kpi_tree.ingest.mapping.composed import FILLS
from kpi_tree.sources import Bounds, Schedule
from kpi_tree.store import Home, runs
from kpi_tree.store import sources as kept
from kpi_tree.workspace.base.homes import calendar_of, current_settings, moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.feeds.sourcechecks import checked_values
from kpi_tree.workspace.feeds.sourceviews import SourceRun, SourceView, run_view, view_of


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
    values = checked_values(home, name, kind, place, reading or {}, schedule, fresh_hours, anywhere, bounds)
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
    checked = checked_values(
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
    tables = list(FILLS.get(str(table), (str(table),))) if table else []
    return {"tables": tables, "kpis": [str(reading["kpi"])] if reading.get("kpi") else []}
