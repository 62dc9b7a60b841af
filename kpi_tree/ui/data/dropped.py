"""Files that are dropped and not loaded yet: they outlive a reload, other pages, and the load of others."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from kpi_tree.ui.data import readas
from kpi_tree.ui.data.keeper import Keeper
from kpi_tree.ui.shell import address
from kpi_tree.ui.shell.session import Session

PARAMETER = "draft"
FILES = "_dropped"
HELD = "_held_files"
TOKEN = "_draft_token"
CHANGED = "_upload_changed"
KEPT_SECONDS = 1800.0
MOST_BYTES = 64_000_000
"""Bytes that all waiting files of this process may take; the oldest go first, larger ones are not kept."""

FORMS = (
    "table_",
    "column_",
    "currency_",
    "name_",
    "value_",
    "answer_",
    "own_title_",
    "own_key_",
    "own_time_",
)
"""How the keys of a file's forms begin; its id follows. What stands in them is kept with the file."""

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Waiting:
    """Files of one visit, what was said about how each is read, and what stands in their forms."""

    files: tuple[Any, ...]
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    forms: dict[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(int(file.size) for file in self.files)


SHELF: Keeper[Waiting] = Keeper(MOST_BYTES, lambda waiting: waiting.size, KEPT_SECONDS)


def changed() -> None:
    """Note that the person took a file into the upload or out of it."""
    st.session_state[CHANGED] = True


def every(session: Session, uploaded: Sequence[Any]) -> list[Any]:
    """The files of this visit: those in the upload, and those that wait since before.

    Args:
        uploaded: what stands in the upload now.
    """
    touched = st.session_state.pop(CHANGED, False)
    if not uploaded and not touched and not st.session_state.get(HELD):
        _take_back(session)
    held: list[Any] = st.session_state.get(HELD, [])
    files = [*held, *uploaded]
    _fill_forms(session)
    _keep(session, files)
    return files


def held(file: Any) -> bool:
    """Whether a file waits outside of the upload, which then has no cross to take it away."""
    return any(one.file_id == file.file_id for one in st.session_state.get(HELD, []))


def take_away(file: Any) -> None:
    """Take a file away that waits outside of the upload."""
    held: list[Any] = st.session_state.get(HELD, [])
    st.session_state[HELD] = [one for one in held if one.file_id != file.file_id]
    changed()


def release(session: Session, files: Sequence[Any], among: Sequence[Any]) -> None:
    """Let files go that are being loaded; the others wait on, outside of the upload, which is emptied."""
    gone = {file.file_id for file in files}
    st.session_state[HELD] = [file for file in among if file.file_id not in gone]
    _keep(session, st.session_state[HELD])


def _take_back(session: Session) -> None:
    """After a reload, or back from another page: the files that waited."""
    found = SHELF.get(_key(session))
    if found is None:
        return
    st.session_state[HELD] = list(found.files)
    for file_id, said in found.said.items():
        if readas.chosen(file_id) != said:
            readas.choose(file_id, said)


def _fill_forms(session: Session) -> None:
    """What stood in the forms before a reload or another page stands there again."""
    found = SHELF.get(_key(session))
    for name, value in found.forms.items() if found is not None else ():
        if name not in st.session_state:
            st.session_state[name] = value


def _forms(files: Sequence[Any]) -> dict[str, Any]:
    ids = [str(file.file_id) for file in files]
    names = [str(name) for name in st.session_state if str(name).startswith(FORMS)]
    return {name: st.session_state[name] for name in names if any(one in name for one in ids)}


def _keep(session: Session, files: Sequence[Any]) -> None:
    key = _key(session)
    if files:
        said = {file.file_id: readas.chosen(file.file_id) for file in files}
        SHELF.put(key, Waiting(tuple(files), said, _forms(files)))
    else:
        SHELF.drop(key)
    address.put(PARAMETER, key[2] if files else "")


def _key(session: Session) -> Key:
    """Home, person, and a token that only this address knows."""
    token = st.session_state.get(TOKEN) or st.query_params.get(PARAMETER) or secrets.token_urlsafe(12)
    st.session_state[TOKEN] = token
    return str(session.home.path), session.who.name, str(token)
