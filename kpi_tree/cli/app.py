"""The program: its commands together, and what becomes of a refusal."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import click

from kpi_tree import __version__
from kpi_tree.cli import (
    actions,
    alerts,
    allocation,
    analysis,
    batches,
    channels,
    data,
    definitions,
    explaining,
    exports,
    figures,
    homes,
    meetings,
    planbeside,
    planlist,
    plans,
    remarks,
    reports,
    scenarios,
    sources,
    suppositions,
    targets,
    trees,
    trials,
    versions,
)
from kpi_tree.cli.face import Face, common, write_json
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import msg, translate


@click.group(name="kpi_tree", context_settings={"help_option_names": ["-h", "--help"], "obj": None})
@click.version_option(__version__, prog_name="kpi_tree")
@common
def program() -> None:
    """From a goal to the number that proves it: plans, data, figures and verdicts."""


for part in (
    homes, data, batches, figures, trees, plans, planbeside, planlist, targets, reports, versions,
    exports, sources, definitions, analysis, explaining, allocation, scenarios, suppositions, trials,
    actions, alerts, channels, remarks, meetings,
):  # fmt: skip
    for command in part.COMMANDS:
        program.add_command(command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit status."""
    face = Face()
    try:
        done = program.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="python -m kpi_tree",
            standalone_mode=False,
            obj=face,
        )
        sys.stdout.flush()
    except click.exceptions.Exit as finished:
        return finished.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(translate(msg("Stopped. Nothing was left half-done."), face.lang), err=True)
        return 1
    except click.ClickException as error:
        error.show(sys.stderr)
        if face.json:
            write_json({"error": {"message": error.format_message(), "place": "", "remedy": ""}})
        return 2 if isinstance(error, click.UsageError) else 1
    except KpiTreeError as error:
        return _refused(face, error)
    except BrokenPipeError:
        # Whoever reads our output has enough; Python would complain again while closing it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the last line of defence: a person never sees a traceback
        return _failed(face, error)
    return done if isinstance(done, int) else 0


def _refused(face: Face, error: KpiTreeError) -> int:
    click.echo(error.text(face.lang), err=True)
    if face.json:
        write_json({"error": error.to_dict(face.lang)})
    return 1


def _failed(face: Face, error: Exception) -> int:
    if os.environ.get("KPI_TREE_DEBUG"):
        traceback.print_exc()
    kind = type(error).__name__
    message = msg("This went wrong inside the program: {kind}. Nothing was left half-done.", kind=kind)
    remedy = msg("Set KPI_TREE_DEBUG=1 and run it again to see where, and report it.")
    click.echo(f"{translate(message, face.lang)} {translate(remedy, face.lang)}", err=True)
    if face.json:
        said = {"message": translate(message, face.lang), "place": "", "remedy": translate(remedy, face.lang)}
        write_json({"error": said})
    return 1
