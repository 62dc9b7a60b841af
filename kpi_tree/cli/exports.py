"""Whatever leaves as a file: the tree in every form, a report in every form, the schema of the plan file."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common, pairs, write_json
from kpi_tree.cli.files import write_file
from kpi_tree.cli.plans import ENDINGS, plan, plan_option
from kpi_tree.i18n import msg, translate


@click.command("export")
@click.option("--tree", "tree", is_flag=True, help="The tree.")
@click.option("--report", metavar="ID", help="The report named ID.")
@click.option("--to", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE",
              help="Where; its ending says the form: xlsx png svg html json yaml md txt mmd dot csv. "
                   "A report: xlsx png svg html json md csv.")  # fmt: skip
@click.option("--at", type=Day(end=True), help="Tree: the day looked at (default: today).")
@click.option("--where", metavar="DIM=VALUE", multiple=True, help="Keep one value; may be repeated.")
@click.option("--period", metavar="P", help="Tree: one period for all, such as quarter or 2026-Q3.")
@click.option(
    "--shape", type=click.Choice(["lr", "td", "list"]), default="lr", help="Picture: which way it runs."
)
@click.option(
    "--cards", type=click.Choice(["full", "compact"]), default="full", help="Picture: how much a card says."
)
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", help="Picture: its colours.")
@click.option("--levels", type=click.IntRange(0, 100), help="Picture: levels below the goal (default: all).")
@click.option("--from", "start", type=Day(), help="Report: first day.")
@click.option("--through", "end", type=Day(end=True), help="Report: last day; it belongs to the span.")
@click.option("--grain", metavar="G", help="Report: day, week, month, quarter or year.")
@click.option("--compare", metavar="WITH", help="Report: none, previous, last_year or target.")
@plan_option
@common
@click.pass_obj
def export(face: Face, /, tree: bool, report: str | None, file: Path, **how: Any) -> None:
    """Write the tree or a report to a FILE, in the form that its ending names."""
    if tree == (report is not None):
        raise click.UsageError(translate(msg("Say what to export: --tree, or --report ID."), face.lang))
    form = file.suffix.lower().removeprefix(".")
    form = ENDINGS.get(form, form)
    how["where"] = pairs(how["where"], "--where", many=True)
    content = _tree(face, form, **how) if report is None else _report(face, report, form, **how)
    write_file(file, content)
    words = msg("Written to {file}.", file=str(file))
    document = {"file": str(file), "format": form, "bytes": len(content)}
    face.answer(document, lambda: face.say(words))


def _tree(face: Face, form: str, **how: Any) -> bytes:
    from kpi_tree import workspace
    from kpi_tree.exchange.drawing import Look
    from kpi_tree.workspace.judged.lens import lens

    home = face.open()
    return workspace.export_tree(
        home,
        face.who,
        how["plan_id"],
        form=form,
        at=how["at"] or workspace.today_of(home),
        lens=lens(how["where"], how["period"]),
        look=Look(how["shape"], how["cards"], how["theme"], how["levels"]),
        lang=face.lang,
    )


def _report(face: Face, report_id: str, form: str, **how: Any) -> bytes:
    from kpi_tree import workspace

    last: date | None = how["end"]
    return workspace.export_report(
        face.open(),
        face.who,
        report_id,
        form=form,
        start=how["start"],
        end=last + timedelta(days=1) if last else None,
        grain=how["grain"],
        where=how["where"],
        compare=how["compare"],
        theme=how["theme"],
        lang=face.lang,
    )


@plan.command("schema")
@common
@click.pass_obj
def schema(face: Face) -> None:  # noqa: ARG001
    """The JSON Schema of the plan file, for editors and other programs."""
    from kpi_tree.exchange import plan_schema

    write_json(plan_schema())


COMMANDS = (export,)
