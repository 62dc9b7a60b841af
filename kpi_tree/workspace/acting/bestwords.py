"""A best plan in sentences: what it brings and takes, what the pieces lose together, what comes next."""

from __future__ import annotations

from kpi_tree.i18n import Msg, Quantity, apart, msg, nmsg
from kpi_tree.workspace.acting.bestplan import BestPlan


def best_words(found: BestPlan) -> Msg:
    """What the chosen actions bring and take."""
    if not found.chosen:
        return msg("No planned action fits and brings anything.")
    parts = {
        "gain": _amount(found, found.gain),
        "exact": _amount(found, found.exact),
        "between": _amount(found, found.interaction, signed=True),
        "cost": Quantity(found.cost, "money", found.currency),
        "hours": Quantity(found.hours, "count"),
        "goal": found.name,
    }
    return nmsg(
        "{n} action for {cost} and {hours} hours: one by one {gain} on {goal}, all at once {exact} "
        "(working together: {between}).",
        "{n} actions for {cost} and {hours} hours: one by one {gain} on {goal}, all at once {exact} "
        "(working together: {between}).",
        len(found.chosen),
        **parts,
    )


def next_words(found: BestPlan) -> Msg:
    """What a little more money would buy."""
    if found.budget is None:
        return msg("No budget was said, so nothing more can be bought.")
    if found.next is None:
        return msg("More money would buy nothing more: all that helps and fits the hours is in.")
    names = {one.action.id: one.action.name for one in found.options}
    parts = {
        "money": Quantity(max(found.next.cost - found.budget, 0.0), "money", found.currency),
        "gain": _amount(found, found.next.gain - found.gain, signed=True),
        "each": _amount(found, _per_unit(found), signed=True),
        "one": Quantity(1.0, "money", found.currency, compact=True),
        "names": ", ".join(names[one] for one in found.comes_in),
    }
    if found.goes_out:
        out = ", ".join(names[one] for one in found.goes_out)
        return msg(
            "{money} more would bring in {names} instead of {out}: {gain}, {each} for each {one}.",
            out=out,
            **parts,
        )
    return msg("{money} more would bring in {names}: {gain}, {each} for each {one}.", **parts)


def _per_unit(found: BestPlan) -> float:
    """Gain of the next step for each unit of money beyond the budget."""
    assert found.next is not None
    assert found.budget is not None
    more = found.next.cost - found.budget
    return (found.next.gain - found.gain) / more if more > 0 else 0.0


def _amount(found: BestPlan, value: float, *, signed: bool = False) -> Quantity:
    unit = apart(found.unit)
    return Quantity(value, unit, found.currency, signed=signed)
