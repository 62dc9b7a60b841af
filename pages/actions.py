"""Actions: what is done to move the KPIs, by whom and when, what it is worth, and what it did."""

from __future__ import annotations

from kpi_tree.ui import actionpage, cache, planbar
from kpi_tree.ui.failures import refusals
from kpi_tree.ui.session import current
from kpi_tree.ui.text import t

session = current()
plan = cache.plan(session)
planbar.title(session, plan, t("Actions"))
with refusals():
    actionpage.show(session, plan)
