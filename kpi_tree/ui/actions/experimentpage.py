"""The experiments page: an A/B readout from records or a file, and the size of the next one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.analysis.guarding import Guardrail
from kpi_tree.ui.actions import experimentplan, experimentread
from kpi_tree.ui.shell import address, cache, parts, places
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import plain, t
from kpi_tree.workspace import ExperimentView

FILE = "file"


def show(session: Session) -> None:
    """The page."""
    st.title(t("Experiments"))
    view = address.pick(
        t("Show"), "view", ("read", "plan"), "read",
        lambda one: t("Read out") if one == "read" else t("Plan one"), label_visibility="collapsed",
    )  # fmt: skip
    with refusals():
        if view == "plan":
            experimentplan.show(session)
        else:
            _read(session)


def _read(session: Session) -> None:
    names: list[str] = cache.kept(
        session.bare, "experiments", make=lambda: workspace.experiment_names(session.home, session.who)
    )
    name = _which(names)
    file = None
    if name == FILE or not names:
        file = st.file_uploader(
            t("A file with a row an arm (units, conversions) or a row a person (arm, converted or value)"),
            type=["csv", "tsv", "txt", "xlsx"],
            key="experiment_file",
        )
        if file is None:
            parts.empty(
                t("No experiment is chosen"),
                t("Drop a file above. Exposures loaded on the data page are listed here too."),
                "science",
            )
            places.link("data", t("Bring data in"), icon="upload_file")
            return
    found = _found(session, PurePath(file.name).stem if file else name, file.getvalue() if file else None)
    if found is not None:
        experimentread.show(session, found)


def _which(names: list[str]) -> str:
    if not names:
        return FILE
    said = address.choice("experiment", [*names, FILE], names[-1])
    st.session_state["pick_experiment"] = said
    picked = st.selectbox(
        t("Experiment"),
        [*names, FILE],
        key="pick_experiment",
        format_func=lambda one: t("From a file") if one == FILE else one,
        on_change=lambda: address.put("experiment", st.session_state["pick_experiment"]),
        width=380,
    )
    return str(picked)


def _found(session: Session, name: str, content: bytes | None) -> ExperimentView | None:
    """The readout by what is chosen below its name."""
    asked: dict[str, Any] = {"file": content}
    first: ExperimentView = _kept(session, name, asked)
    arms = [arm.name for arm in first.arms]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        control = st.selectbox(t("Compared with"), arms, key=f"control_{name}", width=200)
        early = st.toggle(
            t("It is still running"),
            key="experiment_early",
            help=t("Read in a way that stays true however often you look before the end; less sharp than one "
                   "look at the end."),
        )  # fmt: skip
    rails = _guardrails(name, first.others)
    if control == arms[0] and not early and not rails:
        return first
    return _kept(session, name, {**asked, "control": control, "sequential": early, "guardrails": rails})


def _guardrails(name: str, others: Sequence[str]) -> tuple[Guardrail, ...]:
    """What must not get worse, which way is better for each, and how much of it may be given away."""
    if not others:
        return ()
    chosen = st.multiselect(
        t("Must not get worse"), others, key=f"guard_{name}", placeholder=t("Choose guardrails"),
        max_selections=max(len(others), 1), format_func=experimentread.metric_words,
    )  # fmt: skip
    found = []
    for metric in chosen:
        words = plain(experimentread.metric_words(metric))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            better = st.segmented_control(
                t("{metric}: better is", metric=words), ("up", "down"), required=True, default="up",
                key=f"guard_way_{name}_{metric}",
                format_func=lambda one: t("more") if one == "up" else t("less"),
            )  # fmt: skip
            given = st.number_input(
                t("May be given away, %"), 0.0, 99.0, 0.0, step=1.0, format="%g",
                key=f"guard_margin_{name}_{metric}", width=190,
                help=t("Held is what is worse by no more than this, for sure. At 0 it has to be better; "
                       "broken is what is worse beyond chance."),
            )  # fmt: skip
        found.append(Guardrail(metric, "down" if better == "down" else "up", given / 100))
    return tuple(found)


def _kept(session: Session, name: str, asked: dict[str, Any]) -> ExperimentView:
    # The file by what it says: kept itself, it would stay in memory as a part of the key.
    what = {**asked, "file": hashlib.sha256(asked["file"]).digest() if asked["file"] else None}
    found: ExperimentView = cache.kept(
        session.bare, "experiment", name, what,
        make=lambda: workspace.experiment(session.home, session.who, name, **asked),
    )  # fmt: skip
    return found
