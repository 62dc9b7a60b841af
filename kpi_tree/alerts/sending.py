"""How a sending went: what is known of it, and what is not."""

from __future__ import annotations

from collections.abc import Callable

from kpi_tree.errors import KpiTreeError, Refused

AboutTo = Callable[[], bool]
"""Asked when the other side listens and the message itself is about to leave; False stops it."""


class NotSentError(Refused):
    """It surely did not arrive, so it may be tried again; ``for_good`` where that would change nothing."""

    def __init__(self, error: KpiTreeError, *, for_good: bool = False) -> None:
        super().__init__(error.message, place=error.place, remedy=error.remedy)
        self.for_good = for_good


class PerhapsSentError(Refused):
    """It left, and no answer came: nobody knows whether it arrived, so it is never sent again by itself."""


class OvertakenError(Exception):
    """Another process has the message by now; nothing left from here."""
