"""A server that shows the canvas alone, and hands to work it with."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

HERE = Path(__file__).resolve().parent
# Where everything is, two frames on: what has been asked for is drawn by then.
PLACES = """async () => {
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  return [...document.querySelectorAll('*')].flatMap((e) => e.shadowRoot
    ? [...e.shadowRoot.querySelectorAll('.world, .card')] : []).map((e) => e.style.transform).join();
}"""
PAGE: dict[str, Any] = {"viewport": {"width": 1500, "height": 1100}, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def canvas_url(tmp_path_factory: pytest.TempPathFactory, answering: Any) -> Iterator[str]:
    """The address of a page with nothing but the canvas on it."""
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    log = (tmp_path_factory.mktemp("canvas") / "log").open("wb")
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(HERE / "mounted.py"),
        "--server.headless",
        "true",
    ]
    flags = [
        "--server.port",
        str(port),
        "--browser.gatherUsageStats",
        "false",
        "--server.fileWatcherType",
        "none",
    ]
    server = subprocess.Popen([*command, *flags], cwd=HERE.parents[2], stdout=log, stderr=log)
    url = f"http://localhost:{port}"
    answering(url, server)
    yield url
    server.terminate()
    server.wait(10)
    log.close()


class Canvas:
    """The mounted canvas as a person meets it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def state(self) -> dict[str, Any]:
        """What Python knows: selected, log of events, names, edges, rows, refusal."""
        found: dict[str, Any] = json.loads(self.page.get_by_test_id("state").text_content() or "{}")
        return found

    @property
    def last(self) -> dict[str, Any]:
        """The last event that Python got."""
        log = self.state.get("log") or [{}]
        return dict(log[-1])

    def card(self, node: str) -> Locator:
        return self.page.locator(f'.kt [data-id="{node}"]')

    def tool(self, name: str) -> Locator:
        return self.page.locator(f'.kt [data-tool="{name}"]')

    def click(self, node: str, **options: Any) -> None:
        self.card(node).locator(".name").click(**options)

    def click_twice(self, node: str) -> None:
        """Double click; once more where the machine was slower than a double click may be."""
        for _ in range(3):
            self.card(node).locator(".name").dblclick()
            self.painted()
            if self.page.locator(".kt .editor").count():
                return

    def painted(self) -> None:
        """Wait until what was asked for by now is on the screen."""
        self.page.evaluate("() => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))")

    def until(self, true: Callable[[], Any], what: str = "", seconds: float = 60) -> None:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if true():
                return
            self.page.wait_for_timeout(40)
        raise AssertionError(f"it never came about: {what}; state {self.state}")

    def settled(self) -> None:
        """Wait until nothing moves: a flight of the camera, a card on its way."""
        before = None
        for _ in range(200):
            now = self.page.evaluate(PLACES)
            if now == before:
                return
            before = now
            self.page.wait_for_timeout(60)
        raise AssertionError("it never came to rest")

    def box(self, node: str) -> dict[str, float]:
        found = self.card(node).bounding_box()
        assert found is not None
        return dict(found)

    def center(self, node: str) -> tuple[float, float]:
        box = self.box(node)
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def focused(self) -> str | None:
        """The node that has the keyboard."""
        found: str | None = self.page.evaluate(
            "() => { let a = document.activeElement; while (a?.shadowRoot) a = a.shadowRoot.activeElement;"
            " return a?.dataset?.id ?? a?.className ?? null }"
        )
        return found

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def drag(self, node: str, to: tuple[float, float], *, drop: bool = True) -> None:
        self.settled()
        x, y = self.center(node)
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 12, y + 12)
        mouse.move(*to, steps=4)
        self.painted()
        if drop:
            mouse.up()

    def scale(self) -> float:
        found = self.page.locator(".kt .world").evaluate(
            "e => new DOMMatrix(getComputedStyle(e).transform).a"
        )
        return float(found)


@dataclass
class Shared:
    """One page for all tests of a worker: opening one costs most of a test."""

    page: Page
    complaints: list[str]
    url: str
    query: str | None = None
    opened: int = 0

    def show(self, query: str) -> Canvas:
        """The canvas as if just opened: where the address stays, by a button instead of a new session."""
        shown, page = Canvas(self.page), self.page
        if query != self.query:
            self.query = query
            self.opened += 1
            page.goto(f"{self.url}/?callback=1&k={self.opened}&{query}")
            page.get_by_test_id("state").wait_for(state="attached")
        else:
            before = shown.state["key"]
            page.mouse.move(5, 5)
            page.evaluate("() => sessionStorage.clear()")
            page.get_by_role("button", name="reset").evaluate("e => e.click()")
            shown.until(lambda: shown.state["key"] != before, "a new canvas")
        page.locator(f'.kt[data-key="{shown.state["key"]}"][data-ready]').wait_for()
        shown.until(lambda: page.locator(".kt").count() == 1, "no other canvas")
        return shown


@pytest.fixture(scope="session")
def shared_page(canvas_url: str, browser: Browser) -> Iterator[Shared]:
    page = browser.new_context(**PAGE).new_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    yield Shared(page, complaints, canvas_url)
    page.context.close()


@pytest.fixture
def canvas(shared_page: Shared, watched: Any) -> Iterator[Callable[..., Canvas]]:
    """Opens the canvas: ``canvas("hostile=1")`` on the page of all tests; with options on its own."""

    def show(query: str = "", **options: Any) -> Canvas:
        if not options:
            return shared_page.show(query)
        page = watched(**{**PAGE, **options}).page
        page.goto(f"{shared_page.url}/?callback=1&{query}")
        page.locator(".kt[data-ready]").wait_for()
        page.get_by_test_id("state").wait_for(state="attached")
        return Canvas(page)

    shared_page.complaints.clear()
    yield show
    assert shared_page.complaints == []
