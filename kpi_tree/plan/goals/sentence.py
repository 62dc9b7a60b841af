"""A goal sentence being read: what of it is not understood yet, what was asked, which way it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kpi_tree.i18n import Msg
from kpi_tree.periods import Calendar
from kpi_tree.plan.goals import phrases, questions
from kpi_tree.plan.goals.model import Goal, KpiLike, Question
from kpi_tree.plan.goals.quantity import multiple, quantities

GAP = " § "
"""Stands where a phrase was taken out, so that the words around it do not grow together."""


@dataclass
class Sentence:
    """One sentence being read; ``text`` is what has not been understood yet."""

    sentence: str
    on: date
    catalogue: Mapping[str, KpiLike]
    calendar: Calendar
    lang: str | None
    text: str = ""
    language: str = "en"
    asked: list[Question] = field(default_factory=list)
    notes: list[Msg] = field(default_factory=list)

    def cut(self, start: int, end: int) -> None:
        """Take out what was understood."""
        self.text = f"{self.text[:start]}{GAP}{self.text[end:]}"

    def moving(self) -> bool:
        """Whether a word says that something is to change."""
        return any(words.search(self.text) for words in (phrases.UP, phrases.DOWN, phrases.BETTER))

    def is_asked(self, field_name: str) -> bool:
        """Whether a field is asked for already."""
        return any(question.field == field_name for question in self.asked)

    def with_direction(self, goal: Goal) -> Goal:
        """A change said without a sign takes its sign from the verb, else from which way is better."""
        if goal.low is not None:
            return goal  # within a range neither way is better
        entry = self.catalogue.get(goal.kpi or "")
        better = entry.direction if entry else None
        better = better if better in ("up", "down") else None
        said = self.way() or (better if phrases.BETTER.search(self.text) else None)
        if goal.change is None:
            if goal.value is not None and goal.baseline_value is not None:
                return replace(goal, direction="up" if goal.value > goal.baseline_value else "down")
            return replace(goal, direction=self.bound() or said or better)
        if goal.change < 0:
            return replace(goal, direction="down")
        multiplied = multiple(self.text, goal.language) is not None
        if multiplied or (said is None and any(each.signed for each in quantities(self.text, goal.language))):
            return replace(goal, direction="up")
        direction = said or better
        if said is None and not self.is_asked("change"):
            self.asked.append(questions.which_way(direction, goal.change))
        sign = -1 if direction == "down" else 1
        return replace(goal, change=sign * goal.change, direction=direction or "up")

    def way(self) -> str | None:
        """Up or down, where a word says so; the first one counts."""
        up, down = phrases.UP.search(self.text), phrases.DOWN.search(self.text)
        if up and down:
            return "up" if up.start() < down.start() else "down"
        return "up" if up else "down" if down else None

    def bound(self) -> str | None:
        """ "Below 40 %" says down, "at least 500" says up."""
        if phrases.AT_MOST.search(self.text):
            return "down"
        return "up" if phrases.AT_LEAST.search(self.text) else None
