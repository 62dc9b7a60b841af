"""A new plan: from nothing but a goal's name, or from a template."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ui.pieces import templateview
from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, nt, plain, t
from kpi_tree.workspace import TemplateView

BARE = ""


def form(session: Session, key: str, *, opened: Callable[[str], None]) -> None:
    """Name and template, and the button. ``opened`` is told the new plan's id before the page runs again."""
    known = {one.id: one for one in _templates(session)}
    template = st.selectbox(
        t("Start from"),
        [BARE, *known],
        format_func=lambda one: _words(known.get(one)),
        key=f"new_plan_template_{key}",
    )
    if template in known:
        st.caption(plain(known[template].about))
        with st.expander(t("What is in it, and what data it needs"), key=f"new_plan_look_{key}"):
            templateview.outline(session, known[template])
            templateview.needs(session, known[template])
    with st.form(f"new_plan_{key}", border=False):
        name = st.text_input(
            t("What is the plan to reach?"),
            max_chars=200,
            key=f"new_plan_name_{key}",
            placeholder=known[template].name if template in known else t("Happier customers"),
        )
        made = st.form_submit_button(t("Make the plan"), type="primary", icon=":material/add:")
    if not made:
        return
    if not template and not name.strip():
        st.error(t("Write what it is to reach."), icon=":material/block:")
        return
    try:
        plan = workspace.new_plan(
            session.home, session.who, template=template or None, name=name.strip() or None,
            lang=current_language(), now=now(),
        )  # fmt: skip
    except KpiTreeError as error:
        show_refusal(error)
        return
    opened(plan.id)
    st.rerun()


def _templates(session: Session) -> list[TemplateView]:
    lang = current_language()
    found: list[TemplateView] = cache.kept(
        session.bare,
        "templates",
        lang,
        make=lambda: workspace.templates(session.home, session.who, lang=lang),
    )
    return found


def _words(one: TemplateView | None) -> str:
    if one is None:
        return t("Nothing: one box, the goal")
    return f"{one.name} · {nt('{n} box', '{n} boxes', one.nodes)}"
