"""Definitions from their YAML files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kpi_tree.catalogue.expression import parse
from kpi_tree.catalogue.model import Fact, Fill, Kpi, Measure, Query, RankedTable, Renewal
from kpi_tree.records.tables import Column, Table, column_label, is_labelled, read_yaml, tables

HERE = Path(__file__).resolve().parent
CATEGORIES = ("sales", "marketing", "service", "production", "projects", "customers")
OWN = "own"
"""Category of KPIs that a shop defined for itself and put into no other."""

_FILLS: Mapping[str, Fill] = {
    "sum": "zero",
    "count": "zero",
    "distinct": "zero",
    "query": "zero",
    "closing": "carry",
    "opening": "carry",
}
_NOT_DIMS = frozenset({"currency"})


@dataclass(frozen=True, slots=True)
class Definitions:
    """Everything that definitions say: facts, queries, measures and KPIs by name."""

    facts: Mapping[str, Fact]
    queries: Mapping[str, Query]
    measures: Mapping[str, Measure]
    kpis: Mapping[str, Kpi]

    def dimension(self, name: str, lang: str = "en") -> str:
        """What people call a dimension: by the product's own word, else as the shop calls its column.

        >>> definitions().dimension("country", "nb")
        'Land'
        """
        own = None if is_labelled(name) else self._own_column(name)
        return own.title(lang) if own is not None else column_label("orders", name, lang)

    def _own_column(self, name: str) -> Column | None:
        return next((kpi.columns[name] for kpi in self.kpis.values() if name in kpi.columns), None)


def fact_from(name: str, spec: Mapping[str, Any]) -> Fact:
    """A fact from its YAML entry."""
    return Fact(
        name=name,
        tables=tuple(spec.get("tables", ())),
        uses=tuple(spec.get("uses", ())),
        sql=spec.get("sql", ""),
        dims=tuple(spec.get("dims", ())),
        coverage=tuple(spec.get("coverage", ())),
        needs=tuple(spec.get("needs", ())),
        aggregated=bool(spec.get("aggregated", False)),
        hours=bool(spec.get("hours", True)),
        unsettled=tuple(spec.get("unsettled", ())),
        segmented=bool(spec.get("segmented", False)),
        counts={one: tuple(of) for one, of in spec.get("counts", {}).items()},
        left_out=spec.get("left_out", ""),
        months=int(spec.get("months", 0)),
        renewed=Renewal(**spec["renewed"]) if "renewed" in spec else None,
    )


def fact_of_table(table: Table) -> Fact:
    """A record table as it stands, as a fact: every text column is a dimension."""
    dims = tuple(
        c.name for c in table.columns.values() if c.type in ("text", "boolean") and c.name not in _NOT_DIMS
    )
    timed = table.time is not None and table.columns[table.time].type == "instant"
    own = {dim: table.columns[dim] for dim in dims if table.columns[dim].label}
    return Fact(table.name, tables=(table.name,), dims=dims, hours=timed, segmented=table.aggregate, own=own)


def measure_from(name: str, spec: Mapping[str, Any]) -> Measure:
    """A measure from its YAML entry."""
    kind = spec.get("kind", "sum")
    fill: Fill = spec.get("fill") or _FILLS.get(kind, "none")
    return Measure(
        name=name,
        fact=spec["fact"],
        kind=kind,
        sql=str(spec.get("sql", "")),
        where=spec.get("where", ""),
        fill=fill,
        aggregate=spec.get("aggregate", ""),
        at=float(spec.get("at", 0.5)),
        warmup=int(spec.get("warmup", 0)),
        money=bool(spec.get("money", False)),
        needs=tuple(spec.get("needs", ())),
        told_by=spec.get("told_by", ""),
        within=tuple(spec.get("within", ())),
        query=spec.get("query", ""),
    )


def kpi_from(
    kpi_id: str, category: str, spec: Mapping[str, Any], base: Definitions, *, own: bool = False
) -> Kpi:
    """A KPI from its YAML entry; its dimensions and tables follow from its measures."""
    low, high = spec.get("range", (None, None))
    numerator = str(spec["numerator"])
    denominator = None if spec.get("denominator") is None else str(spec["denominator"])
    parts = spec.get("parts", {})
    return Kpi(
        id=kpi_id,
        category=category,
        name=spec["name"],
        definition=spec["definition"],
        formula=spec["formula"],
        numerator=numerator,
        denominator=denominator,
        unit=spec["unit"],
        direction=spec["direction"],
        rollup=spec["rollup"],
        dimensions=tuple(spec.get("dimensions") or dimensions_of(numerator, denominator, base)),
        fill=spec.get("fill"),
        range=(low, high),
        moves=tuple(spec.get("moves", {}).items()),
        guardrail=spec.get("guardrail"),
        action=spec.get("action", {}),
        source=spec.get("source", ""),
        source_name=spec.get("source_name", ""),
        remark=spec.get("remark", {}),
        parts={name: str(entry["value"]) for name, entry in parts.items()},
        part_names={name: entry["name"] for name, entry in parts.items()},
        table=_ranked(spec["table"]) if "table" in spec else None,
        own=own,
        tables=tables_of(numerator, denominator, base),
        beside=tuple(spec.get("beside", ())),
    )


def _ranked(spec: Mapping[str, Any]) -> RankedTable:
    columns = {
        name: {k: v for k, v in entry.items() if k != "unit"} for name, entry in spec["columns"].items()
    }
    units = {name: entry["unit"] for name, entry in spec["columns"].items() if "unit" in entry}
    return RankedTable(spec["sql"], tuple(spec["facts"]), columns, units, spec.get("model", ""))


def _dims_of_measure(name: str, base: Definitions) -> list[str]:
    measure = base.measures.get(name)
    if measure is None:
        return []
    if measure.kind == "query":
        found = base.queries.get(measure.query)
        return list(found.dims) if found else []
    fact = base.facts.get(measure.fact)
    return list(fact.dims) if fact else []


def _union(expression: str, base: Definitions) -> list[str]:
    names: Iterable[str] = parse(expression).names
    return list(dict.fromkeys(dim for name in names for dim in _dims_of_measure(name, base)))


def dimensions_of(numerator: str, denominator: str | None, base: Definitions) -> list[str]:
    """Dimensions of a KPI: all its numerator knows, as far as its denominator knows them too."""
    dims = _union(numerator, base)
    if denominator is None or not parse(denominator).names:
        return dims
    other = set(_union(denominator, base))
    return [dim for dim in dims if dim in other]


def tables_of(numerator: str, denominator: str | None, base: Definitions) -> tuple[str, ...]:
    """The record tables a KPI needs: the first table of each fact that its measures are taken over."""
    names = [*parse(numerator).names, *(parse(denominator).names if denominator else ())]
    found: dict[str, None] = {}
    for name in names:
        measure = base.measures.get(name)
        fact = base.facts.get(measure.fact) if measure else None
        if fact and fact.tables:
            found.setdefault(fact.tables[0])
    return tuple(found)


@lru_cache(maxsize=1)
def definitions() -> Definitions:
    """The built-in definitions, read once."""
    facts = {table.name: fact_of_table(table) for table in tables().values() if table.time}
    queries: dict[str, Query] = {}
    measures: dict[str, Measure] = {}
    for path in sorted((HERE / "measures").glob("*.yaml")):
        source = read_yaml(path)
        facts.update({name: fact_from(name, spec) for name, spec in (source.get("facts") or {}).items()})
        queries.update(
            {
                name: Query(
                    name,
                    tuple(spec["facts"]),
                    spec["sql"],
                    tuple(spec.get("dims", ())),
                    spec.get("reach", "history"),
                )
                for name, spec in (source.get("queries") or {}).items()
            }
        )
        measures.update(
            {name: measure_from(name, spec) for name, spec in (source.get("measures") or {}).items()}
        )
    base = Definitions(facts, queries, measures, {})
    kpis: dict[str, Kpi] = {}
    for category in CATEGORIES:
        path = HERE / "definitions" / f"{category}.yaml"
        if path.exists():
            kpis.update(
                {name: kpi_from(name, category, spec, base) for name, spec in read_yaml(path).items()}
            )
    return Definitions(facts, queries, measures, kpis)
