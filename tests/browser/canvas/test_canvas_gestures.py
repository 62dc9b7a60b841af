"""The canvas under hand: the rarer gestures, each on the shared page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Show = Callable[..., Any]


def moved(shown: Any, before: dict[str, float]) -> tuple[int, int]:
    shown.settled()
    after = shown.box("sales")
    return round(after["x"] - before["x"]), round(after["y"] - before["y"])


def test_the_wheel_zooms_at_the_pointer_and_keys_zoom_and_fit(canvas: Show) -> None:
    shown = canvas()
    shown.settled()
    page = shown.page
    x, y = shown.center("discounts")
    page.mouse.move(x, y)
    scale = shown.scale()
    page.mouse.wheel(0, -120)
    shown.until(lambda: shown.scale() > scale * 1.2, "zoomed in")
    shown.settled()
    now_x, now_y = shown.center("discounts")
    assert (abs(now_x - x) < 3, abs(now_y - y) < 3) == (True, True)  # what is pointed at stays there
    shown.card("sales").focus()
    scale = shown.scale()
    shown.press("+")
    shown.until(lambda: abs(shown.scale() / scale - 1.25) < 0.01, "in")
    shown.press("-", "-")
    shown.until(lambda: abs(shown.scale() / scale - 0.8) < 0.01, "out")
    page.keyboard.press("0")
    shown.settled()
    stage = page.locator(".kt .stage").bounding_box()
    for node in ("sales", "mobile", "margin"):
        box = shown.box(node)
        assert stage["x"] <= box["x"] <= stage["x"] + stage["width"] - box["width"] + 1
        assert stage["y"] <= box["y"] <= stage["y"] + stage["height"] - box["height"] + 1


@pytest.mark.parametrize("hand", ["middle", "space"])
def test_a_hand_moves_the_view_even_from_a_card(canvas: Show, hand: str) -> None:
    """The middle button and the held space bar pan; the card under them stays where it hangs."""
    shown = canvas()
    shown.settled()
    edges, before = shown.state["edges"], shown.box("sales")
    x, y = shown.center("discounts")
    mouse, keyboard = shown.page.mouse, shown.page.keyboard
    shown.card("returns").focus()
    if hand == "space":
        keyboard.down(" ")
    mouse.move(x, y)
    mouse.down(button="middle" if hand == "middle" else "left")
    mouse.move(x + 60, y - 30, steps=4)
    mouse.up(button="middle" if hand == "middle" else "left")
    if hand == "space":
        keyboard.up(" ")
    assert moved(shown, before) == (60, -30)
    assert shown.state["edges"] == edges
    assert shown.page.locator(".kt .ghost, .kt .menu").count() == 0


def test_all_beside_are_selected_and_escape_leaves_one(canvas: Show) -> None:
    shown = canvas()
    shown.card("discounts").focus()
    shown.press("Control+a")
    shown.until(lambda: {"discounts", "returns"} <= set(shown.last.get("ids", [])), "all of the row")
    assert shown.page.locator('.kt .card[aria-selected="true"]').count() == 4
    shown.press("Escape")
    shown.until(lambda: len(shown.last.get("ids", [])) == 1, "one again")


def test_what_is_typed_and_given_up_leaves_no_trace(canvas: Show) -> None:
    shown = canvas()
    names = shown.state["names"]
    shown.card("returns").focus()
    for key in ("Tab", "Shift+Enter", "a", "F2", "Enter"):
        shown.press(key)
        shown.page.locator(".kt .editor").fill("Nonsense")
        shown.press("Escape")
        assert shown.page.locator(".kt .editor").count() == 0
        assert shown.focused() == "returns", key
    assert shown.page.locator(".kt .card").count() == 13
    shown.press("Control+y", "Control+z")  # nothing to make again or to take back
    # What is selected is told when the keys rest: before these, after them or between.
    shown.until(lambda: asked_of(shown) == ["redo", "undo"], "asked for")
    assert shown.state["names"] == names


def asked_of(shown: Any) -> list[str]:
    """What was asked of the tree, selections apart."""
    return [event["type"] for event in shown.state["log"] if event["type"] != "select"]


def test_redo_by_its_other_key_and_the_keyboard_stays_where_it_was(canvas: Show) -> None:
    shown = canvas()
    shown.card("margin").focus()
    shown.press("F2")
    shown.page.keyboard.type("Gross profit")
    shown.press("Enter")
    shown.until(lambda: shown.state["names"]["margin"] == "Gross profit", "renamed")
    shown.press("Control+z")
    shown.until(lambda: shown.state["names"]["margin"] == "Gross margin", "undone")
    shown.press("Control+y")
    shown.until(lambda: shown.state["names"]["margin"] == "Gross profit", "redone")
    assert shown.focused() == "margin"  # after each rerun
    shown.press("ArrowUp")
    assert shown.focused() != "margin"


def test_arrows_in_a_tree_from_top_to_bottom(canvas: Show) -> None:
    shown = canvas()
    shown.page.locator('.kt [data-tool="lr"]').click()
    shown.page.locator('.kt[data-orientation="td"]').wait_for()
    shown.card("gross_sales").focus()
    for key, node in (
        ("ArrowRight", "discounts"),
        ("ArrowRight", "returns"),
        ("ArrowLeft", "discounts"),
        ("ArrowUp", "sales"),
    ):
        shown.press(key)
        assert shown.focused() == node
    shown.press("ArrowDown")
    assert shown.focused() in ("gross_sales", "discounts", "returns", "margin")


def test_the_tree_slides_under_a_card_held_at_the_rim(canvas: Show) -> None:
    shown = canvas()
    shown.settled()
    before = shown.box("sales")
    stage = shown.page.locator(".kt .stage").bounding_box()
    shown.drag("discounts", (stage["x"] + 400, stage["y"] + stage["height"] - 6), drop=False)
    shown.until(lambda: shown.box("sales")["y"] < before["y"] - 60, "slid up")
    shown.press("Escape")
    shown.page.mouse.up()
    assert shown.page.locator(".kt .ghost").count() == 0


def test_the_minimap_by_press_and_drag(canvas: Show) -> None:
    shown = canvas("n=2000")
    page = shown.page
    page.locator(".kt .levels").select_option("99")
    small = page.locator(".kt .minimap")
    small.wait_for()
    box = small.bounding_box()
    middle = box["x"] + box["width"] / 2

    def height() -> float:
        found = page.locator(".kt .world").evaluate("e => new DOMMatrix(e.style.transform).f")
        return float(found)

    page.mouse.move(middle, box["y"] + 20)
    page.mouse.down()
    shown.settled()
    high = height()
    page.mouse.move(middle, box["y"] + box["height"] - 20, steps=3)
    page.mouse.up()
    shown.settled()
    assert height() < high - 1000  # far down the tree
    page.mouse.click(middle, box["y"] + 20)
    shown.until(lambda: abs(height() - high) < 2, "back by a press")
    assert shown.state["log"] == []  # looking about selects nothing
