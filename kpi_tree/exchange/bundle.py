"""The canvas' own modules as one script, for a page without a server and for the embedded engine.

No second canvas is written: the very files of ``kpi_tree/ui/tree/canvas/assets`` are joined. They keep to a
small part of the module syntax (``import {a} from "./b.js";`` and ``export`` before a declaration or as a
list), which is all that is read here; anything else is refused loudly, so that a test finds it and no reader
does.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from posixpath import join, normpath, split

_IMPORT = re.compile(r"^import (?:\{(?P<names>[^}]*)\} from )?\"(?P<path>\./[^\"]+)\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let) (?P<name>\w+))", re.MULTILINE)
_LIST = re.compile(r"^export \{(?P<names>[^}]*)\};?\n", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


@cache
def asset(name: str) -> str:
    """The text of one of the canvas' files, such as ``canvas.css``."""
    return (resources.files("kpi_tree") / "ui" / "tree" / "canvas" / "assets" / name).read_text(
        encoding="utf-8"
    )


@cache
def bundle(entry: str) -> str:
    """One script that loads a module with all it imports; its exports are then ``KT``.

    Args:
        entry: a file of the canvas, such as ``picture.js``.

    Raises:
        ValueError: a module uses syntax that is not read here, or two import each other.

    >>> "const KT = " in bundle("pen.js"), "import {" in bundle("pen.js")
    (True, False)
    """
    parts: dict[str, str] = {}
    _collect(entry, parts, ())
    scripts = "\n".join(f"modules[{name!r}] = (function () {{\n{text}}})();" for name, text in parts.items())
    body = f"const modules = {{}};\n{scripts}\nreturn modules[{entry!r}];"
    return f'"use strict";\nconst KT = (function () {{\n{body}\n}})();\n'


def _collect(name: str, parts: dict[str, str], path: tuple[str, ...]) -> None:
    if name in path:
        raise ValueError(f"modules import each other: {' → '.join((*path, name))}")
    if name in parts:
        return
    text = asset(name)
    for found in _IMPORT.finditer(text):
        _collect(_beside(name, found["path"]), parts, (*path, name))
    parts[name] = _as_function(name, text)


def _beside(name: str, path: str) -> str:
    return normpath(join(split(name)[0], path))


def _as_function(name: str, text: str) -> str:
    """A module's text as a function's body that gives back its exports."""
    exports: list[str] = []

    def taken(found: re.Match[str]) -> str:
        if found["names"] is None:
            return "\n"
        names = found["names"].replace(" as ", ": ")
        return f"const {{{names}}} = modules[{_beside(name, found['path'])!r}];\n"

    def given(found: re.Match[str]) -> str:
        exports.append(found["name"])
        return ""

    def listed(found: re.Match[str]) -> str:
        exports.extend(part.strip() for part in found["names"].split(",") if part.strip())
        return ""

    body = _LIST.sub(listed, _EXPORT.sub(given, _IMPORT.sub(taken, text)))
    if (left := _LEFT.search(body)) is not None:
        raise ValueError(f"{name}: this form of import or export is not read: {left[0]}")
    return f"{body}\nreturn {{{', '.join(exports)}}};\n"
