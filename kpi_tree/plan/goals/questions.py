"""The questions that a goal can leave open, each with its likely answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher

from kpi_tree.i18n import Msg, msg
from kpi_tree.periods import Calendar, Grain, Period, add_months, period_id, period_of
from kpi_tree.plan.goals.kpi_names import Lexicon, nearest_kpis, plain_text
from kpi_tree.plan.goals.model import Choice, Goal, KpiLike, Question, baseline_period
from kpi_tree.plan.goals.quantity import Quantity

USUAL_KPIS = ("sales", "orders", "sessions", "conversion_rate", "average_order_value")
MONEY_KPIS = ("sales", "gross_sales", "gross_profit", "average_order_value")


def kpi_choice(kpi: str, catalogue: Mapping[str, KpiLike], lang: str) -> Choice:
    """A KPI as an answer, under its name in the sentence's language (the catalogue translates itself)."""
    entry = catalogue.get(kpi)
    return Choice(kpi, Msg(entry.name.get(lang) or entry.name["en"] if entry else kpi.replace("_", " ")))


def which_kpi(
    named: Sequence[str], text: str, known: Lexicon, catalogue: Mapping[str, KpiLike], lang: str
) -> Question:
    """Several KPIs are named, or none that is known."""
    if named:
        return Question(
            "kpi",
            msg("The sentence names several KPIs. Which one is the goal?"),
            tuple(kpi_choice(kpi, catalogue, lang) for kpi in named),
        )
    near = [kpi for kpi in nearest_kpis(text, known) if kpi in catalogue]
    usual = [kpi for kpi in USUAL_KPIS if kpi in catalogue and kpi not in near]
    return Question(
        "kpi",
        msg("Which KPI is the goal about?"),
        tuple(kpi_choice(kpi, catalogue, lang) for kpi in (*near, *usual)[:6]),
    )


def did_you_mean(
    typed: str, kpi: str, text: str, known: Lexicon, catalogue: Mapping[str, KpiLike], lang: str
) -> Question:
    """A word that is almost a KPI's: taken as that one, and asked."""
    near = [other for other in nearest_kpis(text, known) if other in catalogue and other != kpi]
    choices = tuple(kpi_choice(other, catalogue, lang) for other in (kpi, *near)[:4])
    return Question(
        "kpi", msg("{word} is no KPI here. Which one is meant?", word=typed), choices, default=kpi
    )


def money_kpi(catalogue: Mapping[str, KpiLike], lang: str) -> Question:
    """An amount of money for a KPI that is none."""
    kpis = [kpi for kpi in MONEY_KPIS if kpi in catalogue]
    return Question(
        "kpi",
        msg("The number is an amount of money. Which KPI is the goal about?"),
        tuple(kpi_choice(kpi, catalogue, lang) for kpi in kpis),
    )


def which_rate(text: str, catalogue: Mapping[str, KpiLike], lang: str) -> Question:
    """A level in percent for a KPI that is none: the rates whose names are nearest to the sentence."""
    words = set(plain_text(text).split())
    rates = [kpi for kpi, entry in catalogue.items() if entry.unit == "percent"]

    def near(kpi: str) -> float:
        named = plain_text(catalogue[kpi].name.get(lang) or kpi)
        return max(
            (SequenceMatcher(None, word, one).ratio() for word in words for one in named.split()), default=0
        )

    rates.sort(key=near, reverse=True)
    return Question(
        "kpi",
        msg("The number is a percentage. Which KPI is the goal about?"),
        tuple(kpi_choice(kpi, catalogue, lang) for kpi in rates[:5]),
    )


def which_number(found: Sequence[Quantity]) -> Question:
    """Several numbers that could be the goal."""
    choices = []
    for each in found[:4]:
        if each.kind == "percent":
            choices.append(Choice(each.value / 100, msg("{n} percent", n=each.value)))
        else:
            choices.append(Choice(each.value, msg("{n}", n=each.value)))
    return Question("change", msg("The sentence has several numbers. Which one is the goal?"), tuple(choices))


def which_change(sizes: Sequence[float], share: bool) -> Question:
    """A change said with two sizes: one of them, or the middle; nothing is taken without an answer."""
    every = [sizes[0], round(sum(sizes) / len(sizes), 12), sizes[-1]]
    words = [msg("{n} percent", n=round(size * 100, 6)) if share else msg("{n}", n=size) for size in every]
    return Question(
        "change",
        msg("The change is said with two sizes. Which one is the goal?"),
        tuple(Choice(size, text) for size, text in zip(every, words, strict=True)),
    )


