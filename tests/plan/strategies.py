"""Random formulas, plans and edits for the property tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from kpi_tree.periods import Period
from kpi_tree.plan.formula import FUNCTIONS, Call, Expr, Name, Neg, Number, Percent, Product, Sum
from kpi_tree.plan.model import Edge, Event, Node, Override, Plan, Target
from kpi_tree.plan.trial import Trial

NAMES = ["a", "b", "c", "sales", "new_orders", "x1", "æ_ø", "売上"]
IDS = ["a", "b", "c", "d", "e", "f"]

numbers = st.one_of(
    st.integers(0, 1000).map(float),
    st.floats(0, 1e12, allow_nan=False, allow_infinity=False),
    st.floats(0, 1e-6, allow_nan=False),
).map(lambda value: Number(abs(value)))
leaves: st.SearchStrategy[Expr] = st.one_of(st.sampled_from(NAMES).map(Name), numbers)


def _wider(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    def chain(signs: str) -> Any:
        rest = st.lists(st.tuples(st.sampled_from(signs), inner), min_size=1, max_size=3)
        return st.tuples(inner, rest).map(lambda parts: ((signs[0], parts[0]), *parts[1]))

    return st.one_of(
        inner.map(Neg),
        inner.map(Percent),
        chain("+-").map(Sum),
        chain("*/").map(Product),
        st.tuples(
            st.sampled_from([name for name in FUNCTIONS if name != "lag"]),
            st.lists(inner, min_size=1, max_size=3).map(tuple),
        ).map(lambda parts: Call(*parts)),
        st.tuples(inner, st.integers(0, 4)).map(
            lambda parts: Call("lag", (parts[0], Number(float(parts[1]))))
        ),
    )


expressions: st.SearchStrategy[Expr] = st.recursive(leaves, _wider, max_leaves=12)

texts = st.text(max_size=12).filter(lambda text: not any(0xD800 <= ord(char) < 0xE000 for char in text))
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
amounts = st.floats(-1e6, 1e6, allow_nan=False)


TESTED = st.builds(
    lambda name, effect, reach: Trial(
        name, date(2026, 5, 4), effect, effect - reach, effect + reach, 0.95, 0.05
    ),
    st.sampled_from(["Checkout", "売上", "<b>"]),
    st.floats(-1, 1),
    st.floats(0, 0.5),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan with a root, KPIs, actions, drawn edges and formulas, never cyclic: edges run down the list."""
    ids = IDS[: draw(st.integers(1, len(IDS)))]
    nodes: dict[str, Node] = {}
    links: dict[tuple[str, str], Edge] = {}
    for at, node in enumerate(ids):
        kind = "kgi" if at == 0 else draw(st.sampled_from(["kpi", "kpi", "kpi", "action"]))
        below = ids[at + 1 :]
        formula = None
        if kind != "action" and below and draw(st.booleans()):
            formula = " + ".join(draw(st.lists(st.sampled_from(below), min_size=1, max_size=3)))
        nodes[node] = Node(
            node, kind, name=f"Node {node}", formula=formula, order=float(draw(st.integers(0, 3)))
        )
    for at, child in enumerate(ids):
        for parent in ids[:at]:
            if nodes[parent].kind == "action" or not draw(st.booleans()):
                continue
            kind = (
                "supports"
                if nodes[child].kind == "action"
                else draw(st.sampled_from(["influence", "guardrail"]))
            )
            sign, tests = draw(st.sampled_from([-1, 0, 1])), draw(st.lists(TESTED, max_size=2))
            links[parent, child] = Edge(parent, child, kind, sign=sign, tested=tuple(tests))
    targets = {}
    for number in range(draw(st.integers(0, 2))):
        start = draw(days)
        node = draw(st.sampled_from([node for node in ids if nodes[node].kind != "action"]))
        period = Period(start, start + timedelta(days=draw(st.integers(1, 200))))
        value, baseline = draw(amounts), draw(st.none() | amounts)
        if value != baseline:
            targets[f"t{number}"] = replace(
                Target(f"t{number}", node, period, value, baseline=baseline), **draw(target_extras(period))
            )
    events = (
        (Event("Sale", Period(date(2026, 11, 27), date(2026, 11, 30)), 2.5),) if draw(st.booleans()) else ()
    )
    return Plan(
        "p", name=draw(st.sampled_from(["", "Shop", "<b>"])), nodes=nodes, links=links, targets=targets,
        events=events, capacity=draw(st.sampled_from([(), (("Kari", 20.0), ("Ola", 0.0))])),
        capacity_unit=draw(st.sampled_from(["", "hours", "points"])),
    )  # fmt: skip


