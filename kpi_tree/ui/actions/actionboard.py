"""The board: a column for each state; a card moves by a drag, by keys or by its menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from kpi_tree.errors import Conflict
from kpi_tree.i18n import msg
from kpi_tree.plan.action_fields import ACTION_STATES
from kpi_tree.plan.model import Plan
from kpi_tree.ui.actions import actionform
from kpi_tree.ui.actions.actionwords import amount, state_words
from kpi_tree.ui.actions.board import Card, Lane, Move, board
from kpi_tree.ui.shell import address, changes, history, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, nt, percent, t
from kpi_tree.workspace import ActionView

COLUMNS = ACTION_STATES
MOST = 40
"""Cards in a column before the rest are only counted."""
_OPENED = "_board_opened"


def show(session: Session, plan: Plan, found: Sequence[ActionView]) -> None:
    """Draw it."""
    lanes, cards = [], []
    for state in COLUMNS:
        own = [one for one in found if one.state == state]
        rest = len(own) - MOST
        more = nt("{n} more in the list", "{n} more in the list", rest) if rest > 0 else ""
        lanes.append(Lane(state, state_words(state), len(own), more))
        cards += [_card(one) for one in own[:MOST]]
    board(
        lanes, cards, key=f"board_{plan.id}", label=t("Board"), editable=not session.looks_back,
        on_moves=taker(session, plan, changes.outcome(), st.session_state.setdefault(_OPENED, {})),
    )  # fmt: skip


def opened() -> None:
    """Bring the address up to the card that was opened on the board, if one was."""
    asked: dict[str, str] = st.session_state.get(_OPENED, {})
    if asked:
        address.put("action", asked["action"])
        address.put("kpi", "")
        asked.clear()


def _card(one: ActionView) -> Card:
    said = [actionform.kpi_name(one), amount(one, one.expected, signed=True, markdown=False)]
    who = [one.owner or t("nobody's"), day(one.due) if one.due else ""]
    if one.confidence is not None:
        who.append(t("{share} sure", share=percent(one.confidence)))
    lines = tuple(" · ".join(part for part in parts if part) for parts in (said, who))
    own = {**places.kept(), **actionform.around(), "action": one.id}
    return Card(
        one.id,
        one.named(current_language()),
        one.state,
        lines,
        t("late") if one.late else "",
        f"?{urlencode(own)}",
    )


def taker(
    session: Session, plan: Plan, led_to: changes.Outcome, asked: dict[str, str]
) -> Callable[[list[Move]], None]:
    """What the board is to call with what a person did; all that it needs of the session is fetched now."""

    words = {state: state_words(state) for state in COLUMNS}

    def take(moves: list[Move]) -> None:
        for one in moves:
            if one.kind == "open":
                asked["action"] = one.card
            elif session.looks_back:
                continue
            elif one.kind == "move":
                move(session, changes.latest(plan, led_to), one, led_to, words)
            else:
                history.step(one.kind, session, led_to)

    return take


def move(session: Session, plan: Plan, one: Move, led_to: changes.Outcome, words: Mapping[str, str]) -> None:
    """The action's state, unless somebody has put it elsewhere since it was drawn where it was taken up."""
    node = plan.nodes.get(one.card)
    if node is not None and node.state not in (one.was, one.to):
        led_to.refused = Conflict(
            msg("Somebody else has moved it meanwhile."),
            place=node.name,
            mine=words[one.to],
            theirs=words.get(node.state or "", ""),
        )
    elif node is None or node.state != one.to:
        edit = {"op": "set_field", "node": one.card, "field": "state", "after": one.to}
        changes.edit(session, plan, [edit], led_to)
