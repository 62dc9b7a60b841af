"""Files that are dropped and not loaded yet: they outlive a reload, other pages, and the load of others."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from kpi_tree.ui.data import readas
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

FORMS = ("table_", "column_", "currency_", "name_", "own_title_", "own_key_", "own_time_")
"""How the keys of a file's forms begin; its id follows. What stands in them is kept with the file."""

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Waiting:
    """Files of one visit, what was said about how each is read, and what stands in their forms."""

    files: tuple[Any, ...]
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    at: float = 0.0
    forms: dict[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(int(file.size) for file in self.files)


class Shelf:
    """Waiting files by home, person and token; bounded in bytes and in time.

    >>> from types import SimpleNamespace
    >>> shelf, key = Shelf(), ("home", "Kari", "a1")
    >>> shelf.put(key, Waiting((), {"f": {"kpi": "sales"}}), now=0.0)
    >>> shelf.get(key, now=10.0).said, shelf.get(("home", "Ola", "a1"), now=10.0)
    ({'f': {'kpi': 'sales'}}, None)
    >>> shelf.put(("home", "Ola", "b2"), Waiting((SimpleNamespace(size=MOST_BYTES + 1),)), now=20.0)
    >>> shelf.get(key, now=30.0) is None, shelf.get(("home", "Ola", "b2"), now=30.0) is None
    (False, True)
    >>> shelf.get(key, now=KEPT_SECONDS + 1) is None
    True
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[Key, Waiting] = {}

    def put(self, key: Key, waiting: Waiting, *, now: float) -> None:
        """Keep files in place of those kept before; what is too old or too much goes."""
        with self._lock:
            self._all.pop(key, None)
            if waiting.size <= MOST_BYTES:  # one that is too large for the shelf pushes no others off
                self._all[key] = replace(waiting, at=now)
            self._all = {name: one for name, one in self._all.items() if now - one.at <= KEPT_SECONDS}
            while self._all and sum(one.size for one in self._all.values()) > MOST_BYTES:
                self._all.pop(next(iter(self._all)))

    def get(self, key: Key, *, now: float) -> Waiting | None:
        """What waits under a key, if it is not too old."""
        with self._lock:
            found = self._all.get(key)
        return found if found is not None and now - found.at <= KEPT_SECONDS else None

    def drop(self, key: Key) -> None:
        """Forget what waits under a key."""
        with self._lock:
            self._all.pop(key, None)


SHELF = Shelf()


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
    found = SHELF.get(_key(session), now=time.monotonic())
    if found is None:
        return
    st.session_state[HELD] = list(found.files)
    for file_id, said in found.said.items():
        if readas.chosen(file_id) != said:
            readas.choose(file_id, said)


def _fill_forms(session: Session) -> None:
    """What stood in the forms before a reload or another page stands there again."""
    found = SHELF.get(_key(session), now=time.monotonic())
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
        SHELF.put(key, Waiting(tuple(files), said, forms=_forms(files)), now=time.monotonic())
    else:
        SHELF.drop(key)
    address.put(PARAMETER, key[2] if files else "")


def _key(session: Session) -> Key:
    """Home, person, and a token that only this address knows."""
    token = st.session_state.get(TOKEN) or st.query_params.get(PARAMETER) or secrets.token_urlsafe(12)
    st.session_state[TOKEN] = token
    return str(session.home.path), session.who.name, str(token)
