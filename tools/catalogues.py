"""Bring the message catalogues up to date with the code: ``make catalogues``.

Every ``msg("...")``, ``nmsg("...", "...", n)`` and ``t("...")`` of the package and the pages is taken up;
messages that are gone are dropped; what is not translated yet is counted, and listed with ``--missing``.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "kpi_tree" / "locale"
SINGLE = {"msg", "t", "N_"}
PLURAL = {"nmsg", "nt"}
CONTEXT = {"pmsg", "pt"}
LANGUAGES = ("nb", "ja")


def calls(source: str) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """The messages of one file with their contexts, also inside f-strings, which Babel's own passes over."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        said = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args[:2]]
        if name in SINGLE and said and isinstance(said[0], str) and said[0]:
            yield said[0], None
        elif name in PLURAL and len(said) == 2 and isinstance(said[0], str) and isinstance(said[1], str):
            yield (said[0], said[1]), None
        elif name in CONTEXT and len(said) == 2 and isinstance(said[0], str) and isinstance(said[1], str):
            yield said[1], said[0]


def extracted() -> Catalog:
    """All messages that the code holds, with the files they stand in.

    No line numbers: they would make every edit a change of the catalogue.
    """
    catalog = Catalog(project="kpi-tree", fuzzy=False)
    for folder in ("kpi_tree", "pages"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for message, context in calls(path.read_text(encoding="utf-8")):
                place = [(path.relative_to(ROOT).as_posix(), 0)]
                catalog.add(message, None, place, context=context)
    return catalog


def path_of(lang: str) -> Path:
    """Where a language's catalogue stands."""
    return LOCALE / lang / "LC_MESSAGES" / "kpi_tree.po"


def load(lang: str) -> Catalog:
    """A language's catalogue as it stands, or an empty one."""
    path = path_of(lang)
    if not path.exists():
        return Catalog(locale=lang, project="kpi-tree", fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=lang)


def _filled(text: str | tuple[str, ...]) -> bool:
    return all(text) if isinstance(text, tuple) else bool(text)


def missing(catalog: Catalog) -> list[str]:
    """The ids of messages that have no translation yet, or one that a change made doubtful."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id and (message.fuzzy or not _filled(message.string))
    ]


def main() -> None:
    """Update every language and say what is left to translate."""
    template = extracted()
    for lang in LANGUAGES:
        catalog = load(lang)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path_of(lang).parent.mkdir(parents=True, exist_ok=True)
        with path_of(lang).open("wb") as target:
            write_po(target, catalog, sort_output=True, width=110, include_lineno=False, omit_header=False)
        left = missing(catalog)
        print(f"{lang}: {len(catalog)} messages, {len(left)} without a translation")
        if "--missing" in sys.argv:
            print("\n".join(f"  {text}" for text in left))


if __name__ == "__main__":
    main()
