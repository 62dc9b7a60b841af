"""The pictures of a scenario: what matters most, where chance would carry it, several side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpi_tree.i18n import Quantity, apart
from kpi_tree.ui.pieces import drawn
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, number, percent, plain, t
from kpi_tree.workspace import WhatIf
from kpi_tree.workspace.causes.explained import in_words
from kpi_tree.workspace.causes.suppositions import Beside

MOST = 8


def tornado(session: Session, found: WhatIf) -> None:
    """What a tenth less and more of each driver does."""
    lang = current_language()
    levers = [one for one in found.levers if one.up is not None and one.down is not None][:MOST]
    if not levers:
        return

    def make(charts: Any, palette: Any) -> Any:
        swings = [
            charts.Swing(in_words(one.name, lang), one.down, one.up, signed(found, one.down),
                         signed(found, one.up))
            for one in levers
        ]  # fmt: skip
        words = charts.ChartWords(title=t("What matters most"), y="", value=axis(found))
        return charts.tornado_chart(
            swings, words, t("10% less of it"), t("10% more of it"), unit=found.unit, lang=lang,
            palette=palette,
        )  # fmt: skip

    first = levers[0]
    alt = t("{name} matters most: a tenth more of it makes {value}.", name=in_words(first.name, lang),
            value=signed(found, first.up))  # fmt: skip
    drawn.draw(session, "tornado", found.node, found.span.start, make=make, alt=alt)


def density(session: Session, found: WhatIf, key: Any) -> None:
    """Where chance would carry the scenario."""
    if not found.bins or found.p10 is None or found.p90 is None:
        return
    lang = current_language()

    def said(value: float | None) -> str:
        return number(value, found.unit, found.currency, compact=True)

    title = t("In 8 cases of 10 between {low} and {high}", low=said(found.p10), high=said(found.p90))
    aimed = found.aimed

    def make(charts: Any, palette: Any) -> Any:
        words = charts.ChartWords(title=title, y=t("Share of cases"), value=axis(found))
        marks = [(value, said(value)) for value in (found.p10, found.p90)]
        goal = (aimed.value, _aim_words(found)) if aimed is not None else None
        return charts.density_chart(
            found.bins, marks, words, goal=goal, reached=found.direction if aimed else "", unit=found.unit,
            lang=lang, palette=palette,
        )  # fmt: skip

    alt = title if aimed is None or aimed.chance is None else f"{title}. {chance_words(found)}"
    drawn.draw(session, "density", found.node, key, make=make, alt=alt)


def beside(session: Session, now: WhatIf, found: Sequence[Beside], key: Any) -> None:
    """The result of each scenario beside what is."""
    lang = current_language()
    made = [(one.scenario.name, one.found) for one in found if one.found is not None]

    def make(charts: Any, palette: Any) -> Any:
        base = number(now.base, now.unit, now.currency, compact=True)
        stands = [charts.Stand(t("As it is"), now.base, base, now=True)]
        stands += [
            charts.Stand(name, one.result, number(one.result, one.unit, one.currency, compact=True), one.p10,
                         one.p90)
            for name, one in made if one.result is not None
        ]  # fmt: skip
        words = charts.ChartWords(title="", y="", value=axis(now), target=_aim_words(now))
        goal = now.aimed.value if now.aimed else None
        return charts.beside_chart(stands, words, goal=goal, unit=now.unit, lang=lang, palette=palette)

    alt = "; ".join(f"{name}: {number(one.result, one.unit, one.currency)}" for name, one in made)
    drawn.draw(session, "beside", now.node, key, make=make, alt=plain(alt))


def axis(found: WhatIf) -> str:
    """The name of the top with its unit, for an axis."""
    name = in_words(found.name, current_language())
    return f"{name} ({found.currency})" if found.unit == "money" and found.currency else name


def signed(found: WhatIf, value: float | None) -> str:
    """A change of the top, short, with its sign."""
    unit = apart(found.unit)
    return Quantity(value, unit, found.currency, signed=True, compact=True).in_language(current_language())


def _aim_words(found: WhatIf) -> str:
    if found.aimed is None:
        return ""
    value = number(found.aimed.value, found.unit, found.currency, compact=True)
    return (
        t("Target {value}", value=value)
        if found.aimed.kind == "target"
        else t("Expected by now {value}", value=value)
    )


def chance_words(found: WhatIf) -> str:
    """How likely the target is, in a sentence."""
    aimed = found.aimed
    if aimed is None or aimed.chance is None:
        return ""
    share = t("under 1%") if 0 < aimed.chance < 0.01 else percent(aimed.chance)
    return (
        t("Chance of reaching the target: {share}", share=share)
        if aimed.kind == "target"
        else t("Chance of being where the target expects it by now: {share}", share=share)
    )
