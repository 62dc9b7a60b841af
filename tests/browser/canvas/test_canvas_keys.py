"""The canvas under the keyboard, under fingers, and for those who don't see it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

Show = Callable[..., Any]
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


def test_arrows_walk_and_escape_lets_go(canvas: Show) -> None:
    shown = canvas()
    shown.page.locator(".kt .find").focus()
    shown.card("sales").focus()
    shown.press("ArrowRight")
    assert shown.focused() in ("discounts", "returns", "gross_sales", "margin")
    shown.press("Home", "ArrowRight", "ArrowUp", "ArrowUp", "ArrowUp")
    assert shown.focused() == "gross_sales"
    shown.press("ArrowDown", "ArrowDown")
    assert shown.focused() == "returns"
    shown.until(lambda: shown.state["selected"] == "returns", "selection follows when the keys rest")
    shown.press("ArrowLeft")
    assert shown.focused() == "sales"
    shown.press(" ")
    assert shown.card("sales").get_attribute("aria-expanded") == "false"
    shown.press("ArrowRight")
    assert shown.card("sales").get_attribute("aria-expanded") == "true"
    shown.press("Escape", "Tab")
    assert shown.page.locator(".kt .editor").count() == 0
    assert shown.focused() != "sales"


def test_the_whole_edit_by_keys(canvas: Show) -> None:
    shown = canvas()
    shown.card("returns").focus()
    shown.press("Enter")
    shown.page.keyboard.type("Returns and claims")
    shown.press("Enter")
    shown.until(lambda: shown.state["names"]["returns"] == "Returns and claims", "renamed")
    shown.press("Tab")
    shown.page.keyboard.type("ret")
    offers = shown.page.locator(".kt .offers li > span")
    shown.until(lambda: offers.all_inner_texts() == ["Return rate", "Lost carts"], "what it could be called")
    shown.press("ArrowDown", "Enter")
    shown.until(lambda: ["returns", "return_rate", "influence"] in shown.state["edges"], "child")
    assert shown.last["kpi"] == "return_rate"
    shown.until(lambda: shown.focused() == "return_rate", "the new one has the keyboard")
    shown.press("Shift+Enter")
    shown.page.keyboard.type("Claim rate")
    shown.press("Enter")
    shown.until(lambda: ["returns", "claim_rate", "influence"] in shown.state["edges"], "sibling")
    shown.until(lambda: shown.focused() == "claim_rate", "again")
    shown.press("Alt+ArrowUp")
    shown.until(lambda: shown.state["rows"]["returns"].index("claim_rate") == 1, "moved up")
    shown.press("Control+x")
    shown.card("discounts").focus()
    shown.press("Control+v")
    shown.until(lambda: ["discounts", "claim_rate", "influence"] in shown.state["edges"], "cut and put")
    shown.press("Control+z")
    shown.until(lambda: ["returns", "claim_rate", "influence"] in shown.state["edges"], "undone")
    shown.press("Control+Shift+z")
    shown.until(lambda: ["discounts", "claim_rate", "influence"] in shown.state["edges"], "redone")
    shown.card("claim_rate").focus()
    shown.press("Delete")
    shown.until(lambda: "claim_rate" not in shown.state["names"], "deleted")
    assert shown.focused() == "discounts"
    shown.press("a")
    shown.page.keyboard.type("Fewer coupons")
    shown.press("Enter")
    shown.until(lambda: ["discounts", "fewer_coupons", "supports"] in shown.state["edges"], "an action")


def test_no_key_is_lost_or_goes_astray_on_a_server_that_answers_late(canvas: Show) -> None:
    """Names typed without a pause, well ahead of Python's answers: each lands where it was meant."""
    shown = canvas("slow=1.5")
    page = shown.page
    shown.card("mobile").focus()
    for key, name in (
        ("Tab", "one"),
        ("Tab", "two"),
        ("Shift+Enter", "three"),
        ("a", "four"),
        ("F2", "Four!"),
    ):
        shown.press(key)
        page.keyboard.type(name)
        shown.press("Enter")
    shown.press("ArrowLeft", "ArrowLeft", "Tab")
    page.keyboard.type("fi")
    shown.until(lambda: "four" in shown.state["names"], "arrived while the next name is half typed")
    page.keyboard.type("ve")
    shown.press("Enter")
    shown.until(lambda: "five" in shown.state["names"], "the last one too")
    names = {
        node: name for node, name in shown.state["names"].items() if node in ("one", "two", "three", "four")
    }
    assert names == {"one": "one", "two": "two", "three": "three", "four": "Four!"}
    hung = [e for e in shown.state["edges"] if e[1] in ("one", "two", "three", "four", "five")]
    wanted = [["mobile", "one", "influence"], ["one", "two", "influence"], ["one", "three", "influence"]]
    wanted += [["three", "four", "supports"], ["one", "five", "influence"]]
    assert sorted(hung) == sorted(wanted)
    shown.until(lambda: shown.state["selected"] == "five", "selected once it has its id")
    shown.until(lambda: shown.focused() == "five", "the keyboard too, in the frame after the answer")


