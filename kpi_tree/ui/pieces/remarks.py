"""Check-ins and comments on screen: the small form, and what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Literal

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError, NotFound
from kpi_tree.ui.shell import address, cache, failures, person, places
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, day, number, plain, said, t
from kpi_tree.workspace import RemarkView
from kpi_tree.workspace.acting.counting import typed_by_hand
from kpi_tree.workspace.acting.remarking import CONFIDENCE
from kpi_tree.workspace.causes.explained import in_words

SHOWN = 20
_GONE, _SAVED = "_remark_gone", "_remark_saved"
_EMPTY = {"value": None, "sure": None, "changed": "", "next": "", "decided": False}
LOOKS: Mapping[str, tuple[str, Literal["green", "orange", "red"]]] = {
    "high": ("sentiment_satisfied", "green"),
    "medium": ("sentiment_neutral", "orange"),
    "low": ("sentiment_dissatisfied", "red"),
}


def confidence_word(name: str) -> str:
    """A confidence as a word."""
    return said(CONFIDENCE[name])


def of(
    session: Session, node: str | None = None, who: str | None = None, kind: str | None = None
) -> list[RemarkView]:
    """What was said up to the day looked at, the latest first."""
    found: list[RemarkView] = cache.kept(
        session.bare, "remarks", session.remarks, session.at, node, who, kind,
        make=lambda: workspace.remarks(
            session.home, session.who, session.plan_id, node=node, person=who, kind=kind, until=session.at
        ),
    )  # fmt: skip
    return found


def section(session: Session, node: str, unit: str | None, *, action: bool = False) -> None:
    """All about one box: the form, then what was said."""
    st.header(t("Check-ins and comments"))
    found = of(session, node)
    if not session.looks_back:
        with st.expander(t("Check in or comment"), icon=":material/rate_review:", expanded=not found):
            person.picker(session)
            form(session, node, unit, action=action)
    feed(session, found, named=False)


def form(session: Session, node: str, unit: str | None, *, action: bool = False) -> None:
    """Value, confidence, what changed, what next: one line, Enter sends it. Text alone is a comment."""
    share = action or unit == "percent"
    if st.session_state.pop(_SAVED, None) == node:  # not on submitting: what is refused stays as it was typed
        for name, empty in _EMPTY.items():
            st.session_state[f"ci_{name}_{node}"] = empty
    with st.form(f"check_in_{node}", border=False, enter_to_submit=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            label = t("Share done, %") if action else t("Value, %") if share else t("Value")
            value = st.number_input(label, value=None, key=f"ci_value_{node}", format="%g", width=120)
            counts = not action and _counts(session, node)
            sure = st.segmented_control(
                t("Confidence"),
                list(CONFIDENCE),
                key=f"ci_sure_{node}",
                format_func=lambda name: f":material/{LOOKS[name][0]}: {confidence_word(name)}",
                help=t("How sure you are that the target will be reached."),
            )
        changed = st.text_input(t("What changed"), key=f"ci_changed_{node}", max_chars=2000,
                                placeholder=t("@name speaks to somebody"))  # fmt: skip
        following = st.text_input(t("What next"), key=f"ci_next_{node}", max_chars=2000)
        if counts:
            st.caption(t("No data speak of this KPI: your value counts as its value of today."))
        elif not action:
            st.caption(t("Its numbers come from data: your value is a remark beside them."))
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            asked = st.form_submit_button(t("Save"), type="primary", icon=":material/check:")
            decided = st.toggle(
                t("This is a decision"), key=f"ci_decided_{node}",
                help=t("Decisions are listed by themselves, and in the meeting file."),
            )  # fmt: skip
        if asked:
            scaled = value / 100 if share and value is not None else value
            _save(session, node, scaled, sure, changed, following, decided)


def _counts(session: Session, node: str) -> bool:
    """Whether a value said here is the KPI's value, since nothing else speaks of it."""
    plan = cache.plan(session)
    box = plan.nodes.get(node) if plan is not None else None
    found: bool = cache.kept(session.bare, "by_hand", node, make=lambda: typed_by_hand(session.home, box))
    return found


