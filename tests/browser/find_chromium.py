"""Find a Chromium for the browser tests, or install one: by apt when root, else by Playwright."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
"""The same engine without the browser's own windows, which cost the processor a third of the tests' time."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium that can be started, or None."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def wanted() -> bool:
    """Whether to install one: where there is none, and in CI where there is none but a slow one."""
    return not find() or bool(os.environ.get("CI") and not shutil.which(SHELL))


def install() -> None:
    """Debian's package where apt can have it; where there is nothing after that, Playwright's download."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        get = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        if _run(*get, SHELL, "fonts-noto-cjk") or (
            _run("apt-get", "update", "-qq")
            and (_run(*get, SHELL, "fonts-noto-cjk") or find() or _run(*get, "chromium", "fonts-noto-cjk"))
        ):
            return
    if not find():
        _run(sys.executable, "-m", "playwright", "install", "chromium")


def _run(*command: str) -> bool:
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    if "--install" in sys.argv and wanted():
        install()
    found = find()
    print(found or "No Chromium was found. Install one (apt install chromium) and run this again.")
    sys.exit(0 if found else 1)
