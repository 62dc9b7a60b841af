"""Layouts: what a vendor's export looks like and what it feeds, as YAML. Adding a vendor is writing data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from kpi_tree import yamlfiles

FOLDER = Path(__file__).resolve().parent.parent / "layouts"
TYPES = (
    "text",
    "integer",
    "number",
    "money",
    "quantity",
    "boolean",
    "instant",
    "local",
    "day",
    "duration",
    "visit",
    "time",
    "currency",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column that a layout reads.

    Attributes:
        key: its name in the layout's SQL.
        type: one of ``TYPES``.
        headers: its names in the languages that the vendor exports; ``*`` stands for any text in them.
        required: a row without it goes to quarantine.
        nulls: further words for "no value".
        order: ``dmy`` or ``mdy`` where the vendor's dates are known to be so.
        words: the only texts that it may hold, in lower case; empty for any.
    """

    key: str
    type: str
    headers: tuple[str, ...]
    required: bool = False
    nulls: frozenset[str] = frozenset()
    order: str | None = None
    decimal: str | None = None
    zone: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout.

    Attributes:
        columns: what it reads, by key.
        recognise: keys that a file must have to be of this layout; an entry may be ``a|b``.
        forbid: headers that show it is another layout.
        options: values its SQL may ask for with ``getvariable``.
        rows: SQL over ``src`` that prepares the rows (keeps ``_row`` and ``_bad``); empty for as they are.
        skip: (code, SQL condition) of rows that are no records; kept in quarantine with the reason.
        notes: (code, SQL of a count) to say about the file.
        tables: record table -> SQL over ``good``.
        observations: SQL over ``good`` giving ``kpi, period_start, period_end, value``; empty for none.
        extra_cells: ``drop`` where the vendor writes rows wider than the header.
        repeat: ``observed`` headers may repeat.
        priority: of two layouts that fit, the higher wins.
        asks: columns that hold the day; where the file has none of them the days it covers must be known.
        views: further SQL views that the tables' SQL may read.
        report: it comes as lines of name and value, not as a table.
        apart: SQL over ``src``: rows that differ in it never make or touch the same record, so a large file
            can be read a share at a time; empty where all rows must be seen together.
        whole: record tables of which every export that has an order tells all that belongs to it, so that a
            line that a newer one lacks was taken out; ``apart`` is then the order's number.
        across: record tables whose key may meet again in rows that lie apart; the last one counts.
        first: columns whose first value in the file its SQL may ask for (``getvariable('first_...')``).
        sales: what tells its sales: a ``shop``, the ``payments`` of its orders, or a ``market`` of its own;
            empty for a shop.
        same_as: another layout that tells the same things under other keys; of the two one is to be loaded.
        numbered: a column whose values get a number each (``_of``), and rows of the same value their place
            among each other (``_nth``, from 1); its SQL may ask for both.
        anew: columns that only the first of such rows fills: a further one that does begins them anew, with
            a number of its own, and of all rows before it ``_again`` is true.
        dated_today: its rows are of the day the file was loaded (``getvariable('day')``).
        asks_day: its rows are of one day (``getvariable('day')``) that somebody, or the file, must say.
    """

    id: str
    vendor: str
    columns: Mapping[str, Wanted]
    recognise: tuple[str, ...]
    tables: Mapping[str, str]
    forbid: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    rows: str = ""
    skip: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    observations: str = ""
    extra_cells: str = ""
    preamble: Mapping[str, str] = field(default_factory=dict)
    priority: int = 0
    asks: tuple[str, ...] = ()
    views: Mapping[str, str] = field(default_factory=dict)
    dated_today: bool = False
    asks_day: bool = False
    report: bool = False
    apart: str = ""
    whole: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    numbered: str = ""
    anew: tuple[str, ...] = ()
    sales: str = ""
    same_as: str = ""

    @property
    def main_table(self) -> str | None:
        """The table named first."""
        return next(iter(self.tables), None)


def normal(header: str) -> str:
    """A header as it is compared: case, width, blanks and marks do not count.

    >>> normal("  Lineitem　quantity: "), normal("Ordre_nr."), normal("CPM (cost per 1,000) (NOK)")
    ('lineitem quantity', 'ordre nr', 'cpm (cost per 1,000) (nok)')
    """
    return _normal(header) if len(header) <= 200 else _normal.__wrapped__(header)


@lru_cache(maxsize=50_000)
def _normal(header: str) -> str:
    if header.isascii():
        return " ".join(header.lower().replace("_", " ").split()).strip(" :.*'\"")
    text = (
        unicodedata.normalize("NFKC", header).casefold().replace("_", " ").replace("–", "-").replace("’", "'")
    )
    return " ".join(text.replace("\ufeff", "").split()).strip(" :.*'\"")


@lru_cache(maxsize=50_000)
def _pattern(header: str) -> re.Pattern[str] | None:
    if "*" not in header:
        return None
    return re.compile(
        "^"
        + ".*".join(
            re.escape(normal(part)).replace(r"\ ", r"\s*") if part else "" for part in header.split("*")
        )
        + "$"
    )


def load_yaml(path: Path) -> Any:
    """One of our YAML files."""
    return yamlfiles.load(path)


@lru_cache(maxsize=1)
def layouts() -> Mapping[str, Layout]:
    """Every shipped layout by id.

    >>> "shopify_orders" in layouts()
    True
    """
    specs = {path.stem: load_yaml(path) for path in sorted(FOLDER.glob("*.yaml"))}
    return {name: layout_from(_with_what_it_is_like(spec, specs)) for name, spec in specs.items()}


def _with_what_it_is_like(
    spec: Mapping[str, Any], specs: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Any]:
    """A layout whose ``like`` names another: that one, but for what it says itself."""
    if "like" not in spec:
        return spec
    other = specs[spec["like"]]
    return {**other, **spec, "columns": {**other["columns"], **spec.get("columns", {})}}


def layout_from(spec: Mapping[str, Any]) -> Layout:
    """A layout from its YAML."""
    columns = {key: _wanted(key, entry) for key, entry in spec["columns"].items()}
    return Layout(
        id=spec["id"],
        vendor=spec["vendor"],
        columns=columns,
        recognise=tuple(spec["recognise"]),
        tables=dict(spec.get("tables", {})),
        forbid=tuple(spec.get("forbid", ())),
        options=dict(spec.get("options", {})),
        rows=spec.get("rows", ""),
        numbered=spec.get("numbered", ""),
        anew=tuple(spec.get("anew", ())),
        sales=spec.get("sales", ""),
        same_as=spec.get("same_as", ""),
        skip=_pairs(spec.get("skip", ()), "where"),
        notes=_pairs(spec.get("notes", ()), "count"),
        observations=spec.get("observations", ""),
        extra_cells=spec.get("extra_cells", ""),
        preamble=dict(spec.get("preamble", {})),
        priority=int(spec.get("priority", 0)),
        asks=tuple(spec.get("asks", ())),
        views=dict(spec.get("views", {})),
        dated_today=bool(spec.get("dated_today", False)),
        apart=str(spec.get("apart", "")),
        whole=tuple(spec.get("whole", ())),
        across=tuple(spec.get("across", ())),
        first=tuple(spec.get("first", ())),
        report=bool(spec.get("report", False)),
    )


def _pairs(entries: Iterable[Mapping[str, str]], second: str) -> tuple[tuple[str, str], ...]:
    return tuple((entry["code"], entry[second]) for entry in entries)


def _wanted(key: str, entry: Mapping[str, Any]) -> Wanted:
    if entry["type"] not in TYPES:
        raise ValueError(f"{key}: no such type: {entry['type']}")
    return Wanted(
        key,
        entry["type"],
        tuple(entry["headers"]),
        bool(entry.get("required", False)),
        frozenset(str(word).lower() for word in entry.get("nulls", ())),
        entry.get("order"),
        entry.get("decimal"),
        entry.get("zone"),
    )


def place(layout: Layout, names: Sequence[str]) -> dict[str, str]:
    """Which header of a file holds each key of a layout.

    >>> place(layouts()["shopify_orders"], ["NAME", "Created at"])
    {'name': 'NAME', 'created': 'Created at'}
    """
    by_normal = _by_normal(names)
    found = {key: _hit(wanted, by_normal) for key, wanted in layout.columns.items()}
    return {key: hit for key, hit in found.items() if hit is not None}


def _by_normal(names: Sequence[str]) -> dict[str, str]:
    """The first header of each normal form."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(normal(name), name)
    return found


