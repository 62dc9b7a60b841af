"""A real server on a free port with a home of its own, and a real browser."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    WebSocket,
    expect,
    sync_playwright,
)
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120.0  # seconds that a slow machine may take to draw a page
USUAL: ViewportSize = {"width": 1280, "height": 900}
expect.set_options(timeout=30_000)  # milliseconds

# Two frames on: does nothing run, is nothing half drawn, is nothing left of the page before?
AT_REST = """async (clock) => {
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  const app = document.querySelector('[data-testid=stApp]');
  return (clock || app?.dataset.testScriptState === 'notRunning')
    && !document.querySelector('[data-testid=stSkeleton], [data-stale=true]')
    && Boolean(document.querySelector('[data-testid=stMainBlockContainer] [data-testid=stElementContainer]'));
}"""


def chromium() -> str | None:
    """A Chromium of this machine (the script beside this file knows where to look)."""
    spec = importlib.util.spec_from_file_location(
        "find_chromium", Path(__file__).with_name("find_chromium.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: str | None = module.find()
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser."""
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@dataclass
class Server:
    """A running app."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def start(home: Path, *, empty: bool) -> Server:
    """The app as a person starts it, and the wait until it answers."""
    port = free_port()
    surroundings = {**os.environ, "KPI_TREE_HOME": str(home), "KPI_TREE_EMPTY": "1" if empty else ""}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    with (home.parent / f"{home.name}.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--server.port", str(port)], cwd=ROOT, env=surroundings, stdout=log, stderr=log
        )
    url = f"http://localhost:{port}"
    await_answer(url, process)
    return Server(url, home, process)


def await_answer(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers."""
    end = time.monotonic() + 2 * PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                return
        except OSError:
            assert process.poll() is None, "the server stopped"
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


def stop(server: Server) -> None:
    server.process.terminate()
    try:
        server.process.wait(10)
    except subprocess.TimeoutExpired:
        server.process.kill()


@pytest.fixture(scope="session")
def answering() -> Callable[[str, subprocess.Popen[bytes]], None]:
    """Waits until a server answers."""
    return await_answer


