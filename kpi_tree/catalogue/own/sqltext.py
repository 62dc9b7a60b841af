"""Text to a tree: one expression, nothing else, and nothing hidden in it."""

from __future__ import annotations

import re

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from kpi_tree.catalogue.own.faults import Fault
from kpi_tree.i18n import Msg, msg

MAX_LENGTH = 2000
ONLY = msg("Only an expression over the columns of the table may stand here.")
NO_STATEMENTS = msg("Statements, queries, files and comments are not read.")
_STATEMENT = re.compile(r"\b(select|from|where|order|group|limit|having|join|with|copy|set|call)\b", re.I)
_SIGNS = frozenset("{}\\;`$")
"""Signs of other statements, of settings in our own SQL, of parameters, and of other ways to quote."""


def read(text: str) -> exp.Expression | Fault:
    """The text as a tree, or why it is not one expression.

    >>> read("a + 1").sql(), read("a; drop table b").code
    ('a + 1', 'bad_expression')
    """
    if len(text) > MAX_LENGTH:
        return Fault("too_long", msg("This is longer than {n} characters.", n=MAX_LENGTH))
    if any(char in _SIGNS or not (char.isprintable() or char in "\n\t\r") for char in text):
        return Fault("bad_expression", ONLY, msg("Leave out ; { } $ ` and the backslash."))
    try:
        if any(token.comments for token in sqlglot.tokenize(text, read="duckdb")):
            return Fault("bad_expression", ONLY, NO_STATEMENTS)
        found = sqlglot.parse(text, read="duckdb")
    except (SqlglotError, RecursionError, ValueError) as error:
        return Fault("bad_expression", _broken(error), _mend(text))
    if len(found) != 1 or not isinstance(found[0], exp.Expression):
        return Fault("bad_expression", ONLY, NO_STATEMENTS)
    return found[0]


def _mend(text: str) -> Msg:
    """What to look at in a text that cannot be read."""
    if _STATEMENT.search(text):
        return NO_STATEMENTS
    if text.count("(") != text.count(")"):
        return msg("Every bracket that is opened must be closed, and no other.")
    if text.count("'") % 2 or text.count('"') % 2:
        return msg("Every quote that is opened must be closed.")
    return msg("Look at the signs and commas there; a number is written 1000.5.")


def _broken(error: Exception) -> Msg:
    errors = getattr(error, "errors", None)
    if errors:
        return msg(
            "This cannot be read: there is a fault near “{part}” (character {n}).",
            part=str(errors[0].get("highlight", ""))[:30],
            n=int(errors[0].get("col") or 0),
        )
    return msg("This cannot be read as an expression.")
