"""What is secret of a home: passwords and addresses of webhooks, in one file that only its owner can read.

They stand apart from the database, so that no journal, no export and no backup holds them: who restores a
backup sets them again. The caller holds the database's lock, so that no writer overtakes another.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.store import files
from kpi_tree.store.home import Home

NAME = "keys.json"


def get(home: Home, name: str) -> str | None:
    """One secret; None where it is not here (any more)."""
    return _all(home).get(name)


def names(home: Home) -> frozenset[str]:
    """Which secrets are here."""
    return frozenset(_all(home))


def put(home: Home, name: str, secret: str | None) -> None:
    """Keep a secret, or forget it (None). Call it inside ``home.write()``."""
    known = _all(home)
    if known.get(name) == secret:
        return
    fresh = {**known, name: secret} if secret is not None else {k: v for k, v in known.items() if k != name}
    target = home.path / NAME
    part = target.with_name(f".{NAME}.part")
    try:
        part.unlink(missing_ok=True)
        # Made readable for its owner alone from the first byte on.
        with os.fdopen(
            os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as out:
            json.dump(fresh, out)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
        files.sync_folder(home.path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise files.refusal(error, target) from None


def _all(home: Home) -> dict[str, str]:
    path: Path = home.path / NAME
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        # Not "from error": the reason would quote what is secret.
        raise Refused(
            msg("The home's passwords cannot be read."),
            place=NAME,
            remedy=msg("Look at the file's rights; without the file they can be set again."),
        ) from None
    return {str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}
