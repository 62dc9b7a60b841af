"""What a definition would give: what is wrong with it, its chart, its first rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.issues import Issue
from kpi_tree.ui.pieces import spans
from kpi_tree.ui.shell import address, cache
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, nt, number, plain, say, t
from kpi_tree.ui.shell.words import dimension_value, grain_words, span_words
from kpi_tree.workspace import Trial

GRAINS = ("day", "week", "month")
ROWS = 8
ICONS = {"error": "block", "warning": "warning", "info": "info"}


def tried(session: Session, text: str, grain: str, by: str) -> Trial | None:
    """The first definition of a text over the records there are; None where it is refused, which is shown."""
    try:
        found: Trial = cache.kept(
            session, "trial", workspace.own_revision(session.home), text, grain, by,
            make=lambda: workspace.try_kpi(
                session.home, session.who, text, grain=grain, by=(by,) if by else ()
            ),
        )  # fmt: skip
    except KpiTreeError as error:
        show_refusal(error)
        return None
    return found


def controls(dims: Sequence[str]) -> tuple[str, str]:
    """Step and breakdown of the preview."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        grain = address.pick(t("Step"), "grain", GRAINS, "week", grain_words)
        by = st.selectbox(
            t("Break down by"), ["", *dims], format_func=lambda one: dimension_value(one) or t("Nothing"),
            key="define_by", width=200,
        ) if dims else ""  # fmt: skip
    return grain, str(by or "")


def issues(found: Sequence[Issue], below: Mapping[str, Any]) -> None:
    """Each fault under its field where that is on the screen, else here."""
    rest: list[Issue] = []
    for issue in found:
        field = issue.place.partition(".")[2]
        place = below.get(field) or below.get(field.partition(".")[0])
        if place is not None and issue.level == "error":
            place.markdown(f":red[:material/error:] :small[{_words(issue)}]")
        else:
            rest.append(issue)
    for issue in rest:
        where = f":small[{plain(issue.place)}] " if issue.place else ""
        st.markdown(f":material/{ICONS[issue.level]}: {where}{_words(issue)}")


def _words(issue: Issue) -> str:
    return f"{say(issue.message)} {say(issue.remedy)}".strip()


def show(session: Session, found: Trial, text: str, name: str) -> None:
    """Chart, total and rows."""
    if found.refusal is not None:
        st.warning(say(found.refusal), icon=":material/block:")
    series = found.series
    if series is None or found.kpi is None:
        return
    if not series.frame["value"].notna().any():
        st.info(t("It can be computed, but no record gives it a value yet."), icon=":material/query_stats:")
    else:
        spans.history(session, series, name, ("trial", text), rollup=found.kpi.rollup)
        total = number(series.total.get("value"), series.unit, series.currency)
        st.caption(t("Whole span: {value}", value=plain(total)))
    _rows(series)
    if series.data_from and series.data_through:
        st.caption(
            t(
                "Data from {first} to {last}.",
                first=plain(day(series.data_from)),
                last=plain(day(series.data_through)),
            )
        )
    for note in series.notes:
        st.caption(f":material/info: {say(note)}")


def _rows(series: Any) -> None:
    frame = series.frame.tail(ROWS).iloc[::-1]
    shown = pd.DataFrame({t("Period"): [span_words(series.period(when)) for when in frame["period"]]})
    for dim in series.by:
        shown[dimension_value(dim)] = [str(one) for one in frame[dim]]
    shown[t("Value")] = [number(one, series.unit, series.currency) for one in frame["value"]]
    if frame["denominator"].notna().any():
        shown[t("Numerator")] = [number(one) for one in frame["numerator"]]
        shown[t("Denominator")] = [number(one) for one in frame["denominator"]]
    shown[t("Records")] = [number(one, "count") for one in frame["records"]]
    right = {n: st.column_config.TextColumn(alignment="right") for n in shown.columns[1 + len(series.by) :]}
    st.dataframe(shown, hide_index=True, column_config=right)


def faults(found: Sequence[Issue]) -> str:
    """How many faults, in words; empty for none."""
    count = sum(issue.level == "error" for issue in found)
    return nt("{n} fault", "{n} faults", count) if count else ""


__all__ = ["controls", "current_language", "faults", "issues", "show", "tried"]
