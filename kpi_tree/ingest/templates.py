"""Templates that people fill in and send back: CSV and XLSX with lists to choose from; they read back
without a mapping."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

import xlsxwriter  # type: ignore[import-untyped]

from kpi_tree.i18n import msg, translate
from kpi_tree.ingest.defuse import defuse
from kpi_tree.records.tables import Column, Table, column_label, table, table_label

ROWS = 2000
"""Rows of a template that carry lists and checks."""

LISTS = "Lists"
"""The hidden sheet with the words to choose from."""

_HEADS = {
    "en": ("KPI", "Date", "Value", "Note"),
    "nb": ("KPI", "Dato", "Verdi", "Notat"),
    "ja": ("KPI", "日付", "値", "備考"),
}


def values_csv(
    kpis: Sequence[str],
    days: Sequence[date | str],
    lang: str = "en",
    dimension: str = "",
    members: Sequence[str] = ("",),
    names: Mapping[str, str] | None = None,
) -> bytes:
    """A CSV for values of some KPIs, a row for each period and member of a dimension (a store), values to
    be filled in.

    Args:
        kpis: ids. days: days, or longer periods as the reader knows them (``2026-W18``, ``2026-05``).
        names: what to call the KPIs in the file; their ids where nothing is said.

    >>> made = values_csv(["sales"], [date(2026, 5, 1)], "nb", "Butikk", ["Oslo"])
    >>> print(made.decode("utf-8-sig").splitlines()[1])
    sales,2026-05-01,,,Oslo
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*_HEADS.get(lang, _HEADS["en"]), *([dimension] if dimension else [])])
    for day in days:
        for member in members:
            for kpi in kpis:
                name = defuse((names or {}).get(kpi, kpi))
                writer.writerow([name, str(day), "", "", *([defuse(member)] if dimension else [])])
    return out.getvalue().encode("utf-8-sig")


def values_xlsx(
    kpis: Sequence[str],
    days: Sequence[date | str],
    lang: str = "en",
    dimension: str = "",
    members: Sequence[str] = ("",),
    names: Mapping[str, str] | None = None,
) -> bytes:
    """The same as a workbook: the KPI and the member are chosen from lists, the date and the value are
    checked."""
    heads = [*_HEADS.get(lang, _HEADS["en"]), *([dimension] if dimension else [])]
    called = {kpi: (names or {}).get(kpi, kpi) for kpi in kpis}
    rows: list[list[object]] = [
        [called[kpi], day, None, None, *([member] if dimension else [])]
        for day in days
        for member in members
        for kpi in kpis
    ]
    checks: dict[int, dict[str, object]] = {0: _chosen(0, len(called)), 2: _numbers()}
    if all(isinstance(day, date) for day in days):
        checks[1] = _dates()
    lists = [list(called.values())]
    if dimension and tuple(members) != ("",):
        checks[4] = _chosen(1, len(members))
        lists.append(list(members))
    return _book(heads, rows, checks, translate(msg("Values"), lang), lists)


def _chosen(column: int, count: int) -> dict[str, object]:
    """A choice from a column of the hidden sheet; a list in the check itself may have 255 letters only."""
    letter = "ABC"[column]
    return {"validate": "list", "source": f"={LISTS}!${letter}$1:${letter}${count}"}


def table_xlsx(of: str | Table, lang: str = "en") -> bytes:
    """An empty workbook for a record table, its words in lists and its dates and numbers checked."""
    found = table(of) if isinstance(of, str) else of
    checks = {i: check for i, column in enumerate(found.columns.values()) if (check := _check(column))}
    return _book(_heads_of(found, lang), [], checks, table_label(found.name, lang), [])


def table_csv(of: str | Table, lang: str = "en") -> bytes:
    """The same as a CSV: its header, and nothing that could be taken for data.

    >>> table_csv("market_size", "nb").decode("utf-8-sig").strip()
    'Marked,Måned,Verdi,Valuta'
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(_heads_of(table(of) if isinstance(of, str) else of, lang))
    return out.getvalue().encode("utf-8-sig")


def _heads_of(of: Table, lang: str) -> list[str]:
    heads = [column_label(of.name, column, lang) for column in of.columns]
    return heads if len(set(heads)) == len(heads) else list(of.columns)


def _check(column: Column) -> dict[str, object] | None:
    if column.values:
        return _list(list(column.values))
    if column.type in ("day", "instant"):
        return _dates()
    if column.type in ("money", "number", "quantity", "integer"):
        return _numbers()
    return None


def _list(words: list[str]) -> dict[str, object]:
    kept: list[str] = []
    for word in words:
        if len(",".join([*kept, word])) > 250:
            return {"validate": "any"}
        kept.append(word)
    return {"validate": "list", "source": kept}


def _dates() -> dict[str, object]:
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": date(1990, 1, 1),
        "maximum": date(2100, 12, 31),
    }


def _numbers() -> dict[str, object]:
    return {"validate": "decimal", "criteria": "between", "minimum": -1e13, "maximum": 1e13}


def _book(
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    checks: Mapping[int, dict[str, object]],
    title: str,
    lists: Sequence[Sequence[str]],
) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(title[:31].translate(str.maketrans("", "", "[]:*?/\\")) or "1")
    for i, head in enumerate(heads):
        sheet.write_string(0, i, head, bold)
        sheet.set_column(i, i, max(12, len(head) + 2))
        if i in checks:
            sheet.data_validation(1, i, ROWS, i, checks[i])
    for r, row in enumerate(rows, start=1):
        for i, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(r, i, cell, day)
            elif cell is not None:
                sheet.write_string(r, i, str(cell))
    sheet.freeze_panes(1, 0)
    if lists:
        second = book.add_worksheet(LISTS)
        second.hide()
        for i, words in enumerate(lists):
            second.write_column(0, i, words)
    book.close()
    return out.getvalue()
