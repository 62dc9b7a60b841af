"""Awkward files with what they hold: made here, so that what must be read is known for certain."""

# ruff: noqa: E501 - files read better unbroken
from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl

MAPPING = ("kind", "incurred_on", "amount", "note")
DAYS = [date(2024, 1, 31), date(2024, 2, 29), date(2023, 12, 5), date(2024, 11, 8), date(2024, 5, 17)]
AMOUNTS = [Decimal("1234.50"), Decimal("-7.25"), Decimal("0.99"), Decimal("1234567.89"), Decimal("12.00")]

WORDS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "en": (
        ["Kind", "Day", "Amount", "Remark"],
        ["rent", "wages", "café bill", "travel", "power"],
        ["first", "second", "a “quoted” one", "", "last"],
    ),
    "nb": (
        ["Slag", "Dag", "Beløp", "Merknad"],
        ["husleie", "lønn", "kjøp", "reise", "strøm"],
        ["første", "andre", "på nytt", "", "siste"],
    ),
    "sv": (
        ["Slag", "Dag", "Belopp", "Anmärkning"],
        ["hyra", "lön", "inköp", "resa", "försäkring"],
        ["första", "andra", "på nytt", "", "sista"],
    ),
    "de": (
        ["Art", "Tag", "Betrag", "Bemerkung"],
        ["Miete", "Löhne", "Büro", "Reise", "Gebühr"],
        ["erste", "zweite", "für März", "", "groß"],
    ),
    "fr": (
        ["Genre", "Jour", "Montant", "Remarque"],
        ["loyer", "salaires", "café", "déplacement", "énergie"],
        ["première", "deuxième", "à revoir", "", "dernière"],
    ),
    "ja": (
        ["種類", "日付", "金額", "備考"],
        ["家賃", "給与", "交通費", "出張", "電気代"],
        ["一番目", "二番目", "もう一度", "", "最後"],
    ),
    "zh": (
        ["种类", "日期", "金额", "备注"],
        ["房租", "工资", "交通费", "出差", "电费"],
        ["第一", "第二", "再来一次", "", "最后"],
    ),
}


@dataclass
class Case:
    """One file: its bytes, the rows in it, and its typed values."""

    name: str
    data: bytes
    header: list[str]
    rows: list[list[str]]
    amounts: list[Decimal | None] = field(default_factory=lambda: list(AMOUNTS))
    days: list[date] = field(default_factory=lambda: list(DAYS))
    encoding: str | None = None
    delimiter: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    values: bool = True
    """Whether its cells are those of the four columns above."""

    @property
    def typed(self) -> bool:
        """Whether the values are what the file is about; of the others, every seventh is checked too."""
        return self.values and (
            self.name.startswith(("number", "null", "date", "xlsx", "gz", "zip")) or sum(self.data) % 7 == 0
        )

    def mapping(self) -> dict[str, Any]:
        columns = dict(zip(self.header, MAPPING, strict=False))
        return {"table": "costs", "columns": columns, "options": self.options}


def quote(cell: str, delimiter: str, *, always: bool = False, mark: str = '"', escape: str = "") -> str:
    if always or any(c in cell for c in (delimiter, mark, "\n", "\r")):
        return mark + cell.replace(mark, (escape or mark) + mark) + mark
    return cell


def render(
    header: list[str], rows: list[list[str]], delimiter: str = ",", end: str = "\n", **how: Any
) -> str:
    return "".join(
        delimiter.join(quote(cell, delimiter, **how) for cell in row) + end for row in [header, *rows]
    )


def group(digits: str, sign: str, style: str) -> str:
    if style == "indian" and len(digits) > 3:
        head, tail = digits[:-3], digits[-3:]
        parts = []
        while head:
            parts.insert(0, head[-2:])
            head = head[:-2]
        return sign.join([*parts, tail])
    out = ""
    while len(digits) > 3:
        digits, out = digits[:-3], sign + digits[-3:] + out
    return digits + out


def amount_text(
    value: Decimal,
    thousands: str,
    decimal: str,
    *,
    negative: str = "-{}",
    style: str = "west",
    around: str = "{}",
) -> str:
    whole, part = f"{abs(value):.2f}".split(".")
    text = around.format(group(whole, thousands, style) + decimal + part)
    return negative.format(text) if value < 0 else text


