"""The formula language: reading, writing, computing, inverting."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpi_tree.errors import NotFound, Refused
from kpi_tree.plan.formula import (
    MAX_DEPTH,
    Call,
    Expr,
    FormulaError,
    Name,
    Neg,
    Number,
    Percent,
    Product,
    Sum,
    evaluate,
    parse,
    slopes,
    solutions,
    solve,
    to_text,
)
from kpi_tree.plan.formula_names import with_ids

from .strategies import NAMES, expressions


@given(expressions)
def test_text_and_tree_say_the_same(expr: Expr) -> None:
    assert parse(to_text(expr)) == expr


def reference(expr: Expr, series: dict[str, list[float]], at: int) -> float:
    """One period at a time in plain Python: the other way to the same number."""
    match expr:
        case Number(value):
            return value
        case Name(name):
            return series[name][at] if at >= 0 else math.nan
        case Neg(operand):
            return -reference(operand, series, at)
        case Percent(operand):
            return reference(operand, series, at) / 100
        case Call("lag", (inner, Number(steps))):
            if not inner.names:  # a number is the same in every period, also before the first
                return reference(inner, series, at)
            if at < steps:
                return math.nan
            return reference(inner, series, at - int(steps))
        case Call(function, arguments):
            values = [reference(part, series, at) for part in arguments]
            if any(math.isnan(value) for value in values):
                return math.nan
            total = values[0]
            for value in values[1:]:
                total = total + value
            return {"sum": total, "mean": total / len(values), "min": min(values), "max": max(values)}[
                function
            ]
        case Sum(terms):
            total = reference(terms[0][1], series, at)
            for sign, part in terms[1:]:
                value = reference(part, series, at)
                total = total + value if sign == "+" else total - value
            return total
        case Product(factors):
            total = reference(factors[0][1], series, at)
            for op, part in factors[1:]:
                value = reference(part, series, at)
                if op == "/" and value == 0:
                    return math.nan
                total = total * value if op == "*" else total / value
            return total
    raise TypeError(expr)


values = st.one_of(
    st.just(math.nan), st.just(0.0), st.floats(-1e3, 1e3, allow_nan=False).map(lambda x: round(x, 3))
)


@given(expressions, st.lists(st.tuples(*[values] * len(NAMES)), min_size=1, max_size=6))
def test_whole_series_at_once_equal_one_period_at_a_time(expr: Expr, rows: list[tuple[float, ...]]) -> None:
    series = {name: [row[at] for row in rows] for at, name in enumerate(NAMES)}
    assume(expr.names)
    got = evaluate(expr, series)
    for at in range(len(rows)):
        want = reference(expr, series, at)
        if math.isfinite(want):
            assert got[at] == pytest.approx(want, rel=1e-12)
        else:
            assert math.isnan(got[at])


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 1, "empty"),
        ("   ", 1, "empty"),
        ("sessions *", 11, "ends after *"),
        ("sessions * (orders", 19, "Close the bracket"),
        ("sessions orders", 10, "Put an operator between sessions and orders"),
        ("2 sessions", 3, "Put an operator between 2 and sessions"),
        ("a + ) b", 5, "Take the bracket away"),
        ("a)", 2, "Take the bracket away"),
        ("a = b", 3, "right of the equals sign"),
        ("a ^ 2", 3, "no powers"),
        ("a²", 2, "no powers"),
        ("avg(a, b)", 4, "Did you mean mean()"),
        ("log(a)", 4, "There is no function log"),
        ("1 000 * a", 3, "thousands without a separator"),
        ("(a)(b)", 4, "Put an operator between ) and ("),
        ("a % b", 5, "Put an operator between % and b"),
        ("-" * 70 + "a", 61, "nested deeper"),
        ("Number of things", 8, "stands on a card or in the catalogue"),
        ("a ** 2", 4, "no powers"),
        ("1,5 * a", 2, "decimals with a point"),
        ("min(a; b)", 6, "comma"),
        ("a > b", 3, "no comparisons"),
        ("max()", 5, "a name, a number or ("),
        ("max", 4, "( was expected"),
        ("lag(a)", 1, "lag(sales, 1)"),
        ("lag(a, -1)", 1, "whole number of periods"),
        ("lag(a, 0.5)", 1, "whole number of periods"),
        ("lag(a, b)", 1, "whole number of periods"),
        ("ratio of a", 11, "to was expected"),
        ("a.b", 2, "no meaning"),
        ("__import__('os')", 12, "no meaning"),
        ("1e999", 1, "too large"),
        ("a # b", 3, "no meaning"),
        ("'sales'", 1, "no meaning"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_do(text: str, position: int, words: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.position == position
    assert words in str(caught.value)


@given(st.text(alphabet="ab1.,+-*/() %^=min\n×；", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    position = 1
    try:
        expr = parse(text)
    except FormulaError as error:
        position = error.position
    else:
        assert parse(to_text(expr)) == expr
    assert 1 <= position <= len(text) + 1


def test_too_deep_and_too_long_are_refused() -> None:
    for text in ["(" * 5000 + "a" + ")" * 5000, "-" * 5000 + "a", "min(" * 5000, "a" + "%" * 5000]:
        with pytest.raises(FormulaError):
            parse(text)
    with pytest.raises(FormulaError, match="limit is 10,000"):
        parse(" + ".join(["a"] * 9000))
    inner = "(" * (MAX_DEPTH - 1) + "a" + ")" * (MAX_DEPTH - 1)
    assert parse(inner) == Name("a")
    wide = parse(" + ".join(["a"] * 2500))
    assert evaluate(wide, {"a": [1.0]})[0] == 2500


def test_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(FormulaError, match="Did you mean sessions") as caught:
        parse("orders / sesions", known=["orders", "sessions"])
    assert caught.value.position == 10
    with pytest.raises(NotFound, match="Did you mean sessions"):
        evaluate(parse("sesions"), {"sessions": 1.0})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("orders per sessions", 0.05),
        ("ratio of orders to sessions", 0.05),
        ("10 percent of sessions", 20),
        ("10% of sessions", 20),
        ("sessions × 2 ÷ 4 − 1", 99),
        ("（sessions＋orders）／２", 105),
        ("-orders + +sessions", 190),
        ("2 - -3", 5),
        ("2 * -3", -6),
        ("-(1 + 2) * 3", -9),
        ("8 / 2 / 2", 2),
        ("8 - 2 - 2", 4),
        ("-10% of sessions", -20),
        ("SUM(orders, 1) + Max(1, 2)", 13),
        ("Ratio of orders to sessions", 0.05),
        ("10 prosent av sessions", 20),
        ("forholdet mellom orders og sessions", 0.05),
        ("10パーセント * sessions", 20),
        ("orders 対 sessions", 0.05),
        ("sessions • 2 — 1", 399),
        ("\ufefforders\u200b+1", 11),
        ("sum(orders、1)", 11),
        ("mean(orders, sessions)", 105),
        ("min(orders, 3) + max(1, 2)", 5),
        ("sum(1, 2, 3)", 6),
        (".5 + 5. + 1e2", 105.5),
    ],
)
def test_values(text: str, value: float) -> None:
    assert evaluate(parse(text), {"orders": 10.0, "sessions": 200.0}) == pytest.approx(value)


def test_division_by_zero_is_no_value_also_inside() -> None:
    assert np.isnan(evaluate(parse("1 / (a / 0)"), {"a": 1.0}))
    assert np.isnan(evaluate(parse("0 / 0"), {}))
    assert np.isnan(evaluate(parse("1e300 * 1e300"), {}))


@pytest.mark.parametrize(
    ("text", "name", "result", "known", "value"),
    [
        ("sessions * rate * aov", "rate", 3000, {"sessions": 200, "aov": 500}, 0.03),
        ("gross - discounts - returns", "returns", 70, {"gross": 100, "discounts": 10}, 20),
        ("profit / sales", "sales", 0.25, {"profit": 50}, 200),
        ("(a + b) / 2", "b", 5, {"a": 4}, 6),
        ("mean(a, b, 3)", "b", 5, {"a": 4}, 8),
        ("a - a / 4", "a", 9, {}, 12),
        ("max(a, 3)", "a", 5, {}, 5),
        ("-a%", "a", 0.5, {}, -50),
        ("a * a", "a", 49, {"a": 6}, 7),
        ("a * a", "a", 49, {"a": -6}, -7),
        ("a * a", "a", 49, {}, 7),
        ("a / (a + b)", "a", 0.25, {"b": 30}, 10),
        ("max(a, 2) + min(a, 10)", "a", 12, {}, 6),
        ("a * 0.5", "a", 0, {}, 0),
        ("(a - 1) * a / (a * a)", "a", 0.75, {}, 4),
    ],
)
def test_solve(text: str, name: str, result: float, known: dict[str, float], value: float) -> None:
    assert solve(parse(text), name, result, known) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "name", "result", "known", "words"),
    [
        ("a * b", "a", 5, {"b": 0}, "No value of a"),
        ("a * b", "a", 0, {"b": 0}, "Every value of a"),
        ("a / b", "b", 0, {"a": 3}, "No value of b"),
        ("max(a, 3)", "a", 2, {}, "No value of a"),
        ("a * a", "a", -1, {}, "No value of a"),
        ("a - a", "a", 0, {}, "Every value of a"),
        ("a * b", "c", 5, {"b": 0}, "does not stand in the formula"),
        ("a * b", "a", 5, {}, "b has no value"),
        ("lag(a, 1) + b", "a", 5, {"b": 1}, "lag()"),
        ("(a - 3) * (a - 4)", "a", 0, {}, "Several values of a"),
    ],
)
def test_what_cannot_be_solved_says_so(
    text: str, name: str, result: float, known: dict[str, float], words: str
) -> None:
    with pytest.raises((Refused, NotFound)) as caught:
        solve(parse(text), name, result, known)
    assert words in str(caught.value)


numbers = st.floats(0.01, 100).map(lambda x: round(x, 3))


@given(expressions, st.lists(numbers, min_size=len(NAMES), max_size=len(NAMES)), st.data())
def test_what_solve_answers_gives_the_result(expr: Expr, amounts: list[float], data: Any) -> None:
    known = dict(zip(NAMES, amounts, strict=True))
    names = expr.names
    assume(names)
    result = float(evaluate(expr, known))
    assume(math.isfinite(result))
    name = data.draw(st.sampled_from(names))
    try:
        found = solutions(expr, name, result, known)
    except Refused:
        return
    for value in found:
        assert float(evaluate(expr, {**known, name: value})) == pytest.approx(result, rel=1e-6, abs=1e-8)


@given(expressions, st.lists(numbers, min_size=len(NAMES), max_size=len(NAMES)))
def test_slopes_equal_small_steps(expr: Expr, amounts: list[float]) -> None:
    known = dict(zip(NAMES, amounts, strict=True))
    result = float(evaluate(expr, known))
    assume(math.isfinite(result) and 1e-3 < abs(result) < 1e6)
    for name, slope in slopes(expr, known).items():
        step = known[name] * 1e-6
        up, down = (float(evaluate(expr, {**known, name: known[name] + side})) for side in (step, -step))
        left, right = (result - down) / step, (up - result) / step
        if not all(map(math.isfinite, (left, right))) or not math.isclose(
            left, right, rel_tol=1e-3, abs_tol=1e-3
        ):
            continue  # a corner of min or max, or a pole
        assert float(slope.derivative) == pytest.approx((left + right) / 2, rel=1e-2, abs=1e-2)
        assert float(slope.elasticity) == pytest.approx(
            float(slope.derivative) * known[name] / result, rel=1e-9
        )


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("min(a, 12,5)", "1234.5"), ("max(a,,b)", "between the commas"), ("a,b", "parts of a function"),
        ("a // b", "one of the two signs"), ("* a", "before it"), ("500 kr * a", "currency out"),
        ("€5 * a", "currency out"), ("a ganger b", "Write * for ganger"), ("a : b", "divided by"),
        ("½ * a", "0.5"), ('"a" * 2', "without quotation marks"), ("1e999", "smaller"),
    ],
)  # fmt: skip
def test_what_a_workshop_types_has_its_remedy(text: str, remedy: str) -> None:
    with pytest.raises(FormulaError) as found:
        parse(text)
    assert remedy in str(found.value.remedy)


def test_a_spreadsheets_equals_sign_and_an_ids_other_spellings_are_read() -> None:
    assert to_text(parse("=a / b")) == to_text(parse(":= a ÷ b")) == "a / b"
    names = {"conversion_rate": "CR", "new_orders": "First", "new": "Fresh", "orders": "All"}
    assert with_ids("Conversion rate * new-orders", names) == "conversion_rate * new-orders"
