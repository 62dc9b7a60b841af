"""What a template holds and which data fill it: its tree in words, tables it needs and lacks."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from kpi_tree import workspace
from kpi_tree.plan.outline import to_outline
from kpi_tree.records.tables import column_label
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, plain, t
from kpi_tree.ui.shell.words import table_name
from kpi_tree.workspace import TemplateView
from kpi_tree.workspace.drafting.templating import template_plan
from kpi_tree.workspace.intake.ready import Ready


def outline(session: Session, one: TemplateView) -> None:
    """Its tree in words: what is computed from what, what moves what, guardrails and actions."""
    made = template_plan(session.home, one.id, current_language())
    st.code(to_outline(made, ids=False), language=None, height=320 if one.nodes > 14 else "content")


def needs(session: Session, one: TemplateView) -> None:
    """The tables that fill it: here, partly here, or missing, with a file to fill for those."""
    st.markdown(f"**{t('What data do I need?')}**")
    if not one.tables:
        st.caption(t("None: type the values in."))
    else:
        with st.spinner(t("Looking at what the data can answer")):
            ready = cache.kept(
                session.bare, "ready", make=lambda: workspace.readiness(session.home, session.who)
            )
        lacks = missing_of(one, ready, _loaded(session))
        for table in one.tables:
            _table(session, one.id, table, lacks.get(table))
    typed = [need.name for need in one.needs if need.how == "values"]
    if typed:
        st.caption(t("Typed in or loaded ready-made: {names}", names=plain(", ".join(typed))))


def _loaded(session: Session) -> frozenset[str]:
    """The record tables of which a batch is in force."""
    batches = workspace.batches(session.home, session.who)
    return frozenset(part.table for batch in batches if batch.active for part in batch.tables)


def missing_of(
    one: TemplateView, ready: Mapping[str, Ready], loaded: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Table → the columns that its KPIs lack today; an empty tuple where the whole table is missing."""
    found: dict[str, tuple[str, ...]] = {}
    for need in one.needs:
        state = ready.get(need.kpi or "")
        if state is None or state.answers:
            continue
        found.update({table: () for table in need.tables if table not in loaded})
        for lack in state.lacks:
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
