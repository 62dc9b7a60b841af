# ruff: noqa: E501 (lists of hostile texts read better unbroken)
"""Fragments of SQL: what is allowed runs as it should, and nothing else ever gets through."""

from __future__ import annotations

import json
import string

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.catalogue.own.aggregates import Aggregates
from kpi_tree.catalogue.own.fragments import Fragments
from kpi_tree.catalogue.own.sqlwords import FUNCTIONS

COLUMNS = {
    "amount": "money", "units": "quantity", "n": "integer", "rate": "number", "status": "text",
    "paid": "boolean", "day": "day", "at": "instant", "order": "text",
}  # fmt: skip
SQL_TYPES = {
    "money": "DECIMAL(18,4)", "quantity": "DECIMAL(18,4)", "integer": "BIGINT", "number": "DOUBLE",
    "text": "VARCHAR", "boolean": "BOOLEAN", "day": "DATE", "instant": "TIMESTAMPTZ",
}  # fmt: skip
SAFE_NODES = frozenset(
    {"COLUMN_REF", "CONSTANT", "VALUE_CONSTANT", "FUNCTION", "OPERATOR_CAST", "CASE_EXPR", "CAST", "COMPARISON",
     "CONJUNCTION", "OPERATOR", "BETWEEN", "TYPE"}
)  # fmt: skip
SAFE_FUNCTIONS = frozenset(
    {*(one.name for one in FUNCTIONS.values()), "+", "-", "*", "/", "//", "%", "||", "~~", "~~*", "!~~", "not",
     "local_time", "date_diff", "date_trunc", "date_part", "nullif", "to_days", "trunc", "to_weeks", "to_months",
     "to_years", "to_quarters", "to_hours", "to_minutes", "to_seconds", "sum", "avg", "count", "count_star", "min",
     "max", "quantile_cont", "median", "main"}
)  # fmt: skip
HOSTILE = [
    "1; drop table orders", "drop table orders", "read_csv('/etc/passwd')", "(select 1)", "amount in (select 1)",
    "exists(select * from read_parquet('x'))", "pragma database_list", "amount -- n", "/* x */ amount",
    "amount) from orders --", "copy orders to 'x'", "attach 'x.db'", "install httpfs", "getenv('HOME')",
    "current_setting('x')", "query('select 1')", "query_table('orders')", "pg_read_file('x')", "glob('*')",
    "main.amount", "orders.amount.x", "[1, 2]", "{'a': 1}", "x -> x + 1", "list_transform([1], x -> x)",
    "sum(amount) over ()", "amount::json", "cast(status as integer[])", "$1", "?", ":name", "@@version",
    "columns(*)", "*", "unnest([1])", "now()", "random()", "nextval('s')", "set x = 1", "amount; ",
    "status || chr(0)", "\uff44\uff52\uff4f\uff50 table x", "amount\u2028drop", "am\u200bount", "e'\\x41'",
    "$$a$$", "`amount`", "amount{n}", "repeat('a', 1000000000)", "regexp_matches(status, 'a')", "struct_pack(a := 1)",
    "amount as b", "if(amount", "case when", "not", "amount = any(select 1)", "row_number() over ()",
    "date_part('epoch', at)", "interval '1 day; drop'", "trim(both 'x' from status)", "status collate nocase",
    "amount between (select 1) and 2", "try_cast(status as struct(a int))", "amount like (select 'x')",
]  # fmt: skip


def nodes(tree: object) -> list[dict[str, object]]:
    """Every expression of DuckDB's own syntax tree."""
    found: list[dict[str, object]] = []
    if isinstance(tree, dict):
        if "class" in tree:
            found.append(tree)
        for value in tree.values():
            found += nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            found += nodes(value)
    return found


def assert_harmless(sql: str) -> None:
    """DuckDB's own parser sees one expression of allowed functions over our columns, and nothing else."""
    with duckdb.connect() as con:
        row = con.execute("SELECT json_serialize_sql(?)", [f"SELECT {sql} FROM rows"]).fetchone()
    assert row is not None
    tree = json.loads(row[0])
    assert not tree["error"], (sql, tree)
    [statement] = tree["statements"]
    node = statement["node"]
    assert node["type"] == "SELECT_NODE"
    assert node["from_table"]["type"] == "BASE_TABLE"
    assert len(node["select_list"]) == 1
    for one in nodes(node["select_list"]):
        assert one["class"] in SAFE_NODES, (sql, one["class"])
        if one["class"] == "FUNCTION":
            assert one["function_name"] in SAFE_FUNCTIONS, (sql, one["function_name"])
        if one["class"] == "COLUMN_REF":
            assert one["column_names"][0] in COLUMNS, (sql, one)  # type: ignore[index]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_not_an_expression_over_the_columns_is_refused(text: str) -> None:
    reader = Fragments("orders", COLUMNS)
    found = reader.expression(text)
    assert reader.faults, (text, found)
    values = Fragments("orders", COLUMNS)
    assert Aggregates(values, "m").value(f"sum({text})") is None


WORDS = st.sampled_from(
    ["amount", "units", "n", "status", "paid", "day", "at", "1", "0", "2.5", "'x'", "'2026-01-02'", "NULL", "(", ")",
     "+", "-", "*", "/", "%", "||", "=", "<>", "<", "AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "CASE",
     "WHEN", "THEN", "ELSE", "END", ",", "abs(", "coalesce(", "sum(", "lower(", "round(", "year(", "date_trunc('month',",
     "::int", "try_cast(", " AS double)", "interval 3 day", "select", "from", "read_csv('x')", ";", "--", "/*", "*/",
     "pragma", "drop", "table", "x", "\"order\"", "orders.amount", "[", "]", "{", "}", "$1", "over ()", "\u0000",
     "\uff53\uff55\uff4d(", "filter (where", "distinct", ":a", "@", "#", "`", "\\"]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(WORDS, min_size=1, max_size=14).map(" ".join),
    st.text(alphabet=string.printable, max_size=40),
    st.text(max_size=30),
    st.tuples(st.sampled_from(["amount + ", "status = ", "sum("]), st.sampled_from(HOSTILE)).map("".join),
)


