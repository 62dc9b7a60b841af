"""How long explaining and supposing take: ``python bench/explain.py``. Prints milliseconds; trust the ratios.

A tree of 1,000 nodes, five children a node, products and sums in turn; no data are read.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from kpi_tree.analysis.contribution import explain, shapley
from kpi_tree.analysis.formula_split import branch_of
from kpi_tree.analysis.orders import shared_out
from kpi_tree.analysis.scenario import Ground, by_chance, one_by_one
from kpi_tree.plan.formula import parse
from kpi_tree.plan.formula_values import evaluate
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.program import compile_plan

NODES, CHILDREN, SAMPLES, WEEKS = 1000, 5, 10_000, 104


def best(run: Callable[[], Any], times: int = 5) -> float:
    """The shortest of some runs, in milliseconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found) * 1000


def tree() -> tuple[Plan, dict[str, str]]:
    """A plan of so many nodes and its formulas."""
    texts = {}
    for n in range(NODES):
        kids = [f"n{k}" for k in range(CHILDREN * n + 1, CHILDREN * n + CHILDREN + 1) if k < NODES]
        if kids:
            texts[f"n{n}"] = (" * " if n % 2 else " + ").join(kids)
    nodes = {
        f"n{n}": Node(f"n{n}", "kgi" if n == 0 else "kpi", formula=texts.get(f"n{n}")) for n in range(NODES)
    }
    return Plan("bench", nodes=nodes), texts


def values(texts: dict[str, str], seed: int) -> dict[str, float]:
    """Every node's value, the leaves drawn near one."""
    chance = np.random.default_rng(seed)
    found = {f"n{n}": float(chance.uniform(0.9, 1.1)) for n in range(NODES)}
    for n in reversed(range(NODES)):
        if text := texts.get(f"n{n}"):
            found[f"n{n}"] = float(evaluate(parse(text), found))
    return found


def main() -> None:
    """Measure and print."""
    plan, texts = tree()
    before, after = values(texts, 1), values(texts, 2)
    branches = {name: branch_of(parse(text)) for name, text in texts.items()}
    parts = explain("n0", branches, before, after)
    off = math.fsum(p.value or 0 for p in parts if p.id not in branches) / (after["n0"] - before["n0"]) - 1
    print(
        f"explain, {NODES} nodes: {best(lambda: explain('n0', branches, before, after)):.0f} ms (limit 300)"
    )
    print(f"  with parsing: {best(lambda: [branch_of(parse(t)) for t in texts.values()]):.0f} ms more")
    print(f"  the leaves add up to the difference within {abs(off):.0e}")

    for count in (4, 8, 12, 16, 64, 256):
        names = [f"x{n}" for n in range(count)]
        one = parse(" * ".join(names))
        old, new = ({name: 1 + 0.1 * math.sin(n + seed) for n, name in enumerate(names)} for seed in (1, 2))
        integral = best(partial(shared_out, one, old, new))
        by_all = best(partial(shapley, partial(evaluate, one), old, new), 2) if count <= 16 else None
        more = f", by all states {by_all:.1f} ms ({by_all / integral:.0f} x)" if by_all else ""
        print(f"product of {count}: integral {integral:.2f} ms{more}")

    ground = Ground(compile_plan(plan), after)
    leaves = list(ground.leaves("n0"))
    past = np.random.default_rng(3).lognormal(0, 0.1, (WEEKS, len(leaves)))

    def chance() -> np.ndarray:
        factors = by_chance(past, 13, SAMPLES, 1)
        assert factors is not None
        drawn = {name: after[name] * factors[:, n] for n, name in enumerate(leaves)}
        return np.asarray(ground.with_values(drawn)["n0"])

    drawn = best(chance, 3)
    print(f"chance, {SAMPLES} draws x {NODES} nodes ({len(leaves)} leaves): {drawn:.0f} ms (limit 1000)")
    each = (
        best(lambda: [ground.with_values({leaf: after[leaf] * 1.1}) for leaf in leaves[:50]], 2)
        / 50
        * len(leaves)
        * 2
    )
    together = best(lambda: one_by_one(ground, "n0", leaves, (0.9, 1.1)), 3)
    print(f"every leaf both ways: {together:.0f} ms, one at a time {each:.0f} ms ({each / together:.0f} x)")


if __name__ == "__main__":
    main()
