"""From a cell or a mark of a report to the records behind it; which ones is in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import Msg
from kpi_tree.reports import Answer, Drill, ReportTable, at_point, cells_of, drill
from kpi_tree.reports.drill import group_words
from kpi_tree.reports.files import shown
from kpi_tree.reports.words import value_words
from kpi_tree.ui.pieces import behind
from kpi_tree.ui.shell import address, cache, failures
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, plain, said, say, t
from kpi_tree.ui.shell.words import dimension_value, span_words
from kpi_tree.workspace.base.own import catalogue_of

OF, GROUP = "of", "group"
PARAMS = (behind.SPAN, behind.PART, OF, GROUP)
_WHY = "_no_records"


def asked() -> Drill | None:
    """The cell that the address asks for."""
    period = behind.asked()
    kpi, group = st.query_params.get(OF, ""), st.query_params.get(GROUP, "")
    if period is None or not (kpi or group):
        return None
    pairs = (text.partition(":") for text in st.query_params.get_all(behind.PART))
    return Drill(kpi, period, tuple((name, value) for name, _, value in pairs if name and value), group)


def choose(found: Drill | Msg | None) -> None:
    """Ask for the records of a cell; for one that has none, keep the reason for this run."""
    st.session_state[_WHY] = found if isinstance(found, Msg) else None
    for name in PARAMS:
        address.put(name, "")
    if isinstance(found, Drill):
        address.put(behind.SPAN, behind.as_text(found.period))
        address.put(OF, found.kpi)
        address.put(GROUP, found.group)
        if found.part:
            st.query_params[behind.PART] = [f"{name}:{value}" for name, value in found.part]


def clicked(answer: Answer, point: Mapping[str, Any] | None) -> None:
    """A click on the chart."""
    place = at_point(answer, point) if point else None
    if place is not None:
        choose(drill(answer, *place))


def show(session: Session, answer: Answer) -> None:
    """The cell asked for, its records, and the way back; else the boxes that choose one."""
    why, now = st.session_state.get(_WHY), asked()
    st.header(t("The records behind it"), anchor="records")
    if isinstance(why, Msg):
        st.info(say(why), icon=":material/info:")
    _choose(answer, now)
    if now is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(words(session, now))}**")
        st.button(
            t("Back to the report alone"), icon=":material/close:", type="tertiary", key="records_close",
            on_click=choose, args=(None,),
        )  # fmt: skip
    try:
        frame = cache.kept(
            session, "report_records", now, repr(sorted(answer.where.items())),
            make=lambda: workspace.report_records(session.home, session.who, now, where=answer.where),
        )  # fmt: skip
    except KpiTreeError as error:
        failures.show(error)
        return
    behind.rows(session, frame, f"{answer.report.id}-{now.period.start.isoformat()}", key=_key(now))


def hint(session: Session) -> None:
    """Beside the chart: that a number can be opened, or where its records now stand."""
    now = asked()
    if now is None:
        st.caption(f":material/database: {t('Click a number or a mark to see the records behind it.')}")
    else:
        name = plain(words(session, now))
        st.markdown(f":material/database: {name}: [{t('its records are below')}](#records)")


def words(session: Session, now: Drill) -> str:
    """A cell in words: what it counts, of which part, in which days."""
    kpi = catalogue_of(session.home).get(now.kpi)
    first = kpi.text("name", current_language()) if kpi else said(group_words(now.group) or now.kpi)
    parts = [f"{dimension_value(name)}: {said(value_words(name, value))}" for name, value in now.part]
    return " · ".join([first, *parts, span_words(now.period)])


def _choose(answer: Answer, now: Drill | None) -> None:
    """The same choice as boxes that a keyboard and a screen reader reach."""
    lang = current_language()
    tables = [table for table in answer.tables if table.rows]
    cells = {each: place for table in tables for each, place in _first_places(table, answer).items()}
    if not cells:
        return
    texts = {table.id: shown(table, lang) for table in tables}
    names = {each: _cell_words(place, tables, texts, lang) for each, place in cells.items()}
    if now is not None and now not in names:
        names[now] = span_words(now.period)
    st.session_state["records_of"] = now
    st.selectbox(
        t("Show the records of"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=t("Choose a number, or click one above"),
        key="records_of",
        on_change=lambda: choose(st.session_state["records_of"]),
        width=520,
    )


def _first_places(table: ReportTable, answer: Answer) -> dict[Drill, tuple[str, int, str]]:
    return {each: (table.id, *places[0]) for each, places in cells_of(answer, table).items()}


def _cell_words(
    place: tuple[str, int, str], tables: list[ReportTable], texts: Mapping[str, list[list[str]]], lang: str
) -> str:
    name, row, column_id = place
    table = next(each for each in tables if each.id == name)
    at = [column.id for column in table.columns].index(column_id)
    labels = [
        text
        for column, text in zip(table.columns, texts[name][row], strict=True)
        if column.role in ("label", "period") and column.unit is None and text
    ]
    head = table.columns[at].heading(lang)
    return " · ".join([*labels[:3], f"{head[:1].upper()}{head[1:]}: {texts[name][row][at]}"])


def _key(now: Drill) -> str:
    return repr((now.kpi, behind.as_text(now.period), now.part, now.group))
