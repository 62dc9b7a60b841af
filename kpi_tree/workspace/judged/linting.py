"""What a careful colleague would say about a plan, in the reader's language."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from kpi_tree.store import Home
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import today_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.drafting.telling import in_language

if TYPE_CHECKING:
    from kpi_tree.plan.lint import Remark


@verb
def lint_plan(
    home: Home,
    who: Asker,
    plan_id: str | None = None,
    *,
    with_data: Collection[str] | None = None,
    lang: str = "en",
) -> list[Remark]:
    """What a careful colleague would say about a plan, errors first, with remedies and fixes.

    Args:
        with_data: nodes that have values, where that is known already; else it is looked up as of today.

    Raises:
        NotFound: there is no such plan.
    """
    from kpi_tree.plan.lint import lint

    chosen = plan_id_of(home, plan_id)
    if with_data is None:
        from kpi_tree.workspace.judged.trees import tree

        views = tree(home, who, chosen, at=today_of(home))
        with_data = {view.id for view in views if view.data_through is not None}
    kpis = catalogue_of(home)
    return lint(in_language(plan_cached(home, chosen), kpis, lang), kpis, with_data, lang)
