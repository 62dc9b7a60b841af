"""Pin the newest versions that the ranges in ``pyproject.toml`` allow: ``make lock``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Pinned by `make lock` from the ranges in pyproject.toml. Do not edit by hand.\n"
COMPILE = [
    "--quiet",
    "--upgrade",
    "--strip-extras",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
]


def lock(name: str, *options: str) -> None:
    """Write one pinned file; the project itself is its last line, so that its package data is found."""
    target = ROOT / name
    command = [sys.executable, "-m", "piptools", "compile", *COMPILE, *options, "-o", name, "pyproject.toml"]
    subprocess.run(command, cwd=ROOT, check=True)
    target.write_text(HEADER + target.read_text() + "-e .\n")


if __name__ == "__main__":
    lock("requirements.txt")
    lock("requirements-dev.txt", "--extra", "dev", "-c", "requirements.txt")
