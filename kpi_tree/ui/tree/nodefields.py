"""The fields of one node, its target, guardrails and the lines above it; saved against their revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi_tree.catalogue import Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan.model import DIRECTIONS, ROLLUPS, Node, Plan
from kpi_tree.ui.shell import drafts
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, plain, t
from kpi_tree.ui.shell.words import node_name, unit_words
from kpi_tree.ui.tree import formulacheck
from kpi_tree.workspace.base.nodes import direction_of, unit_of
from kpi_tree.workspace.base.own import catalogue_of

MEASURED = ("kpi", "formula", "unit", "direction", "low", "high", "rollup", "assumption")
AMOUNTS = ("low", "high", "assumption")
UNITS = ("money", "percent", "count", "ratio", "points", "seconds", "minutes", "hours", "days")


def fields_of(plan: Plan, node: Node, scale: float = 1.0) -> dict[str, Any]:
    """What the form holds of a node; amounts of a percentage stand as percent (``scale`` 100)."""
    names = ("name", "owner", "notes") if node.kind == "action" else ("name", "owner", "notes", *MEASURED)
    found = {name: getattr(node, name) for name in names}
    found["informed"] = ", ".join(node.informed)
    for name in ("formula", "unit"):
        if name in found:
            found[name] = found[name] or ""
    for name in AMOUNTS:
        if found.get(name) is not None:
            found[name] = round(found[name] * scale, 10)
    if node.kind != "action":
        found["guardrails"] = plan.children(node.id, "guardrail")
    return found


def show(session: Session, plan: Plan, node_id: str) -> None:
    """Draw the form."""
    node = plan.nodes[node_id]
    kpis = catalogue_of(session.home)
    scale = 100.0 if unit_of(node, kpis) == "percent" else 1.0
    now = fields_of(plan, node, scale)
    draft = drafts.begin(plan, f"node_{node_id}", now, node=node_id)
    said = _people(draft)
    if node.kind != "action":
        said["kpi"] = _source(kpis, draft)
        said |= _measured(session, plan, node_id, draft)
        said |= _bounds(said["direction"] or direction_of(node, kpis), draft)
        if scale != 1:
            st.caption(t("Numbers in percent."))
        said["guardrails"] = _guardrails(plan, node_id, draft)
    said |= _words(draft)
    drafts.buttons(session, plan, draft, now, lambda: edits(plan, node_id, draft, said, scale), t("Save"))


def _people(draft: drafts.Draft) -> dict[str, Any]:
    base = draft.base
    return {
        "name": st.text_input(t("Name"), base["name"], key=draft.key("name"), max_chars=200),
        "owner": st.text_input(t("Owner"), base["owner"], key=draft.key("owner"), max_chars=200),
    }


def _words(draft: drafts.Draft) -> dict[str, Any]:
    """What is written once and read often, below what is worked on."""
    base = draft.base
    return {
        "informed": st.text_input(
            t("People informed"), base["informed"], key=draft.key("informed"), placeholder=t("Kari, Ola")
        ),
        "notes": st.text_area(t("Notes"), base["notes"], key=draft.key("notes")),
    }


def _source(kpis: Mapping[str, Kpi], draft: drafts.Draft) -> str | None:
    """Which KPI's data it is measured by."""
    lang, now = current_language(), draft.base["kpi"]
    options = [None, *kpis, *([now] if now and now not in kpis else [])]
    picked: str | None = st.selectbox(
        t("Measured by"),
        options,
        index=options.index(now),
        format_func=lambda name: (
            t("nothing: computed or assumed")
            if name is None
            else kpis[name].text("name", lang)
            if name in kpis
            else name
        ),
        key=draft.key("kpi"),
    )
    return picked


def _bounds(direction: str, draft: drafts.Draft) -> dict[str, Any]:
    """The range to keep within, for a node that is better within bounds."""
    if direction != "range":
        return {name: draft.base[name] for name in ("low", "high")}
    left, right = st.columns(2)
    return {
        "low": left.number_input(
            t("Keep between"), value=draft.base["low"], key=draft.key("low"), format="%g",
            help=t("Without bounds it is 5 percent either side of the target."),
        ),
        "high": right.number_input(t("and"), value=draft.base["high"], key=draft.key("high"), format="%g"),
    }  # fmt: skip


