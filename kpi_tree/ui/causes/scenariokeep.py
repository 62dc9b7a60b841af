"""Scenarios that are kept: take one, save, rename, delete, bring back, send to owners, compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ui.causes import scenariocharts, supposing
from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, nt, number, percent, plain, said, t
from kpi_tree.workspace import Beside, Change, ScenarioView, WhatIf
from kpi_tree.workspace.causes.explained import in_words

GONE, DONE, REFUSED = "_scenario_gone", "_scenario_done", "_scenario_refused"
MOST = 6
SAMPLES = 2000


def bar(session: Session, node: str, changes: Mapping[str, Change]) -> None:
    """What was done just now; the scenarios of this indicator; what can be done with what is supposed."""
    _told(session)
    every = of_node(session, node)
    chosen = supposing.kept(session)
    named = st.query_params.get(supposing.SCENARIO, "")
    if named and chosen is None:
        st.warning(
            t("There is no scenario {name} any more.", name=plain(named[:80])), icon=":material/search_off:"
        )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if every:
            _choose(every, chosen)
        with st.popover(t("Save"), icon=":material/save:", disabled=not changes, key="scenario_save_box"):
            _save_form(session, node, changes, chosen)
        if chosen is not None:
            with st.popover(t("Change"), icon=":material/edit:", key="scenario_more"):
                _more(session, chosen)
        if changes:
            with st.popover(t("Send to owners"), icon=":material/send:", key="scenario_send"):
                _send(session, node, changes)
        st.button(t("Start over"), icon=":material/restart_alt:", disabled=not changes, key="whatif_reset",
                  type="tertiary", on_click=supposing.clear)  # fmt: skip


def of_node(session: Session, node: str) -> list[ScenarioView]:
    """The kept scenarios of an indicator."""
    every = workspace.scenario_list(session.home, session.who, session.plan_id)
    return [one for one in every if one.node == node]


def _choose(every: Sequence[ScenarioView], chosen: ScenarioView | None) -> None:
    names = {one.id: one.name for one in every}
    st.session_state["scenario_pick"] = chosen.id if chosen and chosen.id in names else ""
    st.selectbox(
        t("Scenario"), ["", *names], key="scenario_pick", width=240,
        format_func=lambda one: names[one] if one else t("None: as moved below"),
        on_change=lambda: supposing.take(st.session_state["scenario_pick"]),
    )  # fmt: skip


def _save_form(
    session: Session, node: str, changes: Mapping[str, Change], chosen: ScenarioView | None
) -> None:
    with st.form("scenario_save", border=False):
        name = st.text_input(
            t("Name of the scenario"), chosen.name if chosen else "", max_chars=80,
            help=t("A scenario of the same name is replaced."),
        )  # fmt: skip
        if st.form_submit_button(t("Save"), type="primary"):
            try:
                made = workspace.save_scenario(
                    session.home, session.who, name, node, changes, plan_id=session.plan_id, now=now()
                )
            except KpiTreeError as error:
                show_refusal(error)
                return
            supposing.take(made.id)
            st.session_state[DONE] = t("Saved as {name}.", name=plain(made.name))
            st.rerun(scope="fragment")


def _more(session: Session, chosen: ScenarioView) -> None:
    with st.form("scenario_rename", border=False):
        name = st.text_input(t("Name of the scenario"), chosen.name, max_chars=80)
        if st.form_submit_button(t("Rename")):
            try:
                workspace.rename_scenario(session.home, session.who, chosen.id, name, now=now())
            except KpiTreeError as error:
                show_refusal(error)
                return
            st.rerun(scope="fragment")
    st.button(
        t("Delete"), icon=":material/delete:", key="scenario_delete", on_click=_delete, args=(session, chosen)
    )


def _delete(session: Session, chosen: ScenarioView) -> None:
    try:
        workspace.delete_scenario(session.home, session.who, chosen.id, now=now())
    except KpiTreeError as error:
        st.session_state[REFUSED] = error
        return
    supposing.clear()
    st.session_state[GONE] = (chosen.id, chosen.name)


def _bring_back(session: Session, scenario: str) -> None:
    st.session_state.pop(GONE, None)
    try:
        workspace.bring_scenario_back(session.home, session.who, scenario, now=now())
    except KpiTreeError as error:
        st.session_state[REFUSED] = error
        return
    supposing.take(scenario)


def _send(session: Session, node: str, changes: Mapping[str, Change]) -> None:
    """The values become promises that the owners accept, or answer with another value."""
    st.markdown(t("Ask the owners of what is moved for these values over the target's period."))
    st.caption(t("Amounts are carried to the whole period by its days; rates stay as they are here."))
    if not st.button(t("Ask for it"), type="primary", key="scenario_send_now"):
        return
    try:
        made = workspace.propose_scenario(
            session.home, session.who, node, changes, at=session.at, plan_id=session.plan_id, now=now()
        )
    except KpiTreeError as error:
        show_refusal(error)
        return
    st.session_state[DONE] = nt(
        "{n} target was asked for; see Targets for the answers. Undo takes it back.",
        "{n} targets were asked for; see Targets for the answers. Undo takes them back.",
        len(made),
    )
    st.rerun()


def _told(session: Session) -> None:
    if error := st.session_state.pop(REFUSED, None):
        show_refusal(error)
    if words := st.session_state.pop(DONE, None):
        st.success(words, icon=":material/check:")
    if gone := st.session_state.get(GONE):
        with st.container(horizontal=True, vertical_alignment="center", border=True, gap="small"):
            deleted = t("The scenario {name} is deleted.", name=plain(gone[1]))
            st.markdown(f":material/delete: {deleted}", width="stretch")
            st.button(t("Bring it back"), key="scenario_back", icon=":material/undo:", on_click=_bring_back,
                      args=(session, gone[0]))  # fmt: skip
            st.button(t("Close"), key="scenario_told", icon=":material/close:", type="tertiary",
                      on_click=lambda: st.session_state.pop(GONE, None))  # fmt: skip


def beside(session: Session, node: str, current: WhatIf) -> None:
    """The kept scenarios of an indicator side by side: a chart, and a table of what each supposes."""
    every = of_node(session, node)[:MOST]
    if not every:
        return
    mark = tuple((one.id, one.revision) for one in every)
    found: list[Beside] = cache.kept(
        session, "scenarios", node, mark,
        make=lambda: workspace.compare_scenarios(
            session.home, session.who, [one.id for one in every], at=session.at, samples=SAMPLES,
            plan_id=session.plan_id,
        ),
    )  # fmt: skip
    st.markdown(f"**{t('Scenarios side by side')}**")
    left, right = st.columns([2, 3], gap="large")
    with left:
        scenariocharts.beside(session, current, found, mark)
    with right:
        st.dataframe(_table(current, found), hide_index=True, height="content")


def _table(current: WhatIf, found: Sequence[Beside]) -> pd.DataFrame:
    """A row for the result, its change, its chance, and each driver that any of them moves."""
    lang = current_language()
    moved = [
        one for one in current.levers if any(one.id in beside.scenario.changes for beside in found)
    ]  # fmt: skip
    head = [in_words(current.name, lang), t("Change"), t("Chance of the target"), t("Warnings")]
    head += [in_words(one.name, lang) for one in moved]
    now_ = [number(current.base, current.unit, current.currency), "", "", ""]
    now_ += [number(one.base, one.unit, current.currency) for one in moved]
    columns = {t("Indicator"): head, t("As it is"): now_}
    for n, beside in enumerate(found):
        made = beside.found
        title = beside.scenario.name + ("\u200b" * n)  # two may have one name in other cases
        if made is None:
            columns[title] = [said(beside.problem), *[""] * (len(head) - 1)]
            continue
        values = {one.id: one for one in made.levers}
        chance = made.aimed.chance if made.aimed else None
        cells = [
            number(made.result, made.unit, made.currency), scenariocharts.signed(made, made.change),
            "–" if chance is None else percent(chance), str(len(made.flags)) if made.flags else "–",
        ]  # fmt: skip
        cells += [
            number(values[one.id].value, one.unit, made.currency) if one.id in beside.scenario.changes else ""
            for one in moved
        ]
        columns[title] = cells
    return pd.DataFrame(columns)
