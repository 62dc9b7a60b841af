"""The fields of one node, its target, guardrails and the lines above it; saved against their revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi_tree.plan.model import DIRECTIONS, ROLLUPS, STRENGTHS, Node, Plan, Target
from kpi_tree.ui import cache, drafts, formulacheck
from kpi_tree.ui.failures import refusals
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import plain, say, t
from kpi_tree.ui.words import span_words
from kpi_tree.workspace import influence_evidence
from kpi_tree.workspace.aims import chosen_target
from kpi_tree.workspace.evaluation import unit_of

MEASURED = ("formula", "unit", "direction", "rollup", "assumption")
UNITS = ("money", "percent", "count", "ratio", "points", "seconds", "minutes", "hours", "days")


def fields_of(plan: Plan, node: Node) -> dict[str, Any]:
    """What the form holds of a node."""
    names = ("name", "owner", "notes") if node.kind == "action" else ("name", "owner", "notes", *MEASURED)
    found = {name: getattr(node, name) for name in names}
    found["informed"] = ", ".join(node.informed)
    for name in ("formula", "unit"):
        if name in found:
            found[name] = found[name] or ""
    if node.kind != "action":
        found["guardrails"] = plan.children(node.id, "guardrail")
    return found


def show(session: Session, plan: Plan, node_id: str) -> None:
    """Draw the form."""
    node = plan.nodes[node_id]
    now = fields_of(plan, node)
    draft = drafts.begin(plan, f"node_{node_id}", now)
    said = _texts(draft)
    if node.kind != "action":
        said |= _measured(session, plan, node_id, draft)
        said["guardrails"] = _guardrails(plan, node_id, draft)
    drafts.buttons(session, plan, draft, now, lambda: edits(plan, node_id, draft, said), t("Save"))


def _texts(draft: drafts.Draft) -> dict[str, Any]:
    base = draft.base
    return {
        "name": st.text_input(t("Name"), base["name"], key=draft.key("name"), max_chars=200),
        "owner": st.text_input(t("Owner"), base["owner"], key=draft.key("owner"), max_chars=200),
        "informed": st.text_input(
            t("People informed"), base["informed"], key=draft.key("informed"), placeholder=t("Kari, Ola")
        ),
        "notes": st.text_area(t("Notes"), base["notes"], key=draft.key("notes")),
    }


def _measured(session: Session, plan: Plan, node_id: str, draft: drafts.Draft) -> dict[str, Any]:
    base = draft.base
    formula = st.text_input(
        t("Formula"),
        base["formula"],
        key=draft.key("formula"),
        help=t("For example orders \\* average\\_order\\_value. Empty where it is only measured."),
    )
    formulacheck.show(session, plan, node_id, formula)
    left, right = st.columns(2)
    with left:
        direction = _pick(t("Better is"), "direction", DIRECTIONS, draft, _direction_words)
        unit = st.text_input(
            t("Unit"), base["unit"], key=draft.key("unit"), help=plain(", ".join((*UNITS, "NOK/order")))
        )
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
        "unit": unit.strip(),
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


def _guardrails(plan: Plan, node_id: str, draft: drafts.Draft) -> list[str]:
    shut = {node_id, *plan.ancestors(node_id)}
    options = [node.id for node in plan.nodes.values() if node.kind == "kpi" and node.id not in shut] + [
        name for name in draft.base["guardrails"] if name in shut
    ]
    return st.multiselect(
        t("Guardrails"),
        options,
        default=[name for name in draft.base["guardrails"] if name in options],
        format_func=lambda name: plan.nodes[name].name,
        key=draft.key("guardrails"),
        help=t("What must not get worse while this one is pushed."),
        placeholder=t("None"),
    )


def edits(plan: Plan, node_id: str, draft: drafts.Draft, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The edits that a changed form asks for."""
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
        elif name in ("formula", "unit"):
            after = str(value).strip() or None
        made.append({"op": "set_field", "node": node_id, "field": name, "after": after})
    return made


