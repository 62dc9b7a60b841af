"""What can be wrong with a definition, before it is known where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue, Level

SHOWN = 12
"""Most names that a remedy lists."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: a stable code, what it is, and what to do."""

    code: str
    message: Msg
    remedy: Msg | None = None
    level: Level = "error"

    def at(self, place: str) -> Issue:
        """The fault where it was found."""
        return Issue(self.level, self.code, self.message, place, self.remedy)


def unique(issues: Iterable[Issue]) -> list[Issue]:
    """Each issue once, in order."""
    found: list[Issue] = []
    for issue in issues:
        if issue not in found:
            found.append(issue)
    return found


def nearest(name: str, known: Iterable[str], otherwise: Msg | None = None) -> Msg:
    """A remedy for a name that nothing carries: the nearest one, else what there is.

    >>> str(nearest("quantty", ["quantity", "price"]))
    'Did you mean quantity?'
    """
    names = sorted(known)
    close = get_close_matches(name.lower(), names, n=1)
    if close:
        return msg("Did you mean {name}?", name=close[0])
    if otherwise is not None:
        return otherwise
    shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    return msg("There are: {names}.", names=shown)
