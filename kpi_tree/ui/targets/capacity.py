"""What each owner can carry, in hours or points: typed here, kept in the plan, used where effort counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from kpi_tree.plan.model import Plan
from kpi_tree.plan.target_reading import CAPACITY_UNITS
from kpi_tree.ui.shell import drafts
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import plain, t
from kpi_tree.workspace.targeting.allocationstart import owners_below


def show(session: Session, plan: Plan, goal: str) -> None:
    """A number for every owner below a goal; empty means as much as the others."""
    owners = owners_below(plan, goal)
    if not owners:
        st.caption(t("Nobody owns anything below this goal yet; give the drivers owners in the tree."))
        return
    kept = dict(plan.capacity)
    now = {
        "unit": plan.capacity_unit or "hours",
        **{f"o{n}": kept.get(name) for n, name in enumerate(owners)},
    }
    draft = drafts.begin(plan, f"capacity_{goal}", now)
    with st.expander(t("What each owner can carry"), icon=":material/groups:", key="capacity_box"):
        st.caption(
            t("One who can carry twice as much gets twice the share. "
              "Whoever has no number carries as much as the others on average.")
        )  # fmt: skip
        units = [unit for unit in CAPACITY_UNITS if unit]
        said: dict[str, object] = {
            "unit": st.segmented_control(
                t("Counted in"), units, default=draft.base["unit"], key=draft.key("unit"),
                format_func=_unit_words, required=True,
            )
        }  # fmt: skip
        with st.container(horizontal=True):
            for n, name in enumerate(owners):
                said[f"o{n}"] = st.number_input(
                    plain(name), min_value=0.0, value=draft.base[f"o{n}"], key=draft.key(f"o{n}"),
                    format="%g", width=160,
                )  # fmt: skip

        drafts.buttons(
            session,
            plan,
            draft,
            now,
            lambda: _edits(kept, owners, draft, said),
            t("Save what they can carry"),
        )


def _edits(
    kept: Mapping[str, float], owners: Sequence[str], draft: drafts.Draft, said: Mapping[str, object]
) -> list[dict[str, object]]:
    """What was typed, beside what the plan says of people that have nothing to do with this goal."""
    if not draft.changed(said):
        return []
    typed = {name: said[f"o{n}"] for n, name in enumerate(owners)}
    after = [[name, much] for name, much in {**kept, **typed}.items() if much is not None]
    return [
        {"op": "set_plan", "field": "capacity", "after": after},
        {"op": "set_plan", "field": "capacity_unit", "after": said["unit"]},
    ]


def _unit_words(unit: str) -> str:
    return {"hours": t("Hours"), "points": t("Points")}[unit]
