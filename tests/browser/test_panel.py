"""The panel follows the hand at once, Python's answer completes it, and a formula finds names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from kpi_tree import workspace
from kpi_tree.workspace import Asker

OWNER = Asker("test", "owner")
Watch = Callable[..., Any]
TOLD = """() => addEventListener("kpi-tree:selected", () => requestAnimationFrame(() => {
  window.told = document.querySelector(".kt-head[data-ahead]").innerText;
}), {once: true})"""


def test_the_panel_shows_what_is_selected_deleted_and_selected_again(bare_home: Any, watched: Watch) -> None:
    plan = workspace.new_plan(workspace.open_home(bare_home.home), OWNER, template="increase_sales")
    watch = watched()
    page = watch.open(f"{bare_home.url}/tree?plan={plan.id}", plan.nodes[str(plan.root())].name)
    head, ahead = page.locator(".kt-head h2"), page.locator(".kt-head[data-ahead]")
    orders, name = page.locator('.kt .card[data-id="orders"] .name'), plan.nodes["orders"].name
    parent = plan.nodes[plan.parents("orders")[0]]

    def shows(node: str, words: str) -> None:
        expect(head).to_have_text(words)
        expect(page).to_have_url(re.compile(f"node={node}"))
        expect(ahead).to_have_count(0)

    orders.click()
    shows("orders", name)
    expect(page.locator(".kt-head dl")).to_be_visible()  # what only Python knows
    page.keyboard.press("Delete")
    shows(parent.id, parent.name)
    expect(page.locator(".kt .toast")).to_contain_text(f"{parent.name} is now computed as")
    page.keyboard.press("Control+z")
    expect(orders).to_be_visible()
    watch.settle()  # the canvas has its card back before the panel has been told of it
    page.evaluate(TOLD)
    orders.click()
    page.get_by_role("button", name="Add below").click()  # at once: Python has not heard of the card yet
    shows("orders", name)
    expect(page.get_by_label("From the catalogue")).to_be_visible()
    told = page.evaluate("window.told")  # in the frame after the click, before Python could have answered
    for words in (name, "Formula", "Over a longer period", "Add an action", "Definition", "Change"):
        assert words in told.splitlines()
    page.locator(".kt-head").get_by_role("link", name="Open").click()
    expect(page).to_have_url(re.compile(r"/kpi\?id=orders"))
    page.go_back()
    shows("orders", name)
    page.get_by_text("Change", exact=True).first.click()
    watch.settle()  # what offers names comes after the field
    formula, offered = page.get_by_label("Formula", exact=True), page.locator(".kt-typing li")
    formula.fill("2 * SITE tra + 1")
    formula.evaluate("field => field.setSelectionRange(12, 12)")
    formula.press("ArrowDown")
    expect(offered.first).to_have_text(plan.nodes["sessions"].name)
    formula.press("ArrowDown")
    formula.press("Enter")
    expect(formula).to_have_value(f"2 * {plan.nodes['sessions'].name} + 1")
    expect(offered).to_have_count(0)
    assert not watch.complaints


def test_back_and_forward_step_through_what_was_chosen(shop: Any, watched: Watch) -> None:
    watch = watched()
    page = watch.open(f"{shop.url}/tree", "Sales (net)")
    head, period = page.locator(".kt-head h2"), page.locator(".st-key-lens_period input")

    def choose(list_key: str, words: str) -> None:
        page.locator(f".st-key-{list_key} input").click()
        page.get_by_role("option", name=words).click()
        watch.settle()

    page.locator('.kt .card[data-id="sold"] .name').click()
    expect(page).to_have_url(re.compile("node=sold$"))
    watch.settle()
    choose("lens_period", "This month")
    choose("lens_compare", "Against a year")
    page.get_by_text("Table", exact=True).first.click()
    expect(page).to_have_url(re.compile("as=table"))
    watch.settle()
    page.get_by_test_id("stSidebarNav").get_by_text("Goals").click()
    expect(page).to_have_url(re.compile(r"/goals\?period=month&compare=last_year$"))
    watch.settle()
    steps = [
        "/tree?node=sold&period=month&compare=last_year&as=table",
        "/tree?node=sold&period=month&compare=last_year",
        "/tree?node=sold&period=month",
        "/tree?node=sold",
        "/tree",
    ]
    for step in steps:
        page.go_back()
        watch.settle()
        assert page.url == shop.url + step
    expect(head).to_have_text("Sales (net)")
    expect(period).to_have_value("Each target's own period")
    page.go_forward()
    page.go_forward()
    expect(head).to_have_text("Sold after discounts")
    page.reload()  # what the address says is all that a link to a colleague says
    expect(period).to_have_value(re.compile("This month"))
    watch.settle()
    assert page.url == shop.url + steps[2]
    page.go_back()
    expect(period).to_have_value("Each target's own period")
    watch.settle()
    assert page.url == shop.url + steps[3]
