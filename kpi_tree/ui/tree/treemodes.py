"""Two more ways to look at the tree: why it moved, drawn along its lines, and what if, on its cards."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi_tree.i18n import Quantity, apart, format_change, format_value
from kpi_tree.plan.model import Plan
from kpi_tree.ui.causes import scenario, scenariokeep, supposing, why
from kpi_tree.ui.shell import address, cache
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, say, t
from kpi_tree.workspace import NodeView, WhatIf
from kpi_tree.workspace.causes.explained import Explained, in_words

MODES = ("plain", "why", "whatif")
Rows = list[dict[str, Any]]


def pick() -> str:
    """Which way, kept in the address; a link that names a comparison or a scenario means its mode."""
    return address.pick(t("Look at"), "mode", MODES, _usual(), _words, label_visibility="collapsed")


def mode() -> str:
    """The way chosen above."""
    return address.choice("mode", MODES, _usual())


def _usual() -> str:
    if st.query_params.get("why"):
        return "why"
    named = st.query_params.get(supposing.SET) or st.query_params.get(supposing.SCENARIO)
    return "whatif" if named else "plain"


def _words(name: str) -> str:
    return {"plain": t("As it stands"), "why": t("Why it moved"), "whatif": t("What if")}[name]


def bar(session: Session, plan: Plan) -> None:
    """What belongs to the mode, above the tree."""
    now = mode()
    if now == "plain":
        return
    top = _top(session, plan)
    if top is None:
        st.caption(t("The goal at the top needs a formula and a value for this, and no filter."))
        return
    with refusals(), st.container(border=True, key=f"mode_{now}"):
        if now == "why":
            _why(session, top)
        else:
            _whatif(session, top)


def _top(session: Session, plan: Plan) -> NodeView | None:
    root = plan.root()
    view = next((one for one in cache.tree(session) if one.id == root), None)
    if view is None or not view.formula or view.actual is None or session.lens.where:
        return None
    return None if session.lens.looks_back or view.start is None or view.end is None else view


def _why(session: Session, top: NodeView) -> None:
    against = why.pick_against(top)
    found = why.explained(session, top, against, "tree")
    st.markdown(" ".join(say(one) for one in found.words()))
    st.caption(t("The wider a line, the more came along it; each card says what it made of the difference."))


def _whatif(session: Session, top: NodeView) -> None:
    changes = supposing.asked(session, top.id)
    start = scenario.found_for(session, top.id, {})
    found = scenario.found_for(session, top.id, changes) if changes else start
    left, right = st.columns([3, 2], gap="large")
    with left:
        scenariokeep.bar(session, top.id, changes)
        levers = {one.id: one for one in start.levers}
        asked = st.query_params.get("node") or ""
        chosen = asked if asked in levers else next(iter(levers), "")
        if chosen:
            st.session_state["mode_lever"] = chosen
            st.selectbox(
                t("Driver: choose it here, or click its card"), list(levers), key="mode_lever", width=320,
                format_func=lambda one: in_words(levers[one].name, current_language()),
                on_change=lambda: address.put("node", st.session_state["mode_lever"]),
            )  # fmt: skip
            scenario.lever_row(session, top.id, levers[chosen], changes, start.currency)
    with right:
        scenario.result(found, bool(changes))


def dressed(session: Session, plan: Plan, rows: tuple[Rows, Rows]) -> tuple[Rows, Rows]:
    """Cards and lines as the mode shows them."""
    now = mode()
    top = _top(session, plan) if now != "plain" else None
    if top is None:
        return rows
    with refusals():
        if now == "why":
            return explained_rows(rows, why.explained(session, top, why.against_of(top), "tree"))
        changes = supposing.asked(session, top.id)
        if changes:
            return supposed_rows(rows, scenario.found_for(session, top.id, changes))
    return rows


def explained_rows(rows: tuple[Rows, Rows], found: Explained) -> tuple[Rows, Rows]:
    """Each card with what it made of the difference, each line as wide as what came along it."""
    lang = current_language()
    made: dict[str, float] = {found.node: found.delta}
    along: dict[tuple[str, str], float] = {}
    for part in found.parts:
        if part.value is None or part.unexplained or part.calendar:
            continue
        made[part.id] = made.get(part.id, 0.0) + part.value
        along[(part.parent, part.id)] = part.value
    most = max((abs(value) for value in along.values()), default=0.0) or 1.0
    good = 0 if found.direction == "range" else 1 if found.direction == "up" else -1

    def line(edge: dict[str, Any]) -> dict[str, Any]:
        value = along.get((edge["parent"], edge["child"]))
        if value is None:
            return edge
        way = "good" if value * good > 0 else "bad" if value * good < 0 else ""
        return {
            **edge,
            "weight": round(abs(value) / most, 3),
            "label": _signed(found, value, lang),
            "way": way,
        }

    cards = [
        {**card, "target_text": "", "then_text": "", "change_text": _signed(found, made[card["id"]], lang)}
        if card["id"] in made else card
        for card in rows[0]
    ]  # fmt: skip
    return cards, [line(edge) for edge in rows[1]]


def _signed(found: Explained | WhatIf, value: float | None, lang: str) -> str:
    unit = apart(found.unit)
    return Quantity(value, unit, found.currency, signed=True, compact=True).in_language(lang)


def supposed_rows(rows: tuple[Rows, Rows], found: WhatIf) -> tuple[Rows, Rows]:
    """Each card that moves with its value then beside its value now; what a person set is marked."""
    lang = current_language()
    moved = {one.id: one for one in found.moved}

    def card(one: dict[str, Any]) -> dict[str, Any]:
        node = moved.get(one["id"])
        if node is None:
            return one
        change = format_change(node.value / node.base - 1 if node.base else None, lang)
        # Two values beside each other leave no room for a currency.
        unit = "count" if node.unit == "money" else node.unit
        actual, was = (format_value(value, unit, lang, compact=True) for value in (node.value, node.base))
        mark = (
            {"diff": "changed", "status_text": t("supposed: {change}", change=change)} if node.given else {}
        )
        then = {"then_text": t("was {value}", value=was), "change_text": change}
        return {**one, "actual_text": actual, **then, **mark}

    return [card(one) for one in rows[0]], rows[1]
