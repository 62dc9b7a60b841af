"""A readout on screen: the sentence, the intervals, the figures, what to mind, and the answer kept."""

from __future__ import annotations

import math
from typing import Any, Literal

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.analysis.arms import Arm
from kpi_tree.analysis.experiment import SRM
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import Quantity, format_number, translate
from kpi_tree.plan.model import Plan
from kpi_tree.ui.pieces import drawn
from kpi_tree.ui.shell import cache, failures
from kpi_tree.ui.shell.parts import Fact, facts
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, number, percent, plain, said, say, t
from kpi_tree.ui.shell.words import node_name
from kpi_tree.workspace import ExperimentView
from kpi_tree.workspace.acting.sizing import summary
from kpi_tree.workspace.acting.trials import METRICS, Compared


def show(session: Session, found: ExperimentView) -> None:
    """The readout."""
    for place in range(len(found.questions)):
        words = say(summary(found, place))
        metric = f"**{say(METRICS[found.questions[place].metric])}**: " if len(found.questions) > 1 else ""
        st.markdown(f"### {words}" if len(found.questions) == 1 else f"{metric}{words}")
    if found.split < SRM:
        st.error(say(found.notes[0]), icon=":material/error:")
    _chart(session, found)
    _table(session, found)
    _guards(session, found)
    _facts(found)
    remarks = {
        translate(one.found.remark, "en"): one.found.remark for one in found.questions if one.found.remark
    }
    for note in (*remarks.values(), *(found.notes[1:] if found.split < SRM else found.notes)):
        st.caption(say(note))
    _keep(session, found)


def _name(found: ExperimentView, one: Compared) -> str:
    arms = f"{one.found.b.name} / {one.found.a.name}"
    return (
        f"{said(METRICS[one.metric])}: {arms}" if len({each.metric for each in found.questions}) > 1 else arms
    )


def _signed(value: float) -> str:
    return Quantity(value, "percent", signed=True).in_language(current_language())


def _chart(session: Session, found: ExperimentView) -> None:
    known = [one for one in found.questions if one.found.a.mean and math.isfinite(one.found.low)]
    if not known:
        if not all(one.found.a.mean for one in found.questions):
            st.caption(t("The control shows nothing, so no change in percent of it can be drawn."))
        return

    def make(charts: Any, palette: Any) -> Any:
        lines = []
        for one in known:
            base = abs(one.found.a.mean)
            low, middle, high = one.found.low / base, one.found.absolute / base, one.found.high / base
            shown = f"{_signed(middle)} ({_signed(low)} – {_signed(high)})"
            lines.append(charts.Reach(_name(found, one), low, middle, high, shown))
        words = charts.ChartWords(title=t("How far apart the arms are"), y="", value=_axis(found))
        return charts.intervals_chart(lines, words, lang=current_language(), palette=palette)

    alt = " ".join(said(summary(found, place)) for place in range(len(found.questions)))
    key = tuple((one.metric, one.found.a, one.found.b, one.found.test) for one in found.questions)
    drawn.draw(session.bare, "experiment", found.name, key, make=make, alt=alt)


def _axis(found: ExperimentView) -> str:
    level = percent(found.questions[0].found.level)
    return t("Change against the control, with its {level} interval", level=level)


