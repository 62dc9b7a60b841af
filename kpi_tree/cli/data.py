"""Commands that read a file: inspect, rows, load."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from kpi_tree.cli.face import Face, common
from kpi_tree.cli.receipts import show_issues, show_receipts
from kpi_tree.errors import Cancelled, KpiTreeError, Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue


def mapping_of(text: str | None) -> dict[str, Any] | str | None:
    """A mapping given as JSON, as a JSON file's name, or as the name of a saved one."""
    if text is None:
        return None
    content = text
    if not text.lstrip().startswith("{"):
        path = Path(text)
        if not text.endswith(".json") or not path.is_file():
            return text
        content = path.read_text(encoding="utf-8", errors="replace")
    try:
        found = json.loads(content)
    except json.JSONDecodeError as error:
        raise Refused(
            msg("The mapping is not JSON: {reason}.", reason=error.msg),
            place=f"--mapping, line {error.lineno}, column {error.colno}",
            remedy=msg(
                "Write it as {example}.", example='{"table": "orders", "columns": {"Order no": "order_id"}}'
            ),
        ) from error
    if not isinstance(found, dict):
        raise Refused(msg("The mapping is not a set of named fields."), place="--mapping")
    return found


def with_sections(
    face: Face, mapping: dict[str, Any] | str | None, sections: Sequence[str]
) -> dict[str, Any] | str | None:
    """A mapping with the tables that ``--section`` chose; a saved one is looked up by its name."""
    if not sections:
        return mapping
    if isinstance(mapping, str):
        from kpi_tree import workspace

        saved = workspace.saved_mappings(face.open(), face.who)
        one = next((each for each in saved if each.name == mapping), None)
        if one is None:
            return mapping  # its name is refused where it is used
        mapping = dict(one.mapping)
    options = {**((mapping or {}).get("options") or {}), "section": list(sections)}
    return {**(mapping or {}), "options": options}


section = click.option(
    "--section",
    "sections",
    metavar="NAME-or-NUMBER",
    multiple=True,
    help="Which of several tables of the file; may be repeated.",
)


@click.command()
@click.argument("file", type=click.Path())
@click.option("--as", "as_table", metavar="TABLE", help="The record table it holds.")
@click.option("--mapping", metavar="NAME-or-JSON", help="Which column is which field.")
@section
@common
@click.pass_obj
def inspect(
    face: Face, file: str, as_table: str | None, mapping: str | None, sections: tuple[str, ...]
) -> None:
    """What reading FILE finds, without loading it."""
    from kpi_tree import workspace

    said = with_sections(face, mapping_of(mapping), sections)
    with face.interruptible():
        found = workspace.inspect_file(
            face.open(), face.who, file, file, mapping=said, as_table=as_table
        ).to_dict(face.lang)

    def shown() -> None:
        face.table([msg("What"), msg("Found")], _taken_apart(found))
        click.echo()
        names = ("name", "type", "unit", "date_format", "decimal", "nulls")
        rows = [[column.get(name) for name in names] for column in found["columns"]]
        face.table(
            [msg("Column"), msg("Type"), msg("Unit"), msg("Dates"), msg("Decimal"), msg("Empty")], rows
        )
        show_issues(face, found["issues"])

    face.answer(found, shown)


def _taken_apart(found: Mapping[str, Any]) -> list[tuple[Msg, Any]]:
    """The form of the file, line by line; rows of it by their numbers."""
    sign = found.get("delimiter")
    return [
        (msg("Encoding"), found.get("encoding")),
        (msg("Separator"), {"\t": msg("tabs"), " ": msg("spaces")}.get(sign or "", sign)),
        (msg("Quotes"), found.get("quote")),
        (msg("Header in row"), str(found["header_row"]) if found.get("header_row") else None),
        (msg("Rows left out"), _rows(found.get("skipped_rows"))),
        (msg("Rows of totals"), _rows(found.get("total_rows"))),
        (msg("Layout"), found.get("layout")),
        (msg("Table"), found.get("table")),
    ]


def _rows(numbers: Sequence[int] | None) -> str | None:
    """Row numbers, the first few of many.

    >>> _rows([1, 2, 9])
    '1, 2, 9'
    """
    few = [str(one) for one in (numbers or ())[:12]]
    return ", ".join([*few, "…"] if len(numbers or ()) > len(few) else few) or None


