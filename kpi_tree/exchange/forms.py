"""One door for all text forms of a plan: by name out, by content in."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from kpi_tree.errors import Refused
from kpi_tree.exchange.diagrams import to_dot, to_mermaid
from kpi_tree.exchange.edge_rows import ABOUT
from kpi_tree.exchange.lists import from_markdown, to_edge_csv, to_markdown
from kpi_tree.exchange.mermaid import from_mermaid, is_mermaid
from kpi_tree.i18n import Msg, msg, nmsg
from kpi_tree.nearest import did_you_mean
from kpi_tree.periods import DEFAULT_CALENDAR, Calendar, Period
from kpi_tree.plan.merging import merged
from kpi_tree.plan.model import Plan
from kpi_tree.plan.outline import from_outline, left_out, to_outline
from kpi_tree.plan.outline_values import FIELDS
from kpi_tree.plan.overlay import overlay
from kpi_tree.plan.planfile import from_json, to_json, to_yaml

_SAYS_PERIOD = re.compile(r"!\S+:\S+")

FORMS: Mapping[str, Callable[[Plan], str]] = {
    "json": to_json,
    "yaml": to_yaml,
    "md": to_markdown,
    "txt": to_outline,
    "mmd": to_mermaid,
    "dot": to_dot,
    "csv": to_edge_csv,
}
"""File ending → how a plan is written in that form."""


_JSON = re.compile(r'\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:[{"\]]|$))')
_YAML = re.compile(r"^(?:nodes:\s*(?:\[\s*[{\]].*)?|format:\s*.?kpi-tree.*|version:\s*\d+)$", re.MULTILINE)
"""What only a plan file says; a KPI may be called *Version: two* or *{x}*."""


def to_form(plan: Plan, form: str, lang: str = "en") -> str:
    """A plan in one of :data:`FORMS`, the words of a drawing in ``lang``.

    Raises Refused for another form, naming the nearest.
    """
    if form not in FORMS:
        raise Refused(
            msg("A plan cannot be written as {form}.", form=form[:20]),
            remedy=did_you_mean(form, FORMS, msg("Choose one of: {names}.", names=", ".join(FORMS))),
        )
    if form in ("mmd", "dot"):
        return (to_mermaid if form == "mmd" else to_dot)(plan, lang=lang)
    return FORMS[form](plan)


_SAID: Mapping[str, frozenset[str]] = {
    "txt": frozenset(("owner", "assumption", *FIELDS.values())),
    "md": frozenset(("owner", "assumption", *FIELDS.values())),
    "csv": frozenset(("kpi", *ABOUT)),
    "dot": frozenset(("owner", "notes", "state", "due")),
}
"""Form → what it says of a box beside its name, its kind, its place and its formula."""
_ALWAYS = frozenset(("id", "kind", "name", "formula", "order"))
_LINE = frozenset(("parent", "child", "kind", "sign"))
_LINE_SAID: Mapping[str, frozenset[str]] = {"dot": frozenset(("hypothesis",))}
_LINES_WHOLE = ("csv", "mmd")


def _boxes_with_more(plan: Plan, form: str) -> int:
    """How many boxes say what a form has no place for; a list of lines has none for the goal's own fields."""
    said = _ALWAYS | _SAID.get(form, frozenset())
    top = _ALWAYS | {"kpi"} if form == "csv" else said
    return sum(
        bool(node.to_dict().keys() - (said if plan.parents(node.id) else top)) for node in plan.nodes.values()
    )


def _lines_with_more(plan: Plan, form: str) -> int:
    said = _LINE | _LINE_SAID.get(form, frozenset())
    return sum(bool(edge.to_dict().keys() - said) for edge in plan.links.values())


def unsaid(plan: Plan, form: str) -> list[Msg]:
    """What of a plan's boxes and targets a form has no place for, in words; empty where it carries all.

    >>> unsaid(Plan("p"), "txt")
    []
    """
    if form in ("json", "yaml", "xlsx"):
        return []
    found = []
    more = 0 if form == "mmd" else _boxes_with_more(plan, form)
    if more:
        found.append(
            nmsg(
                "{n} box says more than this form holds, such as a unit, notes, days or a cost; "
                "Excel, json and yaml hold it.",
                "{n} boxes say more than this form holds, such as a unit, notes, days or a cost; "
                "Excel, json and yaml hold it.",
                more,
            )
        )
    if form not in _LINES_WHOLE and (lines := _lines_with_more(plan, form)):
        found.append(
            nmsg(
                "{n} line says more than this form holds, such as a hypothesis, a delay or an experiment; "
                "Excel, json and yaml hold it.",
                "{n} lines say more than this form holds, such as a hypothesis, a delay or an experiment; "
                "Excel, json and yaml hold it.",
                lines,
            )
        )
    if plan.targets and form not in ("txt", "md"):
        found.append(msg("This form holds no targets; json and yaml hold all of them."))
    elif lost := len(left_out(plan)):
        found.append(
            nmsg(
                "{n} target says more than its value and period; only json and yaml hold all of it.",
                "{n} targets say more than their value and period; only json and yaml hold all of it.",
                lost,
            )
        )
    return found


def from_any(
    text: str,
    *,
    kpis: Collection[str] = (),
    plan_id: str = "imported",
    period: Period | None = None,
    base: Plan | None = None,
    calendar: Calendar = DEFAULT_CALENDAR,
) -> Plan:
    """Reads a plan from JSON, YAML, Mermaid, a Markdown list or an outline, told apart by what it says.

    Args:
        period: of the targets of an outline or a Markdown list that says none anywhere.
        base: the plan it is to change: what a form other than the plan file does not say stays as there.
        calendar: the one in which an outline or a list means ``FY2027-Q1``.

    Raises Refused with the place of what is wrong, in the words of the form that it seems to be.
    """
    text = text.lstrip("\ufeff")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = lines[0] if lines else ""
    if _JSON.match(text) or _YAML.search("\n".join(text.splitlines()[:20])):
        return from_json(text)
    if is_mermaid(text):
        drawn = from_mermaid(text, plan_id)
        if base is None or not base.nodes:
            return drawn
        return merged(base, overlay(from_mermaid(to_mermaid(base)), base), overlay(drawn, base))
    bullets = sum(line[:2] in ("- ", "* ", "+ ") for line in lines)
    usual = None if _SAYS_PERIOD.search(text) else period
    if first.startswith("# ") or (bullets and bullets == len(lines)):
        return from_markdown(text, kpis=kpis, plan_id=plan_id, period=usual, base=base, calendar=calendar)
    return from_outline(text, kpis=kpis, plan_id=plan_id, period=usual, base=base, calendar=calendar)
