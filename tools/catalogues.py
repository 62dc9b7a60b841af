"""Bring the message catalogues up to date with the code: ``make catalogues``.

Every ``msg("...")``, ``nmsg("...", "...", n)`` and ``t("...")`` of the package and the pages is taken up;
messages that are gone are dropped; what is not translated yet is counted, and listed with ``--missing``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "kpi_tree" / "locale"
KEYWORDS = {"msg": None, "nmsg": (1, 2), "t": None, "nt": (1, 2), "N_": None}
LANGUAGES = ("nb", "ja")


def extracted() -> Catalog:
    """All messages that the code holds, with the places they stand at."""
    catalog = Catalog(project="kpi-tree", fuzzy=False)
    for folder in ("kpi_tree", "pages"):
        found = extract_from_dir(
            ROOT / folder, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("i18n:",)
        )
        for name, _line, message, comments, context in found:
            if message and (not isinstance(message, tuple) or message[0]):
                # No line numbers: they would make every edit a change of the catalogue.
                place = [(f"{folder}/{name}", 0)]
                catalog.add(message, None, place, auto_comments=comments, context=context)
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


def missing(catalog: Catalog) -> list[str]:
    """The ids of messages that have no translation yet."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string)
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