@click.command()
@click.argument("file", type=click.Path())
@click.option("--section", metavar="NAME-or-NUMBER", help="Which of several tables of the file.")
@common
@click.pass_obj
def rows(face: Face, file: str, section: str | None) -> None:
    """The data rows of FILE as read, header first, as plain CSV in UTF-8."""
    from kpi_tree import workspace

    found = workspace.read_rows(face.open(), face.who, file, file, section=section)
    if face.json:
        face.answer(list(found), lambda: None)
        return
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
    try:
        csv.writer(out).writerows(found)
        out.flush()
    finally:
        out.detach()


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.option("--as", "as_table", metavar="TABLE", help="The record table the files hold.")
@click.option("--kpi", metavar="ID", help="The KPI whose values the files hold.")
@click.option("--new-table", metavar="NAME", help="Make a table of your own of the first file.")
@click.option("--key", metavar="COLUMN", multiple=True, help="Names a row of the new table; may be repeated.")
@click.option("--time", "time", metavar="COLUMN", help="Says when a row of the new table is of.")
@click.option("--mapping", metavar="NAME-or-JSON", help="Which column is which field.")
@section
@click.option("--timezone", metavar="TZ", help="Zone of times without one (default: the shop's).")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--all-or-nothing", is_flag=True, help="Refuse a file of which any row would be set aside.")
@click.option("--newest", is_flag=True, help="Its word counts before that of every file loaded so far.")
@click.option("--rejected", metavar="FILE", help="Write every cell that keeps a row out to FILE, as CSV.")
@common
@click.pass_obj
def load(
    face: Face,
    files: tuple[str, ...],
    as_table: str | None,
    kpi: str | None,
    new_table: str | None,
    key: tuple[str, ...],
    time: str | None,
    mapping: str | None,
    sections: tuple[str, ...],
    timezone: str | None,
    dry_run: bool,
    all_or_nothing: bool,
    newest: bool,
    rejected: str | None,
) -> int:
    """Load FILE..., one batch a file: each whole, or not at all."""
    from kpi_tree import workspace

    if sum(bool(one) for one in (as_table, kpi, new_table)) > 1:
        raise click.UsageError("Give one of --as, --kpi and --new-table.")
    if (key or time) and not new_table:
        raise click.UsageError("--key and --time go with --new-table.")
    home, receipts, failed = face.open(), [], 0
    chosen = with_sections(face, mapping_of(mapping), sections)
    wish = workspace.Wish(new_table, key, time) if new_table else None
    apart: list[tuple[str, Mapping[str, Any]]] = []
    for file in files:
        try:
            with face.stopping() as stopped:
                receipt = workspace.load_file(
                    home, face.who, file, file, as_table=as_table, kpi=kpi, mapping=chosen, timezone=timezone,
                    dry_run=dry_run, progress=face.meter(), cancelled=stopped, new_table=wish,
                    all_or_nothing=all_or_nothing, newest=newest,
                )  # fmt: skip
            if wish is not None and not dry_run:
                as_table, wish = wish.name, None
            receipts.append(receipt.to_dict(face.lang))
            apart += [(receipt.file, cell) for cell in receipt.apart]
        except KpiTreeError as error:
            failed += 1
            apart += [(file, cell) for cell in _apart(error)]
            face.say(error.text(face.lang))
            receipts.append(_refusal(file, error, face.lang))
            if isinstance(error, Cancelled):
                break
    if rejected is not None:
        _write_rejected(rejected, apart)
    face.answer(receipts, lambda: show_receipts(face, receipts))
    return 1 if failed else 0


def _apart(error: KpiTreeError) -> Sequence[Mapping[str, Any]]:
    from kpi_tree.workspace import NothingUsableError

    return error.receipt.apart if isinstance(error, NothingUsableError) else ()


def _refusal(file: str, error: KpiTreeError, lang: str) -> dict[str, Any]:
    """A receipt that says why nothing was loaded."""
    from kpi_tree.workspace import NothingUsableError, Receipt

    said = error.to_dict(lang)
    if isinstance(error, NothingUsableError):
        return {**error.receipt.to_dict(lang), "error": said}
    issue = Issue("error", "refused", error.message, error.place, error.remedy)
    return {**Receipt(Path(file).name[:200], None, None, issues=(issue,)).to_dict(lang), "error": said}


def _write_rejected(target: str, apart: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Every cell that keeps a row out, with its reason, as CSV.

    Raises:
        Refused: the file cannot be written.
    """
    from kpi_tree.ingest.files.defuse import defuse
    from kpi_tree.ingest.table.quarantine import FAULT, faults_of

    try:
        with Path(target).open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("file", "row", *FAULT, "cells"))
            for file, row in apart:
                for fault in faults_of(row):
                    cells = (file, str(row["row"]), *fault, row["cells"])
                    writer.writerow([defuse(cell) for cell in cells])
    except OSError as error:
        raise Refused(
            msg("The file cannot be written: {reason}.", reason=error.strerror or str(error)), place=target
        ) from error


COMMANDS = (inspect, rows, load)