def ask(shown: Any, name: str) -> None:
    """Press one of the page's own buttons without taking the keyboard from the canvas."""
    shown.page.get_by_role("button", name=name, exact=True).evaluate("e => e.click()")


def test_a_canvas_taken_off_the_page_keeps_what_is_under_the_hand(canvas: Show) -> None:
    """Half a name, the caret in it, the keyboard, edits, a card on its way: all go on as if nothing was."""
    shown = canvas()
    page, here = shown.page, shown.page.locator("[data-testid=stMain] .kt")
    shown.card("mobile").focus()
    shown.press("Tab")
    page.keyboard.type("Cheout")
    shown.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
    ask(shown, "above")
    page.get_by_text("Above the tree: 0").wait_for()
    page.keyboard.type("c")
    ask(shown, "away")
    here.wait_for(state="detached")
    page.keyboard.type("k")  # the caret is where it was
    shown.press("End")
    page.keyboard.type(" rate")
    shown.press("Enter", "Shift+Enter")
    page.keyboard.type("Seco")
    assert "checkout_rate" not in shown.state["names"]  # nobody can hear of it yet
    ask(shown, "away")
    here.wait_for()
    page.keyboard.type("nd")
    shown.press("Enter")
    shown.until(lambda: shown.state["rows"]["mobile"] == ["checkout_rate", "second"], "both")
    shown.until(lambda: shown.focused() == "second", "the keyboard stays")

    shown.drag("speed", shown.center("nps"), drop=False)
    ask(shown, "away")
    here.wait_for(state="detached")
    ask(shown, "away")
    here.wait_for()
    page.locator(".kt .ghost").wait_for()
    page.mouse.move(*shown.center("margin"), steps=3)
    page.mouse.up()
    shown.until(lambda: ["margin", "speed", "influence"] in shown.state["edges"], "dropped")


def test_edits_without_an_answer_outlive_the_page(canvas: Show) -> None:
    shown = canvas(locale="en-GB")
    page = shown.page
    shown.card("mobile").focus()
    ask(shown, "away")
    page.locator("[data-testid=stMain] .kt").wait_for(state="detached")
    shown.press("Delete", "F2")  # nobody can hear of it: the cursor is on what stood above
    page.keyboard.type("Buyers of all visitors")
    shown.press("Enter")
    page.reload()
    page.locator(".kt[data-ready]").wait_for()
    assert "mobile" in shown.state["names"]
    toast = page.locator(".kt .toast")
    assert "2" in toast.inner_text()
    toast.get_by_role("button", name="Send again").click()
    shown.until(lambda: "mobile" not in shown.state["names"], "sent after all")
    assert shown.state["names"]["conversion"] == "Buyers of all visitors"
    assert toast.count() == 0


def test_streamlits_own_keys_stay_out(canvas: Show) -> None:
    shown = canvas()
    shown.card("returns").focus()
    runs = shown.state["runs"]
    shown.press("r", "c")
    shown.page.locator(".kt .find").focus()
    shown.page.keyboard.type("rc")
    shown.page.wait_for_timeout(400)
    assert shown.state["runs"] == runs
    assert shown.page.get_by_role("dialog").count() == 0


