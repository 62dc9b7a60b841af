"""Define a KPI (``/kpi?define=new``), change one (``?define=<id>``), look after all own ones (``=all``);
``of`` names the table that a new one begins with."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.catalogue import Kpi
from kpi_tree.catalogue.own.text import entries_of, to_yaml
from kpi_tree.errors import KpiTreeError
from kpi_tree.ui.kpis import defineform, definepreview, ownlist
from kpi_tree.ui.kpis.definefields import Form
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.shell import places
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, current, now
from kpi_tree.ui.shell.text import plain, t
from kpi_tree.ui.shell.words import column_name, table_name
from kpi_tree.workspace.base.own import tables_of

STATE = "_define"
MODES = ("form", "yaml")
MEASURES = ("integer", "number", "quantity", "money")


def asked() -> bool:
    """Whether the address asks for this page."""
    return bool(st.query_params.get("define"))


def link(kpi: Kpi) -> None:
    """From an own KPI's page to its definition."""
    if kpi.own and current().who.may("define"):
        places.link("kpi", t("Change its definition"), icon="edit", define=kpi.id)


def show(session: Session) -> None:
    """The page."""
    subject = st.query_params.get("define", "new")
    places.link("kpi", t("All KPIs"), icon="arrow_back")
    if subject == "all":
        ownlist.show(session)
        return
    own = {one.id: one for one in workspace.own_kpis(session.home, session.who)}
    editing = subject if subject in own and "copy" not in st.query_params else ""
    st.title(t("Change a KPI") if editing else t("Define a KPI"))
    if own:
        places.link("kpi", t("Our own KPIs"), icon="list", define="all")
    if not session.who.may("define"):
        st.info(t("Only editors and owners define KPIs."), icon=":material/lock:")
        return
    _page(session, _state(session, subject, own.get(subject)), editing)


def _state(session: Session, subject: str, before: Any) -> dict[str, Any]:
    """The draft: begun afresh for another subject, kept while the person goes on with this one."""
    copied, table = "copy" in st.query_params, st.query_params.get("of", "")
    state: dict[str, Any] = st.session_state.get(STATE, {})
    if (state.get("subject"), state.get("copied"), state.get("of")) != (subject, copied, table):
        spec = dict(before.spec) if before is not None else _begun(session, table)
        if copied:
            spec.pop("id", None)
        revision = workspace.own_revision(session.home)
        state = {"subject": subject, "copied": copied, "of": table, "spec": spec, "revision": revision,
                 "epoch": state.get("epoch", 0) + 1}  # fmt: skip
        st.session_state[STATE] = state
    return state


def _begun(session: Session, table: str) -> dict[str, Any]:
    """A definition to begin with: the sum of a table's first measure, or how many rows it has."""
    known = tables_of(session.home).get(table)
    if known is None:
        return {}
    measures = (one for one in known.columns.values() if one.type in MEASURES and one.name not in known.key)
    first = next(measures, None)
    name = column_name(table, first.name) if first is not None else table_name(table)
    return {"table": table, "name": name, "value": f"sum({first.name})" if first is not None else "count(*)"}


def _page(session: Session, state: dict[str, Any], editing: str) -> None:
    words = {"form": t("Form"), "yaml": t("YAML")}
    key = f"define_mode_{state['epoch']}"
    mode = st.segmented_control(
        t("Write it as"), MODES, default="form", format_func=lambda one: words[one], key=key, required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    left, right = st.columns([1, 1], gap="large")
    form = Form(session, state["spec"], state["epoch"])
    with left:
        text = _yaml(state) if mode == "yaml" else _form(state, form, editing)
        buttons = st.container(horizontal=True)
    with right:
        ready = _preview(session, form, text)
    with buttons:
        _buttons(session, state, text, editing, ready)


def _form(state: dict[str, Any], form: Form, editing: str) -> str:
    spec = defineform.show(form, editing)
    text = to_yaml([spec])
    state["written"] = text
    with st.expander(t("As YAML"), icon=":material/code:"):
        st.code(text, language="yaml")
        downloads.button(
            t("Download"), lambda: text, f"{spec.get('id', 'kpi')}.yaml", "text/yaml",
            key="define_download", icon=":material/download:",
        )  # fmt: skip
    return text


def _yaml(state: dict[str, Any]) -> str:
    """The definition as text, several at once too; a file may be brought in."""
    key = f"define_yaml_{state['epoch']}"
    brought = st.file_uploader(
        t("Bring in a YAML file"), type=["yaml", "yml", "json"], key=f"define_file_{state['epoch']}"
    )
    if brought is not None and state.get("brought") != brought.file_id:
        state["brought"] = brought.file_id
        st.session_state[key] = brought.getvalue().decode("utf-8", errors="replace")
    if key not in st.session_state:
        st.session_state[key] = state.get("written") or to_yaml([state["spec"]] if state["spec"] else [])
    text = st.text_area(t("Definition"), key=key, height=380)
    st.button(t("Back to the form with it"), on_click=_to_form, args=(text,), icon=":material/edit_note:")
    return text


def _to_form(text: str) -> None:
    """Begin the form again with what was written, as far as it can be read."""
    state: dict[str, Any] = st.session_state[STATE]
    entries, _ = entries_of(text)
    if entries:
        state["spec"], state["epoch"] = dict(entries[0].spec), state["epoch"] + 1
        state.pop("written", None)


def _preview(session: Session, form: Form, text: str) -> bool:
    """Whether it can be kept."""
    st.header(t("Preview"), anchor=False)
    begun = any(form.start.values()) or "table:" in text or "formula:" in text or "of:" in text
    if not begun:
        st.caption(t("Choose what it is made of, and the numbers stand here as you write."))
        return False
    entries, _ = entries_of(text)
    found = definepreview.tried(session, text, "week", "")
    if found is None:
        return False
    if found.kpi is not None:
        grain, by = definepreview.controls(found.kpi.dimensions)
        found = definepreview.tried(session, text, grain, by) or found
    definepreview.issues(found.issues, form.below)
    words = definepreview.faults(found.issues)
    if words:
        st.markdown(f":material/block: **{words}**")
    name = found.kpi.text("name", definepreview.current_language()) if found.kpi else ""
    definepreview.show(session, found, text, name)
    if len(entries) > 1:
        st.caption(t("The first of {n} definitions is shown; all are checked when you save.", n=len(entries)))
    return found.kpi is not None


def _buttons(session: Session, state: dict[str, Any], text: str, editing: str, ready: bool) -> None:
    if st.button(t("Save"), type="primary", icon=":material/check:", disabled=not ready, key="define_save"):
        _save(session, state, text)
    if editing:
        places.link("kpi", t("Duplicate"), icon="content_copy", define=editing, copy="1")
        ownlist.delete_button(session, editing)


def _save(session: Session, state: dict[str, Any], text: str) -> None:
    try:
        done = workspace.define(session.home, session.who, text, based_on=state["revision"], now=now())
    except KpiTreeError as error:
        show_refusal(error)
        return
    if not done.ok:
        definepreview.issues(done.issues, {})
        return
    st.session_state.pop(STATE, None)
    st.toast(t("Saved: {names}", names=plain(", ".join(done.defined))), icon=":material/check:")
    if len(done.defined) == 1:
        places.go("kpi", id=done.defined[0])
    places.go("kpi", define="all")
