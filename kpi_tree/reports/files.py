# ruff: noqa: E501 (markup, and rows of data, read better in one line)
"""An answer as a file: CSV, Excel, HTML or Markdown, in a reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_tree.errors import Refused
from kpi_tree.exchange.sheets import Sheet, to_csv, to_html, to_md, to_xlsx
from kpi_tree.i18n import format_value, msg, translate
from kpi_tree.reports.model import Answer, ReportTable, plain

TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "md": "text/markdown",
}
"""Form → its media type."""


def sheet(table: ReportTable, lang: str) -> Sheet:
    """One table in a language."""
    return Sheet(
        translate(table.title, lang),
        tuple(column.heading(lang) for column in table.columns),
        tuple(tuple(plain(cell, lang) for cell in row) for row in table.rows),
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
    if unit == "points" and value is not None:
        return translate(msg("{n} points", n=round(value * 100, 2)), lang)
    return format_value(value, unit, lang, currency=currency)


def to_file(answer: Answer, form: str, lang: str = "en") -> bytes:
    """The answer in one of :data:`TYPES`; CSV holds its first table, the others hold all.

    Raises:
        Refused: no such form.
    """
    if form not in TYPES:
        raise Refused(
            msg("A report cannot be written as {form}.", form=form[:20]),
            place="format",
            remedy=msg("Choose one of: {names}.", names=", ".join(TYPES)),
        )
    title = translate(answer.report.title, lang)
    sheets = [sheet(table, lang) for table in answer.tables]
    if form == "csv":
        return to_csv(sheets[0] if sheets else Sheet(title, (), ()))
    if form == "xlsx":
        return to_xlsx(sheets or [Sheet(title, (title,), ())])
    texts = [shown(table, lang) for table in answer.tables]
    return to_html(title, sheets, texts, lang) if form == "html" else to_md(title, sheets, texts)
