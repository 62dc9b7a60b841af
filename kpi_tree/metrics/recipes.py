"""One KPI made from others, worked out over the very periods, parts and whole span that are wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from kpi_tree.catalogue.model import Kpi, Recipe
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.metrics import shift
from kpi_tree.metrics.ask import Ask
from kpi_tree.metrics.engine import Engine
from kpi_tree.metrics.figures import against, figures, furthest, moved, nothing
from kpi_tree.metrics.laid import FIGURES, Array, Figures, Laid, columns_of, every_key, laid_out, nobody_of
from kpi_tree.metrics.query import query as measured
from kpi_tree.metrics.series import Series
from kpi_tree.metrics.spans import Span, make_span
from kpi_tree.periods import Grain
from kpi_tree.plan.formula_parser import parse
from kpi_tree.plan.formula_tree import Expr

Where = Mapping[str, Sequence[str]]
Others = Callable[[str, date, date, Grain, Sequence[str], Where], Series | None]
"""Figures of a KPI that are not in the records (typed in), None for one that is."""


@dataclass
class Composer:
    """Works one KPI out, remembering what its parts answered."""

    engine: Engine
    where: Where
    others: Others | None
    known: dict[tuple[str, date, date, Grain, tuple[str, ...]], Laid] = field(default_factory=dict)

    def series(self, kpi: Kpi, ask: Ask) -> Series:
        """The KPI's series."""
        found = self.laid(kpi.id, ask.span, ask.by)
        nobody = nobody_of(found.keys) if ask.by else None
        keys = [key for key in found.keys if key != nobody]
        found = found.over(keys)
        frame = {"period": np.repeat(ask.span.starts, len(keys)), **columns_of(keys, ask.by, len(ask.span))}
        frame.update({name: found.cells[name].T.ravel() for name in FIGURES})
        frame["records"] = np.nan_to_num(frame["records"]).astype(np.int64)  # type: ignore[call-overload]
        return Series(
            kpi.id,
            kpi.unit,
            ask.span.grain,
            pd.DataFrame(frame),
            total={name: _plain(found.total[name]) for name in FIGURES},
            by=ask.by,
            totals=pd.DataFrame({**columns_of(keys, ask.by, 1), **found.whole}) if ask.by else None,
            data_from=found.data_from,
            data_through=found.data_through,
            notes=list({str(note): note for note in found.notes}.values()),
            currency=found.currency if kpi.unit == "money" else None,
            calendar=ask.span.calendar,
        )

    def laid(self, kpi_id: str, span: Span, by: tuple[str, ...]) -> Laid:
        """A KPI's figures over a span."""
        key = (kpi_id, span.start, span.end, span.grain, by)
        if key not in self.known:
            kpi = self.engine.definitions.kpis[kpi_id]
            if kpi.recipe is None:
                self._ask([kpi_id], span, by)
            elif kpi.recipe.kind == "derived":
                self.known[key] = self._derived(kpi.recipe, span, by)
            else:
                self.known[key] = self._offset(kpi.recipe, span, by)
            if kpi.fill == "none" and kpi.recipe is not None:
                self.known[key] = _without_empty(self.known[key])
        return self.known[key]

    def _ask(self, wanted: Sequence[str], span: Span, by: tuple[str, ...]) -> None:
        """Ask for KPIs that are made from measures: all at once, so that they share their scans."""
        records = []
        for name in wanted:
            typed = (
                self.others(name, span.start, span.end, span.grain, by, self.where) if self.others else None
            )
            if typed is None:
                records.append(name)
            else:
                self.known[name, span.start, span.end, span.grain, by] = laid_out(typed)
        if records:
            found = measured(
                self.engine, records, start=span.start, end=span.end, grain=span.grain, by=by,
                where=self.where, aligned=True,
            )  # fmt: skip
            for name, series in found.items():
                self.known[name, span.start, span.end, span.grain, by] = laid_out(series)

    def _derived(self, recipe: Recipe, span: Span, by: tuple[str, ...]) -> Laid:
        kpis = self.engine.definitions.kpis
        fresh = [name for name in recipe.inputs if kpis[name].recipe is None]
        self._ask([n for n in fresh if (n, span.start, span.end, span.grain, by) not in self.known], span, by)
        inputs = {name: self.laid(name, span, by) for name in recipe.inputs}
        expr = parse(recipe.formula)
        keys = every_key(inputs.values())
        over = {name: one.over(keys) for name, one in inputs.items()}
        cells = figures(expr, {name: one.cells for name, one in over.items()})
        back = furthest(expr)
        if back and span.periods:
            cells = self._with_past(expr, recipe, span, by, keys, over, back)
        firsts = [one.data_from for one in inputs.values()]
        lasts = [one.data_through for one in inputs.values()]
        known = None not in firsts and None not in lasts
        return Laid(
            keys,
            cells,
            figures(expr, {name: one.whole for name, one in over.items()}, whole=True),
            figures(expr, {name: one.total for name, one in over.items()}, whole=True),
            max(day for day in firsts if day) if known else None,
            min(day for day in lasts if day) if known else None,
            next((one.currency for one in inputs.values() if one.currency), None),
            [note for one in inputs.values() for note in one.notes],
        )

    def _with_past(
        self, expr: Expr, recipe: Recipe, span: Span, by: tuple[str, ...], keys: list[str],
        over: Mapping[str, Laid], back: int,
    ) -> Figures:  # fmt: skip
        """``lag`` looks before the span: the periods there are asked too, and cut off again."""
        first = span.periods[0].shift(-back).start
        earlier = make_span(first, span.periods[0].start, span.grain, self.engine.calendar)
        joined = {}
        for name in recipe.inputs:
            past = self.laid(name, earlier, by).over(keys)
            joined[name] = {
                figure: np.concatenate([past.cells[figure], over[name].cells[figure]], axis=-1)
                for figure in FIGURES
            }
        return {name: values[..., len(earlier) :] for name, values in figures(expr, joined).items()}

    def _offset(self, recipe: Recipe, span: Span, by: tuple[str, ...]) -> Laid:
        [name] = recipe.inputs
        now = self.laid(name, span, by) if recipe.show != "value" else None
        then, at = self._then(name, recipe, span, by)
        whole = self._whole_then(name, recipe, span, by, now)
        there = [one for one in (now, then, whole) if one is not None]
        keys = every_key(there) or ([] if by else [""])
        cells = moved(then.over(keys) if then is not None else None, at, len(keys))
        wholes = whole.over(keys).whole if whole is not None else nothing((len(keys),))
        totals = whole.total if whole is not None else nothing(())
        if now is not None:
            current = now.over(keys)
            cells = self._so_far(name, recipe, span, by, now, cells, keys)
            cells, wholes, totals = (
                against(recipe.show, mine, theirs)
                for mine, theirs in ((current.cells, cells), (current.whole, wholes), (now.total, totals))
            )
        source = whole or then
        days = self._days(recipe, span, source, now)
        notes: list[Msg] = list(source.notes) if source is not None else []
        return Laid(keys, cells, wholes, totals, *days, source.currency if source else None, notes)

    def _whole_then(
        self, name: str, recipe: Recipe, span: Span, by: tuple[str, ...], now: Laid | None
    ) -> Laid | None:
        """The KPI over the whole span as it was then; for a comparison over as many days as are known now."""
        end = span.end
        if now is not None and now.data_through is not None and now.data_through >= span.start:
            end = min(end, now.data_through + timedelta(days=1))
        days = shift.span_before(span.start, end, recipe.n, recipe.unit, span.grain)
        return None if days is None else self.laid(name, make_span(*days, Grain.YEAR, span.calendar), by)

    def _so_far(
        self, name: str, recipe: Recipe, span: Span, by: tuple[str, ...], now: Laid, then: Figures,
        keys: list[str],
    ) -> Figures:  # fmt: skip
        """Then, with periods that are not whole now compared over the same days of theirs."""
        through = now.data_through
        found = {figure: then[figure].copy() for figure in FIGURES}
        for at, period in enumerate(span.periods):
            first = max(period.start, span.start)
            last = min(period.last, span.end - timedelta(days=1), through or period.last)
            if first > last or (first, last) == (period.start, period.last):
                continue
            earlier = shift.before(period, recipe.n, recipe.unit, span.grain)
            days = shift.part_of(earlier, first - period.start, last - period.start) if earlier else None
            part = self.laid(name, make_span(*days, Grain.YEAR, span.calendar), by) if days else None
            figures_then = part.over(keys).whole if part is not None else nothing((len(keys),))
            for figure in FIGURES:
                found[figure][:, at] = figures_then[figure]
        return found

    def _days(
        self, recipe: Recipe, span: Span, then: Laid | None, now: Laid | None
    ) -> tuple[date | None, date | None]:
        """First and last day that can be spoken of: what was known then, moved on, and what is known now."""
        known = (then.data_from, then.data_through) if then is not None else (None, None)
        first, last = (
            shift.day_after(day, recipe.n, recipe.unit, span.grain) if day else None for day in known
        )
        if now is None:
            return first, last
        return (
            max((day for day in (first, now.data_from) if day), default=None),
            min((day for day in (last, now.data_through) if day), default=None),
        )

    def _then(
        self, name: str, recipe: Recipe, span: Span, by: tuple[str, ...]
    ) -> tuple[Laid | None, list[int | None]]:
        """The KPI over the periods that stand for those asked, and the place of each among them."""
        if span.grain is Grain.HOUR:
            return self._hours_then(name, recipe, span, by)
        wanted = [shift.before(period, recipe.n, recipe.unit, span.grain) for period in span.periods]
        there = [period for period in wanted if period is not None]
        if not there:
            return None, [None] * len(wanted)
        earlier = make_span(
            min(p.start for p in there), max(p.end for p in there), span.grain, self.engine.calendar
        )
        place = {period.start: at for at, period in enumerate(earlier.periods)}
        return self.laid(name, earlier, by), [place.get(p.start) if p else None for p in wanted]

    def _hours_then(
        self, name: str, recipe: Recipe, span: Span, by: tuple[str, ...]
    ) -> tuple[Laid | None, list[int | None]]:
        if recipe.unit not in ("day", "week"):
            raise Refused(
                msg("{name} compares whole days and has no hours.", name=name),
                place="grain",
                remedy=msg("Choose day or a coarser grain."),
            )
        span_then = shift.span_before(span.start, span.end, recipe.n, recipe.unit, span.grain)
        if span_then is None:
            return None, [None] * len(span)
        earlier = make_span(*span_then, span.grain, self.engine.calendar)
        return self.laid(name, earlier, by), list(range(len(span)))


def _without_empty(found: Laid) -> Laid:
    cells = {**found.cells, "value": np.where(found.cells["records"] > 0, found.cells["value"], np.nan)}
    return replace(found, cells=cells)


def _plain(value: Array) -> float | None:
    number = float(np.ravel(value)[0])
    return None if np.isnan(number) else number
