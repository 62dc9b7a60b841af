"""One KPI (``/kpi?id=sales``), or the list of all (``/kpi``)."""

from __future__ import annotations

import streamlit as st

from kpi_tree.ui.causes import scenario, why
from kpi_tree.ui.kpis import definepage, kpilist, kpipage
from kpi_tree.ui.pieces import behind, branch, lensbar, remarks
from kpi_tree.ui.shell import address, places
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import current
from kpi_tree.ui.shell.text import plain, t

session = current()
address.follow("id", "first", "define", "copy")
if definepage.asked():
    definepage.show(session)
    st.stop()
asked = st.query_params.get("id", "")
if asked or kpilist.is_of_tree():
    lensbar.show(session)

if not asked:
    kpilist.show(session)
    st.stop()

found = kpipage.subject(session, asked)
if found is None:
    st.title(t("No such KPI"))
    st.caption(t("There is no KPI or indicator named {name}.", name=plain(asked[:80])))
    places.link("kpi", t("All KPIs"), icon="arrow_back")
    st.stop()

kpipage.heading(found)
if not behind.first():
    kpipage.verdict(session, found)
if found.view is not None and not behind.first():
    branch.show(session, found.view)
    why.show(session, found.view, found.kpi)
    scenario.show(session, found.view)
if found.kpi is not None:
    with refusals():
        kpipage.history(session, found)
if behind.first():
    kpipage.verdict(session, found)
if found.view is not None and not behind.first():
    remarks.section(session, found.view.id, found.view.unit, action=found.view.kind == "action")
kpipage.definition(found)
if found.kpi is not None:
    definepage.link(found.kpi)
