"""The canvas in every dress: dark and light, full and compact, near and far, whatever the names."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Show = Callable[..., Any]

SPEC = importlib.util.spec_from_file_location("axe", Path(__file__).resolve().parent.parent / "axe.py")
assert SPEC is not None
assert SPEC.loader is not None
axe = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(axe)

OUTSIDE = """
all => all.flatMap((card) => {
  const inside = card.getBoundingClientRect();
  return [...card.querySelectorAll('.name, .status-text, .owner, .pair, .fresh')].filter((part) => {
    const r = part.getBoundingClientRect();
    return r.width && (r.left < inside.left - 1 || r.right > inside.right + 1
      || r.top < inside.top - 1 || r.bottom > inside.bottom + 1);
  }).map((part) => card.dataset.id + ' ' + part.className);
})
"""


@pytest.fixture
def scheme(shared_page: Any) -> Iterator[Callable[[str], None]]:
    """Turns the page dark or light, and back afterwards."""
    yield lambda name: shared_page.page.emulate_media(color_scheme=name)
    shared_page.page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("name", ["light", "dark"])
def test_two_states_compared_keep_nobody_out(canvas: Show, scheme: Callable[[str], None], name: str) -> None:
    scheme(name)
    shown = canvas("diff=1")
    page = shown.page
    assert page.locator(".kt .legend li").count() == 5
    borders = page.locator(".kt .legend li").evaluate_all(
        "all => all.map(l => getComputedStyle(l).borderStyle)"
    )
    assert len(set(borders[:4])) == 4  # told apart without colour
    assert "line-through" in shown.card("returns").locator(".name").evaluate(
        "e => getComputedStyle(e).textDecorationLine"
    )
    shown.settled()
    assert axe.faults(page) == []
    shown.card("sales").focus()
    shown.press("-", "-")
    page.locator('.kt[data-zoom="far"]').wait_for()
    assert page.locator(".kt .card[data-diff=changed] .status-text").is_visible()
    assert not page.locator(".kt .card[data-diff=changed] .numbers").is_visible()  # the word stands there
    shown.settled()
    assert axe.faults(page, "color-contrast") == []
    shown.tool("compact").click()
    shown.settled()
    assert axe.faults(page, "color-contrast") == []
    ground = page.locator(".kt").evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground != page.locator(".kt .card").first.evaluate("e => getComputedStyle(e).color")


@pytest.mark.parametrize("way", ["lr", "td", "list"])
def test_any_name_stays_on_its_card(canvas: Show, way: str) -> None:
    """Markup, emoji, right to left, 10,000 letters: full and compact, near and far."""
    shown = canvas("hostile=1")
    page = shown.page
    for _ in range(("lr", "td", "list").index(way)):
        shown.tool("lr").click()
    page.locator(f'.kt[data-orientation="{way}"]').wait_for()
    for _ in ("full", "compact"):
        for zoom in ("near", "far"):
            shown.card("sales").focus()
            steps = "+" if zoom == "near" else "-"
            for _ in range(9):
                if page.locator(".kt").get_attribute("data-zoom") == zoom:
                    break
                shown.press(steps)
                page.locator(".kt .stage:not([data-moving])").wait_for()
            assert page.locator(f'.kt[data-zoom="{zoom}"]').count() == 1
            assert page.locator(".kt .card").evaluate_all(OUTSIDE) == []
        shown.tool("compact").click()
    assert page.evaluate("() => window.hacked") is None
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
