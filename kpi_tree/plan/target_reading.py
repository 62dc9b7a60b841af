"""Targets, known events and capacities from untrusted dicts, each fault with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import Period
from kpi_tree.plan import targets
from kpi_tree.plan.field_readers import (
    MAX_NAME,
    Reader,
    day_of,
    id_of,
    many_of,
    maybe,
    number_of,
    one_of,
    pair_of,
    text_of,
)
from kpi_tree.plan.targets import Event, Override, Target

MAX_WEIGHT = 1000.0
CAPACITY_UNITS = ("hours", "points", "")
_SHORT = text_of(MAX_NAME)
_NAME = text_of(MAX_NAME, empty=False)


def period_from(value: Any, place: str) -> Period:
    """A half-open period from ``{"start", "end"}``. Raises Refused where it is none or ends too early."""
    if isinstance(value, Period):
        return value
    if not isinstance(value, Mapping):
        raise Refused(msg("A period with start and end is expected here."), place=place)
    start, end = day_of(value.get("start"), f"{place}.start"), day_of(value.get("end"), f"{place}.end")
    if end <= start:
        raise Refused(
            msg("The period ends before it starts."),
            place=place,
            remedy=msg("Write the end after the start."),
        )
    return Period(start, end)


def _bands(value: Any, place: str) -> tuple[float, float, float]:
    found = many_of(number_of)(value, place)
    if len(found) != 3 or not found[0] >= found[1] >= found[2]:
        raise Refused(
            msg("Three falling numbers are expected here: ahead, on track, at risk."),
            place=place,
            remedy=msg("Write them as 1.05, 0.95, 0.85."),
        )
    return found[0], found[1], found[2]


def weight_of(value: Any, place: str) -> float:
    """How much a day brings beside an ordinary one: from 0 to 1000."""
    found = number_of(value, place)
    if not 0 <= found <= MAX_WEIGHT:
        raise Refused(
            msg("A weight is a number from 0 to {most}.", most=MAX_WEIGHT),
            place=place,
            remedy=msg("Write 1 for an ordinary day, 0 for a closed one, 2 for twice as much."),
        )
    return found


def _weights(size: int) -> Reader:
    def read(value: Any, place: str) -> tuple[float, ...]:
        found = many_of(weight_of, limit=size)(value, place)
        if found and (len(found) != size or not sum(found)):
            raise Refused(
                msg("{n} weights are expected here, not all of them 0.", n=size),
                place=place,
                remedy=msg("Leave the list empty where all are alike."),
            )
        return tuple(found)

    return read


def _not_below_zero(value: Any, place: str) -> float:
    found = number_of(value, place)
    if found < 0:
        raise Refused(
            msg("A capacity is not below 0."), place=place, remedy=msg("Write how much the person can carry.")
        )
    return found


def _fields(value: Any, place: str, names: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not set(value) <= set(names):
        raise Refused(
            msg("A set of named fields is expected here."),
            place=place,
            remedy=msg("Its fields are: {names}.", names=", ".join(names)),
        )
    return value


def event_from(value: Any, place: str) -> Event:
    """A known event. Raises Refused with the place."""
    if isinstance(value, Event):
        return value
    found = _fields(value, place, ("name", "start", "end", "weight"))
    return Event(
        _NAME(found.get("name"), f"{place}.name"),
        period_from(found, place),
        weight_of(found.get("weight", 1.0), f"{place}.weight"),
    )


def override_from(value: Any, place: str) -> Override:
    """A person's word on a status. Raises Refused where it has no reason, or ends before it is said."""
    if isinstance(value, Override):
        return value
    found = _fields(value, place, ("status", "reason", "who", "on", "until"))
    made = Override(
        one_of(targets.SAID_STATUSES)(found.get("status"), f"{place}.status"),
        text_of(500, empty=False)(found.get("reason"), f"{place}.reason"),
        _SHORT(found.get("who", ""), f"{place}.who"),
        day_of(found.get("on"), f"{place}.on"),
        day_of(found.get("until"), f"{place}.until"),
    )
    if made.until < made.on:
        raise Refused(
            msg("It would end before it begins."),
            place=f"{place}.until",
            remedy=msg("Choose a last day from {day} on.", day=made.on),
        )
    return made


def _truth(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise Refused(msg("Yes or no is expected here."), place=place, remedy=msg("Write true or false."))
    return value


TARGET_FIELDS: Mapping[str, Reader] = {
    "id": id_of,
    "node": id_of,
    "period": period_from,
    "value": number_of,
    "baseline": maybe(number_of),
    "baseline_label": _SHORT,
    "trajectory": one_of(targets.TRAJECTORIES),
    "change": maybe(number_of),
    "change_kind": maybe(one_of(targets.CHANGE_KINDS)),
    "custom": many_of(pair_of(day_of, number_of), limit=5000),
    "bands": maybe(_bands),
    "lines": many_of(pair_of(_SHORT, number_of), limit=10),
    "sentence": text_of(500),
    "where": many_of(pair_of(_SHORT, _SHORT), limit=100),
    "promise": maybe(one_of(targets.PROMISES)),
    "of": maybe(id_of),
    "counter": maybe(number_of),
    "reason": text_of(500),
    "answered_by": _SHORT,
    "answered_on": maybe(day_of),
    "answered_for": _SHORT,
    "kind": one_of(targets.TARGET_KINDS),
    "low": maybe(number_of),
    "high": maybe(number_of),
    "weekdays": _weights(7),
    "months": _weights(12),
    "events": _truth,
    "override": maybe(override_from),
}


PLAN_HEAD_FIELDS: Mapping[str, Reader] = {
    "notes": text_of(20_000, lines=True),
    "language": one_of(("en", "nb", "ja")),
    "events": many_of(event_from, limit=500),
    "capacity": many_of(pair_of(_NAME, _not_below_zero), limit=500),
    "capacity_unit": one_of(CAPACITY_UNITS),
}


def checked(target: Target, place: str = "") -> Target:
    """A target whose fields fit one another. Raises Refused where a range has one end or none between."""
    if (target.low is None) != (target.high is None):
        raise Refused(
            msg("A range has two ends."),
            place=place,
            remedy=msg("Give the lowest and the highest value."),
        )
    if target.low is not None and target.high is not None and target.low >= target.high:
        raise Refused(
            msg("The lowest value must lie below the highest."),
            place=place,
            remedy=msg("Exchange the two, or give a single value to reach."),
        )
    return target
