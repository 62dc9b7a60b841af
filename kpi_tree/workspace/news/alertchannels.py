"""Channels as people set them: e-mail, Slack, Teams, and webhooks of the shop's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kpi_tree.alerts import channel_from
from kpi_tree.store import Home, keys
from kpi_tree.store import alerts as kept
from kpi_tree.store.alerts import Kept
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.news.alertviews import ChannelView


@verb
def channels(home: Home, who: Asker) -> list[ChannelView]:
    """The channels by name; whole settings only for those who may change them, and never what is secret."""
    known = keys.names(home) if who.may("add_channel") else frozenset()
    return [
        channel_view(one, known, whole=who.may("add_channel")) for one in kept.every(home, "alert_channels")
    ]


@verb
def add_channel(
    home: Home, who: Asker, /, name: str, *, kind: str, now: datetime | None = None, **fields: Any
) -> ChannelView:
    """A new channel.

    Args:
        kind: ``email slack teams webhook``.
        fields: ``language``, ``link`` (the app's own address); e-mail ``host port security user password
            sender to``, the others ``url``. Password and address are kept apart and never shown again.

    Raises:
        Refused: an address, port or name that cannot be, or that another channel has.
    """
    channel, secret = channel_from({**fields, "name": name, "kind": kind})
    made = kept.add(home, "alert_channels", channel.to_dict(), secret=secret, who=who.name, now=moment(now))
    return channel_view(made, keys.names(home), whole=True)


@verb
def change_channel(
    home: Home, who: Asker, /, channel: str, *, now: datetime | None = None, **fields: Any
) -> ChannelView:
    """Other values for some fields of a channel; a password or address that is not said stays.

    The password of a server is not sent to another one: with another ``host`` it has to be said again.

    Raises:
        NotFound: no such channel. Refused: a value that cannot be.
    """
    before = kept.get(home, "alert_channels", channel)
    said = {**before.spec["settings"], "name": before.name, "kind": before.spec["kind"], **fields}
    fresh, secret = channel_from(said)
    moved = fresh.settings["host"] != before.spec["settings"]["host"] or fresh.kind != before.spec["kind"]
    done = kept.change(
        home, "alert_channels", before.id, fresh.to_dict(), secret="" if moved and secret is None else secret,
        who=who.name, now=moment(now),
    )  # fmt: skip
    return channel_view(done, keys.names(home), whole=True)


@verb
def remove_channel(home: Home, who: Asker, channel: str, *, now: datetime | None = None) -> None:
    """Take a channel away, and forget what is secret of it; alerts go on telling in the app.

    :func:`bring_channel_back` undoes it, save for what is secret.

    Raises:
        NotFound: no such channel. Refused: a digest goes by it.
    """
    kept.remove(home, "alert_channels", channel, who=who.name, now=moment(now))


@verb
def bring_channel_back(home: Home, who: Asker, channel: str, *, now: datetime | None = None) -> ChannelView:
    """A channel that was taken away, by its id or its name, again; alerts that went by it go by it anew.

    What was secret of it is forgotten: where it needs a password or an address, it is not ``ready``.

    Raises:
        NotFound: none was taken away. Refused: another one has its name by now.
    """
    back = kept.bring_back(home, "alert_channels", channel, who=who.name, now=moment(now))
    return channel_view(back, keys.names(home), whole=True)


def channel_view(found: Kept, known: frozenset[str], *, whole: bool) -> ChannelView:
    """A channel as it is shown."""
    settings = found.spec["settings"]
    needs = found.spec["kind"] != "email" or bool(settings.get("user"))
    where = str(settings["host"])
    if found.spec["kind"] == "email":
        people = settings["to"]
        where = ", ".join(people[:3]) + (f" +{len(people) - 3}" if len(people) > 3 else "")
    return ChannelView(
        id=found.id,
        name=found.name,
        kind=str(found.spec["kind"]),
        where=where if whole else "",
        ready=not needs or found.id in known or not whole,
        settings=dict(settings) if whole else {},
    )
