"""Which machine an address leads to, and whether it may be asked: none of the own network, unless let in."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.sources.bounds import Bounds

MAX_ADDRESS = 2000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SAFE = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Proxy:
    """The machine that asks in our place; ``login`` is ``name:password`` where it wants one."""

    host: str
    port: int
    login: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """One machine to ask: ``ip`` is the one address that was looked at and is then connected to.

    ``others`` are its other addresses, which were looked at too. With a ``proxy`` the connection goes to
    that, and ``ip`` is empty where only the proxy knows the name.
    """

    host: str
    port: int
    ip: str
    secure: bool
    path: str
    proxy: Proxy | None = None
    others: tuple[str, ...] = ()


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
    proxy = proxy_for(scheme, host)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        if proxy is not None:
            return Target(host, port, "", scheme == "https", path, proxy)
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
    first, *others = dict.fromkeys(ips)
    return Target(host, port, first, scheme == "https", path, proxy, tuple(others))


def proxy_for(scheme: str, host: str) -> Proxy | None:
    """The proxy that ``HTTPS_PROXY``, ``HTTP_PROXY`` or ``ALL_PROXY`` names; none for hosts of ``NO_PROXY``.

    Raises:
        Refused: the setting is not the address of a proxy.
    """
    from urllib.request import getproxies_environment, proxy_bypass  # with all of HTTP, mail and TLS

    known = getproxies_environment()
    said = known.get(scheme) or known.get("all")
    if not said or proxy_bypass(host):
        return None
    parts = urlsplit(said if "://" in said else f"http://{said}")
    try:
        name, port = parts.hostname, parts.port
    except ValueError:
        name, port = None, None
    if parts.scheme != "http" or not name:
        raise Refused(
            msg("The proxy that this machine is set to use cannot be used."),
            place=f"{scheme}_proxy",
            remedy=msg("It looks like {example}.", example="http://proxy.example.com:3128"),
        )
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    return Proxy(name, port or 80, login)


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