def table(lang: str, amounts: list[str], days: list[str]) -> tuple[list[str], list[list[str]]]:
    header, kinds, notes = WORDS[lang]
    return header, [[k, d, a, n] for k, d, a, n in zip(kinds, days, amounts, notes, strict=True)]


def plain(lang: str = "en", thousands: str = "", decimal: str = ".") -> tuple[list[str], list[list[str]]]:
    return table(lang, [amount_text(a, thousands, decimal) for a in AMOUNTS], [d.isoformat() for d in DAYS])


ENCODINGS = {
    "en": ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"],
    "nb": [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "cp1252",
        "iso-8859-1",
        "iso-8859-15",
        "mac_roman",
    ],
    "sv": ["cp1252", "iso-8859-1", "mac_roman"],
    "de": ["cp1252", "iso-8859-15", "mac_roman", "utf-16-be"],
    "fr": ["cp1252", "iso-8859-1", "mac_roman", "utf-16-le"],
    "ja": ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp"],
    "zh": ["utf-8", "gb18030", "utf-16"],
}


def encodings() -> Iterator[Case]:
    for lang, names in ENCODINGS.items():
        for encoding in names:
            for delimiter in (",", ";"):
                header, rows = plain(lang)
                data = render(header, rows, delimiter, "\r\n").encode(
                    encoding, "replace" if encoding == "iso-8859-1" else "strict"
                )
                yield Case(f"{lang}-{encoding}-{delimiter}", data, header, rows, delimiter=delimiter)
        header, rows = plain(lang)
        one = [[WORDS[lang][1][2], "2024-01-31", "5.00", ""]]
        for encoding in names:
            short = Case(
                f"short-{lang}-{encoding}",
                render(header, one, ";").encode(encoding, "replace"),
                header,
                one,
                [Decimal(5)],
                [date(2024, 1, 31)],
            )
            yield short


def delimiters() -> Iterator[Case]:
    for delimiter in (",", ";", "\t", "|", ":", "^", "~", "||", "~|~", ";;", "::", "\x1f"):
        for end in ("\n", "\r\n", "\r"):
            header, rows = plain("nb")
            yield Case(
                f"delimiter-{delimiter!r}-{end!r}",
                render(header, rows, delimiter, end).encode(),
                header,
                rows,
                delimiter=delimiter,
            )
    for delimiter in (",", ";", "\t", "|"):
        header, rows = plain("en")
        rows[0][3], rows[1][3], rows[2][3] = f"a{delimiter}b", 'say "hi"', "two\nlines"
        yield Case(
            f"quoted-{delimiter!r}",
            render(header, rows, delimiter).encode(),
            header,
            rows,
            delimiter=delimiter,
        )
        yield Case(
            f"all-quoted-{delimiter!r}",
            render(header, rows, delimiter, always=True).encode(),
            header,
            rows,
            delimiter=delimiter,
        )
        escaped = render(header, rows, delimiter, escape="\\").encode()
        yield Case(f"escaped-{delimiter!r}", escaped, header, rows, delimiter=delimiter)
        single = [[c.replace('"', "") for c in row] for row in rows]
        yield Case(
            f"single-quoted-{delimiter!r}",
            render(header, single, delimiter, always=True, mark="'").encode(),
            header,
            single,
            delimiter=delimiter,
        )
    header, rows = plain("en")
    text = render(header, rows, ",")
    wrapped = "".join('"' + line.replace('"', '""') + '"\n' for line in text.splitlines())
    yield Case("wrapped-lines", wrapped.encode(), header, rows, delimiter=",")
    yield Case(
        "sep-line", ("sep=;\r\n" + render(header, rows, ";", "\r\n")).encode(), header, rows, delimiter=";"
    )
    mixed = render(header, rows[:2], ";", "\n") + "".join(";".join(r) + "\r\n" for r in rows[2:])
    yield Case("mixed-ends", mixed.encode(), header, rows, delimiter=";")
    yield Case("no-last-newline", text.rstrip("\n").encode(), header, rows, delimiter=",")
    odd = ["Kind", "Day", "Amount, net (NOK)", "Remark"]
    yield Case("delimiter-in-header", render(odd, rows, ",").encode(), odd, rows, delimiter=",")


