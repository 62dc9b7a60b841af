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

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent


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
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return Server(url, home, process)
        except OSError:
            assert process.poll() is None, "the server stopped"
            time.sleep(0.1)
    raise AssertionError("the server did not answer within 30 s")


def stop(server: Server) -> None:
    server.process.terminate()
    try:
        server.process.wait(10)
    except subprocess.TimeoutExpired:
        server.process.kill()


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
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield made
        made.close()


@dataclass
class Watched:
    """A page whose every complaint is kept."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def heard(self, said: ConsoleMessage) -> None:
        """Keep what the console calls an error, but for one that is Streamlit's own and loses nothing: it
        looks for its server below a deep link first.
        """
        place = said.location.get("url", "")
        looking = "/_stcore/" in place and "404" in said.text
        if said.type == "error" and not looking:
            self.complaints.append(f"console: {said.text} ({said.location.get('url', '')})")

    def open(self, url: str, words: str | re.Pattern[str]) -> Page:
        """Open an address and wait for words on it."""
        self.page.goto(url)
        self.page.get_by_text(words).first.wait_for(timeout=30_000)
        return self.page


@pytest.fixture
def watched(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Pages that fail the test on a console error, a dialog, or a request to anywhere else."""
    opened: list[Watched] = []

    def make(**options: object) -> Watched:
        usual = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"}
        context = browser.new_context(**{**usual, **options})  # type: ignore[arg-type]
        watch = Watched(context.new_page())
        page = watch.page
        page.on("console", watch.heard)
        page.on("pageerror", lambda error: watch.complaints.append(f"error: {error}"))

        def dialog(found: object) -> None:
            watch.complaints.append("a dialog opened")
            found.dismiss()  # type: ignore[attr-defined]

        page.on("dialog", dialog)
        page.on("request", lambda request: _refuse_foreign(watch, request.url))
        opened.append(watch)
        return watch

    yield make
    for watch in opened:
        assert watch.complaints == []
        watch.page.context.close()


def _refuse_foreign(watch: Watched, url: str) -> None:
    if not re.match(r"(https?|wss?)://localhost[:/]|data:|blob:", url):
        watch.complaints.append(f"request to {url}")
