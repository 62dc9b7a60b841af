"""What may be laid upon a progress chart, and which of it: kept in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import streamlit as st

from kpi_tree import workspace
from kpi_tree.plan.model import Plan, Target
from kpi_tree.ui.shell import address, cache
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, nt, number, said, t
from kpi_tree.workspace import NodeView, RemarkView
from kpi_tree.workspace.judged.goallines import KIND_WORDS
from kpi_tree.workspace.judged.progressing import last_year

LAYERS = ("last_year", "events", "actions", "remarks", "batches")
USUAL = ("last_year", "events", "actions", "remarks")
"""Batches come with every file: they are shown where somebody asks for them."""
OF_KIND = {
    "decision": "remarks",
    "event": "events",
    "start": "actions",
    "due": "actions",
    "check_in": "remarks",
    "comment": "remarks",
    "batch": "batches",
}
NONE = "none"
SHORT = 90
"""Letters of a remark that a hint shows."""
FILES = 3
"""Files that a hint names."""


@dataclass(frozen=True)
class Sign:
    """Something on a day or on several, as :class:`kpi_tree.charts.Mark` has it."""

    kind: str
    first: date
    last: date
    name: str
    words: str = ""
    value: float | None = None


def lane_of(kind: str) -> str:
    """The lane that a sign stands in."""
    return OF_KIND[kind]


def lane_names() -> tuple[tuple[str, str], ...]:
    """The lanes' names, by the first kind of each."""
    return (
        ("event", t("Events")),
        ("start", t("Actions")),
        ("check_in", t("Notes")),
        ("batch", t("Files")),
    )


def choose(session: Session, view: NodeView, form: str) -> tuple[str, ...]:
    """The layers to show; the box to choose them, only of those there is something of."""
    there = [one for one in LAYERS if _is_there(session, view, one)]
    if form == "burn_up":
        there = [one for one in there if one != "last_year"]
    chosen = _chosen()
    if not there:
        return ()
    title = t("Show on the chart")
    with st.popover(
        title, icon=":material/layers:", type="tertiary", key="layers_box", on_change="rerun"
    ) as box:
        if box.open:
            st.session_state["layers_pick"] = [one for one in there if one in chosen]
            st.pills(
                title, there, selection_mode="multi", key="layers_pick", format_func=_layer_words,
                label_visibility="collapsed", on_change=lambda: _keep(chosen, there),
            )  # fmt: skip
    return tuple(one for one in there if one in chosen)


def _chosen() -> tuple[str, ...]:
    """The layers that the address asks for; the usual ones where it says nothing."""
    asked = st.query_params.get("layers", "")
    return tuple(one for one in LAYERS if one in asked.split(",")) if asked else USUAL


def _keep(before: Sequence[str], there: Sequence[str]) -> None:
    """Keep the choice; layers that are not offered here stay as they were."""
    picked = st.session_state["layers_pick"]
    now = tuple(one for one in LAYERS if (one in picked if one in there else one in before))
    address.put("layers", "" if now == USUAL else ",".join(now) or NONE)


def _layer_words(one: str) -> str:
    return {
        "last_year": t("Last year"),
        "events": t("Events"),
        "actions": t("Actions"),
        "remarks": t("Check-ins and comments"),
        "batches": t("Files loaded"),
    }[one]


def _is_there(session: Session, view: NodeView, layer: str) -> bool:
    if layer == "last_year":
        return any(value is not None for value in earlier(session, view))
    return bool(marks(session, view, (layer,)))


def earlier(session: Session, view: NodeView) -> tuple[float | None, ...]:
    """Last year's values to date, once for a revision."""
    plan = cache.seen_plan(session)
    if plan is None:
        return ()
    found: tuple[float | None, ...] = cache.kept(
        session, "last_year", view.id, view.start, view.end,
        make=lambda: last_year(session.home, plan, view, session.lens),
    )  # fmt: skip
    return found


