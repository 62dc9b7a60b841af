"""What the verbs hand back: plain, frozen, and ready for JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from kpi_tree.i18n import Msg, translate
from kpi_tree.issues import Issue


@dataclass(frozen=True, slots=True)
class TableCount:
    """What a batch does to one record table, in records."""

    table: str
    accepted: int
    changed: int
    unchanged: int

    def to_dict(self) -> dict[str, Any]:
        """The counts for JSON."""
        return {
            "table": self.table,
            "accepted": self.accepted,
            "changed": self.changed,
            "unchanged": self.unchanged,
        }


@dataclass(frozen=True, slots=True)
class Effect:
    """A KPI over the days of a file, without and with its rows; *no value* is ``None``."""

    kpi: str
    unit: str
    before: float | None
    after: float | None
    currency: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The effect for JSON."""
        return {
            "kpi": self.kpi,
            "unit": self.unit,
            "currency": self.currency,
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """What loading a file did, or would do (``dry_run``).

    Counts are rows *of the file*: ``accepted`` brought something new, ``changed`` replaced what an
    earlier batch said, ``unchanged`` said what was known already, ``rejected`` lie in quarantine.
    ``tables`` has the same by record table, in records; ``effects`` (dry runs only) what KPIs become;
    ``number`` is what people call the batch; ``apart`` has the rows that are kept out, as
    ``row, column, value, reason, cells, also``, up to some ten thousand of them; ``behind`` counts the
    records that a newer file tells otherwise, so that they stay as they are (their rows are among the
    unchanged), and ``behind_batch`` is the number of the batch that it stands behind in line.
    """

    file: str
    batch: str | None
    table: str | None
    rows: int = 0
    accepted: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    quarantine: int = 0
    issues: tuple[Issue, ...] = ()
    repeated: bool = False
    dry_run: bool = False
    layout: str | None = None
    tables: tuple[TableCount, ...] = ()
    data_from: date | None = None
    data_through: date | None = None
    effects: tuple[Effect, ...] = ()
    number: int | None = None
    apart: tuple[Mapping[str, Any], ...] = ()
    behind: int = 0
    behind_batch: int | None = None

    @property
    def duplicates(self) -> int:
        """Rows that say again what another row of the same file says, or whose key a later row has."""
        return sum(issue.count for issue in self.issues if issue.code in ("duplicate_rows", "repeated_key"))

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The receipt for JSON, its texts in the language asked."""
        return {
            "file": self.file,
            "batch": self.batch,
            "number": self.number,
            "table": self.table,
            "rows": self.rows,
            "accepted": self.accepted,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "duplicates": self.duplicates,
            "quarantine": self.quarantine,
            "behind": self.behind,
            "behind_batch": self.behind_batch,
            "issues": [issue.to_dict(lang) for issue in self.issues],
            "repeated": self.repeated,
            "dry_run": self.dry_run,
            "layout": self.layout,
            "tables": [count.to_dict() for count in self.tables],
            "effects": [effect.to_dict() for effect in self.effects],
            "data_from": self.data_from.isoformat() if self.data_from else None,
            "data_through": self.data_through.isoformat() if self.data_through else None,
        }


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch as the inbox lists it.

    Attributes:
        number: what people call it, ``#12``; ``batch`` is its id for programs.
        mends: the batch whose rows this one corrects; ``mapping`` names the saved mapping that read it.
        waiting: rows set aside that nobody has corrected yet.
        behind: records that stayed as a newer file had them, the ``behind_batch`` that it went behind.
    """

    batch: str
    file: str
    at: datetime
    who: str
    status: str
    tables: tuple[TableCount, ...]
    table: str | None
    rows: int
    accepted: int
    changed: int
    unchanged: int
    rejected: int
    sha256: str
    bytes: int
    layout: str | None = None
    data_from: date | None = None
    data_through: date | None = None
    number: int = 0
    mends: str | None = None
    mapping: str | None = None
    waiting: int = 0
    behind: int = 0
    behind_batch: str | None = None

    @property
    def active(self) -> bool:
        """Whether its records count."""
        return self.status == "active"

    def to_dict(self) -> dict[str, Any]:
        """The batch for JSON."""
        return {
            "batch": self.batch,
            "number": self.number,
            "file": self.file,
            "at": self.at.isoformat(),
            "who": self.who,
            "status": self.status,
            "table": self.table,
            "tables": [count.to_dict() for count in self.tables],
            "rows": self.rows,
            "accepted": self.accepted,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "sha256": self.sha256,
            "bytes": self.bytes,
            "layout": self.layout,
            "mends": self.mends,
            "mapping": self.mapping,
            "waiting": self.waiting,
            "behind": self.behind,
            "behind_batch": self.behind_batch,
            "data_from": self.data_from.isoformat() if self.data_from else None,
            "data_through": self.data_through.isoformat() if self.data_through else None,
        }


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of a plan's history; ``touched`` holds the nodes that each of ``words`` is about."""

    revision: int
    at: datetime
    who: str
    action: str
    words: tuple[Msg, ...]
    undone: bool = False
    touched: tuple[frozenset[str], ...] = ()

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The line for JSON."""
        return {
            "revision": self.revision,
            "at": self.at.isoformat(),
            "who": self.who,
            "action": self.action,
            "changes": [translate(word, lang) for word in self.words],
            "undone": self.undone,
        }


@dataclass(frozen=True, slots=True)
class Settings:
    """The shop's own settings.

    An empty ``language`` follows each reader's browser, an empty ``country`` the time zone; several
    countries stand beside each other with commas, ``none`` is no country at all.
    """

    timezone: str = "Europe/Oslo"
    currency: str = ""
    week_start: int = 0
    fiscal_start_month: int = 1
    language: str = ""
    stale_after_days: int = 3
    rates: Mapping[str, float] = field(default_factory=dict)
    country: str = ""

    def changed(self, **values: Any) -> Settings:
        """A copy with some settings changed."""
        return replace(self, **values)


def plain(value: Any) -> Any:
    """A number that JSON can carry: *no value* (nan, infinity) is ``None``.

    >>> plain(float("nan")), plain(2.5), plain(None)
    (None, 2.5, None)
    """
    if value is None:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
