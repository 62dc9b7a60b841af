"""Undo and redo: what would be undone is said before it is done."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ui.shell import cache, changes
from kpi_tree.ui.shell.failures import rename, show
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, say, t
from kpi_tree.workspace import JournalLine


def next_steps(newest_first: Iterable[JournalLine]) -> tuple[JournalLine | None, JournalLine | None]:
    """The change that undo would take back, and the one that redo would make again."""
    done: list[JournalLine] = []
    undone: list[JournalLine] = []
    for line in reversed(list(newest_first)):
        if line.action == "undo" and done:
            undone.append(done.pop())
        elif line.action == "redo" and undone:
            done.append(undone.pop())
        elif line.action not in ("create", "undo", "redo"):
            done.append(line)
            undone.clear()
    return (done[-1] if done else None), (undone[-1] if undone else None)


def buttons(session: Session) -> None:
    """Two small buttons; each is off when it would do nothing."""
    if session.plan_id is None:
        return
    back, forth = cache.kept(session.bare, "steps", make=lambda: next_steps(cache.history(session)))
    if session.lens.structure or session.lens.targets:
        back = forth = None  # nobody takes back what is not on the page
    with st.container(horizontal=True, key="kt-history", gap="xsmall"):
        _button("undo", t("Undo"), back, session)
        _button("redo", t("Redo"), forth, session)


def _button(name: str, label: str, line: JournalLine | None, session: Session) -> None:
    st.button(
        label,
        key=name,
        icon=f":material/{name}:",
        disabled=line is None,
        help=_words(line) if line else t("Nothing to take back or to make again."),
        on_click=step,
        args=(name, session),
    )


def step(name: str, session: Session, led_to: changes.Outcome | None = None) -> None:
    """Runs before the page is drawn: no widget stands between the click and the change."""
    led_to = led_to or changes.outcome()
    verb = workspace.undo if name == "undo" else workspace.redo
    try:
        led_to.plan = verb(session.home, session.who, session.plan_id, now=now())
    except KpiTreeError as error:
        led_to.refused = error


def _words(line: JournalLine) -> str:
    lang = current_language()
    said = [say(word) for word in line.words[:4]] or [line.action]
    more = len(line.words) - 4
    if more > 0:
        said.append(t("and {n} more", n=more))
    return "  \n".join([*said, f"{t('by')} {line.who}" if lang == "en" else line.who])


def is_refused() -> bool:
    """Whether a refusal waits to be shown."""
    return "_refused" in st.session_state or changes.outcome().refused is not None


def show_refusal(session: Session) -> None:
    """The refusal of a click that was handled before this run, its nodes in the reader's names."""
    made = changes.outcome()
    error = st.session_state.pop("_refused", None) or made.refused
    if error is not None:
        views = cache.tree(session.bare) if session.plan_id else []
        rename(error, {name: view.name for view in views for name in (view.id, *view.names.values())})
        show(error)
        made.refused = None
