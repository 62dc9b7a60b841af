"""Where data come from by themselves: a watched folder, a published sheet's address, a query on a database.

Everything here only fetches: a file lands in a place the caller gives, whole and within its bounds, or the
fetch is refused with the reason. What becomes of the file is the workspace's.
"""

from __future__ import annotations

from kpi_tree.sources.bounds import Bounds, Fetched
from kpi_tree.sources.schedule import Schedule

__all__ = ["Bounds", "Fetched", "Schedule"]
