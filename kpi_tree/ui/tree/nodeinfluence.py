"""Why somebody believes that one thing moves another, and what the history says of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from kpi_tree.plan.evidence import Evidence
from kpi_tree.plan.model import STRENGTHS, Edge, Plan
from kpi_tree.plan.trial import judged_by_experiments
from kpi_tree.ui.shell import cache, drafts
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import say, t
from kpi_tree.ui.shell.words import node_name
from kpi_tree.workspace import influence_evidence


def label(plan: Plan, parent: str) -> str:
    """What the box of an influence on a node above is called."""
    return t("Why it moves {name}", name=node_name(plan.nodes[parent]))


def begun(plan: Plan, parent: str, node_id: str) -> bool:
    """Whether a person has typed into the hypothesis and not saved it."""
    return drafts.begun(plan, f"edge_{parent}_{node_id}")


def show(session: Session, plan: Plan, parent: str, node_id: str) -> None:
    """Why somebody believes that this moves what stands above it, and what the history says of it."""
    with refusals():
        found = cache.kept(
            session,
            "evidence",
            parent,
            node_id,
            make=partial(
                influence_evidence,
                session.home,
                session.who,
                parent,
                node_id,
                plan_id=plan.id,
                at=session.at,
            ),
        )
        _stage(found, plan.links[parent, node_id])
    _influence(session, plan, parent, node_id)


def _stage(found: Evidence, edge: Edge) -> None:
    """How far a belief has come: hypothesis, supported by the history or an experiment; and what next."""
    state = judged_by_experiments(edge.tested, edge.sign) or found.state
    icon, color, word = {
        "supported": ("verified", "green", t("Supported")),
        "against": ("report", "red", t("Spoken against")),
        "hypothesis": ("psychology", "gray", t("Hypothesis")),
    }.get(state, ("hourglass_empty", "gray", t("Too little history")))
    st.badge(word, icon=f":material/{icon}:", color=color)  # type: ignore[arg-type]
    for trial in sorted(edge.tested, key=lambda one: one.on, reverse=True):
        st.markdown(say(trial.words(edge.sign)))
    st.markdown(say(found.reason))
    st.caption(t("By day over a year, the week taken out. Moving together proves no cause."))
    if state == "supported":
        if edge.lag is not None and found.lag is not None and edge.lag != found.lag:
            st.caption(
                t("The hypothesis says {said} days; the history fits best at {found}.",
                  said=edge.lag, found=found.lag)
            )  # fmt: skip
        st.caption(
            t("Next: where it is exact, put it into the formula above and the line becomes arithmetic.")
        )


def _influence(session: Session, plan: Plan, parent: str, child: str) -> None:
    edge = plan.links[parent, child]
    now = {name: getattr(edge, name) for name in ("hypothesis", "who", "sign", "lag", "strength")}
    draft = drafts.begin(plan, f"edge_{parent}_{child}", now, node=child)
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
