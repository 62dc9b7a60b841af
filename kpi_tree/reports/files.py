# ruff: noqa: E501 (markup, and rows of data, read better in one line)
"""An answer as a file: tables, a page, its chart as a picture, in a reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping

from kpi_tree.errors import Refused
from kpi_tree.exchange.drawing import to_png
from kpi_tree.exchange.sheets import Sheet, to_csv, to_html, to_md, to_xlsx
from kpi_tree.i18n import format_value, msg, translate
from kpi_tree.i18n.quantity import PERCENTAGE_POINTS
from kpi_tree.periods import Period
from kpi_tree.reports.model import Answer, Cell, ReportTable, plain

TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "md": "text/markdown",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
"""Form → its media type."""


def sheet(table: ReportTable, lang: str, *, data: bool = False) -> Sheet:
    """One table in a language; as ``data`` a period of one day is written 2026-05-31, so that it is a date."""

    def cell_of(cell: Cell) -> str | float | None:
        day = data and isinstance(cell, Period) and cell.days == 1
        return cell.start.isoformat() if day else plain(cell, lang)  # type: ignore[union-attr]

    return Sheet(
        translate(table.title, lang),
        tuple(column.heading(lang) for column in table.columns),
        tuple(tuple(cell_of(cell) for cell in row) for row in table.rows),
        tuple(tuple(table.unit(n, column)[0] for column in table.columns) for n in range(len(table.rows))),
    )


def shown(table: ReportTable, lang: str) -> list[list[str]]:
    """Every cell as a reader of the language reads it."""
    return [
        [
            found if isinstance(found := plain(cell, lang), str) else _words(found, *table.unit(n, column), lang)
            for column, cell in zip(table.columns, row, strict=True)
        ]
        for n, row in enumerate(table.rows)
    ]  # fmt: skip


def _words(value: float | None, unit: str | None, currency: str | None, lang: str) -> str:
    if unit == PERCENTAGE_POINTS and value is not None:
        return translate(msg("{n} points", n=round(value * 100, 2)), lang)
    return format_value(value, unit, lang, currency=currency)


def check_form(form: str) -> None:
    """Raises Refused unless it is one of :data:`TYPES`."""
    if form not in TYPES:
        raise Refused(
            msg("A report cannot be written as {form}.", form=form[:20]),
            place="format",
            remedy=msg("Choose one of: {names}.", names=", ".join(TYPES)),
        )


def to_file(answer: Answer, form: str, lang: str = "en", *, dark: bool = False) -> bytes:
    """The answer in one of :data:`TYPES`; CSV holds its first table, the others hold all.

    Args:
        dark: the colours of a picture.

    Raises:
        Refused: no such form; a picture of a report that has no chart.
    """
    check_form(form)
    if form in ("svg", "png"):
        return _picture(answer, form, lang, dark)
    if form == "json":
        return (json.dumps(answer.to_dict(lang), ensure_ascii=False, indent=1) + "\n").encode()
    title = translate(answer.report.title, lang)
    sheets = [sheet(table, lang, data=form in ("csv", "xlsx")) for table in answer.tables]
    if form == "csv":
        return to_csv(sheets[0] if sheets else Sheet(title, (), ()))
    if form == "xlsx":
        return to_xlsx(sheets or [Sheet(title, (title,), ())])
    texts = [shown(table, lang) for table in answer.tables]
    if form == "md":
        return to_md(title, sheets, texts)
    notes = [span_words(answer, lang), *(translate(note, lang) for note in answer.notes)]
    return to_html(title, sheets, texts, lang, picture=_drawn(answer, lang, dark=False), notes=notes)


def span_words(answer: Answer, lang: str) -> str:
    """The days it covers and what it is filtered by, in one line."""
    parts = []
    if answer.start and answer.end and answer.end > answer.start:
        parts.append(Period(answer.start, answer.end).in_language(lang))
    parts += [f"{answer.dimension(name, lang)}: {', '.join(kept)}" for name, kept in answer.where.items()]
    return " · ".join(parts)


def _drawn(answer: Answer, lang: str, *, dark: bool) -> str | None:
    """The answer's chart as SVG; ``None`` where it has none."""
    if answer.chart is None or answer.empty:
        return None
    from kpi_tree.charts import chart_svg, palette_for
    from kpi_tree.reports.drawing import report_chart

    palette = palette_for(dark)
    chart = report_chart(answer, lang, palette)
    return None if chart is None else chart_svg(chart, lang=lang, palette=palette)


def _picture(answer: Answer, form: str, lang: str, dark: bool) -> bytes:
    svg = _drawn(answer, lang, dark=dark)
    if svg is None:
        raise Refused(
            msg("This report has no chart to draw."),
            place=answer.report.id,
            remedy=msg("Choose one of: {names}.", names="xlsx, html, md, csv, json"),
        )
    return svg.encode() if form == "svg" else to_png(svg)
