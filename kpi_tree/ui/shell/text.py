"""Words on the screen: in the reader's language, and names as text, never as markup."""

from __future__ import annotations

import html
import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from kpi_tree.i18n import Msg, formats, language_of, translate

LANGUAGE = "_kpi_tree_language"
_BREAKS = re.compile(r"[ \t\r\n\f\v]+")
_LINKS = re.compile(r"(?<=\w)@(?=\w)|\bhttps?:(?=//)|\bwww(?=\.)", re.IGNORECASE)
"""Where Markdown makes a link of text by itself, escaped or not; a joiner without width prevents it."""
_PUNCTUATION = re.compile(r"([!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])")


def current_language() -> str:
    """The language of this reader's screen.

    Asked for hundreds of times a run, so it is kept with the run too: Streamlit's state answers slowly.
    """
    run = get_script_run_ctx(suppress_warning=True)
    of_run = {} if run is None else vars(run)
    if LANGUAGE not in of_run:
        of_run[LANGUAGE] = str(st.session_state.get("_lang", "en"))
    return str(of_run[LANGUAGE])


def set_language(lang: str) -> None:
    """Keep the language for this run and for the fragments after it."""
    st.session_state["_lang"] = language_of(lang)
    run = get_script_run_ctx(suppress_warning=True)
    if run is not None:
        vars(run)[LANGUAGE] = language_of(lang)


def t(text: str, /, **params: Any) -> str:
    """A text of the screen in the reader's language; values are put in as they are.

    Texts of people must come through :func:`plain` first where the widget reads Markdown.
    """
    return translate(Msg(text, params=params), current_language())


def pt(context: str, text: str, /, **params: Any) -> str:
    """The same for a text that means two things; the context ("noun", "verb") says which."""
    return translate(Msg(text, params=params, context=context), current_language())


def nt(singular: str, plural: str, n: int, /, **params: Any) -> str:
    """The same with a count."""
    return translate(Msg(singular, plural=plural, n=n, params={"n": n, **params}), current_language())


def say(message: Msg | str | None) -> str:
    """A message of a lower layer in the reader's language, safe where Markdown is read."""
    return plain(translate(message, current_language()))


def said(message: Msg | str | None) -> str:
    """A message of a lower layer in the reader's language, for a place that reads no Markdown."""
    return translate(message, current_language())


def plain(text: object) -> str:
    """Any text so that Markdown shows it letter by letter.

    >>> plain("<b>*x*</b>")
    '\\\\<b\\\\>\\\\*x\\\\*\\\\<\\\\/b\\\\>'
    """
    # Not str.split(): it would also break the no-break spaces inside numbers.
    one_line = _BREAKS.sub(" ", str(text)).strip()
    return _PUNCTUATION.sub(r"\\\1", _LINKS.sub("\\g<0>\u2060", one_line))


def escaped(text: object) -> str:
    """Any text for the few places where we write HTML ourselves."""
    return html.escape(str(text), quote=True)


def number(
    value: float | None, unit: str | None = None, currency: str | None = None, compact: bool = False
) -> str:
    """A KPI's value in its unit and the reader's separators."""
    return formats.format_value(value, unit, current_language(), currency=currency, compact=compact)


def apart(
    value: float | None, other: float | None, unit: str | None = None, currency: str | None = None
) -> str:
    """A KPI's value in full, with as many digits as tell it from another that stands beside it."""
    return formats.format_apart(value, other, unit, current_language(), currency=currency)


def percent(value: float | None, decimals: int = 0) -> str:
    """A share as a percentage."""
    return formats.format_percent(value, current_language(), decimals=decimals)


def change(value: float | None) -> str:
    """A relative change with its sign."""
    return formats.format_change(value, current_language())


def day(value: date | None) -> str:
    """A day, or a dash."""
    return formats.format_date(value, current_language()) if value else formats.NO_VALUE


def moment(value: datetime) -> str:
    """An instant, short, on the shop's clock."""
    session = st.session_state.get("_session")
    local = value.astimezone(ZoneInfo(session.settings.timezone)) if session and value.tzinfo else value
    return formats.format_datetime(local, current_language())
