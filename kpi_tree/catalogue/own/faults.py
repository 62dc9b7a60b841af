"""What can be wrong with a definition, before it is known where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue, Level
from kpi_tree.nearest import did_you_mean

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


def one_of(name: str, known: Iterable[str]) -> Msg:
    """A remedy for a name that nothing carries: the nearest one, else what there is.

    >>> str(one_of("quantty", ["quantity", "price"])), str(one_of("", ["quantity", "price"]))
    ('Did you mean quantity?', 'There are: price, quantity.')
    """
    names = sorted(known)
    shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    return did_you_mean(name, names, msg("There are: {names}.", names=shown))
