"""The tree as a file: plan forms, pictures, a page of its own, a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kpi_tree.errors import Refused
from kpi_tree.exchange.drawing import Drawing, Look
from kpi_tree.exchange.forms import FORMS, to_form
from kpi_tree.i18n import Msg, format_date, format_value, msg, translate
from kpi_tree.nearest import did_you_mean
from kpi_tree.periods import Calendar, parse_period
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.outline_writer import period_text
from kpi_tree.store import Home
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.base.naming import own_names
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.judged.cards import cards, lines
from kpi_tree.workspace.judged.lens import SPANS, Lens, dimension_words, plan_through
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.judged.shares import shares
from kpi_tree.workspace.judged.trees import seen_through

TREE_FORMS: Mapping[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "svg": "image/svg+xml",
    "html": "text/html",
    "json": "application/json",
    "yaml": "application/yaml",
    "md": "text/markdown",
    "txt": "text/plain",
    "mmd": "text/plain",
    "dot": "text/vnd.graphviz",
    "csv": "text/csv",
}
"""File ending → media type: all forms in which a tree leaves."""


@verb
def export_tree(
    home: Home,
    who: Asker,  # noqa: ARG001
    plan_id: str | None = None,
    *,
    form: str,
    at: date,
    lens: Lens | None = None,
    look: Look | None = None,
    lang: str = "en",
) -> bytes:
    """The tree as a file in one of :data:`TREE_FORMS`, its values as of a day and through a lens.

    Args:
        look: of a picture: which way it is turned, how much of a card, light or dark, how many levels.

    Raises:
        NotFound: there is no such plan.
        Refused: there is no such form; there is nothing to draw; the machine lacks a font.
    """
    if form not in TREE_FORMS:
        raise Refused(
            msg("A tree cannot be written as {form}.", form=form[:20]),
            place="form",
            remedy=did_you_mean(
                form, TREE_FORMS, msg("Choose one of: {names}.", names=", ".join(TREE_FORMS))
            ),
        )
    lens = lens or Lens()
    plan = plan_through(home, plan_id, lens)
    if form in FORMS:
        text = to_form(plan, form, lang)
        return text.encode("utf-8-sig" if form == "csv" else "utf-8")
    views = seen_through(home, plan.id, at, lens)
    note = note_of(at, lens, calendar_of(current_settings(home)), lang)
    if form == "xlsx":
        return _workbook(plan, views, note, lang)
    shown = zip(cards(plan, views, at, lang), views, strict=True)
    named = [{**card, "name": view.named(lang)} for card, view in shown]
    drawing = Drawing(named, lines(plan), plan.name, note, lang)
    if form == "html":
        from kpi_tree.exchange.standalone import Page, to_page

        return to_page(Page(drawing, {view.id: details(home, plan, view, lang) for view in views}))
    from kpi_tree.exchange.drawing import to_png, to_svg

    svg = to_svg(drawing, look, letters=form == "svg")
    return svg.encode() if form == "svg" else to_png(svg)


def note_of(at: date, lens: Lens, calendar: Calendar, lang: str) -> str:
    """What the values of a picture are of: the day, the filter, the period."""
    parts: list[Msg | str] = [msg("As of {day}", day=at)]
    if lens.period:
        named = lens.period in SPANS
        parts.append(
            _SPAN_WORDS[lens.period] if named else parse_period(lens.period, calendar).in_language(lang)
        )
    if lens.compare in _COMPARED:
        parts.append(_COMPARED[lens.compare])
    for name, values in lens.where:
        parts.append(f"{dimension_words(name).in_language(lang)}: {', '.join(values)}")
    return " · ".join(translate(part, lang) for part in parts)


_SPAN_WORDS: Mapping[str, Msg] = {
    "month": msg("This month"),
    "quarter": msg("This quarter"),
    "year": msg("This year"),
}


_COMPARED: Mapping[str, Msg] = {
    "previous": msg("Against the period before"),
    "last_year": msg("Against a year earlier"),
}


def details(home: Home, plan: Plan, view: NodeView, lang: str) -> list[tuple[str, str]]:
    """What the panel of a page says of a node: pairs of a label and a text, where there is one."""
    node = plan.nodes[view.id]

    def amount(value: float | None) -> str:
        return "" if value is None else format_value(value, view.unit, lang, currency=view.currency)

    found = [
        (msg("Why"), translate(view.reason, lang)),
        (msg("Actual"), amount(view.actual)),
        (msg("Target"), amount(view.target)),
        (msg("Expected by now"), amount(view.expected)),
        (msg("Baseline"), amount(view.baseline)),
        (msg("Formula"), readable_formula(home, plan, node, lang)),
        (msg("Owner"), node.owner),
        (msg("Informed"), ", ".join(node.informed)),
        (msg("Start"), format_date(node.start, lang) if node.start else ""),
        (msg("Due"), format_date(node.due, lang) if node.due else ""),
        (msg("Data through"), format_date(view.data_through, lang) if view.data_through else ""),
        (msg("Why it is here"), "\n".join(_hypotheses(plan, node))),
        (msg("Notes"), node.notes),
    ]
    return [(translate(label, lang), words) for label, words in found if words]


def readable_formula(home: Home, plan: Plan, node: Node, lang: str) -> str:
    """A formula with the names of KPIs in place of their ids; one that cannot be read as it was typed."""
    from kpi_tree.plan.completion import readable

    if not node.formula:
        return ""
    kpis = catalogue_of(home)
    known = {kpi.id: kpi.text("name", lang) for kpi in kpis.values()}
    boxes = {other.id: own_names(other, kpis).get(lang) or other.name for other in plan.nodes.values()}
    try:
        return readable(parse(node.formula), known | boxes)
    except FormulaError:
        return node.formula


def _hypotheses(plan: Plan, node: Node) -> list[str]:
    return [edge.hypothesis for edge in plan.edges if edge.child == node.id and edge.hypothesis]


def _workbook(plan: Plan, views: tuple[NodeView, ...], note: str, lang: str) -> bytes:
    from kpi_tree.analysis.verdict import STATUS_NAMES
    from kpi_tree.exchange.workbook import TreeRow, to_workbook

    rows = [
        TreeRow(
            id=view.id,
            name=view.named(lang),
            depth=view.depth,
            status=view.status,
            status_text=translate(STATUS_NAMES.get(view.status or "", ""), lang),
            unit=view.unit,
            currency=view.currency,
            actual=view.actual,
            target=view.target,
            target_period=period_text(plan.targets[view.target_id].period) if view.target_id else "",
            expected=view.expected,
            done=shares(view).done,
            pace=view.pace,
            data_through=view.data_through,
            owner=view.owner,
            reason=translate(view.reason, lang),
            kind=view.kind,
            formula=view.formula or "",
        )
        for view in views
    ]
    return to_workbook(plan, rows, note=note, lang=lang)
