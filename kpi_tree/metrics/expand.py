"""The words that stand in braces in a query's SQL, filled in for what is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kpi_tree.catalogue.model import Fact
from kpi_tree.metrics.filters import condition
from kpi_tree.metrics.segments import one_of_each
from kpi_tree.metrics.sqltext import literal, name
from kpi_tree.periods import Period

if TYPE_CHECKING:
    from kpi_tree.metrics.ask import Ask


def expand(sql: str, known: tuple[str, ...], ask: Ask, *, whole: bool) -> str:
    """``{dims x}``, ``{keys}``, ``{where x}``, ``{one x a,b}``, ``{in x}`` and ``{before x}`` filled in.

    ``{one x n:a,b}`` keeps one of the reports that tell the same, one that counts ``n`` and then has ``a``
    and ``b`` first.
    The last two say that a row lies in the period of the spine's row, or in the one before it.
    """
    by = ask.by
    have = set(known)

    def dims(match: re.Match[str]) -> str:
        alias = match.group(1)
        columns = (f"nullif({alias}.{name(d)}::VARCHAR, '')" if d in have else "NULL::VARCHAR" for d in by)
        return "".join(f", {column} AS d{i}" for i, column in enumerate(columns))

    sql = re.sub(r"\{dims (\w+)\}", dims, sql)
    sql = re.sub(r"\{where (\w+)\}", lambda m: condition(known, ask.where, m.group(1)), sql)
    sql = re.sub(r"\{one (\w+) ([\w,]+):([\w,]+)\}", lambda m: _one(known, ask, *m.groups()), sql)
    sql = re.sub(r"\{in (\w+)\}", lambda m: _within(ask, m.group(1), whole=whole), sql)
    sql = re.sub(r"\{before (\w+)\}", lambda m: _just_before(ask, m.group(1), whole=whole), sql)
    return sql.replace("{keys}", "".join(f", d{i}" for i in range(len(by))))


def _one(known: tuple[str, ...], ask: Ask, alias: str, counts: str, needed: str) -> str:
    """Of rows that stand for one another, those with the dimensions asked and what a query needs."""
    needs = tuple(needed.split(","))
    fact = Fact("", (), dims=(*known, *needs), segmented=True)
    return one_of_each(fact, [*ask.by, *ask.where, *needs], alias, counts=counts.split(","))


def _within(ask: Ask, alias: str, *, whole: bool) -> str:
    """That a row lies in the period of the spine's row ``s``, as an equality: a range join would be slow."""
    if whole:
        return ask.days(f"{alias}._day")
    bucket = ask.span.bucket(f"{alias}._day", f"{alias}._at")
    return f"s.start = {bucket} AND {ask.days(f'{alias}._day')}"


def _just_before(ask: Ask, alias: str, *, whole: bool) -> str:
    """That a row lies in the period before that of the spine's row ``s``; an equality for the same reason."""
    if not whole:
        return f"s.prev_start = {ask.span.bucket(f'{alias}._day', f'{alias}._at')}"
    span = ask.span
    earlier = Period(span.start, span.end, None, span.calendar).previous()
    return f"{alias}._day >= {literal(earlier.start)} AND {alias}._day < {literal(earlier.end)}"
