"""From a sentence to a target: what was understood, what has to be asked, and the button."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import format_number
from kpi_tree.periods import label as period_label
from kpi_tree.periods import parse_period
from kpi_tree.plan.model import Plan, Target
from kpi_tree.ui.shell import cache, places
from kpi_tree.ui.shell.failures import refusals, show
from kpi_tree.ui.shell.session import Session, current, now
from kpi_tree.ui.shell.text import current_language, day, number, percent, plain, say, t
from kpi_tree.workspace.base.homes import calendar_of

SENTENCE = "goal_sentence"
ASKED = "_goal_asked"


def show_box(session: Session) -> None:
    """The sentence, and under it what we understood of it."""
    with st.form("goal_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            t("What do you want to reach?"),
            key=SENTENCE,
            placeholder=t("Increase sales 10% next quarter"),
            max_chars=300,
            icon=":material/flag:",
        )
        sent = st.form_submit_button(t("Go on"), type="primary", key="goal_go")
    if sent:
        st.session_state[ASKED] = st.session_state[SENTENCE]
    sentence = st.session_state.get(ASKED, "")
    if sentence.strip():
        with refusals():
            _understood(session, workspace.goal(session.home, session.who, sentence, on=session.at))


def _understood(session: Session, goal: Any) -> None:
    with st.container(border=True, key="goal_understood"):
        st.markdown(f"**{t('This is how I read it')}**")
        with st.container(horizontal=True, gap="xsmall"):
            for icon, words in _chips(session, goal):
                st.badge(plain(words), icon=f":material/{icon}:", color="gray")
        answers = {question.field: _answer(question) for question in goal.questions}
        shape = (
            "linear"
            if goal.low is not None
            else st.radio(
                t("How should the path to the target run?"),
                ["linear", "last_year"],
                format_func=lambda value: {
                    "linear": t("Evenly, day by day"),
                    "last_year": t("In the shape of the same days last year"),
                }[value],
                horizontal=True,
                key="goal_trajectory",
            )
        )
        with st.container(horizontal=True):
            if st.button(t("Set this target"), type="primary", icon=":material/check:", key="goal_set"):
                _set(session, goal, shape, answers)
            if st.button(t("Put it away"), key="goal_away", type="tertiary"):
                st.session_state.pop(ASKED, None)
                st.rerun()


def _answer(question: Any) -> Any:
    choices = list(question.choices)
    if not choices:
        return st.text_input(say(question.text), key=f"goal_{question.field}") or None
    usual = [choice.value for choice in choices]
    picked = st.radio(
        say(question.text),
        range(len(choices)),
        # Where nothing is likelier than the rest, nothing is chosen for the person.
        index=usual.index(question.default) if question.default in usual else None,
        format_func=lambda place: say(choices[place].label),
        key=f"goal_{question.field}",
    )
    return None if picked is None else choices[picked].value


def _chips(session: Session, goal: Any) -> list[tuple[str, str]]:
    """What was understood, one short text each."""
    lang = current_language()
    # "kr" says crowns and not whose: the shop's own currency is meant.
    said = goal.currency or ""
    coin = said if len(said) == 3 else session.settings.currency or None
    chips: list[tuple[str, str]] = []
    if goal.kpi:
        chips.append(("query_stats", kpi_name(session, goal.kpi)))
    if goal.change is not None:
        chips.append(("trending_up" if goal.change >= 0 else "trending_down", _change(goal)))
    if goal.value is not None:
        chips.append(("flag", number(goal.value, goal.unit, coin)))
    if goal.low is not None and goal.high is not None:
        ends = (number(goal.low, goal.unit, coin), number(goal.high, goal.unit, coin))
        chips.append(("swap_vert", t("Keep between {low} and {high}", low=ends[0], high=ends[1])))
    if goal.period is not None:
        named = period_label(goal.period, lang)
        span = f"{day(goal.period.start)} – {day(goal.period.last)}"
        chips.append(("date_range", named if span in named else f"{named} ({span})"))
    if goal.baseline:
        chips.append(("start", t("compared with {what}", what=baseline_words(goal.baseline))))
    return chips


def _change(goal: Any) -> str:
    size = abs(goal.change)
    sign = "+" if goal.change >= 0 else "−"
    if goal.change_kind == "percent":
        return f"{sign}{percent(size, 0 if round(size * 100, 6).is_integer() else 1)}"
    if goal.change_kind == "points":
        return f"{sign}{t('{n} percentage points', n=size * 100)}"
    return f"{sign}{format_number(size, current_language())}"


def baseline_words(name: str) -> str:
    """A baseline's name in words."""
    known: Mapping[str, str] = {
        "previous_period": t("the period before"),
        "same_period_last_year": t("the same period last year"),
        "current": t("the latest value"),
        "number": t("a number you gave"),
    }
    return known.get(name) or _period_words(name)


def _period_words(name: str) -> str:
    """A baseline's period by its own name; any other text as it is."""
    try:
        return period_label(parse_period(name, calendar_of(current().settings)), current_language())
    except KpiTreeError:
        return name


def kpi_name(session: Session, kpi: str) -> str:
    """A KPI's name: the catalogue's in the reader's language, else its id."""
    for known in workspace.kpis(session.home, session.who):
        if known.id == kpi:
            return str(known.text("name", current_language()))
    return kpi


def _set(session: Session, goal: Any, shape: str, answers: Mapping[str, Any]) -> None:
    given = {name: value for name, value in answers.items() if value is not None}
    before = cache.plan(session)
    known = dict(before.targets) if before else {}
    try:
        plan = workspace.set_goal(
            session.home,
            session.who,
            goal,
            plan_id=session.plan_id,
            today=session.at,
            base_revision=before.revision if before else None,
            trajectory=shape,
            now=now(),
            **given,
        )
    except KpiTreeError as error:
        show(error)
        return
    st.session_state.pop(ASKED, None)
    kpi = given.get("kpi", goal.kpi)
    st.toast(t("The target is set."), icon=":material/flag:")
    made = _new_target(plan, known)
    if made is None:
        places.go("kpi", id=str(plan.by_name_in_formula.get(kpi, kpi)))
    places.go("kpi", id=made.node, target=made.id)


def _new_target(plan: Plan, known: Mapping[str, Target]) -> Target | None:
    """The target that was not there before, or not like this."""
    return next((each for name, each in plan.targets.items() if known.get(name) != each), None)
