"""No page and no state of the canvas shuts anybody out: axe-core, light and dark."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

Watch = Callable[..., Any]
PAGES = (
    "/",
    "/goals",
    "/actions",
    "/experiments",
    "/checkins",
    "/alerts",
    "/data",
    "/kpi",
    "/kpi?id=sales",
    "/reports",
    "/reports?id=purchase_funnel",
    "/settings",
    "/tree?as=outline",
    "/tree?as=history",
    "/tree?as=table",
    "/tree?node=sales",
)
DARK = ("/", "/data", "/kpi?id=sales", "/tree?as=history", "/tree?node=sales")  # each kind of text once


def _axe() -> Any:
    spec = importlib.util.spec_from_file_location("axe", Path(__file__).with_name("axe.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(shop: Any, watched: Watch, scheme: str) -> None:
    """Contrast in both schemes; names, roles and order, which are the same in both, once."""
    axe = _axe()
    rules = ("color-contrast",) if scheme == "dark" else ()
    watch = watched(bypass_csp=True, color_scheme=scheme, reduced_motion="reduce")
    page: Page = watch.page
    found: dict[str, list[str]] = {}
    for path in PAGES if scheme == "light" else DARK:
        page.goto(f"{shop.url}{path}")
        watch.settle()
        found[path] = axe.faults(page, *rules, bar=path == PAGES[0])
    page.locator(".kt[data-ready]").wait_for()
    card = page.locator('.kt .card[data-id="sales"]')
    states: dict[str, Callable[[], Any]] = {
        "search": lambda: page.locator(".kt .find").fill("o"),
        "menu": lambda: (page.locator(".kt .find").fill(""), card.focus(), page.keyboard.press("Shift+F10")),
        "keys": lambda: (page.keyboard.press("Escape"), page.keyboard.press("?")),
        "editor": lambda: (page.keyboard.press("Escape"), card.focus(), page.keyboard.press("F2")),
        "compact": lambda: (page.keyboard.press("Escape"), page.locator('.kt [data-tool="compact"]').click()),
        "far": lambda: [page.locator('.kt [data-tool="minus"]').click() for _ in range(3)],
    }
    for name, act in states.items():
        act()
        found[name] = axe.faults(page, *rules, bar=False)
    assert {where: lines for where, lines in found.items() if lines} == {}
