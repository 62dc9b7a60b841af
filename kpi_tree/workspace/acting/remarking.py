"""Check-ins, comments and decisions: written, changed, deleted, brought back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import Msg, msg, pmsg
from kpi_tree.plan.mentions import mentions
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.store import remarks as kept
from kpi_tree.store.remarks import Remark
from kpi_tree.workspace.acting import counting
from kpi_tree.workspace.acting.remarked import find_box, people_of
from kpi_tree.workspace.base.homes import moment, today_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan as plan_of

CONFIDENCE: Mapping[str, Msg] = {
    "high": pmsg("confidence", "high"),
    "medium": pmsg("confidence", "medium"),
    "low": pmsg("confidence", "low"),
}
LONGEST = 2000
"""Letters of a text."""
_EMPTY: Mapping[str, Msg] = {
    "comment": msg("A comment needs a text."),
    "decision": msg("A decision needs a text."),
}
_FILL: Mapping[str, Msg] = {
    "comment": msg("Write what you noticed."),
    "decision": msg("Write what was decided."),
}


@verb
def check_in(
    home: Home,
    who: Asker,
    node: str,
    *,
    value: float | None = None,
    confidence: str | None = None,
    changed: str = "",
    next_step: str = "",
    person: str = "",
    day: date | None = None,
    plan_id: str | None = None,
    counts: bool = True,
    now: datetime | None = None,
) -> Remark:
    """A person's own word on a KPI or an action, kept beside the computed status and changing nothing of it.

    Only where no data speak of a KPI, its value counts as the KPI's value of that day: it is loaded like a
    file of one row, and withdrawn with the check-in.

    Args:
        node: id or KPI of a box of the plan.
        value: the person's number, in the node's unit (0.42 for 42 %); of an action, the share that is done.
        confidence: ``high medium low`` that the target will be reached.
        changed, next_step: what changed, what comes next.
        person: who says it; empty for who asks. day: what day it is about; today if not said.
        counts: without it the value is a remark in any case.

    Raises:
        NotFound: there is no such box. Refused: nothing is said, the day is to come, a text is too long.
    """
    plan = plan_of(home, who, plan_id)
    box = plan.nodes[find_box(plan, node)]
    if value is None and confidence is None and not changed.strip() and not next_step.strip():
        raise Refused(
            msg("A check-in needs a value, a confidence or a text."),
            place=node[:80],
            remedy=msg("Say at least one of them."),
        )
    made = _write(
        home, who, "check_in", node, person=person, day=day, plan_id=plan_id, now=now,
        value=value, confidence=confidence, said=changed, next=next_step,
    )  # fmt: skip
    if counts and value is not None and counting.typed_by_hand(home, box):
        counting.count(home, who, box, made, moment(now))
    return made


@verb
def comment(
    home: Home,
    who: Asker,
    node: str,
    text: str,
    *,
    decision: bool = False,
    next_step: str = "",
    person: str = "",
    day: date | None = None,
    plan_id: str | None = None,
    now: datetime | None = None,
) -> Remark:
    """A text about a KPI or an action on a day; ``@name`` speaks to somebody.

    Args:
        decision: whether it says what was decided; decisions are listed by themselves, and in the meeting
            file. next_step: what comes next.

    Raises:
        NotFound: there is no such box. Refused: the text is empty or too long, the day is to come.
    """
    kind = "decision" if decision else "comment"
    if not text.strip():
        raise Refused(_EMPTY[kind], place=node[:80], remedy=_FILL[kind])
    return _write(
        home, who, kind, node, person=person, day=day, plan_id=plan_id, now=now,
        value=None, confidence=None, said=text, next=next_step,
    )  # fmt: skip


@verb
def change_remark(
    home: Home,
    who: Asker,
    /,
    remark_id: str,
    *,
    based_on: int | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Remark:
    """Other values for some of ``value confidence said next person day`` of a check-in, comment or decision.

    ``kind`` makes a comment a decision, or a decision a comment.

    Raises:
        NotFound: there is none of this id. Conflict: somebody changed it since revision ``based_on``.
        Refused: a value is not allowed.
    """
    found = kept.get(home, remark_id)
    wanted = {**_data(found), **fields}
    plan = plan_of(home, who, found.plan_id)
    if wanted["kind"] != found.kind and not {wanted["kind"], found.kind} <= set(_EMPTY):
        raise Refused(
            msg("Only a comment can become a decision, and a decision a comment."),
            place="kind",
            remedy=msg("Write it anew."),
        )
    if found.kind in _EMPTY and not str(wanted["said"]).strip():
        raise Refused(_EMPTY[found.kind], place=remark_id, remedy=msg("Delete it if it should go."))
    kept.put(
        home, remark_id, _checked(home, plan, wanted, moment(now)), who=who.name, now=moment(now),
        action="change", based_on=based_on,
    )  # fmt: skip
    made = kept.get(home, remark_id)
    counting.follow(home, who, plan.nodes.get(made.node), made, found, moment(now))
    return made


@verb
def delete_remark(home: Home, who: Asker, remark_id: str, *, now: datetime | None = None) -> None:
    """Take a check-in, comment or decision away; :func:`bring_back_remark` undoes it.

    Raises:
        NotFound: there is none of this id.
    """
    kept.get(home, remark_id)
    kept.put(home, remark_id, None, who=who.name, now=moment(now), action="delete")
    counting.discount(home, who, remark_id, moment(now))


@verb
def bring_back_remark(home: Home, who: Asker, remark_id: str, *, now: datetime | None = None) -> Remark:
    """A deleted check-in or comment as it was.

    Raises:
        NotFound: none of this id was deleted.
    """
    before = kept.deleted(home, remark_id)
    if before is None:
        raise NotFound(msg("Nothing of this id was deleted."), place=remark_id[:80])
    kept.put(home, remark_id, before, who=who.name, now=moment(now), action="bring-back")
    counting.count_again(home, who, remark_id, moment(now))
    return kept.get(home, remark_id)


def _write(
    home: Home,
    who: Asker,
    kind: str,
    node: str,
    *,
    person: str,
    day: date | None,
    plan_id: str | None,
    now: datetime | None,
    **fields: Any,
) -> Remark:
    plan = plan_of(home, who, plan_id)
    at = moment(now)
    said = {
        "plan_id": plan.id,
        "node": find_box(plan, node),
        "kind": kind,
        "day": day or today_of(home, at),
        "person": person.strip() or who.name,
        **fields,
    }
    return kept.add(home, _checked(home, plan, said, at), who=who.name, now=at)


def _data(found: Remark) -> dict[str, Any]:
    return {name: getattr(found, name) for name in kept.FIELDS}


def _checked(home: Home, plan: Plan, said: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The fields as they are kept.

    Raises:
        Refused: naming the field and what it may be.
    """
    if said["day"] > today_of(home, at):
        raise Refused(msg("The day is still to come."), place="day", remedy=msg("Choose today or earlier."))
    if said["confidence"] not in (None, *CONFIDENCE):
        raise Refused(
            msg("There is no such confidence."), place="confidence",
            remedy=msg("Choose one of: {names}.", names=", ".join(CONFIDENCE)),
        )  # fmt: skip
    if said["value"] is not None and not math.isfinite(said["value"]):
        raise Refused(msg("The value is no number."), place="value", remedy=msg("Type a number."))
    texts = {name: str(said[name]).strip() for name in ("said", "next", "person")}
    for name, text in texts.items():
        if len(text) > LONGEST:
            raise Refused(
                msg("The text is longer than {n} letters.", n=LONGEST), place=name, remedy=msg("Shorten it.")
            )
    people = people_of(plan, kept.remarks(home, plan.id))
    named = mentions(f"{texts['said']}\n{texts['next']}", people)
    return {**said, **texts, "day": said["day"].isoformat(), "mentions": list(named)}
