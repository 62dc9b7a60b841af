"""What the shop's own history says of a line that somebody believes in."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from kpi_tree.errors import NotFound
from kpi_tree.i18n import msg
from kpi_tree.plan.evaluate import evaluate
from kpi_tree.plan.evidence import Evidence, evidence
from kpi_tree.plan.model import Plan
from kpi_tree.plan.program import compile_plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.figuring.figures import series_for
from kpi_tree.workspace.judged.driving import leaves_of

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

    A computed node's days follow from what stands below it; one that stands on an assumption has none, which
    counts as too little history.

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
    """A node's values by day, through the tree where it is computed; ``None`` where data are wanting."""
    program, known, own = compile_plan(plan), catalogue_of(home), plan.nodes[node].kpi
    wanted = [own] if own in known else sorted(leaves_of(program, node))
    if not wanted or any(name not in known for name in wanted):
        return None
    start = at - timedelta(days=DAYS)
    found = series_for(
        home, [str(name) for name in wanted], start=start, end=at, where=None, keep_refusals=True
    )
    observed: dict[str, npt.NDArray[np.float64]] = {}
    for name, one in found.items():
        if one.data_from is None or one.data_through is None or "value" not in one.frame:
            return None
        daily = np.array(one.frame["value"].to_numpy(dtype=np.float64, na_value=np.nan))
        daily[: max((one.data_from - start).days, 0)] = np.nan
        daily[max((one.data_through - start).days + 1, 0) :] = np.nan
        observed[name] = daily
    if len(observed) < len(wanted):
        return None
    return np.asarray(evaluate(program, observed)[node].value)
