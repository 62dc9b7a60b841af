"""Before an experiment: how many units and days it needs; after it: its answer on the line it was about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kpi_tree.analysis.sample_size import Size, sample_size
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import Msg, msg, translate
from kpi_tree.nearest import did_you_mean
from kpi_tree.periods import Grain
from kpi_tree.plan.model import Plan
from kpi_tree.plan.trial import Trial
from kpi_tree.store import Home
from kpi_tree.workspace.acting.trials import METRICS, ExperimentView, Guarded
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import edit_plan
from kpi_tree.workspace.drafting.planning import plan as plan_of
from kpi_tree.workspace.figuring.figures import series_for

LOOK_BACK = 28
"""Days whose rate and units a day an experiment is planned from."""


@verb
def plan_experiment(
    home: Home,
    who: Asker,  # noqa: ARG001
    *,
    at: date,
    kpi: str | None = None,
    base: float | None = None,
    effect: float = 0.1,
    relative: bool = True,
    spread: float | None = None,
    daily: float | None = None,
    level: float = 0.95,
    power: float = 0.8,
    arms: int = 2,
) -> Size:
    """The units and days that show an effect.

    Args:
        kpi: a rate of the shop, whose last 28 days before ``at`` give base and units a day. base: else the
            rate (0 to 1), or the mean where ``spread`` is given. effect: what would matter: a share of the
            base, or (not ``relative``) an amount of its unit. daily: units a day that take part.

    Raises:
        NotFound: there is no such KPI. Refused: it is no rate, has no data, or the figures cannot be.
    """
    if kpi is not None:
        found_base, found_daily = _of_kpi(home, kpi, at)
        base, daily = base if base is not None else found_base, daily if daily is not None else found_daily
    if base is None:
        raise Refused(
            msg("It is not said what there is to start from."),
            place="base",
            remedy=msg("Name a KPI, or give its rate."),
        )
    return sample_size(
        base, effect * abs(base) if relative else effect, spread=spread, level=level, power=power, arms=arms,
        daily=daily,
    )  # fmt: skip


def _of_kpi(home: Home, kpi: str, at: date) -> tuple[float, float]:
    every = catalogue_of(home)
    if kpi not in every:
        raise NotFound(
            msg("There is no KPI {name}.", name=kpi[:80]),
            place=kpi[:80],
            remedy=did_you_mean(kpi, list(every)),
        )
    if every[kpi].unit != "percent":
        raise Refused(
            msg("Only a share in percent can be planned from its own data."),
            place=kpi,
            remedy=msg("Give its mean and its spread from unit to unit."),
        )
    start = at - timedelta(days=LOOK_BACK)
    frame = series_for(home, [kpi], start=start, end=at, grain=Grain.DAY)[kpi].frame
    known = frame[frame["denominator"].notna()]
    units = float(known["denominator"].sum())
    if not units:
        raise Refused(
            msg("It has no data in the {n} days before.", n=LOOK_BACK),
            place=kpi,
            remedy=msg("Load them, or give the rate."),
        )
    return float(known["numerator"].sum()) / units, units / len(known)


@verb
def keep_answer(
    home: Home,
    who: Asker,
    parent: str,
    child: str,
    read: ExperimentView,
    *,
    question: int = 0,
    on: date,
    plan_id: str | None = None,
    now: datetime | None = None,
) -> Plan:
    """Write what an experiment found on the line from ``child`` to ``parent``; the same experiment gives way.

    Raises:
        NotFound: no such line. Refused: the readout has no relative effect (nothing happened in the control).
    """
    plan = plan_of(home, who, plan_id)
    edge = plan.edge(parent, child)
    if edge is None or edge.key not in plan.links:
        raise NotFound(
            msg("There is no line between these two."),
            place=f"{parent[:40]} → {child[:40]}",
            remedy=msg("Draw it first."),
        )
    made = as_trial(read, question, on)
    kept = [one for one in edge.tested if one.name != made.name]
    after = [one.to_dict() for one in (*kept, made)]
    edit = {"op": "set_field", "edge": [parent, child], "field": "tested", "after": after}
    return edit_plan(home, who, plan.id, [edit], base_revision=plan.revision, now=moment(now))


def as_trial(read: ExperimentView, question: int, on: date) -> Trial:
    """One question of a readout as it is kept: relative to the control."""
    found = read.questions[question].found
    base = found.a.mean
    if not base or found.relative is None:
        raise Refused(
            msg("The control shows nothing, so there is no relative effect to keep."), place=read.name[:80]
        )
    low, high = sorted((found.low / abs(base), found.high / abs(base)))
    effect = found.absolute / abs(base)
    return Trial(
        read.name[:200], on, effect, min(low, effect), max(high, effect), found.level,
        read.questions[question].adjusted,
    )  # fmt: skip


def summary(read: ExperimentView, question: int = 0) -> Msg:
    """One question's answer in a sentence, by the test that was named; a broken guardrail changes it."""
    one = read.questions[question]
    found = one.found
    arms: dict[str, Any] = {"arm": found.b.name, "control": found.a.name}
    guards = [each for each in read.guarded if each.found.b.name == found.b.name]
    broken = _names([each for each in guards if each.state == "broken"])
    unsettled = _names([each for each in guards if each.state == "open"])
    if found.low > 0:
        return _of_the_better(arms, broken, unsettled, bool(guards))
    if found.high < 0 and broken is None:
        return msg("{arm} is worse than {control}, beyond chance.", **arms)
    if found.high < 0:
        return msg("{arm} is worse than {control}, beyond chance, and so is: {names}.", names=broken, **arms)
    if broken is not None:
        return msg(
            "{arm} is not proven better than {control}, and this got worse, beyond chance: {names}. "
            "Stay with {control}.",
            names=broken,
            **arms,
        )
    return msg("Nothing is proven: {arm} may be better or worse than {control}.", **arms)


def _of_the_better(arms: Mapping[str, Any], broken: Names | None, unsettled: Names | None, any_: bool) -> Msg:
    if broken is not None:
        return msg(
            "{arm} is better than {control}, but at a cost: this got worse, beyond chance: {names}. "
            "Do not go on with it as it is.",
            names=broken,
            **arms,
        )
    if unsettled is not None:
        return msg(
            "{arm} is better than {control}, beyond chance. Not settled is whether this got worse: {names}.",
            names=unsettled,
            **arms,
        )
    if any_:
        return msg("{arm} is better than {control}, beyond chance, and every guardrail held.", **arms)
    return msg("{arm} is better than {control}, beyond chance.", **arms)


@dataclass(frozen=True, slots=True)
class Names:
    """What guardrails are called, one after the other, in the reader's language."""

    metrics: tuple[str, ...]

    def in_language(self, lang: str) -> str:
        """The names, with commas."""
        return ", ".join(translate(METRICS[one], lang) if one in METRICS else one for one in self.metrics)


def _names(guards: Sequence[Guarded]) -> Names | None:
    return Names(tuple(one.rail.metric for one in guards)) if guards else None
