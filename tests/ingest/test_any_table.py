"""A table of any types, written as a program of any country writes it, is read back equal, or asked about."""

# ruff: noqa: E501 - tables read better unbroken
from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.ingest import read
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.answers.limits import LIMITS
from kpi_tree.ingest.cells.columns import Context
from kpi_tree.ingest.cells.convert import convert
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.sections import open_table

CURRENCY = {
    "en_US": "USD", "en_GB": "GBP", "en_IN": "INR", "nb_NO": "NOK", "sv_SE": "SEK", "da_DK": "DKK", "de_DE": "EUR",
    "de_CH": "CHF", "fr_FR": "EUR", "es_ES": "EUR", "it_IT": "EUR", "nl_NL": "EUR", "pt_BR": "BRL", "fi_FI": "EUR",
    "pl_PL": "PLN", "cs_CZ": "CZK", "ja_JP": "JPY", "zh_CN": "CNY",
}  # fmt: skip
"""Locales to their currencies."""
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16"]
OWN = {
    "ja": ("cp932", "日本語の商品名"),
    "zh": ("gb18030", "产品名称和规格"),
    "pl": ("utf-8", "żółty kubek"),
    "cs": ("utf-8", "žlutý hrnek"),
}
WEST = ("cp1252", "Blåbær, Größe, façade")
"""The encoding of old programs by language, and words that show it."""
YES = {
    "en": ("Yes", "No"),
    "nb": ("Ja", "Nei"),
    "sv": ("Ja", "Nej"),
    "de": ("Ja", "Nein"),
    "fr": ("Oui", "Non"),
    "ja": ("はい", "いいえ"),
}
KINDS = ("money", "quantity", "share", "day", "month", "instant", "duration", "boolean", "text")
AROUND = ["{}", " {}", "{} ", "{}\u00a0", "\u200b{}", "{}\u2060"]
Column = tuple[str, str, list[Any], list[str]]
"""Its header, its kind, its values and how they are written."""


def amounts() -> st.SearchStrategy[Decimal]:
    return st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))


def duration(seconds: int, style: int) -> str:
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return (
        f"{hours}:{minutes:02}:{seconds % 60:02}",
        f"{hours} h {minutes:02} min",
        f"{hours}t {minutes}m",
        f"PT{hours}H{minutes}M",
    )[style]


@st.composite
def columns(draw: st.DrawFn, locale: str, count: int, kind: str, place: int) -> Column:
    """One column, with a gap here and there."""
    days = st.dates(date(2004, 1, 1), date(2035, 12, 31))
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "money": amounts(), "quantity": st.integers(0, 10**6), "share": st.integers(-999, 9999).map(lambda n: Decimal(n).scaleb(-4)),
        "day": days, "month": days.map(lambda day: day.replace(day=1)),
        "instant": st.datetimes(datetime(2004, 1, 1), datetime(2035, 12, 31)).map(lambda at: at.replace(microsecond=0)),
        "duration": st.integers(1, 900).map(lambda n: n * 60), "boolean": st.booleans(),
        "text": st.sampled_from(["Kopp", "Vase stor", "A;b", 'si "så"', "x, y", "7 stk\tblå", "00123", "1.5 kg", "12345678901234567890"]),
    }  # fmt: skip
    values = [draw(kinds[kind]) for _ in range(count)]
    style, around = draw(st.integers(0, 3)), draw(st.sampled_from(AROUND)) if kind != "text" else "{}"
    words = YES.get(locale[:2], YES["en"])
    width = ("short", "medium", "long", "full")[style]
    ways: dict[str, Callable[[Any], str]] = {
        "money": lambda value: format_currency(value, CURRENCY[locale], locale=locale, currency_digits=False, decimal_quantization=False)
        if style % 2 else format_decimal(value, locale=locale, decimal_quantization=False),
        "quantity": lambda value: str(value) if style % 2 else format_decimal(value, locale=locale),
        "share": lambda value: format_percent(value, locale=locale, decimal_quantization=False),
        "day": lambda value: value.isoformat() if style == 0 else format_date(value, width, locale=locale),
        "month": lambda value: f"{value:%Y-%m}" if style == 0 else format_skeleton("yMMMM" if style > 1 else "yMMM", value, locale=locale),
        "instant": lambda value: value.isoformat(sep=" ") if style != 1 else format_datetime(value, "medium", locale=locale),
        "duration": lambda value: duration(value, style), "boolean": lambda value: words[not value], "text": str,
    }  # fmt: skip
    write = ways[kind]
    gaps = [draw(st.integers(0, 7)) == 0 for _ in range(count)]
    texts = ["" if gap else around.format(write(value)) for gap, value in zip(gaps, values, strict=True)]
    return (
        f"{kind} {place}",
        kind,
        [None if gap else value for gap, value in zip(gaps, values, strict=True)],
        texts,
    )


