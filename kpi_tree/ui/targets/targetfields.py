"""The fields of the target editor: what is to be reached, when, from where and by which path."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import format_date
from kpi_tree.periods import Grain, period_of
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import changes
from kpi_tree.ui.shell.drafts import Draft
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, number, t
from kpi_tree.ui.shell.words import span_words
from kpi_tree.ui.targets.targetdraft import CUSTOM, Subject, period_from_key, period_key
from kpi_tree.workspace.base.homes import calendar_of

KINDS = ("goal", "floor", "stretch", "guardrail")
PATHS = ("linear", "last_year", "step", "weights", "custom")


def what(about: Subject, draft: Draft) -> dict[str, Any]:
    """Kind, and value, change or range."""
    said: dict[str, Any] = {}
    said["kind"] = st.segmented_control(
        t("Kind"), KINDS, default=draft.base["kind"], key=draft.key("kind"), format_func=kind_words,
        required=True,
        help=t("The goal rules the verdict. A floor and a stretch goal are further lines, each met or not. "
               "A guardrail is a limit that must hold while something else is pushed. "
               "Without a goal the floor or guardrail rules."),
    )  # fmt: skip
    modes = ["value", "percent", "range"]
    said["mode"] = st.segmented_control(
        t("To reach"), modes, default=draft.base["mode"], key=draft.key("mode"), format_func=_mode_words,
        required=True,
    )  # fmt: skip
    unit = t("in percent") if about.scale != 1 else about.currency if about.unit == "money" else ""
    note = f" ({unit})" if unit else ""

    def amount(name: str, label: str) -> float | None:
        typed: float | None = st.number_input(
            label, value=draft.base[name], key=draft.key(name), format="%g", width=220
        )
        return typed

    with st.container(horizontal=True):
        if said["mode"] == "range":
            said["low"], said["high"] = amount("low", t("Lowest") + note), amount("high", t("Highest") + note)
        elif said["mode"] == "percent":
            said["change"] = amount("change", t("Change in percent of the baseline"))
        else:
            said["value"] = amount("value", t("Value") + note)
    return said


def when(session: Session, draft: Draft) -> dict[str, Any]:
    """The period: fiscal quarters, months, years by the shop's calendar, or two days."""
    options = _periods(session, draft)
    said: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        said["period"] = st.selectbox(
            t("Period"), options, index=options.index(draft.base["period"]), key=draft.key("period"),
            width=280,
            format_func={one: _period_words(one) for one in options}.__getitem__,
        )  # fmt: skip
        if said["period"] == CUSTOM:
            said["first"] = st.date_input(
                t("First day"), value=draft.base["first"], key=draft.key("first"), width=180
            )
            said["last"] = st.date_input(
                t("Last day"), value=draft.base["last"], key=draft.key("last"), width=180
            )
    return said


def _period_words(key: str) -> str:
    return t("Two days of your own") if key == CUSTOM else span_words(period_from_key(key))


def _periods(session: Session, draft: Draft) -> list[str]:
    calendar = calendar_of(session.settings)
    found = [draft.base["period"]]
    for grain, count in ((Grain.QUARTER, 4), (Grain.MONTH, 6), (Grain.YEAR, 2)):
        now = period_of(session.at, grain, calendar)
        found += [period_key(now.shift(n)) for n in range(count)]
    return [*dict.fromkeys(found), CUSTOM]


def whence(about: Subject, draft: Draft) -> dict[str, Any]:
    """The baseline, by a word that the data answer or as a number."""
    one = about.target
    options = ["asis"] if one else []
    options += ["same_period_last_year", "previous_period", "number", "none"]
    kept = number(one.baseline, about.unit, about.currency) if one and one.baseline is not None else "–"
    words = {
        "asis": t("as it is ({value})", value=kept),
        "same_period_last_year": t("the same period last year"),
        "previous_period": t("the latest whole period before"),
        "number": t("a number"),
        "none": t("none"),
    }
    said: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        said["baseline"] = st.selectbox(
            t("Measured from"), options, index=options.index(draft.base["baseline"]), width=280,
            key=draft.key("baseline"), format_func=words.__getitem__,
        )  # fmt: skip
        if said["baseline"] == "number":
            said["number"] = st.number_input(
                t("Baseline"), value=draft.base["number"], key=draft.key("number"), format="%g", width=220
            )
    return said


def path(session: Session, plan: Plan, about: Subject, draft: Draft) -> dict[str, Any]:
    """The path and what it is made from."""
    said: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        said["path"] = st.selectbox(
            t("Path"), PATHS, index=PATHS.index(draft.base["path"]), key=draft.key("path"), width=280,
            format_func=path_words,
        )  # fmt: skip
        if said["path"] != CUSTOM:
            said["events"] = st.checkbox(
                t("Known events bend it"), value=draft.base["events"], key=draft.key("events"),
                help=t("Campaigns and closures, listed below the targets."),
            )  # fmt: skip
    if said["path"] == "weights":
        said |= _weights(session, plan, about, draft)
    if said["path"] == CUSTOM:
        said["points"] = st.text_area(
            t("Milestones: a day and a value on each line; a table from a spreadsheet can be pasted"),
            value=draft.base["points"], key=draft.key("points"), height=120,
            placeholder="2026-10-31\t1200",
        )  # fmt: skip
    return said


def _weights(session: Session, plan: Plan, about: Subject, draft: Draft) -> dict[str, Any]:
    lang = current_language()
    said: dict[str, Any] = {}
    st.caption(t("1 is an ordinary day, 0 a closed one, 2 one that brings twice as much."))
    st.button(
        t("Take them from the data"), key=f"usual_{draft.subject}", icon=":material/query_stats:",
        on_click=_usual, args=(session, plan, about.node.id, draft),
    )  # fmt: skip
    names = [format_date(date(2024, 1, 1 + n), lang, width="EEE") for n in range(7)]
    names += [format_date(date(2024, 1 + n, 1), lang, width="LLL") for n in range(12)]
    keys = [f"w{n}" for n in range(7)] + [f"m{n}" for n in range(12)]
    for first, last in ((0, 7), (7, 19)):
        with st.container(horizontal=True, gap="small"):
            for name, label in list(zip(keys, names, strict=True))[first:last]:
                said[name] = st.number_input(
                    label, min_value=0.0, max_value=1000.0, value=float(draft.base[name]), step=0.1,
                    format="%g",                    key=draft.key(name), width=112,
                )  # fmt: skip
    return said


def _usual(session: Session, plan: Plan, node: str, draft: Draft) -> None:
    """Fill the weights in from the node's own days, before the fields are drawn."""
    try:
        found = workspace.usual_weights(session.home, session.who, node, plan_id=plan.id, at=session.at)
    except KpiTreeError as error:
        changes.outcome().refused = error
        return
    for name, values in (("w", found.weekdays), ("m", found.months)):
        for n, value in enumerate(values):
            draft.fill(f"{name}{n}", value)


def kind_words(kind: str) -> str:
    """A kind of target as a reader says it."""
    return {
        "goal": t("Goal"), "floor": t("Floor"), "stretch": t("Stretch goal"), "guardrail": t("Guardrail"),
    }[kind]  # fmt: skip


def _mode_words(mode: str) -> str:
    return {"value": t("A value"), "percent": t("A change"), "range": t("Keep between")}[mode]


def path_words(trajectory: str) -> str:
    """A trajectory as a reader says it."""
    known = {
        "linear": t("evenly"),
        "step": t("at once"),
        "last_year": t("as last year"),
        "weights": t("by weekday and month"),
        "custom": t("drawn by hand"),
    }
    return known.get(trajectory, trajectory)