@given(TEXTS)
def test_whatever_is_typed_only_allowed_expressions_come_out(text: str) -> None:
    reader = Fragments("orders", COLUMNS)
    found = reader.expression(text)
    if not reader.faults and found.kind != "unknown":
        assert_harmless(found.sql)
    values = Fragments("orders", COLUMNS)
    value = Aggregates(values, "m").value(text)
    assert (value is None) == bool(values.faults)
    for term in value.terms.values() if value else ():
        assert_harmless(term.sql or "1")
        assert_harmless(term.where or "1")
        assert set(value.text) <= set("m0123456789.()+-*/ e")


LEAVES = st.sampled_from(
    [
        "amount",
        "units",
        "n",
        "rate",
        "1",
        "0",
        "-2.5",
        "1e300",
        "status",
        "'x'",
        "paid",
        "day",
        "at",
        "NULL",
        '"order"',
    ]
)
GROWN = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.tuples(
            part,
            st.sampled_from(["+", "-", "*", "/", "//", "%", "||", "=", "<>", "<", ">=", "AND", "OR", "LIKE"]),
            part,
        ).map(lambda three: f"({' '.join(three)})"),
        st.tuples(
            st.sampled_from(
                ["abs", "round", "sqrt", "floor", "lower", "length", "year", "hour", "sign", "not"]
            ),
            part,
        ).map(lambda two: f"{two[0]}({two[1]})"),
        st.tuples(
            st.sampled_from(["greatest", "coalesce", "nullif", "left", "concat", "starts_with", "round"]),
            part,
            part,
        ).map(lambda three: f"{three[0]}({three[1]}, {three[2]})"),
        st.tuples(part, part, part).map(lambda three: "CASE WHEN {} THEN {} ELSE {} END".format(*three)),
        part.map(lambda one: f"try_cast({one} AS BIGINT)"),
        part.map(lambda one: f"date_trunc('month', {one}) + INTERVAL 1 DAY"),
        st.tuples(part, part).map(lambda two: f"date_diff('hour', {two[0]}, {two[1]})"),
        st.tuples(part, part, part).map(lambda three: "({} IN ({}, {}))".format(*three)),
    ),
    max_leaves=6,
)


@settings(max_examples=100)
@given(GROWN)
def test_what_is_accepted_runs(text: str) -> None:
    """An accepted fragment binds and runs over a row with values, one without any, and one of zeros."""
    reader = Fragments("orders", COLUMNS)
    found = reader.expression(text)
    if reader.faults or found.kind in ("unknown", "span"):
        return
    columns = ", ".join(f'"{name}" {SQL_TYPES[kind]}' for name, kind in COLUMNS.items())
    with duckdb.connect() as con:
        con.execute("CREATE MACRO local_time(t) AS timezone('Europe/Oslo', t)")
        con.execute(f"CREATE TABLE rows ({columns})")
        con.execute(
            "INSERT INTO rows VALUES (12.5, 3, 7, 0.1, 'placed', true, '2026-03-01', '2026-03-01 10:00+00', 'a'), "
            "(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), "
            "(0, 0, 0, 0, '', false, '2024-02-29', '2024-02-29 23:59+00', '')"
        )
        assert len(con.execute(f"SELECT {found.sql} FROM rows").fetchall()) == 3


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("quantty * amount", "orders has no column quantty", ""),
        ("unit + 1", "orders has no column unit", "Did you mean units?"),
        ("amount / status", "status is text; dividing needs a number", "try_cast(… AS DOUBLE)"),
        ("status + 1", "status is text; adding needs a number", "try_cast"),
        ("lowr(status)", "lowr() is not one of the functions", "Did you mean lower?"),
        ("day > 'soon'", "'soon' is text; a comparison needs a day", "2026-01-31"),
        ("amount AND paid", "amount is a number; AND needs yes or no", ""),
        ("customers.id", "Only columns of orders", "name alone"),
        ("try_cast(status AS JSON)", "cannot be turned into JSON", "DOUBLE"),
    ],
)
def test_a_fault_says_what_is_wrong_and_what_to_do(text: str, message: str, remedy: str) -> None:
    reader = Fragments("orders", COLUMNS)
    reader.expression(text)
    found = [(str(fault.message), str(fault.remedy)) for fault in reader.faults]
    assert any(message in said and remedy in what for said, what in found), found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("amount * units", "amount is the value of one row"),
        ("sum(status)", "status is text; sum() needs a number"),
        ("sum(sum(amount))", "cannot stand inside another"),
        ("sum(DISTINCT amount)", "sum(DISTINCT …) is not read"),
        ("string_agg(status, ',')", "is not one of the functions"),
        ("quantile_cont(amount, 9)", "a share from 0 to 1"),
    ],
)
def test_a_value_must_put_rows_together(text: str, message: str) -> None:
    reader = Fragments("orders", COLUMNS)
    assert Aggregates(reader, "m").value(text) is None
    assert any(message in str(fault.message) for fault in reader.faults), reader.faults


def test_every_fault_of_a_fragment_is_named_in_one_pass() -> None:
    reader = Fragments("orders", COLUMNS)
    reader.expression("amont / status + read_csv(unts) * exp(1)")
    codes = [fault.code for fault in reader.faults]
    assert codes.count("unknown_column") == 2
    assert codes.count("unknown_function") == 2
    assert "wrong_type" in codes
