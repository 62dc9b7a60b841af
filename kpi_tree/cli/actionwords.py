"""Scores and best plans of actions as lines and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kpi_tree.cli.face import Face
from kpi_tree.i18n import Msg, Quantity, apart, format_number, format_percent, msg, translate

if TYPE_CHECKING:
    from kpi_tree.workspace import ActionView, BestPlan, BetLedger


def amount(action: ActionView, value: float | None) -> Quantity | None:
    """An effect, as a change of the KPI that the action is to move, if there is one."""
    return None if value is None else Quantity(value, apart(action.unit), action.currency, signed=True)


def scores(face: Face, found: BetLedger) -> None:
    """The score by kind, then every action with what it brought."""
    from kpi_tree.catalogue.suggestions import kind_words
    from kpi_tree.workspace.acting.measuring import VERDICTS
    from kpi_tree.workspace.acting.scoring import RULE

    def share(value: float | None) -> str:
        return "" if value is None else format_percent(value, face.lang, decimals=0)

    head = [msg("Kind"), msg("Measured"), msg("Confirmed"), msg("Hit rate"), msg("Measured ÷ expected"),
            msg("Next time ×")]  # fmt: skip
    face.table(head, [
        [translate(kind_words(one.kind) if one.kind else msg("all"), face.lang), one.judged, one.confirmed,
         share(one.hit_rate), "" if one.ratio is None else format_number(one.ratio, face.lang, decimals=2),
         format_number(one.factor, face.lang, decimals=2)]
        for one in found.scores
    ])  # fmt: skip
    click.echo(translate(RULE, face.lang))
    rows = []
    for bet in found.bets:
        effect = bet.effect
        rows.append([
            bet.action.id, amount(bet.action, bet.action.expected),
            amount(bet.action, effect.measured if effect else None),
            translate(VERDICTS[effect.verdict] if effect else bet.why, face.lang),
        ])  # fmt: skip
    face.table([msg("Id"), msg("Expected"), msg("Measured"), msg("Verdict")], rows)


def plan(face: Face, found: BestPlan) -> None:
    """What is chosen, what it brings and takes, and what comes next."""

    def amount(value: float) -> str:
        return Quantity(value, found.unit, found.currency, compact=True).in_language(face.lang)

    def money(value: float) -> Quantity:
        return Quantity(value, "money", found.currency)

    face.table([msg("Action"), msg("Owner"), msg("Cost"), msg("Hours"), msg("Adds"), msg("Chosen")], [
        [one.action.id, one.action.owner,
         "" if one.action.cost is None else money(one.action.cost).in_language(face.lang),
         "" if one.action.effort is None else format_number(one.action.effort, face.lang),
         "" if one.gain is None else amount(one.gain), "✓" if one.taken else ""]
        for one in found.options
    ])  # fmt: skip
    for line in [*summary(found), *found.notes]:
        click.echo(translate(line, face.lang))


def summary(found: BestPlan) -> list[Msg]:
    """The sentences under the table."""
    from kpi_tree.workspace.acting.bestplan import RULE
    from kpi_tree.workspace.acting.bestwords import best_words, next_words

    return [best_words(found), next_words(found), RULE]
