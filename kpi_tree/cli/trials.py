"""A/B readouts: experiment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kpi_tree.cli.face import Face, common
from kpi_tree.i18n import format_number, format_percent, msg, translate


@click.command()
@click.argument("what", metavar="FILE-or-ID")
@click.option("--control", metavar="ARM", help="The arm compared with (default: the first by name).")
@click.option("--level", type=float, default=0.95, show_default=True, help="Of the intervals.")
@click.option(
    "--least", type=float, default=0.1, show_default=True, help="Relative effect that would matter."
)
@click.option(
    "--share", "shares", multiple=True, type=float, help="How units were meant to be split, an arm each."
)
@common
@click.pass_obj
def experiment(
    face: Face, what: str, control: str | None, level: float, least: float, shares: tuple[float, ...]
) -> None:
    """How far apart the arms of an experiment are, how sure that is, and whether the split can be trusted."""
    from kpi_tree import workspace

    path = Path(what)
    found = workspace.experiment(
        face.open(),
        face.who,
        path.name if path.is_file() else what,
        file=path if path.is_file() else None,
        control=control,
        level=level,
        least=least,
        shares=shares or None,
    )
    face.answer(found.to_dict(face.lang), lambda: _show(face, found))


def _show(face: Face, found: Any) -> None:
    from kpi_tree.workspace.trials import METRICS

    lang = face.lang

    def said(value: float | None, metric: str) -> str:
        if metric == "conversion":
            return format_percent(value, lang, decimals=2)
        return format_number(value, lang, decimals=2)

    rows = []
    for one in found.questions:
        read = one.found
        rows.append(
            [translate(METRICS[one.metric], lang), f"{read.b.name} / {read.a.name}",
             said(read.a.mean, one.metric), said(read.b.mean, one.metric),
             f"{said(read.low, one.metric)} … {said(read.high, one.metric)}",
             format_number(read.p_value, lang, decimals=4), format_percent(read.better, lang, decimals=1)]
        )  # fmt: skip
    face.table(
        [msg("Question"), msg("Arms"), msg("First"), msg("Second"), msg("Difference"), msg("P-value"),
         msg("Second is better")],
        rows,
    )  # fmt: skip
    first = found.questions[0].found
    if first.needed is not None:
        words = msg(
            "To see {least} more or less with a chance of {aimed}, {n} units an arm are needed.",
            least=format_percent(first.least, lang, decimals=0),
            aimed=format_percent(first.aimed, lang, decimals=0),
            n=first.needed,
        )
        face.say(translate(words, lang))
    remarks = [one.found.remark for one in found.questions if one.found.remark]
    for note in (*remarks, *found.notes):
        face.say(translate(note, lang))


COMMANDS = (experiment,)
