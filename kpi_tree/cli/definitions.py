"""Commands of what the shop defines for itself: define, tables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from kpi_tree.cli.face import Face, common, none_yet
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg, nmsg, translate

MAX_BYTES = 1 << 20


@click.command()
@click.argument("file", type=click.Path(), required=False)
@click.option("--dry-run", is_flag=True, help="Say what is wrong; change nothing.")
@click.option("--show", is_flag=True, help="The shop's own definitions as YAML.")
@click.option("--remove", metavar="ID", help="Remove the KPI of that id.")
@click.option("--undo", is_flag=True, help="Take back the last definition or removal.")
@common
@click.pass_obj
def define(face: Face, file: str | None, dry_run: bool, show: bool, remove: str | None, undo: bool) -> int:
    """Add or replace the shop's own KPIs by the YAML of FILE ("-": standard input); all of them, or none.

    One KPI, or a list of them:

    \b
    - id: big_orders
      name: Big orders
      table: orders
      value: count(*)
      filter: total > 1000 and status = 'placed'
    - {id: per_visitor, name: Sales per visitor, formula: sales / visitors}
    - {id: sales_28, name: Sales of 28 days, of: sales, window: 28 days}

    docs/definitions.md names the kinds and their fields.
    """
    if sum((file is not None, show, remove is not None, undo)) != 1:
        raise click.UsageError("Give FILE, or one of --show, --remove and --undo.")
    if show:
        return _show(face)
    if remove is not None:
        return _remove(face, remove)
    return _undo(face) if undo else _define(face, str(file), dry_run)


def _define(face: Face, file: str, dry_run: bool) -> int:
    from kpi_tree import workspace

    done = workspace.define(face.open(), face.who, _text(file), dry_run=dry_run)
    found = done.to_dict(face.lang)

    def shown() -> None:
        for name in found["defined"]:
            click.echo(name)

    for issue in found["issues"]:
        place = f"{issue['place']}: " if issue["place"] else ""
        face.say(f"{issue['level']}: {place}{issue['message']} {issue['remedy']}".rstrip())
    if not done.ok:
        count = sum(issue.level == "error" for issue in done.issues)
        face.say(nmsg("{n} fault. Nothing was defined.", "{n} faults. Nothing was defined.", count))
    face.answer(found, shown)
    return 0 if done.ok else 1


def _text(file: str) -> str:
    try:
        content = sys.stdin.buffer.read(MAX_BYTES + 1) if file == "-" else Path(file).read_bytes()
        if len(content) > MAX_BYTES:
            raise Refused(msg("The file is larger than {n} bytes.", n=MAX_BYTES), place=file)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            msg("The file is not text in UTF-8."), place=file, remedy=msg("Save it as UTF-8.")
        ) from error
    except (OSError, ValueError) as error:
        raise Refused(
            msg(
                "The file cannot be opened: {reason}.", reason=getattr(error, "strerror", None) or str(error)
            ),
            place=file[:200],
            remedy=msg("Look at its name and its rights."),
        ) from error


def _show(face: Face) -> int:
    from kpi_tree import workspace

    home = face.open()
    kept: list[dict[str, Any]] = [dict(one.spec) for one in workspace.own_kpis(home, face.who)]
    face.answer(kept, lambda: click.echo(workspace.own_yaml(home, face.who) if kept else "", nl=False))
    return 0


def _remove(face: Face, kpi: str) -> int:
    from kpi_tree import workspace

    workspace.remove_kpi(face.open(), face.who, kpi)
    words = msg("{name} is removed; define --undo brings it back.", name=kpi)
    face.answer({"removed": kpi}, lambda: click.echo(translate(words, face.lang)))
    return 0


def _undo(face: Face) -> int:
    from kpi_tree import workspace

    names = workspace.undo_definition(face.open(), face.who)
    words = msg("Taken back: {names}.", names=", ".join(names))
    face.answer({"undone": list(names)}, lambda: click.echo(translate(words, face.lang)))
    return 0


@click.command()
@click.option("--drop", metavar="NAME", help="Take away the table NAME, once its batches are withdrawn.")
@click.option(
    "--name", metavar="NAME", help="Name the table NAME for people, or with --column one of its columns."
)
@click.option("--column", metavar="COLUMN", help="The column that is named.")
@click.option(
    "--as", "words", metavar="TEXT", help='What people call it, in the language of --lang; "" for none.'
)
@click.option("--unit", metavar="UNIT", help="What the column counts: money, percent, minutes, hours, days.")
@common
@click.pass_obj
def tables(
    face: Face, drop: str | None, name: str | None, column: str | None, words: str | None, unit: str | None
) -> None:
    """The tables of your own, made by load --new-table."""
    from kpi_tree import workspace

    if name is not None:
        _name(face, name, column, words, unit)
        return
    if column or words is not None or unit is not None:
        raise click.UsageError("--column, --as and --unit go with --name.")
    home = face.open()
    if drop is not None:
        workspace.drop_table(home, face.who, drop)
        gone = msg("The table {name} is gone.", name=drop)
        face.answer({"dropped": drop}, lambda: click.echo(translate(gone, face.lang)))
        return
    found = [view.to_dict(face.lang) for view in workspace.own_table_list(home, face.who)]
    head = [
        msg("Table"), msg("Called"), msg("Columns"), msg("Key"), msg("Time"), msg("Batches"), msg("KPIs")
    ]  # fmt: skip
    rows = [
        [
            one["name"], one["title"], ", ".join(column["name"] for column in one["columns"]),
            ", ".join(one["key"]), one["time"], one["batches"], ", ".join(one["kpis"]),
        ]
        for one in found
    ]  # fmt: skip
    face.answer(found, lambda: face.table(head, rows, none=none_yet("load --new-table")))


def _name(face: Face, name: str, column: str | None, words: str | None, unit: str | None) -> None:
    """Say what people call a table or a column, and what the column counts."""
    from kpi_tree import workspace

    if (words is None and unit is None) or (unit is not None and column is None):
        raise click.UsageError("Give --as TEXT, or --column COLUMN with --as TEXT or --unit UNIT.")
    said = {} if words is None else {face.lang: words}
    naming = workspace.Naming(
        table={} if column else said,
        columns={column: said} if column and said else {},
        units={column: unit} if column and unit is not None else {},
    )
    made = workspace.name_table(face.open(), face.who, name, naming)
    title = made.columns[column].title(face.lang) if column else made.title(face.lang)
    document = {
        "table": name,
        "column": column,
        "title": title,
        "unit": made.columns[column].unit if column else None,
    }
    face.answer(document, lambda: click.echo(title))


COMMANDS = (define, tables)
