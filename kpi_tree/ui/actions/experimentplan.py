"""How many people and days the next experiment needs."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.analysis.sample_size import Size
from kpi_tree.ui.shell import address, cache, parts
from kpi_tree.ui.shell.parts import Fact
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, nt, number, percent, t

OWN = "own"
LEASTS = (1, 2, 5, 10, 15, 20, 30, 50)


def show(session: Session) -> None:
    """The questions on the left, the answer on the right."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        kpi = _which(session)
        base = None
        daily = None
        if kpi == OWN:
            base = st.number_input(t("Rate now, %"), 0.01, 99.0, 3.0, format="%g", key="plan_base") / 100
            daily = st.number_input(t("Taking part each day"), min_value=0, value=None, key="plan_daily")
        least = st.select_slider(
            t("The change that would matter"), LEASTS, 10, format_func=lambda one: percent(one / 100),
            key="plan_least",
        )  # fmt: skip
        arms = int(st.number_input(t("Arms, the control counted"), 2, 10, 2, key="plan_arms"))
        power = st.select_slider(
            t("Chance to see it if it is there"), (70, 80, 90, 95), 80,
            format_func=lambda one: percent(one / 100), key="plan_power",
        )  # fmt: skip
    size: Size = cache.kept(
        session.bare, "plan_experiment", kpi, base, daily, least, arms, power,
        make=lambda: workspace.plan_experiment(
            session.home, session.who, at=session.at, kpi=kpi if kpi != OWN else None, base=base,
            effect=least / 100,
            daily=daily or None, power=power / 100, arms=arms,
        ),
    )  # fmt: skip
    with right:
        _answer(size)


def _which(session: Session) -> str:
    every = {kpi.id: kpi for kpi in workspace.kpis(session.home, session.who) if kpi.unit == "percent"}
    names = [OWN, *sorted(every, key=lambda one: every[one].text("name", current_language()))]
    usual = "conversion_rate" if "conversion_rate" in every and session.data else OWN
    if "plan_kpi" not in st.session_state:
        st.session_state["plan_kpi"] = address.choice("kpi", names, usual)
    return str(
        st.selectbox(
            t("What it is to move"), names, key="plan_kpi",
            format_func=lambda one: (
                every[one].text("name", current_language()) if one != OWN else t("A rate of my own")
            ),
            on_change=lambda: address.put("kpi", st.session_state["plan_kpi"]),
        )
    )  # fmt: skip


def _answer(size: Size) -> None:
    parts.headline(number(size.an_arm, "count"), "", t("People or sessions in each arm"))
    shown = [
        Fact(t("In all arms"), number(size.units, "count")),
        Fact(t("From"), percent(size.base, 2), t("to {rate}", rate=percent(size.base + size.effect, 2))),
    ]
    if size.days is not None:
        shown.append(Fact(t("It takes"), nt("{n} day", "{n} days", size.days), t("whole weeks")))
    parts.facts(shown)
    if size.days is not None and size.days > 56:
        st.caption(t("That is long: look for a bigger change, or try it where more people pass."))
    st.caption(
        t('Read it once, at the end; to look before, switch on "It is still running" when you read it out.')
    )
