"""Settings: the shop's time, money and language, and the state of its home."""

from __future__ import annotations

import streamlit as st

from kpi_tree.ui.data import shopform
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import current
from kpi_tree.ui.shell.text import t

session = current()
st.title(t("Settings"))
with refusals():
    shopform.show(session)
with refusals():
    shopform.home_state(session)
