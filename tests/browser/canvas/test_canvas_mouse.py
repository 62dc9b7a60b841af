"""The canvas under a mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Show = Callable[..., Any]


def test_cards_say_what_they_must(canvas: Show) -> None:
    shown = canvas()
    card = shown.card("sales")
    words = card.inner_text()
    for part in ("Sales", "Kari Nordmann", "At risk", "kr 4 812 300", "kr 5 400 000", "to 21 Nov"):
        assert part in words
    assert card.locator('.status [data-icon="at_risk"]').count() == 1
    assert card.locator(".bar .tick").is_visible()
    assert card.locator(".spark .actual").get_attribute("d").count("M") == 2  # the gap stays a gap
    assert card.locator(".spark .pace").count() == 1
    shapes = shown.page.locator(".kt .card .status svg").evaluate_all("all => all.map(s => s.innerHTML)")
    statuses = shown.page.locator(".kt .card").evaluate_all("all => all.map(c => c.dataset.status)")
    assert len(set(zip(statuses, shapes, strict=True))) == len(set(statuses)) == len(set(shapes))


def test_lines_are_drawn_by_kind_and_a_shared_kpi_once(canvas: Show) -> None:
    shown = canvas()
    shown.tool("fit").click()
    page = shown.page
    assert page.locator('[data-edge="sales discounts"] .operator text').text_content() == "−"
    assert page.locator('[data-edge="gross_sales conversion"] .operator text').text_content() == "×"
    assert page.locator('[data-edge="sales margin"] .shield').count() == 1
    assert page.locator(".edge.influence").count() >= 4
    assert page.locator('[data-id="speed"]').count() == 1
    assert page.locator('[data-edge="bounce speed"]').count() == 1
    assert page.locator('[data-edge="conversion speed"]').count() == 1
    assert page.locator('.chip[data-id="mail"]').inner_text().startswith("Autumn mail campaign")


def test_select_and_select_several(canvas: Show) -> None:
    shown = canvas()
    shown.click("discounts")
    shown.until(lambda: shown.state["selected"] == "discounts", "selected")
    assert shown.card("discounts").get_attribute("aria-selected") == "true"
    shown.click("returns", modifiers=["Shift"])
    shown.until(lambda: shown.last.get("ids", []) == ["discounts", "returns"], "both")
    assert shown.page.locator('.kt .card[aria-selected="true"]').count() == 2


def test_nothing_is_sent_while_mounting(canvas: Show) -> None:
    shown = canvas("selected=returns")
    shown.page.wait_for_timeout(500)
    assert shown.state["log"] == []
    assert shown.card("returns").get_attribute("aria-selected") == "true"


def test_a_click_sends_no_data_back(canvas: Show) -> None:
    """The browser's own selection isn't repeated to it, so the tree's data stay what they are."""
    shown = canvas()
    shown.click("margin")
    shown.until(lambda: shown.last == {"type": "select", "id": "margin", "ids": ["margin"]})
    runs = shown.state["runs"]
    shown.click("discounts")
    shown.until(lambda: shown.state["selected"] == "discounts")
    assert shown.state["runs"] == runs + 1  # one rerun and no second round


def test_rename_in_place(canvas: Show) -> None:
    shown = canvas()
    shown.click_twice("returns")
    field = shown.page.locator(".kt .editor")
    assert field.input_value() == "Returns"
    field.fill("Returned goods")
    field.press("Enter")
    assert shown.card("returns").locator(".name").inner_text() == "Returned goods"  # at once
    shown.until(lambda: shown.state["names"]["returns"] == "Returned goods", "renamed")


def test_escape_leaves_the_name(canvas: Show) -> None:
    shown = canvas()
    shown.click_twice("returns")
    shown.page.locator(".kt .editor").fill("Nonsense")
    shown.press("Escape")
    shown.page.wait_for_timeout(300)
    assert shown.state["names"]["returns"] == "Returns"
    assert shown.card("returns").locator(".name").inner_text() == "Returns"


