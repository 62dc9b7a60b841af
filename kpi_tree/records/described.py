"""Tables that only describe (products, customers): a file that leaves a column out says nothing about it.

A stock list names its products and knows no cost; taken as the newest word on each of them, it would empty
the costs that the product file told. So of each column the last file that says something counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from kpi_tree.records.tables import Table

_PAID_IN = "_paid_in"


def described(of: Table, rows: str, order: str, beside: Sequence[str]) -> str:
    """SQL of one row a key: of each column the last value that is one.

    Amounts are those in the currency that was told last together with an amount: an older price is never
    taken for one in another currency.

    Args:
        rows: SQL of the rows, with the table's columns. order: what they stand in line by.
        beside: further columns of the rows, as the last row of a key has them.

    >>> from kpi_tree.records.tables import table
    >>> sql = described(table("products"), "SELECT * FROM told", "_seq", ["_seq"])
    >>> "last(name ORDER BY _seq) FILTER (WHERE name IS NOT NULL) AS name" in sql.replace('"', "")
    True
    """
    keys = ", ".join(_name(key) for key in of.key)
    amounts = [_name(name) for name, column in of.columns.items() if column.type == "money"]
    priced = bool(amounts) and "currency" in of.columns
    source = f"({rows})"
    if priced:
        told = " OR ".join(f"{amount} IS NOT NULL" for amount in amounts)
        line = (
            f"PARTITION BY {keys} ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
        )
        last = f"last_value(CASE WHEN {told} THEN currency END IGNORE NULLS) OVER ({line})"
        source = f"(SELECT *, {last} AS {_PAID_IN} FROM {source})"
    columns = [_last(of, column, order, priced) for column in of.columns]
    others = [f"last({_name(one)} ORDER BY {order}) AS {_name(one)}" for one in beside]
    return f"SELECT {', '.join([*columns, *others])} FROM {source} GROUP BY {keys}"


def says_the_same(of: Table, fresh: str, known: str) -> str:
    """SQL: whether a row adds nothing to what is known of its key; what it leaves out is no change.

    >>> from kpi_tree.records.tables import table
    >>> says_the_same(table("products"), "a", "b").count("IS NOT DISTINCT FROM")
    7
    """
    amounts = [name for name, column in of.columns.items() if column.type == "money"]
    free = " AND ".join(f"{fresh}.{_name(amount)} IS NULL" for amount in amounts)
    tests = []
    for column in of.columns:
        if column in of.key:
            continue
        one = _name(column)
        silent = f"{fresh}.{one} IS NULL"
        if column == "currency" and amounts:
            silent = f"{silent} OR ({free})"
        tests.append(f"({silent} OR {known}.{one} IS NOT DISTINCT FROM {fresh}.{one})")
    return " AND ".join(tests) or "true"


def _last(of: Table, column: str, order: str, priced: bool) -> str:
    one = _name(column)
    if column in of.key:
        return one
    last = f"last({one} ORDER BY {order}) FILTER (WHERE {one} IS NOT NULL"
    if priced and column == "currency":
        return f"coalesce(any_value({_PAID_IN}), {last})) AS {one}"
    if priced and of.columns[column].type == "money":
        return f"{last} AND currency IS NOT DISTINCT FROM {_PAID_IN}) AS {one}"
    return f"{last}) AS {one}"


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
