"""Commands whose work comes with a later version: they exist and say so."""

from __future__ import annotations

from typing import Any

import click

from kpi_tree.cli.face import Face, common
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg

VERSIONS = {
    "action": "0.6",
}
"""Command → the version that brings it."""


def _later(name: str, version: str) -> click.Command:
    settings = {"ignore_unknown_options": True, "allow_extra_args": True}

    @click.command(name=name, context_settings=settings, help=f"Comes with version {version}.")
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    @common
    @click.pass_obj
    def command(face: Face, words: Any) -> None:  # noqa: ARG001
        raise Refused(
            msg("This command comes with version {version}.", version=version),
            place=name,
            remedy=msg("Until then, see the other commands with --help."),
        )

    return command


COMMANDS = tuple(_later(name, version) for name, version in VERSIONS.items())