def _table(session: Session, found: ExperimentView) -> None:
    def value(amount: float, metric: str) -> str:
        if metric == "conversion":
            return percent(amount, 2)
        return number(amount, "money", session.settings.currency)

    rows = [
        {
            t("Question"): _name(found, one),
            t("Control"): value(one.found.a.mean, one.metric),
            t("Arm"): value(one.found.b.mean, one.metric),
            t("Difference"): f"{value(one.found.low, one.metric)} … {value(one.found.high, one.metric)}",
            t("P-value"): format_number(one.adjusted, current_language(), decimals=4),
            t("Probability to be better"): percent(one.found.better, 1),
        }
        for one in found.questions
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content")


def metric_words(metric: str) -> str:
    """A metric's name: one of ours in the reader's language, a column's as the file has it."""
    return said(METRICS[metric]) if metric in METRICS else metric


GUARD_LOOKS: dict[str, tuple[str, Literal["green", "gray", "red"]]] = {
    "held": ("shield", "green"),
    "open": ("help", "gray"),
    "broken": ("gpp_bad", "red"),
}


def _guards(session: Session, found: ExperimentView) -> None:
    """Each guardrail with a badge, what it was in both arms, and the interval of its change."""
    words = {"held": t("held"), "open": t("not settled"), "broken": t("broken")}
    for one in found.guarded:
        icon, color = GUARD_LOOKS[one.state]
        arms = f" · {plain(one.found.b.name)} / {plain(one.found.a.name)}" if len(found.arms) > 2 else ""
        a, b = (_level(session, one.rail.metric, arm) for arm in (one.found.a, one.found.b))
        base = abs(one.found.a.mean)
        reach = ""
        if base and math.isfinite(one.found.low):
            reach = f" ({_signed(one.found.low / base)} – {_signed(one.found.high / base)})"
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(words[one.state], icon=f":material/{icon}:", color=color)
            st.markdown(plain(f"{metric_words(one.rail.metric)}{arms}: {a} → {b}{reach}"))
    if found.guarded:
        st.caption(t("Guardrails are each read alone: an alarm too many costs less here than one too few."))


def _level(session: Session, metric: str, arm: Arm) -> str:
    if arm.squares is None:
        return percent(arm.mean, 2)
    return number(arm.mean, "money" if metric == "value" else "ratio", session.settings.currency)


def _facts(found: ExperimentView) -> None:
    first = found.questions[0].found
    units = " / ".join(number(arm.units, "count") for arm in found.arms)
    shown = [
        Fact(t("In each arm"), units, t("an uneven split is chance: {p}", p=percent(found.split, 1))),
        Fact(t("Test"), _TESTS[first.test](), t("interval and p-value by the same")),
    ]
    if first.power is not None and first.needed is not None:
        least = percent(first.least)
        shown.append(Fact(t("Chance to see {least}", least=least), percent(first.power),
                          t("{n} units an arm would give {aimed}", n=number(first.needed, "count"),
                            aimed=percent(first.aimed))))  # fmt: skip
    facts(shown)


_TESTS = {
    "score": lambda: t("score test of two rates"),
    "fisher": lambda: t("Fisher's exact test (few conversions)"),
    "welch": lambda: t("Welch's t-test of two means"),
    "sequential": lambda: t("sequential test, true at any time"),
}


def _keep(session: Session, found: ExperimentView) -> None:
    """The answer as evidence on a line that somebody believes in."""
    plan = cache.plan(session)
    lines = [edge for edge in plan.links.values() if edge.kind == "influence"] if plan else []
    if plan is None or session.looks_back:
        return
    with st.expander(t("Keep the answer on the tree"), icon=":material/account_tree:"):
        if not lines:
            st.caption(
                t("The tree has no line of influence yet; draw one, and an experiment can support it.")
            )
            return
        names = {edge.key: _line_words(plan, *edge.key) for edge in lines}
        chosen = st.selectbox(t("It is about"), list(names), format_func=lambda key: names[key])
        questions = range(len(found.questions))
        asked = 0
        if len(questions) > 1:
            asked = st.selectbox(
                t("Question"), questions, format_func=lambda n: _name(found, found.questions[n])
            )
        if st.button(t("Keep it"), type="primary", icon=":material/check:"):
            try:
                workspace.keep_answer(
                    session.home, session.who, *chosen, found, question=asked, on=session.today,
                    plan_id=plan.id, now=now(),
                )  # fmt: skip
            except KpiTreeError as error:
                failures.show(error)
                return
            st.toast(t("It stands on the line now."), icon=":material/check:")
            st.rerun()


def _line_words(plan: Plan, parent: str, child: str) -> str:
    below, above = (node_name(plan.nodes[one]) for one in (child, parent))
    return t("{below} moves {above}", below=plain(below), above=plain(above)).replace("\\", "")
