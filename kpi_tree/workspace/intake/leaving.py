"""What withdrawing a batch would do to the figures, told before it is done."""

from __future__ import annotations

from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.workspace.base.homes import current_settings
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import Effect
from kpi_tree.workspace.intake.inbox_batches import seen, view_of

MOST_ROWS = 2_000_000
"""Rows of a batch above which it takes longer to tell than to withdraw it and bring it back."""


@verb
def withdrawal_effects(home: Home, who: Asker, batch: str) -> tuple[Effect, ...]:
    """What the KPIs of a batch's days become without it and its corrections; those that stay are left out.

    What a batch of values of KPIs does is not worked out, nor what a very large one does: empty then.

    Raises:
        NotFound: no batch has that name.
    """
    from kpi_tree.workspace.intake import effects  # with all that measures: a page without it is quicker

    one = seen(home, who, batch)
    view = view_of(one)
    if view.data_from is None or view.data_through is None or view.rows > MOST_ROWS or not view.active:
        return ()
    gone = {one.id, *(mend.id for mend in kept.mends(home, one.id))}
    days = (view.data_from, view.data_through)
    tables = {count.table for count in view.tables}
    found = effects.without(home, gone, tables, current_settings(home), days)
    return tuple(effect for effect in found if effect.before != effect.after)
