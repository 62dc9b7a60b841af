"""The whole app in a real browser: what a person comes to do, by mouse and by keyboard."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from kpi_tree import workspace
from kpi_tree.periods import parse_period
from kpi_tree.plan.model import Edge, Node, Plan, Target
from kpi_tree.store import plans

Watch = Callable[..., Any]

ROOT = Path(__file__).resolve().parent.parent.parent
ORDERS = ROOT / "data" / "sample" / "shopify_orders_export.csv"
HOSTILE = (
    "<b>Bold</b> *name* <img src=x onerror=alert(1)> <script>alert(2)</script> [a](javascript:alert(3)) $x$"
)


def test_a_deep_link_opened_first_on_a_fresh_server_gets_the_whole_frame(shop: Any, watched: Watch) -> None:
    page = watched().open(f"{shop.url}/kpi?id=sales", "Where the numbers come from")
    expect(page.get_by_role("link", name="Overview").first).to_be_visible()
    expect(page.get_by_role("link", name="Data").first).to_be_visible()
    page.locator("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas").first.wait_for()
    expect(page).to_have_title(re.compile("KPIs · KPI Tree"))


def test_the_page_forbids_scripts_that_are_not_ours(shop: Any) -> None:
    with urllib.request.urlopen(f"{shop.url}/tree") as answer:
        policy = answer.headers["content-security-policy"]
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "object-src 'none'" in policy


def test_the_overview_has_number_verdict_reason_and_chart(shop: Any, watched: Watch) -> None:
    page = watched().open(shop.url, "Needs attention")
    assert page.locator(".kt-headline").inner_text().strip()
    assert (
        page.locator("[data-testid=stMarkdownBadge], [data-testid=stBadge]").count() >= 1
        or page.get_by_text(re.compile("On track|At risk|Off track|Ahead|Too early")).count()
    )
    page.locator("[data-testid=stVegaLiteChart]").first.wait_for()
    page.wait_for_function(
        "[...document.fonts].some(f => f.status === 'loaded' && f.family.includes('Inter'))"
    )


def test_a_goal_in_a_sentence_becomes_a_target_with_its_chart(shop: Any, watched: Watch) -> None:
    watch = watched()
    page = watch.open(f"{shop.url}/goals", "What do you want to reach?")
    page.get_by_label("What do you want to reach?").fill("Increase sales 10% next quarter")
    page.keyboard.press("Enter")
    page.get_by_text("This is how I read it").wait_for()
    watch.settle()
    page.get_by_role("button", name="Set this target").click()
    page.wait_for_url(re.compile(r"/kpi\?.*target="))
    watch.settle()
    page.get_by_text(re.compile("has not begun|Too early|begins")).first.wait_for()
    page.locator("[data-testid=stVegaLiteChart]").first.wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Redo").wait_for()


def test_a_file_goes_from_upload_to_receipt_to_a_changed_kpi(empty_home: Any, watched: Watch) -> None:
    watch = watched()
    page = watch.open(f"{empty_home.url}/data", "Drop the shop's files here")
    page.locator("input[type=file]").set_input_files(str(ORDERS))
    page.get_by_role("button", name="Load this file").click()
    page.get_by_text("Loaded", exact=False).first.wait_for()
    watch.settle()
    page.get_by_role("link", name="See sales").click()
    page.get_by_text("Where the numbers come from").wait_for()
    page.locator("[data-testid=stVegaLiteChart]").first.wait_for()
    before = sales(empty_home.home)
    assert before is not None
    assert before > 0
    page.get_by_role("link", name="Data").first.click()
    page.get_by_role("button", name="Withdraw").wait_for()
    watch.settle()
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw #1").click()
    page.get_by_text("Withdrawn").first.wait_for()
    watch.settle()
    assert sales(empty_home.home) in (None, 0)
    page.get_by_role("button", name="Bring back").click()
    page.get_by_role("button", name="Bring #1 back").click()
    page.get_by_role("button", name="Withdraw").wait_for()
    watch.settle()
    assert sales(empty_home.home) == before


def sales(home: Path) -> float | None:
    opened = workspace.open_home(home)
    return workspace.kpi_values(opened, workspace.Asker("test", "viewer"), "sales").total["value"]


@pytest.fixture
def hostile_home(bare_home: Any) -> Any:
    """A plan whose names are markup, and its server."""
    names = [
        Node("sales", "kgi", HOSTILE, kpi="sales", owner=HOSTILE),
        Node("orders", "kpi", HOSTILE, kpi="orders"),
    ]
    opened = workspace.open_home(bare_home.home)
    plan = Plan(
        f"shop{len(workspace.plans(opened, workspace.Asker('test', 'viewer')))}",
        HOSTILE,
        nodes={node.id: node for node in names},
        links={("sales", "orders"): Edge("sales", "orders")},
        targets={"t": Target("t", "sales", parse_period("2026-Q1"), 10.0, baseline=5.0, sentence=HOSTILE)},
    )
    plans.create(opened, plan, who=HOSTILE, now=datetime(2026, 1, 5, tzinfo=UTC))
    return bare_home, plan.id


def test_names_that_are_markup_show_as_text_everywhere(hostile_home: Any, watched: Watch) -> None:
    server, plan = hostile_home
    watch = watched()
    for path in ("/?", "/tree?", "/tree?as=table&", "/goals?", "/kpi?", "/kpi?id=sales&", "/settings?"):
        page = watch.open(f"{server.url}{path}plan={plan}", re.compile("Bold|Settings|Tree"))
        made = page.locator("[data-testid=stMain] :is(img[src=x], b:text-is('Bold'))")
        assert made.count() == 0, path
        assert page.locator("[data-testid=stException]").count() == 0
    assert (
        HOSTILE in page.locator("input").nth(0).input_value() or page.get_by_label("Name of the plan").count()
    )


def test_another_browser_sees_an_edit_within_two_seconds(hostile_home: Any, watched: Watch) -> None:
    server, plan = hostile_home
    page = watched().open(f"{server.url}/kpi?show=tree&plan={plan}", "On the tree")
    opened = workspace.open_home(server.home)
    who = workspace.Asker("other", "editor")
    edit = {"op": "set_field", "node": "orders", "field": "name", "after": "Renamed by someone else"}
    workspace.edit_plan(opened, who, plan, [edit], base_revision=1)
    # It is there after two seconds; a machine that is busy with other tests may take longer.
    page.get_by_text("Renamed by someone else").wait_for()


def test_the_language_switch_is_kept_in_the_address(shop: Any, watched: Watch) -> None:
    page = watched(locale="nb-NO").page
    page.goto(f"{shop.url}/settings?lang=ja")
    expect(page.locator("html")).to_have_attribute("lang", "ja", timeout=60_000)
    page.locator("[data-testid=stSidebarNav] a").first.click()
    page.wait_for_url(re.compile("lang=ja"))


@pytest.mark.parametrize("path", ["/", "/data", "/kpi?id=sales"])
def test_nothing_is_wider_than_a_phone(shop: Any, watched: Watch, path: str) -> None:
    page = watched(viewport={"width": 390, "height": 844}).open(
        f"{shop.url}{path}", re.compile("Freshness|Data|Sales")
    )
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= 390
