# ruff: noqa: E501 (markup, and rows of data, read better in one line)
"""Commands of the prebuilt reports: their list, and one of them run."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common, pairs
from kpi_tree.cli.files import write_file
from kpi_tree.i18n import msg, translate


@click.command()
@click.option("--category", metavar="C", help="Only this category.")
@click.option(
    "--search", metavar="WORDS", default="", help="Only those that hold these words, in any language."
)
@common
@click.pass_obj
def reports(face: Face, category: str | None, search: str) -> None:
    """The prebuilt reports."""
    from kpi_tree import workspace

    found = workspace.reports(face.open(), face.who, search=search, category=category)
    listed = [each.to_dict(face.lang) for each in found]
    head = [msg("Id"), msg("Title"), msg("Category"), msg("Question")]
    names = ("id", "title", "category", "question")
    face.answer(listed, lambda: face.table(head, [[each[name] for name in names] for each in listed]))


@click.command()
@click.argument("report_id", metavar="ID")
@click.option("--from", "start", type=Day(), help="First day (2026-05-01, or a period: 2026-Q2).")
@click.option("--to", "end", type=Day(end=True), help="Last day; it belongs to the span.")
@click.option("--grain", metavar="G", help="day, week, month, quarter or year (default: the report's own).")
@click.option("--where", metavar="DIM=VALUE", multiple=True, help="Keep one value; may be repeated.")
@click.option("--compare", metavar="WITH", help="none, previous, last_year or target.")
@click.option(
    "--format",
    "form",
    metavar="F",
    help="csv, xlsx, html, md, json, svg or png instead of a table to look at.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write to.")
@common
@click.pass_obj
def report(
    face: Face, report_id: str, start: date | None, end: date | None, grain: str | None, where: tuple[str, ...],
    compare: str | None, form: str | None, out: Path | None,
) -> None:  # fmt: skip
    """Run the report named ID."""
    from kpi_tree import workspace
    from kpi_tree.reports.files import check_form, to_file

    if form is None and out is not None:
        form = out.suffix.lstrip(".").lower()
    if form is not None:
        check_form(form)
    answer = workspace.report(
        face.open(), face.who, report_id, start=start, end=end + timedelta(days=1) if end else None,
        grain=grain, where=pairs(where, "--where", many=True), compare=compare,
    )  # fmt: skip
    document = answer.to_dict(face.lang)
    if form is None:
        face.answer(document, lambda: _show(face, answer))
        return
    content = to_file(answer, form, face.lang)
    if out is not None:
        write_file(out, content)
        document = {"id": report_id, "file": str(out), "format": form, "bytes": len(content)}
        face.answer(document, lambda: face.say(msg("Written to {file}.", file=str(out))))
        return
    face.answer(document, lambda: _stdout(content))


def _stdout(content: bytes) -> None:
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _show(face: Face, answer: Any) -> None:
    from kpi_tree.reports.files import sheet, shown

    click.echo(translate(answer.report.title, face.lang))
    for table in answer.tables:
        click.echo()
        found = sheet(table, face.lang)
        click.echo(found.title)
        face.table(found.columns, shown(table, face.lang))
    for note in answer.notes:
        face.say(note)


COMMANDS = (reports, report)
