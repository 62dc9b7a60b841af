"""Actions: what is done to move the KPIs, by whom and when, what it is worth, and what it did."""

from __future__ import annotations

from kpi_tree.ui.actions import actionpage
from kpi_tree.ui.pieces import planbar
from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import current
from kpi_tree.ui.shell.text import t

session = current()
plan = cache.plan(session)
planbar.title(session, plan, t("Actions"))
with refusals():
    actionpage.show(session, plan)
