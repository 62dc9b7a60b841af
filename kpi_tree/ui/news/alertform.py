"""The form of an alert: what to wait for, at which indicator, how often to tell, and by which way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.alerts import KINDS
from kpi_tree.alerts.rules import BAD, STATUSES
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import address, cache, places
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.parts import status_word
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import said, t
from kpi_tree.ui.shell.words import unit_words
from kpi_tree.workspace import AlertView, NodeView

OPEN = "_alert_form"
EVERY = ""


def is_open() -> bool:
    """Whether the form is on the page."""
    return OPEN in st.session_state


def open_for(alert: AlertView | None) -> None:
    """Put the form on the page, for a new alert or for one that is there."""
    st.session_state[OPEN] = alert


def close() -> None:
    """Take the form away."""
    st.session_state.pop(OPEN, None)


def link(node: str) -> None:
    """The way to a new alert at an indicator."""
    places.link("alerts", t("Alert me"), icon="add_alert", view="rules", alert="new", node=node)


def show(session: Session, plan: Plan) -> None:
    """The form where it is open, else the button that opens it."""
    if st.query_params.get("alert") == "new":
        address.put("alert", "")
        open_for(None)
    if not is_open():
        st.button(
            t("Add an alert"), key="add_alert", icon=":material/add_alert:", on_click=open_for, args=(None,)
        )
        return
    alert: AlertView | None = st.session_state[OPEN]
    key = alert.id if alert else "new"
    with st.container(border=True, key="alert_form"):
        st.header(t("Change the alert") if alert else t("A new alert"))
        kinds = list(KINDS)
        kind = st.selectbox(
            t("Tell when"), kinds, index=kinds.index(alert.rule.kind) if alert else 0,
            format_func=lambda one: said(KINDS[one]), key=f"alert_kind_{key}",
        )  # fmt: skip
        node = _node(session, alert, kind, key)
        with st.form(f"alert_{key}", border=False):
            values = _fields(session, alert, kind, node, key)
            with st.container(horizontal=True):
                saved = st.form_submit_button(t("Save"), type="primary", icon=":material/check:")
                st.form_submit_button(t("Cancel"), on_click=close)
        if saved:
            _save(session, plan, alert, {**values, "kind": kind, "node": node.id if node else None})


def _node(session: Session, alert: AlertView | None, kind: str, key: str) -> NodeView | None:
    views = {view.id: view for view in cache.tree(session.bare) if view.kind != "action"}
    options = [*([] if kind == "threshold" else [EVERY]), *views]
    before = alert.rule.node if alert else st.query_params.get("node")
    picked = st.selectbox(
        t("Indicator"),
        options,
        index=options.index(before) if before in options else 0,
        format_func=lambda one: views[one].name if one in views else t("every indicator with a target"),
        key=f"alert_node_{key}_{kind == 'threshold'}",
    )
    return views.get(picked or "")


def _fields(
    session: Session, alert: AlertView | None, kind: str, node: NodeView | None, key: str
) -> dict[str, Any]:
    before: Mapping[str, Any] = alert.rule.settings if alert and alert.rule.kind == kind else {}
    name = st.text_input(
        t("Name"), alert.rule.name if alert else "", max_chars=80, key=f"alert_name_{key}",
        placeholder=said(KINDS[kind]),
    )  # fmt: skip
    settings = {
        "status": _statuses,
        "threshold": _threshold,
        "anomaly": _level,
        "stale": _days,
        "due": _days,
        "change": lambda *_: {},
    }[kind](before, kind, node, key)
    ways = {one.id: one.name for one in workspace.channels(session.home, session.who)}
    left, right = st.columns(2)
    with left:
        channels = st.multiselect(
            t("Also by"), list(ways), [one for one in (alert.rule.channels if alert else ()) if one in ways],
            format_func=lambda one: ways[one], key=f"alert_ways_{key}", placeholder=t("in the app only"),
            help=t("Channels are set up in their own view."),
        )  # fmt: skip
        hours = st.number_input(
            t("At most once in so many hours"), 0.0, 8784.0,
            alert.rule.every_hours if alert else 24.0, step=1.0, key=f"alert_hours_{key}", format="%.0f",
        )  # fmt: skip
    with right:
        quiet = st.text_input(
            t("Quiet hours"), alert.rule.quiet if alert else "", key=f"alert_quiet_{key}", max_chars=13,
            placeholder="22:00-07:00",
            help=t("On the shop's clock. What comes then is told when they are over."),
        )  # fmt: skip
    usual = f"{said(KINDS[kind])}: {node.name}" if node else said(KINDS[kind])
    return {
        "name": name.strip() or usual[:80], "settings": settings, "channels": channels,
        "every_hours": hours, "quiet": quiet,
    }  # fmt: skip


def _statuses(before: Mapping[str, Any], _kind: str, _node: NodeView | None, key: str) -> dict[str, Any]:
    picked = st.multiselect(
        t("When it is one of"), STATUSES, before.get("statuses", list(BAD)), format_func=status_word,
        key=f"alert_statuses_{key}",
    )  # fmt: skip
    return {"statuses": picked}


def _threshold(before: Mapping[str, Any], _kind: str, node: NodeView | None, key: str) -> dict[str, Any]:
    share = node is not None and node.unit == "percent"
    side = "above" if before.get("above") is not None else "below"
    left, right = st.columns(2)
    with left:
        picked = st.radio(
            t("Side"), ["below", "above"], index=["below", "above"].index(side), horizontal=True,
            format_func=lambda one: t("below") if one == "below" else t("above"), key=f"alert_side_{key}",
        )  # fmt: skip
    known = before.get(side)
    value = None if known is None else known * (100 if share else 1)
    with right:
        unit = "%" if share else unit_words(node.unit, node.currency) if node else ""
        typed = st.number_input(
            t("Value ({unit})", unit=unit), value=value, key=f"alert_value_{key}_{share}",
            help=t("Of its period so far, as its card shows it."),
        )  # fmt: skip
    return {str(picked): None if typed is None else typed / (100 if share else 1)}


def _level(before: Mapping[str, Any], _kind: str, _node: NodeView | None, key: str) -> dict[str, Any]:
    picked = st.select_slider(
        t("How odd"), [0.8, 0.9, 0.95, 0.98, 0.99], before.get("level", 0.95), key=f"alert_level_{key}",
        format_func=lambda one: t("{n} of 100 days are nearer", n=round(one * 100)),
        help=t("Against what the days before foretold. A day that is not over is not judged."),
    )  # fmt: skip
    return {"level": picked}


def _days(before: Mapping[str, Any], kind: str, _node: NodeView | None, key: str) -> dict[str, Any]:
    label = t("Older than so many days") if kind == "stale" else t("So many days before the end")
    usual = 3 if kind == "stale" else 7
    days = st.number_input(label, 0, 3650, before.get("days", usual), step=1, key=f"alert_days_{key}_{kind}")
    return {"days": int(days)}


def _save(session: Session, plan: Plan, alert: AlertView | None, values: dict[str, Any]) -> None:
    name = values.pop("name")
    try:
        if alert is None:
            workspace.add_alert(session.home, session.who, name, plan_id=plan.id, now=now(), **values)
        else:
            workspace.change_alert(session.home, session.who, alert.id, name=name, now=now(), **values)
    except KpiTreeError as error:
        show_refusal(error)
        return
    close()
    st.toast(t("Saved."), icon=":material/check:")
    st.rerun()
