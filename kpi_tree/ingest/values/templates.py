"""Templates that people fill in and send back: CSV and XLSX with lists to choose from; they read back
without a mapping."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import xlsxwriter  # type: ignore[import-untyped]

from kpi_tree.i18n import msg, translate
from kpi_tree.ingest.files.defuse import defuse
from kpi_tree.records.tables import Column, Table, column_label, table, table_label

ROWS = 2000
"""Rows of a template that carry lists and checks."""

LISTS = "Lists"
"""The hidden sheet with the words to choose from."""

_HEADS = {
    "en": ("KPI", "Date", "Value", "Unit", "Note"),
    "nb": ("KPI", "Dato", "Verdi", "Enhet", "Notat"),
    "ja": ("KPI", "日付", "値", "単位", "備考"),
}
_UNITS = {
    "en": {"seconds": "s", "minutes": "min", "hours": "h", "days": "days", "points": "points"},
    "nb": {"seconds": "s", "minutes": "min", "hours": "t", "days": "dager", "points": "poeng"},
    "ja": {"seconds": "秒", "minutes": "分", "hours": "時間", "days": "日", "points": "ポイント"},
}
"""Units as the reader of files knows them."""
_FORMATS = {"percent": "0.0#%", "money": "#,##0.00", "count": "#,##0", "ratio": "0.00"}
_DELIMITERS = {"nb": ";"}
"""What a spreadsheet of the language splits a CSV by, where it is no comma."""


def unit_shown(unit: str, currency: str, lang: str) -> str:
    """The unit that stands beside a value to be filled in; empty for a plain number.

    >>> unit_shown("percent", "NOK", "en"), unit_shown("money", "NOK", "nb"), unit_shown("hours", "", "nb")
    ('%', 'NOK', 't')
    """
    if unit in ("percent", "money"):
        return "%" if unit == "percent" else currency
    return _UNITS.get(lang, _UNITS["en"]).get(unit, "")


def _rows(
    kpis: Sequence[str],
    days: Sequence[date | str],
    lang: str,
    dimension: str,
    members: Sequence[str],
    units: Mapping[str, tuple[str, str]],
) -> tuple[list[str], list[list[object]]]:
    """Headers and rows; the KPI stands in them by its id."""
    kpi_head, day_head, *rest = _HEADS.get(lang, _HEADS["en"])
    heads = [kpi_head, day_head, *([dimension] if dimension else []), *rest]
    rows: list[list[object]] = [
        [kpi, day, *([member] if dimension else []), None, unit_shown(*units.get(kpi, ("", "")), lang), None]
        for day in days
        for member in members
        for kpi in kpis
    ]
    return heads, rows


def values_csv(
    kpis: Sequence[str],
    days: Sequence[date | str],
    lang: str = "en",
    dimension: str = "",
    members: Sequence[str] = ("",),
    names: Mapping[str, str] | None = None,
    units: Mapping[str, tuple[str, str]] | None = None,
) -> bytes:
    """A CSV for values of some KPIs, a row for each period and member of a dimension (a store), values to
    be filled in.

    Args:
        kpis: ids. days: days, or longer periods as the reader knows them (``2026-W18``, ``2026-05``).
        names: what to call the KPIs in the file; their ids where nothing is said.
        units: KPI -> its unit, and the currency of money.

    >>> units = {"sales": ("money", "NOK")}
    >>> made = values_csv(["sales"], [date(2026, 5, 1)], "nb", "Butikk", ["Oslo"], units=units)
    >>> print(made.decode("utf-8-sig").splitlines()[1])
    sales;2026-05-01;Oslo;;NOK;
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=_DELIMITERS.get(lang, ","), lineterminator="\r\n")
    heads, rows = _rows(kpis, days, lang, dimension, members, units or {})
    writer.writerow([defuse(head) for head in heads])
    for kpi, day, *rest in rows:
        name = defuse((names or {}).get(str(kpi), str(kpi)))
        writer.writerow([name, str(day), *(defuse(str(cell)) if cell else "" for cell in rest)])
    return out.getvalue().encode("utf-8-sig")


