"""What only an action has: when, by whom paid, what it is to bring, and how that will be known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kpi_tree.periods import Period

ActionState = Literal["planned", "doing", "done", "dropped"]
Course = Literal["lasting", "fading"]

ACTION_STATES: tuple[ActionState, ...] = ("planned", "doing", "done", "dropped")
COURSES: tuple[Course, ...] = ("lasting", "fading")

WINDOW_DAYS = 28
"""Days over which an action works that says neither how long nor when it is due."""

OPEN_STATES = ("planned", "doing")


@dataclass(frozen=True, kw_only=True)
class ActionFields:
    """The fields of an action; every other node leaves them at their default.

    Attributes:
        start: the day on which it begins. due: the day by which it is done.
        expected_effect: on the KPI that it supports, in that KPI's unit: the total over its window for what
            adds up over days, the average change within the window for a rate or a level.
        cost: in the shop's currency, all in all. effort: hours of work.
        effect_delay: days from its start until it begins to show; None: none.
        effect_days: length of the window over which the effect is expected and measured; None: up to the
            due day, or :data:`WINDOW_DAYS`.
        effect_course: ``lasting`` goes on at the same strength after the window, ``fading`` falls evenly to
            nothing by its end; None works evenly within the window and stops.
        confidence: share from 0 to 1: how sure its owner is that it brings that effect.
        links: addresses (http, https) of what belongs to it.
        action_kind: what kind of action it is, so that one kind's results are kept together.
        needs: ids of actions that have to be done for this one. excludes: ids that rule this one out.
        control: ``dimension=value``, a segment where it does not work, to compare with.
        experiment: name of the experiment that tests it.
    """

    start: date | None = None
    due: date | None = None
    state: ActionState | None = None
    expected_effect: float | None = None
    cost: float | None = None
    effort: float | None = None
    effect_delay: int | None = None
    effect_days: int | None = None
    effect_course: Course | None = None
    confidence: float | None = None
    links: tuple[str, ...] = ()
    action_kind: str = ""
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    control: str = ""
    experiment: str = ""

    @property
    def window(self) -> Period | None:
        """The days over which the effect is expected; None without a start, or where it ends before it.

        >>> from datetime import date
        >>> fields = ActionFields(start=date(2026, 3, 2), effect_delay=7, effect_days=14)
        >>> fields.window.start, fields.window.last
        (datetime.date(2026, 3, 9), datetime.date(2026, 3, 22))
        """
        if self.start is None:
            return None
        first = self.start + timedelta(days=self.effect_delay or 0)
        days = self.effect_days
        if days is None:
            days = (self.due - first).days + 1 if self.due else WINDOW_DAYS
        return Period(first, first + timedelta(days=days)) if days >= 1 else None


ACTION_FIELDS: tuple[str, ...] = tuple(ActionFields.__dataclass_fields__)
"""Their names, in the order in which they are written."""
