"""Reading a goal sentence, piece by piece: baseline, KPI, period, number, way. What is open is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.periods import DEFAULT_CALENDAR, Calendar, Period
from kpi_tree.periods.words import find_period
from kpi_tree.plan.goals import phrases, questions
from kpi_tree.plan.goals.kpi_names import Lexicon, Mention, lexicon, mentions, plain_text
from kpi_tree.plan.goals.model import Goal, KpiLike, Question
from kpi_tree.plan.goals.quantity import Quantity, digits_for_words, fraction, multiple, quantities

MAX_LENGTH = 500
EXAMPLE = msg("Write it like this: Increase sales 10% next quarter.")
TIME_UNITS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0}
GAP = " § "
"""Stands where a phrase was taken out, so that the words around it do not grow together."""


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


@dataclass
class _Reading:
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

    def goal(self) -> Goal:
        self.text = digits_for_words(plain_text(self.sentence))
        language = self.language = self.lang or phrases.language_of_sentence(self.text)
        baseline = self.take_baseline()
        known = lexicon(self.catalogue)
        found = mentions(self.text, known)
        kpi = self.choose_kpi(found, known)
        self.mask(found)
        unit = self.unit(kpi)
        level = self.take_time_level(unit, language)
        period = self.take_period(language)
        per = self.take_rate_of_time()
        goal = Goal(self.sentence, language, kpi, period=period, baseline=baseline, unit=unit)
        goal = replace(goal, value=level) if level is not None else self.take_quantity(goal)
        if not (found or goal.change is not None or goal.value is not None) or self.is_noise(goal, found):
            raise Refused(msg("This does not read as a goal."), place=self.sentence[:80], remedy=EXAMPLE)
        goal = self.with_direction(goal)
        goal = self.spread(goal, per)
        return self.with_questions(goal)

    def is_noise(self, goal: Goal, found: list[Mention]) -> bool:
        """A KPI's word or a number alone is not a goal: it takes a way, a level or a period too."""
        moving = (
            phrases.UP.search(self.text) or phrases.DOWN.search(self.text) or phrases.BETTER.search(self.text)
        )
        if not found:
            return not (moving or goal.period or phrases.REACH.search(self.text))
        return goal.change is None and goal.value is None and not moving and goal.period is None

    def unit(self, kpi: str | None) -> str | None:
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
                self.text = f"{self.text[: found.start()]}{GAP}{self.text[found.end() :]}"
                return name
        return None

    def choose_kpi(self, found: list[Mention], known: Lexicon) -> str | None:
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
        for mention in sorted(found, key=lambda mention: -mention.start):
            self.text = f"{self.text[: mention.start]}{GAP}{self.text[mention.end :]}"

    def take_time_level(self, unit: str | None, language: str) -> float | None:
        """ "To 30 minutes" is a level where the KPI is a time, before a period is looked for."""
        if unit not in TIME_UNITS:
            return None
        for each in quantities(self.text, language):
            if each.kind == "time" and phrases.says_level(self.text[: each.start], self.text[each.end :]):
                self.text = f"{self.text[: each.start]}{GAP}{self.text[each.end :]}"
                return each.value * each.seconds / TIME_UNITS[unit]
        return None

    def take_rate_of_time(self) -> float | None:
        """Days that "per day", "a week", "monthly" stand for; the words are taken out."""
        found = phrases.PER.search(self.text)
        if found is None:
            return None
        self.text = f"{self.text[: found.start()]}{GAP}{self.text[found.end() :]}"
        return float(phrases.PER_DAYS[found["one"] or found["two"] or found["three"]])

    def take_period(self, language: str) -> Period | None:
        try:
            found = find_period(self.text, self.on, self.calendar, language)
        except Refused:
            return None
        if found is None:
            return None
        self.text = self.text.replace(found.phrase, GAP, 1) if found.phrase in self.text else found.rest
        return found.period

    # --- how much ---------------------------------------------------------------------------------------

    def take_quantity(self, goal: Goal) -> Goal:
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
        return goal.unit in TIME_UNITS

    def from_to(self, goal: Goal) -> Goal | None:
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
        start, end = self.level(goal, first), self.level(goal, last)
        return replace(
            goal, baseline="number", baseline_value=start, value=end, currency=last.currency or first.currency
        )

    def level(self, goal: Goal, each: Quantity) -> float:
        if each.kind == "percent":
            return each.value / 100 if goal.unit in (None, "percent") else each.value
        if each.kind == "time" and goal.unit in TIME_UNITS:
            return each.value * each.seconds / TIME_UNITS[goal.unit or ""]
        if each.kind == "number" and goal.unit == "percent" and abs(each.value) > 1:
            return each.value / 100  # "a conversion rate of 3": a share above one cannot be meant
        return each.value

    def with_quantity(self, goal: Goal, each: Quantity) -> Goal:
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
        moving = (
            phrases.UP.search(self.text) or phrases.DOWN.search(self.text) or phrases.BETTER.search(self.text)
        )
        if phrases.REACH.search(self.text) and not moving:
            return True
        if moving:
            return False
        return each.kind != "percent" or goal.unit == "percent"

    def percent_of_now(self, goal: Goal, each: Quantity) -> Goal:
        """ "Sales to 110 %" can only be a share of what they are."""
        share = each.value / 100
        if share == 1:
            return goal
        self.asked.append(questions.percent_of_now(share))
        return replace(goal, change=round(share - 1, 12), change_kind="percent")

    # --- which way ---------------------------------------------------------------------------------------

    def with_direction(self, goal: Goal) -> Goal:
        """A change said without a sign takes its sign from the verb, else from which way is better."""
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
        if said is None and not any(question.field == "change" for question in self.asked):
            self.asked.append(questions.which_way(direction, goal.change))
        sign = -1 if direction == "down" else 1
        return replace(goal, change=sign * goal.change, direction=direction or "up")

    def way(self) -> str | None:
        up, down = phrases.UP.search(self.text), phrases.DOWN.search(self.text)
        if up and down:
            return "up" if up.start() < down.start() else "down"
        return "up" if up else "down" if down else None

    def bound(self) -> str | None:
        """ "Below 40 %" says down, "at least 500" says up."""
        if phrases.AT_MOST.search(self.text):
            return "down"
        return "up" if phrases.AT_LEAST.search(self.text) else None

    def spread(self, goal: Goal, per: float | None) -> Goal:
        """ "100 orders a day by June" becomes the period's total."""
        if (
            per is None
            or goal.value is None
            or goal.period is None
            or goal.unit not in ("money", "count", None)
        ):
            return goal
        total = goal.value * goal.period.days / per
        self.notes.append(
            msg(
                "{value} over each of {n} days makes {total} in the whole period.",
                value=goal.value / per,
                n=goal.period.days,
                total=round(total, 2),
            )
        )
        return replace(goal, value=total)

    # --- what is open -----------------------------------------------------------------------------------

    def with_questions(self, goal: Goal) -> Goal:
        if goal.currency and goal.unit not in (None, "money") and goal.value is not None:
            self.asked.append(questions.money_kpi(self.catalogue, self.language))
            goal = replace(goal, kpi=None, unit="money")
        if (
            goal.change is None
            and goal.value is None
            and not any(each.field == "change" for each in self.asked)
        ):
            self.asked.append(questions.how_much(self.way() or goal.direction, goal.kpi, self.catalogue))
            goal = replace(goal, change_kind="percent")
        if goal.period is None:
            self.asked.append(questions.by_when(self.on, self.calendar))
        needs_baseline = goal.change is not None or goal.value is None
        if (
            goal.change_kind == "percent"
            and goal.unit == "percent"
            and multiple(self.text, goal.language) is None
        ):
            self.asked.append(questions.percent_or_points(abs(goal.change or 0)))
        if goal.baseline is None:
            default, question = questions.against_what(goal, self.on, self.catalogue, ask=needs_baseline)
            goal = replace(goal, baseline=default)
            if question is not None:
                self.asked.append(question)
        return replace(goal, questions=tuple(self.asked), notes=tuple(self.notes))
