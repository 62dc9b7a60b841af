"""A page with nothing but the canvas on it, for the browser tests and the benchmark.

Query: ``n`` synthetic nodes instead of the shop's tree, ``lang``, ``read`` (not editable), ``hostile`` names,
``callback`` (events through ``on_event``), ``frag`` (inside a fragment), ``slow`` (seconds that every
answer to a gesture takes), ``diff`` (two states compared). Buttons: ``above`` puts something new above the
canvas, ``away`` takes the canvas off the page until it is pressed again.
"""

from __future__ import annotations

import json
import math
import random
import time
from typing import Any

import streamlit as st

from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.edits import apply_all
from kpi_tree.plan.model import Edge, Node, Plan
from kpi_tree.ui.shell.delivery import keep_what_finished_runs_drew
from kpi_tree.ui.tree.canvas import apply_event, made_on, single_events, tree_canvas

HOSTILE = {
    "gross_sales": '<img src=x onerror="window.hacked=1"><b>bold</b>',
    "discounts": "مبيعات المتجر \u202eright to left",
    "returns": "🛒🚀👩‍👩‍👧‍👦 emoji 売上高",
    "visits": "x" * 200,
    "conversion": "'; DROP TABLE kpi; -- {count} &lt;i&gt; </div><script>window.hacked=1</script>",
    "aov": "a b "
    * 2500,  # 10,000 characters: refused when typed, and still drawn when they come some other way
}
OFFERS = [
    ("return_rate", "Return rate", "returned share"),
    ("lost_carts", "Lost carts", "gone carts|retreats"),
]
WORDS = {
    "ahead": "Ahead",
    "on_track": "On track",
    "at_risk": "At risk",
    "off_track": "Off track",
    "achieved": "Achieved",
    "missed": "Missed",
    "too_early": "Too early",
    "stale": "Stale",
    "no_data": "No data",
    "achieved_at_cost": "Achieved at a cost",
}
STATUS = {
    "sales": "at_risk",
    "gross_sales": "on_track",
    "discounts": "off_track",
    "returns": "ahead",
    "visits": "on_track",
    "conversion": "at_risk",
    "aov": "achieved",
    "bounce": "too_early",
    "speed": "stale",
    "nps": "no_data",
    "mobile": "missed",
    "desktop": "on_track",
    "margin": "achieved_at_cost",
}
OWNERS = {
    "sales": "Kari Nordmann",
    "visits": "Ola Hansen",
    "conversion": "佐藤 花子",
    "discounts": "Liv",
    "aov": "Per Ås",
}
VALUES = {
    "sales": ("kr 4 812 300", "kr 5 400 000"),
    "gross_sales": ("kr 5 420 000", "kr 6 000 000"),
    "discounts": ("kr 402 000", "kr 350 000"),
    "returns": ("kr 205 700", "kr 250 000"),
    "visits": ("182 400", "200 000"),
    "conversion": ("2,31 %", "2,50 %"),
    "aov": ("kr 1 286", "kr 1 250"),
    "bounce": ("48,2 %", "45,0 %"),
    "speed": ("2,9 s", "2,0 s"),
    "margin": ("31,0 %", "30,0 %"),
    "mobile": ("1,4 %", "2,0 %"),
    "desktop": ("3,8 %", "4,0 %"),
}


