"""All that the shop has defined for itself: KPIs to change, copy, delete and take along; tables."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ui.data import tablenames
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.shell import parts, places
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, nt, plain, t
from kpi_tree.ui.shell.words import table_name
from kpi_tree.workspace import Naming, OwnTableView
from kpi_tree.workspace.base.own import catalogue_of


def show(session: Session) -> None:
    """KPIs, then tables."""
    st.title(t("Our own KPIs"))
    _deleted(session)
    own = workspace.own_kpis(session.home, session.who)
    with st.container(horizontal=True, vertical_alignment="center"):
        places.link("kpi", t("Define a KPI"), icon="add", define="new")
        if own:
            downloads.button(
                t("Download all as YAML"), lambda: workspace.own_yaml(session.home, session.who),
                "own-kpis.yaml", "text/yaml", icon=":material/download:", type="tertiary",
            )  # fmt: skip
        _undo(session)
    if not own:
        parts.empty(
            t("None of our own yet"),
            t("Define one from a table, from other KPIs by a formula, or from a YAML file."),
            "functions",
        )
    known, lang = catalogue_of(session.home), current_language()
    for one in own:
        kpi = known.get(one.id)
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            name = kpi.text("name", lang) if kpi else one.id
            places.link("kpi", f"**{plain(name)}**", id=one.id)
            if kpi is None:
                st.badge(t("no longer fits the tables"), color="orange", icon=":material/warning:")
            else:
                st.caption(plain(kpi.text("formula", lang)))
            st.space("stretch")
            places.link("kpi", t("Change"), icon="edit", define=one.id)
            places.link("kpi", t("Duplicate"), icon="content_copy", define=one.id, copy="1")
            delete_button(session, one.id)
    tables(session)


def delete_button(session: Session, kpi: str) -> None:
    """Delete, after a word of confirmation."""
    with st.popover(t("Delete"), icon=":material/delete:"):
        st.markdown(t("Delete {name}? It can be taken back.", name=f"**{plain(kpi)}**"))
        if st.button(t("Delete it"), key=f"define_delete_{kpi}", type="primary"):
            try:
                workspace.remove_kpi(session.home, session.who, kpi, now=now())
            except KpiTreeError as error:
                show_refusal(error)
                return
            st.session_state.pop("_define", None)
            st.session_state["_define_deleted"] = kpi
            places.go("kpi", define="all")


def _deleted(session: Session) -> None:
    name = st.session_state.get("_define_deleted")
    if not name:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/delete: {t('{name} is deleted.', name=plain(name))}")
        if st.button(t("Bring it back"), key="define_back", icon=":material/undo:"):
            _take_back(session)


def _undo(session: Session) -> None:
    may = session.who.may("undo_definition") and workspace.own_revision(session.home)
    if not may or st.session_state.get("_define_deleted"):
        return
    if st.button(t("Undo the last change"), key="define_undo", icon=":material/undo:", type="tertiary"):
        _take_back(session)


def _take_back(session: Session) -> None:
    try:
        names = workspace.undo_definition(session.home, session.who, now=now())
    except KpiTreeError as error:
        show_refusal(error)
        return
    st.session_state.pop("_define_deleted", None)
    st.toast(t("Taken back: {names}", names=plain(", ".join(names))), icon=":material/undo:")
    st.rerun()


def tables(session: Session) -> None:
    """The shop's own tables, with what fills them; those that nothing fills can go."""
    found = workspace.own_table_list(session.home, session.who)
    if not found:
        return
    st.header(t("Our own tables"), anchor=False)
    for view in found:
        with st.container(border=True):
            _table(session, view)


def _table(session: Session, view: OwnTableView) -> None:
    """One table: its name, what fills it and what is made from it; its words may be changed."""
    known = catalogue_of(session.home)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(table_name(view.table.name))}** `{view.table.name}`")
        st.caption(nt("{n} file", "{n} files", view.batches))
        st.space("stretch")
        if (
            not view.batches
            and not view.kpis
            and st.button(t("Delete"), key=f"drop_{view.table.name}", icon=":material/delete:")
        ):
            _drop(session, view.table.name)
    lang = current_language()
    st.caption(plain(", ".join(one.title(lang) for one in view.table.columns.values() if one.label)))
    with st.container(horizontal=True, gap="small"):
        for name in view.kpis:
            places.link("kpi", plain(known[name].text("name", lang) if name in known else name), id=name)
    if session.who.may("name_table"):
        _words(session, view)


def _words(session: Session, view: OwnTableView) -> None:
    key = f"words_{view.table.name}_{view.revision}"
    with st.expander(t("Names and units"), icon=":material/label:", key=f"open_{key}"):
        st.caption(t("What people call it. Files are still found by their headers, formulas by their names."))
        names = tablenames.title_fields(view.table, key)
        naming = tablenames.columns(view.table, f"{key}_columns")
        changed = {lang: said for lang, said in names.items() if said != view.table.names.get(lang, "")}
        if st.button(t("Save names"), key=f"{key}_save", icon=":material/check:"):
            _rename(session, view, replace(naming, table=changed))


def _rename(session: Session, view: OwnTableView, naming: Naming) -> None:
    try:
        workspace.name_table(
            session.home, session.who, view.table.name, naming, based_on=view.revision, now=now()
        )
    except KpiTreeError as error:
        show_refusal(error)
        return
    st.toast(t("Saved: {names}", names=plain(table_name(view.table.name))), icon=":material/check:")
    st.rerun()


def _drop(session: Session, table: str) -> None:
    try:
        workspace.drop_table(session.home, session.who, table, now=now())
    except KpiTreeError as error:
        show_refusal(error)
        return
    st.rerun()
