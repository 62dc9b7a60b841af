"""The canvas in a real browser: first drawing, frames while panning and zooming, click to answer.

    python bench/canvas.py [--nodes 2000] [--times 3] [--part frames|click|page|all]

Serves the page of the browser tests (``tests/browser/canvas/mounted.py``) and prints, in milliseconds: from
the data's arrival to the first drawing; frame times of a pan and a zoom, with the usual few cards and with
every branch open, near and far; a click on a card to Python's answer on the page, beside a bare button's
round trip; and the same on the app's own tree page with the sample shop, to the heading of the panel and to
all of it (which the browser draws at once), and to Python's answer, which brings the address. Each gesture is
made ``--times`` times and the best is kept: other work on the machine only slows.

What a frame costs is told twice: as frames a second, which a busy machine spoils, and as processor time of
the page's process and of the one that puts pixels together, which it spoils less.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from socket import socket
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BARE = """
import time
import streamlit as st
st.session_state.n = st.session_state.get("n", 0) + st.button("press")
st.html(f'<pre data-testid="n">{st.session_state.n}</pre>')
"""

STEPS = 90

# Drives a gesture by real pointer events inside the page and returns the time between frames.
FRAMES = """
async ([kind, steps]) => {
  const root = [...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('.kt')).shadowRoot;
  const stage = root.querySelector('.stage');
  const r = stage.getBoundingClientRect();
  const at = (x, y, type) => stage.dispatchEvent(new PointerEvent(type, {
    bubbles: true, pointerId: 1, pointerType: 'mouse', button: 0, isPrimary: true,
    clientX: r.left + x, clientY: r.top + y}));
  stage.setPointerCapture = () => {};
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  await frame();
  if (kind === 'pan') at(r.width - 10, r.height - 10, 'pointerdown');
  let last = await frame();
  for (let i = 0; i < steps; i++) {
    const a = i / steps * Math.PI * 4;
    const [x, y] = [r.width - 310 + 300 * Math.cos(a), r.height - 210 + 200 * Math.cos(a * 0.7)];
    if (kind === 'pan') at(x, y, 'pointermove');
    else stage.dispatchEvent(new WheelEvent('wheel', {bubbles: true, cancelable: true, ctrlKey: true,
      deltaY: Math.sin(a) * 8, clientX: r.left + r.width / 2, clientY: r.top + r.height / 2}));
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  if (kind === 'pan') at(0, 0, 'pointerup');
  return times;
}
"""


def chromium() -> str:
    spec = importlib.util.spec_from_file_location("find", ROOT / "tests/browser/find_chromium.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.find()
    if not found:
        raise SystemExit("No Chromium was found.")
    return str(found)


def serve(script: Path, **around: str) -> tuple[subprocess.Popen[bytes], str]:
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    flags = ["--server.port", str(port), "--browser.gatherUsageStats", "false"]
    flags += ["--server.fileWatcherType", "none"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen([*command, *flags], env={**os.environ, **around}, stdout=quiet, stderr=quiet)
    url = f"http://localhost:{port}"
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return server, url
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not answer.")


def spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "frames_per_second": round(1000 * len(times) / sum(times), 1),
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[int(len(ordered) * 0.95)], 1),
        "worst": round(ordered[-1], 1),
    }


class Work:
    """Processor time of a page: its main thread by kind, its process, and the one that draws pixels."""

    KINDS = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")

    def __init__(self, page: Page, browser: Browser) -> None:
        self.page = page.context.new_cdp_session(page)
        self.browser = browser.new_browser_cdp_session()
        self.page.send("Performance.enable", {"timeDomain": "threadTicks"})

    def read(self) -> dict[str, float]:
        """Seconds so far."""
        told = {m["name"]: m["value"] for m in self.page.send("Performance.getMetrics")["metrics"]}
        found = {kind.removesuffix("Duration").lower(): told[kind] for kind in self.KINDS}
        for process in self.browser.send("SystemInfo.getProcessInfo")["processInfo"]:
            name = {"renderer": "page_process", "GPU": "pixels_process"}.get(process["type"])
            if name:
                found[name] = found.get(name, 0) + process["cpuTime"]
        return found

    def spent(self, before: dict[str, float], frames: int) -> dict[str, float]:
        """Milliseconds a frame since then."""
        now = self.read()
        found = {name: round((now[name] - before[name]) * 1000 / frames, 2) for name in now}
        return {**found, "all": round(found["page_process"] + found["pixels_process"], 2)}


def first_drawing(page: Page, url: str) -> dict[str, float]:
    """Opened twice: the second time server and browser are warm, as for everyone but the first."""
    for _ in range(2):
        page.goto(url)
        page.locator(".kt[data-ready]").wait_for(timeout=60_000)
        page.wait_for_timeout(800)
    found: dict[str, float] = page.locator(".kt").evaluate("e => ({...e.dataset})")
    return {"data_to_drawn": float(found["drawn"]), "cards_in_page": page.locator(".kt .card").count()}


def frames(page: Page, work: Work, times: int) -> dict[str, Any]:
    """The best of several pans and of several zooms."""
    found = {}
    for kind in ("pan", "zoom"):
        tries: list[dict[str, Any]] = []
        for _ in range(times):
            before = work.read()
            took = page.evaluate(FRAMES, [kind, STEPS])
            tries.append({**spread(took), "processor": work.spent(before, STEPS)})
            page.wait_for_timeout(400)
        best = max(tries, key=lambda one: one["frames_per_second"])
        least = min((one["processor"] for one in tries), key=lambda spent: spent["all"])
        found[kind] = {**best, "processor": least}
    return found


def round_trip(page: Page, press: Callable[[], Any], read: Callable[[], Any]) -> float:
    """From the press to the change on the page."""
    before = read()
    begun = time.perf_counter()
    press()
    while read() == before:
        page.wait_for_timeout(1)
        if time.perf_counter() - begun > 20:
            raise SystemExit(f"no answer: {before} on {page.url}")
    return (time.perf_counter() - begun) * 1000


INSIDE = """
all => all.filter(c => {
  const r = c.getBoundingClientRect(), s = c.closest('.stage').getBoundingClientRect();
  return r.top > s.top && r.bottom < s.bottom && r.left > s.left && r.right < s.right;
}).map(c => c.dataset.id)
"""


def clicks(
    browser: Browser, url: str, bare_url: str, read: Callable[[Page], Any], times: int = 16
) -> dict[str, float]:
    """A card and a bare button by turns, so that a busy machine is busy for both.

    Args:
        read: what of the page a click on a card changes.
    """
    size: Any = {"width": 1440, "height": 900}
    bare, page = browser.new_page(viewport=size), browser.new_page(viewport=size)
    bare.goto(bare_url)
    button = bare.get_by_role("button", name="press")
    button.wait_for()
    page.goto(url)
    page.locator(".kt[data-ready]").wait_for(timeout=60_000)
    page.wait_for_timeout(1500)
    turn = itertools.cycle(page.locator(".kt .card").evaluate_all(INSIDE)[1:5])
    found: dict[str, list[float]] = {"bare_button": [], "card": []}
    for _ in range(times):
        found["bare_button"].append(round_trip(bare, button.click, bare.get_by_test_id("n").text_content))
        card = page.locator(f'.kt .card[data-id="{next(turn)}"] .numbers')
        found["card"].append(round_trip(page, card.click, lambda: read(page)))
    middle = {name: round(statistics.median(values), 1) for name, values in found.items()}
    bare.close()
    page.close()
    return {**middle, "ratio": round(middle["card"] / middle["bare_button"], 2)}


def told_state(page: Page) -> Any:
    """The selection as the page of the browser tests says it."""
    return json.loads(page.get_by_test_id("state").text_content() or "{}").get("selected")


def told_panel(page: Page) -> Any:
    """The heading of the panel on the tree page."""
    return page.locator("h3").first.text_content()


def told_whole(page: Page) -> Any:
    """The same heading, once all of the panel belongs to it: reason, facts, links and boxes to press."""
    return page.locator(".kt-head:has(dl):has(.boxes):has(.ways) h3").text_content()


def told_answer(page: Page) -> Any:
    """The same heading, once Python knows of it too."""
    return page.locator(".kt-head:not([data-ahead]) h3").text_content()


def page_clicks(browser: Browser, bare_url: str) -> dict[str, Any]:
    """Clicks on the app's own tree page, on a home of its own with the sample shop."""
    with tempfile.TemporaryDirectory() as folder:
        server, url = serve(ROOT / "app.py", KPI_TREE_HOME=f"{folder}/home", KPI_TREE_EMPTY="")
        try:
            return {
                "heading": clicks(browser, f"{url}/tree", bare_url, told_panel),
                "whole": clicks(browser, f"{url}/tree", bare_url, told_whole, 32),
                "answered": clicks(browser, f"{url}/tree", bare_url, told_answer, 32),
            }
        finally:
            server.terminate()
            server.wait(10)


def all_frames(browser: Browser, address: str, times: int) -> dict[str, Any]:
    """First drawing; pan and zoom as opened, with every branch open near the root, over the whole."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    report: dict[str, Any] = {"first": first_drawing(page, address)}
    work = Work(page, browser)
    report["as_opened"] = frames(page, work, times)
    page.locator(".kt .levels").select_option("99")
    page.wait_for_timeout(600)
    page.locator(".kt .stage").click(position={"x": 500, "y": 300})
    page.keyboard.press("Home")
    for factor in (-120, -120, 120):
        page.locator(".kt .stage").hover(position={"x": 500, "y": 300})
        page.mouse.wheel(0, factor)
    page.wait_for_timeout(600)
    report["all_open_near"] = {
        "mode": page.locator(".kt").get_attribute("data-zoom"),
        **frames(page, work, times),
    }
    page.locator('.kt [data-tool="fit"]').click()
    page.wait_for_timeout(600)
    report["all_open_whole"] = frames(page, work, times)
    page.close()
    return report


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--nodes", type=int, default=2000)
    reader.add_argument("--times", type=int, default=3)
    reader.add_argument("--part", choices=("all", "frames", "click", "page"), default="all")
    reader.add_argument("--small", action="store_true", help="300 nodes, once")
    asked = reader.parse_args()
    if asked.small:
        asked.nodes, asked.times = 300, 1
    bare_script = Path(__file__).with_name("_bare.py")
    bare_script.write_text(BARE, encoding="utf-8")
    server, url = serve(ROOT / "tests/browser/canvas/mounted.py")
    bare_server, bare_url = serve(bare_script)
    address = f"{url}/?callback=1&n={asked.nodes}"
    report: dict[str, Any] = {"nodes": asked.nodes}
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            if asked.part in ("frames", "all"):
                report |= all_frames(browser, address, asked.times)
            if asked.part in ("click", "all"):
                report["click"] = {
                    "small_tree": clicks(browser, f"{url}/?callback=1", bare_url, told_state),
                    "this_tree": clicks(browser, address, bare_url, told_state),
                }
            if asked.part in ("page", "all"):
                report["page"] = page_clicks(browser, bare_url)
            browser.close()
    finally:
        for each in (server, bare_server):
            each.terminate()
            each.wait(10)
        bare_script.unlink()
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
