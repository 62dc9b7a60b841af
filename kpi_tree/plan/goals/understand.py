"""Reading a goal sentence, piece by piece: baseline, KPI, period, number, way. What is open is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import DEFAULT_CALENDAR, Calendar, Period
from kpi_tree.periods.grammar import Found
from kpi_tree.periods.words import find_period
from kpi_tree.plan.goals import phrases, questions
from kpi_tree.plan.goals.amounts import Amounts
from kpi_tree.plan.goals.kpi_names import Lexicon, Mention, lexicon, mentions, plain_text
from kpi_tree.plan.goals.model import Goal, KpiLike, baseline_period
from kpi_tree.plan.goals.quantity import digits_for_words, fraction, multiple
from kpi_tree.plan.goals.sentence import GAP

MAX_LENGTH = 500
EXAMPLE = msg("Write it like this: Increase sales 10% next quarter.")


def understand(
    sentence: str,
    on: date,
    catalogue: Mapping[str, KpiLike],
    calendar: Calendar = DEFAULT_CALENDAR,
    lang: str | None = None,
) -> Goal:
    """Reads a goal such as "Increase sales 10% next quarter" in English, Norwegian or Japanese.

    Args:
        sentence: one line as a person types it.
        on: the day it is said.
        catalogue: KPI id → entry with name, unit, direction and rollup.
        calendar: the shop's calendar, for periods.
        lang: the sentence's language where it is known; else it is found.

    Returns:
        the goal; what the sentence leaves open is a question with its likely answers and a default.

    Raises:
        Refused: it is empty, too long, or nothing in it reads as a goal; with an example.

    >>> from kpi_tree.catalogue import catalogue
    >>> goal = understand("Increase sales 10% next quarter", date(2026, 11, 22), catalogue())
    >>> goal.kpi, goal.change, goal.change_kind, str(goal.period.start), [q.field for q in goal.questions]
    ('sales', 0.1, 'percent', '2027-01-01', ['baseline'])
    """
    if not sentence.strip():
        raise Refused(msg("There is no goal here yet."), remedy=EXAMPLE)
    if len(sentence) > MAX_LENGTH:
        raise Refused(
            msg(
                "The sentence is {n} characters long; the limit is {limit}.",
                n=len(sentence),
                limit=MAX_LENGTH,
            ),
            remedy=EXAMPLE,
        )
    reading = _Reading(sentence.strip(), on, catalogue, calendar, lang)
    return reading.goal()


class _Reading(Amounts):
    """One sentence read to the end."""

    def goal(self) -> Goal:
        """The goal, with what it leaves open."""
        self.text = digits_for_words(plain_text(self.sentence))
        language = self.language = self.lang or phrases.language_of_sentence(self.text)
        baseline = self.take_baseline()
        known = lexicon(self.catalogue)
        found = mentions(self.text, known)
        kpi = self.choose_kpi(found, known)
        self.mask(found)
        unit = self.unit(kpi)
        goal = self.take_range(Goal(self.sentence, language, kpi, baseline=baseline, unit=unit))
        level = self.take_time_level(unit, language)
        against = self.take_compared(language)
        period = self.take_period(language)
        per = self.take_rate_of_time()
        goal = replace(goal, period=period, baseline=goal.baseline or self.named_baseline(against, period))
        if goal.low is None and not self.is_asked("change"):
            goal = replace(goal, value=level) if level is not None else self.take_quantity(goal)
        if not (found or self.says_much(goal) or self.is_wish(goal)) or self.is_noise(goal, found):
            raise Refused(msg("This does not read as a goal."), place=self.sentence[:80], remedy=EXAMPLE)
        goal = self.with_direction(goal)
        goal = self.spread(goal, per)
        return self.with_questions(goal)

    def is_noise(self, goal: Goal, found: list[Mention]) -> bool:
        """A KPI's word or a number alone is not a goal: it takes a way, a level or a period too."""
        moving = self.moving() or multiple(self.text, goal.language) is not None
        if not found:
            return not (moving or goal.period or phrases.REACH.search(self.text))
        return not self.says_much(goal) and not moving and goal.period is None

    def is_wish(self, goal: Goal) -> bool:
        """Whether it says a way and a time: of what, and by how much, can be asked."""
        return goal.period is not None and self.moving()

    def says_much(self, goal: Goal) -> bool:
        """Whether a number was understood."""
        return not (goal.change is None and goal.value is None and goal.low is None)

    def unit(self, kpi: str | None) -> str | None:
        """The unit of a KPI, also of one that the catalogue has not."""
        if kpi is None:
            return None
        if kpi in self.catalogue:
            return self.catalogue[kpi].unit
        return "percent" if kpi.endswith(("_rate", "_share")) else None

    def take_baseline(self) -> str | None:
        """ "Compared with last year" names a period that is not the goal's: it is taken out first."""
        for words, name in (
            (phrases.LAST_YEAR, "same_period_last_year"),
            (phrases.PREVIOUS, "previous_period"),
        ):
            if found := words.search(self.text):
                self.cut(found.start(), found.end())
                return name
        return None

    def take_compared(self, language: str) -> Period | None:
        """ "Compared to Q4 2025": the days named right after it are not the goal's; they are taken out."""
        for found in phrases.COMPARED.finditer(self.text):
            words = list(re.finditer(r"\S+", self.text[found.end() :]))[:6]
            for last in reversed(words):
                end = found.end() + last.end()
                named = self.days_in(self.text[found.end() : end], language)
                if named is not None and named.exact and named.period.end <= self.on:
                    self.cut(found.start(), end)
                    return named.period
        return None

    def days_in(self, text: str, language: str) -> Found | None:
        """The days that a text names, where it names some that can be."""
        try:
            return find_period(text, self.on, self.calendar, language)
        except Refused:
            return None

    def named_baseline(self, against: Period | None, period: Period | None) -> str | None:
        """What the days compared with are to the goal's: a year before, or the latest whole ones."""
        if against is None or period is None:
            return None
        for name in ("same_period_last_year", "previous_period"):
            if (usual := baseline_period(name, period, self.on)) and _days(usual) == _days(against):
                return name
        return None

    def choose_kpi(self, found: list[Mention], known: Lexicon) -> str | None:
        """The one KPI that is named; else it is asked which."""
        named = list(dict.fromkeys(mention.kpi for mention in found))
        if len(named) == 1:
            if not any(mention.spelt for mention in found):
                typed = self.text[found[0].start : found[0].end]
                self.asked.append(
                    questions.did_you_mean(typed, named[0], self.text, known, self.catalogue, self.language)
                )
            return named[0]
        self.asked.append(questions.which_kpi(named, self.text, known, self.catalogue, self.language))
        return None

    def mask(self, found: list[Mention]) -> None:
        """Take the names of KPIs out, so that their words are not read as others."""
        for mention in sorted(found, key=lambda mention: -mention.start):
            self.cut(mention.start, mention.end)

    def take_rate_of_time(self) -> float | None:
        """Days that "per day", "a week", "monthly" stand for; the words are taken out."""
        found = phrases.PER.search(self.text)
        if found is None:
            return None
        self.cut(found.start(), found.end())
        return float(phrases.PER_DAYS[found["one"] or found["two"] or found["three"]])

    def take_period(self, language: str) -> Period | None:
        """The days that the sentence names; a term that means three things is asked about."""
        if language == "ja" and (term := phrases.TERM.search(self.text)):
            self.cut(term.start(), term.end())
            ahead = term["ahead"] is not None
            self.asked.append(questions.which_term(self.on, self.calendar, ahead=ahead))
            return None
        found = self.days_in(self.text, language)
        if found is None:
            return None
        self.text = self.text.replace(found.phrase, GAP, 1) if found.phrase in self.text else found.rest
        return found.period

    def with_questions(self, goal: Goal) -> Goal:
        """What is still open, as questions in the order in which a person would ask."""
        if goal.currency and goal.unit not in (None, "money") and goal.value is not None:
            self.asked.append(questions.money_kpi(self.catalogue, self.language))
            goal = replace(goal, kpi=None, unit="money")
        if not self.says_much(goal) and not self.is_asked("change"):
            self.asked.append(questions.how_much(self.way() or goal.direction, goal.kpi, self.catalogue))
            goal = replace(goal, change_kind="percent")
        if goal.period is None and not self.is_asked("period"):
            self.asked.append(questions.by_when(self.on, self.calendar))
        needs_baseline = goal.low is None and (goal.change is not None or goal.value is None)
        if (
            goal.change_kind == "percent"
            and goal.unit == "percent"
            and goal.low is None
            and multiple(self.text, goal.language) is None
            and fraction(self.text) is None
        ):
            self.asked.append(questions.percent_or_points(abs(goal.change or 0)))
        if goal.baseline is None and goal.low is None:
            default, question = questions.against_what(goal, self.on, self.catalogue, ask=needs_baseline)
            goal = replace(goal, baseline=default)
            if question is not None:
                self.asked.append(question)
        return replace(goal, questions=tuple(self.asked), notes=tuple(self.notes))


def _days(period: Period) -> tuple[date, date]:
    return period.start, period.end
