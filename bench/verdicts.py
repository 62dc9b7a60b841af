"""How fast a large tree is judged: `python bench/verdicts.py`.

A tree of 1,000 KPIs over three years of days: every formula evaluated over all days, each KPI's value of the
quarter so far set against its target's path, with its status, reason and rule, and the roll-up of what has no
target of its own. Budget: 1 s. Reading the values from disk is not part of it (see ``bench/metrics.py``).
"""

from __future__ import annotations

import argparse
from datetime import date, timedelta

import numpy as np
from tree import best, tree

from kpi_tree.analysis import Aim, Evidence, Verdict, assess, from_children
from kpi_tree.periods import Period, parse_period
from kpi_tree.plan.evaluate import Evaluation, Program, compile_plan, evaluate
from kpi_tree.plan.model import Plan, Target
from kpi_tree.workspace.drafting.paths import aim_of, path_of

TODAY = date(2026, 11, 22)
QUARTER = parse_period("2026-Q4")
DAYS = 1096
BUDGET = 1.0


def targets_of(plan: Plan, found: Evaluation, quarter: slice) -> dict[str, Target]:
    """A target on two nodes of three, a little above what the quarter is heading for."""
    made = {}
    for at, node in enumerate(plan.nodes):
        if at % 3:
            so_far = float(found[node].value[quarter].mean())
            made[node] = Target(f"t{at}", node, QUARTER, so_far * 1.05, baseline=so_far * 0.9)
    return made


def judge(
    plan: Plan, program: Program, series: dict[str, np.ndarray], targets: dict[str, Target], quarter: slice
) -> dict[str, Verdict]:
    """Every node's verdict, from the leaves up."""
    found = evaluate(program, series)
    verdicts: dict[str, Verdict] = {}
    for step in program.steps:
        target = targets.get(step.node)
        if target is None:
            below = [(one, one, verdicts[one]) for one in plan.formula_children(step.node) if one in verdicts]
            verdicts[step.node] = from_children(below)
            continue
        aim: Aim = aim_of(target, QUARTER, rollup="mean", unit="count", direction="up", currency=None)
        path = path_of(target, QUARTER, "mean")
        actual = float(found[step.node].value[quarter].mean())
        verdicts[step.node] = assess(aim, Evidence(actual, TODAY, path.at(TODAY)), today=TODAY)
    return verdicts


def main() -> None:
    """Prints the time, and the share of the budget."""
    parser = argparse.ArgumentParser(description="Time of judging a large tree.")
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="for CI: 200 nodes, twice")
    chosen = parser.parse_args()
    nodes, times = (200, 2) if chosen.small else (chosen.nodes, chosen.times)
    plan = tree(nodes)
    program = compile_plan(plan)
    generator = np.random.default_rng(7)
    series = {node.id: generator.uniform(0.9, 1.1, DAYS) for node in plan.nodes.values() if not node.formula}
    elapsed = Period(QUARTER.start, TODAY + timedelta(days=1)).days
    quarter = slice(DAYS - elapsed, DAYS)
    targets = targets_of(plan, evaluate(program, series), quarter)
    verdicts = judge(plan, program, series, targets, quarter)
    assert len(verdicts) == nodes
    assert len({str(one.status) for one in verdicts.values()}) > 1
    whole = best(lambda: judge(plan, program, series, targets, quarter), times) / 1000
    values = best(lambda: evaluate(program, series), times) / 1000
    print(f"{nodes:,} KPIs over {DAYS:,} days, {len(targets):,} of them with a target")
    print(f"values {values * 1000:.1f} ms, values and verdicts {whole * 1000:.0f} ms of processor time")
    print(f"{BUDGET / whole:.1f} times faster than the budget of {BUDGET:.0f} s for 1,000 KPIs")


if __name__ == "__main__":
    main()
