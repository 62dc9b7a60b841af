"""The board as a packaged Streamlit component: a card goes to another column by a drag, a key or its menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from threading import Lock
from typing import Any

import streamlit as st

from kpi_tree.ui.shell.text import t

NAME = "kpi-tree.board"
LONGEST = 200
"""Letters of an id that a browser may send."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows. ``lines``: below its name; ``late``: a warning; ``href``: its own address."""

    id: str
    name: str
    lane: str
    lines: tuple[str, ...] = ()
    late: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A column. ``count``: of all its cards; ``more``: what is said where not all of them are drawn."""

    id: str
    title: str
    count: int
    more: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """What a person did: ``move`` a card ``was`` → ``to``, ``open`` one, ``undo`` or ``redo``."""

    kind: str
    card: str = ""
    was: str = ""
    to: str = ""


@dataclass
class _Heard:
    """What one session has taken of each browser: the number of its last message.

    ``busy``: Streamlit begins the next run while the one that it overtakes is still carrying a message out.
    """

    seen: dict[str, int] = field(default_factory=dict)
    busy: Any = field(default_factory=Lock)

    def take(self, said: Any, lanes: Sequence[str]) -> list[Move]:
        """The new messages of a payload, untrusted; each is given once."""
        if not isinstance(said, dict) or not isinstance(said.get("moves"), list):
            return []
        source = str(said.get("source"))[:LONGEST]
        last = self.seen.get(source, 0)
        numbered = [one for one in said["moves"][:500] if isinstance(one, dict)]
        fresh = [one for one in numbered if isinstance(one.get("seq"), int) and one["seq"] > last]
        if fresh:
            self.seen = {source: max(one["seq"] for one in fresh)}
        return [move for one in fresh if (move := read_move(one, lanes)) is not None]


def read_move(said: dict[str, Any], lanes: Sequence[str]) -> Move | None:
    """One message of a browser, or None where it makes no sense.

    >>> read_move({"kind": "move", "card": "a", "was": "doing", "to": "done"}, ("doing", "done"))
    Move(kind='move', card='a', was='doing', to='done')
    >>> read_move({"kind": "move", "card": "a", "was": "doing", "to": "sold"}, ("doing", "done")) is None
    True
    """
    made = Move(*(str(said.get(name, ""))[:LONGEST] for name in ("kind", "card", "was", "to")))
    if made.kind == "move":
        return made if made.to in lanes and made.was in lanes else None
    return made if made.kind in ("open", "undo", "redo") else None


@cache
def _component() -> Any:
    return st.components.v2.component(NAME, js="board.js", css="board.css")


def board(
    lanes: Sequence[Lane],
    cards: Sequence[Card],
    *,
    key: str,
    label: str,
    editable: bool,
    on_moves: Callable[[list[Move]], None],
) -> None:
    """Draw the columns; ``on_moves`` is told what a person did, before the page is drawn anew.

    It must not call Streamlit before it has done what is asked: Streamlit may break off at any such call.
    """
    heard: _Heard = st.session_state.setdefault(f"_board_{key}", _Heard())
    names = [lane.id for lane in lanes]
    source, seq = next(iter(heard.seen.items()), ("", 0))
    data = {
        "lanes": [asdict(lane) for lane in lanes],
        "cards": [asdict(card) for card in cards],
        "ack": {"source": source, "seq": seq},
        "editable": editable,
        "label": label,
        "texts": _texts(),
    }

    def changed() -> None:
        # The look into the session's state comes first: broken off there, the browser sends it once more.
        said = getattr(st.session_state.get(key), "moved", None)
        with heard.busy:
            moves = heard.take(said, names)
            if moves:
                on_moves(moves)

    _component()(key=key, data=data, height="content", on_moved_change=changed)


def _texts() -> dict[str, str]:
    return {
        "menu": t("Move {name}", name="{name}"),
        "to": t("To: {column}", column="{column}"),
        "open": t("Open"),
        "moved": t("{name}: now in {column}", name="{name}", column="{column}"),
        "held": t("{name} is held; let go over a column", name="{name}"),
        "hint": t("Drag a card to another column, or move it by Alt + ← and Alt + →, or by its menu."),
        "hint_touch": t("Hold a card, then drag it to another column, or use its menu."),
        "none": t("Nothing here"),
    }
