"""Numbers of an outline, and what it says of an action: ``state:doing start:2026-10-01 due:2026-12-01``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan.action_reading import ACTION_READERS
from kpi_tree.plan.formula_tree import number_text
from kpi_tree.plan.model import Node

NUMBER = r"[-+]?\d[\d.,]*(?:[ \u00a0\u202f]\d{3})*(?:[.,]\d+)?(?:[eE][-+]?\d+)?(?:%|[kKM万億])?"
_SIZES = {"k": 1e3, "K": 1e3, "M": 1e6, "万": 1e4, "億": 1e8}
FIELDS: Mapping[str, str] = {
    "state": "state",
    "start": "start",
    "due": "due",
    "effect": "expected_effect",
    "cost": "cost",
    "effort": "effort",
}
"""Words of an action's line → its fields."""
_AMOUNTS = ("expected_effect", "cost", "effort")


def read_number(text: str, place: str) -> float:
    """A number as people type it in a line; a percentage as a share. Raises Refused.

    >>> [read_number(text, "") for text in ("1 200 000", "1.200.000,5", "3,5%", "1.2M")]
    [1200000.0, 1200000.5, 0.035, 1200000.0]
    """
    plain = re.sub(r"[ \u00a0\u202f]", "", text)
    share, size = plain.endswith("%"), _SIZES.get(plain[-1:], 1.0)
    plain = plain[:-1] if share or size != 1 else plain
    for thousands, point in ((",", "."), (".", ",")):
        sure = (
            thousands == "," or plain.count(thousands) > 1 or point in plain
        )  # 1.200 is little more than one
        if sure and re.fullmatch(rf"[-+]?\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{point}\d+)?", plain):
            plain = plain.replace(thousands, "")
    try:
        value = float(plain.replace(",", "."))
    except ValueError:
        raise Refused(
            msg("{text} is not a number.", text=text[:30]),
            place=place,
            remedy=msg("Write it as 1234.5 or 3%."),
        ) from None
    return value / 100 if share else value * size


def write_number(value: float) -> str:
    """A number that :func:`read_number` reads back the same.

    >>> write_number(-0.5), write_number(1200000.0)
    ('-0.5', '1200000')
    """
    return f"-{number_text(-value)}" if value < 0 else number_text(value)


def read_fields(said: Mapping[str, str], place: str) -> dict[str, Any]:
    """An action's fields from the words of its line. Raises Refused, naming word and remedy."""
    made: dict[str, Any] = {}
    for word, text in said.items():
        name = FIELDS[word]
        value: Any = read_number(text, place) if name in _AMOUNTS else text
        made[name] = ACTION_READERS[name](value, f"{place} {word}")
    return made


def write_fields(node: Node) -> list[str]:
    """What an action's line says after its owner, in the order of :data:`FIELDS`.

    >>> write_fields(Node("a", "action", state="done", due=date(2026, 12, 1), cost=2000.0))
    ['state:done', 'due:2026-12-01', 'cost:2000']
    """
    words = []
    for word, name in FIELDS.items():
        value = getattr(node, name)
        if value is not None:
            said = value.isoformat() if isinstance(value, date) else str(value)
            words.append(f"{word}:{write_number(value) if name in _AMOUNTS else said}")
    return words
