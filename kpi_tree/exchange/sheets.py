# ruff: noqa: E501 (markup, and rows of data, read better in one line)
"""Tables on their way out: CSV, Excel, HTML, Markdown. A text is never a formula, a number stays a number."""

from __future__ import annotations

import base64
import csv
import html
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kpi_tree.i18n.quantity import PERCENTAGE_POINTS
from kpi_tree.ingest.files.defuse import defuse

Cell = str | float | None

DANGEROUS = re.compile(r"[=+\-@\t\r\n\0＝＋－＠]")
_FORMATS: Mapping[str, str] = {
    "percent": "0.0%",
    "money": "#,##0.00",
    "count": "#,##0",
    PERCENTAGE_POINTS: "0.0%",
}
_A_DAY = re.compile(r"[12]\d{3}-\d\d-\d\d")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table in one language: a title, its columns' headings and units, its rows; ``None`` is a gap."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    units: tuple[tuple[str | None, ...], ...] = ()

    def unit(self, row: int, column: int) -> str | None:
        """The unit of a cell."""
        return self.units[row][column] if self.units else None


def harmless(cell: Cell) -> Cell:
    """A text that no spreadsheet takes for a formula; a number as it is.

    >>> harmless("=1+1"), harmless(" =1+1"), harmless("-3"), harmless(-3.0)
    ("'=1+1", "' =1+1", '-3', -3.0)
    """
    return defuse(cell) if isinstance(cell, str) else cell


def to_csv(sheet: Sheet) -> bytes:
    """One table as CSV in UTF-8 with a byte-order mark; numbers in full precision with a point."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in sheet.columns])
    for row in sheet.rows:
        writer.writerow(["" if cell is None else harmless(_whole(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _whole(cell: Cell) -> Cell:
    return int(cell) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53 else cell


def to_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Tables as a workbook, one sheet each: texts as texts, days as days, numbers as their unit says."""
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    )  # fmt: skip
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    text = book.add_format({"quote_prefix": True})
    formats = {unit: book.add_format({"num_format": code}) for unit, code in _FORMATS.items()}
    plain = book.add_format({"num_format": "#,##0.##"})
    days = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    for at, sheet in enumerate(sheets):
        page = book.add_worksheet(_sheet_name(sheet.title, at))
        page.freeze_panes(1, 0)
        for column, name in enumerate(sheet.columns):
            page.write_string(0, column, name, head)
            page.set_column(column, column, 28 if column == 0 else 16)
        for line, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                if (day := _day(cell)) is not None:
                    page.write_datetime(line + 1, column, day, days)
                elif isinstance(cell, str):
                    page.write_string(line + 1, column, cell, text if DANGEROUS.match(cell) else None)
                elif cell is not None:
                    page.write_number(
                        line + 1, column, cell, formats.get(sheet.unit(line, column) or "", plain)
                    )
    book.close()
    return out.getvalue()


def _day(cell: Cell) -> datetime | None:
    """A text that is a day, as one.

    >>> _day("2026-05-31"), _day("2026-05")
    (datetime.datetime(2026, 5, 31, 0, 0), None)
    """
    if not isinstance(cell, str) or not _A_DAY.fullmatch(cell):
        return None
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        return None


def _sheet_name(title: str, at: int) -> str:
    """A name that Excel allows, and no two alike.

    >>> _sheet_name("Sales: by [day]?", 0)
    '1 Sales by day'
    """
    return f"{at + 1} {_SHEET_NAME.sub('', title).strip(chr(39))}"[:31].strip()


def to_html(
    title: str,
    sheets: Sequence[Sheet],
    shown: Sequence[Sequence[Sequence[str]]],
    lang: str,
    *,
    picture: str | None = None,
    notes: Sequence[str] = (),
) -> bytes:
    """A page of its own, without scripts, that asks nothing of any network and prints.

    Args:
        shown: the cells of each table as a reader of ``lang`` reads them.
        picture: an SVG drawing, shown as a picture (no script in it runs).
        notes: lines below the title; empty ones are left out.
    """
    safe = html.escape
    parts = [
        f'<!doctype html><html lang="{safe(lang)}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{safe(title)}</title><style>{_PAGE}</style></head><body><h1>{safe(title)}</h1>",
        *(f"<p>{safe(note)}</p>" for note in notes if note),
    ]
    if picture:
        data = base64.b64encode(picture.encode()).decode()
        parts.append(f'<img alt="{safe(title)}" src="data:image/svg+xml;base64,{data}">')
    for sheet, rows in zip(sheets, shown, strict=True):
        parts.append(_html_table(sheet, rows))
    return ("".join(parts) + "</body></html>\n").encode()


_PAGE = (
    "body{font:15px/1.5 Inter,system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}"
    "h1{font-size:1.5rem;margin:0}h2{font-size:1.05rem;margin:1.6rem 0 .4rem}p{margin:.2rem 0;opacity:.75}"
    "img{display:block;max-width:100%;margin:1rem 0;border:1px solid #8883;border-radius:8px}"
    "div{overflow-x:auto}table{border-collapse:collapse;margin:0 0 1.5rem}"
    "th,td{padding:.3rem .8rem;border-bottom:1px solid #8884;text-align:left}"
    "thead th{border-bottom-width:2px}th.n,.n{text-align:right;font-variant-numeric:tabular-nums}"
    "@media print{body{margin:0;max-width:none}div{overflow:visible}tr,img{break-inside:avoid}}"
)


def _html_table(sheet: Sheet, rows: Sequence[Sequence[str]]) -> str:
    numeric = [any(isinstance(row[n], int | float) for row in sheet.rows) for n in range(len(sheet.columns))]
    heads = "".join(
        f'<th scope="col"{" class=n" if right else ""}>{html.escape(name)}</th>'
        for name, right in zip(sheet.columns, numeric, strict=True)
    )
    lines = (
        "".join(
            f"<td{'' if isinstance(value, str) else ' class=n'}>{html.escape(cell)}</td>"
            for value, cell in zip(values, row, strict=True)
        )
        for values, row in zip(sheet.rows, rows, strict=True)
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return (
        f"<h2>{html.escape(sheet.title)}</h2><div><table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def to_md(title: str, sheets: Sequence[Sheet], shown: Sequence[Sequence[Sequence[str]]]) -> bytes:
    """Markdown tables, with Markdown's own signs in names as text."""
    parts = [f"# {_text(title)}", ""]
    for sheet, rows in zip(sheets, shown, strict=True):
        numeric = [all(not isinstance(row[n], str) for row in sheet.rows) for n in range(len(sheet.columns))]
        parts += [f"## {_text(sheet.title)}", "", f"| {' | '.join(map(_text, sheet.columns))} |"]
        parts.append(f"| {' | '.join('---:' if right else '---' for right in numeric)} |")
        parts += [f"| {' | '.join(map(_text, row))} |" for row in rows]
        parts.append("")
    return "\n".join(parts).encode()


def _text(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|&])", r"\\\1", " ".join(text.split()))
