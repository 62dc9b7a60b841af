"""The best plan: which planned actions to take for a budget and hours, and what a little more would buy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.i18n import Quantity, apart
from kpi_tree.ui.actions import actionbounds
from kpi_tree.ui.pieces import downloads, drawn, exports
from kpi_tree.ui.shell import address, cache, parts
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, plain, say, t
from kpi_tree.ui.shell.words import unit_words
from kpi_tree.workspace import ActionView, BestPlan
from kpi_tree.workspace.acting.bestplan import RULE, Step
from kpi_tree.workspace.acting.bestwords import best_words, next_words
from kpi_tree.workspace.causes.explained import in_words


def show(session: Session, actions: Sequence[ActionView]) -> None:
    """Budget and hours, then the plan that they buy."""
    currency = session.settings.currency or None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        budget = _amount(t("Budget ({unit})", unit=unit_words("money", currency)), "budget")
        hours = _amount(t("Hours in all"), "hours")
    st.caption(t("Left empty there is no bound. What you set stands in the address, so it can be sent on."))
    of_each, must = actionbounds.show(actions)
    with refusals():
        found: BestPlan = cache.kept(
            session.bare, "best_plan", budget, hours, tuple(of_each.items()), tuple(must),
            make=lambda: workspace.best_actions(
                session.home, session.who, at=session.at, budget=budget, capacity=hours,
                capacity_of=of_each, must=must, plan_id=session.plan_id,
            ),
        )  # fmt: skip
        if not found.options:
            parts.empty(
                t("No action is planned"),
                t("The best plan is chosen among the actions that are planned and say an effect."),
                "task_alt",
            )
            return
        _plan(session, found)


def _amount(label: str, name: str) -> float | None:
    """A bound that lives in the address."""
    key = f"best_{name}"
    try:
        said: float | None = float(st.query_params[name])
    except (KeyError, ValueError):
        said = None
    st.session_state[key] = said if said is not None and 0 <= said < 1e15 else None

    def keep() -> None:
        value = st.session_state[key]
        address.put(name, "" if value is None else f"{value:g}")

    found: float | None = st.number_input(
        label, key=key, value=None, min_value=0.0, step=1000.0 if name == "budget" else 10.0, format="%g",
        on_change=keep, width=220, placeholder=t("no bound"),
    )  # fmt: skip
    return found


def _plan(session: Session, found: BestPlan) -> None:
    st.markdown(f":material/checklist: **{say(best_words(found))}**")
    st.markdown(f":material/add_shopping_cart: {say(next_words(found))}")
    frame = table(found)
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        column_config={
            t("Action"): st.column_config.TextColumn(width="large"),
            t("Cost"): st.column_config.NumberColumn(format="localized"),
            str(frame.columns[-1]): st.column_config.NumberColumn(format="localized"),
        },
    )
    _curve(session, found)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(say(RULE))
        downloads.button(
            t("Save as CSV"), lambda: exports.csv_bytes(table(found)), f"{session.plan_id}-best-plan.csv",
            "text/csv", icon=":material/download:"
        )  # fmt: skip
    if found.under_way:
        names = ", ".join(plain(one.named(current_language())) for one in found.under_way)
        st.caption(t("Under way and kept, their cost and hours taken as spent: {names}", names=names))
    for note in found.notes:
        st.caption(f":material/info: {say(note)}")


def table(found: BestPlan) -> pd.DataFrame:
    """Every planned action: whether it is taken, what it costs, what it adds alone."""
    unit = t("points") if found.unit == "percent" else unit_words(found.unit, found.currency)
    scale = 100 if found.unit == "percent" else 1
    adds = t("Adds alone ({unit})", unit=unit)
    return pd.DataFrame([
        {
            t("Chosen"): one.taken,
            t("Action"): one.action.named(current_language()),
            t("Owner"): one.action.owner,
            t("Cost"): one.action.cost,
            t("Hours"): one.action.effort,
            adds: None if one.gain is None else float(f"{one.gain * scale:.4g}"),
        }
        for one in found.options
    ])  # fmt: skip


def _curve(session: Session, found: BestPlan) -> None:
    if len(found.curve) < 2:
        return
    lang = current_language()
    names = {one.action.id: one.action.named(lang) for one in found.options}
    goal = in_words(found.name, lang)
    money = unit_words("money", found.currency)
    title = t("What each budget brings to {name}", name=goal)

    def shown(step: Step) -> str:
        unit = apart(found.unit)
        gain = Quantity(step.gain, unit, found.currency, compact=True, signed=True).in_language(lang)
        return f"{gain} ← {Quantity(step.cost, 'money', found.currency).in_language(lang)}"

    def make(charts: Any, palette: Any) -> Any:
        words = charts.ChartWords(
            title=title, y=f"{goal} ({unit_words(found.unit, found.currency)})", value=t("Adds"),
            x=t("Budget ({unit})", unit=money), target=t("Your budget"),
        )  # fmt: skip
        steps = [
            charts.Bought(one.cost, one.gain, shown(one), ", ".join(names[i] for i in one.ids) or "–")
            for one in found.curve
        ]
        return charts.spend_chart(steps, found.budget, words, unit=found.unit, lang=lang, palette=palette)

    alt = f"{title}. " + "; ".join(shown(one) for one in found.curve[:12])
    drawn.draw(session.bare, "best_curve", found.budget, found.curve, make=make, alt=alt, extra=60)
