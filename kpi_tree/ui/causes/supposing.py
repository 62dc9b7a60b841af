"""What is supposed just now, kept in the address: a link to a colleague supposes the same."""

from __future__ import annotations

import math
from collections.abc import Mapping

import streamlit as st

from kpi_tree.errors import KpiTreeError
from kpi_tree.ui.shell import address
from kpi_tree.ui.shell.session import Session
from kpi_tree.workspace import Change
from kpi_tree.workspace.causes.suppositions import ScenarioView, scenario_of

SET, SCENARIO = "set", "scenario"


def write(changes: Mapping[str, Change]) -> str:
    """Changes as the address keeps them.

    >>> write({"orders": Change(0.1, relative=True), "value": Change(120.5)})
    'orders:+10%;value:120.5'
    """
    return ";".join(
        f"{name}:{one.value * 100:+.6g}%" if one.relative else f"{name}:{one.value!r}"
        for name, one in changes.items()
    )


def read(text: str) -> dict[str, Change]:
    """The changes that an address holds; what cannot be read is left out.

    >>> read("orders:-5%;value:120.5;odd;rate:x")
    {'orders': Change(value=-0.05, relative=True), 'value': Change(value=120.5, relative=False)}
    """
    found = {}
    for part in text.split(";"):
        name, _, value = part.partition(":")
        try:
            amount = float(value.removesuffix("%"))
        except ValueError:
            continue
        if name and math.isfinite(amount):
            relative = value.endswith("%")
            found[name] = Change(amount / 100 if relative else amount, relative)
    return found


def kept(session: Session) -> ScenarioView | None:
    """The scenario that the address names; None where there is none of this id any more."""
    named = st.query_params.get(SCENARIO, "")
    if not named:
        return None
    try:
        return scenario_of(session.home, session.who, named, session.plan_id)
    except KpiTreeError:
        return None


def asked(session: Session, node: str) -> dict[str, Change]:
    """What is supposed about a node: the address's own changes, else those of the scenario it names."""
    if SET in st.query_params:
        return read(st.query_params[SET])
    found = kept(session)
    return dict(found.changes) if found is not None and found.node == node else {}


def put(session: Session, node: str, name: str, change: Change | None) -> None:
    """Suppose one more thing, another one, or (None) it no longer."""
    changes = asked(session, node)
    changes.pop(name, None)
    put_all({**changes, **({name: change} if change is not None else {})})


def put_all(changes: Mapping[str, Change]) -> None:
    """Suppose these and nothing else."""
    if changes or SCENARIO in st.query_params:
        st.query_params[SET] = write(changes)
    else:
        address.put(SET, "")


def clear() -> None:
    """Suppose nothing."""
    address.put(SET, "")
    address.put(SCENARIO, "")


def take(scenario: str) -> None:
    """Suppose what a kept scenario does."""
    address.put(SET, "")
    address.put(SCENARIO, scenario)
