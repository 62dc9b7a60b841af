"""Imports go one way, and the heavy libraries stay where they belong."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from kpi_tree.cli import app

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kpi_tree"

LAYERS: dict[str, int] = {
    "errors": 0,
    "issues": 0,
    "steps": 0,
    "clock": 0,
    "hidden": 0,
    "i18n": 0,
    "locale": 0,
    "nearest": 0,
    "yamlfiles": 0,
    "periods": 1,
    "units": 1,
    "counted": 1,
    "plan": 2,
    "catalogue": 2,
    "records": 2,
    "ingest": 3,
    "sources": 3,
    "alerts": 3,
    "metrics": 3,
    "analysis": 3,
    "allocation": 3,
    "store": 4,
    "sample": 4,
    "charts": 5,
    "exchange": 5,
    "reports": 5,
    "workspace": 6,
    "cli": 7,
    "__main__": 8,
    "http": 7,
    "api": 7,
    "ui": 8,
}
"""A module may import from its own layer and from lower ones."""

ROOMS: dict[str, tuple[frozenset[str], ...]] = {
    "ingest": (
        frozenset({"cells"}),
        frozenset({"answers"}),
        frozenset({"mapping", "text"}),
        frozenset({"files"}),
        frozenset({"sheets"}),
        frozenset({"table"}),
        frozenset({"stream", "values"}),
        frozenset({"own"}),
    ),
    "workspace": (
        frozenset({"base"}),
        frozenset({"drafting"}),
        frozenset({"figuring"}),
        frozenset({"definitions", "intake", "judged"}),
        frozenset({"acting", "feeds", "targeting"}),
        frozenset({"causes", "news"}),
        frozenset({"documents"}),
    ),
    "ui": (
        frozenset({"shell"}),
        frozenset({"pieces", "targets"}),
        frozenset({"actions", "causes", "data", "news"}),
        frozenset({"overviews"}),
        frozenset({"kpis", "tree"}),
        frozenset({"reports"}),
    ),
}
"""A room of the workspace or the screen may import from lower ones; modules that stand in none, from all."""

ONLY_IN: dict[str, tuple[str, ...]] = {
    "streamlit": ("kpi_tree/ui/", "pages/", "app.py"),
    "sqlite_utils": ("kpi_tree/store/",),
    "altair": ("kpi_tree/charts/",),
    "sqlalchemy": ("kpi_tree/sources/",),
    "duckdb": ("kpi_tree/metrics/", "kpi_tree/records/", "kpi_tree/ingest/"),
}

SOURCES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import of {node.module}"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(module: str) -> int | None:
    parts = module.split(".")
    if parts[0] != "kpi_tree" or len(parts) < 2:
        return None
    return LAYERS.get(parts[1])


def test_imports_point_up_the_list_only() -> None:
    wrong = []
    for path in SOURCES:
        own = 9
        if path.is_relative_to(PACKAGE):
            top = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
            assert top == "__init__" or top in LAYERS, f"{top} has no place in the layers"
            own = LAYERS.get(top, 0)
        for module in imports(path):
            if (layer(module) or 0) > own:
                wrong.append(f"{path.relative_to(ROOT)} imports {module} from a higher layer")
    assert wrong == []


def rank(name: str, parts: tuple[str, ...]) -> int | None:
    """Where a module stands among the rooms of its layer."""
    orders = ROOMS[name]
    return next((n for n, rooms in enumerate(orders) if parts[1:2] and parts[1] in rooms), None)


@pytest.mark.parametrize("layer_name", ROOMS)
def test_rooms_import_one_way(layer_name: str) -> None:
    for path in sorted((PACKAGE / layer_name).rglob("*.py")):
        inside = path.relative_to(PACKAGE).with_suffix("").parts
        own = rank(layer_name, inside)
        assert own is not None or len(inside) == 2, f"{inside[1]} has no place among the rooms"
        for module in imports(path):
            parts = tuple(module.split(".")[1:])
            if own is None or parts[:1] != (layer_name,) or parts[1:2] == inside[1:2]:
                continue
            other = rank(layer_name, parts)
            assert other is None or other < own, f"{'/'.join(inside)} imports {module}"


def test_heavy_libraries_stay_in_their_layer() -> None:
    wrong = []
    for path in SOURCES:
        place = path.relative_to(ROOT).as_posix()
        for module in imports(path):
            if not place.startswith(ONLY_IN.get(module.split(".")[0], "")):
                wrong.append(f"{place} imports {module}")
    assert wrong == []


def test_only_the_clock_is_asked_what_time_it_is() -> None:
    """Tests set it, and then no page may go by another."""
    read = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|Timestamp\.(?:now|today))\(")
    found = [path.name for path in SOURCES if read.search(path.read_text(encoding="utf-8"))]
    assert found == ["clock.py"]


def test_importing_the_package_is_cheap() -> None:
    code = f"import sys, kpi_tree; print([m for m in {[*ONLY_IN, 'pandas', 'numpy']!r} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"


def test_commands_import_what_they_use(tmp_path: Path) -> None:
    """Help, and whatever only refuses, needs no home, no data and no plan; settings and plans no figures."""
    light = [*ONLY_IN, "pandas", "numpy", "scipy", "networkx", "pyarrow", "yaml", "kpi_tree.workspace"]
    figures = [
        *(set(ONLY_IN) - {"sqlite_utils"}),
        "pandas",
        "scipy",
        "networkx",
        "holidays",
        "kpi_tree.metrics",
    ]
    code = f"""
import sys, kpi_tree.cli.app as app
print([m for m in {light!r} if m in sys.modules], file=sys.stderr)
for words in (["settings"], ["plan", "list"]):
    assert app.run(["--home", {str(tmp_path / "home")!r}, *words]) == 0
print([m for m in {figures!r} if m in sys.modules], file=sys.stderr)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stderr.split("\n") == ["[]", "[]", ""]


def test_every_command_is_found_where_it_is_looked_for() -> None:
    """Commands are imported one by one, by a table that must say where each of them is."""
    names = [path.stem for path in (PACKAGE / "cli").glob("*.py") if path.stem not in ("__init__", "app")]
    parts = {name: importlib.import_module(f"kpi_tree.cli.{name}") for name in names}
    theirs = {name: tuple(one.name for one in getattr(part, "COMMANDS", ())) for name, part in parts.items()}
    assert dict(app.COMMANDS) == {name: names for name, names in theirs.items() if names}
    for name, commands in app.COMMANDS.items():
        known = {f"kpi_tree.cli.{each}" for each in (name, *app.BELOW.get(name, ()))}
        for command in commands:
            assert {one.callback.__module__ for one in below(app.program.commands[command])} <= known


def below(command: click.Command) -> Iterator[click.Command]:
    """A command, and all that stand below it."""
    yield command
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        yield from below(one)


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda p: p.name)
def test_pages_are_thin(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 110
    assert path.stem not in {"kpi_tree", "pages", "app"}
