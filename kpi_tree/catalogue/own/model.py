"""Definitions that were checked: what each kind says, with its fragments as they are run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kpi_tree.catalogue.own.aggregates import Value

KINDS = ("simple", "ratio", "derived", "cumulative", "offset", "stock", "conversion", "cohort")
WINDOWS = ("trailing", "to_date", "running")
SHOWN = ("value", "difference", "change")
LEVELS = ("closing", "opening", "average")


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: a record table, or one of the prepared relations that the built-in KPIs use.

    Attributes:
        relation: its SQL name.
        columns: column → type, those that a person may name.
        time: column that periods go by, None where the rows have none.
        tables: record tables that have to be loaded.
        dims: columns to break down by.
        values: column → the only words it may hold.
        prepared: whether it is a prepared relation, which has its day already.
        aggregated: whether rows of a by-day report may stand in it.
        units: column → what its numbers count, of those that say so (``seconds``).
    """

    name: str
    relation: str
    columns: Mapping[str, str]
    time: str | None
    tables: tuple[str, ...]
    dims: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prepared: bool = False
    aggregated: bool = False
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a source: those that a condition keeps, dated by one of its columns."""

    source: Source
    where: str = ""
    time: str = ""

    @property
    def own_time(self) -> bool:
        """Whether another column than the source's own dates the rows."""
        return self.time != (self.source.time or "")


@dataclass(frozen=True, slots=True)
class Side:
    """A value over rows: what stands above or below the line."""

    rows: Rows
    value: Value


@dataclass(frozen=True, slots=True)
class Simple:
    """One value, or one divided by another."""

    above: Side
    below: Side | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """A formula over other KPIs."""

    formula: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cumulative:
    """A value, or another KPI, over a window that ends with each period's last day."""

    window: Literal["trailing", "to_date", "running"]
    days: int = 0
    grain: str = ""
    of: str = ""
    value: Simple | None = None


@dataclass(frozen=True, slots=True)
class Offset:
    """Another KPI some time before; or how far it is from that."""

    of: str
    n: int
    unit: str
    show: str = "value"


@dataclass(frozen=True, slots=True)
class Stock:
    """The last known level of each item, added up."""

    rows: Rows
    level: str
    per: tuple[str, ...]
    at: str = "closing"
    money: bool = False


@dataclass(frozen=True, slots=True)
class Conversion:
    """Visits that something followed within a window, by the same person and with the same properties.

    Attributes:
        keys: (SQL over the visits, SQL over what follows): the person first, then what must be the same.
        window: n and unit.
        count: ``visits`` that were followed by one, or all that followed (``events``).
    """

    visits: Rows
    conversions: Rows
    keys: tuple[tuple[str, str], ...]
    window: tuple[int, str]
    count: str = "visits"
    share: bool = True


@dataclass(frozen=True, slots=True)
class Cohort:
    """Members by their first row: how many came back within some days, or what they came to by then."""

    rows: Rows
    entity: str
    days: int
    value: Value | None = None


How = Simple | Derived | Cumulative | Offset | Stock | Conversion | Cohort


@dataclass(frozen=True, slots=True)
class Checked:
    """One definition without a fault: its texts and choices as written, and how it is computed.

    Attributes:
        compared: (field, table, column, text) of each text that a column is compared with.
    """

    id: str
    kind: str
    spec: Mapping[str, Any]
    how: How
    compared: tuple[tuple[str, str, str, str], ...] = ()