def shapes() -> Iterator[Case]:
    for lang in ("en", "nb", "de", "fr", "ja"):
        header, rows = plain(lang, decimal="," if lang in ("nb", "de", "fr") else ".")
        body = render(header, rows, ";")
        title = {
            "en": "Cost report",
            "nb": "Kostnadsrapport",
            "de": "Kostenbericht",
            "fr": "Rapport des coûts",
            "ja": "費用レポート",
        }[lang]
        yield Case(f"title-{lang}", f"{title}\n{body}".encode(), header, rows, delimiter=";")
        yield Case(
            f"preamble-{lang}", f"{title}\nFjordbutikken AS\n\n{body}".encode(), header, rows, delimiter=";"
        )
        yield Case(f"hash-{lang}", f"# {title}\n# ----\n#\n{body}".encode(), header, rows, delimiter=";")
        total = {"en": "Total", "nb": "Totalt", "de": "Gesamt", "fr": "Total général", "ja": "合計"}[lang]
        amounts = amount_text(sum(AMOUNTS), "", "," if lang in ("nb", "de", "fr") else ".")
        yield Case(f"total-{lang}", f"{body}{total};;{amounts};\n".encode(), header, rows, delimiter=";")
        yield Case(
            f"total-first-{lang}",
            render(header, [[total, "", amounts, ""], *rows], ";").encode(),
            header,
            rows,
            delimiter=";",
        )
        yield Case(f"unlabelled-total-{lang}", f"{body};;{amounts};\n".encode(), header, rows, delimiter=";")
        yield Case(f"footer-{lang}", f"{body}\n{title} 2024\n".encode(), header, rows, delimiter=";")
        yield Case(f"blank-lines-{lang}", body.replace("\n", "\n\n").encode(), header, rows, delimiter=";")
        yield Case(f"blank-cells-lines-{lang}", (body + ";;;\n;;;\n").encode(), header, rows, delimiter=";")
        yield Case(
            f"header-again-{lang}",
            (body + render(header, rows, ";")).encode(),
            header,
            rows + rows,
            AMOUNTS * 2,
            DAYS * 2,
            delimiter=";",
        )
        yield Case(
            f"trailing-delimiter-{lang}", body.replace("\n", ";\n").encode(), header, rows, delimiter=";"
        )
        second = f"{body}\nButikk;Antall;Navn\nOslo;3;x\n"
        yield Case(f"second-table-{lang}", second.encode(), header, rows, delimiter=";")


