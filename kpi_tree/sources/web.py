"""A published sheet: one file behind an address, asked for only when it changed."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import socket
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from kpi_tree.errors import Cancelled, Refused
from kpi_tree.i18n import msg
from kpi_tree.sources.answers import name_of, refusal, refuse_page, refused_status
from kpi_tree.sources.bounds import Bounds, Fetched
from kpi_tree.sources.cutting import Cancel, Cut, hang_up, never, watched
from kpi_tree.sources.hosts import Target, resolve

CHUNK = 1 << 16
MOST_COOKIES = 16 * 1024


def fetch(
    url: str, target: Path, *, marks: Mapping[str, Any], bounds: Bounds, cancelled: Cancel = never
) -> Fetched | None:
    """The file behind an address; None when the server says that it did not change since.

    Args:
        marks: ``etag`` and ``last_modified`` of the last answer, where the server gave them.
        target: where to write the answer.
        cancelled: asked several times a second whether to stop.

    Raises:
        Cancelled: somebody stopped it.
        Refused: the address may not be asked, does not answer, answers with something else than a file, or
            with more than the bounds allow.
    """
    asked, cut = url, Cut(bounds.seconds, cancelled)
    cookies: Cookies = {}
    for _ in range(bounds.redirects + 1):
        found = resolve(asked, bounds)
        done = _Exchange(found, bounds, cut, cookies).run(target, marks if asked == url else {})
        if not isinstance(done, str):
            return done
        asked = urljoin(asked, done)
        if found.secure and not asked.lower().startswith("https:"):
            raise refusal(
                msg("The address sends us on to one that is not secure."),
                found,
                msg("Use the address itself."),
            )
    raise Refused(
        msg("The address sends us on again and again."),
        place=found.host,
        remedy=msg("Open it in a browser, and copy the address that it ends at."),
    )


Cookies = dict[tuple[str, bool], dict[str, str]]
"""By host, and apart for what is encrypted; only as long as one fetch lasts."""


class _Exchange:
    """One request, cut off when its time is over."""

    def __init__(self, target: Target, bounds: Bounds, cut: Cut, cookies: Cookies) -> None:
        self.target, self.bounds, self.cut = target, bounds, cut
        self.cookies = cookies.setdefault((target.host, target.secure), {})
        self.connection = connection_to(target, min(bounds.seconds, 20.0))

    def run(self, out: Path, marks: Mapping[str, Any]) -> Fetched | str | None:
        """The file, the address that we are sent on to, or None for "unchanged"."""
        try:
            with watched(self.cut, self._cut_off):
                return self._run(out, marks)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._refused(error) from error
        finally:
            self.connection.close()

    def _run(self, out: Path, marks: Mapping[str, Any]) -> Fetched | str | None:
        headers = {"Accept-Encoding": "identity", "User-Agent": "kpi-tree", "Accept": "*/*"}
        for name, header in (("etag", "If-None-Match"), ("last_modified", "If-Modified-Since")):
            if marks.get(name):
                headers[header] = str(marks[name])
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with self.connection.ask(headers) as answer:
            self._keep_cookies(answer)
            if answer.status == 304 and marks:
                return None
            if answer.status in (301, 302, 303, 307, 308) and answer.getheader("Location"):
                return str(answer.getheader("Location"))
            if answer.status != 200:
                raise refused_status(answer, self.target)
            digest = self._body(answer, out)
        kept = {"etag": answer.getheader("ETag"), "last_modified": answer.getheader("Last-Modified")}
        return Fetched(
            name_of(answer, self.target), out, digest, {name: text for name, text in kept.items() if text}
        )

    def _keep_cookies(self, answer: http.client.HTTPResponse) -> None:
        """What a server hands out on the way to its file; without it the next address asks for a sign-in."""
        for said in answer.headers.get_all("Set-Cookie", ()):
            name, _, value = said.split(";")[0].strip().partition("=")
            if name and sum(map(len, self.cookies.values())) + len(value) <= MOST_COOKIES:
                self.cookies[name] = value

    def _body(self, answer: http.client.HTTPResponse, out: Path) -> str:
        told, digest, length = answer.length, hashlib.sha256(), 0
        limit = self.bounds.file_bytes
        with out.open("wb") as stream:
            while block := answer.read1(CHUNK):
                length += len(block)
                if max(length, told or 0) > limit:
                    raise refusal(
                        msg("The answer is larger than {limit} MB.", limit=limit // 1024 // 1024),
                        self.target,
                        msg("Publish a shorter span, one sheet, or plain CSV."),
                    )
                digest.update(block)
                stream.write(block)
        if self.cut.late or self.cut.stopped or (told is not None and length != told):
            raise OSError("short")
        refuse_page(answer, out, self.target)
        return digest.hexdigest()

    def _cut_off(self) -> None:
        if self.connection.opened is not None:
            hang_up(self.connection.opened)

    def _refused(self, error: Exception) -> Refused:
        if self.cut.stopped:
            return Cancelled()
        if self.cut.late or isinstance(error, TimeoutError):
            words = msg("The address did not answer within {n} seconds.", n=round(self.bounds.seconds))
        elif isinstance(error, ssl.SSLCertVerificationError):
            reason = str(error.verify_message).strip().rstrip(".")
            words = msg("The address has no certificate that can be trusted ({reason}).", reason=reason)
            return refusal(
                words,
                self.target,
                msg(
                    "Tell the person who runs that address. An authority of your own is named in {setting}.",
                    setting="SSL_CERT_FILE",
                ),
            )
        elif isinstance(error, ssl.SSLError):
            words = msg("No secure connection to this address can be made.")
        elif str(error).startswith("Tunnel connection failed"):
            words = msg("The proxy of this machine does not let us through ({reason}).",
                        reason=str(error).partition(": ")[2][:80])  # fmt: skip
        elif isinstance(error, http.client.BadStatusLine | http.client.LineTooLong) and not isinstance(
            error, http.client.RemoteDisconnected
        ):
            words = msg("What answers at this address is no server of the web.")
        elif isinstance(error, ConnectionRefusedError):
            words = msg("No server answers at this address.")
        else:
            words = msg("The answer broke off.")
        return refusal(words, self.target)


class Connection(http.client.HTTPConnection):
    """A connection to the very machine that was looked at, or to the proxy that asks in our place."""

    def __init__(self, target: Target, timeout: float) -> None:
        proxy = target.proxy
        super().__init__(
            *((proxy.host, proxy.port) if proxy else (target.host, target.port)), timeout=timeout
        )
        self.target = target
        self.opened: socket.socket | None = None
        """The socket, also once it is the answer's alone."""
        self.signs_in = _login(proxy.login) if proxy else {}
        if proxy and target.secure:
            self.set_tunnel(target.host, target.port, headers=self.signs_in)

    def connect(self) -> None:
        if self.target.proxy is not None:
            super().connect()
        else:
            self.sock = self._first_that_answers()
        self.opened = self.sock

    def _first_that_answers(self) -> socket.socket:
        """One of a machine's addresses may be of a net that is not reached from here."""
        *others, last = self.target.ip, *self.target.others
        for ip in others:
            with contextlib.suppress(OSError):
                return socket.create_connection((ip, self.target.port), self.timeout)
        return socket.create_connection((last, self.target.port), self.timeout)

    def ask(self, headers: Mapping[str, str], body: bytes | None = None) -> http.client.HTTPResponse:
        """Ask for the file, or hand over ``body``; a proxy that is no tunnel is told the whole address."""
        path, target = self.target.path, self.target
        if target.proxy is not None and not target.secure:
            host = f"[{target.host}]" if ":" in target.host else target.host
            path, headers = f"http://{host}:{target.port}{path}", {**headers, **self.signs_in}
        self.request("GET" if body is None else "POST", path, body=body, headers=dict(headers))
        return self.getresponse()


class _SecureConnection(Connection):
    """The same, encrypted; the certificate must be the name's."""

    def connect(self) -> None:
        super().connect()
        safe = ssl.create_default_context()
        self.sock = self.opened = safe.wrap_socket(self.sock, server_hostname=self.target.host)


def connection_to(target: Target, timeout: float) -> Connection:
    """A connection that is not open yet; ``timeout`` in seconds for each step of it."""
    return (_SecureConnection if target.secure else Connection)(target, timeout)


def _login(login: str) -> dict[str, str]:
    if not login:
        return {}
    return {"Proxy-Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}
