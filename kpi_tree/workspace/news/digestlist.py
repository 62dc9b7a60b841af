"""Digests that go out by themselves: to which channel, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kpi_tree.alerts.rules import name_from
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.sources import Schedule
from kpi_tree.store import Home
from kpi_tree.store import alerts as kept
from kpi_tree.store.alerts import Kept
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import calendar_of, current_settings, moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.news.alertviews import DigestView

WEEKLY = "mon 07:00"


@verb
def digests(home: Home, who: Asker) -> list[DigestView]:  # noqa: ARG001
    """The digests that go out by themselves, by name."""
    names = {one.id: one.name for one in kept.every(home, "alert_channels")}
    with home.read() as db:
        runs = kept.next_runs(db) if kept.there(db) else {}
    return [_view(one, names, runs) for one in kept.every(home, "digests")]


@verb
def add_digest(
    home: Home,
    who: Asker,
    /,
    name: str,
    *,
    channel: str,
    schedule: str = WEEKLY,
    plan_id: str | None = None,
    now: datetime | None = None,
) -> DigestView:
    """A digest that goes to a channel by itself, ``mon 07:00`` on the shop's clock unless said otherwise.

    Raises:
        NotFound: no such plan or channel. Refused: no such schedule, or a name that another one has.
    """
    at, when = moment(now), Schedule.parse(schedule)
    if when.minutes is not None:
        raise Refused(
            msg("A digest goes out at a time of day."),
            place="schedule",
            remedy=msg("Write it like {example}.", example=WEEKLY),
        )
    plan = plan_cached(home, plan_id_of(home, plan_id))
    way = kept.get(home, "alert_channels", channel)
    spec = {"name": name_from(name), "plan": plan.id, "channel": way.id, "schedule": when.text}
    made = kept.add(home, "digests", spec, who=who.name, now=at)
    following = when.next_after(at, calendar_of(current_settings(home)).zone)
    with home.write() as db:
        kept.plan_run(db, made.id, following)
    return _view(made, {way.id: way.name}, {made.id: following})


@verb
def remove_digest(home: Home, who: Asker, digest: str, *, now: datetime | None = None) -> None:
    """Let a digest go out no more.

    Raises:
        NotFound: there is none of this name.
    """
    kept.remove(home, "digests", digest, who=who.name, now=moment(now))


def _view(one: Kept, names: Mapping[str, str], runs: Mapping[str, datetime | None]) -> DigestView:
    spec = one.spec
    channel = names.get(str(spec["channel"]), "")
    return DigestView(one.id, one.name, str(spec["plan"]), channel, str(spec["schedule"]), runs.get(one.id))