def numbers() -> Iterator[Case]:
    styles: list[tuple[str, str, str, dict[str, str]]] = [
        ("german", ".", ",", {}),
        ("norwegian", " ", ",", {}),
        ("no-break", "\xa0", ",", {}),
        ("narrow", "\u202f", ",", {}),
        ("swiss", "'", ".", {}),
        ("swiss-curly", "’", ".", {}),
        ("english", ",", ".", {}),
        ("indian", ",", ".", {"style": "indian"}),
        ("bare-comma", "", ",", {}),
        ("brackets", ",", ".", {"negative": "({})"}),
        ("minus-after", ".", ",", {"negative": "{}-"}),
        ("triangle", ",", ".", {"negative": "▲{}"}),
        ("open-triangle", ",", ".", {"negative": "△{}"}),
        ("true-minus", " ", ",", {"negative": "−{}"}),
        ("kr-before", " ", ",", {"around": "kr {}"}),
        ("kr-after", ".", ",", {"around": "{} kr"}),
        ("nok-before", " ", ",", {"around": "NOK {}"}),
        ("euro-after", ".", ",", {"around": "{} €"}),
        ("euro-before", ",", ".", {"around": "€{}"}),
        ("pound", ",", ".", {"around": "£{}"}),
        ("dollar", ",", ".", {"around": "${}"}),
        ("dollar-brackets", ",", ".", {"around": "${}", "negative": "({})"}),
        ("yen", ",", ".", {"around": "¥{}"}),
        ("wide-yen", ",", ".", {"around": "￥{}"}),
        ("en-after", ",", ".", {"around": "{}円"}),
        ("minus-kr", "\xa0", ",", {"around": "kr {}", "negative": "-{}"}),
    ]
    for name, thousands, decimal, how in styles:
        for delimiter in (";", ",", "\t"):
            header, rows = table(
                "en",
                [amount_text(a, thousands, decimal, **how) for a in AMOUNTS],
                [d.isoformat() for d in DAYS],
            )
            yield Case(
                f"number-{name}-{delimiter!r}",
                render(header, rows, delimiter).encode(),
                header,
                rows,
                delimiter=delimiter,
            )
    wide = "".maketrans("0123456789,.-", "０１２３４５６７８９，．－")
    header, rows = table(
        "ja", [amount_text(a, ",", ".").translate(wide) for a in AMOUNTS], [d.isoformat() for d in DAYS]
    )
    yield Case("number-full-width", render(header, rows, ",").encode("cp932"), header, rows)
    header, rows = table(
        "nb", [f"kr {group(str(int(abs(a))), ' ', 'west')},-" for a in AMOUNTS], [d.isoformat() for d in DAYS]
    )
    yield Case(
        "number-kr-dash",
        render(header, rows, ";").encode(),
        header,
        rows,
        [Decimal(int(abs(a))) for a in AMOUNTS],
    )
    header, rows = table(
        "en", ["1.2345E+03", "-7.25E0", "9.9e-1", "1.23456789E+06", "1.2E1"], [d.isoformat() for d in DAYS]
    )
    yield Case("number-exponent", render(header, rows, ",").encode(), header, rows)
    header, rows = table(
        "nb", ["1,2345E+03", "-7,25E0", "9,9e-1", "1,23456789E+06", "1,2E1"], [d.isoformat() for d in DAYS]
    )
    yield Case("number-exponent-comma", render(header, rows, ";").encode(), header, rows)
    for number, empty in enumerate(
        ("", "-", "--", "N/A", "#DIV/0!", "null", "?", "not stocked", "–", "k.A.")
    ):
        header, rows = table(
            "en", [amount_text(a, "", ".") for a in AMOUNTS[:4]] + [empty], [d.isoformat() for d in DAYS]
        )
        yield Case(f"null-{number}", render(header, rows, ";").encode(), header, rows, [*AMOUNTS[:4], None])


NB = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
]
SV = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
DE = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
FR = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
WEEKDAYS_JA = "月火水木金土日"


