"""Faults in data, as data: a file with a bad cell is loaded as far as it is good, and says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from kpi_tree.i18n import Msg, translate

Level = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing a person should know about what they gave us.

    Args:
        level: ``error`` (not used), ``warning`` (used, but look), ``info`` (said for the record).
        code: a stable short name of the kind of issue, such as ``bad_number``.
        message: what is the matter.
        place: where: ``"orders.csv, row 14, column Price"``; a node id; empty for the whole.
        remedy: what to do about it.
        row: 1-based line or sheet row in the file, where there is one.
        column: the column's header, where there is one.
        value: the offending cell text, cut at 200 characters.
        count: how many places this issue stands for (issues of one kind are grouped).
    """

    level: Level
    code: str
    message: Msg
    place: str = ""
    remedy: Msg | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    count: int = 1

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The issue for JSON, its texts in the language asked."""
        return {
            "level": self.level,
            "code": self.code,
            "message": translate(self.message, lang),
            "place": self.place,
            "remedy": translate(self.remedy, lang) if self.remedy else "",
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "count": self.count,
        }
