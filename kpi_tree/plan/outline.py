"""A tree as indented text: paste it, edit it, copy it out.

One line a node, children indented below it::

    Sales [sales] @Kari !1200000:2026-Q3 !1100000:2026-Q3:floor
      * Orders [orders]
        ~ Visits = 12000
      * Order value [average_order_value] = 500
      | Returns [returns]
      > Newsletter campaign @Ola state:doing due:2026-12-01 effect:5000 cost:2000

``* / + -`` before a child make it a part of its parent's formula, ``~`` an influence (``~+`` and ``~-`` say
which way), ``|`` a guardrail, ``>`` an action; nothing before it is an influence, unless a written formula
uses it. ``[id]`` is the node's id or the KPI it measures, ``@name`` its owner (``@"Two Words"``),
``!number`` a target (``!number:2026-Q3`` for that period, else for the goal's own; then ``:floor``,
``:stretch`` or ``:guardrail`` where it is not the goal itself; ``!3%..5%`` a range), ``= number`` an
assumption, ``:= formula`` a formula that the marks cannot say, in ids or names. An action's line says
``state:``, ``start:``, ``due:``, ``effect:``, ``cost:`` and ``effort:``; an outline without any of these
leaves every action as it is. A line that only repeats an ``[id]`` draws a second line to that node.

Bullets, numbers, headings, boxes to tick and a Japanese keyboard's wide signs are read as people paste them
(:mod:`kpi_tree.plan.outline_pasted`).
"""

from __future__ import annotations

from collections.abc import Collection

from kpi_tree.periods import DEFAULT_CALENDAR, Calendar, Period
from kpi_tree.plan.diff import diff
from kpi_tree.plan.edits import Edit
from kpi_tree.plan.merging import merged
from kpi_tree.plan.model import Plan
from kpi_tree.plan.outline_lines import read_lines
from kpi_tree.plan.outline_reader import Reader
from kpi_tree.plan.outline_writer import Writer, left_out

__all__ = ["from_outline", "left_out", "outline_edits", "to_outline"]


def from_outline(
    text: str,
    *,
    base: Plan | None = None,
    kpis: Collection[str] = (),
    period: Period | None = None,
    plan_id: str = "outline",
    calendar: Calendar = DEFAULT_CALENDAR,
) -> Plan:
    """Reads an outline into a plan.

    Args:
        text: the outline.
        base: a plan it was made from: what the outline does not say (notes, units, other targets) stays, and
            so does the order of boxes that stand as an outline of that plan has them.
        kpis: the catalogue by id, or ids alone: an ``[id]`` among them is what a new node measures, else
            what it is called (:func:`kpi_tree.plan.naming.kpis_by_name`) unless it has an assumption.
        period: of a ``!target`` that says none; without it the goal's own, or the first one written.
        plan_id: id of the plan where there is no base.
        calendar: the one in which ``FY2027-Q1`` is meant.

    Raises:
        Refused: with the line's number, what is wrong and what to do. Nothing is half-read.

    >>> plan = from_outline("Sales @Kari\\n  * Orders\\n  * Order value = 500")
    >>> plan.nodes["sales"].formula, plan.nodes["order_value"].assumption, plan.nodes["sales"].owner
    ('orders * order_value', 500.0, 'Kari')
    """
    read = Reader(read_lines(text, calendar), base or Plan(plan_id), kpis, period).plan()
    if base is None or not base.nodes:
        return read
    seen = Reader(read_lines(to_outline(base)), base, kpis, period).plan()
    return merged(base, seen, read)


def outline_edits(
    plan: Plan,
    text: str,
    *,
    kpis: Collection[str] = (),
    period: Period | None = None,
    calendar: Calendar = DEFAULT_CALENDAR,
) -> list[Edit]:
    """Edits that make a plan what an edited outline of it says. Raises as :func:`from_outline` does."""
    return diff(plan, from_outline(text, base=plan, kpis=kpis, period=period, calendar=calendar))


def to_outline(plan: Plan, *, ids: bool = True) -> str:
    """A plan as an outline; reading it back with the plan as base gives the same plan.

    Args:
        ids: whether every line carries its id; without them names must be unique to be read back.
    """
    return "\n".join(Writer(plan, ids).lines()) + "\n"
