"""A whole tree built by the keyboard alone on the app's own page, and taken back to the beginning."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from kpi_tree import workspace
from kpi_tree.plan.model import Plan
from kpi_tree.workspace import Asker

OWNER = Asker("test", "owner")
Watch = Callable[..., Any]

FOCUSED = """() => {
  let active = document.activeElement;
  while (active?.shadowRoot) active = active.shadowRoot.activeElement;
  return active?.dataset?.id ?? active?.className ?? null;
}"""

BUILT = (
    ("Tab", "Visits"),
    ("Tab", "Paid"),
    ("Shift+Enter", "Organic"),
    ("Shift+Enter", "Direct"),
    ("ArrowLeft", ""),
    ("Shift+Enter", "Orders per visit"),
    ("Tab", "Checkout"),
    ("a", "Fewer steps"),
    ("Enter", "Three steps"),
    ("ArrowUp", ""),
    ("Shift+Enter", "Basket"),
)


def until(page: Page, plan: Callable[[], Plan], names: set[str]) -> Plan:
    """Wait until the plan that is kept has these names, and give it back."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = plan()
        if {node.name for node in found.nodes.values()} == names:
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"{sorted(node.name for node in plan().nodes.values())} and not {sorted(names)}")


def has_keyboard(page: Page, node: str) -> None:
    """Wait until a card has the keyboard."""
    end = time.monotonic() + 60
    while page.evaluate(FOCUSED) != node:
        assert time.monotonic() < end, page.evaluate(FOCUSED)
        page.wait_for_timeout(30)


def test_a_tree_is_built_by_keys_alone_and_undone_to_its_first_box(bare_home: Any, watched: Watch) -> None:
    """Typed without a pause and ahead of the server, on a processor of half the speed: no key is lost."""
    home = workspace.open_home(bare_home.home)
    first = workspace.new_plan(home, OWNER, template=None, name="Sales")

    def plan() -> Plan:
        return workspace.plan(home, OWNER, first.id)

    watch = watched()
    page = watch.open(f"{bare_home.url}/tree?plan={first.id}", "Sales")
    page.locator(".kt[data-ready]").wait_for()
    has_keyboard(page, "sales")  # a new plan's box has the keyboard
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 2})
    for key, name in BUILT:
        page.keyboard.press(key)
        if name:
            page.keyboard.type(name)
            page.keyboard.press("Enter")
    names = {name for _, name in BUILT if name} - {"Fewer steps"}
    built = until(page, plan, {"Sales"} | names)
    by_name = {node.name: node.id for node in built.nodes.values()}
    children = [built.nodes[node].name for node in built.children(by_name["Visits"])]
    assert children == ["Paid", "Organic", "Direct"]
    assert [built.nodes[n].name for n in built.children(by_name["Checkout"])] == ["Three steps"]
    assert built.nodes[by_name["Three steps"]].kind == "action"
    assert built.parents(by_name["Basket"]) == [by_name["Orders per visit"]]

    steps = len(names) + 1
    for _ in range(steps):
        page.keyboard.press("Control+z")
    undone = until(page, plan, {"Sales"})
    assert undone.revision == built.revision + steps
    page.locator('.kt[data-size="1"]').wait_for()
    has_keyboard(page, "sales")
    for _ in range(2):
        page.keyboard.press("Control+Shift+z")
    until(page, plan, {"Sales", "Visits", "Paid"})
    page.locator('.kt[data-size="3"]').wait_for()
    has_keyboard(page, "sales")
    page.keyboard.press("Delete")  # the goal at the root stays, whatever was selected before
    page.keyboard.press("ArrowRight")
    has_keyboard(page, "visits")
    page.keyboard.press("Delete")
    until(page, plan, {"Sales"})
    has_keyboard(page, "sales")
