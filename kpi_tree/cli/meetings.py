"""A meeting in a file on the command line: meeting."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kpi_tree.cli.face import Day, Face, common
from kpi_tree.cli.files import write_file
from kpi_tree.cli.plans import plan_option
from kpi_tree.i18n import msg


@click.command("meeting")
@click.option("--to", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE",
              help="The page (HTML) to write; a browser's print makes a PDF of it.")  # fmt: skip
@click.option(
    "--at", type=Day(end=True), help="The day looked at (default: today): plan, targets and data of then."
)
@click.option(
    "--since", type=Day(), help="First day of what is told as new (default: the seven days up to --at)."
)
@click.option("--known-now", is_flag=True, help="A past day with the plan, targets and data known now.")
@click.option("--sections", metavar="NAMES", default="",
              help="Only some, with commas: attention,tree,verdicts,why,forecast,actions,decisions,remarks,"
                   "changes,freshness.")  # fmt: skip
@click.option("--by", metavar="NAME", default="", help="Who made it.")
@plan_option
@common
@click.pass_obj
def meeting(
    face: Face, file: Path, at: date | None, since: date | None, known_now: bool, sections: str, by: str,
    plan_id: str | None,
) -> None:  # fmt: skip
    """Where the plan stands, why, and what is done about it: one page that opens anywhere."""
    from kpi_tree import workspace

    asked = [name.strip() for name in sections.split(",") if name.strip()]
    page = workspace.meeting(
        face.open(), face.who, plan_id, at=at, since=since, lens=workspace.Lens() if known_now else None,
        sections=asked, lang=face.lang, by=by,
    )  # fmt: skip
    write_file(file, page)
    document = {
        "file": str(file),
        "bytes": len(page),
        "sections": [name for name in workspace.MEETING_SECTIONS if not asked or name in asked],
    }
    face.answer(document, lambda: face.say(msg("Written to {file}.", file=str(file))))


COMMANDS = (meeting,)
