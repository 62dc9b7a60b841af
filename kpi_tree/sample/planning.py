"""The sample shop's plan: its tree, its people's actions, and targets with baselines from its own records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from kpi_tree.catalogue.model import Kpi
from kpi_tree.periods import Grain, Period, period_id, period_of
from kpi_tree.plan.model import ActionState, Edge, Node, Plan, Target
from kpi_tree.plan.targets import after_change
from kpi_tree.plan.templates.build import hypothesis
from kpi_tree.sample import story
from kpi_tree.sample.figures import figures, world_for
from kpi_tree.sample.generate import SEED
from kpi_tree.sample.shop import read_yaml


def sample_plan(
    today: date,
    catalogue: Mapping[str, Kpi] | None = None,
    *,
    lang: str = "en",
    seed: int = SEED,
    scale: float = 1.0,
) -> Plan:
    """The plan of the sample shop as it stands on a day.

    Args:
        today: the quarter it lies in is the one with targets; the one before has its sales target still.
        catalogue: the KPIs to take names from; KPIs that it does not have are left out of the tree.
        lang: language of the names.
        seed, scale: as given to :func:`kpi_tree.sample.generate`; the baselines are those records' own
        figures.

    >>> plan = sample_plan(date(2026, 11, 22))
    >>> plan.nodes["sales"].formula, plan.targets["sales_2026_q4"].change
    ('sold - returns', 0.1)
    """
    if catalogue is None:
        from kpi_tree.catalogue import catalogue as known

        catalogue = known()
    facts = _facts()
    quarter = period_of(today, Grain.QUARTER)
    nodes = [
        _node(n, spec, catalogue, lang)
        for n, spec in enumerate(facts["nodes"])
        if spec.get("needs", spec.get("kpi")) in {None, *catalogue}
    ]
    nodes += [_action(n, spec, quarter, today, lang) for n, spec in enumerate(facts["actions"])]
    there = {node.id for node in nodes}
    edges = [_edge(spec, lang) for spec in facts["edges"] if {spec["parent"], spec["child"]} <= there]
    targets = _targets(facts, quarter, today, lang, seed, scale)
    return Plan(
        id=facts["id"],
        name=_words(facts["name"], lang),
        nodes={node.id: node for node in nodes},
        links={edge.key: edge for edge in edges},
        targets={target.id: target for target in targets if target.node in there},
        notes=_words(facts["notes"], lang),
        language=lang,
    )


@lru_cache(maxsize=1)
def _facts() -> Mapping[str, Any]:
    return read_yaml(Path(__file__).with_name("plan.yaml"))


def _words(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or texts["en"]


def _edge(spec: Mapping[str, Any], lang: str) -> Edge:
    """A line, with what is commonly believed of it where the shop says nothing else."""
    believed = hypothesis(spec["parent"], spec["child"]) if spec["kind"] == "influence" else {}
    why = _words(believed["why"], lang) if believed else ""
    return Edge(
        **{"strength": believed.get("strength"), "lag": believed.get("lag"), "hypothesis": why, **spec}
    )


def _node(order: int, spec: Mapping[str, Any], catalogue: Mapping[str, Kpi], lang: str) -> Node:
    kpi = catalogue[spec["kpi"]] if "kpi" in spec else None
    return Node(
        id=spec["id"],
        kind=spec.get("kind", "kpi"),
        name=_words(kpi.name, lang) if kpi else _words(spec["name"], lang),
        kpi=spec.get("kpi"),
        formula=spec.get("formula"),
        unit=kpi.unit if kpi else spec.get("unit"),
        direction=(kpi.direction or None) if kpi else spec.get("direction"),
        rollup=kpi.rollup if kpi else spec.get("rollup"),
        owner=spec["owner"],
        informed=tuple(spec.get("informed", ())),
        order=float(order),
    )


def _action(order: int, spec: Mapping[str, Any], quarter: Period, today: date, lang: str) -> Node:
    since = spec.get("from", "quarter")
    first = quarter.start if since == "quarter" else today if since == "today" else _black_week(quarter)
    start, due = (first + timedelta(days=spec[name]) for name in ("start", "due"))
    state: ActionState = "planned" if today < start else "doing" if today < due else "done"
    state = spec.get("state", state)
    more = {"action_kind" if name == "kind" else name: value for name, value in spec.get("more", {}).items()}
    for name in ("links", "needs", "excludes"):
        more[name] = tuple(more.get(name, ()))
    return Node(
        id=spec["id"], kind="action", name=_words(spec["name"], lang), owner=spec["owner"],
        order=float(order), start=start, due=due, state=state, expected_effect=float(spec["effect"]), **more,
    )  # fmt: skip


def _black_week(quarter: Period) -> date:
    """The first day of the last Black Week that was over when a quarter began."""
    span = story.day_number(quarter.start - timedelta(days=400)), story.day_number(quarter.start)
    found = [one for one in story.campaigns(*span) if one.code.startswith("BLACK")]
    return story.date_of(found[-1].first)


def _targets(
    facts: Mapping[str, Any], quarter: Period, today: date, lang: str, seed: int, scale: float
) -> list[Target]:
    periods = {shift: quarter.shift(shift) for shift in (0, -1)}
    before = {shift: period.same_last_year() for shift, period in periods.items()}
    world = world_for(list(before.values()), seed=seed, scale=scale, until=today)
    known = {shift: figures(world, period) for shift, period in before.items()}
    made = []
    for spec in facts["targets"]:
        shift = spec.get("quarter", 0)
        period, baseline = periods[shift], known[shift][spec["node"]]
        value = after_change(baseline, spec["change"], spec["kind"])
        made.append(Target(
            id=f"{spec['node']}_{period_id(period).replace('-', '_').lower()}",
            node=spec["node"], period=period, value=value, baseline=baseline,
            baseline_label="same_period_last_year", trajectory=spec["trajectory"], change=spec["change"],
            change_kind=spec["kind"],
                sentence=_words(facts["sentence"], lang) if spec["node"] == "sales" else "",
        ))  # fmt: skip
    return made
