"""How far a long job is, said as it goes, and the wish to stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kpi_tree.errors import Cancelled
from kpi_tree.i18n import Msg


@dataclass(frozen=True, slots=True)
class Step:
    """Where a job is.

    Attributes:
        message: what is being done, in words.
        share: how much of the whole job is done, 0 to 1; None while that is not known.
    """

    message: Msg
    share: float | None = None


Progress = Callable[[Step], None]
Cancel = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Watch:
    """The ear and the stop button of one job, handed down to whoever does the work.

    Attributes:
        progress: told every step; None when nobody listens.
        cancelled: asked now and then whether to stop; None when nobody can.
        low, high: the part of the whole job that this watch speaks of.

    >>> said: list[Step] = []
    >>> reading = Watch(said.append).part(0.0, 0.5)
    >>> reading.tell(Msg("Reading"), 0.5)
    >>> str(said[0].message), said[0].share
    ('Reading', 0.25)
    """

    progress: Progress | None = None
    cancelled: Cancel | None = None
    low: float = 0.0
    high: float = 1.0

    def tell(self, message: Msg, share: float | None = None) -> None:
        """Say where the job is, unless it is to stop.

        Args:
            share: how much of this part is done, 0 to 1; None when that is not known.

        Raises:
            Cancelled: somebody stopped the job.
        """
        self.check()
        if self.progress is not None:
            whole = None if share is None else self.low + (self.high - self.low) * min(max(share, 0.0), 1.0)
            self.progress(Step(message, whole))

    def check(self) -> None:
        """Go on only while nobody has stopped the job.

        Raises:
            Cancelled: somebody has.
        """
        if self.cancelled is not None and self.cancelled():
            raise Cancelled

    def part(self, low: float, high: float) -> Watch:
        """The watch of a part of the job, from one share of this one to another."""
        size = self.high - self.low
        return replace(self, low=self.low + size * low, high=self.low + size * high)


SILENT = Watch()
"""Nobody listens, and nobody can stop it."""