@st.composite
def tables(draw: st.DrawFn) -> tuple[bytes, list[Column]]:
    """A file of several columns, whose first never is empty."""
    locale, count = draw(st.sampled_from(sorted(CURRENCY))), draw(st.integers(3, 14))
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=6))
    made = [draw(columns(locale, count, kind, place)) for place, kind in enumerate(kinds)]
    old, words = OWN.get(locale[:2], WEST)
    names = [f"{words} {chr(97 + n)}" for n in range(count)]
    lines = [n * n + 1000 for n in range(count)]  # none of which is the sum of others
    table: list[Column] = [
        ("Name", "text", list(names), names),
        ("Line", "integer", lines, list(map(str, lines))),
        *made,
    ]
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=draw(st.sampled_from(",;\t|")),
        lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )
    writer.writerow([column[0] for column in table])
    writer.writerows(zip(*(column[3] for column in table), strict=True))
    encoding = draw(st.sampled_from([*ENCODINGS, old]))
    try:
        return out.getvalue().encode(encoding), table
    except UnicodeEncodeError:
        return out.getvalue().encode("utf-8"), table


def as_written(kind: str, value: Any) -> Any:
    if value is None or kind == "boolean":
        return value
    return {"share": float, "duration": float, "quantity": Decimal}.get(kind, lambda same: same)(value)


@settings(max_examples=40)
@given(tables())
def test_a_table_of_any_country_reads_back_equal_or_is_asked_about(drawn: tuple[bytes, list[Column]]) -> None:
    data, table = drawn
    _, raw = open_table(data, "a.csv", FileMapping(None, {}), LIMITS)
    assert raw.table.names == [column[0] for column in table]
    context = Context(
        raw.context.delimiter, None, None, raw.context.neighbour_decimal, raw.context.neighbour_order
    )
    types = {"share": "number", "month": "day"}
    for column, (_, kind, values, texts) in zip(raw.columns, table, strict=True):
        done = convert(column, types.get(kind, kind), context, "UTC")
        if done.readings:
            assert len(done.readings) > 1, texts
            continue
        found = done.values.to_pylist()
        if kind == "instant":
            found = [at and at.replace(tzinfo=None) for at in found]
        wanted = [as_written(kind, value) for value in values]
        if kind in ("share", "duration"):
            assert [at is None for at in found] == [at is None for at in wanted], texts
            assert all(
                a is None or abs(a - b) < 1e-9 * max(1, abs(b)) for a, b in zip(found, wanted, strict=True)
            ), texts
        else:
            assert found == wanted, texts
        assert not done.bad.any(), texts


KPIS = ["sales", "orders", "visitors", "conversion_rate"]
HEADS = {
    "nb_NO": ("KPI", "Periode", "Verdi", "Butikk", "Fra", "Til"), "de_DE": ("Kennzahl", "Zeitraum", "Wert", "Filiale", "Von", "Bis"),
    "en_GB": ("Metric", "Period", "Value", "Store", "From", "To"), "fr_FR": ("Indicateur", "Période", "Valeur", "Magasin", "Du", "Au"),
    "pl_PL": ("KPI", "Miesiąc", "Wartość", "Sklep", "Od", "Do"), "fi_FI": ("KPI", "Kuukausi", "Arvo", "Myymälä", "Alku", "Loppu"),
    "ja_JP": ("指標", "期間", "値", "店舗", "開始日", "終了日"),
}  # fmt: skip
Value = tuple[str, date, str, float, str | None]


