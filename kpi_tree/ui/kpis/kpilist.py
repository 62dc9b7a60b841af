"""The list of all KPIs: find one, see whether our data answer it, put it on the tree."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

import streamlit as st

from kpi_tree import workspace
from kpi_tree.catalogue import CATEGORIES, OWN, Kpi
from kpi_tree.plan.model import Plan
from kpi_tree.plan.placing import standing_for
from kpi_tree.ui.pieces import lacking, placing
from kpi_tree.ui.shell import address, cache, parts, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, nt, plain, pt, t
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.intake.ready import Ready

STATES = ("all", "tree", "answered", "lacking")
PAGE = 24
"""KPIs shown before more are asked for: each line is several elements, and every run sends them all."""


def show(session: Session) -> None:
    """Search, filters, the plan's indicators with their verdicts, then the catalogue."""
    st.title(t("KPIs"))
    places.link("kpi", t("Define a KPI"), icon="add", define="new")
    st.session_state["kpi_search"] = st.query_params.get("q", "")
    asked = st.text_input(
        t("Find a KPI"),
        key="kpi_search",
        on_change=lambda: address.put("q", st.session_state["kpi_search"].strip()),
        placeholder=t("A word of its name or definition"),
        icon=":material/search:",
        label_visibility="collapsed",
    )
    every = list(workspace.kpis(session.home, session.who))
    words = {"": pt("filter", "All"), **categories(every)}
    category = address.pick(t("Category"), "category", list(words), "", lambda name: words[name])
    state = address.pick(t("Show"), "show", STATES, "all", _state_words)
    ready = _readiness(session) if state in ("answered", "lacking") else {}
    plan = cache.plan(session)
    found = [
        kpi
        for kpi in matching(every, asked or "", current_language())
        if category in ("", kpi.category) and _is(kpi, state, plan, ready)
    ]
    if state == "tree" and not asked and not category:
        _in_plan(session)
        return
    if state == "lacking" and all(each.answers for each in ready.values()):
        parts.empty(t("Nothing is missing"), t("Our data answer every KPI."), "task_alt")
        return
    if state == "answered" and not any(each.answers for each in ready.values()):
        parts.empty(
            t("Our data answer none yet"), t("Load one of these, and its KPIs stand here."), "inventory_2"
        )
        lacking.most_wanted(ready)
        return
    if state == "lacking":
        lacking.most_wanted(ready)
    _listed(session, found, plan, ready)


def is_of_tree() -> bool:
    """Whether the list shows the plan's indicators, which filter, period and comparison apply to."""
    return address.choice("show", STATES, "all") == "tree"


def _state_words(state: str) -> str:
    return {
        "all": t("All KPIs"),
        "tree": t("On the tree"),
        "answered": t("Our data answer it"),
        "lacking": t("Data are missing"),
    }[state]


def _readiness(session: Session) -> Mapping[str, Ready]:
    with st.spinner(t("Looking at what the data can answer")):
        found: Mapping[str, Ready] = cache.kept(
            session, "ready", make=lambda: workspace.readiness(session.home, session.who)
        )
    return found


def _is(kpi: Kpi, state: str, plan: Plan | None, ready: Mapping[str, Ready]) -> bool:
    if state == "tree":
        return plan is not None and standing_for(plan, kpi.id) is not None
    return state == "all" or ready[kpi.id].answers == (state == "answered")


def _in_plan(session: Session) -> None:
    views = [view for view in cache.tree(session) if view.kind != "action"] if session.plan_id else []
    if not views:
        parts.empty(t("There is no tree yet"), t("Start one from a goal or a template."), "account_tree")
        places.link("goals", t("Set a goal"), icon="flag")
        return
    with st.container(border=True, gap=None):
        for view in views:
            _view_row(view)


def _view_row(view: NodeView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        places.link("kpi", plain(view.name), id=view.id)
        parts.badge(view.status, help=view.reason)
        st.space("stretch")
        st.markdown(plain(parts.actual_and_target(view)))


def _listed(session: Session, found: Sequence[Kpi], plan: Plan | None, ready: Mapping[str, Ready]) -> None:
    st.caption(nt("{n} KPI", "{n} KPIs", len(found)))
    if not found:
        parts.empty(
            t("No KPI has all these words") if st.session_state.get("kpi_search") else t("No KPI here"),
            t("Try a shorter word, a word of its definition, or fewer filters."),
            "search_off",
        )
        return
    pages = int(st.session_state.get("kpi_pages", 1))
    for kpi in found[: pages * PAGE]:
        _row(session, kpi, plan, ready.get(kpi.id))
    if len(found) > pages * PAGE and st.button(t("Show more"), icon=":material/expand_more:", key="kpi_more"):
        st.session_state["kpi_pages"] = pages + 1
        st.rerun()


def _row(session: Session, kpi: Kpi, plan: Plan | None, ready: Ready | None) -> None:
    lang = current_language()
    with st.container(gap=None):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"
        ):
            places.link("kpi", f"**{plain(kpi.text('name', lang))}**", id=kpi.id)
            if kpi.own:
                st.badge(t("Our own"), color="blue")
                st.space("stretch")
            if plan is not None:
                placing.button(session, plan, kpi)
            elif session.who.may("new_plan"):
                placing.start(session, kpi)
        st.caption(plain(kpi.text("definition", lang)))
        if ready is not None and not ready.answers:
            st.caption(f":material/inventory_2: {lacking.words(ready)}")


def matching(kpis: Sequence[Kpi], asked: str, lang: str) -> list[Kpi]:
    """The KPIs that hold every word asked in any language, those with it in their name first."""
    words = folded(asked).split()
    if not words:
        return list(kpis)

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


def categories(every: Sequence[Kpi] = ()) -> dict[str, str]:
    """Category → its words, in the order of the catalogue; the shop's own KPIs last, where there are any."""
    words = {
        "sales": t("Sales"),
        "marketing": t("Marketing"),
        "service": t("Customer service"),
        "production": t("Production"),
        "projects": t("Projects"),
        "customers": t("Customers"),
    }
    own = {OWN: t("Our own")} if any(kpi.category == OWN for kpi in every) else {}
    return {**{name: words.get(name, name) for name in CATEGORIES}, **own}
