"""One look at what a rule waits for, and whether it is time to tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look saw.

    Attributes:
        on: whether it is so; None where the look could not say (no data, an error): nothing changes then.
        mark: what it is: another one is another thing to tell, such as another status or another period.
    """

    on: bool | None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a rule remembers of one indicator.

    Attributes:
        on, mark, since: what the last look that could say saw, and since when that is so.
        told: the mark that was told; None once it was not so any more, so that the rule is armed again.
        told_at: when somebody was told last; stays over re-arming, for the pause between two tellings.
    """

    on: bool = False
    mark: str = ""
    since: datetime | None = None
    told: str | None = None
    told_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether something is to be told that was held back."""
        return self.on and self.told != self.mark


def step(
    before: Standing | None,
    sight: Sight,
    now: datetime,
    *,
    pause: timedelta,
    quiet: bool,
    news_only: bool = False,
) -> tuple[Standing, bool]:
    """What a rule remembers after a look, and whether to tell now.

    Told is each thing once, until it was not so any more. What may not be told yet (too soon after the last
    telling, or in quiet hours) is held back, and told later if it is still so then.

    Args:
        pause: the least time between two tellings. quiet: whether nobody is to be told now.
        news_only: the first look is only remembered, because what stands already is no news.

    >>> from datetime import UTC
    >>> at, hour = datetime(2026, 1, 5, tzinfo=UTC), timedelta(hours=1)
    >>> one, told = step(None, Sight(True), at, pause=hour, quiet=False)
    >>> told, step(one, Sight(True), at + 5 * hour, pause=hour, quiet=False)[1]
    (True, False)
    >>> off, _ = step(one, Sight(False), at + hour / 2, pause=hour, quiet=False)
    >>> held, told = step(off, Sight(True), at + hour / 2, pause=hour, quiet=False)
    >>> told, held.waits, step(held, Sight(True), at + hour, pause=hour, quiet=False)[1]
    (False, True, True)
    """
    was = before or Standing()
    if sight.on is None:
        return was, False
    if not sight.on:
        return Standing(since=now if was.on or was.since is None else was.since, told_at=was.told_at), False
    same = was.on and was.mark == sight.mark
    seen = replace(was, on=True, mark=sight.mark, since=was.since if same else now)
    if was.since is None and news_only:
        return replace(seen, told=sight.mark), False
    soon = was.told_at is not None and now < was.told_at + pause
    if not seen.waits or soon or quiet:
        return seen, False
    return replace(seen, told=sight.mark, told_at=now), True
