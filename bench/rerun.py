"""How long a page takes to run again: `python bench/rerun.py`.

An app with nothing but a button and ours with the sample shop, both served as a person serves them and asked
over the very socket that a browser uses. Per page: the first run, then the median of many runs again (as a
click on any widget makes them), until the server says that the script has ended; and what it sent by then.
The ratio stands against the empty page's median of the same rounds, since the two take turns. The time a
browser needs to draw is not in it. Aim: 1.5, and charts on top. Everything is removed at the end.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import socket

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parent.parent
EMPTY = 'import streamlit as st\nst.button("again")\n'
PAGES = (
    ("overview", ""),
    ("tree", ""),
    ("tree", "node=conversion_rate"),
    ("goals", ""),
    ("kpi", ""),
    ("kpi", "id=sales"),
    ("reports", ""),
    ("reports", "id=kpi_sales"),
    ("data", ""),
    ("settings", ""),
)


@contextmanager
def served(script: Path, home: Path) -> Iterator[str]:
    """An app on a free port; its socket's address."""
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    flags = ["--server.port", str(port), "--server.fileWatcherType", "none"]
    around = {**os.environ, "KPI_TREE_HOME": str(home), "KPI_TREE_EMPTY": ""}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*command, *flags], cwd=ROOT, env=around, stdout=quiet, stderr=quiet)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"ws://localhost:{port}/_stcore/stream"
    finally:
        process.terminate()
        process.wait(10)


class Visit:
    """One reader on one page."""

    def __init__(self, line: ClientConnection, page: str, query: str) -> None:
        self.line, self.page, self.query = line, page, query
        self.hash = ""

    def run(self) -> tuple[float, int]:
        """Ask for a run and wait for its end: seconds, bytes received."""
        asked = BackMsg()
        asked.rerun_script.query_string = self.query
        if self.hash:
            asked.rerun_script.page_script_hash = self.hash
        else:
            asked.rerun_script.page_name = self.page
        begun = time.perf_counter()
        self.line.send(asked.SerializeToString())
        size = 0
        while True:
            raw = self.line.recv(timeout=120)
            assert isinstance(raw, bytes)
            size += len(raw)
            said = ForwardMsg.FromString(raw)
            kind = said.WhichOneof("type")
            if kind == "navigation":
                self.hash = said.navigation.page_script_hash
            elif kind == "script_finished":
                return time.perf_counter() - begun, size


def compare(ours: str, empty: str, page: str, query: str, rounds: int) -> tuple[float, float, float, int]:
    """First run, median of runs again, the empty page's median in the same rounds, bytes of one run again."""
    with (
        connect(ours, subprotocols=["streamlit"], max_size=None) as one,  # type: ignore[list-item]
        connect(empty, subprotocols=["streamlit"], max_size=None) as other,  # type: ignore[list-item]
    ):
        visit, bare = Visit(one, page, query), Visit(other, "", "")
        first, _ = visit.run()
        bare.run()
        visit.run()
        pairs = [(visit.run(), bare.run()) for _ in range(rounds)]
    again = statistics.median(time for (time, _), _ in pairs)
    return first, again, statistics.median(time for _, (time, _) in pairs), pairs[-1][0][1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="few rounds")
    rounds = 3 if parser.parse_args().small else 15
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        script = folder / "empty.py"
        script.write_text(EMPTY)
        empty = stack.enter_context(served(script, folder / "none"))
        ours = stack.enter_context(served(ROOT / "app.py", folder / "home"))
        print(f"{'page':32} {'first':>9} {'again':>9} {'empty':>9} {'ratio':>7} {'sent':>9}")
        for page, query in PAGES:
            first, again, bare, size = compare(ours, empty, page, query, rounds)
            name = f"/{page}{'?' if query else ''}{query}"
            times = " ".join(f"{1000 * each:6.1f} ms" for each in (first, again, bare))
            print(f"{name:32} {times} {again / bare:6.2f}x {size / 1024:6.1f} kB", flush=True)


if __name__ == "__main__":
    main()
