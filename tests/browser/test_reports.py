"""The reports in a real browser: found, opened, and restored by its link."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Watch = Callable[..., Any]


def test_a_report_is_opened_and_its_link_restores_it(shop: Any, watched: Watch) -> None:
    page = watched().open(f"{shop.url}/reports", "From visit to order")
    page.get_by_role("link", name="From visit to order", exact=True).click()
    page.wait_for_url(re.compile("id=purchase_funnel"))
    page.get_by_role("button", name="Excel", exact=True).wait_for()
    again = watched().open(f"{shop.url}/reports?id=orders_over_time&compare=previous&grain=week", "By period")
    again.get_by_role("button", name="HTML", exact=True).wait_for()
    assert "compare=previous" in again.url
