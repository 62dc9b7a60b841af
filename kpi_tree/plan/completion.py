"""What could be typed next in a formula: ids, catalogue names, functions; found by id and by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from kpi_tree.plan.formula_parser import FormulaError, tokens
from kpi_tree.plan.formula_tree import (
    FUNCTIONS,
    Call,
    Expr,
    Name,
    Neg,
    Number,
    Percent,
    Product,
    Sum,
    number_text,
)
from kpi_tree.plan.goals.kpi_names import plain_text
from kpi_tree.plan.model import Plan

MAX_SUGGESTIONS = 12


@dataclass(frozen=True)
class Suggestion:
    """One way to go on.

    Attributes:
        insert: text that replaces what stands from ``start`` to ``end`` (0-based, half-open).
        label: the name a person knows it by.
        kind: ``node`` of the plan, ``kpi`` of the catalogue, ``function``, ``operator``.
    """

    insert: str
    start: int
    end: int
    label: str
    kind: str


def complete(
    text: str, cursor: int, plan: Plan, names: Mapping[str, str], node: str | None = None
) -> list[Suggestion]:
    """Suggestions at a cursor, the likeliest first.

    Args:
        text, cursor: the formula so far, and how many characters stand before the cursor.
        plan: its nodes come first.
        names: catalogue id → name in the reader's language.
        node: the node whose formula it is: what stands above it would close a circle and is left out.

    >>> from kpi_tree.plan.model import Node
    >>> plan = Plan("p", nodes={"visits": Node("visits", name="Site traffic")})
    >>> [each.insert for each in complete("tra", 3, plan, {"sessions": "Site traffic", "orders": "Orders"})]
    ['visits', 'sessions']
    """
    end = cursor
    while end < len(text) and _in_word(text[end]):
        end += 1
    shut = {node, *plan.ancestors(node)} if node in plan.nodes and node is not None else set()
    known = [
        (each.id, each.name, "node")
        for each in plan.nodes.values()
        if each.kind != "action" and each.id not in shut
    ]
    known += [(kpi, name, "kpi") for kpi, name in names.items() if kpi not in plan.nodes and kpi not in shut]
    start = _begun(text, cursor, [label for _, label, _ in known])
    typed = folded(text[start:cursor])
    if _value_before(text[:start]) and not typed:
        return [Suggestion(f"{sign} ", cursor, cursor, sign, "operator") for sign in "*/+-"]
    known += [(f"{function}(", function, "function") for function in FUNCTIONS]
    scored = [
        (score, at, item) for at, item in enumerate(known) if (score := _score(typed, item)) is not None
    ]
    scored.sort(key=lambda each: each[:2])
    return [
        Suggestion(insert, start, end, label, kind)
        for _, _, (insert, label, kind) in scored[:MAX_SUGGESTIONS]
    ]


LONGEST_NAME = 80
"""Characters before the cursor among which the beginning of a name is looked for."""


def folded(text: str) -> str:
    """A text as it is compared while typed: without case, accents and doubled blanks.

    >>> folded("Økter  på ＮＥＴＴ"), folded("Cafés")
    ('okter pa nett', 'cafes')
    """
    apart = unicodedata.normalize("NFKD", plain_text(text).translate(_LETTERS))
    return "".join(char for char in apart if not unicodedata.combining(char))


_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "ð": "d", "þ": "th", "ł": "l"})


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.combining(char) > 0


def _begun(text: str, cursor: int, labels: list[str]) -> int:
    """Where what is being typed begins: several words back where they begin a name of several words."""
    plain = [folded(label) for label in labels]
    for at in range(max(cursor - LONGEST_NAME, 0), cursor):
        if not _in_word(text[at]) or (at > 0 and _in_word(text[at - 1])):
            continue
        typed = folded(text[at:cursor])
        whole = text[cursor - 1].isspace()  # a name that is finished asks for an operator
        if " " in typed and any(one.startswith(typed) and not (whole and one == typed) for one in plain):
            return at
    word = cursor
    while word > 0 and _in_word(text[word - 1]):
        word -= 1
    return word


def _value_before(text: str) -> bool:
    """Whether a value has just ended, so that an operator comes next."""
    try:
        found = tokens(text)[:-1]
    except FormulaError:
        return False
    return bool(found) and (found[-1].kind in ("name", "number") or found[-1].text in (")", "%"))


def _score(typed: str, item: tuple[str, str, str]) -> int | None:
    """0 begins with it, 1 a word begins with it, 2 holds it somewhere; ``None`` not at all."""
    insert, label, _ = item
    texts = (insert.lower(), folded(label))
    if not typed or any(text.startswith(typed) for text in texts):
        return 0
    words = [word for text in texts for word in text.replace("_", " ").split()]
    if any(word.startswith(typed) for word in words):
        return 1
    return 2 if any(typed in text for text in texts) else None


_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def readable(expr: Expr, names: Mapping[str, str]) -> str:
    """A formula with names for ids and signs as people write them; for showing, not for reading back.

    >>> from kpi_tree.plan.formula_parser import parse
    >>> readable(parse("sessions * conversion_rate / 2"), {"sessions": "Site traffic"})
    'Site traffic × conversion_rate ÷ 2'
    """
    match expr:
        case Number(value):
            return number_text(value)
        case Name(name):
            return names.get(name, name)
        case Neg(operand):
            return f"−{_bracketed(operand, names, Sum | Product)}"
        case Percent(operand):
            return f"{_bracketed(operand, names, Sum | Product | Neg)} %"
        case Sum(terms):
            return _joined(terms, names, Sum)
        case Product(factors):
            return _joined(factors, names, Sum | Product)
        case Call(function, arguments):
            return f"{function}({', '.join(readable(part, names) for part in arguments)})"
    raise TypeError(f"not a formula: {expr!r}")


def _joined(parts: tuple[tuple[str, Expr], ...], names: Mapping[str, str], tight: object) -> str:
    words = [_bracketed(parts[0][1], names, tight)]
    for sign, part in parts[1:]:
        words += [_SIGNS[sign], _bracketed(part, names, tight)]
    return " ".join(words)


def _bracketed(expr: Expr, names: Mapping[str, str], kinds: object) -> str:
    text = readable(expr, names)
    return f"({text})" if isinstance(expr, kinds) else text  # type: ignore[arg-type]
