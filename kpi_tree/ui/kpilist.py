"""The list of all KPIs: find one by a word, see where it stands, open it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import streamlit as st

from kpi_tree import workspace
from kpi_tree.catalogue import CATEGORIES, Kpi
from kpi_tree.ui import cache, parts, places
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import current_language, nt, plain, t
from kpi_tree.workspace import NodeView


def show(session: Session) -> None:
    """Search box, the plan's indicators with their verdicts, then the catalogue by category."""
    st.title(t("KPIs"))
    asked = st.text_input(
        t("Find a KPI"),
        key="kpi_search",
        placeholder=t("A word of its name or definition"),
        icon=":material/search:",
        label_visibility="collapsed",
    )
    every = list(workspace.kpis(session.home, session.who))
    found = matching(every, asked or "", current_language())
    if asked:
        st.caption(nt("{n} KPI found", "{n} KPIs found", len(found)))
        _rows(found)
        if not found:
            st.caption(t("Try a shorter word, or a word of its definition."))
        return
    _in_plan(session)
    st.subheader(t("All KPIs"))
    for category, words in categories().items():
        members = [kpi for kpi in found if kpi.category == category]
        if members:
            with st.expander(f"{plain(words)} · {len(members)}", expanded=len(found) <= 20):
                _rows(members)


def _in_plan(session: Session) -> None:
    if not session.plan:
        return
    views = [view for view in cache.tree(session) if view.kind != "action"]
    st.subheader(t("In your plan"))
    with st.container(border=True, gap=None):
        for view in views:
            _view_row(view)


def _view_row(view: NodeView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        places.link("kpi", plain(view.name), id=view.id)
        parts.badge(view.status, help=view.reason)
        st.space("stretch")
        st.markdown(plain(parts.actual_and_target(view)))


def _rows(kpis: Iterable[Kpi]) -> None:
    lang = current_language()
    for kpi in kpis:
        with st.container(gap=None):
            places.link("kpi", f"**{plain(kpi.text('name', lang))}**", id=kpi.id)
            st.caption(plain(kpi.text("definition", lang)))


def matching(kpis: Sequence[Kpi], asked: str, lang: str) -> list[Kpi]:
    """The KPIs that hold every word asked in any language, those with it in their name first."""
    words = folded(asked).split()

    def place(kpi: Kpi) -> int | None:
        name = folded(f"{kpi.id} {kpi.text('name', lang)} {' '.join(kpi.name.values())}")
        whole = f"{name} {folded(' '.join(kpi.definition.values()))}"
        if not all(word in whole for word in words):
            return None
        return 0 if all(word in name for word in words) else 1

    placed = [(where, kpi) for kpi in kpis if (where := place(kpi)) is not None]
    return [kpi for _, kpi in sorted(placed, key=lambda pair: pair[0])]


def folded(text: str) -> str:
    """Letters without case and width, for finding.

    >>> folded("ＳＡＬＥＳ")
    'sales'
    """
    return unicodedata.normalize("NFKC", text).casefold()


def categories() -> dict[str, str]:
    """Category → its words, in the order of the catalogue."""
    words = {
        "sales": t("Sales"),
        "marketing": t("Marketing"),
        "service": t("Customer service"),
        "production": t("Production"),
        "projects": t("Projects"),
        "customers": t("Customers"),
    }
    return {name: words.get(name, name) for name in CATEGORIES}
