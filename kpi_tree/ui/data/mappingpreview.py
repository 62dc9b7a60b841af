"""The first records that a mapping makes of a file, and the KPIs that they feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import formats
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ui.data.asking import ask, question
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, current, now
from kpi_tree.ui.shell.text import current_language, nt, plain, t
from kpi_tree.ui.shell.words import column_name, table_name
from kpi_tree.workspace import Preview
from kpi_tree.workspace.base.own import catalogue_of

KEPT = 20
"""Previews kept in a visit."""
KPIS = 8


def show(session: Session, file: Any, mapping: dict[str, Any], answer: Callable[..., None]) -> bool:
    """The first records and the KPIs; whether the file can be read so.

    Args:
        answer: told, with the file's id, what a person answers to a question about the file.
    """
    try:
        seen = _seen(session, file, mapping)
    except AskError as error:
        question(error)
        ask(file, error, answer)
        return False
    except KpiTreeError as error:
        show_refusal(error)
        return False
    for table, rows in seen.tables.items():
        if not rows:
            continue
        st.caption(t("The first rows as {table}", table=plain(table_name(table))))
        _rows(session, table, rows)
    if seen.set_aside:
        words = nt("{n} cell cannot be used so", "{n} cells cannot be used so", seen.set_aside)
        st.markdown(f":material/warning: {words}")
    _feeds(seen.kpis)
    return any(seen.tables.values())


def _rows(session: Session, table: str, rows: list[dict[str, Any]]) -> None:
    frame = pd.DataFrame(rows).replace("", None).dropna(axis="columns", how="all")
    frame = frame[[name for name in frame.columns if not _made_up(frame[name])]]
    frame = frame.map(_as_read, zone=ZoneInfo(session.settings.timezone))
    frame.columns = [column_name(table, str(name)) for name in frame.columns]
    st.dataframe(frame, hide_index=True, height="content")


def _made_up(column: pd.Series) -> bool:
    """Whether a column holds keys that were made of the rest of their rows: nothing that a person knows."""
    return bool(column.astype(str).str.fullmatch(r"[0-9a-f]{32}-\d+").all())


def _as_read(value: Any, zone: ZoneInfo) -> str:
    """A value of a record as the shop sees it: its own clock, the reader's separators."""
    if value is None or value != value:
        return ""
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return f"{local:%Y-%m-%d}" if local.time() == time(0) else f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if isinstance(value, Decimal | float | int):
        return formats.format_number(float(value), current_language())
    return str(value)


def _seen(session: Session, file: Any, mapping: dict[str, Any]) -> Preview:
    """The preview, once for a file and a mapping of it: the page runs at every click."""
    known: dict[Any, Preview] = st.session_state.setdefault("_previewed", {})
    key = (file.file_id, session.data, repr(mapping))
    if key not in known:
        while len(known) >= KEPT:
            known.pop(next(iter(known)))
        known[key] = workspace.preview_file(
            session.home, session.who, file.getvalue(), file.name, mapping=mapping, now=now()
        )
    return known[key]


def _feeds(kpis: tuple[str, ...]) -> None:
    names = [catalogue_of(current().home)[name].text("name", current_language()) for name in kpis]
    if not names:
        st.caption(
            f":material/monitoring: {t('No KPI is made of these rows yet. One of your own can be defined.')}"
        )
        return
    shown = ", ".join(names[:KPIS])
    more = nt("and {n} more", "and {n} more", len(names) - KPIS) if len(names) > KPIS else ""
    st.caption(f":material/monitoring: {t('Feeds')}: {plain(shown)} {more}")