def shop(names: dict[str, str]) -> Plan:
    def kpi(node: str, name: str, order: float, formula: str | None = None, kind: Any = "kpi") -> Node:
        return Node(
            node, kind, names.get(node, name), formula=formula, order=order, owner=OWNERS.get(node, "")
        )

    nodes = [
        kpi("sales", "Sales", 0, "gross_sales - discounts - returns", "kgi"),
        kpi("gross_sales", "Gross sales", 0, "visits * conversion * aov"),
        kpi("discounts", "Discounts", 1),
        kpi("returns", "Returns", 2),
        kpi("margin", "Gross margin", 3),
        kpi("visits", "Visits", 0),
        kpi("conversion", "Conversion rate", 1),
        kpi("aov", "Average order value", 2),
        kpi("bounce", "Bounce rate", 0),
        kpi("speed", "Page load time", 1),
        kpi("nps", "Recommend score", 3),
        kpi("mobile", "Mobile conversion", 0),
        kpi("desktop", "Desktop conversion", 1),
        kpi("checkout", "Simpler checkout with fewer fields", 0, kind="action"),
        kpi("bundle", "Bundle offers", 0, kind="action"),
        kpi("mail", "Autumn mail campaign", 1, kind="action"),
    ]
    edges = [
        Edge("conversion", "bounce", "influence", -1),
        Edge("conversion", "speed", "influence", -1),
        Edge("bounce", "speed", "influence", 1),
        Edge("returns", "nps", "influence", -1),
        Edge("conversion", "mobile", "influence", 1),
        Edge("conversion", "desktop", "influence", 1),
        Edge("sales", "margin", "guardrail"),
        Edge("conversion", "checkout", "supports"),
        Edge("aov", "bundle", "supports"),
        Edge("aov", "mail", "supports"),
    ]
    return Plan("shop", "Shop", {n.id: n for n in nodes}, {e.key: e for e in edges})


