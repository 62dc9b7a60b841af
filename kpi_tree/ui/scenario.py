"""What if: the drivers of a number moved by hand, and what it would be then."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.i18n import Quantity
from kpi_tree.ui import cache, parts
from kpi_tree.ui.failures import refusals
from kpi_tree.ui.parts import Fact
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import current_language, number, plain, pt, say, t
from kpi_tree.workspace import Change, NodeView, WhatIf
from kpi_tree.workspace.explained import in_words

MOST, FARTHEST, SAMPLES = 8, 50, 2000
"""Drivers shown, the strongest first; percent that each can be moved; draws of chance."""


def show(session: Session, view: NodeView) -> None:
    """The section: a slider for each driver, the result beside them."""
    if not view.formula or view.actual is None or session.lens.where or session.lens.looks_back:
        return
    with st.expander(t("What if"), icon=":material/tune:", key=f"whatif_{view.id}"):
        _sliders(session, view)


@st.fragment
def _sliders(session: Session, view: NodeView) -> None:
    """Moving a slider computes this part of the page only."""
    with refusals():
        start = _found(session, view, {})
        left, right = st.columns([3, 2], gap="large")
        with left:
            st.caption(t("Move what it is made of, in percent of what it is now."))
            moved = {
                lever.id: st.slider(
                    plain(in_words(lever.name, current_language())),
                    -FARTHEST,
                    FARTHEST,
                    0,
                    format="%+d%%",
                    key=f"whatif_{view.id}_{lever.id}",
                )
                for lever in start.levers[:MOST]
            }
            changed = {name: by for name, by in moved.items() if by}
            st.button(
                t("Start over"), icon=":material/restart_alt:", disabled=not changed, key="whatif_reset",
                on_click=_reset, args=([f"whatif_{view.id}_{name}" for name in moved],),
            )  # fmt: skip
        with right:
            _result(_found(session, view, changed) if changed else start, bool(changed))


def _reset(keys: list[str]) -> None:
    for key in keys:
        st.session_state[key] = 0


def _found(session: Session, view: NodeView, changed: dict[str, int]) -> WhatIf:
    found: WhatIf = cache.kept(
        session, "whatif", view.id, tuple(sorted(changed.items())),
        make=lambda: workspace.whatif(
            session.home, session.who, view.id,
            {name: Change(by / 100, relative=True) for name, by in changed.items()},
            at=session.at, samples=SAMPLES, plan_id=session.plan_id,
        ),
    )  # fmt: skip
    return found


def _result(found: WhatIf, moved: bool) -> None:
    def said(value: float | None) -> str:
        return number(value, found.unit, found.currency)

    parts.headline(said(found.result), said(found.base) if moved else "", t("So far, if it were so"))
    unit = "points" if found.unit == "percent" else found.unit
    change = Quantity(found.change, unit, found.currency, signed=True).in_language(current_language())
    facts = [Fact(pt("noun", "Change"), change)] if moved else []
    if found.samples:
        facts.append(
            Fact(
                t("By chance alone"),
                f"{number(found.p10, found.unit, found.currency, compact=True)} – "
                f"{number(found.p90, found.unit, found.currency, compact=True)}",
                t("8 cases of 10, from its own past"),
            )
        )
    parts.facts(facts)
    for flag in found.flags:
        st.markdown(f":material/{'block' if flag.kind == 'impossible' else 'history'}: {say(flag.message)}")
    if found.withheld is not None:
        st.caption(say(found.withheld))
