"""What a person has begun to change: kept while others change the plan, saved on the revision it began on.

Streamlit forgets what was typed into a field once a run does not draw it: another card, another tab, another
page. So each run first takes over what the fields hold (:func:`keep`), and a form that comes back begins with
that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import changes
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import plain, t

Edits = Sequence[Mapping[str, Any]]


@dataclass
class Draft:
    """The fields of one subject as they stood when the person began.

    Args:
        base: field → value that the widgets began with. ``revision``: of the plan they were read from.
        epoch: counts fresh starts, so that the widgets of each have keys of their own.
        filled: how often a field was filled in from elsewhere; each time it gets a fresh widget, too.
        typed: the fields that differ from ``base``, as last seen.
        node: whose form it is, where it is that of a node.
    """

    subject: str
    base: dict[str, Any]
    revision: int
    epoch: int = 0
    filled: dict[str, int] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    node: str = ""

    def key(self, name: str) -> str:
        """The key of a field's widget."""
        turn = f".{self.filled[name]}" if name in self.filled else ""
        return f"draft_{self.subject}_{name}_{self.epoch}{turn}"

    def fill(self, name: str, value: Any) -> None:
        """Give a field another value than the person typed.

        Along with a click that comes at once the browser still sends what the widget showed before; a new key
        keeps that from taking the value back.
        """
        self.filled[name] = self.filled.get(name, 0) + 1
        st.session_state[self.key(name)] = value

    def note(self) -> None:
        """Take over what the fields hold; of one that is not on the page, what was seen last stays."""
        for name, value in self.base.items():
            key = self.key(name)
            if key in st.session_state:
                if st.session_state[key] == value:
                    self.typed.pop(name, None)
                else:
                    self.typed[name] = st.session_state[key]

    def bring_back(self) -> None:
        """Let the fields that come onto the page again begin with what was typed into them."""
        for name, value in self.typed.items():
            if self.key(name) not in st.session_state:
                st.session_state[self.key(name)] = value

    def touched(self) -> bool:
        """Whether the person has changed anything yet."""
        self.note()
        return bool(self.typed)

    def changed(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that differ from the start."""
        return {name: value for name, value in said.items() if value != self.base[name]}


def _all() -> dict[str, Draft]:
    """The drafts of this session by subject."""
    found: dict[str, Draft] = st.session_state.setdefault("_drafts", {})
    return found


def keep() -> None:
    """Take over what was typed anywhere: first in a run, before it is known what the run draws."""
    for draft in _all().values():
        draft.note()


def begin(plan: Plan, subject: str, now: Mapping[str, Any], *, node: str = "") -> Draft:
    """The draft of a plan's subject; a fresh one where the plan moved on and nothing was typed."""
    subject = f"{plan.id}.{subject}"
    kept = _all().get(subject)
    if kept is None or set(kept.base) != set(now):
        kept = Draft(subject, dict(now), plan.revision, (kept.epoch + 1) if kept else 0, node=node)
    elif kept.revision != plan.revision and not kept.touched():
        same = kept.base == dict(now)
        fresh = Draft(subject, dict(now), plan.revision, kept.epoch + 1, node=node)
        kept = replace(kept, revision=plan.revision) if same else fresh
    _all()[subject] = kept
    kept.note()
    kept.bring_back()
    return kept


def begun(plan: Plan, subject: str) -> bool:
    """Whether something is typed into a draft: then its form is open, whatever was clicked meanwhile."""
    kept = _all().get(f"{plan.id}.{subject}")
    return kept is not None and kept.touched()


def waiting(plan: Plan) -> dict[str, list[str]]:
    """The nodes of a plan into whose forms something is typed and not saved, each with its subjects."""
    found: dict[str, list[str]] = {}
    for draft in _all().values():
        if draft.node in plan.nodes and draft.subject.startswith(f"{plan.id}.") and draft.touched():
            found.setdefault(draft.node, []).append(draft.subject)
    return found


def drop(*subjects: str) -> None:
    """Start afresh from what stands."""
    for subject in subjects:
        kept = _all().get(subject)
        if kept is not None:
            _all()[subject] = Draft(subject, {}, 0, kept.epoch)


def buttons(
    session: Session,
    plan: Plan,
    draft: Draft,
    now: Mapping[str, Any],
    make: Callable[[], Edits],
    label: str,
) -> None:
    """Save; where somebody changed the same meanwhile, both values and the choice between them."""
    theirs = {name: value for name, value in now.items() if value != draft.base[name]}
    if theirs and draft.touched():
        shown = "; ".join(plain(_shown(value)) for value in theirs.values())
        st.warning(
            t(
                "Somebody changed this meanwhile. Now there: {value}. What you typed is still here.",
                value=shown,
            ),
            icon=":material/sync_problem:",
        )
    with st.container(horizontal=True, gap="small"):
        if st.button(label, type="primary", key=f"save_{draft.subject}"):
            _save(session, plan.with_(revision=draft.revision), draft.subject, make)
        if theirs and draft.touched():
            if st.button(t("Save mine over it"), key=f"over_{draft.subject}"):
                _save(session, plan, draft.subject, make)
            if st.button(t("Take theirs"), key=f"theirs_{draft.subject}", type="tertiary"):
                drop(draft.subject)
                st.rerun()
        else:
            discard(draft)


def discard(draft: Draft) -> None:
    """The button that takes away what was typed and not saved; nothing while there is none."""
    if draft.touched():
        st.button(
            t("Discard"), key=f"discard_{draft.subject}", type="tertiary", icon=":material/edit_off:",
            help=t("What you typed here is not saved yet. It stays while you look elsewhere."),
            on_click=drop, args=(draft.subject,),
        )  # fmt: skip


def _save(session: Session, based_on: Plan, subject: str, make: Callable[[], Edits]) -> None:
    if changes.edit_from(session, based_on, make):
        drop(subject)
    st.rerun()


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value) or "–"
    return "–" if value in (None, "") else str(value)