def test_the_tree_for_a_screen_reader(canvas: Show) -> None:
    shown = canvas()
    tree = shown.page.get_by_role("tree")
    assert tree.get_attribute("aria-label")
    item = shown.card("conversion")
    assert item.get_attribute("role") == "treeitem"
    assert (item.get_attribute("aria-level"), item.get_attribute("aria-setsize")) == ("3", "3")
    label = item.get_attribute("aria-label")
    for words in ("Conversion rate", "At risk", "2,31 % of 2,50 %", "佐藤 花子"):
        assert words in label
    shown.card("gross_sales").focus()
    shown.press(" ")
    shown.until(lambda: "Gross sales closed" in shown.page.locator(".kt [role=status]").inner_text(), "said")
    assert shown.page.locator('.kt .cards [tabindex="0"]').count() == 1
    shown.press(" ")
    shown.card("aov").wait_for()  # drawn after Discounts this time, and read before it all the same
    told = shown.page.context.new_cdp_session(shown.page).send("Accessibility.getFullAXTree")["nodes"]
    named = {one["nodeId"]: one["name"]["value"] for one in told if one.get("name", {}).get("value")}
    inside = next(one["childIds"] for one in told if one.get("role", {}).get("value") == "tree")
    said = [named.get(one, "").partition(".")[0] for one in inside]
    order = ["Gross sales", "Conversion rate", "Simpler checkout with fewer fields", "Discounts"]
    assert [one for one in said if one in order] == order


def test_menu_and_help_by_keys(canvas: Show) -> None:
    shown = canvas()
    shown.card("returns").focus()
    shown.press("Shift+F10")
    assert shown.page.get_by_role("menuitem").first.evaluate("e => e === e.getRootNode().activeElement")
    shown.press("ArrowDown", "Escape")
    assert shown.focused() == "returns"
    shown.press("?")
    assert shown.page.get_by_role("dialog").is_visible()
    shown.press("Escape")
    assert shown.page.get_by_role("dialog").count() == 0
    shown.press("Control+Enter")
    shown.until(lambda: shown.last == {"type": "open", "id": "returns"}, "opened")


@pytest.mark.parametrize("way", ["lr", "td", "list"])
def test_every_card_is_reached_by_arrows(canvas: Show, way: str) -> None:
    shown = canvas()
    turns = {"lr": 0, "td": 1, "list": 2}[way]
    for _ in range(turns):
        shown.page.locator('.kt [data-tool="lr"]').click()  # the button keeps the name it was made with
    shown.page.locator(f'.kt[data-orientation="{way}"]').wait_for()
    shown.card("sales").focus()
    seen, queue = {"sales"}, ["sales"]
    while queue and len(seen) < 16:
        start = queue.pop(0)
        for key in ("ArrowRight", "ArrowDown", "ArrowUp", "ArrowLeft"):
            if way == "list" and key in ("ArrowLeft", "ArrowRight"):
                continue  # left closes a branch there
            shown.card(start).focus()
            shown.press(key)
            found = shown.focused()
            if found and found not in seen:
                seen.add(found)
                queue.append(found)
    assert seen == set(shown.state["names"])


def test_hostile_names_stay_text(canvas: Show) -> None:
    shown = canvas("hostile=1")
    page = shown.page
    assert page.evaluate("() => window.hacked") is None
    assert shown.card("gross_sales").locator("img, b").count() == 0
    assert shown.card("gross_sales").locator(".name").inner_text().startswith("<img src=x")
    assert len(shown.card("visits").locator(".name").text_content()) == 200
    for node in ("gross_sales", "discounts", "visits", "aov"):
        name = shown.card(node).locator(".name").bounding_box()
        box = shown.box(node)
        assert name["x"] >= box["x"]
        assert name["x"] + name["width"] <= box["x"] + box["width"]
    long = shown.card("aov")
    assert len(long.locator(".name").get_attribute("title") or "") > 9_000  # the whole of it on hover
    assert len(long.get_attribute("aria-label") or "") < 400  # and a breath of it for a screen reader
    page.locator(".kt .find").fill("\u0645\u0628\u064a\u0639\u0627\u062a")  # right to left
    shown.press("Enter")
    shown.until(lambda: shown.state["selected"] == "discounts", "found")
    page.locator(".kt .find").fill("\U0001f6d2")
    shown.press("Enter")
    shown.until(lambda: shown.state["selected"] == "returns", "an emoji is found")
    page.locator(".kt .find").fill("")
    shown.card("aov").focus()
    shown.press("F2")
    assert page.locator(".kt .editor").bounding_box()["width"] < 400
    page.keyboard.insert_text("z" * 10_000)
    assert len(page.locator(".kt .editor").input_value()) == 200  # the plan's own limit
    shown.press("Escape")
    shown.card("discounts").focus()
    shown.press("Enter")
    page.keyboard.insert_text('<img src=x onerror="window.hacked=2">')
    shown.press("Enter")
    shown.until(lambda: shown.state["names"]["discounts"].startswith("<img"), "renamed to markup")
    assert page.evaluate("() => window.hacked") is None


