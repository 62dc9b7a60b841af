"""A message by e-mail: SMTP over TLS or STARTTLS, to exactly the machine that was looked at."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from kpi_tree.alerts.messages import Message
from kpi_tree.alerts.sending import AboutTo, NotSentError, OvertakenError, PerhapsSentError
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.sources import Bounds
from kpi_tree.sources.hosts import resolve

SECONDS = 20.0


def mail(
    settings: Mapping[str, Any],
    password: str | None,
    message: Message,
    *,
    now: datetime,
    bounds: Bounds,
    about_to: AboutTo,
) -> None:
    """Send a message to the people of a channel, all in one.

    Args:
        settings: ``host port security user sender to``, as :func:`kpi_tree.alerts.channel_from` made them.
        about_to: asked after the sign-in, right before the message leaves.

    Raises:
        NotSentError: it surely did not arrive. PerhapsSentError: nobody knows.
        OvertakenError: ``about_to`` said no.
    """
    letter = letter_of(settings, message, now)
    with _server(settings, bounds) as server:
        _signed_in(server, settings, password)
        if not about_to():
            raise OvertakenError
        try:
            server.send_message(letter, settings["sender"], list(settings["to"]))
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
            # The server said no in words of its own, so nothing was taken.
            for_good = isinstance(error, smtplib.SMTPResponseException) and 500 <= error.smtp_code < 600
            raise NotSentError(_refused(_said_no(error), settings), for_good=for_good) from None
        except (OSError, smtplib.SMTPException):
            raise PerhapsSentError(
                msg("The connection broke while the message was sent; nobody knows whether it arrived."),
                place=str(settings["host"]),
                remedy=msg("Look there, and send it again if it did not."),
            ) from None


def letter_of(settings: Mapping[str, Any], message: Message, now: datetime) -> EmailMessage:
    """The message as a letter: plain text, HTML beside it, pictures inside."""
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = " ".join(message.title.split())[:200]
    letter["From"] = settings["sender"]
    letter["To"] = ", ".join(settings["to"])
    letter["Date"] = format_datetime(now)
    # The same for each try: a mail server that sees it twice can tell.
    letter["Message-ID"] = f"<{message.key}@{settings['sender'].rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text)
    letter.add_alternative(message.page or message.to_html(), subtype="html")
    page = letter.get_payload()[-1]  # type: ignore[index]
    for name, picture in message.pictures.items():
        page.add_related(  # type: ignore[union-attr]
            picture,
            maintype="image",
            subtype="png",
            cid=f"<{name}>",
            disposition="inline",
            filename=f"{name}.png",
        )
    return letter


class _Smtp(smtplib.SMTP):
    """Connects to the one address that was looked at; the certificate must still be the name's."""

    ip = ""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((self.ip or host, port), timeout)


class _SecureSmtp(_Smtp):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = super()._get_socket(host, port, timeout)
        return ssl.create_default_context().wrap_socket(made, server_hostname=host)


@contextmanager
def _server(settings: Mapping[str, Any], bounds: Bounds) -> Iterator[smtplib.SMTP]:
    host, port = str(settings["host"]), int(settings["port"])
    try:
        target = resolve(f"https://{host}:{port}/", bounds)
    except Refused as error:
        raise NotSentError(error) from None
    secure = settings["security"] == "tls"
    server = (_SecureSmtp if secure else _Smtp)(timeout=SECONDS)
    server.ip = target.ip
    try:
        try:
            server._host = host  # type: ignore[attr-defined]  # what smtplib checks the certificate against
            server.connect(host, port)
            server.ehlo()
            if settings["security"] == "starttls":
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(_refused(_unreached(error), settings)) from None
        yield server
    finally:
        server.close()


def _signed_in(server: smtplib.SMTP, settings: Mapping[str, Any], password: str | None) -> None:
    if not settings.get("user"):
        return
    if not password:
        words = msg("The password of this channel is not here any more.")
        raise NotSentError(_refused(words, settings, msg("Set it again.")), for_good=True)
    try:
        server.login(str(settings["user"]), password)
    except smtplib.SMTPAuthenticationError:
        words = msg("The mail server does not take this name and password.")
        raise NotSentError(_refused(words, settings, msg("Set them again.")), for_good=True) from None
    except (OSError, smtplib.SMTPException) as error:
        raise NotSentError(_refused(_unreached(error), settings)) from None


def _unreached(error: Exception) -> Msg:
    if isinstance(error, ssl.SSLCertVerificationError):
        return msg("The mail server has no certificate that can be trusted.")
    if isinstance(error, ssl.SSLError):
        return msg("No secure connection to the mail server can be made.")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return msg("The mail server does not offer what this channel asks for.")
    if isinstance(error, TimeoutError):
        return msg("The mail server did not answer within {n} seconds.", n=round(SECONDS))
    return msg("The mail server does not answer.")


def _said_no(error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> Msg:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return msg("The mail server takes none of these people.")
    return msg("The mail server refused the message (status {status}).", status=str(error.smtp_code))


def _refused(words: Msg, settings: Mapping[str, Any], remedy: Msg | None = None) -> Refused:
    return Refused(words, place=str(settings["host"]), remedy=remedy or msg("It is tried again in a while."))
