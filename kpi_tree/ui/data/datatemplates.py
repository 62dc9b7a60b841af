"""Templates to fill in: a person's own values, or an empty record table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from kpi_tree import workspace
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, nt, plain, t
from kpi_tree.ui.shell.words import column_name, dimension_value, grain_words, table_name
from kpi_tree.workspace import BlankChoices
from kpi_tree.workspace.base.own import catalogue_of, tables_of
from kpi_tree.workspace.intake.blanks import GRAINS, Form

USUAL = {"day": 14, "week": 4, "month": 3, "quarter": 2}


def button(session: Session) -> None:
    """Under the place to drop files: a file to fill in, for those who have none to drop."""
    if st.button(t("Get a template"), icon=":material/download:", type="tertiary", key="templates_open"):
        st.dialog(t("Get a template"), width="large")(dialog)(session)


def dialog(session: Session) -> None:
    """Values of KPIs, or rows of a record table; both read back without a question."""
    values, rows = st.tabs([t("Values of my KPIs"), t("Rows of a table")])
    with values, refusals():
        _values(session)
    with rows, refusals():
        _table(session)


def _values(session: Session) -> None:
    choices: BlankChoices = cache.kept(
        session.bare, "blank_choices", make=lambda: workspace.blank_choices(session.home, session.who)
    )
    known, lang = catalogue_of(session.home), current_language()
    owner = _owner(session, choices)
    kpis = st.multiselect(
        t("KPIs"),
        list(known),
        default=list(choices.owners.get(owner, ())),
        format_func=lambda kpi: known[kpi].text("name", lang),
        key=f"blank_kpis_{owner}",
        placeholder=t("Choose KPIs"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        grain = st.selectbox(
            t("Step"), [str(one) for one in GRAINS], index=1, format_func=grain_words, key="blank_grain",
            width=160,
        )  # fmt: skip
        periods = st.number_input(
            t("How many"), 1, 400, USUAL[grain], key=f"blank_periods_{grain}", width=120
        )
        dimension, members = _members(choices)
    if not kpis:
        st.caption(t("Choose at least one KPI. The dates go on from its last known value."))
        return
    rows = len(kpis) * periods * max(len(members), 1)
    st.caption(nt("{n} row to fill in; the dates are there already.",
                  "{n} rows to fill in; the dates are there already.", rows))  # fmt: skip

    def make(form: Form) -> Callable[[], bytes]:
        return lambda: workspace.blank_values(
            session.home, session.who, kpis, today=session.today, grain=grain, periods=periods,
            dimension=dimension, members=members, form=form, lang=lang,
        )  # fmt: skip

    _downloads(make, "kpi-values", "values")


def _owner(session: Session, choices: BlankChoices) -> str:
    """Whose KPIs come first: the reader's own where the plan knows the name."""
    if not choices.owners:
        return ""
    names = ["", *choices.owners]
    mine = session.who.name if session.who.name in choices.owners else ""
    picked = st.selectbox(
        t("Whose KPIs"), names, index=names.index(mine), key="blank_owner", width=280,
        format_func=lambda name: plain(name) if name else t("Any"),
    )  # fmt: skip
    return str(picked or "")


def _members(choices: BlankChoices) -> tuple[str, Sequence[str]]:
    """A dimension and its members: a row for each store, say."""
    known = list(dict.fromkeys([*choices.members, "store"]))
    dimension = st.selectbox(
        t("A row for each"),
        known,
        index=None,
        format_func=dimension_value,
        placeholder=t("One row a date"),
        key="blank_dimension",
        accept_new_options=True,
        width=200,
    )
    if not dimension:
        return "", ()
    members = st.multiselect(
        t("Which ones"),
        list(choices.members.get(dimension, ())),
        default=list(choices.members.get(dimension, ())),
        accept_new_options=True,
        key=f"blank_members_{dimension}",
        placeholder=t("Type their names"),
    )
    if not members:
        st.caption(t("Name at least one, or the file has one row a date."))
    return str(dimension), members


def _table(session: Session) -> None:
    names = sorted(tables_of(session.home), key=table_name)
    table = st.selectbox(
        t("What you want to bring in"), names, index=None, format_func=table_name, key="blank_table",
        placeholder=t("Choose a table"),
    )  # fmt: skip
    if table is None:
        st.caption(t("An empty file with the right columns. The Excel one has lists and checks."))
        return
    lang = current_language()
    columns = tables_of(session.home)[table].columns.values()
    needed = [one.name for one in columns if one.required]
    if needed:
        st.caption(t("Needed: {names}", names=plain(", ".join(column_name(table, one) for one in needed))))

    def make(form: Form) -> Callable[[], bytes]:
        return lambda: workspace.blank_table(session.home, session.who, table, form=form, lang=lang)

    _downloads(make, table, "table")


def _downloads(make: Callable[[Form], Callable[[], bytes]], name: str, key: str) -> None:
    forms: tuple[tuple[Form, str], ...] = (("xlsx", "Excel"), ("csv", "CSV"))
    make("csv")()  # what cannot be made is said here, not by a download that does nothing
    with st.container(horizontal=True):
        for form, words in forms:
            downloads.button(
                t("Download as {form}", form=words), make(form), f"{name}.{form}", downloads.TABLES[form],
                key=f"blank_{key}_{form}", icon=":material/download:",
                type="primary" if form == "xlsx" else "secondary",
            )  # fmt: skip
