"""Reports: the list, one of them (``?id=``), or any KPI by anything (``?view=explore``)."""

from __future__ import annotations

import streamlit as st

from kpi_tree import reports
from kpi_tree.errors import NotFound
from kpi_tree.ui.reports import reportlist, reportpage
from kpi_tree.ui.shell import address, failures
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import current

session = current()
address.follow("id", "view")
asked = st.query_params.get("id", "")

with refusals():
    if st.query_params.get("view") == "explore":
        reportpage.explore(session)
    elif not asked:
        reportlist.show(session)
    else:
        try:
            found = reports.find(asked)
        except NotFound as error:
            failures.show(error)
            reportlist.show(session)
        else:
            reportpage.show(session, found)