def target(session: Session, plan: Plan, node_id: str) -> None:
    """The target that counts on the day looked at: value and baseline."""
    found = chosen_target(plan, node_id, session.at)
    if found is None:
        return
    scale = 100.0 if unit_of(plan.nodes[node_id]) == "percent" else 1.0
    now = {
        "value": found.value * scale,
        "baseline": None if found.baseline is None else found.baseline * scale,
    }
    draft = drafts.begin(plan, f"target_{found.id}", now)
    with st.expander(
        t("Target for {period}", period=plain(span_words(found.period))), icon=":material/flag:"
    ):
        said = {
            "value": st.number_input(
                t("Target"), value=draft.base["value"], key=draft.key("value"), format="%g"
            ),
            "baseline": st.number_input(
                t("Baseline"), value=draft.base["baseline"], key=draft.key("baseline"), format="%g"
            ),
        }
        if scale != 1:
            st.caption(t("In percent."))
        drafts.buttons(
            session,
            plan,
            draft,
            now,
            lambda: _target_edits(found, draft.changed(said), scale),
            t("Save target"),
        )


def _target_edits(found: Target, changed: Mapping[str, Any], scale: float) -> list[dict[str, Any]]:
    if not changed:
        return []
    after = found.to_dict()
    for name, value in changed.items():
        after[name] = None if value is None else value / scale
    after.update({"change": None, "change_kind": None, "sentence": ""})
    if "baseline" in changed:
        after["baseline_label"] = "number"
    return [{"op": "set_target", "target": found.id, "after": after}]


def influences(session: Session, plan: Plan, node_id: str) -> None:
    """Why somebody believes that this moves what stands above it, and what the history says of it."""
    for parent in plan.parents(node_id, "influence"):
        edge = plan.edge(parent, node_id)
        if edge is None:
            continue
        label = t("Why it moves {name}", name=plain(plan.nodes[parent].name))
        with st.expander(label, icon=":material/psychology:", key=f"why_{parent}_{node_id}"):
            with refusals():
                found = cache.kept(
                    session,
                    "evidence",
                    parent,
                    node_id,
                    make=lambda parent=parent: influence_evidence(
                        session.home, session.who, parent, node_id, at=session.at
                    ),
                )
                st.markdown(say(found.reason))
            _influence(session, plan, parent, node_id)


def _influence(session: Session, plan: Plan, parent: str, child: str) -> None:
    edge = plan.links[parent, child]
    now = {name: getattr(edge, name) for name in ("hypothesis", "who", "sign", "lag", "strength")}
    draft = drafts.begin(plan, f"edge_{parent}_{child}", now)
    base = draft.base
    signs, strengths = (1, -1, 0), [None, *STRENGTHS]
    said = {
        "hypothesis": st.text_area(t("Hypothesis"), base["hypothesis"], key=draft.key("hypothesis")),
        "who": st.text_input(t("Who believes it"), base["who"], key=draft.key("who")),
        "sign": st.selectbox(
            t("When it rises, the other"), signs, index=signs.index(base["sign"]), key=draft.key("sign"),
            format_func=lambda sign: {1: t("rises"), -1: t("falls"), 0: t("not known")}[sign],
        ),
        "lag": st.number_input(
            t("Days until it shows"), min_value=0, value=base["lag"], key=draft.key("lag"), step=1
        ),
        "strength": st.selectbox(
            t("Strength"), strengths, index=strengths.index(base["strength"]), key=draft.key("strength"),
            format_func=lambda name: {
                None: t("not known"), "weak": t("weak"), "medium": t("medium"), "strong": t("strong"),
            }[name],
        ),
    }  # fmt: skip

    def make() -> list[dict[str, Any]]:
        return [
            {"op": "set_field", "edge": [parent, child], "field": name, "after": value}
            for name, value in draft.changed(said).items()
        ]

    drafts.buttons(session, plan, draft, now, make, t("Save hypothesis"))
