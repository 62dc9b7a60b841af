"""Sources in trouble, said on every KPI that they feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kpi_tree.catalogue import Kpi
from kpi_tree.i18n import Msg, msg
from kpi_tree.store import Home
from kpi_tree.store.sources import Source, every
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source that fails, or brought nothing for longer than expected."""

    source: str
    state: str
    message: Msg
    tables: frozenset[str]
    kpis: frozenset[str]

    def touches(self, kpi: Kpi) -> bool:
        """Whether a KPI is made from what the source brings."""
        return kpi.id in self.kpis or not self.tables.isdisjoint(kpi.tables)


def troubles(home: Home) -> list[Trouble]:
    """The sources in trouble; those that rest are not."""
    found = [source for source in every(home) if source.state in ("failing", "late") and not source.paused]
    if not found:
        return []
    zone = calendar_of(current_settings(home)).zone
    return [
        Trouble(
            source.name,
            source.state,
            _words(source, zone),
            frozenset(source.feeds.get("tables", ())),
            frozenset(source.feeds.get("kpis", ())),
        )
        for source in found
    ]


def _words(source: Source, zone: ZoneInfo) -> Msg:
    def local(at: datetime) -> datetime:
        return at.astimezone(zone)

    if source.state == "failing" and source.problem is not None:
        return msg(
            "The source {name} fails since {when}: {reason}",
            name=source.name,
            when=local(source.failing_since or source.made_at),
            reason=source.problem.message,
        )
    return msg(
        "The source {name} brought nothing new since {when}.",
        name=source.name,
        when=local(source.last_new or source.made_at),
    )


def told(found: Sequence[Trouble], kpi: Kpi | None) -> list[Msg]:
    """What a KPI has to say of sources in trouble."""
    return [trouble.message for trouble in found if kpi is not None and trouble.touches(kpi)]


def with_trouble(reason: Msg, found: Sequence[Trouble], kpi: Kpi | None) -> Msg:
    """A verdict's reason with what is wrong with the KPI's sources, so that a card says it too."""
    added = told(found, kpi)
    if not added:
        return reason
    return msg("{reason} {more}", reason=reason, more=added[0]) if reason.id else added[0]


@verb
def kpi_troubles(home: Home, who: Asker, kpi: str) -> list[Trouble]:  # noqa: ARG001
    """The sources in trouble that feed a KPI; none for one that is not known."""
    known = catalogue_of(home).get(kpi)
    return [trouble for trouble in troubles(home) if known is not None and trouble.touches(known)]
