"""Real servers on this machine: one that takes mail, one that takes webhooks."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.sources import Bounds


@pytest.fixture
def bounds() -> Bounds:
    """Bounds that let this machine in."""
    return Bounds(private_hosts=frozenset({"127.0.0.1", "localhost"}))


@dataclass
class Hooks:
    """A server for webhooks. ``status`` is its answer; ``taken``: path, headers and body of each request."""

    port: int = 0
    status: int = 200
    location: str = ""
    silent: bool = False
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """An address on it, with a secret in its path as Slack's have."""
        return f"http://127.0.0.1:{self.port}/services/T0/SECRET-canary"


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    """The server, listening."""
    state = Hooks()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.taken.append((self.path, dict(self.headers), body))
            if state.silent:
                self.connection.close()
                return
            self.send_response(state.status)
            if state.location:
                self.send_header("Location", state.location)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Post:
    """A mail server. ``taken`` holds the letters, ``refuse`` what it says to the next ones."""

    port: int = 0
    refuse: str = ""
    taken: list[Any] = field(default_factory=list)
    names: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        """What aiosmtpd calls with a whole letter."""
        if self.refuse:
            return self.refuse
        self.taken.append(envelope)
        return "250 OK"


def listen(state: Post, **more: Any) -> Any:
    """A mail server on a port of its own."""
    from aiosmtpd.controller import Controller

    with socket.create_server(("127.0.0.1", 0)) as free:
        state.port = free.getsockname()[1]
    controller = Controller(state, hostname="127.0.0.1", port=state.port, **more)
    controller.start()
    return controller


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server that takes all, without encryption."""
    state = Post()
    controller = listen(state)
    yield state
    controller.stop()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, signed by itself, with its key in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return folder


def serving(certificate: Path) -> ssl.SSLContext:
    """What a server with this certificate speaks."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


@pytest.fixture
def tls_post(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A mail server that speaks TLS from the first byte on; this test trusts its certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    state = Post()
    controller = listen(state, ssl_context=serving(certificate))
    yield state
    controller.stop()


@pytest.fixture
def safe_post(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A mail server with STARTTLS that asks for a name and a password; this test trusts its certificate."""
    from aiosmtpd.smtp import AuthResult, LoginPassword

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    state, context = Post(), serving(certificate)

    def known(_server: object, _session: object, _envelope: object, _mechanism: str, said: Any) -> AuthResult:
        assert isinstance(said, LoginPassword)
        state.names.append((said.login, said.password))
        return AuthResult(success=said.password == b"canary-password", handled=False)

    controller = listen(
        state, tls_context=context, require_starttls=True, authenticator=known, auth_required=True
    )
    yield state
    controller.stop()
