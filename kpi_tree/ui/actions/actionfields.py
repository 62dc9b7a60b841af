"""The fields of an action as widgets, and the edits that a changed form asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from kpi_tree.catalogue.suggestions import KINDS, kind_words
from kpi_tree.plan.action_fields import ACTION_STATES, COURSES
from kpi_tree.plan.action_ties import refuse_ties
from kpi_tree.plan.model import Node, Plan
from kpi_tree.ui.actions.actionwords import state_words
from kpi_tree.ui.shell.drafts import Draft
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import said as in_words
from kpi_tree.ui.shell.text import t
from kpi_tree.ui.shell.words import unit_words

NUMBERS = ("cost", "effort", "effect_delay", "effect_days")
WHOLE = ("effect_delay", "effect_days")


def fields_of(node: Node, scale: float) -> dict[str, Any]:
    """What the form holds of an action; an effect on a percentage in points, the confidence in percent."""
    found: dict[str, Any] = {
        name: getattr(node, name)
        for name in (
            "name", "owner", "state", "start", "due", "effect_course", "action_kind", "control", "experiment",
            "notes", *NUMBERS,
        )
    }  # fmt: skip
    found["state"] = node.state or "planned"
    found["effect_course"] = node.effect_course or ""
    effect, sure = node.expected_effect, node.confidence
    found["expected_effect"] = None if effect is None else round(effect * scale, 10)
    found["confidence"] = None if sure is None else round(sure * 100)
    found["links"] = "\n".join(node.links)
    for name in ("needs", "excludes"):
        found[name] = list(getattr(node, name))
    return found


def draw(session: Session, plan: Plan, node: Node | None, draft: Draft, unit: str | None) -> dict[str, Any]:
    """The widgets; answers what they say."""
    said = _who(plan, draft)
    said |= _when(draft)
    said |= _effect(session, draft, unit)
    with st.expander(
        t("Cost, what it waits for, how it is measured"), icon=":material/tune:", key=draft.key("more")
    ):
        said |= _more(session, plan, node, draft)
    return said


def _text(label: str, name: str, draft: Draft, where: Any = st, **more: Any) -> str:
    key = draft.key(name)
    if key not in st.session_state:
        st.session_state[key] = draft.base[name]
    return str(where.text_input(label, key=key, max_chars=200, **more))


def _pick(
    label: str, name: str, options: list[Any], draft: Draft, words: Any, where: Any = st, **more: Any
) -> Any:
    key = draft.key(name)
    if key not in st.session_state:
        st.session_state[key] = draft.base[name]
    if st.session_state[key] not in options:
        options = [*options, st.session_state[key]]
    return where.selectbox(label, options, key=key, format_func=words, **more)


def _number(label: str, name: str, draft: Draft, where: Any = st, **more: Any) -> float | None:
    key = draft.key(name)
    if key not in st.session_state:
        value = draft.base[name]
        st.session_state[key] = value if value is None or name in WHOLE else float(value)
    whole: dict[str, Any] = {"step": 1} if name in WHOLE else {"format": "%g"}
    found: float | None = where.number_input(label, key=key, value=None, **whole, **more)
    return found


def _day(label: str, name: str, draft: Draft, where: Any, **more: Any) -> date | None:
    key = draft.key(name)
    if key not in st.session_state:
        st.session_state[key] = draft.base[name]
    found: date | None = where.date_input(label, key=key, value=None, **more)
    return found


def _who(plan: Plan, draft: Draft) -> dict[str, Any]:
    name = _text(t("What is to be done?"), "name", draft)
    left, middle, right = st.columns(3)
    owners = sorted({node.owner for node in plan.nodes.values() if node.owner})
    owner = _pick(
        t("Owner"), "owner", ["", *owners], draft, lambda one: one or t("nobody yet"), left,
        accept_new_options=True,
    )  # fmt: skip
    state = _pick(t("State"), "state", list(ACTION_STATES), draft, state_words, middle)
    kind = _pick(
        t("Kind"), "action_kind", ["", *KINDS], draft,
        lambda one: in_words(kind_words(one)) if one else t("none"), right, accept_new_options=True,
        help=t("The score is kept by kind, and the next one's effect is suggested from it."),
    )  # fmt: skip
    return {"name": name, "owner": owner or "", "state": state, "action_kind": kind or ""}


def _when(draft: Draft) -> dict[str, Any]:
    one, two, three, four = st.columns(4)
    return {
        "start": _day(t("Starts"), "start", draft, one),
        "due": _day(t("Due"), "due", draft, two),
        "effect_delay": _number(
            t("Days until it shows"), "effect_delay", draft, three, min_value=0, max_value=731,
            help=t("From its start. Empty: at once."),
        ),
        "effect_days": _number(
            t("Days in the window"), "effect_days", draft, four, min_value=1, max_value=731,
            help=t("Over which the effect is expected and measured. Empty: up to the due day, else 28."),
        ),
    }  # fmt: skip


def _effect(session: Session, draft: Draft, unit: str | None) -> dict[str, Any]:
    currency = session.settings.currency or None
    shown = t("points") if unit == "percent" else unit_words(unit, currency)
    one, two, three = st.columns(3)
    effect = _number(
        t("Expected effect ({unit})", unit=shown), "expected_effect", draft, one,
        help=t("In all over the window for what adds up by day; the average change for a rate or a level."),
    )  # fmt: skip
    sure = _number(
        t("Confidence (%)"), "confidence", draft, two, min_value=0.0, max_value=100.0,
        help=t("How sure you are that it brings this: 0 to 100."),
    )  # fmt: skip
    words = {"": t("stops after the window"), "lasting": t("lasts"), "fading": t("fades over the window")}
    course = _pick(t("Afterwards it"), "effect_course", ["", *COURSES], draft, words.__getitem__, three)
    return {"expected_effect": effect, "confidence": sure, "effect_course": course}


def _more(session: Session, plan: Plan, node: Node | None, draft: Draft) -> dict[str, Any]:
    money = unit_words("money", session.settings.currency or None)
    left, right = st.columns(2)
    found: dict[str, Any] = {
        "cost": _number(t("Cost ({unit})", unit=money), "cost", draft, left, min_value=0.0),
        "effort": _number(t("Hours of work"), "effort", draft, right, min_value=0.0),
        "needs": _others(t("Needs first"), "needs", plan, node, draft, left),
        "excludes": _others(t("Rules out"), "excludes", plan, node, draft, right),
        "control": _text(
            t("Segment where it does not work"), "control", draft, left, placeholder="country=SE",
            help=t("A dimension and a value. What it did is then read against that segment."),
        ),
        "experiment": _text(
            t("Experiment that tests it"), "experiment", draft, right,
            help=t("Its name in the data. What it did is then read from its arms."),
        ),
    }  # fmt: skip
    for name, label, place in (("links", t("Links"), "https://…"), ("notes", t("Notes"), "")):
        key = draft.key(name)
        if key not in st.session_state:
            st.session_state[key] = draft.base[name]
        found[name] = st.text_area(label, key=key, placeholder=place, height=68)
    for link in node.links if node else ():
        st.link_button(link[:80], link, type="tertiary", icon=":material/open_in_new:")
    return found


def _others(label: str, name: str, plan: Plan, node: Node | None, draft: Draft, where: Any) -> list[str]:
    """Other actions of the plan; one that is gone stays until it is taken away."""
    key = draft.key(name)
    if key not in st.session_state:
        st.session_state[key] = draft.base[name]
    every = [
        one.id for one in plan.nodes.values() if one.kind == "action" and (node is None or one.id != node.id)
    ]
    options = [*every, *(one for one in st.session_state[key] if one not in every)]
    picked: list[str] = where.multiselect(
        label, options, key=key, placeholder=t("None"),
        format_func=lambda one: plan.nodes[one].name if one in plan.nodes else one,
    )  # fmt: skip
    return picked


def edits(plan: Plan, action: str, changed: Mapping[str, Any], scale: float) -> list[dict[str, Any]]:
    """The edits that a changed form asks for. Raises Refused for a tie that cannot be."""
    for field in ("needs", "excludes"):
        refuse_ties(plan, plan.nodes[action], field, changed.get(field) or ())
    return [
        {"op": "set_field", "node": action, "field": name, "after": value}
        for name, value in stored(changed, scale).items()
    ]


def added(action: str, above: str, plan: Plan, said: Mapping[str, Any], scale: float) -> dict[str, Any]:
    """The edit that adds an action below a KPI, last in its row."""
    order = max((plan.nodes[child].order for child in plan.children(above)), default=-1.0) + 1
    after = {"id": action, "kind": "action", "order": order, "state": "planned", **stored(said, scale)}
    return {
        "op": "add_node",
        "node": action,
        "after": after,
        "edges": [{"parent": above, "child": action, "kind": "supports"}],
    }


def stored(said: Mapping[str, Any], scale: float) -> dict[str, Any]:
    """The form's values as the plan keeps them.

    >>> stored({"confidence": 70, "expected_effect": 0.5, "links": "https://a.b\\n\\n"}, 100.0)
    {'confidence': 0.7, 'expected_effect': 0.005, 'links': ['https://a.b']}
    """
    found: dict[str, Any] = {}
    for name, value in said.items():
        if name == "confidence":
            found[name] = None if value is None else round(value / 100, 6)
        elif name == "expected_effect":
            found[name] = None if value is None else round(value / scale, 12)
        elif name == "links":
            found[name] = [line.strip() for line in str(value).splitlines() if line.strip()]
        elif isinstance(value, date):
            found[name] = value.isoformat()
        else:
            found[name] = value.strip() if isinstance(value, str) else value
    return found
