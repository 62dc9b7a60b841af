"""A message to a webhook: one POST of JSON, to exactly the machine that was looked at."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from kpi_tree.alerts.messages import Message
from kpi_tree.alerts.sending import AboutTo, NotSentError, OvertakenError, PerhapsSentError
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.sources import Bounds
from kpi_tree.sources.hosts import Target, resolve
from kpi_tree.sources.web import Connection, connection_to

SECONDS = 20.0
MAX_ANSWER = 1 << 16


def post(url: str, kind: str, message: Message, *, bounds: Bounds, about_to: AboutTo) -> None:
    """Send a message to a webhook.

    An address that leads into the own network is refused unless it was let in; being sent on is refused, too.
    What the other side answers is read to its end and never shown: it could hold the address.

    Args:
        kind: ``slack``, ``teams`` or ``webhook``, the form of the message.
        about_to: asked right before the message leaves.

    Raises:
        NotSentError: it surely did not arrive. PerhapsSentError: nobody knows.
        OvertakenError: ``about_to`` said no.
    """
    forms = {"slack": message.to_slack, "teams": message.to_teams, "webhook": message.to_json}
    body = json.dumps(forms[kind](), ensure_ascii=False).encode()
    try:
        target = resolve(url, bounds)
    except Refused as error:
        raise NotSentError(error) from None
    with _watched(target) as (connection, expired):
        try:
            connection.connect()
        except (OSError, http.client.HTTPException, ValueError):
            raise NotSentError(_refused(_unreached(expired), target)) from None
        if not about_to():
            raise OvertakenError
        try:
            status = _asked(connection, body, message.key)
        except (OSError, http.client.HTTPException, ValueError):
            raise PerhapsSentError(
                msg("No answer came, so nobody knows whether the message arrived."),
                place=target.host,
                remedy=msg("Look there, and send it again if it did not."),
            ) from None
    if not 200 <= status < 300:
        raise NotSentError(_answered(status, target), for_good=status in (400, 401, 403, 404, 405, 410))


@contextmanager
def _watched(target: Target) -> Iterator[tuple[Connection, threading.Event]]:
    """A connection that is cut off when its time is over, however slowly the other side drips."""
    connection, expired = connection_to(target, SECONDS), threading.Event()

    def cut_off() -> None:
        expired.set()
        if connection.opened is not None:
            with contextlib.suppress(OSError):
                connection.opened.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(SECONDS, cut_off)
    watch.daemon = True
    watch.start()
    try:
        yield connection, expired
    finally:
        watch.cancel()
        connection.close()


def _asked(connection: Connection, body: bytes, key: str) -> int:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "kpi-tree",
        "Accept": "*/*",
        "Idempotency-Key": key,
    }
    answer = connection.ask(headers, body)
    answer.read(MAX_ANSWER)
    return int(answer.status)


def _unreached(expired: threading.Event) -> Msg:
    if expired.is_set():
        return msg("The address did not answer within {n} seconds.", n=round(SECONDS))
    return msg("No server answers at this address, or no secure connection to it can be made.")


def _answered(status: int, target: Target) -> Refused:
    if status in (401, 403, 404, 410):
        words = msg("The webhook is not taken there any more (status {status}).", status=str(status))
        return _refused(words, target, msg("Make a new one there, and set its address here."))
    if 300 <= status < 400:
        return _refused(
            msg("The address sends us on to another one."), target, msg("Set the address that it ends at.")
        )
    return _refused(msg("The server answered with an error (status {status}).", status=str(status)), target)


def _refused(words: Msg, target: Target, remedy: Msg | None = None) -> Refused:
    return Refused(words, place=target.host, remedy=remedy or msg("It is tried again in a while."))
