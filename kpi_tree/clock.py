"""The clock of the program: the only place that reads it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """This moment, by the machine's clock and ``KPI_TREE_CLOCK_SECONDS``, by which this one is ahead of it.

    The program's tests set that: the sample shop has a day of its own then, the same in every process. Only
    what people are told of time goes by it, not how long something lasts or how old a file is.

    >>> now().tzinfo
    datetime.timezone.utc
    """
    return datetime.now(UTC) + timedelta(seconds=float(os.environ.get("KPI_TREE_CLOCK_SECONDS") or 0))
