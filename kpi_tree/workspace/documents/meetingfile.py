"""A meeting in a file: one page that holds where a plan stands on a day, why, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from kpi_tree.errors import NotFound, Refused
from kpi_tree.exchange.minutes import Minutes, Part, to_minutes
from kpi_tree.exchange.weekly import Pictures
from kpi_tree.i18n import Msg, format_date, msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.store import Home
from kpi_tree.workspace.base.homes import today_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.documents.meetinglook import Looked, week_before
from kpi_tree.workspace.documents.meetingview import attention, drawn_tree, forecasts, headline, verdicts
from kpi_tree.workspace.documents.meetingwhy import causes
from kpi_tree.workspace.documents.meetingwork import changes, decisions, freshness, spoken, work
from kpi_tree.workspace.judged.lens import Lens, plan_through
from kpi_tree.workspace.judged.trees import seen_through

MEETING_SECTIONS: Mapping[str, Callable[[Looked], list[Part]]] = {
    "attention": attention,
    "tree": drawn_tree,
    "verdicts": verdicts,
    "why": causes,
    "forecast": forecasts,
    "actions": work,
    "decisions": decisions,
    "remarks": spoken,
    "changes": changes,
    "freshness": freshness,
}
"""Sections by name, in the order in which they stand."""


@verb
def meeting(
    home: Home,
    who: Asker,
    plan_id: str | None = None,
    *,
    at: date | None = None,
    since: date | None = None,
    lens: Lens | None = None,
    sections: Sequence[str] = (),
    lang: str = "en",
    by: str = "",
    now: datetime | None = None,
) -> bytes:
    """A plan on a day as a page of its own, UTF-8: it opens anywhere, light and dark, and prints on A4.

    The same plan, data and arguments give the same bytes.

    Args:
        at: the day looked at; without it the shop's today. since: first day of what is told as new; without
            it the seven days that end with ``at``.
        lens: as of which days plan, targets and data are taken; without it those of ``at``. A filter or a
            period of it is left out: a meeting is about the whole.
        sections: some of :data:`MEETING_SECTIONS`; without them all. The headline always stands.
        by: who made it; empty for who asks.

    Raises:
        NotFound: there is no such plan. Refused: there is no such section, or ``since`` is after ``at``.
    """
    _refuse_unknown(sections)
    day = at or today_of(home, now)
    first = since or week_before(day)
    if first > day:
        raise Refused(
            msg("The first day is after the day looked at."),
            place="since",
            remedy=msg("Choose an earlier one."),
        )
    looked, note = _looked(home, who, plan_id, day, first, lens, lang, today_of(home, now))
    top = headline(looked)
    parts = [part for name, make in MEETING_SECTIONS.items() if not sections or name in sections
             for part in make(looked)]  # fmt: skip
    facts = [
        (msg("Plan"), looked.plan.name or looked.plan.id),
        (msg("As of"), format_date(day, lang)),
        (msg("New since"), format_date(first, lang)),
        (msg("Made by"), by or who.name),
    ]
    named = [(looked.said(label), text) for label, text in facts]
    minutes = Minutes(top, named, parts, looked.said(note) if note else "")
    wanted = {name for part in parts for name in (part.picture, part.narrow)}
    wanted |= {top.chart, *(entry.picture for part in parts for entry in part.entries)}
    drawn = {name: make for name, make in looked.pictures.items() if name in wanted}
    light, dark = ({name: make(dark=dim) for name, make in drawn.items()} for dim in (False, True))
    return to_minutes(minutes, Pictures(light, dark)).encode()


def _looked(
    home: Home, who: Asker, plan_id: str | None, day: date, first: date, lens: Lens | None, lang: str,
    today: date,
) -> tuple[Looked, Msg | None]:  # fmt: skip
    """What is looked at, and what a reader has to know of it."""
    note = None
    if lens is None:
        chosen = Lens(as_known=day, structure=day, targets=day) if day < today else Lens()
    else:
        chosen = Lens(as_known=lens.as_known, structure=lens.structure, targets=lens.targets)
    try:
        plan = plan_through(home, plan_id, chosen)
    except NotFound:
        if lens is not None or not chosen.looks_back:
            raise
        chosen = Lens()
        plan = plan_through(home, plan_id, chosen)
        note = msg(
            "The plan was made after this day. It stands here as it is now, with the numbers known now."
        )
    if chosen.looks_back:
        note = msg(
            "Plan, targets, numbers and causes are those of that day. What actions bring and did is worked "
            "out from the plan and the numbers as they are known now."
        )
    views = {view.id: view for view in seen_through(home, plan.id, day, chosen)}
    return Looked(home, who, plan, views, day, first, chosen, lang), note


def _refuse_unknown(sections: Sequence[str]) -> None:
    for name in sections:
        if name not in MEETING_SECTIONS:
            raise Refused(
                msg("A meeting has no section {name}.", name=name[:40]),
                place="sections",
                remedy=did_you_mean(
                    name, MEETING_SECTIONS, msg("Choose some of: {names}.", names=", ".join(MEETING_SECTIONS))
                ),
            )
