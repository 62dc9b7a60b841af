"""What lies in a ZIP beside its tables: a readme, a licence, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from kpi_tree.i18n import msg
from kpi_tree.issues import Issue

_NO_TABLE = frozenset({".md", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".docx", ".json"})
_NO_NAMES = frozenset(
    ["readme", "lesmeg", "liesmich", "lisezmoi", "license", "licence", "thumbs", "desktop", "changelog"]
) | frozenset(["filter", "filters", "filtre", "filtres", "filtro", "filtros", "フィルタ"])
"""What a vendor says about an export, such as the filters it was made with."""


def is_no_table(name: str) -> bool:
    """Whether a file is no table by its name alone.

    >>> is_no_table("export/README.txt"), is_no_table("orders.csv")
    (True, False)
    """
    path = PurePosixPath(name.lower())
    return path.suffix in _NO_TABLE or path.stem in _NO_NAMES


def about_ignored(place: str, ignored: Sequence[str]) -> list[Issue]:
    """The files of a ZIP that were not read, in one word; none without any."""
    if not ignored:
        return []
    words = msg("These files of the ZIP are no tables: {names}.", names=", ".join(ignored[:10]))
    return [Issue("info", "ignored_members", words, place, count=len(ignored))]
