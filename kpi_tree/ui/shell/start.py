"""Start: the one home of this process, with the sample shop in it unless an empty one is asked for."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Mapping
from typing import Any

from kpi_tree import clock, workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

LOG = logging.getLogger("kpi_tree.ui")
OWNER = Asker("owner", "owner")
ENOUGH_ROOM = 100 * 1024 * 1024
CHECK_SECONDS = 60.0

_lock = threading.Lock()
_homes: dict[str, Home] = {}
_checked: dict[str, tuple[float, str]] = {}


def home_path() -> str:
    """The home's folder as the surroundings ask for it; empty for the default."""
    return os.environ.get("KPI_TREE_HOME", "")


def home() -> Home:
    """The open home. The first call makes it, and loads the sample shop into a new one.

    Raises:
        KpiTreeError: the folder cannot be used; the next call tries again.
    """
    path = home_path()
    with _lock:
        if path not in _homes:
            opened = workspace.open_home(path or None)
            if not opened.read_only and wants_sample() and is_untouched(opened):
                load_sample(opened)
            _homes[path] = opened
        return _homes[path]


def wants_sample() -> bool:
    """Whether a new home gets the sample shop: yes, unless ``KPI_TREE_EMPTY=1``."""
    return os.environ.get("KPI_TREE_EMPTY", "") not in ("1", "true", "yes")


def is_untouched(opened: Home) -> bool:
    """Whether nobody has done anything in this home yet."""
    return workspace.data_revision(opened) == 0 and not workspace.plans(opened, OWNER)


def load_sample(opened: Home) -> Mapping[str, Any]:
    """Load the sample shop and its plan, up to today."""
    now = clock.now()
    return workspace.load_demo(opened, OWNER, today=workspace.today_of(opened, now), now=now)


def health() -> dict[str, Any]:
    """How the home is: can it be read and written, is the database whole, is there room.

    Returns ``ok`` and, for a machine, what was looked at. Holds no path and no detail.
    """
    try:
        opened = home()
    except KpiTreeError:
        LOG.exception("The home cannot be opened")
        return {"ok": False, "home": "closed"}
    writable = _writable(opened)
    whole = _integrity(opened)
    free = shutil.disk_usage(opened.path).free
    room = free >= ENOUGH_ROOM
    return {
        "ok": writable and whole == "ok" and room,
        "home": "open",
        "writable": writable,
        "integrity": whole,
        "disk_free_mb": free // (1024 * 1024),
        "disk": "ok" if room else "low",
    }


def _writable(opened: Home) -> bool:
    try:
        with opened.write() as db:
            db.execute("pragma user_version").fetchone()
    except Exception:
        LOG.exception("The home cannot be written to")
        return False
    return True


def _integrity(opened: Home) -> str:
    """``ok`` or ``damaged``; looked at once a minute, because it reads the whole database."""
    key = str(opened.path)
    then, answer = _checked.get(key, (-CHECK_SECONDS, ""))
    if time.monotonic() - then < CHECK_SECONDS and opened.database.exists():
        return answer
    try:
        Home.open(opened.path, create=False)
        answer = "ok"
    except Exception:
        LOG.exception("The home's database is not whole")
        answer = "damaged"
    _checked[key] = (time.monotonic(), answer)
    return answer


def warm_up() -> None:
    """Open the home and import what the pages need; a home that cannot be opened is told on the page."""
    import kpi_tree.ui.frame  # noqa: F401

    try:
        opened = home()
    except KpiTreeError:
        LOG.exception("The home cannot be opened")
        return
    # The first reader need not wait for the tree; nor need the server wait for it to answer.
    threading.Thread(target=_first_page, args=(opened,), name="first-page", daemon=True).start()


def _first_page(opened: Home) -> None:
    """What most first pages ask for, in their order: a reader who comes meanwhile waits for what is begun."""
    try:
        if workspace.plans(opened, OWNER):
            workspace.tree(opened, OWNER, at=workspace.today_of(opened))
            import kpi_tree.charts.frame  # noqa: F401 - with Altair, half a second
    except KpiTreeError:
        LOG.info("The tree could not be worked out ahead", exc_info=True)
