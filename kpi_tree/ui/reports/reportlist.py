"""The list of reports: find one by a word, a category, or among one's favourites."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.reports import Report
from kpi_tree.ui.kpis.kpilist import categories
from kpi_tree.ui.shell import address, parts, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import nt, pt, said, say, t

FIRST = 40
"""Reports shown before a reader asks for more."""


def favourites() -> list[str]:
    """The reports marked by this reader; they follow in the address."""
    return [name for name in address.kept("fav").split(",") if name]


def star(report: Report) -> None:
    """The button that marks a report, or takes the mark away."""
    kept = favourites()
    marked = report.id in kept

    def change() -> None:
        address.keep("fav", ",".join([n for n in kept if n != report.id] if marked else [*kept, report.id]))

    label = t("Remove from favourites") if marked else t("Add to favourites")
    icon = ":material/star:" if marked else ":material/star_outline:"
    st.button(label, icon=icon, key="star", on_click=change, type="tertiary")


def show(session: Session) -> None:
    """Search, category, favourites, then the reports."""
    st.title(t("Reports"))
    words = categories()
    st.session_state["report_search"] = st.query_params.get("q", "")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        asked = st.text_input(
            t("Find a report"),
            key="report_search",
            placeholder=t("A word of its name or question, in any language"),
            icon=":material/search:",
            on_change=lambda: address.put("q", st.session_state["report_search"]),
        )
        places.link("reports", t("Explore any KPI"), icon="travel_explore", view="explore")
    options = ["all", "favourites", *words]
    names = {"all": pt("filter", "All"), "favourites": t("Favourites"), **words}
    picked = address.pick(t("Category"), "category", options, "all", lambda name: names[name])
    category = picked if picked in words else None
    found = workspace.reports(session.home, session.who, search=asked or "", category=category)
    marked = favourites()
    if picked == "favourites":
        found = [report for report in found if report.id in marked]
    st.caption(nt("{n} report", "{n} reports", len(found)))
    if not found:
        title = t("No favourites yet") if picked == "favourites" else t("No report has all these words")
        parts.empty(title, t("Try a shorter word, or another category."), "table_chart")
    every = st.query_params.get("more") == "1"
    # Favourites go along with a link, so that it can be kept as a bookmark.
    along = {"fav": ",".join(marked)} if marked else {}
    for report in found if every else found[:FIRST]:
        with st.container(gap=None):
            icon = "star" if report.id in marked else None
            places.link("reports", f"**{say(report.title)}**", icon=icon, id=report.id, **along)
            st.caption(say(report.question))
    if len(found) > FIRST and not every:
        st.button(t("Show all"), on_click=lambda: address.put("more", "1"), icon=":material/expand_more:")


def title_of(report: Report) -> str:
    """A report's title as text."""
    return said(report.title)
