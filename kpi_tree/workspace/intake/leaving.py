"""What withdrawing a batch, or bringing one back, would do to the figures, told before it is done."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date

from kpi_tree.i18n import Msg, msg
from kpi_tree.store import Home, observations
from kpi_tree.store import batches as kept
from kpi_tree.store.observations import Observation
from kpi_tree.workspace.base.homes import current_settings
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import Effect
from kpi_tree.workspace.intake.inbox_batches import seen, view_of

MOST_ROWS = 2_000_000
"""Rows of a batch above which it takes longer to tell than to withdraw it and bring it back."""
MOST_VALUES = 200_000
"""The same for values of KPIs, which are held one by one."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value of a KPI that goes or comes with its batch; where there is another one, that counts beside it.

    Attributes:
        start, grain, dimensions: of what period and of what shop, say, it is.
        before, after: what counts now and then; ``None`` is no value.
    """

    kpi: str
    start: date
    grain: str
    dimensions: tuple[tuple[str, str], ...]
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Turning:
    """What turning a batch off, or on again, does.

    Attributes:
        effects: the KPIs that change over the days of the batch, those of plans first.
        values: the values of KPIs that go, come, or give way to others, by KPI and period.
        untold: why this is not worked out, where it is not.
        uncounted: KPIs of ``values`` that are worked out from their records: these values do not count.
        twin: number of the batch with the same content that has to go before this one can come back.
    """

    effects: tuple[Effect, ...] = ()
    values: tuple[ValueChange, ...] = ()
    untold: Msg | None = None
    uncounted: tuple[str, ...] = ()
    twin: int | None = None


@verb
def turning_effects(home: Home, who: Asker, batch: str) -> Turning:
    """What withdrawing an active batch does, or bringing back a withdrawn one, its corrections with it.

    Raises:
        NotFound: no batch has that name.
    """
    one = seen(home, who, batch)
    view = view_of(one)
    if not view.active:
        twin = kept.active_with(home, one.sha256, one.receipt.get("part", ""))
        if twin is not None:
            return Turning(twin=twin.seq)
    if view.rows > (MOST_ROWS if view.tables else MOST_VALUES):
        return Turning(untold=_left_out(view.rows))
    if view.tables and view.data_from is None:
        return Turning(untold=msg("Its rows are of no day, so that what the KPIs become is not worked out."))
    turned = {one.id, *(each.id for each in kept.followers(home, one.id, _other(view.active)))}
    now = {each.id for each in kept.all_batches(home) if each.status == "active"}
    then = now ^ turned
    effects: tuple[Effect, ...] = ()
    tables = {count.table for count in view.tables}
    if view.data_from is not None and tables and view.data_through is not None:
        from kpi_tree.workspace.intake import effects as worked  # with all that measures: a page is quicker

        effects = worked.among(
            home, then, tables, current_settings(home), (view.data_from, view.data_through)
        )
    values = _values(home, turned, now, then)
    return Turning(effects, values, uncounted=_uncounted(home, {one.kpi for one in values}))


def _uncounted(home: Home, names: Set[str]) -> tuple[str, ...]:
    kpis, active = catalogue_of(home), kept.active_files(home)
    return tuple(sorted(name for name in names if name in kpis and set(kpis[name].tables) & active.keys()))


def _left_out(rows: int) -> Msg:
    return msg(
        "What the KPIs become is not worked out for a batch of {n} rows: it is quicker to do it, look, and "
        "take it back.",
        n=rows,
    )


def _other(active: bool) -> kept.Status:
    return "withdrawn" if active else "active"


def _values(home: Home, turned: Set[str], now: Set[str], then: Set[str]) -> tuple[ValueChange, ...]:
    """The values that the batches bring or take: beside each what counts without or with them."""
    found = []
    for kpi in observations.kpis_in(home, sorted(turned)):
        before, after = (_by_period(observations.of(home, kpi, among=batches)) for batches in (now, then))
        for key in sorted(before.keys() | after.keys()):
            was, will = before.get(key), after.get(key)
            if (was and was.batch) != (will and will.batch):
                start, grain, dimensions = key
                found.append(ValueChange(kpi, start, grain, dimensions, was.value if was else None,
                                         will.value if will else None))  # fmt: skip
    return tuple(found)


def _by_period(found: list[Observation]) -> dict[tuple[date, str, tuple[tuple[str, str], ...]], Observation]:
    return {(one.start, one.grain, tuple(sorted(one.dimensions.items()))): one for one in found}
