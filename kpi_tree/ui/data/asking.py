"""What only the person can say about a file, as one click: which way dates or numbers go, which days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from kpi_tree.errors import KpiTreeError
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.choosing import UnknownTableError
from kpi_tree.ingest.mapping.again import COUNTED_TOO, LEFT_OUT
from kpi_tree.ingest.mapping.build import SAME_SHOP
from kpi_tree.ui.data import readas
from kpi_tree.ui.shell import address
from kpi_tree.ui.shell.session import current
from kpi_tree.ui.shell.text import current_language, day, plain, said, say, t
from kpi_tree.workspace.base.own import catalogue_of

ASKED = ("date_order", "decimal", "percent", "year", "either", "shop", "again", "day_of", "period_end")
"""Options that a click on one of the readings settles."""


def question(error: AskError) -> None:
    """What is asked, and why: a question, where a refusal in red would look like a fault of the file."""
    st.markdown(f":material/help: **{plain(question_words(error))}**")
    if question_words(error) != said(error.message):
        st.caption(say(error.message))


def question_words(error: KpiTreeError) -> str:
    """What is asked, or what is wrong, in a sentence of plain text."""
    if isinstance(error, UnknownTableError):
        return t("Files of this kind are new here.")
    if isinstance(error, AskError) and error.choices:
        if error.option == "date_order":
            return t("Which day is “{example}”?", example=error.example)
        if error.option == "year":
            return t("Of which year is “{example}”?", example=error.example)
        if error.option == "day_of":
            return t("Of which day is this list?")
        if error.option in ("decimal", "percent"):
            return t("How much is “{example}”?", example=error.example)
    return said(error.message)


def answered(file: Any) -> None:
    """What was answered about this file, with the way back to the question."""
    options = (readas.chosen(file.file_id).get("mapping") or {}).get("options") or {}
    for name in ASKED:
        if not (value := options.get(name)) or (name == "period_end" and options.get("period_start")):
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/check: {t('As you said')}: {_words(name, str(value))}")
            st.button(
                t("Change"),
                key=f"unsay_{file.file_id}_{name}",
                type="tertiary",
                icon=":material/undo:",
                on_click=readas.option,
                args=(file.file_id,),
                kwargs={name: None},
            )


def ask(file: Any, error: AskError, answer: Callable[..., None] = readas.option) -> None:
    """The choices under a question; a click reads the file again by the one chosen.

    Args:
        answer: told the file's id and the option that was chosen.
    """
    if error.option == "period":
        _period(file, answer)
        return
    if error.option == "shop":
        _shop(file, answer)
        return
    if [*error.choices] == [COUNTED_TOO] and error.remedy:  # the other way out is not a click here
        st.caption(say(error.remedy))
    with st.container(horizontal=True):
        for value, reading in error.choices.items():
            read = plain(_reading(error.option, value, reading))
            example = f"**{read}** · " if read else ""
            st.button(
                f"{example}{_words(error.option, value)}",
                key=f"way_{file.file_id}_{error.option}_{value}",
                on_click=answer,
                args=(file.file_id,),
                kwargs={error.option: value},
            )
    if error.option == "day_of":
        _another_day(file, answer)


def _reading(option: str, value: str, reading: str) -> str:
    """What a choice makes of the example: a day or a KPI as the reader calls it, anything else as it is."""
    kpi = catalogue_of(current().home).get(value) if option == "either" else None
    when = address.day(reading)
    return kpi.text("name", current_language()) if kpi else day(when) if when else reading


def _another_day(file: Any, answer: Callable[..., None]) -> None:
    """The day of a list, where it is none of those that the file or the calendar offers."""
    with (
        st.form(f"day_{file.file_id}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        chosen = st.date_input(t("Another day"), value=None, key=f"day_of_{file.file_id}", width=180)
        if st.form_submit_button(t("This day")) and chosen:
            answer(file.file_id, period_end=chosen.isoformat())
            st.rerun()


def _words(option: str, value: str) -> str:
    if option == "shop":
        return t("The same shop") if value == SAME_SHOP else t("Shop {name}", name=value)
    if option == "again":
        return _again(value)
    if option == "either":
        return t("After discounts and returns") if value == "sales" else t("Before discounts and returns")
    if option == "decimal":
        return t("Decimal point") if value == "." else t("Decimal comma")
    if option == "percent":
        return t("The file writes percentages") if value == "true" else t("The file writes shares of 1")
    if option == "day_of":
        ways = {
            "above": t("as the lines above its table say"),
            "name": t("as its name says"),
            "load": t("the day it is loaded"),
        }
        return ways.get(value, value)
    if option == "period_end":
        when = address.day(value)
        return plain(day(when)) if when else value
    return {"dmy": t("Day first"), "mdy": t("Month first"), "ymd": t("Year first")}.get(value, value)


def _again(value: str) -> str:
    """What is done with sales that another file tells."""
    if value == COUNTED_TOO:
        return t("Other sales: count both")
    return t("The same sales: leave them out") if value == LEFT_OUT else t("The same refunds: leave them out")


def _shop(file: Any, answer: Callable[..., None]) -> None:
    """The name that keeps another shop's order numbers apart, or that it is the same shop."""
    with (
        st.form(f"shop_{file.file_id}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        name = st.text_input(t("Name of the other shop"), key=f"shopname_{file.file_id}", width=240)
        other = st.form_submit_button(t("Another shop"))
        same = st.form_submit_button(t("The same shop"))
        if same or (other and name.strip()):
            answer(file.file_id, shop=SAME_SHOP if same else name.strip()[:40])
            st.rerun()


def _period(file: Any, answer: Callable[..., None]) -> None:
    with (
        st.form(f"period_{file.file_id}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        first = st.date_input(t("First day"), value=None, key=f"first_{file.file_id}", width=180)
        last = st.date_input(t("Last day"), value=None, key=f"last_{file.file_id}", width=180)
        if st.form_submit_button(t("These days")) and first and last:
            answer(file.file_id, period_start=first.isoformat(), period_end=last.isoformat())
            st.rerun()
