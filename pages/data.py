"""Data: bring a file in, see what it would do, load it, and take it back if it was wrong."""

from __future__ import annotations

import streamlit as st

from kpi_tree.ui import batchlist, inbox
from kpi_tree.ui.failures import refusals
from kpi_tree.ui.session import current
from kpi_tree.ui.text import t

session = current()
st.title(t("Data"))
inbox.upload(session)
inbox.receipts(session)
with refusals():
    batchlist.show(session)