def test_drag_to_another_parent_and_undo(canvas: Show) -> None:
    shown = canvas()
    shown.drag("returns", shown.center("margin"))
    assert shown.page.locator(".kt .ghost").count() == 0
    choice = shown.page.get_by_role("menu")  # a part of a formula doesn't silently become something else
    assert "Returns is part of the formula of Sales" in choice.inner_text()
    shown.press("Escape")
    assert ["sales", "returns", "formula"] in shown.state["edges"]
    shown.drag("returns", shown.center("margin"))
    shown.page.locator('.kt [data-item="influence"]').click()
    shown.until(lambda: ["margin", "returns", "influence"] in shown.state["edges"], "moved")
    assert not any(e[:2] == ["sales", "returns"] for e in shown.state["edges"])
    assert "Returns left the formula of Sales" in shown.page.locator(".kt .toast").inner_text()
    shown.tool("undo").click()
    shown.until(lambda: ["sales", "returns", "formula"] in shown.state["edges"], "undone")
    shown.tool("redo").click()
    shown.until(lambda: ["margin", "returns", "influence"] in shown.state["edges"], "redone")
    shown.drag("aov", shown.center("margin"))
    shown.page.locator('.kt [data-item="formula"]').click()
    shown.until(lambda: ["margin", "aov", "formula"] in shown.state["edges"], "part of the other formula")
    shown.drag("visits", shown.center("margin"))
    shown.page.locator('.kt [data-item="both"]').click()
    shown.until(lambda: ["margin", "visits", "influence"] in shown.state["edges"], "below both")
    assert ["gross_sales", "visits", "formula"] in shown.state["edges"]


def test_drag_to_another_place_in_the_row(canvas: Show) -> None:
    shown = canvas()
    shown.settled()
    box = shown.box("discounts")
    shown.drag("returns", (box["x"] + 60, box["y"] + 4), drop=False)
    assert shown.page.locator(".kt .drop-line").is_visible()
    shown.page.mouse.up()
    shown.until(
        lambda: shown.state["rows"]["sales"][:3] == ["gross_sales", "returns", "discounts"], "reordered"
    )


def test_a_card_never_lands_below_itself(canvas: Show) -> None:
    shown = canvas()
    before = shown.state["edges"]
    shown.drag("gross_sales", shown.center("aov"), drop=False)
    assert "no" in shown.page.locator(".kt .ghost").get_attribute("class")
    shown.page.mouse.up()
    shown.page.wait_for_timeout(300)
    assert shown.state["edges"] == before
    shown.drag("discounts", shown.center("aov"), drop=False)
    shown.press("Escape")
    shown.page.mouse.up()
    shown.page.wait_for_timeout(200)
    assert shown.state["edges"] == before


def test_menu_adds_deletes_and_undoes(canvas: Show) -> None:
    shown = canvas()
    shown.click("margin", button="right")
    shown.page.locator('.kt [data-item="child"]').click()
    shown.page.locator(".kt .editor").fill("Cost of goods")
    shown.press("Enter")
    shown.until(lambda: "cost_of_goods" in shown.state["names"], "added")
    shown.until(lambda: shown.state["selected"] == "cost_of_goods", "the new card is selected")
    shown.card("conversion").hover()
    shown.card("conversion").locator(".more").click()
    shown.page.locator('.kt [data-item="trash"]').click()
    shown.until(lambda: "mobile" not in shown.state["names"], "deleted with what hung below")
    assert "nps" in shown.state["names"]
    shown.page.locator(".kt .toast button").click()
    shown.until(lambda: "mobile" in shown.state["names"], "undone")


def test_move_by_pointing(canvas: Show) -> None:
    """The way without a drag."""
    shown = canvas()
    shown.click("nps", button="right")
    shown.page.locator('.kt [data-item="move"]').click()
    shown.click("discounts")
    shown.until(lambda: ["discounts", "nps", "influence"] in shown.state["edges"], "moved")
    assert shown.page.locator(".kt .banner").count() == 0