def fingers(shown: Any, kind: str, *points: tuple[float, float], at: float | None = None) -> None:
    """Fingers come, move or go; ``at``: when they did, in seconds of the clock, however late it is told."""
    when = {} if at is None else {"timestamp": at}
    shown.client.send(
        "Input.dispatchTouchEvent",
        {"type": kind, "touchPoints": [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)], **when},
    )


def test_touch_tap_pan_pinch_and_long_press(canvas: Show) -> None:
    shown = canvas(**PHONE)
    shown.client = shown.page.context.new_cdp_session(shown.page)
    shown.settled()
    assert shown.page.locator('.kt[data-orientation="list"]').count() == 1
    assert shown.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    small = shown.page.locator(".kt .tool:visible").evaluate_all(
        "all => all.map(b => b.getBoundingClientRect()).filter(r => r.width < 40 || r.height < 40).length"
    )
    assert small == 0  # every tool is as wide as a thumb
    shown.card("gross_sales").locator(".name").tap()
    shown.until(lambda: shown.state["selected"] == "gross_sales", "tapped")
    before = shown.box("sales")
    fingers(shown, "touchStart", (200, 420))
    for step in range(1, 6):
        fingers(shown, "touchMove", (200 - 2 * step, 420 - 12 * step))
    fingers(shown, "touchEnd")
    shown.settled()
    assert round(shown.box("sales")["y"] - before["y"]) == -60
    scale = shown.scale()
    fingers(shown, "touchStart", (150, 400), (250, 400))
    for step in range(1, 6):
        fingers(shown, "touchMove", (150 - 8 * step, 400), (250 + 8 * step, 400))
    fingers(shown, "touchEnd")
    shown.until(lambda: shown.scale() > scale * 1.5, "pinched")
    shown.tool("fit").click()
    shown.settled()
    x, y = shown.center("discounts")
    fingers(shown, "touchStart", (x, y))
    shown.page.locator(".kt .card.lifted").wait_for()
    fingers(shown, "touchEnd")
    shown.page.get_by_role("menu").wait_for()
    shown.press("Escape")
    x, y = shown.center("returns")
    for began in (time.time(), time.time() + 0.1):
        fingers(shown, "touchStart", (x, y), at=began)
        fingers(shown, "touchEnd", at=began + 0.05)
    assert shown.page.locator(".kt .editor").input_value() == "Returns"  # a double tap renames
    shown.press("Escape")


def test_touch_drags_after_a_long_press(canvas: Show) -> None:
    shown = canvas(**PHONE)
    shown.client = shown.page.context.new_cdp_session(shown.page)
    shown.tool("fit").click()
    shown.card("sales").focus()
    shown.press("-", "-", "-")
    shown.page.locator('.kt[data-zoom="far"]').wait_for()
    shown.settled()
    (x, y), (to_x, to_y) = shown.center("returns"), shown.center("margin")
    began = time.time()
    fingers(shown, "touchStart", (x, y))
    shown.page.locator(".kt .card.lifted").wait_for()
    # The finger rests before it goes: a browser takes a tap right after a fling for the hand that stops it.
    for step in range(1, 6):
        at = (x + (to_x - x) * step / 5, y + (to_y - y) * step / 5)
        fingers(shown, "touchMove", at, at=began + 0.05 * step)
    shown.page.locator('.kt .card.aimed[data-id="margin"]').wait_for()  # what it would land on stays in sight
    fingers(shown, "touchEnd")
    shown.page.locator('.kt [data-item="influence"]').tap()
    shown.until(lambda: ["margin", "returns", "influence"] in shown.state["edges"], "moved")


def test_two_thousand_cards_and_few_in_the_page(canvas: Show) -> None:
    shown = canvas("n=2000")
    page = shown.page
    assert page.locator(".kt").get_attribute("data-size") == "2000"
    assert page.locator(".kt .card").count() < 60
    page.locator(".kt .levels").select_option("99")
    shown.tool("fit").click()
    page.locator('.kt[data-zoom="overview"]').wait_for()
    assert page.locator(".kt .card").count() < 60
    page.locator(".kt .find").fill("number 1777")
    shown.press("Enter")
    shown.until(lambda: shown.state["selected"] == "n1777", "found")
    assert shown.card("n1777").is_visible()
    assert page.locator(".kt .minimap").is_visible()
    shown.until(lambda: page.locator(".kt .card").count() < 60, "only what is in view")