def _hit(wanted: Wanted | None, by_normal: Mapping[str, str]) -> str | None:
    """The header that holds a column, by the first of its names that is there."""
    hits = (_find(header, by_normal) for header in (wanted.headers if wanted else ()))
    return next((hit for hit in hits if hit is not None), None)


def _find(header: str, by_normal: Mapping[str, str]) -> str | None:
    pattern = _pattern(header)
    if pattern is None:
        return by_normal.get(normal(header))
    return next((name for key, name in by_normal.items() if pattern.match(key)), None)


def fits(layout: Layout, names: Sequence[str]) -> int:
    """How well a file's headers fit a layout: recognised columns, 0 when one that must be there is not."""
    return _score(layout, _by_normal(names))


def _score(layout: Layout, by_normal: Mapping[str, str]) -> int:
    for entry in layout.recognise:  # first, because most layouts end here
        if all(_hit(layout.columns.get(key), by_normal) is None for key in entry.split("|")):
            return 0
    if any(normal(header) in by_normal for header in layout.forbid):
        return 0
    hits = {_hit(wanted, by_normal) for wanted in layout.columns.values()}
    return len(hits - {None}) + 100 * layout.priority


def recognise(names: Sequence[str]) -> Layout | None:
    """The shipped layout that a file's headers fit best; None when none does.

    >>> recognise(["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice"]).id
    'online_retail'
    >>> recognise(["a", "b"]) is None
    True
    """
    by_normal = _by_normal(names)
    scored = [(score, layout) for layout in layouts().values() if (score := _score(layout, by_normal))]
    return max(scored, key=lambda pair: pair[0])[1] if scored else None


def is_report(names: Sequence[str]) -> bool:
    """Whether these names are the lines of a report that some layout reads."""
    return any(layout.report and fits(layout, names) for layout in layouts().values())
