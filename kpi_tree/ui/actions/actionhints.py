"""What helps to fill in an action: things to do about the KPI, and what actions of its kind brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.catalogue import Kpi
from kpi_tree.catalogue.suggestions import Suggestion, kind_words, suggested_for
from kpi_tree.i18n import format_number
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.drafts import Draft
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, nt, percent, plain, said, t
from kpi_tree.workspace import BetLedger

MOST = 5


def suggestions(kpi: Kpi | None, plan: Plan, draft: Draft) -> None:
    """Actions that are known to move the KPI: a click fills the form."""
    lang = current_language()
    taken = {node.name for node in plan.nodes.values() if node.kind == "action"}
    found = [one for one in suggested_for(kpi) if one.text(lang) not in taken]
    if not found:
        return
    st.caption(t("Often tried for {name}:", name=plain(kpi.text("name", lang)) if kpi else ""))
    for one in found[:MOST]:
        st.button(
            plain(one.text(lang)),
            key=f"suggest_{draft.subject}_{one.id}",
            icon=":material/lightbulb:",
            type="tertiary",
            on_click=_take,
            args=(draft, one, lang),
        )


def _take(draft: Draft, one: Suggestion, lang: str) -> None:
    """Runs before the page is drawn: the suggestion's words stand in the form."""
    st.session_state[draft.key("name")] = one.text(lang)[:200]
    st.session_state[draft.key("action_kind")] = one.kind
    st.session_state[draft.key("effect_course")] = one.course or ""


def ledger(session: Session) -> BetLedger:
    """Every action's expected and measured effect, worked out once for a revision."""
    found: BetLedger = cache.kept(
        session.bare, "action_scores",
        make=lambda: workspace.action_scores(
            session.home, session.who, session.plan_id, at=session.at
        ),
    )  # fmt: skip
    return found


def from_experience(session: Session, draft: Draft, values: Mapping[str, Any]) -> None:
    """What actions of this kind brought of what was expected, and the effect that follows from it."""
    typed = values.get("expected_effect")
    if typed is None or values.get("state") in ("done", "dropped"):
        return
    kind = str(values.get("action_kind") or "")
    score = ledger(session).factor(kind)
    if not score.cases:
        return
    own = score.kind == kind and bool(kind)
    parts = {
        "share": plain(percent(score.ratio)),
        "factor": plain(format_number(score.factor, current_language(), decimals=2)),
    }
    n = score.cases
    if own:
        words = nt(
            "{kind}: {n} action so far brought {share} of what was expected; drawn towards 1 that is "
            "× {factor}.",
            "{kind}: {n} actions so far brought {share} of what was expected; drawn towards 1 that is "
            "× {factor}.",
            n, kind=plain(said(kind_words(kind))), **parts,
        )  # fmt: skip
    else:
        words = nt(
            "{n} action so far brought {share} of what was expected; drawn towards 1 that is × {factor}.",
            "{n} actions so far brought {share} of what was expected; drawn towards 1 that is × {factor}.",
            n, **parts,
        )  # fmt: skip
    likely = _rounded(typed * score.factor)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f":material/history_edu: {words}", width="content")
        if likely != typed:
            st.button(
                t("Expect {value} instead", value=plain(format_number(likely, current_language()))),
                key=f"likely_{draft.subject}",
                type="tertiary",
                on_click=lambda: st.session_state.update({draft.key("expected_effect"): float(likely)}),
            )


def _rounded(value: float) -> float:
    """Three figures are more than such a guess holds.

    >>> _rounded(1234.5), _rounded(0.123456)
    (1230.0, 0.123)
    """
    return float(f"{value:.3g}")