def test_collapse_by_branch_and_level(canvas: Show) -> None:
    shown = canvas()
    shown.card("gross_sales").locator(".fold").click()
    shown.card("conversion").wait_for(state="detached")
    assert shown.card("gross_sales").get_attribute("aria-expanded") == "false"
    shown.page.locator(".kt .levels").select_option("0")
    shown.card("discounts").wait_for(state="detached")
    shown.page.locator(".kt .levels").select_option("99")
    shown.card("speed").wait_for()
    shown.page.reload()
    shown.page.locator(".kt[data-ready]").wait_for()
    shown.card("gross_sales").wait_for()
    assert shown.card("gross_sales").get_attribute("aria-expanded") == "true"  # this tab remembers


def test_pan_zoom_fit_and_turn(canvas: Show) -> None:
    shown = canvas()
    shown.settled()
    before = shown.box("sales")
    stage = shown.page.locator(".kt .stage").bounding_box()
    x, y = before["x"] + 40, stage["y"] + stage["height"] - 30
    shown.page.mouse.move(x, y)
    shown.page.mouse.down()
    shown.page.mouse.move(x + 70, y - 40, steps=4)
    shown.page.mouse.up()
    shown.settled()
    after = shown.box("sales")
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (70, -40)
    scale = shown.scale()
    shown.page.mouse.wheel(0, -240)
    shown.until(lambda: shown.scale() > scale * 1.2, "zoomed in by the wheel")
    shown.tool("fit").click()
    shown.settled()
    for node in ("sales", "mobile", "margin"):
        box = shown.box(node)
        assert box["x"] >= stage["x"]
        assert box["y"] + box["height"] <= stage["y"] + stage["height"] + 1
    shown.tool("lr").click()  # the button offers the next way of drawing
    shown.page.locator('.kt[data-orientation="td"]').wait_for()
    shown.settled()
    assert shown.box("discounts")["y"] > shown.box("sales")["y"] + shown.box("sales")["height"]
    assert abs(shown.box("discounts")["y"] - shown.box("returns")["y"]) < 1
    shown.tool("compact").click()
    shown.page.locator('.kt[data-density="compact"]').wait_for()


def test_a_frame_selects_what_it_touches(canvas: Show) -> None:
    shown = canvas()
    shown.settled()
    top, low = shown.box("discounts"), shown.box("returns")
    shown.page.keyboard.down("Shift")
    shown.page.mouse.move(top["x"] - 12, top["y"] - 8)
    shown.page.mouse.down()
    shown.page.mouse.move(low["x"] + 60, low["y"] + low["height"] / 2, steps=4)
    shown.page.mouse.up()
    shown.page.keyboard.up("Shift")
    shown.until(lambda: set(shown.last.get("ids", [])) == {"discounts", "returns"}, "framed")


def test_find(canvas: Show) -> None:
    shown = canvas()
    shown.page.locator(".kt .levels").select_option("0")
    shown.page.locator(".kt .find").fill("CONVERSION")
    shown.until(lambda: "of 3" in shown.page.locator(".kt .found").inner_text(), "three hits")
    shown.press("Enter", "Enter")
    shown.until(lambda: shown.state["selected"] == "mobile", "the second hit, in a branch that was closed")
    assert shown.card("mobile").is_visible()
    shown.page.locator(".kt .find").fill("佐藤")
    shown.press("Enter")
    shown.until(lambda: shown.state["selected"] == "conversion", "by owner")


def test_reading_only(canvas: Show) -> None:
    shown = canvas("read=1")
    shown.card("returns").locator(".name").dblclick()
    assert shown.page.locator(".kt .editor").count() == 0
    before = shown.state["edges"]
    shown.drag("returns", shown.center("margin"))
    shown.press("Delete", "Control+z")
    shown.page.wait_for_timeout(300)
    assert shown.state["edges"] == before
    assert shown.tool("undo").count() == 0 or not shown.tool("undo").is_visible()


def test_a_refused_edit_goes_back(canvas: Show) -> None:
    """An edit that Python refuses doesn't stay on the screen as if it were done."""
    shown = canvas()
    shown.click_twice("returns")
    shown.page.locator(".kt .editor").evaluate("e => { e.removeAttribute('maxlength'); }")
    shown.page.locator(".kt .editor").fill("y" * 400)
    shown.press("Enter")
    shown.until(lambda: shown.state["refusal"], "refused")
    shown.until(
        lambda: shown.card("returns").locator(".name").inner_text() == "Returns", "the old name again"
    )