def _measured(session: Session, plan: Plan, node_id: str, draft: drafts.Draft) -> dict[str, Any]:
    base = draft.base
    key = draft.key("formula")
    formula = st.text_input(
        t("Formula"),
        "" if key in st.session_state else base["formula"],  # a suggestion writes there
        key=key,
        help=t(
            "For example orders \\* average\\_order\\_value; names as you see them do as well. "
            "Empty where it is only measured."
        ),
    )
    formulacheck.offer(session, plan, node_id, key)
    with st.container():  # what is said here comes and goes; the fields below keep their place, and the focus
        formula = formulacheck.show(session, plan, node_id, formula, key)
    left, right = st.columns(2)
    with left:
        direction = _pick(t("Better is"), "direction", DIRECTIONS, draft, _direction_words)
        unit = _unit(draft)
    with right:
        rollup = _pick(t("Over a longer period"), "rollup", ROLLUPS, draft, rollup_words)
        assumption = st.number_input(
            t("Assumption"),
            value=base["assumption"],
            key=draft.key("assumption"),
            help=t("A number that stands in while there is no data."),
            format="%g",
        )
    return {
        "formula": formula,
        "unit": unit,
        "direction": direction,
        "rollup": rollup,
        "assumption": assumption,
    }


def _pick(label: str, name: str, options: tuple[str, ...], draft: drafts.Draft, words: Any) -> str | None:
    every = [None, *options]
    found: str | None = st.selectbox(
        label, every, index=every.index(draft.base[name]), format_func=words, key=draft.key(name)
    )
    return found


def _direction_words(direction: str | None) -> str:
    return {
        None: t("as the KPI says"),
        "up": t("higher"),
        "down": t("lower"),
        "range": t("within bounds"),
    }[direction]


def rollup_words(rollup: str | None) -> str:
    """How a longer period's value is formed, as a choice."""
    return {
        None: t("as the KPI says"),
        "sum": t("the sum"),
        "ratio": t("sum above over sum below"),
        "distinct": t("different ones, counted once"),
        "last": t("the value at its end"),
        "mean": t("the average"),
        "median": t("the median"),
        "table": t("a table"),
    }[rollup]


def _unit(draft: drafts.Draft) -> str:
    """What it is counted in, shown and typed in the reader's words."""
    words = {unit: unit_words(unit, None) for unit in UNITS}
    stored = draft.base["unit"]
    shown = unit_words(stored, None) if stored else ""
    example = unit_words("money/order", "NOK")
    typed = st.text_input(
        t("Unit"), shown, key=draft.key("unit"), help=plain(", ".join((*words.values(), example)))
    ).strip()
    if typed == shown:
        return str(stored)
    by_word = {word.casefold(): unit for unit, word in words.items()}
    return by_word.get(typed.casefold(), typed)


def _guardrails(plan: Plan, node_id: str, draft: drafts.Draft) -> list[str]:
    shut = {node_id, *plan.ancestors(node_id)}
    options = [node.id for node in plan.nodes.values() if node.kind == "kpi" and node.id not in shut] + [
        name for name in draft.base["guardrails"] if name in shut
    ]
    typed = draft.typed.get("guardrails", [])
    if not set(typed) <= set(options):  # a draft may outlive a node
        st.session_state[draft.key("guardrails")] = [name for name in typed if name in options]
    return st.multiselect(
        t("Guardrails"),
        options,
        default=[name for name in draft.base["guardrails"] if name in options],
        format_func=lambda name: node_name(plan.nodes[name]),
        key=draft.key("guardrails"),
        help=t("What must not get worse while this one is pushed."),
        placeholder=t("None"),
    )


def edits(
    plan: Plan, node_id: str, draft: drafts.Draft, said: Mapping[str, Any], scale: float = 1.0
) -> list[dict[str, Any]]:
    """The edits that a changed form asks for.

    Raises:
        Refused: a range that ends below its start.
    """
    low, high = said.get("low"), said.get("high")
    if low is not None and high is not None and low > high:
        raise Refused(
            msg("The range from {low} to {high} holds nothing.", low=low, high=high),
            place=plan.nodes[node_id].name,
            remedy=msg("Write the lower number first."),
        )
    made: list[dict[str, Any]] = []
    for name, value in draft.changed(said).items():
        if name == "guardrails":
            was = draft.base[name]
            made += [
                {"op": "add_edge", "parent": node_id, "child": child, "after": {"kind": "guardrail"}}
                for child in value
                if child not in was
            ]
            gone = [child for child in was if child not in value and (node_id, child) in plan.links]
            made += [{"op": "remove_edge", "parent": node_id, "child": child} for child in gone]
            continue
        after: Any = value
        if name == "informed":
            after = [part.strip() for part in str(value).split(",") if part.strip()]
        elif name in AMOUNTS and value is not None:
            after = value / scale
        elif name in ("formula", "unit"):
            after = str(value).strip() or None
        made.append({"op": "set_field", "node": node_id, "field": name, "after": after})
    return made
