"""How much a goal sentence asks for: a level, a change, from one level to another, or a range to keep."""

from __future__ import annotations

from dataclasses import replace

from kpi_tree.i18n import msg
from kpi_tree.periods import Period
from kpi_tree.plan.goals import phrases, questions
from kpi_tree.plan.goals.model import Goal
from kpi_tree.plan.goals.quantity import (
    Quantity,
    Span,
    change_span,
    fraction,
    kept_between,
    multiple,
    quantities,
)
from kpi_tree.plan.goals.sentence import Sentence

TIME_UNITS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0}


MONTH_DAYS = phrases.PER_DAYS["month"]


def _times(period: Period, per: float) -> float:
    """How often so many days lie in a period; whole months are counted as they are.

    >>> from kpi_tree.periods import parse_period
    >>> _times(parse_period("2027"), MONTH_DAYS), _times(parse_period("2027-02"), 7.0)
    (12.0, 4.0)
    """
    if per == MONTH_DAYS and period.start.day == period.end.day == 1:
        return 12.0 * (period.end.year - period.start.year) + period.end.month - period.start.month
    return period.days / per


class Amounts(Sentence):
    """The readings of numbers."""

    def take_range(self, goal: Goal) -> Goal:
        """ "Keep between 3 and 4 %" is a range; "raise by 5 to 10 %" leaves open which change is meant."""
        found = kept_between(self.text, goal.language)
        if found is not None and not (self.moving() and not phrases.KEEP.search(self.text)):
            low, high = sorted((self.level(goal, found.first), self.level(goal, found.last)))
            self.cut(found.start, found.end)
            return replace(goal, low=low, high=high, currency=found.last.currency or found.first.currency)
        if found is None and self.moving() and not phrases.FROM_TO.search(self.text):
            found = change_span(self.text, goal.language)
        return goal if found is None else self.which_change(goal, found)

    def which_change(self, goal: Goal, found: Span) -> Goal:
        """Two sizes of one change: asked, with both and the middle."""
        sign = -1 if (self.way() or self.better(goal)) == "down" else 1
        share = found.last.kind == "percent"
        sizes = [each.value / 100 if share else each.value for each in (found.first, found.last)]
        self.asked.append(questions.which_change([sign * size for size in sizes], share))
        self.cut(found.start, found.end)
        return replace(goal, change_kind="percent" if share else "absolute")

    def better(self, goal: Goal) -> str | None:
        """Which way is better for the KPI, where that is up or down."""
        entry = self.catalogue.get(goal.kpi or "")
        return entry.direction if entry and entry.direction in ("up", "down") else None

    def take_time_level(self, unit: str | None, language: str) -> float | None:
        """ "To 30 minutes" is a level where the KPI is a time, before a period is looked for."""
        if unit not in TIME_UNITS:
            return None
        for each in quantities(self.text, language):
            if each.kind == "time" and phrases.says_level(self.text[: each.start], self.text[each.end :]):
                self.cut(each.start, each.end)
                return each.value * each.seconds / TIME_UNITS[unit]
        return None

    def take_quantity(self, goal: Goal) -> Goal:
        """What the numbers say, the clearest reading first."""
        text, language = self.text, goal.language
        if (pair := self.from_to(goal)) is not None:
            return pair
        if (times := multiple(text, language)) is not None:
            return replace(goal, change=round(times[0] - 1, 12), change_kind="percent")
        if (share := fraction(text)) is not None:
            return replace(goal, change=share[0], change_kind="percent")
        found = [each for each in quantities(text, language) if each.kind != "time" or self.is_time(goal)]
        if not found:
            return goal
        if len(found) > 1:
            found = [each for each in found if each.kind != "number"] or found
        if len(found) > 1:
            self.asked.append(questions.which_number(found))
            shares = all(each.kind == "percent" for each in found)
            return replace(goal, change_kind="percent" if shares else "absolute")
        return self.with_quantity(goal, found[0])

    def is_time(self, goal: Goal) -> bool:
        """Whether the KPI is itself a time."""
        return goal.unit in TIME_UNITS

    def from_to(self, goal: Goal) -> Goal | None:
        """ "From 3 to 4 %": a baseline and a level."""
        match = phrases.FROM_TO.search(self.text)
        if match is None:
            return None
        before = quantities(match["a"] or match["c"] or "", goal.language)
        after = quantities(match["b"] or match["d"] or "", goal.language)
        if len(before) != 1 or not after:
            return None
        first, last = before[0], after[0]
        if first.kind == "number" and last.kind == "percent":  # "from 3 to 4 %"
            first = replace(first, kind="percent")
        goal = self.of_shares(goal, last)
        start, end = self.level(goal, first), self.level(goal, last)
        return replace(
            goal, baseline="number", baseline_value=start, value=end, currency=last.currency or first.currency
        )

    def of_shares(self, goal: Goal, each: Quantity) -> Goal:
        """A level in percent cannot be one of a count or of money: which rate is meant is asked."""
        if each.kind != "percent" or goal.kpi is None or goal.unit in (None, "percent"):
            return goal
        self.asked.append(questions.which_rate(self.sentence, self.catalogue, goal.language))
        return replace(goal, kpi=None, unit="percent")

    def level(self, goal: Goal, each: Quantity) -> float:
        """A number as a level in the KPI's unit."""
        if each.kind == "percent":
            return each.value / 100 if goal.unit in (None, "percent") else each.value
        if each.kind == "time" and goal.unit in TIME_UNITS:
            return each.value * each.seconds / TIME_UNITS[goal.unit or ""]
        if each.kind == "number" and goal.unit == "percent" and abs(each.value) > 1:
            return each.value / 100  # "a conversion rate of 3": a share above one cannot be meant
        return each.value

    def with_quantity(self, goal: Goal, each: Quantity) -> Goal:
        """A number as a level or as a change, by the words beside it."""
        before, after = self.text[: each.start], self.text[each.end :]
        level = phrases.says_level(before, after)
        if level is None:
            level = self.seems_level(each, goal)
        if each.signed or each.kind == "points":
            level = False
        if level and each.kind == "percent" and goal.unit not in (None, "percent"):
            return self.percent_of_now(goal, each)
        if level:
            return replace(goal, value=self.level(goal, each), currency=each.currency)
        if each.kind == "percent":
            return replace(goal, change=each.value / 100, change_kind="percent")
        if each.kind == "points":
            points = each.value / 100 if goal.unit in (None, "percent") else each.value
            kind = "points" if goal.unit in (None, "percent") else "absolute"
            return replace(goal, change=points, change_kind=kind)
        change = self.level(goal, each) if each.kind == "time" else each.value
        return replace(goal, change=change, change_kind="absolute", currency=each.currency)

    def seems_level(self, each: Quantity, goal: Goal) -> bool:
        """With no word beside the number, the verb decides: reach a level, raise by a change."""
        if self.moving():
            return False
        if phrases.REACH.search(self.text):
            return True
        return each.kind != "percent" or goal.unit == "percent"

    def percent_of_now(self, goal: Goal, each: Quantity) -> Goal:
        """ "Sales to 110 %" can only be a share of what they are."""
        share = each.value / 100
        if share == 1:
            return goal
        self.asked.append(questions.percent_of_now(share))
        return replace(goal, change=round(share - 1, 12), change_kind="percent")

    def spread(self, goal: Goal, per: float | None) -> Goal:
        """ "100 orders a day by June" becomes the period's total; so does "100 more a day"."""
        more = goal.change if goal.change_kind == "absolute" else None
        size = goal.value if goal.value is not None else more
        if per is None or size is None or goal.period is None or goal.unit not in ("money", "count", None):
            return goal
        total = size * _times(goal.period, per)
        self.notes.append(
            msg(
                "{value} over each of {n} days makes {total} in the whole period.",
                value=size / per,
                n=goal.period.days,
                total=round(total, 2),
            )
        )
        return replace(goal, value=total) if goal.value is not None else replace(goal, change=total)
