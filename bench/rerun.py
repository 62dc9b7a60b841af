"""How long a page takes to run again: `python bench/rerun.py`.

A plain app and ours with the sample shop, both served as a person serves them and asked over the very socket
that a browser uses. Per page: the first run, then the median of many runs again (as a click on any widget
makes them), until the server says that the script has ended; and what it sent by then. Beside it, in the
same rounds, the plain app: with nothing but a button, and with as many elements as our page has and nothing
to work out: containers, texts, buttons, boxes to choose from, charts of a hundred points. The ratio stands
against that one; aim: 1.5. Processor: what the server's process used for a run. The time a browser needs to
draw is not in it. Everything is removed at the end.
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
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import psutil  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parent.parent
PLAIN = """
import streamlit as st
from streamlit.dataframe_util import convert_anything_to_arrow_bytes as sent
counts = [int(n) for n in st.query_params.get("like", "0.0.0.0.0").split(".")]
containers, texts, buttons, boxes, charts = counts
st.button("again")
points = [{"x": n, "y": n * n} for n in range(100)]
axes = {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}}
data = {"d": st.cache_data(sent)(points)}
spec = {"data": {"name": "d"}, "mark": "line", "encoding": axes, "datasets": data}
for n in range(containers): st.container(horizontal=True)
for n in range(texts): st.markdown(f"A text of some words, number {n}")
for n in range(buttons): st.button(f"Button {n}", key=f"button_{n}")
for n in range(boxes): st.selectbox(f"Box {n}", ["one", "two", "three"], key=f"box_{n}")
for n in range(charts): st.vega_lite_chart(spec, theme=None, width="stretch", key=f"chart_{n}")
"""
BUTTONS = ("button", "page_link", "download_button", "link_button")
TEXTS = ("markdown", "html", "heading", "space", "alert", "badge")
CHARTS = ("vega_lite_chart", "bidi_component", "dataframe")
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
    ("actions", ""),
    ("experiments", ""),
    ("checkins", ""),
    ("alerts", ""),
    ("settings", ""),
)


@contextmanager
def served(script: Path, home: Path) -> Iterator[tuple[str, int]]:
    """An app on a free port: its socket's address, and its process."""
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
        yield f"ws://localhost:{port}/_stcore/stream", process.pid
    finally:
        process.terminate()
        process.wait(10)


class Visit:
    """One reader on one page."""

    def __init__(self, line: ClientConnection, page: str, query: str) -> None:
        self.line, self.page, self.query = line, page, query
        self.hash = ""
        self.seen: Counter[str] = Counter()

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
        self.seen.clear()
        while True:
            raw = self.line.recv(timeout=120)
            assert isinstance(raw, bytes)
            size += len(raw)
            said = ForwardMsg.FromString(raw)
            kind = said.WhichOneof("type")
            if kind == "navigation":
                self.hash = said.navigation.page_script_hash
            elif kind == "delta":
                new = said.delta.WhichOneof("type") == "new_element"
                self.seen[str(said.delta.new_element.WhichOneof("type")) if new else "block"] += 1
            elif kind == "script_finished":
                return time.perf_counter() - begun, size

    def like(self) -> str:
        """What the last run sent, as the plain app is asked for it."""
        texts, buttons, charts = (sum(self.seen[one] for one in kinds) for kinds in (TEXTS, BUTTONS, CHARTS))
        boxes = self.seen.total() - self.seen["block"] - texts - buttons - charts
        return f"like={self.seen['block']}.{texts}.{buttons}.{boxes}.{charts}"


@dataclass(frozen=True)
class Found:
    """Seconds: of the first run, and the medians of runs again; processor seconds of a run; bytes of one."""

    first: float
    again: float
    processor: float
    plain: float
    empty: float
    size: int


def compare(ours: tuple[str, int], plain: str, page: str, query: str, rounds: int) -> Found:
    """A page of ours, a plain one like it and an empty one, in turns."""
    with ExitStack() as stack:
        lines = [
            stack.enter_context(connect(one, subprotocols=["streamlit"], max_size=None))  # type: ignore[list-item]
            for one in (ours[0], plain, plain)
        ]
        visit = Visit(lines[0], page, query)
        first, _ = visit.run()
        visit.run()
        like, empty = Visit(lines[1], "", visit.like()), Visit(lines[2], "", "")
        like.run()
        empty.run()
        process, used, times = psutil.Process(ours[1]), 0.0, []
        for _ in range(rounds):
            before = sum(process.cpu_times()[:2])
            again, size = visit.run()
            used += sum(process.cpu_times()[:2]) - before
            times.append((again, like.run()[0], empty.run()[0]))
    medians = [statistics.median(column) for column in zip(*times, strict=True)]
    return Found(first, medians[0], used / rounds, medians[1], medians[2], size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="few rounds")
    rounds = 3 if parser.parse_args().small else 15
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        script = folder / "plain.py"
        script.write_text(PLAIN)
        plain, _ = stack.enter_context(served(script, folder / "none"))
        ours = stack.enter_context(served(ROOT / "app.py", folder / "home"))
        heads = ("first", "again", "processor", "plain", "empty")
        print(f"{'page':28}" + "".join(f"{head:>12}" for head in heads) + f"{'ratio':>8} {'sent':>10}")
        for page, query in PAGES:
            found = compare(ours, plain, page, query, rounds)
            name = f"/{page}{'?' if query else ''}{query}"
            each = (found.first, found.again, found.processor, found.plain, found.empty)
            times = "".join(f"{1000 * one:9.1f} ms" for one in each)
            ratio = found.again / found.plain
            print(f"{name:28}{times}{ratio:7.2f}x {found.size / 1024:7.1f} kB", flush=True)


if __name__ == "__main__":
    main()
