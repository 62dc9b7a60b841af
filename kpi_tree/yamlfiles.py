"""The YAML files that come with the program: parsed once, then kept beside Python's own compiled modules.

Parsing all of them takes longer than reading a small file does. What was parsed is kept in ``__pycache__``,
under the same rules as a compiled module: it counts as long as time and size of the source are the same,
nothing is written where Python may write none, and a program that may not write there parses anew.
"""

from __future__ import annotations

import contextlib
import importlib.util
import marshal
import os
import sys
from pathlib import Path
from typing import Any


def load(path: Path) -> Any:
    """What one of our YAML files holds, each time as objects of one's own.

    >>> sorted(load(Path(__file__).parent / "records" / "tables.yaml")["orders"])
    ['columns', 'key', 'time']
    """
    about = path.stat()
    stamp = (about.st_mtime_ns, about.st_size)
    kept = _place(path)
    if kept is not None:
        with contextlib.suppress(OSError, ValueError, EOFError, TypeError):
            found = marshal.loads(kept.read_bytes())
            if found[:2] == stamp:
                return found[2]
    parsed = parse(path.read_text(encoding="utf-8"))
    if kept is not None and not sys.dont_write_bytecode:
        _keep(kept, (*stamp, parsed))
    return parsed


def parse(text: str) -> Any:
    """YAML of our own, by the reader written in C where there is one: it is ten times as fast.

    >>> parse("a: [1, b]")
    {'a': [1, 'b']}
    """
    import yaml  # most runs find all files parsed

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _place(path: Path) -> Path | None:
    """Where the parsed file is kept; None where this Python keeps nothing."""
    try:
        return Path(importlib.util.cache_from_source(f"{path}.py"))
    except NotImplementedError:
        return None


def _keep(place: Path, found: tuple[Any, ...]) -> None:
    """Written beside its place and renamed: nobody reads half of it."""
    part = place.with_name(f"{place.name}.{os.getpid()}")
    with contextlib.suppress(OSError, ValueError):  # no room, no right, or a date, which this form can't hold
        data = marshal.dumps(found)
        place.parent.mkdir(exist_ok=True)
        part.write_bytes(data)
        part.replace(place)
