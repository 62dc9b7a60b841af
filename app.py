"""The app: ``streamlit run app.py``, ``python app.py``, or any ASGI server with ``app:app``.

Streamlit's own page discovery never runs: the script is ``kpi_tree/ui/main.py``, which names its pages
itself, so that a deep link opened first on a fresh server gets the whole frame.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import streamlit as st
from starlette.middleware import Middleware

from kpi_tree import api
from kpi_tree.http import AtOnce, SecurityHeaders, routes
from kpi_tree.ui.shell import live, start
from kpi_tree.ui.shell.delivery import keep_what_finished_runs_drew
from kpi_tree.ui.shell.failures import on_script_error
from kpi_tree.ui.timer import Timer

MAIN = Path(__file__).resolve().parent / "kpi_tree" / "ui" / "main.py"


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Open the home and load what is heavy before the first reader comes, then freeze it."""
    await anyio.to_thread.run_sync(start.warm_up)
    # What lives as long as the process need not be walked whenever garbage is collected.
    gc.collect()
    gc.freeze()
    timer = Timer()
    timer.begin()
    yield {}
    await anyio.to_thread.run_sync(timer.end)
    gc.unfreeze()


keep_what_finished_runs_drew()
app = st.App(
    MAIN,
    routes=[*routes(start.health, live.revisions), *api.routes(start.home)],
    middleware=[Middleware(AtOnce), Middleware(SecurityHeaders)],
    lifespan=lifespan,
    on_script_error=on_script_error,
)

if __name__ == "__main__":
    app.run()
