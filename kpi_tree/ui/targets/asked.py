"""What was asked of the owners below a goal, what they said, and how far that carries it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import cache, parts, places
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import apart, current_language, day, plain, said, say, t
from kpi_tree.workspace import AskedView, Promises
from kpi_tree.workspace.targeting.promising import is_owner

LOOKS: Mapping[str, tuple[str, Literal["gray", "green", "orange"]]] = {
    "asked": ("hourglass_empty", "gray"),
    "accepted": ("handshake", "green"),
    "countered": ("swap_horiz", "orange"),
}


def promises_of(session: Session, plan: Plan, goal: str) -> Promises | None:
    """What was asked below a goal for the period that counts now; None where nobody was asked."""
    if not any(one.promise for one in plan.targets.values()) or not plan.nodes[goal].formula:
        return None

    def make() -> Promises:
        return workspace.promises(session.home, session.who, goal, plan_id=plan.id, at=session.at)

    try:
        found: Promises = cache.kept(session.bare, "promises", goal, make=make)
    except KpiTreeError:
        return None  # there is no target, or nothing to start from: the page says that where it belongs
    return found if found.asked else None


def line(session: Session, plan: Plan, goal: str | None) -> None:
    """One sentence: how far what is accepted carries a goal; with the way to what was asked."""
    found = promises_of(session, plan, goal) if goal else None
    if found is None:
        return
    st.caption(f":material/handshake: {say(found.words)}")
    words = t("What was asked, and of whom")
    places.link("goals", words, icon="arrow_forward", **{"as": "down", "goal": found.node})


def words(session: Session, plan: Plan, goal: str) -> str:
    """The same sentence as a text; empty where nobody was asked, or there is no target."""
    found = promises_of(session, plan, goal) if plan.targets_of(goal) else None
    return "" if found is None else said(found.words)


def show(session: Session, plan: Plan, goal: str) -> None:
    """The sentence, the bar, and a row for each one asked, with their answer."""
    found = promises_of(session, plan, goal)
    if found is None:
        return
    st.header(t("What the owners say"))
    st.markdown(say(found.words))
    way = found.target - found.start
    if way:
        share = (found.reached - found.start) / way
        parts.way(share, None, t("Share of the way that is accepted: {share}", share=f"{share:.0%}"))
    for one in found.asked:
        with refusals():
            _row(session, plan, found, one)


def _row(session: Session, plan: Plan, found: Promises, one: AskedView) -> None:
    def value(amount: float | None, beside: float | None) -> str:
        return plain(apart(amount, beside, one.unit, found.currency))

    icon, color = LOOKS[one.state]
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            places.link("kpi", f"**{plain(one.named(current_language()))}**", id=one.node)
            st.markdown(plain(one.owner) if one.owner else t("no owner yet"))
            st.badge(say(one.words), icon=f":material/{icon}:", color=color)
            st.space("stretch")
            _answers(session, plan, one)
        said = t(
            "Asked: {value}, from {base}", value=value(one.asked, one.base), base=value(one.base, one.asked)
        )
        if one.state == "accepted":
            said = t(
                "Accepted: {value}, from {base}",
                value=value(one.asked, one.base),
                base=value(one.base, one.asked),
            )
        st.markdown(said)
        if one.counter is not None:
            st.markdown(t("Offered instead: {value}", value=value(one.counter, one.base)))
        if one.reason:
            st.markdown(f"“{plain(one.reason)}”")
        if one.answered_on:
            on = plain(day(one.answered_on))
            who = t("noted by {who} on {day}", who=plain(one.answered_by), day=on)
            if one.answered_for:
                owner = plain(one.answered_for)
                who = t(
                    "noted by {who} for {owner} on {day}", who=plain(one.answered_by), owner=owner, day=on
                )
            st.caption(who)


def _answers(session: Session, plan: Plan, one: AskedView) -> None:
    key = f"{one.id}_{plan.revision}"
    if one.state != "accepted":
        words = t("Take the offer") if one.state == "countered" else t("Accept")
        if one.state == "countered" or is_owner(session.who.name, one.owner):
            if st.button(words, key=f"accept_{key}", icon=":material/check:"):
                _say(session, plan, one, "accept")
        else:
            with st.popover(words, icon=":material/check:", key=f"accept_{key}"):
                st.markdown(_standing_in(session, one))
                if st.button(_for_words(one), key=f"accept_for_{key}", type="primary"):
                    _say(session, plan, one, "accept")
    with st.popover(
        t("Offer another value"), type="tertiary", icon=":material/swap_horiz:", key=f"counter_{key}"
    ):
        _counter(session, plan, one, key)
    if one.state != "accepted" and st.button(
        t("Ask no longer"), key=f"drop_asked_{key}", type="tertiary", icon=":material/close:"
    ):
        _say(session, plan, one, "drop")


def _standing_in(session: Session, one: AskedView) -> str:
    """That the owner is somebody else: without a sign-in nobody can tell, so the person confirms it."""
    return t(
        "This was asked of **{owner}**; here you are {who}.",
        owner=plain(one.owner),
        who=plain(session.who.name),
    )


def _for_words(one: AskedView) -> str:
    return t("Yes, for {owner}", owner=plain(one.owner))


def _counter(session: Session, plan: Plan, one: AskedView, key: str) -> None:
    scale = 100.0 if one.unit == "percent" else 1.0
    with st.form(f"counter_form_{key}", border=False):
        start = one.counter if one.counter is not None else one.asked
        typed = st.number_input(
            t("I can promise (in percent)") if scale != 1 else t("I can promise"),
            value=float(f"{start * scale:.6g}"),
            key=f"counter_value_{key}",
            format="%g",
        )
        reason = st.text_input(t("Because"), key=f"counter_reason_{key}", max_chars=500)
        mine = is_owner(session.who.name, one.owner)
        if not mine:
            st.markdown(_standing_in(session, one))
        if st.form_submit_button(t("Offer this") if mine else _for_words(one), type="primary"):
            _say(session, plan, one, "counter", typed / scale, reason)


def _say(
    session: Session, plan: Plan, one: AskedView, answer: str, value: float | None = None, reason: str = ""
) -> None:
    try:
        workspace.answer_asked(
            session.home, session.who, one.id, answer, plan_id=plan.id, value=value, reason=reason,
            for_owner=one.owner, today=session.today, now=now(), base_revision=plan.revision,
        )  # fmt: skip
    except KpiTreeError as error:
        st.session_state["_refused"] = error
    st.rerun()
