"""Plans and the lens over a tree, as people open them: by address, by click, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from kpi_tree import workspace
from kpi_tree.workspace import Asker

OWNER = Asker("test", "owner")
Watch = Callable[..., Any]


def deck(page: Page) -> dict[str, dict[str, str]]:
    """Every card drawn: its name, and what stands beside its value."""
    found: dict[str, dict[str, str]] = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll('*')].filter((one) => one.shadowRoot);
          const cards = all.flatMap((one) => [...one.shadowRoot.querySelectorAll('.card')]);
          return Object.fromEntries(cards.map((card) => [card.dataset.id, {text: card.innerText}]));
        }"""
    )
    return found


def test_filter_period_and_comparison_come_with_the_address(shop: Any, watched: Watch) -> None:
    watch = watched()
    page = watch.open(f"{shop.url}/tree?where=country:NO&period=month&compare=last_year", "Filter (1)")
    expect(page.get_by_role("button", name="Country: NO")).to_be_visible()
    page.wait_for_function(
        """() => [...document.querySelectorAll('*')].some((one) => one.shadowRoot &&
             [...one.shadowRoot.querySelectorAll('.card')].some((card) => /was /.test(card.innerText)))"""
    )
    assert "was " in deck(page)["sales"]["text"]
    page.get_by_role("button", name="Country: NO").click()
    expect(page.get_by_role("button", name="Filter", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("^(?!.*where=).*compare=last_year"))
    assert not watch.complaints


def test_a_plan_of_one_state_has_nothing_to_compare(bare_home: Any, watched: Watch) -> None:
    plan = workspace.new_plan(workspace.open_home(bare_home.home), OWNER, template="increase_sales")
    watch = watched()
    page = watch.open(f"{bare_home.url}/tree?plan={plan.id}&as=history&from=1&to=1", "change so far")
    expect(page.get_by_text("There is one state so far")).to_be_visible()
    assert not watch.complaints


def test_a_plan_is_made_left_deleted_and_brought_back(empty_home: Any, watched: Watch) -> None:
    watch = watched()
    page = watch.open(f"{empty_home.url}/tree", "There is no plan yet")
    page.get_by_label("What is the plan to reach?").fill("Happier customers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Happier customers").first).to_be_visible(timeout=60_000)
    expect(page).to_have_url(re.compile("plan=happier_customers"))
    watch.settle()
    page.get_by_role("button", name="Plans").click()
    page.get_by_role("dialog").get_by_role("button", name="Duplicate").click()
    expect(page.get_by_role("heading", name="Copy of Happier customers")).to_be_visible()
    watch.settle()
    page.get_by_role("button", name="Plans").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").last.click()
    expect(page.get_by_text("is deleted.")).to_be_visible()
    watch.settle()
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_role("heading", name="Copy of Happier customers")).to_be_visible()
    page.goto(f"{empty_home.url}/goals?plan=happier_customers")
    expect(page.get_by_role("heading", name="Goals")).to_be_visible()
    expect(page.get_by_role("combobox", name="Plan")).to_be_visible()
    page.goto(f"{empty_home.url}/tree?plan=nowhere")
    expect(page.get_by_text("There is no plan nowhere here.")).to_be_visible()
    assert not watch.complaints


def test_on_a_phone_the_lens_is_two_rows_and_no_word_is_cut(shop: Any, watched: Watch) -> None:
    watch = watched(viewport={"width": 390, "height": 844})
    page = watch.page
    page.goto(f"{shop.url}/tree?lang=nb&where=country:NO")
    page.wait_for_function(
        "() => document.querySelector('.st-key-lens')?.getBoundingClientRect().height > 30"
    )
    page.wait_for_function(
        "() => document.querySelector('.st-key-lens').getBoundingClientRect().height < 100"
    )
    cut = page.evaluate(
        "() => [...document.querySelectorAll('.st-key-lens [role=combobox]')]"
        ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent || one.value)"
    )
    assert cut == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
