"""Ids from names: stable, readable, never one that is taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from kpi_tree.plan.formula_tree import RESERVED
from kpi_tree.plan.model import Plan

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "å": "a", "ß": "ss", "ð": "d", "þ": "th", "ł": "l"})


def ascii_stem(text: str) -> str:
    """A text's letters and digits in plain ASCII, everything else an underscore; may be empty.

    >>> ascii_stem("Økt salg, 2027!"), ascii_stem("売上")
    ('okt_salg_2027', '')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = plain.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def id_from_name(name: str, taken: Collection[str]) -> str:
    """An id for a name: its letters and digits, numbered where it is taken.

    >>> id_from_name("Økter (alle)", []), id_from_name("Sales", ["sales"]), id_from_name("売上", ["kpi"])
    ('okter_alle', 'sales_2', 'kpi_2')
    """
    stem = ascii_stem(name)[:60].rstrip("_")
    if not stem or not stem[0].isalpha():
        stem = f"kpi_{stem}".rstrip("_")
    found, number = stem, 1
    while found in taken or found in RESERVED:
        number += 1
        found = f"{stem}_{number}"
    return found


def new_node_id(plan: Plan, name: str) -> str:
    """An id for a new node of a plan, none that a formula of it could mean something else by.

    >>> from kpi_tree.plan.model import Node
    >>> new_node_id(Plan("p", nodes={"net": Node("net", kpi="sales")}), "Sales")
    'sales_2'
    """
    return id_from_name(name, {*plan.nodes, *(node.kpi for node in plan.nodes.values() if node.kpi)})
