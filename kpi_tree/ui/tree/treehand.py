"""Gestures on the canvas of the tree page, carried out before the page is drawn.

A newer request of the browser may break a run off wherever the script looks into the session's state or the
address. So a batch of gestures is carried out without such a look, and its outcome is put down in values that
were fetched beforehand; the next run that comes through shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import address, changes, history, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.tree.canvas import apply_event, made_on, measuring, resolved, single_events
from kpi_tree.ui.tree.parted import Parted
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.base.own import catalogue_of

_KEY = "_tree_hand"
Event = Mapping[str, Any]


@dataclass
class Hand:
    """What gestures asked for and no run has carried out to its end yet.

    Args:
        select: the node selected last; ``None`` when the address says it already.
        instead_of: what the address named when that gesture was made. A request that was on its way
            meanwhile still names it; one that names something else is newer.
        led: what the address named before it was last changed from here, and what since. A browser that has
            not heard of the change yet still sends the former.
        going: the node whose page is to be opened.
        parted: what formulas lost or gained by it.
    """

    select: str | None = None
    instead_of: str = ""
    led: tuple[str, str] | None = None
    going: str = ""
    parted: Parted = field(default_factory=Parted)


def _hand() -> Hand:
    found: Hand = st.session_state.setdefault(_KEY, Hand())
    return found


def canvas_key(plan: Plan) -> str:
    """Each plan has a view of its own: where it was scrolled to and what was folded."""
    return f"canvas_{plan.id}"


def asked() -> str:
    """The node or KPI that the address names, brought up to what was selected since."""
    hand = _hand()
    named = _named()
    if hand.select is None or hand.select == named:
        return named
    if named != hand.instead_of and (hand.led is None or named != hand.led[0]):
        hand.select = None
        return named
    hand.led = named, hand.select
    address.put("node", hand.select)
    return hand.select


def _named() -> str:
    return st.query_params.get("node") or st.query_params.get("kpi") or ""


def opener(chosen: str) -> Callable[[str, str, bool], None]:
    """What the panel is to call with a box that was opened or closed, and the card that it was on."""
    hand, named, state = _hand(), _named(), st.session_state

    def take(node: str, box: str, is_open: bool) -> None:
        # The card that the address was just led to is chosen anew: the browser may not know that address yet.
        if node != (hand.select or chosen) or (hand.led is not None and node == hand.led[1]):
            hand.select, hand.instead_of = node, named
        state[f"panel_{box}"] = is_open

    return take


def shown() -> None:
    """A run came through to its end: what it showed is no longer to be carried over."""
    _hand().select = None
    _hand().parted.clear()


def parted() -> Parted:
    """What gestures did to formulas and is to be told with the next drawing."""
    return _hand().parted


def go() -> None:
    """Open the page of the node that a gesture asked for, if one did."""
    hand = _hand()
    node, hand.going = hand.going, ""
    if node:
        places.go("kpi", id=node)


def taker(
    session: Session, plan: Plan, views: Sequence[NodeView], chosen: str | None, *, editable: bool
) -> Callable[[dict[str, Any]], None]:
    """What the canvas is to call with an event; all that it needs of the session is fetched now."""
    hand, led_to, made, named = _hand(), changes.outcome(), made_on(canvas_key(plan)), _named()
    kpis = catalogue_of(session.home)

    def take(event: dict[str, Any]) -> None:
        for part in single_events(event):
            before = changes.latest(plan, led_to)
            one = measuring(resolved(part, made), kpis)
            kind = one.get("type")
            if kind == "select":
                hand.select, hand.instead_of = str(one.get("id") or ""), named
            elif kind == "open":
                hand.going = str(one.get("id"))
            elif editable and kind in ("undo", "redo"):
                history.step(str(kind), session, led_to)
                hand.parted.clear()
            elif editable:
                _change(session, before, one, made, led_to)
                hand.parted.note(before, changes.latest(plan, led_to), views)
            newest = changes.latest(plan, led_to)
            on = hand.select if hand.select is not None else chosen
            if on and on not in newest.nodes and on in before.nodes:
                hand.select, hand.instead_of = nearest(before, newest, on), named

    return take


def _change(
    session: Session, plan: Plan, event: Event, made: dict[str, str], led_to: changes.Outcome
) -> None:
    """Each gesture is a step of its own: a refused one takes no other with it."""
    changes.edit_from(session, plan, lambda: apply_event(plan, event, made), led_to)


def nearest(before: Plan, now: Plan, node: str) -> str:
    """The closest node above a node that went, of those still there; empty without one.

    >>> from kpi_tree.plan.model import Edge, Node
    >>> before = Plan("p", nodes={n: Node(n) for n in "abc"}, links={("a", "b"): Edge("a", "b"),
    ...     ("b", "c"): Edge("b", "c")})
    >>> nearest(before, Plan("p", nodes={"a": Node("a")}), "c")
    'a'
    """
    level = [node]
    while level:
        for one in level:
            if one in now.nodes:
                return one
        level = [above for one in level for above in before.parents(one)]
    return ""
