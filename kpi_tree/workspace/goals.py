"""A goal in a sentence, made into a target with its baseline from the data."""

from __future__ import annotations

from datetime import date

from kpi_tree.catalogue import catalogue
from kpi_tree.plan.goal import Goal, understand
from kpi_tree.store import Home
from kpi_tree.workspace.homes import calendar_of, current_settings, today_of
from kpi_tree.workspace.rights import Asker, verb


@verb
def goal(home: Home, who: Asker, sentence: str, *, on: date | None = None) -> Goal:  # noqa: ARG001
    """What a sentence such as "Increase sales 10% next quarter" asks for, and what it leaves open.

    Args:
        on: the day it was said; today if not given.
    """
    return understand(
        sentence, on or today_of(home), catalogue(), calendar=calendar_of(current_settings(home))
    )
