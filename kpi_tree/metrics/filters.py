"""What a person asked for, checked before anything is computed: KPIs, dimensions, values, currencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kpi_tree.catalogue.model import Kpi
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics.engine import NOT_SET, Engine
from kpi_tree.metrics.sqltext import literal, name
from kpi_tree.nearest import did_you_mean

Where = Mapping[str, Sequence[str]]


def check_dimensions(kpi: Kpi, dims: Iterable[str]) -> None:
    """Refuse a dimension that the KPI does not have, naming the nearest that it has.

    Raises:
        NotFound: as said.
    """
    for dim in dims:
        if dim in kpi.dimensions:
            continue
        if kpi.dimensions:
            there = msg("It can be broken down by: {names}.", names=", ".join(kpi.dimensions))
        else:
            there = msg("It cannot be broken down.")
        raise NotFound(
            msg("{kpi} has no dimension of this name.", kpi=kpi.id),
            place=dim[:80],
            remedy=did_you_mean(dim, kpi.dimensions, there),
        )


def facts_of(engine: Engine, kpi: Kpi) -> list[str]:
    """The facts that a KPI's measures are taken over."""
    found: dict[str, None] = {}
    for measure_name in kpi.measures():
        measure = engine.definitions.measures[measure_name]
        if measure.query:
            found.update(dict.fromkeys(engine.definitions.queries[measure.query].facts))
        else:
            found[measure.fact] = None
    return list(found)


def check_values(engine: Engine, kpi: Kpi, where: Where) -> None:
    """Refuse a value that no record has in that dimension: a slip of the pen must not read as 0.

    Raises:
        Refused: as said, naming the nearest value.
    """
    for dim, wanted in where.items():
        known: set[str] = {NOT_SET}
        for fact_name in facts_of(engine, kpi):
            if dim in engine.fact(fact_name).dims:
                known |= engine.values(fact_name, dim)
        for value in wanted:
            if value in known:
                continue
            raise Refused(
                msg("No record has the value {value} in {dim}.", value=str(value)[:80], dim=dim),
                place=dim,
                remedy=did_you_mean(
                    str(value), known, msg("Values are: {names}.", names=", ".join(sorted(known)[:20]))
                ),
            )


def condition(dims: Iterable[str], where: Where, alias: str = "") -> str:
    """SQL that keeps the rows asked for; a dimension the relation lacks is not set in all its rows.

    >>> condition(["country"], {"country": ["NO", "(not set)"]})
    '("country"::VARCHAR IN (\\'NO\\') OR "country" IS NULL OR "country"::VARCHAR = \\'\\')'
    """
    known = set(dims)
    tests = []
    for dim, wanted in where.items():
        empty = NOT_SET in wanted
        if dim not in known:
            tests.append("true" if empty else "false")
            continue
        column = f"{alias}.{name(dim)}" if alias else name(dim)
        given = [literal(str(value)) for value in wanted if value != NOT_SET]
        options = [f"{column}::VARCHAR IN ({', '.join(given)})"] if given else []
        if empty:
            options += [f"{column} IS NULL", f"{column}::VARCHAR = ''"]
        tests.append(f"({' OR '.join(options)})" if options else "false")
    return " AND ".join(tests) if tests else "true"


def check_currency(engine: Engine, kpi: Kpi, where: Where, days: str, by: Sequence[str]) -> str | None:
    """The one currency of a KPI's amounts in the selection; None where the records name none.

    Raises:
        Refused: the amounts asked for are in two currencies or more.
    """
    found: set[str] = set()
    for fact_name in facts_of(engine, kpi):
        if "currency" not in engine.columns(fact_name) or not _is_money(engine, kpi, fact_name):
            continue
        all_of_them = engine.remember(
            ("currencies", fact_name), lambda f=fact_name: _currencies(engine, f, "true")
        )
        if len(all_of_them) > 1:
            test = condition(engine.fact(fact_name).dims, where)
            counted = _amounts_of(engine, kpi, fact_name)
            all_of_them = _currencies(engine, fact_name, f"{days} AND {test} AND {counted}")
        found |= all_of_them
    if len(found) > 1 and "currency" not in by:
        raise Refused(
            msg("The amounts are in several currencies: {names}.", names=", ".join(sorted(found))),
            place=kpi.id,
            remedy=msg("Enter exchange rates in the settings, or filter by one currency."),
        )
    return next(iter(found)) if len(found) == 1 else engine.settings.currency


def _is_money(engine: Engine, kpi: Kpi, fact_name: str) -> bool:
    measures = (engine.definitions.measures[name_] for name_ in kpi.measures())
    return any(m.money and (m.fact == fact_name or m.query) for m in measures)


def _amounts_of(engine: Engine, kpi: Kpi, fact_name: str) -> str:
    """SQL that keeps the rows whose amounts count in the KPI: its own condition may name one currency."""
    measures = (engine.definitions.measures[name_] for name_ in kpi.measures())
    tests = [m.where or "true" for m in measures if m.money and m.fact == fact_name and not m.query]
    return "true" if not tests or "true" in tests else f"(({') OR ('.join(tests)}))"


def _currencies(engine: Engine, fact_name: str, test: str) -> frozenset[str]:
    given = "currency IS NOT NULL AND currency <> ''"
    relation = f"facts.{name(fact_name)}"
    rows = engine.run(f"SELECT DISTINCT currency FROM {relation} WHERE {given} AND {test}").fetchall()
    return frozenset(str(code) for (code,) in rows)