def marks(session: Session, view: NodeView, layers: Sequence[str]) -> tuple[Sign, ...]:
    """The signs of some layers that fall into the node's period."""
    if not layers or view.start is None or view.end is None:
        return ()
    every: list[Sign] = cache.kept(
        session, "signs", view.id, session.remarks, current_language(), make=lambda: _every(session, view)
    )  # fmt: skip
    found = [one for one in every if OF_KIND[one.kind] in layers]
    return tuple(one for one in found if one.first < view.end and one.last >= view.start)


def _every(session: Session, view: NodeView) -> list[Sign]:
    plan = cache.seen_plan(session)
    if plan is None:
        return []
    found = [Sign("event", one.period.start, one.period.last, one.name) for one in plan.events]
    found += _actions(plan, view)
    found += [_remark(one) for one in _remarks(session, view)]
    return found + _batches(session)


def _actions(plan: Plan, view: NodeView) -> list[Sign]:
    found = []
    for node in plan.nodes.values():
        if node.kind != "action" or node.state == "dropped" or view.id not in plan.parents(node.id):
            continue
        if node.start is not None:
            found.append(Sign("start", node.start, node.start, node.name, t("begins")))
        if node.due is not None:
            found.append(Sign("due", node.due, node.due, node.name, t("due")))
    return found


def _remarks(session: Session, view: NodeView) -> list[RemarkView]:
    plan = cache.plan(session)
    if plan is None or view.id not in plan.nodes:
        return []
    found: list[RemarkView] = cache.kept(
        session, "remarks_of", view.id, session.remarks,
        make=lambda: workspace.remarks(
            session.home, session.who, session.plan_id, node=view.id, until=session.at
        ),
    )  # fmt: skip
    return found


def _remark(one: RemarkView) -> Sign:
    """Whose word, its first words, and the person's own value."""
    text = one.said or one.next
    short = text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
    value = number(one.value, one.unit) if one.value is not None else ""
    words = " · ".join(part for part in (value, short) if part)
    return Sign(one.kind, one.day, one.day, one.person, words, one.value)


def _batches(session: Session) -> list[Sign]:
    """The files of each day that something was loaded on."""
    place = ZoneInfo(session.settings.timezone)
    of_day: dict[date, list[str]] = {}
    for batch in cache.batches(session):
        if batch.active:
            of_day.setdefault(batch.at.astimezone(place).date(), []).append(batch.file)
    return [
        Sign(
            "batch", when, when,
            nt("{n} file loaded", "{n} files loaded", len(files)),
            ", ".join(files[:FILES]) + (" …" if len(files) > FILES else ""),
        )
        for when, files in of_day.items()
    ]  # fmt: skip


def _target(session: Session, view: NodeView) -> Target | None:
    plan = cache.seen_plan(session)
    return plan.targets.get(view.target_id or "") if plan is not None else None


def lines(session: Session, view: NodeView) -> tuple[tuple[str, float], ...]:
    """The further goal lines: floor, stretch goal, guardrail, a range's ends, and those with a name."""
    target = _target(session, view)
    found: list[tuple[str, float]] = list(target.lines) if target is not None else []
    if target is not None and target.low is not None and target.high is not None:
        found += [(t("At least"), target.low), (t("At most"), target.high)]
    for line in view.lines:
        name = said(KIND_WORDS[line.kind])
        ends = [line.low, line.high] if line.low is not None or line.high is not None else [line.value]
        found += [(name, end) for end in ends if end is not None]
    return tuple(found)


def milestones(session: Session, view: NodeView) -> tuple[tuple[date, float], ...]:
    """The points of a path drawn by hand."""
    target = _target(session, view)
    return target.custom if target is not None and target.trajectory == "custom" else ()


def scope(session: Session, view: NodeView) -> tuple[tuple[date, float], ...]:
    """The target as it was set and moved: (day, value from then on), the first first."""
    if view.target_id is None or session.lens.looks_back:
        return ()
    place, target = ZoneInfo(session.settings.timezone), view.target_id
    versions = workspace.target_versions(session.home, session.who, target, plan_id=session.plan_id)
    last: dict[date, float] = {}
    for one in reversed(versions):
        if one.target is not None and (one.target.period.start, one.target.period.end) == (
            view.start,
            view.end,
        ):
            last[one.at.astimezone(place).date()] = one.target.value
    return tuple(sorted(last.items()))
