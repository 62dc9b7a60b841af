"""Commands about what was loaded: batches, withdraw, restore-batch, quarantine."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from kpi_tree.cli.face import Face, common, none_yet
from kpi_tree.cli.receipts import show_receipts
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg, nmsg, translate


@click.command()
@common
@click.pass_obj
def batches(face: Face) -> None:
    """Everything that was loaded, newest first."""
    from kpi_tree import workspace

    listed = workspace.batches(face.open(), face.who)
    found = [batch.to_dict() for batch in listed]
    rows = [
        (one.number, one.batch, one.status, one.at, one.who, one.file, one.table, one.rows, one.rejected,
         one.data_from, one.data_through)
        for one in listed
    ]  # fmt: skip
    head = [
        msg("No."), msg("Batch"), msg("Status"), msg("Loaded"), msg("By"), msg("File"), msg("Table"),
        msg("Rows"), msg("Rejected"), msg("From"), msg("Through"),
    ]  # fmt: skip
    face.answer(found, lambda: face.table(head, rows, none=none_yet("load")))


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
    from kpi_tree.ingest.table.quarantine import FAULT, faults_of
    from kpi_tree.ingest.text.beside import PART

    if fix and to:
        raise click.UsageError("Give --fix or --to, not both.")
    if fix:
        with face.stopping() as stopped:
            receipt = workspace.mend_from(
                face.open(), face.who, batch, fix, fix, dry_run=dry_run,
                progress=face.meter(), cancelled=stopped,
            ).to_dict(face.lang)  # fmt: skip
        face.answer(receipt, lambda: show_receipts(face, [receipt]))
        return
    if to:
        _write_aside(face, batch, Path(to))
        return
    found = workspace.quarantine(face.open(), face.who, batch).to_dict("records")

    def shown() -> None:
        lines = [[row["row"] % PART, *fault, row["cells"]] for row in found for fault in faults_of(row)]
        face.say(nmsg("{n} fault", "{n} faults", len(lines)))
        face.table(["row", *FAULT, "cells"], lines)

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


COMMANDS = (batches, withdraw, restore_batch, quarantine)
