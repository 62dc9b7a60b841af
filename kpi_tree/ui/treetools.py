"""The tools above the tree: out in any form, templates with the data they need, this tree as a template."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.plan.model import Plan
from kpi_tree.ui.failures import refusals
from kpi_tree.ui.session import Session, now
from kpi_tree.ui.text import current_language, nt, plain, t
from kpi_tree.ui.words import table_name
from kpi_tree.workspace import TemplateView

FORMS = {
    "json": "application/json",
    "yaml": "application/yaml",
    "md": "text/markdown",
    "mmd": "text/plain",
    "dot": "text/vnd.graphviz",
    "csv": "text/csv",
}


def bar(session: Session, plan: Plan) -> None:
    """The two buttons."""
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if st.button(t("Templates"), icon=":material/library_books:", type="tertiary", key="templates"):
            _templates(session, plan)
        with st.popover(t("Export"), icon=":material/download:", type="tertiary"):
            _export(session, plan)


def _export(session: Session, plan: Plan) -> None:
    words = {
        "json": t("Plan file (JSON)"),
        "yaml": t("Plan file (YAML)"),
        "md": t("Outline (Markdown)"),
        "mmd": t("Diagram (Mermaid)"),
        "dot": t("Diagram (Graphviz)"),
        "csv": t("List of lines (CSV)"),
    }
    for form, kind in FORMS.items():
        st.download_button(
            words[form], lambda form=form: _exported(session, plan, form), f"{plan.id}.{form}", kind,
            key=f"export_{form}", on_click="ignore", type="tertiary",
        )  # fmt: skip


def _exported(session: Session, plan: Plan, form: str) -> bytes:
    """The plan in a form, made when it is asked for."""
    text: str = workspace.export_plan(session.home, session.who, plan.id, form=form)
    return text.encode("utf-8-sig" if form == "csv" else "utf-8")


def _templates(session: Session, plan: Plan) -> None:
    st.dialog(t("Templates"), width="large")(listing)(session, plan)


def listing(session: Session, plan: Plan) -> None:
    """Every template with what it needs, and this tree as one more."""
    st.caption(t("A template shows how others break such a goal down, and which files fill it."))
    for one in workspace.templates(session.home, session.who, lang=current_language()):
        _one(one)
    st.divider()
    name = st.text_input(
        t("Keep this tree as a template called"), plan.name, key="template_name", max_chars=200
    )
    st.caption(t("Targets, owners and dates stay out of it."))
    if st.button(t("Keep as a template"), key="template_save", icon=":material/bookmark_add:"):
        with refusals():
            workspace.save_template(session.home, session.who, name, plan_id=plan.id, now=now())
            st.toast(t("The template {name} is kept.", name=plain(name)))
            st.rerun()


def _one(one: TemplateView) -> None:
    own = f" :material/bookmark: {t('your own')}" if one.own else ""
    with st.expander(f"**{plain(one.name)}** · {nt('{n} box', '{n} boxes', one.nodes)}{own}"):
        st.markdown(plain(one.about))
        tables = ", ".join(table_name(name) for name in one.tables)
        st.markdown(
            f"**{t('What data do I need?')}** {plain(tables) if tables else t('None: type the values in.')}"
        )
        typed = [need.name for need in one.needs if need.how == "values"]
        if typed:
            st.caption(t("Typed in or loaded ready-made: {names}", names=plain(", ".join(typed))))
