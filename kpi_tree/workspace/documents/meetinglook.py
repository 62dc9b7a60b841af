"""What a meeting looks at: a plan and its tree as of a day, and for whom it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from kpi_tree.analysis.verdict import STATUS_NAMES
from kpi_tree.exchange.minutes import Cell
from kpi_tree.i18n import Msg, Quantity, translate
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.rights import Asker
from kpi_tree.workspace.judged.lens import Lens
from kpi_tree.workspace.judged.nodeview import NodeView

Picture = Callable[..., str]
"""Draws a picture as SVG; takes ``dark``."""


@dataclass
class Looked:
    """What a meeting looks at: a plan and its tree as of a day, and for whom it is written.

    Attributes:
        since: first day of the week (or longer) that the meeting looks back on.
        pictures: name → how it is drawn, light or dark.
    """

    home: Home
    who: Asker
    plan: Plan
    views: Mapping[str, NodeView]
    at: date
    since: date
    lens: Lens
    lang: str
    pictures: dict[str, Picture] = field(default_factory=dict)

    @cached_property
    def goal(self) -> NodeView | None:
        """The plan's first goal."""
        return next((view for view in self.views.values() if view.kind == "kgi"), None)

    @property
    def past(self) -> bool:
        """Whether plan or data are not as they are known now."""
        return self.lens.looks_back

    def said(self, message: Msg | str | None) -> str:
        """A message in the reader's language."""
        return translate(message, self.lang)

    def draws(self, name: str, make: Picture) -> str:
        """Promise a picture; returns its name."""
        self.pictures[name] = make
        return name

    def number(self, view: NodeView, value: float | None, beside: float | None = None) -> Cell:
        """A value of a node as a cell."""
        if value is None:
            return Cell("", number=True)
        shown = Quantity(value, view.unit, view.currency, beside=beside)
        return Cell(shown.in_language(self.lang), value, number=True)

    def status(self, name: str | None) -> Cell:
        """A status as a cell."""
        return Cell(self.said(STATUS_NAMES.get(name or "", "")), status=name or "")


def week_before(at: date) -> date:
    """First of the seven days that end with a day.

    >>> week_before(date(2026, 5, 10))
    datetime.date(2026, 5, 4)
    """
    return at - timedelta(days=6)
