"""Templates: what each breaks down, which data it needs and lacks, and putting it into the plan."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Plan
from kpi_tree.records.tables import column_label
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, nt, plain, t
from kpi_tree.ui.shell.words import table_name
from kpi_tree.workspace import TemplateView
from kpi_tree.workspace.intake.ready import Ready


def listing(session: Session, plan: Plan, chosen: str | None = None) -> None:
    """Every template, those of this home with a way to throw them away, and this tree as one more."""
    st.caption(t("A template shows how others break such a goal down, and which files fill it."))
    _thrown_away(session)
    for one in workspace.templates(session.home, session.who, lang=current_language()):
        own = f" :material/bookmark: {t('your own')}" if one.own else ""
        head = f"**{plain(one.name)}** · {nt('{n} box', '{n} boxes', one.nodes)}{own}"
        with st.expander(head, key=f"template_open_{one.id}", on_change="rerun") as box:
            if box.open:
                _one(session, plan, one, chosen)
    st.divider()
    _keep(session, plan)


def _one(session: Session, plan: Plan, one: TemplateView, chosen: str | None) -> None:
    st.markdown(plain(one.about))
    node = plan.nodes.get(chosen or plan.root() or "")
    with st.container(horizontal=True, gap="small"):
        if node is not None and node.kind != "action":
            words = t("Add below {name}", name=plain(node.name))
            if st.button(
                words, key=f"template_below_{one.id}", icon=":material/account_tree:", type="primary"
            ):
                _use(session, plan, one, node.id)
        if st.button(t("Put in place of this tree"), key=f"template_instead_{one.id}"):
            _use(session, plan, one, None)
        if one.own and st.button(t("Delete"), key=f"template_delete_{one.id}", icon=":material/delete:"):
            with refusals():
                workspace.forget_template(session.home, session.who, one.id, now=now())
                st.session_state["_thrown_template"] = (one.id, one.name)
                st.rerun(scope="fragment")
    _needs(session, one)


def _use(session: Session, plan: Plan, one: TemplateView, under: str | None) -> None:
    try:
        workspace.use_template(
            session.home, session.who, one.id, into=plan.id, under=under, lang=current_language(), now=now()
        )
    except KpiTreeError as error:
        show_refusal(error)
        return
    st.toast(t("{name} is in the tree. Undo takes it back.", name=plain(one.name)), icon=":material/undo:")
    st.rerun()


def _thrown_away(session: Session) -> None:
    """Right after a template was thrown away: the way back."""
    gone = st.session_state.get("_thrown_template")
    if gone is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(t("Deleted: {name}", name=plain(gone[1])))
        if st.button(t("Undo"), key="template_undo", icon=":material/undo:"):
            with refusals():
                workspace.restore_template(session.home, session.who, gone[0], now=now())
                del st.session_state["_thrown_template"]
                st.rerun(scope="fragment")


def _needs(session: Session, one: TemplateView) -> None:
    """The tables that fill it: here, partly here, or missing, with a file to fill for those."""
    st.markdown(f"**{t('What data do I need?')}**")
    if not one.tables:
        st.caption(t("None: type the values in."))
    else:
        with st.spinner(t("Looking at what the data can answer")):
            ready = cache.kept(
                session.bare, "ready", make=lambda: workspace.readiness(session.home, session.who)
            )
        lacks = missing_of(one, ready)
        for table in one.tables:
            _table(session, one.id, table, lacks.get(table))
    typed = [need.name for need in one.needs if need.how == "values"]
    if typed:
        st.caption(t("Typed in or loaded ready-made: {names}", names=plain(", ".join(typed))))


def missing_of(one: TemplateView, ready: Mapping[str, Ready]) -> dict[str, tuple[str, ...]]:
    """Table → the columns that its KPIs lack today; an empty tuple where the whole table is missing."""
    found: dict[str, tuple[str, ...]] = {}
    for need in one.needs:
        for lack in ready[need.kpi].lacks if need.kpi in ready else ():
            if lack.table in one.tables:
                had = found.get(lack.table)
                whole = not lack.columns or had == ()
                found[lack.table] = () if whole else tuple(dict.fromkeys((*(had or ()), *lack.columns)))
    return found


def _table(session: Session, template: str, table: str, lacks: tuple[str, ...] | None) -> None:
    lang = current_language()
    name = plain(table_name(table))
    if lacks is None:
        st.markdown(f":green[:material/check_circle:] {name} · {t('is here')}")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if lacks:
            columns = ", ".join(column_label(table, column, lang) for column in lacks)
            st.markdown(
                f":orange[:material/warning:] {name} · {t('empty: {columns}', columns=plain(columns))}"
            )
        else:
            st.markdown(f":gray[:material/radio_button_unchecked:] {name} · {t('not loaded yet')}")

        def make() -> bytes:
            return workspace.blank_table(session.home, session.who, table, form="xlsx", lang=lang)

        downloads.button(
            t("Template"), make, f"{table}.xlsx", downloads.TABLES["xlsx"], key=f"blank_{template}_{table}",
            icon=":material/download:", type="tertiary",
        )  # fmt: skip


def _keep(session: Session, plan: Plan) -> None:
    """This tree as a template."""
    name = st.text_input(
        t("Keep this tree as a template called"), plan.name, key="template_name", max_chars=200
    )
    st.caption(t("Targets, owners and dates stay out of it."))
    if st.button(t("Keep as a template"), key="template_save", icon=":material/bookmark_add:"):
        with refusals():
            workspace.save_template(session.home, session.who, name, plan_id=plan.id, now=now())
            st.toast(t("The template {name} is kept.", name=plain(name)))
            st.rerun()