def target_extras(period: Period) -> st.SearchStrategy[dict[str, Any]]:
    """Fields that a target has beside its value."""
    said = Override("on_track", "I know better", "Kari", period.start, period.last)
    return st.sampled_from(
        [
            {},
            {"kind": "floor"},
            {"kind": "guardrail", "low": -2.0, "high": 3.5},
            {"trajectory": "weights", "weekdays": (1.0, 1.0, 1.0, 1.0, 2.0, 0.5, 0.0), "events": True},
            {"trajectory": "weights", "months": (1.0,) * 11 + (3.0,)},
            {"trajectory": "custom", "custom": ((period.start, 1.5),)},
            {"override": said, "kind": "stretch"},
        ]
    )


def node_dicts(ids: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """A node as a browser would send it, good or not so good."""
    return st.fixed_dictionaries(
        {"id": st.sampled_from(ids)},
        optional={
            "kind": st.sampled_from(["kgi", "kpi", "action"]),
            "name": texts,
            "formula": st.sampled_from([None, "a", "a + b", "c / d", "e *", "x"]),
            "kpi": st.sampled_from([None, "a", "sessions"]),
            "order": amounts,
            "tags": st.lists(texts, max_size=2),
        },
    )


def edits(ids: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Any edit, also ones that must be refused."""
    node = st.sampled_from(ids)
    edge = {"parent": node, "child": node}
    values = {
        "name": texts,
        "formula": st.sampled_from([None, "", "a", "b + c", "d / e", "lag(f, 1)", "a +", "sessions"]),
        "kpi": st.sampled_from([None, "a", "sessions", "b"]),
        "kind": st.sampled_from(["kgi", "kpi", "action"]),
        "owner": texts,
        "order": amounts,
        "assumption": st.none() | amounts,
        "tags": st.lists(texts, max_size=3),
        "due": st.none() | days.map(str),
        "id": node,
    }
    return st.one_of(
        st.fixed_dictionaries({"op": st.just("add_node"), "after": node_dicts(ids)}),
        st.fixed_dictionaries({"op": st.just("remove_node"), "node": node}),
        st.sampled_from(list(values)).flatmap(
            lambda field: st.fixed_dictionaries(
                {"op": st.just("set_field"), "node": node, "field": st.just(field), "after": values[field]}
            )
        ),
        st.fixed_dictionaries(
            {
                "op": st.just("set_field"),
                "edge": st.tuples(node, node).map(list),
                "field": st.just("hypothesis"),
                "after": texts,
            }
        ),
        st.fixed_dictionaries(
            {
                "op": st.just("add_edge"),
                **edge,
                "after": st.fixed_dictionaries(
                    {}, optional={"kind": st.sampled_from(["formula", "influence", "guardrail", "supports"])}
                ),
            }
        ),
        st.fixed_dictionaries({"op": st.just("remove_edge"), **edge}),
        st.fixed_dictionaries(
            {
                "op": st.just("move"),
                "node": node,
                "after": st.fixed_dictionaries({"parent": st.none() | node}, optional={"order": amounts}),
            }
        ),
        st.fixed_dictionaries(
            {
                "op": st.just("set_target"),
                "after": st.fixed_dictionaries(
                    {
                        "id": st.sampled_from(["t0", "t1"]),
                        "node": node,
                        "value": amounts,
                        "period": days.map(
                            lambda day: {"start": str(day), "end": str(day + timedelta(days=9))}
                        ),
                    }
                ),
            }
        ),
        st.fixed_dictionaries({"op": st.just("remove_target"), "target": st.sampled_from(["t0", "t1"])}),
        st.fixed_dictionaries({"op": st.just("set_plan"), "field": st.just("name"), "after": texts}),
    )
