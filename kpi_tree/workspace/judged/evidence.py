"""What the shop's own history says of a line that somebody believes in."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from kpi_tree.errors import NotFound
from kpi_tree.i18n import msg
from kpi_tree.plan.evidence import Evidence, evidence
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.figuring.figures import series_for

DAYS = 364
SEASON = 7
MAX_LAG = 14


@verb
def influence_evidence(
    home: Home,
    who: Asker,  # noqa: ARG001
    parent: str,
    child: str,
    *,
    plan_id: str | None = None,
    at: date,
) -> Evidence:
    """Whether a KPI has moved with another over the year before ``at``, by day, the week taken out.

    A node that is computed or assumed has no days of its own and counts as too little history.

    Raises:
        NotFound: there is no line between the two.
    """
    plan = plan_cached(home, plan_id_of(home, plan_id))
    edge = plan.edge(parent, child)
    if edge is None:
        raise NotFound(
            msg("There is no line between these two."),
            place=f"{parent[:40]} → {child[:40]}",
            remedy=msg("Draw it first."),
        )
    below, above = _days(home, plan, child, at), _days(home, plan, parent, at)
    if below is None or above is None:
        return Evidence("too_little", season=SEASON)
    return evidence(below, above, sign=edge.sign, max_lag=MAX_LAG, season=SEASON)


def _days(home: Home, plan: Plan, node: str, at: date) -> npt.NDArray[np.float64] | None:
    kpi = plan.nodes[node].kpi
    if kpi not in catalogue_of(home):
        return None
    start = at - timedelta(days=DAYS)
    found = series_for(home, [kpi or ""], start=start, end=at, where=None, keep_refusals=True)
    series = found.get(kpi or "")
    if series is None or "value" not in series.frame:
        return None
    return np.asarray(series.frame["value"].to_numpy(dtype=np.float64, na_value=np.nan))
