"""What was told, on its way out: a message in the channel's language, sent once."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from kpi_tree.alerts import Line, Message, mail, post
from kpi_tree.alerts.sending import AboutTo, NotSentError, OvertakenError, PerhapsSentError
from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.i18n import format_datetime, msg, nmsg, translate
from kpi_tree.sources import Bounds
from kpi_tree.store import Home, keys, outbox
from kpi_tree.store import alerts as kept
from kpi_tree.store.alerts import Kept
from kpi_tree.store.outbox import Send
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.news.weekly import letter

Clock = Any
"""A function that says what time it is, so that a long round knows how old its claims are."""


def send_one(home: Home, send: Send, *, clock: Clock, bounds: Bounds) -> str:
    """Send a message that this process has claimed, and write down how it went. Returns its state."""
    worker = worker_name()

    def about_to() -> bool:
        return outbox.leaves(home, send, worker=worker, now=clock())

    def done(state: str, problem: KpiTreeError | None = None, *, again: bool = False) -> str:
        return outbox.finish(home, send, state, now=clock(), problem=problem, again=again)

    try:
        channel = kept.get(home, "alert_channels", send.channel)
        message = message_of(home, channel, send, clock())
        deliver(home, channel, message, now=clock(), bounds=bounds, about_to=about_to)
    except NotSentError as error:
        return done("failed", error, again=not error.for_good)
    except PerhapsSentError as error:
        return done("unknown", error)
    except OvertakenError:
        return "overtaken"
    except KpiTreeError as error:  # the channel was removed, the plan has no value any more
        return done("failed", error)
    return done("sent")


def deliver(
    home: Home, channel: Kept, message: Message, *, now: datetime, bounds: Bounds, about_to: AboutTo
) -> None:
    """Hand a message to a channel.

    Raises:
        NotSentError, PerhapsSentError, OvertakenError: as :mod:`kpi_tree.alerts.sending` says.
    """
    secret = keys.get(home, channel.id)
    if channel.spec["kind"] == "email":
        mail(channel.spec["settings"], secret, message, now=now, bounds=bounds, about_to=about_to)
        return
    if not secret:
        words = msg("The address of this channel is not here any more.")
        raise NotSentError(Refused(words, place=channel.name, remedy=msg("Set it again.")), for_good=True)
    post(secret, str(channel.spec["kind"]), message, bounds=bounds, about_to=about_to)


def message_of(home: Home, channel: Kept, send: Send, now: datetime) -> Message:
    """A kept message in its channel's language."""
    content, lang = send.content, language_for(home, channel)
    if content["kind"] == "digest":
        return letter(home, str(content["plan"]), lang=lang, key=send.key, now=now, link=_link(channel))
    return _told(home, channel, content, lang, send.key, send.at)


def _told(
    home: Home, channel: Kept, content: Mapping[str, Any], lang: str, key: str, at: datetime
) -> Message:
    lines = tuple(_line(channel, content, one, lang) for one in content["lines"])
    rule = str(content["rule"])
    title = lines[0].title
    if len(lines) > 1:
        title = translate(
            nmsg("{rule}: {n} indicator", "{rule}: {n} indicators", len(lines), rule=rule), lang
        )
    made = Message(key, title, lines, lang=lang, link=_link(channel))
    zone = calendar_of(current_settings(home)).zone
    when = format_datetime(at.astimezone(zone), lang)
    note = translate(msg("Alert: {rule}, {when}.", rule=rule, when=when), lang)
    if content["kind"] == "test":
        note = translate(msg("This is a test of {rule}, {when}.", rule=rule, when=when), lang)
    return replace(made, note=note, at=at.isoformat())


def _line(channel: Kept, content: Mapping[str, Any], one: Mapping[str, Any], lang: str) -> Line:
    words = one["words"].get(lang) or one["words"]["en"]
    link = _link(channel)
    if link and one["node"]:
        link += "/kpi?" + urlencode({"id": one["node"], "plan": content["plan"]})
    return Line(words["title"], words["text"], one["status"], one["node"], link)


def _link(channel: Kept) -> str:
    return str(channel.spec["settings"].get("link") or "")


def language_for(home: Home, channel: Kept) -> str:
    """The language of a channel's messages: its own, else the shop's."""
    return str(channel.spec["settings"].get("language") or current_settings(home).language or "en")


def worker_name() -> str:
    """This thread of this process."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
