"""A published sheet over TLS and through a proxy: real servers, a real authority, a real proxy, all local."""

from __future__ import annotations

import http.client
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseServer
from typing import Any

import pytest

from kpi_tree.errors import Refused
from kpi_tree.sources import Bounds
from kpi_tree.sources import web as fetching

BODY = b"market,month,value\nno,2026-01-01,5\n"
SETTINGS = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority, and certificates by it for localhost and for another name."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificates")
    folder = tmp_path_factory.mktemp("tls")

    def run(*said: str) -> None:
        subprocess.run(["openssl", *said], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    run(
        "req",
        "-x509",
        *key,
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        "-days",
        "2",
        "-subj",
        "/CN=Test authority",
    )
    for name, host in (("good", "localhost"), ("other", "other.example")):
        run("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={host}")
        (folder / "names").write_text(f"subjectAltName=DNS:{host}\n")
        run("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "2", "-extfile", "names", "-out", f"{name}.pem")  # fmt: skip
    return folder


@contextmanager
def listening(server: ThreadingHTTPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def sheet(certificate: Path | None = None, **answer: Any) -> Iterator[int]:
    """A server with one answer, over TLS when it has a certificate; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(answer.get("wait", 0))
            self.send_response(answer.get("status", 200))
            for name, value in answer.get("headers", {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.get("body", BODY))

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that does not trust us hangs up."""

    server = Quiet(("127.0.0.1", 0), Handler)
    if certificate is not None:
        safe = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        safe.load_cert_chain(certificate, certificate.with_suffix(".key"))
        server.socket = safe.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with listening(server) as port:
        yield port


@pytest.fixture
def trusted(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, its authority trusted as a company's own is: by ``SSL_CERT_FILE``."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.pem"))
    return certificates


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def fetch(url: str, folder: Path, bounds: Bounds) -> bytes:
    found = fetching.fetch(url, folder / "out", marks={}, bounds=bounds)
    assert found is not None
    return found.path.read_bytes()


def test_a_certificate_of_a_trusted_authority(trusted: Path, tmp_path: Path, bounds: Bounds) -> None:
    with sheet(trusted / "good.pem") as port:
        assert fetch(f"https://localhost:{port}/a.csv", tmp_path, bounds) == BODY


def test_a_bad_certificate_is_named(certificates: Path, tmp_path: Path, bounds: Bounds) -> None:
    with sheet(certificates / "good.pem") as port, pytest.raises(Refused, match="unable to get local issuer"):
        fetch(f"https://localhost:{port}/a.csv", tmp_path, bounds)


def test_a_certificate_of_another_name(trusted: Path, tmp_path: Path, bounds: Bounds) -> None:
    with sheet(trusted / "other.pem") as port, pytest.raises(Refused, match=r"trusted \(Hostname mismatch"):
        fetch(f"https://localhost:{port}/a.csv", tmp_path, bounds)


def test_a_server_without_tls(tmp_path: Path, bounds: Bounds) -> None:
    with sheet() as port, pytest.raises(Refused, match="No secure connection"):
        fetch(f"https://localhost:{port}/a.csv", tmp_path, bounds)


def test_sent_on_to_another_host_and_never_to_an_open_one(
    trusted: Path, tmp_path: Path, bounds: Bounds
) -> None:
    with sheet(trusted / "good.pem") as last:
        there = {"Location": f"https://localhost:{last}/b.csv"}
        with sheet(status=302, headers=there) as first:
            assert fetch(f"http://127.0.0.1:{first}/a.csv", tmp_path, bounds) == BODY
    open_one = {"Location": "http://127.0.0.1:9/"}
    with (
        sheet(trusted / "good.pem", status=302, headers=open_one) as first,
        pytest.raises(Refused) as refused,
    ):
        fetch(f"https://localhost:{first}/a.csv", tmp_path, bounds)
    assert "not secure" in str(refused.value)


def test_too_slow_and_too_large(trusted: Path, tmp_path: Path, bounds: Bounds) -> None:
    with sheet(trusted / "good.pem", wait=2) as port, pytest.raises(Refused, match="did not answer within"):
        fetch(f"https://localhost:{port}/a.csv", tmp_path, replace(bounds, seconds=0.3))
    with (
        sheet(trusted / "good.pem", body=b"a,b\n" * 2000) as port,
        pytest.raises(Refused, match="larger than"),
    ):
        fetch(f"https://localhost:{port}/a.csv", tmp_path, replace(bounds, file_bytes=4000))


@dataclass
class Way:
    """A proxy: its port, what it was asked for, and who asked."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    logins: list[str | None] = field(default_factory=list)
    refuses: bool = False


@pytest.fixture
def way() -> Iterator[Way]:
    """A proxy that knows where ``sheet.example`` stands: on this machine."""
    state = Way()

    class Handler(BaseHTTPRequestHandler):
        def _told(self, address: str) -> None:
            state.asked.append(address)
            state.logins.append(self.headers.get("Proxy-Authorization"))

        def do_CONNECT(self) -> None:
            self._told(self.path)
            if state.refuses:
                self.send_error(403, "Not that way")
                return
            there = socket.create_connection(("127.0.0.1", int(self.path.rpartition(":")[2])))
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pass_on, args=(there, self.connection))
            back.start()
            _pass_on(self.connection, there)
            back.join()
            there.close()

        def do_GET(self) -> None:
            self._told(self.path)
            host, _, path = self.path.removeprefix("http://").partition("/")
            inner = http.client.HTTPConnection("127.0.0.1", int(host.rpartition(":")[2]))
            inner.request("GET", f"/{path}")
            answer = inner.getresponse()
            self.send_response(answer.status)
            self.end_headers()
            self.wfile.write(answer.read())
            inner.close()

        def log_message(self, *_: object) -> None:
            pass

    server: BaseServer = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    assert isinstance(server, ThreadingHTTPServer)
    with listening(server) as state.port:
        yield state


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while block := source.recv(1 << 16):
            target.sendall(block)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def test_a_proxy_is_asked_where_one_is_set(
    trusted: Path, way: Way, tmp_path: Path, bounds: Bounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://kari:hem%20melig@127.0.0.1:{way.port}")
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{way.port}")
    with sheet() as port:
        assert fetch(f"http://sheet.example:{port}/a.csv?x=1", tmp_path, bounds) == BODY
        assert way.asked.pop() == f"http://sheet.example:{port}/a.csv?x=1"
        assert way.logins.pop() == "Basic a2FyaTpoZW0gbWVsaWc="
    with sheet(trusted / "other.pem") as port:
        assert fetch(f"https://other.example:{port}/a.csv", tmp_path, bounds) == BODY
        assert way.asked.pop() == f"other.example:{port}"
        with pytest.raises(Refused, match="Hostname mismatch"):
            fetch(f"https://sheet.example:{port}/a.csv", tmp_path, bounds)
        way.asked.clear()
        way.refuses = True
        with pytest.raises(Refused, match="proxy of this machine does not let us through"):
            fetch(f"https://other.example:{port}/a.csv", tmp_path, bounds)
    with pytest.raises(Refused, match="own network"):
        fetch("http://169.254.169.254/latest", tmp_path, Bounds())
    monkeypatch.setenv("NO_PROXY", "localhost")
    way.asked.clear()
    with sheet() as port:
        assert fetch(f"http://localhost:{port}/a.csv", tmp_path, bounds) == BODY
    assert way.asked == []
    monkeypatch.setenv("HTTP_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(Refused, match="proxy that this machine is set to use"):
        fetch("http://sheet.example/a.csv", tmp_path, bounds)
