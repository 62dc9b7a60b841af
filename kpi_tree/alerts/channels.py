"""Channels: where a message goes. What is secret of one (a password, a webhook's address) is kept apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from kpi_tree.alerts.rules import name_from
from kpi_tree.errors import Refused
from kpi_tree.i18n import LANGUAGES, Msg, msg
from kpi_tree.sources.hosts import parse

CHANNEL_KINDS: Mapping[str, Msg] = {
    "email": msg("E-mail"),
    "slack": msg("Slack"),
    "teams": msg("Microsoft Teams"),
    "webhook": msg("Webhook (JSON)"),
}
SECURITY: Mapping[str, Msg] = {
    "starttls": msg("STARTTLS (port 587)"),
    "tls": msg("TLS (port 465)"),
    "none": msg("not encrypted"),
}
PORTS = {"starttls": 587, "tls": 465, "none": 25}
MOST_PEOPLE = 50
MAX_SECRET = 2000
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Channel:
    """A way out.

    Args:
        settings: for e-mail ``host port security user sender to``, else ``host``; ``language`` of its
            messages, ``link``: the app's own address, which messages lead to. Nothing secret.
    """

    name: str
    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The channel as JSON data, without its secret."""
        return {"name": self.name, "kind": self.kind, "settings": dict(self.settings)}


def channel_from(said: Mapping[str, Any]) -> tuple[Channel, str | None]:
    """A channel and its secret, from what somebody typed; None where no secret was said.

    Args:
        said: ``name kind language link``; e-mail ``host port security user sender to password``, else
            ``url``.

    Raises:
        Refused: an address, port or name that cannot be; a password for a connection that is not encrypted.
    """
    kind = str(said.get("kind", ""))
    if kind not in CHANNEL_KINDS:
        raise _no(
            msg("There is no kind of channel {value}.", value=kind[:40]),
            "kind",
            msg("Choose one of {names}.", names=", ".join(CHANNEL_KINDS)),
        )
    settings, secret = _email(said) if kind == "email" else _hook(said)
    return Channel(name_from(said.get("name", "")), kind, {**settings, **_common(said)}), secret


def _common(said: Mapping[str, Any]) -> dict[str, str]:
    language, link = str(said.get("language") or ""), str(said.get("link") or "").strip()
    if language and language not in LANGUAGES:
        raise _no(
            msg("{value} is not a language of this program.", value=language[:40]),
            "language",
            msg("Choose one of {names}.", names=", ".join(LANGUAGES)),
        )
    if link:
        parse(link)
        parts = urlsplit(link)
        link = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    return {"language": language, "link": link}


def _hook(said: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    url = str(said.get("url") or "").strip()
    if not url:
        if said.get("host"):
            return {"host": str(said["host"])}, None
        raise _no(
            msg("A webhook needs its address."), "url", msg("Copy it from Slack, Teams or your program.")
        )
    scheme, host, port, _ = parse(url)
    usual = 443 if scheme == "https" else 80
    return {"host": host if port == usual else f"{host}:{port}"}, url


def _email(said: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    security = str(said.get("security") or "starttls")
    if security not in SECURITY:
        raise _no(
            msg("There is no such way to encrypt: {value}.", value=security[:40]),
            "security",
            msg("Choose one of {names}.", names=", ".join(SECURITY)),
        )
    host = str(said.get("host") or "").strip().lower()
    port = said.get("port") or PORTS[security]
    if not host or not str(port).isdigit() or not 0 < int(port) < 65536:
        raise _no(
            msg("The mail server needs a name, and a port from 1 to 65535."),
            "host",
            msg("Your mail provider names both, such as {example}.", example="smtp.example.com:587"),
        )
    _, host, _, _ = parse(f"https://{host}")
    user, password = str(said.get("user") or "").strip(), said.get("password")
    secret = str(password)[:MAX_SECRET] if password else None
    if security == "none" and (user or secret):
        raise _no(
            msg("A password is only sent over an encrypted connection."),
            "security",
            msg("Choose STARTTLS or TLS, or leave name and password out."),
        )
    to = _people(said.get("to") or ())
    sender = _person(str(said.get("sender") or user or to[0]).strip(), "sender")
    return {
        "host": host,
        "port": int(port),
        "security": security,
        "user": user,
        "sender": sender,
        "to": to,
    }, secret


def _people(said: Any) -> list[str]:
    asked = re.split(r"[,;\s]+", said) if isinstance(said, str) else [str(one) for one in said]
    found = list(dict.fromkeys(_person(one, "to") for one in asked if one))
    if not found or len(found) > MOST_PEOPLE:
        raise _no(
            msg("From 1 to {n} people can get a message.", n=MOST_PEOPLE),
            "to",
            msg("Write their e-mail addresses with commas between."),
        )
    return found


def _person(said: str, place: str) -> str:
    if not _ADDRESS.fullmatch(said) or len(said) > 254:
        raise _no(
            msg("{value} is not an e-mail address.", value=said[:80]),
            place,
            msg("Write it like {example}.", example="kari@example.com"),
        )
    return said


def _no(message: Msg, place: str, remedy: Msg) -> Refused:
    return Refused(message, place=place, remedy=remedy)
