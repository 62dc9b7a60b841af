"""Which methods a forecast was chosen among, and how far each was off when it was tried."""

from __future__ import annotations

import streamlit as st

from kpi_tree.analysis.methods import NAMES
from kpi_tree.ui.shell.text import nt, percent, said, t
from kpi_tree.workspace import NodeView


def show(view: NodeView) -> None:
    """The methods tried on earlier days, the one taken first; nothing where none could be tried."""
    seen = view.outlook
    if seen is None or seen.backtest is None:
        return
    trial = seen.backtest
    with st.popover(t("How it was forecast"), type="tertiary", key="tried"):
        st.caption(
            nt(
                "Each method was run from {n} earlier day and held against what came.",
                "Each method was run from {n} earlier days and held against what came.",
                trial.origins,
            )
        )
        st.table(
            [
                {
                    t("Method"): said(NAMES[one.method]),
                    t("Off by"): percent(one.off, 1) if one.off is not None else "–",
                    t("Error beside repeating last week"): percent(one.mase),
                    t("Intervals that held"): percent(one.coverage),
                }
                for one in trial.tried
            ]
        )
        st.caption(t("The first one was taken: it erred least, or none was clearly better."))
