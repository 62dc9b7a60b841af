"""The data page as field staff use it: set aside and corrected, stopped, found again, down to the row."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from kpi_tree import workspace

Watch = Callable[..., Any]

MESSY = """Ordrenr;Ordredato;Varenr;Vare;Antall;Pris;Valuta
9001;03.06.2026;A;Lampe;2;1 250,50;NOK
9001;03.06.2026;B;Pære;to;99,00;NOK
9002;14.06.2026;A;Lampe;1;1.000,00;NOK
9003;31.06.2026;C;Krok;1;5,00;NOK
"""
WHO = workspace.Asker("test", "viewer")


def test_rows_set_aside_are_corrected_and_a_batch_goes_and_comes(
    empty_home: Any, watched: Watch, tmp_path: Path
) -> None:
    source, fixed = tmp_path / "ordre.csv", tmp_path / "fixed.csv"
    source.write_text(MESSY)
    watch = watched()
    page = watch.open(f"{empty_home.url}/data", "Drop the shop's files here")
    page.on("filechooser", lambda chooser: chooser.set_files(str(source)))
    watch.settle()  # the browser begins a while later to tell of the window in which files are chosen
    page.get_by_test_id("stFileUploaderDropzone").locator("button").focus()
    page.keyboard.press("Enter")
    # By keyboard: the focus is where something has come, and a screen reader is told what.
    led_to(page, "ordre.csv: 4 rows, 2 rows set aside")
    press(watch, page.get_by_role("button", name="Load the good rows, set 2 aside"))
    led_to(page, "Loaded: ordre.csv, 4 rows, 2 rows set aside.")
    press(watch, page.get_by_role("link", name="Correct 2 rows set aside"))
    page.wait_for_url(re.compile(r"batch=1"))
    led_to(page, "#1 · ordre.csv")
    watch.settle()
    with page.expect_download() as got:
        page.get_by_role("button", name="Download the file").click()
    assert got.value.path().read_text() == MESSY
    page.get_by_role("button", name="In a spreadsheet").click()
    sheet = page.get_by_test_id("stPopoverBody")
    with page.expect_download() as got:
        sheet.get_by_role("button", name="Download as CSV").click()
    fixed.write_text(got.value.path().read_text("utf-8-sig").replace(",to,", ",3,"))
    watch.settle()
    sheet.locator("input[type=file]").set_input_files(str(fixed))
    sheet.get_by_role("button", name="Load the corrected rows").click()
    page.get_by_test_id("stMain").get_by_text("1 row is right now and counts").wait_for()
    watch.settle()
    home = workspace.open_home(empty_home.home)
    assert [(one.number, one.waiting) for one in workspace.batches(home, WHO)] == [(2, 0), (1, 1)]
    page.get_by_role("button", name="Withdraw").click()
    led_to(page, "Withdraw #1?")
    press(watch, page.get_by_role("button", name="Withdraw #1"))
    led_to(page, "#1 is withdrawn.")
    watch.settle()
    assert not any(one.active for one in workspace.batches(home, WHO))
    page.get_by_role("button", name="Take that back").click()
    page.get_by_role("button", name="Withdraw").wait_for()
    watch.settle()
    assert all(one.active for one in workspace.batches(home, WHO))


def led_to(page: Page, words: str) -> None:
    """Wait until the focus stands on what has come, and the same words are said."""
    expect(page.locator('[role="group"]:focus')).to_have_attribute("aria-label", words)
    expect(page.locator(".kt-said")).to_have_text(words)


def press(watch: Any, control: Locator, *, keys: int = 8) -> None:
    """Go on by Tab to a control that stands so near, and press it."""
    watch.settle()
    for _ in range(keys):
        watch.page.keyboard.press("Tab")
        if control.evaluate("(control) => control === document.activeElement"):
            return watch.page.keyboard.press("Enter")
    raise AssertionError(f"{control} is not reached by Tab")


def test_a_long_read_is_stopped_and_leaves_nothing(empty_home: Any, watched: Watch, tmp_path: Path) -> None:
    source = tmp_path / "long.csv"
    head = "order_id,line_no,ordered_at,product_id,quantity,unit_price,currency\n"
    rows = (f"o{n},1,2026-01-{n % 28 + 1:02}T10:00:00Z,P{n % 90},1,{n % 50}.50,NOK\n" for n in range(400_000))
    source.write_text(head + "".join(rows))
    page = watched().open(f"{empty_home.url}/data", "Drop the shop's files here")
    page.locator("input[type=file]").first.set_input_files(str(source))
    page.get_by_role("progressbar").first.wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("You stopped reading it").wait_for()
    home = workspace.open_home(empty_home.home)
    assert workspace.batches(home, WHO) == []
    assert workspace.check(home, WHO, clean=False)["leftovers"] == []


def test_three_clicks_from_a_point_to_the_row(shop: Any, watched: Watch) -> None:
    watch = watched(viewport={"width": 1280, "height": 1400})
    page = watch.open(f"{shop.url}/kpi?id=sales&grain=month&span=12m", "Where the numbers come from")
    chart = page.get_by_test_id("stVegaLiteChart").last
    chart.locator("canvas, svg").first.wait_for()
    chart.scroll_into_view_if_needed()
    box = at_rest(chart)
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.75)
    page.wait_for_url(re.compile(r"rows=\d{4}-\d\d-01\.\."))
    page.get_by_text("Pick a record").wait_for()
    watch.settle()
    # The keyboard's way: the box beside the table. The page scrolls first: that closes a list.
    box_of_rows = page.get_by_role("combobox", name="Show the row of the file")
    box_of_rows.scroll_into_view_if_needed()
    at_rest(box_of_rows)
    box_of_rows.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("Open batch #2 at this row").click()
    page.wait_for_url(re.compile(r"batch=2.*row=\d+"))
    page.get_by_test_id("stMain").get_by_text(re.compile(r"Row [\d,]+ of order_lines")).first.wait_for()


def at_rest(part: Locator) -> dict[str, float]:
    """Where a part of the page is, once it neither moves nor grows."""
    before, since = None, time.monotonic()
    while time.monotonic() - since < 0.3:
        box = part.bounding_box()
        if box is None or box != before:
            before, since = box, time.monotonic()
        part.page.wait_for_timeout(40)
    assert before is not None
    return dict(before)


STOCK = "商品コード,商品名,在庫数,単価,備考\n001,茶碗,12,500,-\n002,皿,7,300,-\n"


def test_an_unknown_list_is_mapped_by_keyboard(empty_home: Any, watched: Watch, tmp_path: Path) -> None:
    source = tmp_path / "在庫_20260331.csv"
    source.write_text(STOCK)
    watch = watched()
    page = watch.open(f"{empty_home.url}/data", "Drop the shop's files here")
    page.locator("input[type=file]").first.set_input_files(str(source))
    led_to(page, f"{source.name}: Files of this kind are new here.")
    expect(page.get_by_role("combobox", name="商品コード")).to_have_count(1)  # a list is named by its column
    press(watch, page.get_by_role("button", name="31 Mar 2026 · as its name says"), keys=24)
    led_to(page, "It can be read so.")
    press(watch, page.get_by_label("Remember this as"), keys=16)
    page.keyboard.type("在庫")
    press(watch, page.get_by_role("button", name="Read it so"))
    led_to(page, f"{source.name}: 2 rows")
    press(watch, page.get_by_role("button", name="Load this file"))
    led_to(page, f"Loaded: {source.name}, 2 rows.")
    home = workspace.open_home(empty_home.home)
    assert workspace.kpi_values(home, WHO, "inventory_units").total["value"] == 19
    assert [one.name for one in workspace.saved_mappings(home, WHO)] == ["在庫"]
