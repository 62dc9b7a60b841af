"""How fast a whole tree is evaluated: `python bench/tree.py`.

Trees of 100, 1,000 and 10,000 nodes over 1,096 days, three ways: the compiled evaluation of the product, a
plain recursion one period at a time (on a share of the periods, scaled up), and the least time the machine
needs to read the inputs and write the results once (its memory limit). Then the same again after one leaf
changed, when only what stands above it is computed. Best of several runs; no result is written anywhere.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable

import numpy as np

from kpi_tree.catalogue import catalogue
from kpi_tree.plan.evaluate import compile_plan, evaluate
from kpi_tree.plan.formula import Expr, Name, Product, Sum, parse
from kpi_tree.plan.lint import lint
from kpi_tree.plan.model import Node, Plan

PERIODS = 1096
SLOW_PERIODS = 8


def tree(nodes: int, width: int = 4) -> Plan:
    """A tree of sums and products, each node with up to ``width`` children, operators taking turns."""
    made = {}
    for at in range(nodes):
        below = [f"n{child}" for child in range(width * at + 1, width * at + width + 1) if child < nodes]
        formula = (" + " if at % 2 else " * ").join(below) or None
        made[f"n{at}"] = Node(f"n{at}", "kgi" if at == 0 else "kpi", f"Node {at}", formula=formula)
    return Plan("bench", nodes=made)


def recursive(plan: Plan, series: dict[str, np.ndarray], periods: int) -> dict[str, list[float]]:
    """What a first attempt does: for each period, ask the root, which asks its children."""
    formulas = {node.id: parse(node.formula) for node in plan.nodes.values() if node.formula}
    rows = {name: values[:periods].tolist() for name, values in series.items()}
    result: dict[str, list[float]] = {node: [math.nan] * periods for node in plan.nodes}

    def value(expr: Expr, at: int) -> float:
        if isinstance(expr, Name):
            return node_value(expr.id, at)
        if isinstance(expr, Sum):
            return sum(value(part, at) if sign == "+" else -value(part, at) for sign, part in expr.terms)
        assert isinstance(expr, Product)
        product = 1.0
        for _, part in expr.factors:
            product *= value(part, at)
        return product

    def node_value(node: str, at: int) -> float:
        found = rows[node][at] if node in rows else value(formulas[node], at)
        result[node][at] = found
        return found

    for at in range(periods):
        node_value("n0", at)
    return result


def best(run: Callable[[], object], times: int) -> float:
    """Fastest of several runs, in milliseconds of processor time (a shared machine's clock says little)."""
    found = math.inf
    for _ in range(times):
        start = time.process_time()
        run()
        found = min(found, time.process_time() - start)
    return found * 1000


def memory_limit(leaves: int, nodes: int, times: int) -> float:
    """Reading every input once and writing every result once, as one copy of that many bytes."""
    inputs, results = np.ones((leaves, PERIODS)), np.empty((nodes - leaves, PERIODS))
    rows = min(leaves, nodes - leaves)

    def run() -> None:
        np.copyto(results[:rows], inputs[:rows])
        inputs[rows:].sum()

    return best(run, times)


def measure(nodes: int, times: int) -> str:
    """One line of the table."""
    plan = tree(nodes)
    generator = np.random.default_rng(7)
    leaves = [node.id for node in plan.nodes.values() if not node.formula]
    series = {leaf: generator.uniform(0.9, 1.1, PERIODS) for leaf in leaves}
    program = compile_plan(plan)
    whole = evaluate(program, series)
    slow = recursive(plan, series, SLOW_PERIODS)
    for node in plan.nodes:  # the two ways must agree before their times mean anything
        np.testing.assert_allclose(whole[node].value[:SLOW_PERIODS], slow[node], rtol=1e-9)
    changed = {**series, leaves[0]: series[leaves[0]] * 1.01}
    figures = (
        best(lambda: compile_plan(plan), times),
        best(lambda: evaluate(program, series), times),
        best(lambda: evaluate(program, changed, before=whole), times),
        best(lambda: recursive(plan, series, SLOW_PERIODS), 1) * PERIODS / SLOW_PERIODS,
        memory_limit(len(leaves), nodes, times),
    )
    return f"{nodes:>7,}" + "".join(f"{figure:>14,.2f}" for figure in figures)


def remarks(nodes: int, times: int) -> str:
    """How long lint takes over a tree in which most nodes have something to be said about them."""
    plan = tree(nodes)
    found = lint(plan, catalogue(), set())
    took = best(lambda: lint(plan, catalogue(), set()), times)
    fresh = best(lambda: lint(tree(nodes), catalogue(), set()), times) - best(lambda: tree(nodes), times)
    said = f"lint of {nodes:,} nodes, {len(found):,} remarks"
    return f"{said}: {took:.1f} ms; of a plan just changed {fresh:.1f} ms"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="Times of evaluating a tree, in milliseconds.")
    parser.add_argument("--nodes", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--small", action="store_true", help="seconds, for CI: 100 nodes, twice")
    chosen = parser.parse_args()
    sizes, times = ([100], 2) if chosen.small else (chosen.nodes, chosen.times)
    titles = ("compile", "evaluate", "one changed", "recursion", "memory limit")
    print(f"{'nodes':>7}" + "".join(f"{title:>14}" for title in titles))
    for nodes in sizes:
        print(measure(nodes, times))
    print(remarks(sizes[-1] if chosen.small else 1000, times))


if __name__ == "__main__":
    main()
