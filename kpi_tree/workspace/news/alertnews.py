"""What was told: the list in the app with its unread ones, and how each message went."""

from __future__ import annotations

from datetime import datetime

from kpi_tree.errors import NotFound
from kpi_tree.i18n import msg
from kpi_tree.store import Home, outbox
from kpi_tree.store import alerts as kept
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.news.alertviews import NewsView, SendView


@verb
def alert_news(home: Home, who: Asker, *, limit: int = 100) -> list[NewsView]:
    """What the alerts told, the newest first."""
    _, upto = outbox.unread(home, who.name)
    names = {one.id: one.name for one in kept.every(home, "alert_rules")}
    return [
        NewsView(
            one.id, one.at, names.get(one.rule, ""), one.plan, one.node, one.status, one.words, one.id > upto
        )
        for one in outbox.news(home, limit)
    ]


@verb
def unread_news(home: Home, who: Asker) -> int:
    """How many news the person has not read. Cheap."""
    return outbox.unread(home, who.name)[0]


@verb
def read_news(home: Home, who: Asker, upto: int) -> int:
    """Mark the news up to one as read by the person; how many are left."""
    if not home.read_only:
        outbox.mark_read(home, who.name, upto)
    return outbox.unread(home, who.name)[0]


@verb
def alert_messages(home: Home, who: Asker, *, limit: int = 50) -> list[SendView]:  # noqa: ARG001
    """What went out or is to go out by the channels, the newest first."""
    return send_views(home, limit)


@verb
def send_again(home: Home, who: Asker, message: int, *, now: datetime | None = None) -> None:  # noqa: ARG001
    """Send one more time what failed, or what nobody knows about.

    Raises:
        NotFound: there is no such message that could be sent again.
    """
    if not outbox.again(home, message, now=moment(now)):
        raise NotFound(
            msg("There is no message that could be sent again."),
            place=str(message),
            remedy=msg("Look at the list of messages."),
        )


def send_views(home: Home, limit: int = 50) -> list[SendView]:
    """The messages as they are shown."""
    names = {one.id: one.name for one in kept.every(home, "alert_channels")}
    return [
        SendView(
            one.id,
            str(one.content.get("rule") or one.content.get("digest") or ""),
            names.get(one.channel, ""),
            one.state,
            one.attempts,
            one.sent_at or one.at,
            one.next_try if one.state == "waiting" else None,
            one.problem,
        )
        for one in outbox.sends(home, limit)
    ]
