"""What a source may cost us and may reach, and what a fetch hands back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one run, and what the person who runs the server has let in.

    Args:
        seconds: how long one fetch may take, from the first byte asked to the last one read.
        file_bytes: size of one answer.
        folder_bytes: size of one file of a folder; it is read from disk, a piece at a time.
        rows: rows of a query's answer.
        files: files taken from a folder in one run; the rest come with the next.
        redirects: how often an address may send us on.
        settle_seconds: how long a file must not have changed before it counts as complete.
        private_hosts: names of hosts inside the own network that may be asked all the same.
        folders: folders that may be watched, with all below them.
        secrets: files with the database connections, later ones over earlier ones.
    """

    seconds: float = SECONDS
    file_bytes: int = 200 * MEGABYTE
    folder_bytes: int = 4096 * MEGABYTE
    rows: int = 1_000_000
    files: int = 200
    redirects: int = 5
    settle_seconds: float = 10.0
    private_hosts: frozenset[str] = frozenset()
    folders: tuple[Path, ...] = ()
    secrets: tuple[Path, ...] = field(
        default_factory=lambda: (
            Path.home() / ".streamlit" / "secrets.toml",
            Path.cwd() / ".streamlit" / "secrets.toml",
        )
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Bounds:
        """The bounds as the surroundings of the process set them.

        ``KPI_TREE_FETCH_SECONDS`` says how long one fetch may take, ``KPI_TREE_FOLDERS`` lists folders that
        may be watched, ``KPI_TREE_PRIVATE_HOSTS`` hosts of the own network that may be asked (with commas
        between), ``STREAMLIT_SECRETS_FILES`` the files of secrets.

        >>> sorted(Bounds.from_environment({"KPI_TREE_PRIVATE_HOSTS": "nas, Localhost"}).private_hosts)
        ['localhost', 'nas']
        """
        said = os.environ if environ is None else environ
        folders = tuple(Path(part) for part in said.get("KPI_TREE_FOLDERS", "").split(os.pathsep) if part)
        hosts = frozenset(_parts(said.get("KPI_TREE_PRIVATE_HOSTS", "").lower()))
        files = tuple(Path(part) for part in _parts(said.get("STREAMLIT_SECRETS_FILES", "")))
        usual = cls(seconds=_seconds(said), private_hosts=hosts, folders=folders)
        return replace(usual, secrets=files) if files else usual


def _seconds(said: Mapping[str, str]) -> float:
    """How long a fetch may take: what is set, within a second and an hour, else a minute.

    >>> [_seconds({"KPI_TREE_FETCH_SECONDS": text}) for text in ("300", "0", "x")]
    [300.0, 1.0, 60.0]
    """
    try:
        return min(max(float(said.get("KPI_TREE_FETCH_SECONDS", SECONDS)), 1.0), 3600.0)
    except ValueError:
        return SECONDS


def _parts(text: str) -> list[str]:
    return [part.strip().strip("[]'\"") for part in text.split(",") if part.strip()]


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file that was fetched.

    Args:
        name: what people call it; never a path.
        path: where its content lies.
        sha256: of the content, in hex.
        marks: what to tell the source next time, so that it can say "unchanged".
    """

    name: str
    path: Path
    sha256: str
    marks: Mapping[str, Any] = field(default_factory=dict)
