"""The program: its commands together, and what becomes of a refusal."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from importlib import import_module

import click

from kpi_tree import __version__
from kpi_tree.cli.face import Face, common, write_json
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import msg, translate

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "homes": ("demo", "serve", "check", "backup", "restore", "settings"),
    "data": ("inspect", "rows", "load"),
    "batches": ("batches", "withdraw", "restore-batch", "quarantine"),
    "blanks": ("template",),
    "figures": ("kpis", "kpi", "goal", "formula"),
    "trees": ("tree",),
    "plans": ("plan",),
    "targets": ("target",),
    "reports": ("reports", "report"),
    "exports": ("export",),
    "sources": ("source", "tick", "token"),
    "definitions": ("define", "tables"),
    "analysis": ("forecast",),
    "explaining": ("explain",),
    "allocation": ("allocate", "promise"),
    "scenarios": ("whatif",),
    "suppositions": ("scenario",),
    "trials": ("experiment", "plan-experiment"),
    "actions": ("action",),
    "alerts": ("alert",),
    "channels": ("channel", "digest"),
    "remarks": ("checkin", "comment", "remarks"),
    "meetings": ("meeting",),
}
"""Module -> its commands. Only the one that is asked for is imported: all take as long as reading a file."""
BELOW: Mapping[str, tuple[str, ...]] = {"plans": ("planbeside", "planlist", "versions", "exports")}
"""Modules that put commands below those of another one."""


class Commands(MutableMapping[str, click.Command]):
    """All commands by name; each is imported when it is asked for.

    >>> "load" in Commands(), Commands()["load"].name
    (True, 'load')
    """

    def __init__(self) -> None:
        self._modules = {name: module for module, names in COMMANDS.items() for name in names}
        self._others: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name in self._others:
            return self._others[name]
        module = self._modules[name]
        part = import_module(f"kpi_tree.cli.{module}")
        for below in BELOW.get(module, ()):
            import_module(f"kpi_tree.cli.{below}")
        found: Iterator[click.Command] = (command for command in part.COMMANDS if command.name == name)
        return next(found)

    def __contains__(self, name: object) -> bool:
        return name in self._modules or name in self._others

    def __iter__(self) -> Iterator[str]:
        return iter([*self._modules, *self._others])

    def __len__(self) -> int:
        return len(self._modules) + len(self._others)

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._others[name] = command

    def __delitem__(self, name: str) -> None:
        del self._others[name]


@click.group(
    name="kpi_tree",
    commands=Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "obj": None},
)
@click.version_option(__version__, prog_name="kpi_tree")
@common
def program() -> None:
    """From a goal to the number that proves it: plans, data, figures and verdicts."""


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
