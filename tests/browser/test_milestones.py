"""Milestones of a target's path in a real browser: added, dragged, moved by keys, taken out, kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from kpi_tree import workspace
from kpi_tree.workspace import Asker

OWNER = Asker("test", "owner")
Watch = Callable[..., Any]


def table(page: Page) -> list[list[str]]:
    """The milestones as the text beside the chart has them."""
    return [line.split("\t") for line in page.locator("textarea").first.input_value().splitlines()]


def test_milestones_are_dragged_moved_by_keys_and_kept(shop: Any, watched: Watch) -> None:
    home = workspace.open_home(shop.home)
    mine = workspace.copy_plan(home, OWNER, workspace.plan(home, OWNER).id, name="Milestones").id
    watch = watched()
    page = watch.open(f"{shop.url}/goals?plan={mine}&target=new&node=orders", "New target")
    page.get_by_label("Value", exact=False).first.fill("2000")
    page.keyboard.press("Tab")
    watch.settle()
    page.get_by_role("combobox", name="Path").click()
    page.get_by_role("option", name="drawn by hand").click()
    watch.settle()
    page.get_by_role("button", name="Add a milestone").click()
    expect(page.locator("textarea").first).to_have_value(re.compile(r"^2\d{3}-\d\d-\d\d\t\d+$"))
    watch.settle()
    [[day, value]] = table(page)
    knob = page.locator("circle.knob")
    box = knob.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] - 40, steps=5)
    page.mouse.up()
    expect(page.locator("textarea").first).not_to_have_value(f"{day}\t{value}")
    watch.settle()
    [[earlier, higher]] = table(page)
    assert earlier < day
    assert float(higher) > float(value)
    page.locator("circle.knob").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Set target").click()  # at once: the keys' last word goes along
    expect(page).to_have_url(re.compile("target=orders_"))
    watch.settle()  # the address comes before the page
    plan = workspace.plan(home, OWNER, mine)
    made = next(one for one in plan.targets.values() if one.node == "orders" and one.custom)
    [[later, lower]] = table(page)
    assert later > earlier
    assert float(lower) < float(higher)
    assert [(at.isoformat(), amount) for at, amount in made.custom] == [(later, float(lower))]
    page.locator("circle.knob").focus()
    page.keyboard.press("Delete")
    expect(page.locator("textarea").first).to_have_value("")
