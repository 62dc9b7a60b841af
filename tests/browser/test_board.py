"""The board of actions in a real browser: dragged, moved by keys and by the menu, undone; by two at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from kpi_tree import workspace
from kpi_tree.workspace import Asker

OWNER = Asker("test", "owner")
Watch = Callable[..., Any]
SLOW = 15_000
WHOLE = "are expected to bring"  # what the page draws last, above the board


def card(page: Page, name: str, lane: str) -> Locator:
    return page.locator(f'.lane[data-lane="{lane}"] .card[data-id="{name}"]')


def test_a_card_goes_by_mouse_keys_and_menu_and_two_people_see_it(shop: Any, watched: Watch) -> None:
    home = workspace.open_home(shop.home)
    mine = workspace.copy_plan(home, OWNER, workspace.plan(home, OWNER).id, name="Board").id
    page, other = (watched().open(f"{shop.url}/actions?plan={mine}", WHOLE) for _ in range(2))
    card(page, "act_fast", "planned").scroll_into_view_if_needed()
    box = card(page, "act_fast", "planned").bounding_box()
    goal = page.locator('.lane[data-lane="done"]').bounding_box()
    assert box is not None
    assert goal is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(goal["x"] + 60, box["y"] + 20, steps=6)
    expect(page.locator(".card.ghost")).to_have_count(1)
    page.mouse.up()
    expect(card(page, "act_fast", "done")).to_be_visible()
    expect(card(other, "act_fast", "done")).to_be_visible(timeout=SLOW)
    assert workspace.plan(home, OWNER, mine).nodes["act_fast"].state == "done"
    page.get_by_role("button", name="Undo").click()
    expect(card(page, "act_fast", "planned")).to_be_visible(timeout=SLOW)
    # Two keys in a row, faster than the server answers: none is lost, and the keyboard stays on the card.
    card(page, "act_fast", "planned").locator(".name").focus()
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    expect(card(other, "act_fast", "done")).to_be_visible(timeout=SLOW)
    expect(card(page, "act_fast", "done").locator(".name")).to_be_focused()
    page.keyboard.press("m")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(card(other, "act_fast", "dropped")).to_be_visible(timeout=SLOW)
    card(page, "act_fast", "dropped").locator(".name").click()
    expect(page).to_have_url(re.compile("action=act_fast"), timeout=SLOW)