@st.composite
def value_files(draw: st.DrawFn) -> tuple[bytes, list[Value], str]:
    """Values of KPIs in one of the forms that people keep them in; how it was written."""
    locale = draw(st.sampled_from(sorted(HEADS)))
    kpis = draw(st.lists(st.sampled_from(KPIS), min_size=1, max_size=3, unique=True))
    form = draw(st.sampled_from(["long", "spans", "across", "down", "store first"]))
    stores: list[str | None] = (
        draw(st.sampled_from([[None], ["Oslo", "Bergen"]])) if form != "store first" else ["Oslo", "Bergen"]
    )
    first, months = draw(st.dates(date(2019, 1, 1), date(2030, 1, 1))).replace(day=1), draw(st.integers(2, 6))
    starts = [(first + timedelta(days=32 * n)).replace(day=1) for n in range(months)]
    starts = sorted(set(starts))
    style = draw(st.sampled_from(["%Y-%m", "yMMMM", "yMMM"]))
    period = {
        day: day.strftime(style) if "%" in style else format_skeleton(style, day, locale=locale)
        for day in starts
    }
    values: dict[tuple[str, date, str | None], tuple[float, str]] = {}
    for kpi in kpis:
        for day in starts:
            for store in stores:
                values[kpi, day, store] = draw(written(kpi, locale))
    rows = draw(st.just(_rows(form, kpis, starts, stores, period, values, HEADS[locale])))
    out = io.StringIO()
    csv.writer(
        out, delimiter=draw(st.sampled_from(";\t|") if locale != "ja_JP" else st.sampled_from(",;\t"))
    ).writerows(rows)
    wanted = [(kpi, day, "month", value, store) for (kpi, day, store), (value, _) in values.items()]
    return (
        out.getvalue().encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))),
        wanted,
        out.getvalue(),
    )


@st.composite
def written(draw: st.DrawFn, kpi: str, locale: str) -> tuple[float, str]:
    """A value of a KPI, as a number and as written."""
    if kpi == "conversion_rate":
        share = Decimal(draw(st.integers(1, 999))).scaleb(-4)
        return float(share), format_percent(share, locale=locale, decimal_quantization=False)
    value = Decimal(draw(st.integers(0, 10**8))).scaleb(-2 if kpi == "sales" else 0)
    return float(value), format_decimal(value, locale=locale, decimal_quantization=False)


def _rows(
    form: str, kpis: list[str], starts: list[date], stores: list[str | None], period: dict[date, str],
    values: dict[tuple[str, date, str | None], tuple[float, str]], heads: tuple[str, ...],
) -> list[list[str]]:  # fmt: skip
    kpi_head, period_head, value_head, store_head, from_head, to_head = heads
    beside = [store_head] if stores[0] else []

    def of(store: str | None) -> list[str]:
        return [store] if store else []

    if form in ("long", "spans"):
        ends = {day: (day + timedelta(days=32)).replace(day=1) - timedelta(days=1) for day in starts}
        when = {
            day: [period[day]] if form == "long" else [day.isoformat(), ends[day].isoformat()]
            for day in starts
        }
        periods = [period_head] if form == "long" else [from_head, to_head]
        made = [[kpi, *when[day], *of(store), text] for (kpi, day, store), (_, text) in values.items()]
        return [[kpi_head, *periods, *beside, value_head], *made]
    if form == "down":
        made = [
            [period[day], *of(store), *(values[kpi, day, store][1] for kpi in kpis)]
            for day in starts
            for store in stores
        ]
        return [[period_head, *beside, *kpis], *made]
    head = [kpi_head, *beside] if form == "across" else [store_head, kpi_head]
    made = [
        [*([kpi, *of(store)] if form == "across" else [str(store), kpi]), *(values[kpi, day, store][1] for day in starts)]
        for store in stores for kpi in kpis
    ]  # fmt: skip
    return [[*head, *(period[day] for day in starts)], *made]


@settings(max_examples=40)
@given(value_files())
def test_values_of_kpis_in_any_form_read_back_equal_or_are_asked_about(
    drawn: tuple[bytes, list[Value], str],
) -> None:
    data, wanted, written_as = drawn
    try:
        done = read(data, "a.csv", timezone="UTC")
    except AskError as asked:
        if len(asked.choices) > 1:
            return
        raise
    assert done.observations is not None, written_as
    found = [
        (row["kpi"], row["start"], row["grain"], round(row["value"], 6), row.get("store"))
        for row in done.observations.to_pylist()
    ]
    assert sorted(found, key=str) == sorted([(*v[:3], round(v[3], 6), v[4]) for v in wanted], key=str), (
        written_as
    )
