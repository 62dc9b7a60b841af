"""Pin the newest versions that the ranges in ``pyproject.toml`` allow: ``make lock``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
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


def lock(name: str, *options: str) -> str:
    """Write one pinned file and return its pins; the project itself is the file's last line."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / name
        command = [sys.executable, "-m", "piptools", "compile", *COMPILE, *options, "-o", str(out)]
        subprocess.run([*command, "pyproject.toml"], cwd=ROOT, check=True)
        pins = out.read_text()
    (ROOT / name).write_text(HEADER + pins + "-e .\n")
    return pins


if __name__ == "__main__":
    run_time = lock("requirements.txt")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        constraints.write(run_time)
        constraints.flush()
        lock("requirements-dev.txt", "--extra", "dev", "-c", constraints.name)
