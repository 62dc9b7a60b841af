"""What a reader sees when something goes wrong: a refusal in words, or an id that the log knows."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import streamlit as st

from kpi_tree.errors import Conflict, KpiTreeError
from kpi_tree.i18n import Msg, translate
from kpi_tree.ui.shell.text import current_language, plain, t

LOG = logging.getLogger("kpi_tree.ui")
ARROW = " → "  # between the nodes of a path


def on_script_error(error: Exception) -> bool:
    """Streamlit's hook for whatever a page let through. Shows no path, no SQL, no traceback."""
    if isinstance(error, KpiTreeError):
        show(error)
        return True
    number = secrets.token_hex(4)
    LOG.error("Error %s on a page", number, exc_info=error)
    st.error(
        t("Something went wrong on this page.")
        + " "
        + t("If it stays, give the person who runs this app the number {number}.", number=number),
        icon=":material/error:",
    )
    if st.button(t("Try again"), key=f"again-{number}", icon=":material/refresh:"):
        st.rerun()
    return True


def show(error: KpiTreeError) -> None:
    """A refusal: what is wrong, where, and what to do about it. A conflict shows both values."""
    lang = current_language()
    place = f"**{plain(error.place)}**: " if error.place else ""
    lines = [place + plain(translate(error.message, lang))]
    if isinstance(error, Conflict):
        lines.append(t("Yours: {value}", value=plain(_shown(error.mine))))
        lines.append(t("Now there: {value}", value=plain(_shown(error.theirs))))
    if error.remedy:
        lines.append(plain(translate(error.remedy, lang)))
    box = st.warning if isinstance(error, Conflict) else st.error
    box(
        "  \n".join(lines),
        icon=":material/sync_problem:" if isinstance(error, Conflict) else ":material/block:",
    )


@contextmanager
def refusals() -> Iterator[None]:
    """Show a refusal where it happens and go on with the rest of the page."""
    try:
        yield
    except KpiTreeError as error:
        show(error)


def rename(error: KpiTreeError, names: Mapping[str, str]) -> None:
    """Put the names of nodes in a refusal, which stand there as they are stored, into other words.

    >>> error = KpiTreeError(Msg("{node} goes round.", params={"node": "Sales"}), place="Sales → Orders")
    >>> rename(error, {"Sales": "Salg"})
    >>> error.text("en")
    'Salg → Orders: Salg goes round.'
    """

    def words(text: str) -> str:
        return ARROW.join(names.get(part, part) for part in text.split(ARROW))

    def inside(value: Any) -> Any:
        if isinstance(value, Msg):
            return replace(value, params={name: inside(part) for name, part in value.params.items()})
        return words(value) if isinstance(value, str) else value

    error.place = words(error.place)
    error.message, error.remedy = inside(error.message), inside(error.remedy)


def _shown(value: object) -> str:
    return "–" if value is None or value == "" else str(value)
