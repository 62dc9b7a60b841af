"""The bet ledger: what was expected of each action, what it did, and how each kind has done so far."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from kpi_tree.catalogue.suggestions import kind_words
from kpi_tree.ui.actions import actionform, actionhints
from kpi_tree.ui.actions.actionwords import amount, verdict
from kpi_tree.ui.shell import parts, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, plain, said, say, t
from kpi_tree.workspace import Bet, BetLedger
from kpi_tree.workspace.acting.counterfactual import METHODS
from kpi_tree.workspace.acting.scoring import RULE

MOST = 40


def show(session: Session) -> None:
    """The score by kind, then every action's readout."""
    found = actionhints.ledger(session)
    if any(one.judged or one.not_delivered for one in found.scores):
        _scores(found)
    else:
        parts.empty(
            t("No window has closed yet"),
            t("When an action's window is over and its data are in, what it did stands here."),
            "history_edu",
        )
    measured = [one for one in found.bets if one.effect is not None and one.effect.verdict != "too_early"]
    waiting = [one for one in found.bets if one not in measured]
    for one in measured[:MOST]:
        _bet(one)
    if waiting:
        with st.expander(
            t("Not to be measured yet ({n})", n=len(waiting)), icon=":material/hourglass_empty:"
        ):
            for one in waiting[:MOST]:
                why = one.effect.reason if one.effect else one.why
                places.link(
                    "actions",
                    plain(one.action.named(current_language())),
                    action=one.action.id,
                    **{"as": "score"},
                )
                st.caption(say(why))


def _scores(found: BetLedger) -> None:
    rows = [
        {
            t("Kind"): said(kind_words(one.kind)) if one.kind else t("All"),
            t("Measured"): one.judged,
            t("Confirmed"): one.confirmed,
            t("No effect found"): one.no_effect,
            t("The other way"): one.opposite,
            t("Not delivered"): one.not_delivered,
            t("Hit rate"): None if one.hit_rate is None else round(one.hit_rate * 100),
            t("Measured ÷ expected"): None if one.ratio is None else round(one.ratio, 2),
            t("Next time ×"): round(one.factor, 2),
        }
        for one in found.scores
        if one.judged or one.not_delivered
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        column_config={t("Hit rate"): st.column_config.NumberColumn(format="%d %%")},
    )
    st.caption(say(RULE))


def _bet(one: Bet) -> None:
    effect, action = one.effect, one.action
    assert effect is not None
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            places.link(
                "actions",
                f"**{plain(action.named(current_language()))}**",
                action=action.id,
                **{"as": "score"},
            )
            verdict(effect.verdict)
        beside = [
            plain(actionform.kpi_name(action)),
            f"{plain(day(effect.window.start))} – {plain(day(effect.window.last))}",
        ]
        if action.expected is not None:
            beside.append(t("expected {value}", value=amount(action, action.expected, signed=True)))
        if effect.measured is not None:
            beside.append(t("measured {value}", value=amount(action, effect.measured, signed=True)))
        st.caption(" · ".join(beside))
        st.markdown(say(effect.reason))
        for note in effect.notes:
            st.caption(f":material/info: {say(note)}")
        if effect.method:
            st.caption(t("Read {method}.", method=say(METHODS[effect.method])))
