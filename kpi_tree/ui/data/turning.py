"""Withdraw a batch, or bring it back: what that does to the figures is told before it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.periods import Grain, label, period_of
from kpi_tree.ui.data import datanews, receipts
from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, nt, number, plain, say, t
from kpi_tree.workspace import BatchView, Turning, ValueChange
from kpi_tree.workspace.base.homes import calendar_of
from kpi_tree.workspace.base.own import catalogue_of

Act = Callable[[Session, str, BatchView], None]
MOST_VALUES = 500
"""Values of KPIs in the table; of more the first are shown, and it is said that there are more."""


def button(session: Session, batch: BatchView, act: Act) -> None:
    """The button, and what opens under it.

    Args:
        act: does it: gets the session, the name of the verb and the batch.
    """
    words, icon = (t("Withdraw"), "undo") if batch.active else (t("Bring back"), "redo")
    key = f"ask_{batch.batch}_{batch.status}"  # withdrawn, it opens closed again
    with st.popover(
        words, icon=f":material/{icon}:", type="tertiary", key=key, on_change="rerun", width="content"
    ) as asked:
        if asked.open:
            with st.container(key=f"asked_{batch.batch}"):
                _asked(session, batch, act)
    datanews.of_asking(batch, asked.open)


def _asked(session: Session, batch: BatchView, act: Act) -> None:
    """What opens under the button: the question, what it does, and the button that does it."""
    st.markdown(f"**{plain(datanews.asking_words(batch))}**")
    if batch.active:
        st.caption(t("Its records and their corrections count no more. It can be brought back."))
    else:
        st.caption(t("Its records count again, with the corrections that went with it."))
    can = True
    with refusals(), st.spinner(t("Working out what the KPIs become")):
        can = _told(session, batch)
    verb = "withdraw" if batch.active else "restore_batch"
    done = t("Withdraw #{n}", n=batch.number) if batch.active else t("Bring #{n} back", n=batch.number)
    st.button(
        done, key=f"{verb}_{batch.batch}", type="primary", disabled=not can,
        on_click=act, args=(session, verb, batch),
    )  # fmt: skip


def _told(session: Session, batch: BatchView) -> bool:
    """What it does; whether it can be done at all."""
    found: Turning = cache.kept(
        session, "turning", batch.batch,
        make=lambda: workspace.turning_effects(session.home, session.who, batch.batch),
    )  # fmt: skip
    if found.twin is not None:
        st.markdown(f":material/info: {t('The same content was loaded again as #{n}.', n=found.twin)}")
        receipts.link(found.twin, t("Withdraw that batch first: #{n}", n=found.twin))
        return False
    if found.untold is not None:
        st.caption(f":material/info: {say(found.untold)}")
    receipts.effects_table(session, found.effects, t("What the KPIs become, over the days of the file"))
    _values(session, found)
    if not (found.effects or found.values or found.untold):
        st.caption(t("No KPI changes over the days of the file."))
    return True


def _values(session: Session, found: Turning) -> None:
    """Values of KPIs that go or come, each with what counts beside it."""
    if not found.values:
        return
    st.caption(" · ".join(_counted(found.values)))
    known, calendar = catalogue_of(session.home), calendar_of(session.settings)

    def line(one: ValueChange) -> dict[str, Any]:
        kpi = known.get(one.kpi)
        span = label(period_of(one.start, Grain(one.grain), calendar), current_language())
        unit = kpi.unit if kpi is not None else None
        return {
            t("KPI"): kpi.text("name", current_language()) if kpi is not None else one.kpi,
            t("Period"): ", ".join([span, *(value for _, value in one.dimensions)]),
            t("Now"): number(one.before, unit),
            t("After"): number(one.after, unit),
        }

    rows = [line(one) for one in found.values[:MOST_VALUES]]
    receipts.before_and_after(pd.DataFrame(rows))
    if (more := len(found.values) - MOST_VALUES) > 0:
        st.caption(nt("and {n} more", "and {n} more", more))
    if found.uncounted:
        names = ", ".join(known[name].text("name", current_language()) for name in found.uncounted)
        st.caption(
            t("{names} is worked out from its records; these values do not count.", names=plain(names))
        )


def _counted(values: Sequence[ValueChange]) -> list[str]:
    """How many values go, come, and give way to another."""
    go = sum(one.after is None for one in values)
    come = sum(one.before is None for one in values)
    other = len(values) - go - come
    said = [nt("{n} value goes", "{n} values go", go)] if go else []
    said += [nt("{n} value comes", "{n} values come", come)] if come else []
    said += [nt("{n} gives way to another file's", "{n} give way to another file's", other)] if other else []
    return said