@pytest.fixture(scope="session")
def shop(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the sample shop, shared by the tests that only look."""
    home = tmp_path_factory.mktemp("shop") / "home"
    shutil.copytree(sample_home, home)
    server = start(home, empty=False)
    yield server
    stop(server)


@pytest.fixture
def empty_home(tmp_path: Path) -> Iterator[Server]:
    """A server on an empty home, for a test that changes things."""
    server = start(tmp_path / "home", empty=True)
    yield server
    stop(server)


@pytest.fixture(scope="session")
def bare_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without data, shared by the tests that bring a plan of their own and name it by address."""
    server = start(tmp_path_factory.mktemp("bare") / "home", empty=True)
    yield server
    stop(server)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield made
        made.close()


class Traffic:
    """What goes between a page and its server: is there a gesture that was not answered in full yet?

    The page's own word for it (``data-test-script-state``) comes too late: between a click and the
    server's first answer it still says that nothing runs.

    Attributes:
        open: a gesture waits for its answer, or a run is under way. begun: its run has begun.
        clock: the fragments that run by themselves, which are no gestures. ticking: one of them runs.
    """

    def __init__(self, page: Page) -> None:
        self.open = self.begun = self.ticking = False
        self.clock: set[str] = set()
        page.on("websocket", self.follow)

    def follow(self, socket: WebSocket) -> None:
        """Listen to a connection of the page to its server."""
        if "/_stcore/stream" in socket.url:
            self.open, self.begun, self.ticking = True, False, False
            socket.on("framesent", self.sent)
            socket.on("framereceived", self.received)

    def sent(self, frame: str | bytes) -> None:
        """A gesture goes to the server, or the clock of a fragment does."""
        said = BackMsg.FromString(frame) if isinstance(frame, bytes) else BackMsg()
        if said.rerun_script.is_auto_rerun:
            self.clock.add(said.rerun_script.fragment_id)
        elif said.WhichOneof("type") == "rerun_script":
            self.open, self.begun = True, False

    def received(self, frame: str | bytes) -> None:
        """A run begins or ends."""
        said = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
        kind, ran = said.WhichOneof("type"), set(said.metadata.run.fragment_ids)
        if ran and ran <= self.clock and kind in ("new_session", "script_finished"):
            self.ticking = kind == "new_session"
        elif kind == "new_session":
            self.open = self.begun = True
        elif kind == "script_finished" and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self.open = self.open and not self.begun


@dataclass
class Watched:
    """A page whose every complaint is kept."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.traffic = Traffic(self.page)

    def heard(self, said: ConsoleMessage) -> None:
        """Keep what the console calls an error, but for one that is Streamlit's own and loses nothing: it
        looks for its server below a deep link first.
        """
        place = said.location.get("url", "")
        looking = "/_stcore/" in place and "404" in said.text
        if said.type == "error" and not looking:
            self.complaints.append(f"console: {said.text} ({said.location.get('url', '')})")

    def open(self, url: str, words: str | re.Pattern[str]) -> Page:
        """Open an address, wait for words on it and until all of it is drawn."""
        self.page.goto(url)
        self.page.get_by_text(words).first.wait_for(timeout=PATIENCE * 1000)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until every gesture is answered and drawn: before the next one, and before a look that
        does not wait by itself.
        """
        end, rests = time.monotonic() + PATIENCE, 0
        while rests < 2:  # what is drawn may ask for more: a chart its width, a page its colours
            assert time.monotonic() < end, f"the page does not come to rest: {vars(self.traffic)}"
            self.page.wait_for_timeout(40)
            rest = not self.traffic.open and self.page.evaluate(AT_REST, self.traffic.ticking)
            rests = rests + 1 if rest else 0


@dataclass
class Readers:
    """Readers' browsers, each with cookies and storage of its own.

    One that a test has left is emptied and given to a later test: a new one loads and compiles all scripts
    of the app anew, which costs more than most tests.
    """

    browser: Browser
    resting: dict[str, list[BrowserContext]] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)

    def open(self, viewport: ViewportSize, **options: Any) -> Page:
        """A blank page of a reader whom no other page of now belongs to, and who remembers nothing."""
        resting = self.resting.get(repr(options))
        context = resting.pop() if resting else self.browser.new_context(**options)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.set_viewport_size(viewport)
        context.clear_cookies()
        tools = context.new_cdp_session(page)
        for place in self.places:
            kept = {"origin": place, "storageTypes": "local_storage,indexeddb,cache_storage"}
            tools.send("Storage.clearDataForOrigin", kept)
        tools.detach()
        return page

    def leave(self, page: Page, **options: Any) -> None:
        """Close all that is open, and let the reader rest."""
        for left in page.context.pages:
            if left.url.startswith("http"):
                self.places.add("/".join(left.url.split("/")[:3]))
            left.close()
        self.resting.setdefault(repr(options), []).append(page.context)


@pytest.fixture(scope="session")
def readers(browser: Browser) -> Readers:
    return Readers(browser)


@pytest.fixture
def watched(readers: Readers) -> Iterator[Callable[..., Watched]]:
    """Pages that fail the test on a console error, a dialog, or a request to anywhere else."""
    opened: list[tuple[Watched, dict[str, Any]]] = []

    def make(viewport: ViewportSize = USUAL, **others: Any) -> Watched:
        options = {"locale": "en-GB", **others}
        watch = Watched(readers.open(viewport, **options))
        page = watch.page
        page.on("console", watch.heard)
        page.on("pageerror", lambda error: watch.complaints.append(f"error: {error}"))

        def dialog(found: object) -> None:
            watch.complaints.append("a dialog opened")
            found.dismiss()  # type: ignore[attr-defined]

        page.on("dialog", dialog)
        page.on("request", lambda request: _refuse_foreign(watch, request.url))
        opened.append((watch, options))
        return watch

    yield make
    for watch, options in opened:
        readers.leave(watch.page, **options)
    assert [watch.complaints for watch, _ in opened if watch.complaints] == []


def _refuse_foreign(watch: Watched, url: str) -> None:
    if not re.match(r"(https?|wss?)://localhost[:/]|data:|blob:", url):
        watch.complaints.append(f"request to {url}")
