"""Goals: say one in a sentence, see every target and how it stands."""

from __future__ import annotations

from kpi_tree.ui import allocatepage, cache, goals, logbook, planbar
from kpi_tree.ui.failures import refusals
from kpi_tree.ui.goalbox import show_box
from kpi_tree.ui.session import current
from kpi_tree.ui.text import t

session = current()
plan = cache.plan(session)
planbar.title(session, plan, t("Goals"))
show_box(session)
if plan is not None:
    view = allocatepage.pick_view()
    with refusals():
        if view == "down":
            allocatepage.show(session, plan)
        else:
            goals.show(session, plan, cache.tree(session.bare))
    logbook.show(session)