def dates() -> Iterator[Case]:
    styles: dict[str, list[str]] = {
        "iso": [f"{d:%Y-%m-%d}" for d in DAYS],
        "iso-time": [f"{d:%Y-%m-%d} 10:30" for d in DAYS],
        "iso-t": [f"{d:%Y-%m-%d}T10:30:15" for d in DAYS],
        "iso-z": [f"{d:%Y-%m-%d}T10:30:15Z" for d in DAYS],
        "iso-offset": [f"{d:%Y-%m-%d}T10:30:15+01:00" for d in DAYS],
        "iso-fraction": [f"{d:%Y-%m-%d} 10:30:15.123" for d in DAYS],
        "slash-ymd": [f"{d:%Y/%m/%d}" for d in DAYS],
        "dot-ymd": [f"{d:%Y.%m.%d}" for d in DAYS],
        "slash-ymd-bare": [f"{d.year}/{d.month}/{d.day}" for d in DAYS],
        "compact": [f"{d:%Y%m%d}" for d in DAYS],
        "dot-dmy": [f"{d:%d.%m.%Y}" for d in DAYS],
        "dot-dmy-bare": [f"{d.day}.{d.month}.{d.year}" for d in DAYS],
        "dot-spaced": [f"{d.day}. {d.month}. {d.year}" for d in DAYS],
        "dot-dmy-short": [f"{d:%d.%m.%y}" for d in DAYS],
        "slash-dmy": [f"{d:%d/%m/%Y}" for d in DAYS],
        "slash-mdy": [f"{d:%m/%d/%Y}" for d in DAYS],
        "slash-mdy-time": [f"{d:%m/%d/%Y} 3:05 PM" for d in DAYS],
        "dash-dmy": [f"{d:%d-%m-%Y}" for d in DAYS],
        "slash-dmy-short": [f"{d:%d/%m/%y}" for d in DAYS],
        "en": [f"{d.day} {d:%B} {d.year}" for d in DAYS],
        "en-us": [f"{d:%B} {d.day}, {d.year}" for d in DAYS],
        "en-abbr": [f"{d:%d-%b-%Y}" for d in DAYS],
        "en-abbr-short": [f"{d:%d/%b/%y}" for d in DAYS],
        "jira": [f"{d:%d/%b/%y} 03:26 PM" for d in DAYS],
        "mailchimp": [f"{d:%b %d, %Y} 09:30 pm" for d in DAYS],
        "amazon": [f"{d:%b} {d.day}, {d.year} 1:05:07 PM PST" for d in DAYS],
        "weekday": [f"{d:%a}, {d.day} {d:%b} {d.year}" for d in DAYS],
        "ordinal": [f"{d.day}th {d:%B} {d.year}" for d in DAYS],
        "nb": [f"{d.day}. {NB[d.month - 1]} {d.year}" for d in DAYS],
        "nb-abbr": [f"{d.day}. {NB[d.month - 1][:3]}. {d.year}" for d in DAYS],
        "sv": [f"{d.day} {SV[d.month - 1]} {d.year}" for d in DAYS],
        "sv-den": [f"den {d.day} {SV[d.month - 1]} {d.year}" for d in DAYS],
        "de": [f"{d.day}. {DE[d.month - 1]} {d.year}" for d in DAYS],
        "fr": [f"{d.day} {FR[d.month - 1]} {d.year}" for d in DAYS],
        "fr-le": [f"le {d.day} {FR[d.month - 1]} {d.year}" for d in DAYS],
        "ja": [f"{d.year}年{d.month}月{d.day}日" for d in DAYS],
        "ja-weekday": [f"{d.year}年{d.month}月{d.day}日({WEEKDAYS_JA[d.weekday()]})" for d in DAYS],
        "reiwa": [f"令和{d.year - 2018}年{d.month}月{d.day}日" for d in DAYS],
        "reiwa-short": [f"R{d.year - 2018}.{d.month}.{d.day}" for d in DAYS],
        "ja-time": [f"{d:%Y/%m/%d} 10:30:00" for d in DAYS],
        "serial": [str((d - date(1899, 12, 30)).days) for d in DAYS],
        "epoch": [str((d - date(1970, 1, 1)).days * 86400 + 43200) for d in DAYS],
        "epoch-ms": [str(((d - date(1970, 1, 1)).days * 86400 + 43200) * 1000) for d in DAYS],
        "mixed": [
            f"{DAYS[0]:%Y-%m-%d}",
            f"{DAYS[1]:%d.%m.%Y}",
            f"{DAYS[2].year}年{DAYS[2].month}月{DAYS[2].day}日",
            f"{DAYS[3]:%Y%m%d}",
            f"{DAYS[4]:%d %b %Y}",
        ],
    }
    for name, texts in styles.items():
        for delimiter in (";", ","):
            header, rows = table("en", [amount_text(a, "", ".") for a in AMOUNTS], texts)
            yield Case(
                f"date-{name}-{delimiter}",
                render(header, rows, delimiter).encode(),
                header,
                rows,
                delimiter=delimiter,
            )
    coarse = {
        "month": (["2024-01", "2024-02", "2023-12", "2024-11", "2024-05"], [d.replace(day=1) for d in DAYS]),
        "month-name": (
            ["Jan 2024", "Feb 2024", "Dec 2023", "Nov 2024", "May 2024"],
            [d.replace(day=1) for d in DAYS],
        ),
        "month-ja": (
            ["2024年1月", "2024年2月", "2023年12月", "2024年11月", "2024年5月"],
            [d.replace(day=1) for d in DAYS],
        ),
        "quarter": (
            ["2024-Q1", "2024-Q1", "2023-Q4", "2024-Q4", "2024-Q2"],
            [date(2024, 1, 1), date(2024, 1, 1), date(2023, 10, 1), date(2024, 10, 1), date(2024, 4, 1)],
        ),
        "quarter-nb": (
            ["1. kvartal 2024", "1. kvartal 2024", "4. kvartal 2023", "4. kvartal 2024", "2. kvartal 2024"],
            [date(2024, 1, 1), date(2024, 1, 1), date(2023, 10, 1), date(2024, 10, 1), date(2024, 4, 1)],
        ),
        "week": (
            ["2024-W05", "2024-W09", "2023-W49", "2024-W45", "2024-W20"],
            [date(2024, 1, 29), date(2024, 2, 26), date(2023, 12, 4), date(2024, 11, 4), date(2024, 5, 13)],
        ),
        "week-nb": (
            ["uke 5 2024", "uke 9 2024", "uke 49 2023", "uke 45 2024", "uke 20 2024"],
            [date(2024, 1, 29), date(2024, 2, 26), date(2023, 12, 4), date(2024, 11, 4), date(2024, 5, 13)],
        ),
    }
    for name, (texts, days) in coarse.items():
        header, rows = table("en", [amount_text(a, "", ".") for a in AMOUNTS], texts)
        yield Case(f"date-{name}", render(header, rows, ";").encode(), header, rows, days=days)


