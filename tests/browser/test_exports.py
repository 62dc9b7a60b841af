"""The page of its own in a browser without a network, and what it draws against what the program draws."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from kpi_tree.exchange import drawing
from kpi_tree.exchange.drawing import Drawing, Look
from kpi_tree.exchange.standalone import Page as OwnPage
from kpi_tree.exchange.standalone import to_page

HOSTILE = "<img src=x onerror=document.title=1> 売上 🛒"
STANDING = """() => [...document.querySelector('#canvas').shadowRoot.querySelectorAll('.card')]
.map((card) => {
  const [x, y] = card.style.transform.match(/-?[\\d.]+/g).map(Number);
  return [card.dataset.id, x, y, card.offsetWidth, card.offsetHeight];
})"""


def random_tree(seed: int, cards: int) -> Drawing:
    """A tree, or a graph in which some have two parents, with actions."""
    chance = random.Random(seed)
    views: list[dict[str, Any]] = [{"id": "n0", "name": HOSTILE, "kind": "kgi", "status": "at_risk"}]
    edges: list[dict[str, Any]] = []
    inner = ["n0"]
    for i in range(1, cards):
        kind = "action" if chance.random() < 0.2 else "kpi"
        views.append({"id": f"n{i}", "name": f"KPI {i}", "kind": kind, "status": "", "order": i})
        for parent in chance.sample(
            inner, min(len(inner), 2 if chance.random() < 0.15 and kind == "kpi" else 1)
        ):
            edge = "supports" if kind == "action" else chance.choice(["formula", "influence", "guardrail"])
            edges.append({"parent": parent, "child": f"n{i}", "kind": edge, "operator": "", "sign": 1})
        if kind == "kpi":
            inner.append(f"n{i}")
    return Drawing(views, edges, f"Tree {seed}", HOSTILE)


def opened(browser: Browser, folder: Path, drawn: Drawing, **how: Any) -> tuple[Page, list[str]]:
    """The page from disk, offline, and whatever it complained of or asked for."""
    file = folder / "tree.html"
    file.write_bytes(to_page(OwnPage(drawn, {"n0": [("Owner", HOSTILE)]})))
    page = browser.new_context(offline=True, reduced_motion="reduce", **how).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request", lambda asked: said.append(asked.url) if asked.url[:5] not in ("data:", "file:") else None
    )
    page.goto(file.as_uri())
    page.wait_for_selector('.kt[data-ready="1"]')
    return page, said


@pytest.mark.parametrize("seed", [1, 3])
def test_the_program_and_the_browser_put_every_card_in_the_same_place(
    browser: Browser, tmp_path: Path, seed: int
) -> None:
    drawn = random_tree(seed, 12 + 8 * seed)
    page, said = opened(browser, tmp_path, drawn, viewport={"width": 1800, "height": 1400})
    page.locator(".levels").select_option("99")
    for orientation in ("lr", "td", "list"):
        look = Look(orientation, "full")  # type: ignore[arg-type]
        if orientation != "lr":
            page.locator('[data-tool="lr"]').click()
        page.locator('[data-tool="fit"]').click()
        page.wait_for_timeout(250)
        wanted = {box["id"]: [box["x"], box["y"], box["w"], box["h"]] for box in drawing.boxes(drawn, look)}
        seen = {found[0]: found[1:] for found in page.evaluate(STANDING)}
        assert seen, orientation
        assert set(seen) <= set(wanted)
        for node, place in seen.items():
            assert place == pytest.approx(wanted[node], abs=0.01), (orientation, node)
    assert said == []
    page.context.close()


def test_the_page_shows_facts_searches_closes_branches_and_saves_what_it_shows(
    browser: Browser, tmp_path: Path
) -> None:
    page, said = opened(browser, tmp_path, random_tree(4, 9), color_scheme="dark")
    page.locator('.card[data-id="n0"]').click()
    assert page.locator("#panel h2").inner_text() == HOSTILE
    assert page.locator("#panel dd").inner_text() == HOSTILE
    page.keyboard.press("Space")
    assert page.locator(".card").count() == 1
    with page.expect_download() as waited:
        page.locator('[data-tool="save"]').click()
        page.locator('[role="menuitem"]').nth(0).click()
    svg = Path(waited.value.path()).read_text(encoding="utf-8")
    assert waited.value.suggested_filename == "Tree 4.svg"
    assert svg.count('data-id="n') == 1
    assert "<img" not in svg
    with page.expect_download() as waited:
        page.locator('[data-tool="save"]').click()
        page.locator('[role="menuitem"]').nth(1).click()
    assert Path(waited.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    page.emulate_media(media="print")
    assert page.locator("#paper svg").is_visible()
    assert page.title() == "Tree 4"
    assert said == []
    page.context.close()


def test_a_file_to_save_is_still_there_when_a_slow_browser_asks_for_it(
    shop: Any, watched: Callable[..., Any]
) -> None:
    """Streamlit drops it when two runs have ended, whoever's they are."""
    page = watched().open(f"{shop.url}/tree", "Export")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Plan file (JSON)").click()
    plan = Path(saved.value.path()).read_bytes()
    for _ in range(3):
        watched().open(f"{shop.url}/tree", "Export")
    again = page.request.get(saved.value.url)
    assert (again.status, again.body()) == (200, plan)