def synthetic(count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    chance = random.Random(7)
    views, edges = [], []
    for i in range(count):
        spark = [100 + 20 * math.sin(d / 5 + i) + chance.uniform(-6, 6) for d in range(30)]
        status = chance.choice(list(WORDS))
        views.append(
            {
                "id": f"n{i}",
                "name": f"Indicator number {i}",
                "kind": "kgi" if i == 0 else "kpi",
                "owner": f"Person {i % 17}",
                "unit": "count",
                "actual": spark[-1],
                "actual_text": f"{spark[-1]:,.1f}",
                "target_text": "140.0",
                "status": status,
                "status_text": WORDS[status],
                "attainment": chance.uniform(0, 1.1),
                "expected_share": 0.6,
                "spark": [round(v, 2) for v in spark],
                "spark_path": [90 + d for d in range(30)],
                "freshness_text": "to 21 Nov",
                "formula": None,
                "order": i,
                "stale": False,
            }
        )
        if i:
            edges.append(
                {
                    "parent": f"n{(i - 1) // 5}",
                    "child": f"n{i}",
                    "kind": "formula",
                    "operator": "+",
                    "sign": 1,
                }
            )
    return views, edges


def operators(formula: str) -> dict[str, str]:
    parts = formula.split()
    shown = {"*": "×", "/": "÷", "+": "+", "-": "−"}
    return {name: shown[parts[i * 2 - 1]] if i else "" for i, name in enumerate(parts[::2])}


def views_of(plan: Plan) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    views = []
    for node in plan.nodes.values():
        status = STATUS.get(node.id, "no_data")
        actual, target = VALUES.get(node.id, ("", ""))
        seed = sum(map(ord, node.id))
        measured = status != "no_data"
        spark = (
            [50 + d + 9 * math.sin(d / 3 + seed) if d < 22 and d != 11 else None for d in range(30)]
            if measured
            else []
        )
        views.append(
            {
                "id": node.id,
                "name": node.name,
                "kind": node.kind,
                "owner": node.owner,
                "unit": node.unit,
                "actual": None,
                "actual_text": actual,
                "target_text": target,
                "status": status,
                "status_text": WORDS[status],
                "attainment": (seed % 90) / 100 if measured else None,
                "expected_share": 0.62 if measured else None,
                "spark": spark,
                "spark_path": [48 + 1.2 * d for d in range(30)] if measured else [],
                "freshness_text": "to 21 Nov" if measured else "",
                "formula": node.formula,
                "order": node.order,
                "stale": status == "stale",
                "unread": 2 if node.id == "discounts" else 0,
                "lint": 1 if node.id == "nps" else 0,
                "guardrail": node.id == "margin",
            }
        )
    signs = {(n.id, c): o for n in plan.nodes.values() if n.formula for c, o in operators(n.formula).items()}
    edges = [
        {
            "parent": e.parent,
            "child": e.child,
            "kind": e.kind,
            "operator": signs.get(e.key, ""),
            "sign": e.sign,
        }
        for e in plan.edges
    ]
    return views, edges


DIFF = {"margin": "added", "returns": "removed", "visits": "changed", "aov": "moved", "mail": "added"}
LEGEND = [{"key": key, "text": key.capitalize()} for key in ("added", "removed", "changed", "moved", "same")]


def compared(
    views: list[dict[str, Any]], edges: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The tree as two states of it laid over each other."""
    marks = [DIFF.get(view["id"], "same") for view in views]
    shown = [
        {**view, "diff": mark, "status": "", "status_text": "" if mark == "same" else mark.capitalize()}
        for view, mark in zip(views, marks, strict=True)
    ]
    lines = [{**edge, "diff": "added" if edge["child"] == "margin" else ""} for edge in edges]
    return shown, lines


def handle(event: dict[str, Any]) -> None:
    log = st.session_state.setdefault("log", [])
    for part in single_events(event):
        log.append({k: v for k, v in part.items() if k != "seq"})
        past: list[Plan] = st.session_state.past
        if part["type"] == "undo" and len(past) > 1:
            st.session_state.future.append(past.pop())
        elif part["type"] == "redo" and st.session_state.future:
            past.append(st.session_state.future.pop())
        elif part["type"] == "select":
            st.session_state.selected = part["id"]
        else:
            try:
                edits = apply_event(past[-1], part, made_on(st.session_state.key))
                if edits:
                    past.append(apply_all(past[-1], edits))
            except KpiTreeError as refusal:
                st.session_state.refusal = refusal.text("en")


def start(fresh: int) -> None:
    """The plan as it is at first, on a canvas that remembers nothing."""
    query, state = st.query_params, st.session_state
    state.past = [shop(HOSTILE if "hostile" in query else {})]
    state.update(future=[], log=[], refusal=None, selected=query.get("selected"), fresh=fresh + 1)
    state.update(above=0, away=False)
    state.key = f"canvas-{query.get('k', 0)}-{state.fresh}"


def body() -> None:
    query = st.query_params
    begun = time.perf_counter()
    if "past" not in st.session_state:
        start(-1)
    elif "slow" in query and st.session_state.log:
        time.sleep(float(query["slow"]))
    key = st.session_state.key
    big = int(query.get("n", 0))
    views, edges = st.cache_resource(synthetic)(big) if big else views_of(st.session_state.past[-1])
    if "diff" in query:
        views, edges = compared(views, edges)
    for place in range(st.session_state.above):
        st.caption(f"Above the tree: {place}")
    event = (
        None
        if st.session_state.away
        else tree_canvas(
            views,
            edges,
            legend=LEGEND if "diff" in query else (),
            selected=st.session_state.selected,
            key=key,
            lang=query.get("lang", "en"),
            editable="read" not in query,
            height=int(query["h"]) if "h" in query else None,
            offers=OFFERS,
            on_event=handle if "callback" in query else None,
        )
    )
    if event is not None:
        handle(event)
        st.rerun(scope="fragment" if "frag" in query else "app")
    state = st.session_state
    plan = state.past[-1]
    shown = {
        "key": key,
        "selected": state.selected,
        "log": state.get("log", [])[-12:],
        "refusal": state.get("refusal"),
        "names": {n.id: n.name for n in plan.nodes.values()},
        "edges": [[e.parent, e.child, e.kind] for e in plan.edges],
        "rows": {n: plan.children(n) for n in plan.nodes},
        "runs": state.setdefault("runs", 0) + 1,
        "ms": round((time.perf_counter() - begun) * 1000, 1),
    }
    state.runs += 1
    st.html(f'<pre data-testid="state" style="display:none">{json.dumps(shown).replace("<", "&lt;")}</pre>')
    st.button("reset", on_click=start, args=(state.fresh,))
    st.button("above", on_click=lambda: state.update(above=state.above + 1))
    st.button("away", on_click=lambda: state.update(away=not state.away))


if __name__ == "__main__":
    keep_what_finished_runs_drew()
    st.set_page_config(layout="wide")
    (st.fragment(body) if "frag" in st.query_params else body)()
