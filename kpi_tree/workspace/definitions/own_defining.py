"""The shop's own KPIs: defined, replaced, removed, taken back, and looked at before they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpi_tree import metrics
from kpi_tree.catalogue import Kpi, definitions
from kpi_tree.catalogue.own.check import uses
from kpi_tree.catalogue.own.faults import SHOWN, Fault, unique
from kpi_tree.catalogue.own.text import Entry, entries_of, to_yaml
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue
from kpi_tree.metrics.kinds import Assembled, assemble
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.formula_parser import FormulaError, names_in
from kpi_tree.store import Home, own
from kpi_tree.store import plans as kept_plans
from kpi_tree.store.own import OwnKpi
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import calendar_of, current_settings, moment
from kpi_tree.workspace.base.own import own_tables_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.definitions.trying import failing, trial
from kpi_tree.workspace.figuring.figures import engine_of

Specs = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Defined:
    """What became of definitions: the ids that are defined now, and what there is to say of them.

    With an error among the issues nothing was defined.
    """

    defined: tuple[str, ...]
    issues: tuple[Issue, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no fault."""
        return not any(issue.level == "error" for issue in self.issues)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {"defined": list(self.defined), "issues": [issue.to_dict(lang) for issue in self.issues]}


@verb
def own_kpis(home: Home, who: Asker) -> list[OwnKpi]:  # noqa: ARG001
    """The shop's own KPIs as they were defined, in the order they first were."""
    return own.kpis(home)


@verb
def own_yaml(home: Home, who: Asker, kpi: str | None = None) -> str:
    """The shop's own definitions as YAML, ready to be defined again; or one of them.

    Raises:
        NotFound: there is no own KPI of that id; the nearest is named.
    """
    found = {one.id: one.spec for one in own_kpis(home, who)}
    return to_yaml([_known(found, kpi)] if kpi is not None else list(found.values()))


def _known(found: Specs, kpi: str) -> Mapping[str, Any]:
    if kpi in found:
        return found[kpi]
    raise NotFound(
        msg("There is no KPI of your own with this id."),
        place=kpi[:80],
        remedy=did_you_mean(kpi, found, msg("Nothing is defined yet.")),
    )


@verb
def define(
    home: Home,
    who: Asker,
    text: str | Sequence[Mapping[str, Any]],
    *,
    dry_run: bool = False,
    based_on: int | None = None,
    now: datetime | None = None,
) -> Defined:
    """Define KPIs, or replace own ones of the same id: all of a text, or none.

    Args:
        text: YAML of one definition or several; or the definitions themselves.
        dry_run: only say what is wrong.
        based_on: the revision (``own_revision``) the person saw, so that nobody
            else's change is overwritten.

    Returns:
        The ids, and every fault of the whole text in one pass; with a fault nothing is defined.

    Raises:
        Conflict: somebody changed one of them meanwhile.
    """
    entries, issues = _entries(text)
    kept = {one.id: one.spec for one in own.kpis(home)}
    if not entries:
        return Defined((), tuple(issues))
    made, found = _checked(home, entries, kept)
    issues += found
    result = Defined(tuple(entry.place for entry in entries), tuple(unique(issues)))
    if not result.ok:
        return Defined((), result.issues)
    del made
    if not dry_run:
        wanted = {entry.place: entry.spec for entry in entries}
        own.change_kpis(home, wanted, who=who.name, now=moment(now), based_on=based_on)
    return result


def _entries(text: str | Sequence[Mapping[str, Any]]) -> tuple[list[Entry], list[Issue]]:
    return entries_of(text if isinstance(text, str) else to_yaml(text))


def _checked(home: Home, entries: Sequence[Entry], kept: Specs) -> tuple[Assembled, list[Issue]]:
    """All definitions as they would stand, with what is wrong with the new ones or because of them."""
    fresh = {entry.place for entry in entries}
    stays = [Entry(name, spec) for name, spec in kept.items() if name not in fresh]
    made = _assembled(home, [*stays, *entries])
    broken = set(kept) - set(_assembled(home, [Entry(*one) for one in kept.items()]).added)
    issues = [issue for issue in made.issues if issue.place.partition(".")[0] not in broken - fresh]
    if not any(issue.level == "error" for issue in issues):
        wanted = [name for name in fresh if name in made.added]
        calendar = calendar_of(current_settings(home))
        issues += failing(made.definitions, wanted, own_tables_of(home), calendar)
        issues += _unmet(home, made, fresh)
    return made, issues


def _assembled(home: Home, entries: Sequence[Entry]) -> Assembled:
    calendar = calendar_of(current_settings(home))
    return assemble(definitions(), entries, own_tables_of(home), calendar)


