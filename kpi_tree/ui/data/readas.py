"""What the person said about a file of this visit: kept by the upload's id, handed to ``load_file``."""

from __future__ import annotations

from typing import Any

import streamlit as st

PLACE = "_read_as"
TURNS = "_read_as_turns"


def chosen(file_id: str) -> dict[str, Any]:
    """Arguments for ``load_file``: ``as_table`` and ``mapping``, where something was said."""
    found: dict[str, Any] = st.session_state.get(PLACE, {}).get(file_id, {})
    return found


def choose(file_id: str, said: dict[str, Any]) -> None:
    """Keep what was said in place of what was said before; the file is looked at anew."""
    st.session_state.setdefault(PLACE, {})[file_id] = said
    turns: dict[str, int] = st.session_state.setdefault(TURNS, {})
    turns[file_id] = turns.get(file_id, 0) + 1


def turn(file_id: str) -> int:
    """How often something was said about a file: a saved mapping is said by its headers alone."""
    return int(st.session_state.get(TURNS, {}).get(file_id, 0))


def option(file_id: str, **options: Any) -> None:
    """Say one thing more about how cells are read."""
    said = chosen(file_id)
    mapping = said.get("mapping") or {}
    merged = {**mapping, "options": {**(mapping.get("options") or {}), **options}}
    choose(file_id, {**said, "mapping": merged})