def values_xlsx(
    kpis: Sequence[str],
    days: Sequence[date | str],
    lang: str = "en",
    dimension: str = "",
    members: Sequence[str] = ("",),
    names: Mapping[str, str] | None = None,
    units: Mapping[str, tuple[str, str]] | None = None,
) -> bytes:
    """The same as a workbook: the KPI and the member are chosen from lists, dates and values are checked, a
    value has the format of its unit, and each header says what stands below it."""
    heads, rows = _rows(kpis, days, lang, dimension, members, units or {})
    called = {kpi: (names or {}).get(kpi, kpi) for kpi in kpis}
    value = len(heads) - 3
    formats = {
        (line, value): _FORMATS.get((units or {}).get(str(row[0]), ("", ""))[0], "0.0#")
        for line, row in enumerate(rows, start=1)
    }
    for row in rows:
        row[0] = called[str(row[0])]
    checks: dict[int, dict[str, object]] = {0: _chosen(0, len(called)), value: _numbers()}
    dated = all(isinstance(day, date) for day in days)
    if dated:
        checks[1] = _dates()
    lists = [list(called.values())]
    if dimension and tuple(members) != ("",):
        checks[2] = _chosen(1, len(members))
        lists.append(list(members))
    for place, words in ((value, _VALUE_HELP), (1, _PERIOD_HELP)):
        text = translate(words, lang)
        checks[place] = {"validate": "any", **checks.get(place, {}), "input_message": text}
    title, texts = translate(msg("Values"), lang), set() if dated else {1}
    return _book(heads, rows, checks, title, lists, formats, _help(heads, value, lang), texts)


_VALUE_HELP = msg("Only the number, in the unit beside it. Rows without a value are passed over.")
_PERIOD_HELP = msg(
    "A day such as 2026-05-01, a week 2026-W18, a month 2026-05 or a quarter of the calendar 2026-Q2."
)


def _help(heads: Sequence[str], value: int, lang: str) -> dict[int, str]:
    """Column -> what to say of it at its header."""
    said = {
        0: msg("Choose from the list. More rows can be added below."),
        1: _PERIOD_HELP,
        value: _VALUE_HELP,
        value + 1: msg("What the value is in. Change it where yours is in another, such as min or %."),
        value + 2: msg("Anything to remember about the value. Columns to the right of it are remarks too."),
    }
    return {place: translate(words, lang) for place, words in said.items() if place < len(heads)}


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
    'Marked;Måned;Verdi;Valuta'
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=_DELIMITERS.get(lang, ","), lineterminator="\r\n")
    writer.writerow([defuse(head) for head in _heads_of(table(of) if isinstance(of, str) else of, lang)])
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


_ALLOWED = (
    "format_cells", "format_columns", "format_rows", "insert_rows", "insert_columns", "delete_rows",
    "delete_columns", "sort", "autofilter",
)  # fmt: skip
"""What may be done to the sheet although its header is locked; there is no password."""


def _book(
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    checks: Mapping[int, dict[str, object]],
    title: str,
    lists: Sequence[Sequence[str]],
    formats: Mapping[tuple[int, int], str] | None = None,
    remarks: Mapping[int, str] | None = None,
    texts: Collection[int] = (),
) -> bytes:
    """A workbook whose header is locked and stays in view.

    Args:
        checks: column -> what may stand below its header. lists: words to choose from, on a hidden sheet.
        formats: row and column -> how a number is shown. remarks: column -> what to say at its header.
        texts: columns of texts that a spreadsheet program would make dates of when they are typed anew.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title[:31].translate(str.maketrans("", "", "[]:*?/\\")) or "1")
    free = book.add_format({"locked": False})
    shown = {
        code: book.add_format({"num_format": code, "locked": False})
        for code in {"yyyy-mm-dd", "@", *(formats or {}).values()}
    }
    sheet.set_column(0, 16_383, None, free)
    for i, head in enumerate(heads):
        longest = max([len(head) + 2, *(_width(row[i]) for row in rows)])
        sheet.set_column(i, i, min(max(12, longest), 48), shown["@"] if i in texts else free)
        sheet.write_string(0, i, head, book.add_format({"bold": True, "bottom": 1, "locked": True}))
        if i in checks:
            sheet.data_validation(1, i, max(ROWS, len(rows)), i, checks[i])
        if remarks and i in remarks:
            sheet.write_comment(0, i, remarks[i], {"author": "", "x_scale": 2})
    for r, row in enumerate(rows, start=1):
        for i, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(r, i, cell, shown["yyyy-mm-dd"])
            elif cell:
                sheet.write_string(r, i, str(cell), shown["@"] if i in texts else free)
            else:
                sheet.write_blank(r, i, None, shown.get((formats or {}).get((r, i), ""), free))
    sheet.freeze_panes(1, 0)
    sheet.protect("", dict.fromkeys(_ALLOWED, True))
    _write_lists(book, lists)
    book.close()
    return out.getvalue()


def _width(cell: object) -> int:
    """How wide a cell is in letters; those of East Asia take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in str(cell or "")) + 2


def _write_lists(book: xlsxwriter.Workbook, lists: Sequence[Sequence[str]]) -> None:
    if lists:
        second = book.add_worksheet(LISTS)
        second.hide()
        for i, words in enumerate(lists):
            second.write_column(0, i, words)
