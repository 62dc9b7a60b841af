"""What a command writes to a file of the person's."""

from __future__ import annotations

from pathlib import Path

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg


def write_file(file: Path, content: bytes) -> None:
    """A file, whole or not at all: what stood there stays until the new one is complete.

    Raises:
        Refused: it cannot be written there.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refused(
            msg("The file cannot be written: {reason}.", reason=error.strerror or str(error)),
            place=str(file),
            remedy=msg("Choose a folder that exists and that you may write to."),
        ) from error
