"""Commands that write files to fill in: template values, template table."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from kpi_tree.cli.face import Face, common
from kpi_tree.cli.files import write_file
from kpi_tree.i18n import msg

Form = Literal["csv", "xlsx"]
FORMS: dict[str, Form] = {".csv": "csv", ".xlsx": "xlsx"}

to_file = click.option(
    "--to", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE",
    help="Where; .csv or .xlsx, which has lists to choose from.",
)  # fmt: skip


@click.group()
@common
def template() -> None:
    """Files to fill in; load reads them back without a question."""


@template.command("values")
@click.argument("kpis", nargs=-1, metavar="[KPI]...")
@click.option("--owner", metavar="NAME", help="The KPIs that NAME answers for in the plans.")
@click.option("--grain", type=click.Choice(["day", "week", "month", "quarter"]), default="week",
              show_default=True, help="What one value is of.")  # fmt: skip
@click.option("--periods", type=click.IntRange(1), default=4, show_default=True, help="How many of them.")
@click.option("--each", "dimension", metavar="DIM", default="", help="A row for each member, such as store.")
@click.option("--member", "members", metavar="NAME", multiple=True,
              help="A member of --each (again for more; default: those known).")  # fmt: skip
@to_file
@common
@click.pass_obj
def values(
    face: Face,
    kpis: tuple[str, ...],
    owner: str | None,
    grain: str,
    periods: int,
    dimension: str,
    members: tuple[str, ...],
    file: Path,
) -> None:
    """Write a file for values of the KPIs; its dates go on from the last known ones."""
    from kpi_tree import workspace

    home, form = face.open(), _form(file)
    if owner or (dimension and not members):
        known = workspace.blank_choices(home, face.who)
        kpis = tuple(dict.fromkeys([*kpis, *known.owners.get(owner or "", ())]))
        members = members or known.members.get(dimension, ())
    if dimension and not members:
        raise click.UsageError("No member of --each is known: name them with --member.")
    content = workspace.blank_values(
        home, face.who, kpis, today=workspace.today_of(home), grain=grain, periods=periods,
        dimension=dimension, members=members, form=form, lang=face.lang,
    )  # fmt: skip
    _written(face, file, content)


@template.command("table")
@click.argument("table")
@to_file
@common
@click.pass_obj
def table(face: Face, table: str, file: Path) -> None:
    """Write an empty file with the columns of the record table TABLE."""
    from kpi_tree import workspace

    form = _form(file)
    _written(face, file, workspace.blank_table(face.open(), face.who, table, form=form, lang=face.lang))


def _form(file: Path) -> Form:
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise click.UsageError("The file ends in .csv or .xlsx.")
    return form


def _written(face: Face, file: Path, content: bytes) -> None:
    write_file(file, content)
    document = {"file": str(file), "bytes": len(content)}
    face.answer(document, lambda: face.say(msg("Written to {file}.", file=str(file))))


COMMANDS = (template,)
