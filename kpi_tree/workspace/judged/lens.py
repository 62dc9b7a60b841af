"""What the whole tree is looked through at once: a filter, a period, a comparison, and which past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import InLanguage, msg
from kpi_tree.metrics.filters import facts_of
from kpi_tree.nearest import did_you_mean
from kpi_tree.periods import Calendar, Grain, Period, parse_period, period_of
from kpi_tree.plan.model import Plan
from kpi_tree.records.tables import column_label
from kpi_tree.store import Home, observations
from kpi_tree.store import plans as kept
from kpi_tree.workspace.base.cache import PLANS, identity, plan_cached
from kpi_tree.workspace.base.homes import end_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.figuring.figures import Where, engine_of, frozen
from kpi_tree.workspace.figuring.observed import observed_kpis

SPANS = ("month", "quarter", "year")
"""Periods named by the day looked at: the one that holds it."""

COMPARISONS = ("target", "previous", "last_year")


@dataclass(frozen=True, slots=True)
class Lens:
    """How the tree is looked at beside its day; empty: as it stands, over each target's own period.

    Attributes:
        where: dimension → values to keep, as :func:`kpi_tree.workspace.figuring.figures.frozen` writes it.
        period: one of :data:`SPANS`, a period's id (``2026-Q3``), two days (``2026-05-01..2026-05-20``), or
            empty for each target's own.
        compare: one of :data:`COMPARISONS`.
        as_known, structure, targets: day as of which data, tree and targets are taken; ``None``: as they are.
    """

    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    period: str = ""
    compare: str = "target"
    as_known: date | None = None
    structure: date | None = None
    targets: date | None = None

    @property
    def filters(self) -> dict[str, Sequence[str]]:
        """The filter as the engine takes it."""
        return dict(self.where)

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The filter as a target carries it."""
        return frozenset((name, value) for name, values in self.where for value in values)

    @property
    def looks_back(self) -> bool:
        """Whether tree, targets or data are those of an earlier day."""
        return any((self.as_known, self.structure, self.targets))


def lens(
    where: Where | None = None,
    period: Period | str | None = None,
    compare: str | None = None,
    *,
    as_known: date | None = None,
    structure: date | None = None,
    targets: date | None = None,
) -> Lens:
    """A lens from what was asked.

    Raises:
        Refused: there is no such comparison, or the period can't be read.

    >>> lens({"country": ["NO"]}, "2026-Q3").where
    (('country', ('NO',)),)
    """
    chosen = compare or "target"
    if chosen not in COMPARISONS:
        raise Refused(
            msg("There is no such comparison: {name}.", name=chosen[:40]),
            place="compare",
            remedy=msg("Choose one of {names}.", names=", ".join(COMPARISONS)),
        )
    said = f"{period.start}..{period.last}" if isinstance(period, Period) else (period or "").strip()
    if said and said not in SPANS:
        parse_period(said)
    kept_values = {name: sorted(set(values)) for name, values in (where or {}).items() if values}
    return Lens(frozen(kept_values), said, chosen, as_known, structure, targets)


def period_at(chosen: Lens, at: date, calendar: Calendar) -> Period | None:
    """The one period of all nodes; ``None`` where each target's own counts.

    >>> period_at(Lens(period="quarter"), date(2026, 8, 3), Calendar()).start
    datetime.date(2026, 7, 1)
    """
    if not chosen.period:
        return None
    if chosen.period in SPANS:
        return period_of(at, Grain(chosen.period), calendar)
    return parse_period(chosen.period, calendar)


def plan_through(home: Home, plan_id: str | None, chosen: Lens) -> Plan:
    """The plan: its tree as of one day, its targets as of another, less those of nodes not there.

    Raises:
        NotFound: there is no such plan, or it didn't exist then.
    """
    name = plan_id_of(home, plan_id)
    found = _at(home, name, chosen.structure)
    if chosen.targets == chosen.structure:
        return found
    then = _at(home, name, chosen.targets)
    return found.with_(targets={key: one for key, one in then.targets.items() if one.node in found.nodes})


def _at(home: Home, plan_id: str, day: date | None) -> Plan:
    if day is None:
        return plan_cached(home, plan_id)
    then = end_of(home, day)
    key = (identity(home), plan_id, kept.revision(home, plan_id), then)
    return PLANS.get(key, lambda: kept.plan_as_of(home, plan_id, at=then))