def _unmet(home: Home, made: Assembled, fresh: Iterable[str]) -> list[Issue]:
    """Texts that a filter asks for and that no record has: a slip of the pen must not read as 0."""
    engine, issues = engine_of(home), []
    for name in fresh:
        for field, table, column, text in made.added[name].compared if name in made.added else ():
            if not engine.has(table) or column not in engine.definitions.facts[table].dims:
                continue
            known = engine.values(table, column)
            if text not in known:
                message = msg("No record has the value {value} in {dim}.", value=text[:80], dim=column)
                few = None if len(known) <= SHOWN else msg("Look at how the records write it.")
                fault = Fault("unknown_value", message, did_you_mean(text, known, few), "warning")
                issues.append(fault.at(f"{name}.{field}"))
    return issues


@verb
def remove_kpi(home: Home, who: Asker, kpi: str, *, now: datetime | None = None) -> None:
    """Remove an own KPI; :func:`undo_definition` brings it back.

    Raises:
        NotFound: there is no own KPI of that id.
        Refused: it is a built-in one, or a plan or another KPI is made from it; the first is named.
    """
    kept = {one.id: one.spec for one in own.kpis(home)}
    if kpi not in kept and kpi in definitions().kpis:
        raise Refused(
            msg("{name} is a built-in KPI.", name=kpi),
            place=kpi,
            remedy=msg("Only KPIs of your own can be removed."),
        )
    _known(kept, kpi)
    _refuse_used(home, {kpi}, {name: spec for name, spec in kept.items() if name != kpi})
    own.change_kpis(home, {kpi: None}, who=who.name, now=moment(now), action="remove")


def _refuse_used(home: Home, gone: set[str], stays: Specs) -> None:
    for name, spec in stays.items():
        for used in sorted(uses(spec) & gone):
            raise Refused(
                msg("{name} is made from it.", name=name),
                place=used,
                remedy=msg("Remove or change that KPI first."),
            )
    for plan_id, plan_name in kept_plans.names(home):
        for node in plan_cached(home, plan_id).nodes.values():
            for used in sorted(({node.kpi or ""} | _formula_names(node.formula)) & gone):
                raise Refused(
                    msg("{node} in the plan {plan} uses it.", node=node.name or node.id, plan=plan_name),
                    place=used,
                    remedy=msg("Take it off that box first."),
                )


def _formula_names(formula: str | None) -> set[str]:
    try:
        return set(names_in(formula)) if formula else set()
    except FormulaError:
        return set()


@verb
def undo_definition(home: Home, who: Asker, *, now: datetime | None = None) -> tuple[str, ...]:
    """Take back the last definition, replacement or removal that still stands; the ids it was about.

    Raises:
        Refused: there is none, or a plan or another KPI is made from what would go.
        Conflict: somebody changed something at the very moment.
    """
    change = own.last_change(home)
    after = {one.id: one.spec for one in own.kpis(home)}
    for one in change:
        if one["before"] is None:
            after.pop(one["id"], None)
        else:
            after[one["id"]] = one["before"]
    _refuse_used(home, {one["id"] for one in change if one["before"] is None}, after)
    own.undo(home, who=who.name, now=moment(now), expected=change)
    return tuple(str(one["id"]) for one in change)


@dataclass(frozen=True, slots=True)
class Trial:
    """A definition that is not kept: the KPI, its values, and what is wrong."""

    kpi: Kpi | None
    series: metrics.Series | None
    issues: tuple[Issue, ...]
    refusal: Msg | None = None


@verb
def try_kpi(
    home: Home,
    who: Asker,  # noqa: ARG001
    text: str | Sequence[Mapping[str, Any]],
    *,
    start: date | None = None,
    end: date | None = None,
    grain: str = "week",
    by: Sequence[str] = (),
) -> Trial:
    """What the first definition of a text would give, without keeping it.

    Args:
        start, end: ``[start, end)``; without them the last twelve periods of the data.
    """
    entries, issues = _entries(text)
    if not entries:
        return Trial(None, None, tuple(issues))
    kept = {one.id: one.spec for one in own.kpis(home)}
    made, found = _checked(home, entries[:1], kept)
    whole = tuple(unique([*issues, *found]))
    name = entries[0].place
    if name not in made.added or any(issue.level == "error" for issue in whole):
        return Trial(None, None, whole)
    kpi = made.definitions.kpis[name]
    series, refusal = trial(home, made.definitions, name, start, end, grain, by)
    return Trial(kpi, series, whole, refusal)
