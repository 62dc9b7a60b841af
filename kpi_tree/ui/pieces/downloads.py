"""A file to save, made when it is asked for, and there until the browser has it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from kpi_tree.ingest.files.defuse import defuse

TABLES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
"""The two forms of a table to fill in or to correct, as browsers know them."""


def button(label: str, make: Callable[[], bytes | str], name: str, mime: str, **options: Any) -> None:
    """A button that saves a file and leaves the page as it is.

    Streamlit forgets the file of a callable when two runs have ended anywhere in the process: with a dozen
    people at a workshop it was gone before their browser had asked for it. Here the session holds it until
    its next run.

    Args:
        make: gives the content; called in a thread of the server's when the button is pressed.
        options: what ``st.download_button`` takes.
    """
    session = get_script_run_ctx()

    def made() -> bytes:
        content = make()
        data = content.encode() if isinstance(content, str) else content

        def hold() -> None:
            runtime.get_instance().media_file_mgr.add(
                data, mime, f"held {name}", file_name=name, is_for_static_download=True
            )

        holding = add_script_run_ctx(threading.Thread(target=hold, daemon=True), session)
        holding.start()
        holding.join()
        return data

    st.download_button(label, made, name, mime, on_click="ignore", **options)


def harmless(cell: object) -> object:
    """A text cell that no spreadsheet takes for a formula; numbers stay numbers.

    >>> harmless("=1+1"), harmless(-3), harmless("-3")
    ("'=1+1", -3, '-3')
    """
    return defuse(cell) if isinstance(cell, str) else cell