def known_at(home: Home, chosen: Lens) -> datetime | None:
    """The last moment of the day as of which the data are taken."""
    return end_of(home, chosen.as_known)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension that at least one node of the plan is split by.

    Attributes:
        nodes: how many nodes are.
    """

    name: str
    nodes: int

    def in_language(self, lang: str) -> str:
        """Its name for people."""
        return dimension_words(self.name).in_language(lang)


@dataclass(frozen=True, slots=True)
class _Words:
    name: str

    def in_language(self, lang: str) -> str:
        return column_label("orders", self.name, lang).lower()


def dimension_words(name: str) -> InLanguage:
    """A dimension's name in the middle of a sentence.

    >>> dimension_words("country").in_language("en")
    'country'
    """
    return _Words(name)


@verb
def tree_dimensions(home: Home, who: Asker, plan_id: str | None = None) -> list[Dimension]:  # noqa: ARG001
    """What a plan's tree can be filtered by, what most nodes have first.

    Raises:
        NotFound: there is no such plan.
    """
    return dimensions_of(home, plan_cached(home, plan_id_of(home, plan_id)))


def dimensions_of(home: Home, plan: Plan) -> list[Dimension]:
    """The dimensions that at least one node's KPI has."""
    count: dict[str, int] = {}
    for dims in _split_by(home, plan).values():
        for dim in dims:
            count[dim] = count.get(dim, 0) + 1
    return [Dimension(name, n) for name, n in sorted(count.items(), key=lambda one: (-one[1], one[0]))]


def _split_by(home: Home, plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """Node → the dimensions its values are split by."""
    known = catalogue_of(home)
    wanted = {node.kpi for node in plan.nodes.values() if node.kpi and node.kpi in known}
    typed = observed_kpis(home, engine_of(home), sorted(wanted))
    by_kpi = {name: _typed_dims(home, name) if name in typed else known[name].dimensions for name in wanted}
    return {node.id: by_kpi[node.kpi] for node in plan.nodes.values() if node.kpi in by_kpi}


def _typed_dims(home: Home, kpi: str) -> tuple[str, ...]:
    return tuple(sorted({name for one in observations.of(home, kpi) for name in one.dimensions}))


@verb
def tree_dimension_values(
    home: Home,
    who: Asker,  # noqa: ARG001
    dimension: str,
    plan_id: str | None = None,
) -> list[str]:
    """Every value that the data of a plan's KPIs have in a dimension, in order.

    Raises:
        NotFound: no node of the plan is split by it; the nearest is named.
    """
    plan = plan_cached(home, plan_id_of(home, plan_id))
    check_filter(home, plan, {dimension: ()})
    return sorted(_values(home, plan, dimension), key=lambda value: (value.casefold(), value))


def _values(home: Home, plan: Plan, dimension: str) -> set[str]:
    known, engine = catalogue_of(home), engine_of(home)
    found: set[str] = set()
    wanted = {plan.nodes[node].kpi for node, dims in _split_by(home, plan).items() if dimension in dims}
    typed = observed_kpis(home, engine, sorted(name for name in wanted if name))
    for name in wanted:
        if name in typed:
            found |= {
                one.dimensions[dimension]
                for one in observations.of(home, name)
                if dimension in one.dimensions
            }
        elif name is not None:
            for fact in facts_of(engine, known[name]):
                if dimension in engine.fact(fact).dims:
                    found |= engine.values(fact, dimension)
    return found


def check_filter(home: Home, plan: Plan, where: Where) -> None:
    """Refuse a filter that no node of the tree can answer: a slip of the pen must not read as no value.

    Raises:
        NotFound: no node is split by that dimension, or none has that value; the nearest is named.
    """
    names = [one.name for one in dimensions_of(home, plan)]
    for dim, wanted in where.items():
        if dim not in names:
            raise NotFound(
                msg("Nothing in this tree is split by {name}.", name=dim[:80]),
                place="where",
                remedy=did_you_mean(
                    dim, names, msg("It can be filtered by: {names}.", names=", ".join(names[:20]))
                ),
            )
        known = _values(home, plan, dim) if wanted else set()
        for value in wanted:
            if value not in known and known:
                raise NotFound(
                    msg("No record has the value {value} in {dim}.", value=value[:80], dim=dim),
                    place="where",
                    remedy=did_you_mean(
                        value, known, msg("Values are: {names}.", names=", ".join(sorted(known)[:20]))
                    ),
                )
