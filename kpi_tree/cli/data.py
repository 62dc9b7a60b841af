"""Commands of the inbox: inspect, rows, load, batches, withdraw, restore-batch, quarantine."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import click

from kpi_tree.cli.face import Face, common
from kpi_tree.errors import Cancelled, KpiTreeError, Refused
from kpi_tree.i18n import formats, msg, nmsg, translate
from kpi_tree.ingest.defuse import defuse
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


@click.command()
@click.argument("file", type=click.Path())
@click.option("--as", "as_table", metavar="TABLE", help="The record table it holds.")
@click.option("--mapping", metavar="NAME-or-JSON", help="Which column is which field.")
@common
@click.pass_obj
def inspect(face: Face, file: str, as_table: str | None, mapping: str | None) -> None:
    """What reading FILE finds, without loading it."""
    from kpi_tree import workspace

    found = workspace.inspect_file(
        face.open(), face.who, file, file, mapping=mapping_of(mapping), as_table=as_table
    ).to_dict(face.lang)

    def shown() -> None:
        facts = (
            "encoding",
            "delimiter",
            "quote",
            "header_row",
            "skipped_rows",
            "total_rows",
            "layout",
            "table",
        )
        face.table([msg("What"), msg("Found")], [(name, json.dumps(found.get(name))) for name in facts])
        click.echo()
        names = ("name", "type", "unit", "date_format", "decimal", "nulls")
        rows = [[column.get(name) for name in names] for column in found["columns"]]
        face.table(
            [msg("Column"), msg("Type"), msg("Unit"), msg("Dates"), msg("Decimal"), msg("Empty")], rows
        )
        _show_issues(face, found["issues"])

    face.answer(found, shown)


@click.command()
@click.argument("file", type=click.Path())
@common
@click.pass_obj
def rows(face: Face, file: str) -> None:
    """The data rows of FILE as read, header first, as plain CSV in UTF-8."""
    from kpi_tree import workspace

    found = workspace.read_rows(face.open(), face.who, file, file)
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
@click.option("--timezone", metavar="TZ", help="Zone of times without one (default: the shop's).")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
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
    timezone: str | None,
    dry_run: bool,
    rejected: str | None,
) -> int:
    """Load FILE..., one batch a file: each whole, or not at all."""
    from kpi_tree import workspace

    if sum(bool(one) for one in (as_table, kpi, new_table)) > 1:
        raise click.UsageError("Give one of --as, --kpi and --new-table.")
    if (key or time) and not new_table:
        raise click.UsageError("--key and --time go with --new-table.")
    home, chosen, receipts, failed = face.open(), mapping_of(mapping), [], 0
    wish = workspace.Wish(new_table, key, time) if new_table else None
    apart: list[tuple[str, Mapping[str, Any]]] = []
    for file in files:
        try:
            with face.stopping() as stopped:
                receipt = workspace.load_file(
                    home, face.who, file, file, as_table=as_table, kpi=kpi, mapping=chosen, timezone=timezone,
                    dry_run=dry_run, progress=face.meter(), cancelled=stopped, new_table=wish,
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
    face.answer(receipts, lambda: _show_receipts(face, receipts))
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


def _show_receipts(face: Face, receipts: list[dict[str, Any]]) -> None:
    names = ("file", "batch", "table", "accepted", "changed", "unchanged", "rejected")
    head = [
        msg("File"), msg("Batch"), msg("Table"), msg("New rows"), msg("Changed"), msg("Unchanged"),
        msg("Rejected"),
    ]  # fmt: skip
    done = [receipt for receipt in receipts if "error" not in receipt]
    if done:
        face.table(head, [[receipt[name] for name in names] for receipt in done])
    for receipt in done:
        _show_effects(face, receipt["effects"])
        _show_issues(face, receipt["issues"])


def _show_effects(face: Face, effects: list[dict[str, Any]]) -> None:
    """What a dry run says that the KPIs become."""
    if not effects:
        return
    from kpi_tree.workspace import catalogue_of

    known = catalogue_of(face.open())
    rows = []
    for one in effects:
        before, after = (
            formats.format_value(one[name], one["unit"], face.lang, currency=one["currency"])
            for name in ("before", "after")
        )
        rows.append([known[one["kpi"]].text("name", face.lang), before, after])
    face.table([msg("KPI"), msg("Now"), msg("After loading")], rows)


def _write_rejected(target: str, apart: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Every cell that keeps a row out, with its reason, as CSV.

    Raises:
        Refused: the file cannot be written.
    """
    names = ("row", "column", "value", "reason", "cells")
    try:
        with Path(target).open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("file", *names))
            for file, cell in apart:
                writer.writerow([defuse(file), *[defuse(str(cell[name])) for name in names]])
    except OSError as error:
        raise Refused(
            msg("The file cannot be written: {reason}.", reason=error.strerror or str(error)), place=target
        ) from error


