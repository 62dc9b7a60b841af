"""Which machine an address leads to, and whether it may be asked: none of the own network, unless let in."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.sources.bounds import Bounds

MAX_ADDRESS = 2000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SAFE = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Target:
    """One machine to ask: ``ip`` is the one address that was looked at and is then connected to."""

    host: str
    port: int
    ip: str
    secure: bool
    path: str


def parse(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path (with query) of an address.

    Raises:
        Refused: not http(s), without a host, with a sign-in inside, or not an address at all.

    >>> parse("https://example.com/sheet?output=csv")
    ('https', 'example.com', 443, '/sheet?output=csv')
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").encode("idna").decode("ascii").lower(), parts.port
    except (ValueError, UnicodeError):
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or len(url) > MAX_ADDRESS:
        raise Refused(
            msg("This is not an address of the web."),
            place="url",
            remedy=msg("Copy the whole address of the published sheet; it begins with https://."),
        )
    if parts.username or parts.password:
        raise Refused(
            msg("An address must not hold a name or a password."),
            place="url",
            remedy=msg("Publish the sheet by a link that needs no sign-in."),
        )
    path = quote(parts.path or "/", safe=_SAFE) + (
        f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    )
    return parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path


def resolve(url: str, bounds: Bounds) -> Target:
    """The machine that an address leads to now.

    Every address that the name stands for must be a public one; the connection then goes to exactly the one
    that was looked at, so that a name cannot be pointed elsewhere in between.

    Raises:
        Refused: the name is unknown, or leads into the own network and was not let in.
    """
    scheme, host, port, path = parse(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(
            msg("There is no machine of this name."),
            place=host,
            remedy=msg("Look at the address, and whether this machine reaches the web."),
        ) from error
    ips = [str(entry[4][0]) for entry in found]
    if host not in bounds.private_hosts and not all(is_public(ip) for ip in ips):
        raise Refused(
            msg("This address leads into the own network, and is not asked."),
            place=host,
            remedy=msg(
                "Use a public address, or let the person who runs the server add the host to {setting}.",
                setting="KPI_TREE_PRIVATE_HOSTS",
            ),
        )
    return Target(host, port, ips[0], scheme == "https", path)


def is_public(ip: str) -> bool:
    """Whether an IP address belongs to the open web, also where it wraps another one.

    >>> [is_public(ip) for ip in ("8.8.8.8", "127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1")]
    [True, False, False, False]
    """
    try:
        found = ipaddress.ip_address(ip.split("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if found.teredo is not None:
            return False
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast
