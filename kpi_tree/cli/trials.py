"""A/B readouts: experiment."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common
from kpi_tree.cli.plans import plan_option
from kpi_tree.cli.remarks import Value
from kpi_tree.i18n import format_number, format_percent, msg, nmsg, pmsg, translate


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
@click.option(
    "--guardrail",
    "rails",
    multiple=True,
    metavar="NAME[:up|down][:SHARE]",
    help="What must not get worse (column, value, conversion), which way is better, what may be given away.",
)
@click.option("--sequential", is_flag=True, help="Stays true however often you look before the end.")
@click.option(
    "--keep-on",
    "line",
    nargs=2,
    metavar="ABOVE BELOW",
    help="Keep the answer on the tree's line between these.",
)
@plan_option
@common
@click.pass_obj
def experiment(
    face: Face,
    what: str,
    control: str | None,
    level: float,
    least: float,
    shares: tuple[float, ...],
    rails: tuple[str, ...],
    sequential: bool,
    line: tuple[str, str] | None,
    plan_id: str | None,
) -> None:
    """How far apart the arms of an experiment are, how sure that is, and whether the split can be trusted."""
    from kpi_tree import workspace
    from kpi_tree.analysis.guarding import guardrail

    path, home = Path(what), face.open()
    found = workspace.experiment(
        home,
        face.who,
        path.name if path.is_file() else what,
        file=path if path.is_file() else None,
        control=control,
        level=level,
        least=least,
        shares=shares or None,
        sequential=sequential,
        guardrails=[guardrail(one) for one in rails],
    )
    if line:
        today = workspace.today_of(home)
        workspace.keep_answer(home, face.who, *line, found, on=today, plan_id=plan_id)
        face.say(msg("The answer stands on the line from {below} to {above}.", below=line[1], above=line[0]))
    face.answer(found.to_dict(face.lang), lambda: _show(face, found))


def _show(face: Face, found: Any) -> None:
    from kpi_tree.workspace.acting.sizing import summary
    from kpi_tree.workspace.acting.trials import METRICS

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
    _guards(face, found)
    face.say(summary(found))
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


STATES = {
    "held": pmsg("guardrail", "held"),
    "open": pmsg("guardrail", "not settled"),
    "broken": pmsg("guardrail", "broken"),
}


def _guards(face: Face, found: Any) -> None:
    from kpi_tree.workspace.acting.sizing import Names

    if not found.guarded:
        return
    lang = face.lang
    rows = [
        [Names((one.rail.metric,)).in_language(face.lang), f"{one.found.b.name} / {one.found.a.name}",
         format_number(one.found.a.mean, lang, decimals=4), format_number(one.found.b.mean, lang, decimals=4),
         translate(STATES[one.state], face.lang)]
        for one in found.guarded
    ]  # fmt: skip
    face.table([msg("Guardrail"), msg("Arms"), msg("First"), msg("Second"), msg("State")], rows)


@click.command("plan-experiment")
@click.option("--kpi", metavar="ID", help="A rate of the shop to start from: its last 28 days.")
@click.option("--base", type=Value(), help="The rate to start from (3%), or the mean with --spread.")
@click.option("--least", type=Value(), default="10%", show_default=True, help="The change that would matter.")
@click.option("--absolute", is_flag=True, help="--least is an amount (2% is two points).")
@click.option("--spread", type=float, help="Standard deviation of a unit's value, for means.")
@click.option("--daily", type=float, help="Units a day that take part.")
@click.option("--level", type=Value(), default="95%", show_default=True)
@click.option("--power", type=Value(), default="80%", show_default=True, help="Chance to see it if there.")
@click.option("--arms", type=click.IntRange(2, 20), default=2, show_default=True, help="The control counted.")
@click.option("--at", type=Day(end=True), help="The 28 days end here (default: today).")
@common
@click.pass_obj
def plan_experiment(face: Face, /, least: float, absolute: bool, at: date | None, **asked: Any) -> None:
    """How many units and days an experiment needs."""
    from kpi_tree import workspace

    home = face.open()
    size = workspace.plan_experiment(
        home, face.who, effect=least, relative=not absolute, at=at or workspace.today_of(home), **asked
    )

    def show() -> None:
        n = {"n": format_number(size.an_arm, face.lang), "all": format_number(size.units, face.lang)}
        click.echo(translate(msg("{n} units in each arm, {all} in all.", **n), face.lang))
        if size.days is not None:
            click.echo(translate(nmsg("That takes {n} day.", "That takes {n} days.", size.days), face.lang))

    face.answer(asdict(size), show)


COMMANDS = (experiment, plan_experiment)