def _show_issues(face: Face, issues: list[dict[str, Any]]) -> None:
    for issue in issues:
        times = f" (×{issue['count']})" if issue["count"] > 1 else ""
        place = f"{issue['place']}: " if issue["place"] else ""
        face.say(f"{issue['level']}: {place}{issue['message']}{times} {issue['remedy']}".rstrip())


@click.command()
@common
@click.pass_obj
def batches(face: Face) -> None:
    """Everything that was loaded, newest first."""
    from kpi_tree import workspace

    found = [batch.to_dict() for batch in workspace.batches(face.open(), face.who)]
    names = (
        "number",
        "batch",
        "status",
        "at",
        "who",
        "file",
        "table",
        "rows",
        "rejected",
        "data_from",
        "data_through",
    )
    head = [
        msg("No."), msg("Batch"), msg("Status"), msg("Loaded"), msg("By"), msg("File"), msg("Table"),
        msg("Rows"), msg("Rejected"), msg("From"), msg("Through"),
    ]  # fmt: skip
    face.answer(found, lambda: face.table(head, [[batch[name] for name in names] for batch in found]))


@click.command()
@click.argument("batch")
@common
@click.pass_obj
def withdraw(face: Face, batch: str) -> None:
    """Take BATCH out of every figure."""
    from kpi_tree import workspace

    done = workspace.withdraw(face.open(), face.who, batch).to_dict()
    face.answer(
        done, lambda: click.echo(translate(msg("Batch {batch} is withdrawn.", batch=batch), face.lang))
    )


@click.command("restore-batch")
@click.argument("batch")
@common
@click.pass_obj
def restore_batch(face: Face, batch: str) -> None:
    """Bring the withdrawn BATCH back."""
    from kpi_tree import workspace

    done = workspace.restore_batch(face.open(), face.who, batch).to_dict()
    face.answer(
        done, lambda: click.echo(translate(msg("Batch {batch} counts again.", batch=batch), face.lang))
    )


@click.command()
@click.argument("batch")
@click.option("--fix", metavar="FILE", type=click.Path(), help="Load its rows again from FILE, corrected.")
@click.option(
    "--to", metavar="FILE", type=click.Path(), help="Write them to FILE (.xlsx or .csv) to correct."
)
@click.option("--dry-run", is_flag=True, help="With --fix: say what would happen; change nothing.")
@common
@click.pass_obj
def quarantine(face: Face, batch: str, fix: str | None, to: str | None, dry_run: bool) -> None:
    """The rows of BATCH that were not accepted, each with its reason."""
    from kpi_tree import workspace
    from kpi_tree.ingest.text.beside import PART

    if fix and to:
        raise click.UsageError("Give --fix or --to, not both.")
    if fix:
        with face.stopping() as stopped:
            receipt = workspace.mend_from(
                face.open(), face.who, batch, fix, fix, dry_run=dry_run,
                progress=face.meter(), cancelled=stopped,
            ).to_dict(face.lang)  # fmt: skip
        face.answer(receipt, lambda: _show_receipts(face, [receipt]))
        return
    if to:
        _write_aside(face, batch, Path(to))
        return
    frame = workspace.quarantine(face.open(), face.who, batch)
    found = frame.to_dict("records")

    def shown() -> None:
        face.say(nmsg("{n} fault", "{n} faults", len(found)))
        lines = [{**row, "row": row["row"] % PART} for row in found]
        face.table([str(name) for name in frame.columns], [list(row.values()) for row in lines])

    face.answer(found, shown)


def _write_aside(face: Face, batch: str, target: Path) -> None:
    """Rows set aside as a file to correct."""
    from kpi_tree import workspace

    form: Literal["csv", "xlsx"] = "xlsx" if target.suffix.lower() == ".xlsx" else "csv"
    content = workspace.set_aside_file(face.open(), face.who, batch, form=form, lang=face.lang)
    try:
        target.write_bytes(content)
    except OSError as error:
        raise Refused(
            msg("The file cannot be written: {reason}.", reason=error.strerror or str(error)),
            place=str(target)[:200],
            remedy=msg("Look at the disk and the folder's rights."),
        ) from error
    done = {"file": str(target), "bytes": len(content)}
    face.answer(done, lambda: face.say(msg("Written to {file}.", file=str(target))))


COMMANDS = (inspect, rows, load, batches, withdraw, restore_batch, quarantine)