def _save(
    session: Session, node: str, value: float | None, sure: str | None, changed: str, following: str,
    decided: bool,
) -> None:  # fmt: skip
    home, who, by = session.home, session.who, person.me()
    try:
        if decided:
            workspace.comment(
                home, who, node, changed, decision=True, next_step=following, person=by,
                plan_id=session.plan_id, now=now(),
            )  # fmt: skip
            if value is not None or sure is not None:
                workspace.check_in(home, who, node, value=value, confidence=sure, person=by,
                                   plan_id=session.plan_id, now=now())  # fmt: skip
        elif value is None and sure is None and changed.strip() and not following.strip():
            workspace.comment(home, who, node, changed, person=by, plan_id=session.plan_id, now=now())
        else:
            workspace.check_in(
                home, who, node, value=value, confidence=sure, changed=changed, next_step=following,
                person=by, plan_id=session.plan_id, now=now(),
            )  # fmt: skip
    except KpiTreeError as error:
        failures.show(error)
        return
    st.toast(t("Saved."), icon=":material/check:")
    st.session_state[_SAVED] = node
    st.rerun()


def feed(session: Session, found: Sequence[RemarkView], *, named: bool = True) -> None:
    """What was said, the latest first; the rest behind a button."""
    _bring_back(session)
    if not found:
        st.caption(t("Nothing was said yet."))
        return
    most = SHOWN if address.choice("said", ("all",), "") != "all" else len(found)
    for one in found[:most]:
        _one(session, one, named)
    if len(found) > most:
        st.button(
            t("Show all {n}", n=len(found)), key="remarks_all", type="tertiary",
            icon=":material/expand_more:", on_click=address.put, args=("said", "all"),
        )  # fmt: skip


def _one(session: Session, one: RemarkView, named: bool) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_head(session, one))
            if one.kind == "decision":
                st.badge(t("Decision"), icon=":material/gavel:", color="blue")
            if one.counts:
                words = t("It is the KPI's value of that day; it is withdrawn with the check-in.")
                st.badge(t("Counts"), icon=":material/database:", color="gray", help=words)
            if one.confidence:
                icon, color = LOOKS[one.confidence]
                st.badge(confidence_word(one.confidence), icon=f":material/{icon}:", color=color,
                         help=t("Confidence that the target will be reached"))  # fmt: skip
            if named:
                places.link(
                    "kpi", plain(in_words(one.node_name, current_language())), icon="query_stats", id=one.node
                )
        if one.said:
            st.markdown(plain_lines(one.said))
        if one.next:
            st.markdown(t("**Next:** {text}", text=plain(one.next)))
        if not session.looks_back:
            _tools(session, one)


def _head(session: Session, one: RemarkView) -> str:
    value = ""
    if one.value is not None:
        value = f" · **{plain(number(one.value, one.unit, session.settings.currency))}**"
    return f"{plain(one.person)} · {plain(day(one.day))}{value}"


def plain_lines(text: str) -> str:
    """A text of several lines, letter by letter."""
    return "  \n".join(plain(line) for line in text.splitlines())


def _tools(session: Session, one: RemarkView) -> None:
    with st.container(horizontal=True, gap="small"):
        with st.popover(t("Change"), icon=":material/edit:", type="tertiary", key=f"remark_edit_{one.id}"):
            _editor(session, one)
        st.button(
            t("Delete"), key=f"remark_delete_{one.id}", icon=":material/delete:", type="tertiary",
            on_click=_delete, args=(session, one),
        )  # fmt: skip


def _editor(session: Session, one: RemarkView) -> None:
    said = st.text_area(
        t("What changed"), one.said, key=f"remark_said_{one.id}_{one.revision}", max_chars=2000
    )
    following = st.text_input(
        t("What next"), one.next, key=f"remark_next_{one.id}_{one.revision}", max_chars=2000
    )
    kind = one.kind
    if kind != "check_in":
        decided = st.toggle(
            t("This is a decision"), kind == "decision", key=f"remark_decided_{one.id}_{one.revision}"
        )
        kind = "decision" if decided else "comment"
    if st.button(t("Save"), key=f"remark_save_{one.id}", type="primary"):
        try:
            workspace.change_remark(
                session.home, session.who, one.id, said=said, next=following, kind=kind,
                based_on=one.revision, now=now(),
            )  # fmt: skip
        except KpiTreeError as error:
            failures.show(error)
            return
        st.rerun()


def _delete(session: Session, one: RemarkView) -> None:
    try:
        workspace.delete_remark(session.home, session.who, one.id, now=now())
    except KpiTreeError:
        return  # somebody else was faster: it is gone, as asked
    st.session_state[_GONE] = one.id


def _bring_back(session: Session) -> None:
    gone = st.session_state.get(_GONE)
    if not gone:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t("Deleted."))
        st.button(
            t("Bring back"), key="remark_back", icon=":material/undo:", type="tertiary",
            on_click=_back, args=(session, gone),
        )  # fmt: skip


def _back(session: Session, gone: str) -> None:
    st.session_state.pop(_GONE, None)
    with suppress(NotFound):  # somebody else was faster: it is back, as asked
        workspace.bring_back_remark(session.home, session.who, gone, now=now())
