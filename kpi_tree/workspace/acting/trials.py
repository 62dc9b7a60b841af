"""Experiments: the arms from a file or from the records of exposures, read against the first of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kpi_tree.analysis.arms import Arm
from kpi_tree.analysis.experiment import SRM, Readout, holm, readout, split_p
from kpi_tree.analysis.guarding import Guardrail, State
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import Msg, msg, nmsg, translate
from kpi_tree.ingest.arms import ArmsFile, read_arms
from kpi_tree.metrics import experiments
from kpi_tree.nearest import did_you_mean
from kpi_tree.store import Home
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import plain
from kpi_tree.workspace.figuring.figures import engine_of

METRICS: Mapping[str, Msg] = {"conversion": msg("Converted"), "value": msg("Value a unit")}


@dataclass(frozen=True, slots=True)
class Compared:
    """One question: an arm against the control; ``adjusted``: its p-value among all that are asked."""

    metric: str
    found: Readout
    adjusted: float


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guardrail read out: an arm against the control, and whether it held."""

    rail: Guardrail
    found: Readout
    state: State


@dataclass(frozen=True, slots=True)
class ExperimentView:
    """An experiment read out. ``split``: how likely so uneven a split is; ``notes``: what to mind.

    ``guarded``: its guardrails; ``others``: what else could be one.
    """

    name: str
    arms: tuple[Arm, ...]
    questions: tuple[Compared, ...]
    split: float
    notes: tuple[Msg, ...]
    guarded: tuple[Guarded, ...] = ()
    others: tuple[str, ...] = ()

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON: the first question at the top, all of them as ``comparisons``."""
        every = [_question(one, lang) for one in self.questions]
        return {
            "experiment": self.name,
            "arms": [{"name": a.name, "units": a.units, "total": plain(a.total), "mean": plain(a.mean)}
                     for a in self.arms],
            **{name: every[0][name] for name in (
                "absolute", "relative", "interval", "p_value", "test", "probability_better", "power", "needed"
            )},
            "srm_p": plain(self.split),
            "comparisons": every,
            "guardrails": [_guarded_dict(one) for one in self.guarded],
            "notes": [translate(note, lang) for note in self.notes],
        }  # fmt: skip


def _guarded_dict(one: Guarded) -> dict[str, Any]:
    found = one.found
    return {
        "metric": one.rail.metric,
        "better": one.rail.better,
        "margin": one.rail.margin,
        "control": found.a.name,
        "arm": found.b.name,
        "absolute": plain(found.absolute),
        "relative": plain(found.relative),
        "interval": [plain(found.low), plain(found.high)],
        "level": found.level,
        "test": found.test,
        "state": one.state,
    }


def _question(one: Compared, lang: str) -> dict[str, Any]:
    found = one.found
    return {
        "metric": one.metric,
        "control": found.a.name,
        "arm": found.b.name,
        "absolute": plain(found.absolute),
        "relative": plain(found.relative),
        "interval": [plain(found.low), plain(found.high)],
        "level": found.level,
        "p_value": plain(found.p_value),
        "p_adjusted": plain(one.adjusted),
        "test": found.test,
        "probability_better": plain(found.better),
        "least_effect": found.least,
        "power": plain(found.power),
        "needed": found.needed,
        "remark": translate(found.remark, lang) if found.remark else None,
    }


@verb
def experiment(
    home: Home,
    who: Asker,  # noqa: ARG001
    name: str,
    *,
    file: Path | bytes | None = None,
    control: str | None = None,
    level: float = 0.95,
    least: float = 0.1,
    shares: Sequence[float] | None = None,
    sequential: bool = False,
    guardrails: Sequence[Guardrail] = (),
) -> ExperimentView:
    """An A/B readout of a file, or of an experiment whose exposures were loaded.

    Args:
        name: the file's name, or the experiment's. control: the arm compared with; the first by name.
        level: of intervals. least: relative effect that would matter, for power and units needed.
        shares: how units were meant to be split, in the order of the arms' names; evenly without.
        sequential: read in a way that stays true however often one looks before the end.
        guardrails: what must not get worse: a further column of the file, or ``value`` or ``conversion``.

    Raises:
        NotFound: no such experiment, arm or guardrail. Refused: fewer than two arms, an empty one, nothing to
            compare.
    """
    if not 0.5 <= level < 1:
        raise Refused(
            msg("The level must lie between 0.5 and 1."), place="level", remedy=msg("0.95 is usual.")
        )
    named = {one.metric: one for one in guardrails}
    if file is not None:
        read_in = read_arms(file, name, named)
        (metrics, mixed), others = _from_file(read_in), read_in.others
    else:
        (metrics, mixed), others = _from_records(home, name), ()
    first = next(iter(metrics.values()), [])
    _check_arms(first, shares, name)
    others = (*(metrics if len(metrics) > 1 else ()), *others)
    guards = _take_out(metrics, named, others, name)

    def ask(asked: Mapping[str, list[Arm]]) -> list[tuple[str, Readout]]:
        return [
            (metric, readout(a, b, level=level, least=least, sequential=sequential))
            for metric, arms in asked.items()
            for a, b in _pairs(arms, control)
        ]

    guarded = tuple(Guarded(named[metric], one, named[metric].state(one)) for metric, one in ask(guards))
    read = ask(metrics)
    adjusted = holm([one.p_value if np.isfinite(one.p_value) else 1.0 for _, one in read])
    questions = tuple(Compared(*one, p) for one, p in zip(read, adjusted, strict=True))
    split = split_p([arm.units for arm in first], shares)
    notes = tuple(_notes(split, mixed, questions))
    return ExperimentView(name, tuple(first), questions, split, notes, guarded, others)


def _check_arms(first: Sequence[Arm], shares: Sequence[float] | None, name: str) -> None:
    if len(first) < 2:
        raise Refused(
            msg("An experiment needs two arms; there is {n} here.", n=len(first)),
            place=name[:80],
            remedy=msg("Give the rows of every arm."),
        )
    if shares is not None and len(shares) != len(first):
        raise Refused(
            msg("{n} shares were given for {arms} arms.", n=len(shares), arms=len(first)),
            place="shares",
            remedy=msg("Give one share for each arm, in the order of their names."),
        )


def _take_out(
    metrics: dict[str, list[Arm]], named: Mapping[str, Guardrail], others: Sequence[str], name: str
) -> dict[str, list[Arm]]:
    """The arms of each guardrail, which then is no question of the experiment any more."""
    for metric in named:
        if metric not in metrics:
            raise NotFound(
                msg("There is nothing called {name} that could be a guardrail.", name=metric[:60]),
                place=name[:80],
                remedy=did_you_mean(
                    metric,
                    others,
                    msg("There are: {names}.", names=", ".join(others[:20]))
                    if others
                    else msg("Give a file with a further column of counts or values."),
                ),
            )
    found = {metric: metrics.pop(metric) for metric in named}
    if not metrics:
        raise Refused(
            msg("All that is known of the experiment is a guardrail, so it asks nothing."),
            place=name[:80],
            remedy=msg("Leave one to be the question."),
        )
    return found


def _pairs(arms: Sequence[Arm], control: str | None) -> list[tuple[Arm, Arm]]:
    names = [arm.name for arm in arms]
    if control is not None and control not in names:
        raise NotFound(
            msg("There is no arm {name}.", name=control[:60]),
            place=control[:60],
            remedy=msg("The arms are: {names}.", names=", ".join(names)),
        )
    base = arms[names.index(control)] if control is not None else arms[0]
    return [(base, arm) for arm in arms if arm is not base]


def _from_file(file: ArmsFile) -> tuple[dict[str, list[Arm]], int]:
    names = sorted(set(file.arms))
    rows = {name: np.array([arm == name for arm in file.arms]) for name in names}
    units = file.units if file.units is not None and file.conversions is not None else None

    def arms(figures: Any, counted: bool) -> list[Arm]:
        """Counts of each arm (a yes is a count of one), or values of its units."""
        return [
            Arm(
                name,
                int(mine.sum()) if units is None else int(units[mine].sum()),
                float(figures[mine].sum()),
                None if counted else float((figures[mine] ** 2).sum()),
            )
            for name, mine in rows.items()
        ]

    found: dict[str, list[Arm]] = {}
    hits = file.converted if units is None else file.conversions
    if hits is not None:
        found["conversion"] = arms(hits, True)
    if file.value is not None and units is None:
        found["value"] = arms(file.value, False)
    return {**found, **{name: arms(*one) for name, one in file.guarded.items()}}, 0


def _from_records(home: Home, name: str) -> tuple[dict[str, list[Arm]], int]:
    engine = engine_of(home)
    known = experiments.names(engine)
    if name not in known:
        raise NotFound(
            msg("There is no experiment {name}.", name=name[:80]),
            place=name[:80],
            remedy=did_you_mean(
                name,
                known,
                msg("The experiments are: {names}.", names=", ".join(known[:20]))
                if known
                else msg("Load its exposures (a row a unit), or give a file."),
            ),
        )
    rows, mixed = experiments.arms(engine, name)
    found: dict[str, list[Arm]] = {}
    if all(hits is not None for _, _, hits, *_ in rows):
        found["conversion"] = [Arm(arm, units, hits or 0) for arm, units, hits, *_ in rows]
    if any(valued for *_, valued in rows):
        found["value"] = [Arm(arm, units, total, squares) for arm, units, _, total, squares, _ in rows]
    return found, mixed


def _notes(split: float, mixed: int, questions: Sequence[Compared]) -> list[Msg]:
    found = []
    if split < SRM:
        found.append(
            msg("The arms are split too unevenly for chance: find out why before you trust the result.")
        )
    if mixed:
        found.append(
            nmsg(
                "{n} unit saw several arms and is left out.",
                "{n} units saw several arms and are left out.",
                mixed,
            )
        )
    if len(questions) > 1:
        found.append(msg("Several questions are asked at once: judge by the adjusted p-values (Holm)."))
    return found


@verb
def experiment_names(home: Home, who: Asker) -> list[str]:  # noqa: ARG001
    """Every experiment whose exposures were loaded."""
    return experiments.names(engine_of(home))