def containers() -> Iterator[Case]:
    header, rows = plain("nb")
    text = render(header, rows, ";")
    yield Case("gz", gzip.compress(text.encode()), header, rows)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/kostnader.csv", text.encode("cp1252"))
    yield Case("zip", packed.getvalue(), header, rows)
    for name, lead, typed in (("xlsx", 0, True), ("xlsx-title", 3, True), ("xlsx-text", 0, False)):
        book = openpyxl.Workbook()
        sheet = book.active
        for _ in range(lead):
            sheet.append(["Rapport"])
        sheet.append(header)
        for row, day, amount in zip(rows, DAYS, AMOUNTS, strict=True):
            sheet.append(
                [
                    row[0],
                    day if typed else f"{day:%d.%m.%Y}",
                    float(amount) if typed else amount_text(amount, " ", ","),
                    row[3],
                ]
            )
        out = io.BytesIO()
        book.save(out)
        expected = [
            [
                r[0],
                d.isoformat() if typed else f"{d:%d.%m.%Y}",
                f"{a.normalize():f}" if typed else amount_text(a, " ", ","),
                r[3],
            ]
            for r, d, a in zip(rows, DAYS, AMOUNTS, strict=True)
        ]
        yield Case(name, out.getvalue(), header, expected)


FIELD: dict[str, tuple[str, str, list[str]]] = {
    "till-report": (
        "utf-8",
        "KASSE 3 - Z 0412\nDato: 31.05.2026\n\nGruppe;Antall;Beløp\nKaffe;112;4 368,00\nBakst;45;1 575,50\nBrus;8;232,-\n\n"
        "Sum;165;6 175,50\nMoms 25%;;1 235,10\n",
        ["Gruppe;Antall;Beløp", "Kaffe;112;4 368,00", "Bakst;45;1 575,50", "Brus;8;232,-"],
    ),
    "sums-of-groups": (
        "utf-8",
        "Butikk;Dag;Salg\nOslo;30.05.2026;10\nOslo;31.05.2026;20\nSum Oslo;;30\nMoss;30.05.2026;5\nMoss Ergebnis;;5\nTotalsum;;35\n",
        ["Butikk;Dag;Salg", "Oslo;30.05.2026;10", "Oslo;31.05.2026;20", "Moss;30.05.2026;5"],
    ),
    "total-of-a-numbered-list": (
        "utf-8",
        "No.;Channel;Sessions;Engaged;Revenue\n1;Organic;60;40;10,5\n2;Direct;40;10;0\n3;Grand total;100;50;10,5\n",
        ["No.;Channel;Sessions;Engaged;Revenue", "1;Organic;60;40;10,5", "2;Direct;40;10;0"],
    ),
    "total-nl": (
        "utf-8",
        "Winkel;Omzet\nGent;100,5\nAalst;200\nEindtotaal;300,5\n",
        ["Winkel;Omzet", "Gent;100,5", "Aalst;200"],
    ),
    "closing-balance": (
        "utf-8",
        "Data;Descrizione;Dare;Avere\n31/05/2026;POS;1.234,56;\n30/05/2026;Bonifico;;12.000,00\nSaldo finale;;;10.765,44\n",
        ["Data;Descrizione;Dare;Avere", "31/05/2026;POS;1.234,56;", "30/05/2026;Bonifico;;12.000,00"],
    ),
    "two-quotes-that-never-close": (
        "utf-8",
        'Ordre;Vare;Pris\n1;"TV 42";10\n2;Skjerm 24";20\n3;"Kabel;30\n4;Mus;40\n',
        ["Ordre;Vare;Pris", "1;TV 42;10", '2;Skjerm 24";20', '3;"Kabel;30', "4;Mus;40"],
    ),
    "opening-balance-and-end-of-file": (
        "utf-8",
        "Dato;Tekst;Sum\r\n;Inngående saldo;1 000,00\r\n02.05.2026;Kiwi;-100,00\r\n03.05.2026;Rema;-50,00\r\n\x1a",
        ["Dato;Tekst;Sum", "02.05.2026;Kiwi;-100,00", "03.05.2026;Rema;-50,00"],
    ),
    "header-of-two-lines": (
        "utf-8",
        '"Ordre\nnr";"Sum\ninkl. mva"\n1;10,5\n2;20\n3;30\n',
        ["Ordre\nnr;Sum\ninkl. mva", "1;10,5", "2;20", "3;30"],
    ),
    "new-page": (
        "utf-8",
        "Dato;Sum\n30.05.2026;1,5\n\x0cDato;Sum\n31.05.2026;2,5\n01.06.2026;3\n",
        ["Dato;Sum", "30.05.2026;1,5", "31.05.2026;2,5", "01.06.2026;3"],
    ),
    "euro-in-a-header": (
        "cp1252",
        "Artikel;Umsatz (€)\nLampe;12,50\nStuhl;9\n",
        ["Artikel;Umsatz (€)", "Lampe;12,50", "Stuhl;9"],
    ),
    "euro-in-a-header-of-latin-9": (
        "iso-8859-15",
        "Artikel;Umsatz (€)\nLampe;12,50\nStuhl;9\n",
        ["Artikel;Umsatz (€)", "Lampe;12,50", "Stuhl;9"],
    ),
    "euro-in-a-header-of-a-mac": (
        "mac_roman",
        "Artikel;Umsatz (€)\nLampe;12,50\nStuhl;9\n",
        ["Artikel;Umsatz (€)", "Lampe;12,50", "Stuhl;9"],
    ),
    "trademarks": (
        "cp1252",
        "Product;Price\nNike™ shoe;120\nLego™ set;90\n",
        ["Product;Price", "Nike™ shoe;120", "Lego™ set;90"],
    ),
    "curly-quotes": (
        "cp1252",
        "Name;Note\nKari;“nice”\nOla;it’s ok\n",
        ["Name;Note", "Kari;“nice”", "Ola;it’s ok"],
    ),
    "dashes": (
        "cp1252",
        "Period;Sum\nJan – Feb;120\nMar – Apr;90\n",
        ["Period;Sum", "Jan – Feb;120", "Mar – Apr;90"],
    ),
    "dashes-of-a-mac": (
        "mac_roman",
        "Period;Sum\nJan – Feb;120\nMar – Apr;90\n",
        ["Period;Sum", "Jan – Feb;120", "Mar – Apr;90"],
    ),
    "degrees-of-a-mac": (
        "mac_roman",
        "Day;Temp °C\n2024-01-01;12\n2024-01-02;13\n",
        ["Day;Temp °C", "2024-01-01;12", "2024-01-02;13"],
    ),
    "half-width-kana-in-three-bytes": (
        "euc_jp",
        "ｼｮｳﾋﾝ;ｷﾝｶﾞｸ\nﾘﾝｺﾞ;100\nﾐｶﾝ;200\n",
        ["ｼｮｳﾋﾝ;ｷﾝｶﾞｸ", "ﾘﾝｺﾞ;100", "ﾐｶﾝ;200"],
    ),
    "full-width-digits-alone": (
        "cp932",
        "a;b\nx;１，２３４．５６\ny;１２．５０\n",
        ["a;b", "x;１，２３４．５６", "y;１２．５０"],
    ),
    "yuan-that-are-utf-8-by-chance": (
        "gb18030",
        "a;b\nx;1,200.50元\ny;300元\n",
        ["a;b", "x;1,200.50元", "y;300元"],
    ),
    "folders-in-quotes": (
        "utf-8",
        'Id;Folder;Sum\n1;"C:\\temp\\";5\n2;"D:\\x";6\n',
        ["Id;Folder;Sum", "1;C:\\temp\\;5", "2;D:\\x;6"],
    ),
    "a-quote-open-at-the-end": (
        "utf-8",
        'Id;Note;Sum\n1;"a";5\n2;"b";6\n3;"c;7',
        ["Id;Note;Sum", "1;a;5", "2;b;6", '3;"c;7'],
    ),
    "an-end-of-two-columns": (
        "utf-8",
        "Store;Sales\nOslo;120,50\nMoss;99\n-- end --\n",
        ["Store;Sales", "Oslo;120,50", "Moss;99"],
    ),
    "rows-affected": (
        "utf-8",
        "Store;Sales\nOslo;120,50\nMoss;99\n(2 rows affected)\n",
        ["Store;Sales", "Oslo;120,50", "Moss;99"],
    ),
    "header-of-three-levels": (
        "utf-8",
        ";2024;2024;2024;2024\n;H1;H1;H2;H2\nStore;Qty;Sum;Qty;Sum\nOslo;1;2,5;3;4,5\nMoss;5;6,5;7;8,5\n",
        ["Store;2024 H1 Qty;2024 H1 Sum;2024 H2 Qty;2024 H2 Sum", "Oslo;1;2,5;3;4,5", "Moss;5;6,5;7;8,5"],
    ),
    "remark-above-a-header-of-two-levels": (
        "utf-8",
        ";Printed;by Kari;;\n;2024;;2025;\nStore;Q1;Q2;Q1;Q2\nOslo;1;2;3;4\nMoss;5;6;7;8\n",
        ["Store;2024 Q1;2024 Q2;2025 Q1;2025 Q2", "Oslo;1;2;3;4", "Moss;5;6;7;8"],
    ),
    "numbered-rows-of-r": (
        "utf-8",
        '"name";"price";"day"\n"1";"Lamp";12.5;"2024-01-05"\n"2";"Chair";7.5;"2024-01-06"\n',
        [";name;price;day", "1;Lamp;12.5;2024-01-05", "2;Chair;7.5;2024-01-06"],
    ),
    "named-rows-of-r": (
        "utf-8",
        "mpg;cyl\nMazda RX4;21;6\nDatsun 710;22.8;4\n",
        [";mpg;cyl", "Mazda RX4;21;6", "Datsun 710;22.8;4"],
    ),
    "subtotals-nl": (
        "utf-8",
        "Winkel;Dag;Omzet\nGent;1;1,5\nGent;2;2,5\nSubtotaal;;4\nAalst;1;3,5\nSubtotaal;;3,5\n",
        ["Winkel;Dag;Omzet", "Gent;1;1,5", "Gent;2;2,5", "Aalst;1;3,5"],
    ),
    "one-letter-of-an-old-mac": (
        "mac_roman",
        "Kampanje;Sendt\nVår;64517\nJul;120\n",
        ["Kampanje;Sendt", "Vår;64517", "Jul;120"],
    ),
}


def field_files() -> Iterator[Case]:
    """What offices sent, in which something was once read wrong."""
    for name, (encoding, text, rows) in FIELD.items():
        cells = [row.split(";") for row in rows]
        yield Case(f"field-{name}", text.encode(encoding), cells[0], cells[1:], values=False)


def cases() -> list[Case]:
    """Every file of the corpus."""
    makers = (encodings, delimiters, shapes, numbers, dates, containers, field_files)
    return [case for make in makers for case in make()]
