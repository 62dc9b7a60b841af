"""What a definition is: facts (relations), measures (aggregates of one), KPIs (arithmetic over measures)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kpi_tree.catalogue.expression import Expression, parse
from kpi_tree.records.tables import Column

MeasureKind = Literal[
    "sum", "count", "distinct", "median", "quantile", "mean", "min", "max", "closing", "opening", "query"
]
Reach = Literal["period", "before", "history"]
Fill = Literal["zero", "none", "carry"]
Direction = Literal["up", "down", "range"]

LANGS = ("en", "nb", "ja")
ADDITIVE = frozenset({"sum", "count"})
STOCKS = frozenset({"closing", "opening"})

Words = Mapping[str, str]
"""A text in each language, by language code."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """How a large fact is brought up to date instead of made anew (see :mod:`kpi_tree.metrics.renewed`).

    Attributes:
        by: its column whose value says what belongs together; rows without one are always made anew.
        rows: the place in its SQL that its rows come from, ``raw.<table> AS alias``, a table whose key is
            ``by``: with only some keys left here, the query must give exactly its rows of these keys.
        touched: a query of the keys whose rows may be others, in the column ``by``. It may read
            ``changed_<table>``, every version of the records that new batches bring, and ``changed_<fact>``,
            the rows that a fact it uses gained or lost.
        same: a query of what the rows of all keys follow from: where it answers otherwise, all is made anew.
    """

    by: str
    rows: str
    touched: str
    same: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A relation that measures are taken over: a record table as it stands, or one derived from several.

    Attributes:
        tables: record tables that it is made from; the first is the one a person has to load, and a figure
            says so where any of them is not there.
        uses: other facts that its SQL reads.
        sql: the query, empty for a record table as it stands. It gives ``_day`` (business day), ``_at``
            (local time, or null), ``_tab``, ``_seq``, ``_row`` (where a row came from) and its columns.
        dims: columns to break down and filter by.
        coverage: ``table`` or ``table.column`` whose first and last day bound what the fact knows; empty
            means its own rows.
        aggregated: whether rows of a by-day table may stand in it (it then has a column ``_agg``).
        hours: whether its rows have a time of day.
        unsettled: columns that a new record changes in the rows of earlier days (the next order of a
            customer): what does not name them need not be computed again for those days.
        segmented: whether rows of reports broken down differently may stand in it; it then has the columns
            ``_seg`` and ``_alts`` (see :mod:`kpi_tree.metrics.segments`).
        counts: column -> the columns of the by-day table that it is made from, where its name is another.
        needs: tables of which at least one has to be there: the days of the others in ``coverage`` tell
            nothing without it (orders alone don't say what was sold for how much).
        left_out: the fact of the rows that do not count in it, so that a figure can say how many there are.
        months: how many months of history a level of it looks back over.
        own: dimensions that are columns of a table of the shop's own, which may have named them.
        renewed: how it is brought up to date after a batch; None: it is made anew.
    """

    name: str
    tables: tuple[str, ...]
    uses: tuple[str, ...] = ()
    sql: str = ""
    dims: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    aggregated: bool = False
    hours: bool = True
    unsettled: tuple[str, ...] = ()
    segmented: bool = False
    counts: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    needs: tuple[str, ...] = ()
    left_out: str = ""
    months: int = 0
    own: Mapping[str, Column] = field(default_factory=dict, hash=False)
    renewed: Renewal | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A query for what a plain aggregate cannot say: it meets the spine of periods itself.

    Attributes:
        facts: facts that it reads.
        sql: gives ``p`` (period number), the dimensions, and a column for each measure. ``{dims x}`` and
            ``{where x}`` stand for the dimensions asked and the filters, over the alias ``x``; ``spine`` is
            the relation of periods (p, p_start, p_end, prev_start, prev_end, data_through).
        reach: how far back rows matter to a period's answer: those dated in it (``period``), those of the
            period before too (``before``), or any (``history``). What does not reach far is computed again
            only for the periods whose rows changed.
    """

    name: str
    facts: tuple[str, ...]
    sql: str
    dims: tuple[str, ...] = ()
    reach: Reach = "history"


@dataclass(frozen=True, slots=True)
class Measure:
    """One aggregate.

    Attributes:
        fact: the relation it is taken over.
        sql: what is aggregated: an expression over the fact's columns; for ``query`` its column.
        where: condition on the rows, empty for all.
        fill: what an empty cell inside the covered days is.
        aggregate: column with the row's own figure for rows that come counted by day.
        at: quantile, 0 to 1.
        warmup: days of history needed before it has a value.
        money: whether it is an amount of money, so that currencies must agree.
        needs: tables of which at least one has to be there: without them its fact may have rows that don't
            tell it (orders known by their lines alone don't say whose first they are).
        told_by: column of its fact without which no row tells it: where none has a customer, that no order is
            a customer's first is no news.
        within: tables whose days bound it as well as those of its fact (visits go on, their pages don't).
    """

    name: str
    fact: str
    kind: MeasureKind = "sum"
    sql: str = ""
    where: str = ""
    fill: Fill = "zero"
    aggregate: str = ""
    at: float = 0.5
    warmup: int = 0
    money: bool = False
    query: str = ""
    needs: tuple[str, ...] = ()
    told_by: str = ""
    within: tuple[str, ...] = ()

    @property
    def additive(self) -> bool:
        """Whether its value for a longer span is the sum over the shorter ones."""
        return self.kind in ADDITIVE


@dataclass(frozen=True, slots=True)
class RankedTable:
    """The ranked table of a table KPI.

    Attributes:
        sql: a query over the facts it names, each already cut to the period and filter asked.
        facts: those facts.
        columns: column → its name in each language.
        units: column → unit, where it has one.
        model: name of a model that completes the rows, empty for none.
    """

    sql: str
    facts: tuple[str, ...]
    columns: Mapping[str, Words]
    units: Mapping[str, str] = field(default_factory=dict)
    model: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a KPI of the shop's own is made from other KPIs, and not from measures.

    Attributes:
        kind: ``derived`` by a formula, or ``offset``: one of them some time before.
        inputs: ids of the KPIs that it is made from.
        measures: names of the measures that these are made from in the end.
        formula: of a derived one, in the formula language of the tree.
        n, unit: of an offset, how long before.
        show: of an offset, the ``value`` then, the ``difference`` since, or the relative ``change``.
    """

    kind: Literal["derived", "offset"]
    inputs: tuple[str, ...]
    measures: tuple[str, ...]
    formula: str = ""
    n: int = 0
    unit: str = ""
    show: str = "value"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One indicator. Its value is ``numerator`` ÷ ``denominator``, or ``numerator`` where it has no other.

    Attributes:
        id: the stable name in URLs, files and tests.
        moves: the indicators it is meant to move, and which way (``up`` or ``down``).
        guardrail: the KPI that must not get worse while this one is pushed.
        range: the lowest and highest sane value; None where there is no bound.
        parts: further values shown beside the headline, as expressions.
        fill: what an empty cell inside the covered days is, where it differs from the measures' own.
        recipe: how it is made from other KPIs, for one that is not made from measures.
        columns: those of its dimensions that are columns of the shop's own tables, which may have named them.
        beside: record tables without which it has no value, beside those that its rows are counted in.
    """

    id: str
    category: str
    name: Words
    definition: Words
    formula: Words
    numerator: str
    denominator: str | None
    unit: str
    direction: Direction
    rollup: str
    dimensions: tuple[str, ...]
    fill: str | None = None
    range: tuple[float | None, float | None] = (None, None)
    moves: tuple[tuple[str, str], ...] = ()
    guardrail: str | None = None
    action: Words = field(default_factory=dict)
    source: str = ""
    source_name: str = ""
    remark: Words = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    part_names: Mapping[str, Words] = field(default_factory=dict)
    table: RankedTable | None = None
    own: bool = False
    recipe: Recipe | None = None
    tables: tuple[str, ...] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)
    beside: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """Every record table that a shop has to load for it.

        >>> from kpi_tree.catalogue import find_kpi
        >>> find_kpi("cart_completion_rate").wanted
        ('sessions', 'cart_events')
        """
        return tuple(dict.fromkeys((*self.tables, *self.beside)))

    def text(self, which: str, lang: str = "en") -> str:
        """One of its texts (``name``, ``definition``, ``formula``, ``action``, ``remark``) in a language."""
        words: Words = getattr(self, which)
        return words.get(lang) or words.get("en", "")

    def sign_on(self, other: str) -> int:
        """What a rise of this KPI does to one that it moves: +1 raises it, -1 lowers it, 0 is not known.

        >>> from kpi_tree.catalogue import find_kpi
        >>> find_kpi("bounce_rate").sign_on("conversion_rate"), find_kpi("orders").sign_on("sales")
        (-1, 1)
        """
        way = dict(self.moves).get(other)
        if way is None:
            return 0
        return 1 if way == "up" and self.direction != "down" else -1

    def expressions(self) -> list[Expression]:
        """Numerator, denominator and parts, parsed; none where it is made from other KPIs."""
        if self.recipe is not None:
            return []
        texts = [self.numerator, *([self.denominator] if self.denominator else []), *self.parts.values()]
        return [parse(text) for text in texts]

    def measures(self) -> tuple[str, ...]:
        """Names of all measures it is made from."""
        if self.recipe is not None:
            return self.recipe.measures
        return tuple(dict.fromkeys(name for expression in self.expressions() for name in expression.names))