def which_term(on: date, calendar: Calendar, *, ahead: bool) -> Question:
    """A term (来期, 今期) that is a quarter, half a year or a year, as the company has it."""
    step = 1 if ahead else 0
    quarter, year = (period_of(on, grain, calendar).shift(step) for grain in (Grain.QUARTER, Grain.YEAR))
    this = period_of(on, Grain.YEAR, calendar)
    middle = add_months(this.start, 6)
    first = Period(this.start, middle, None, calendar)
    half = (first if on < middle else first.shift(1)).shift(step)
    words = (msg("The quarter ({period})"), msg("Half a year ({period})"), msg("The year ({period})"))
    return Question(
        "period",
        msg("Which days does that term have?"),
        tuple(
            Choice(period, msg(text.id, period=period))
            for text, period in zip(words, (quarter, half, year), strict=True)
        ),
    )


def percent_of_now(share: float) -> Question:
    """A percentage as the level of something that is not a percentage."""
    return Question(
        "change",
        msg("Is that {n} percent of what it is now?", n=round(share * 100, 6)),
        (
            Choice(round(share - 1, 12), msg("Yes: a change of {n} percent", n=round((share - 1) * 100, 6))),
            Choice(share, msg("No: {n} percent more", n=round(share * 100, 6))),
            Choice(-share, msg("No: {n} percent less", n=round(share * 100, 6))),
        ),
        default=round(share - 1, 12),
    )


def which_way(likely: str | None, size: float) -> Question:
    """The sentence does not say up or down; the answer is the change with its sign."""
    up, down = Choice(size, msg("Up")), Choice(-size, msg("Down"))
    return Question(
        "change",
        msg("Is the value to go up or down?"),
        (down, up) if likely == "down" else (up, down),
        default=-size if likely == "down" else size,
    )


def how_much(way: str | None, kpi: str | None, catalogue: Mapping[str, KpiLike]) -> Question:
    """No number at all."""
    entry = catalogue.get(kpi or "")
    better = entry.direction if entry else None
    sign = -1 if (way or better) == "down" else 1
    return Question(
        "change",
        msg("By how much?"),
        tuple(
            Choice(
                sign * share,
                msg("{n} percent less", n=round(share * 100))
                if sign < 0
                else msg("{n} percent more", n=round(share * 100)),
            )
            for share in (0.05, 0.1, 0.2)
        ),
    )


def by_when(on: date, calendar: Calendar) -> Question:
    """No period."""
    found = [period_of(on, grain, calendar).shift(1) for grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR)]
    words = (msg("Next month ({period})"), msg("Next quarter ({period})"), msg("Next year ({period})"))
    return Question(
        "period",
        msg("In which period?"),
        tuple(
            Choice(period_id(period), msg(text.id, period=period_id(period)))
            for text, period in zip(words, found, strict=True)
        ),
    )


def percent_or_points(size: float) -> Question:
    """A percent change of a KPI that is itself a percent."""
    number = round(size * 100, 6)
    return Question(
        "change_kind",
        msg("Is that {n} percent of the rate, or {n} percentage points?", n=number),
        (
            Choice("percent", msg("{n} percent: from 3.00% to {to}%", n=number, to=f"{3 * (1 + size):.2f}")),
            Choice(
                "points", msg("{n} percentage points: from 3.00% to {to}%", n=number, to=f"{3 + number:.2f}")
            ),
        ),
        default="percent",
    )


def against_what(
    goal: Goal, on: date, catalogue: Mapping[str, KpiLike], *, ask: bool
) -> tuple[str, Question | None]:
    """The baseline taken where none is said, and the question that offers the other.

    A named month or quarter of something that is counted or sold is compared with the same one a year before,
    because seasons differ; a rate, a stock, or a stretch of time from today with what came just before.
    """
    period = goal.period
    entry = catalogue.get(goal.kpi or "")
    flow = entry is None or entry.rollup in ("sum", "distinct")
    seasonal = period is not None and period.grain in (Grain.WEEK, Grain.MONTH, Grain.QUARTER) and flow
    default = "same_period_last_year" if seasonal else "previous_period"
    if not ask:
        return default, None
    if period is not None:
        last_year = baseline_period("same_period_last_year", period, on)
        previous = baseline_period("previous_period", period, on)
        if last_year == previous:
            return "previous_period", None
    choices = [_baseline_choice(name, period, on) for name in ("same_period_last_year", "previous_period")]
    choices.sort(key=lambda choice: choice.value != default)
    return default, Question("baseline", msg("Compared with what?"), tuple(choices), default=default)


def _baseline_choice(name: str, period: Period | None, on: date) -> Choice:
    days = baseline_period(name, period, on) if period is not None else None
    if name == "same_period_last_year":
        if days is None:
            return Choice(name, msg("The same period last year"))
        return Choice(name, msg("The same period last year ({period})", period=days))
    if days is None:
        return Choice(name, msg("The latest whole period before"))
    return Choice(name, msg("The latest whole period before ({period})", period=days))
