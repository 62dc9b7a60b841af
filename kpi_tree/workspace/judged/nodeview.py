"""One node of the evaluated tree as every face shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kpi_tree.analysis import Needed, Turn
from kpi_tree.i18n import Msg, translate
from kpi_tree.plan.model import Override
from kpi_tree.workspace.base.types import plain
from kpi_tree.workspace.judged.goallines import LineView
from kpi_tree.workspace.judged.outlook import Outlook


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a node's series: its period's first day, what was measured, what was expected."""

    day: date
    value: float | None
    expected: float | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A node's value over the span it is compared with.

    Attributes:
        kind: ``previous`` or ``last_year``.
        start, end: that span, half-open; as many days as the period has run, or all once it is over.
        value: its value then. ``difference``: now less then, in the node's unit.
        change: difference ÷ value; no value on a base that is zero, negative or missing.
        good: whether it moved the way that is better; ``None`` where nothing can be said.
    """

    kind: str
    start: date
    end: date
    value: float | None
    difference: float | None = None
    change: float | None = None
    good: bool | None = None

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "kind": self.kind,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "value": plain(self.value),
            "difference": plain(self.difference),
            "change": plain(self.change),
        }


@dataclass(frozen=True, slots=True)
class NodeView:
    """One node of the evaluated tree: how far it is, and why we say so.

    All numbers are full precision in the node's unit; *no value* is ``None``. ``period`` is the
    half-open span that ``actual`` covers (``end`` exclusive). ``points`` holds the value to date and
    the path of every day of the period: the sparkline, and the pace chart. ``status`` is ``None`` where
    nothing is aimed at, here or below, and nothing is wrong with the data. ``source`` says what ``actual``
    is: ``measured computed assumption none``; ``assumed`` whether an assumption stands somewhere in it.
    ``troubles`` tell of sources that feed it, and fail or bring nothing. ``withheld`` says why it has no
    value through a filter. ``compared`` is the value of the span it is compared with. ``ends`` are those of
    a target that is a range, ``lines`` the floors, stretches and guardrails beside it; ``said`` is a person's
    word on the status, shown beside the computed one while it holds. ``target_kind`` is ``floor`` or
    ``guardrail`` where no goal is set and that limit is judged.
    ``turned`` says until when the status was another one, ``needed`` what the rest of the period must
    bring and ``needed_words`` the same as a sentence. ``names`` holds the KPI's own name in every language,
    where the node carries one of them.
    """

    id: str
    name: str
    kind: str
    parents: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    depth: int = 0
    kpi: str | None = None
    formula: str | None = None
    unit: str | None = None
    currency: str | None = None
    direction: str | None = None
    rollup: str | None = None
    owner: str = ""
    period_id: str | None = None
    start: date | None = None
    end: date | None = None
    actual: float | None = None
    computed: float | None = None
    target: float | None = None
    baseline: float | None = None
    baseline_label: str = ""
    expected: float | None = None
    attainment: float | None = None
    pace: float | None = None
    share_elapsed: float | None = None
    outlook: Outlook | None = None
    status: str | None = "no_data"
    reason: Msg = field(default_factory=lambda: Msg(""))
    rule: Msg = field(default_factory=lambda: Msg(""))
    trajectory: str | None = None
    data_from: date | None = None
    data_through: date | None = None
    stale: bool = False
    parent_gap: float | None = None
    points: tuple[Point, ...] = ()
    notes: tuple[Msg, ...] = ()
    troubles: tuple[Msg, ...] = ()
    source: str | None = None
    assumed: bool = False
    compared: Compared | None = None
    withheld: Msg | None = None
    lines: tuple[LineView, ...] = ()
    target_id: str | None = None
    target_kind: str = "goal"
    ends: tuple[float, float] | None = None
    said: Override | None = None
    turned: Turn | None = None
    needed: Needed | None = None
    needed_words: Msg | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def named(self, lang: str) -> str:
        """Its name; one that is a KPI's own, in whatever language it stands, in the reader's."""
        return self.names.get(lang) or self.name

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The node for JSON, its sentences in the language asked."""
        return {
            "id": self.id,
            "name": self.named(lang),
            "kind": self.kind,
            "parents": list(self.parents),
            "children": list(self.children),
            "kpi": self.kpi,
            "formula": self.formula,
            "unit": self.unit,
            "currency": self.currency,
            "direction": self.direction,
            "owner": self.owner,
            "period": {"id": self.period_id, "start": _iso(self.start), "end": _iso(self.end)},
            "actual": plain(self.actual),
            "computed": plain(self.computed),
            "target": plain(self.target),
            "baseline": plain(self.baseline),
            "baseline_label": self.baseline_label,
            "expected": plain(self.expected),
            "attainment": plain(self.attainment),
            "pace": plain(self.pace),
            "forecast": (self.outlook or Outlook()).to_dict(lang),
            "probability": self.outlook.probability if self.outlook else None,
            "status": self.status,
            "reason": translate(self.reason, lang),
            "rule": translate(self.rule, lang),
            "turned": _turned(self.turned),
            "needed": _needed(self.needed),
            "trajectory": self.trajectory,
            "data_from": _iso(self.data_from),
            "data_through": _iso(self.data_through),
            "stale": self.stale,
            "parent_gap": plain(self.parent_gap),
            "notes": [translate(note, lang) for note in self.notes],
            "source_troubles": [translate(one, lang) for one in self.troubles],
            "source": self.source,
            "assumed": self.assumed,
            "withheld": translate(self.withheld, lang) if self.withheld else None,
            "compared": self.compared.to_dict() if self.compared else None,
            "target_id": self.target_id,
            "target_kind": self.target_kind if self.target_id else None,
            "keep_between": list(self.ends) if self.ends else None,
            "lines": [line.to_dict(lang) for line in self.lines],
            "override": self.said.to_dict() if self.said else None,
        }


def _turned(turned: Turn | None) -> dict[str, Any] | None:
    return {"status": turned.status, "until": turned.until.isoformat()} if turned else None


def _needed(left: Needed | None) -> dict[str, Any] | None:
    if left is None:
        return None
    return {
        "per_day": plain(left.per_day),
        "days": left.days,
        "lately": plain(left.lately),
        "past_spans": left.spans,
        "reached": left.reached,
        "last_reached": _iso(left.last),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
