"""Templates: what each breaks down, which data it needs and lacks, and putting it into the plan."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.diff import compare
from kpi_tree.plan.model import Plan
from kpi_tree.plan.templates.graft import graft, instead
from kpi_tree.ui.pieces import changelist, templateview
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, nt, plain, say, t
from kpi_tree.ui.shell.words import node_name
from kpi_tree.ui.tree import diffview
from kpi_tree.ui.tree.canvas import tree_canvas
from kpi_tree.workspace import TemplateView
from kpi_tree.workspace.drafting.templating import template_plan


def listing(session: Session, plan: Plan, chosen: str | None = None) -> None:
    """Every template, those of this home with a way to throw them away, and this tree as one more."""
    st.caption(t("A template shows how others break such a goal down, and which files fill it."))
    for one in workspace.templates(session.home, session.who, lang=current_language()):
        own = f" :material/bookmark: {t('your own')}" if one.own else ""
        head = f"**{plain(one.name)}** · {nt('{n} box', '{n} boxes', one.nodes)}{own}"
        with st.expander(head, key=f"template_open_{one.id}", on_change="rerun") as box:
            if box.open:
                _one(session, plan, one, chosen)
    _thrown_away(session)
    st.divider()
    _keep(session, plan)


def _one(session: Session, plan: Plan, one: TemplateView, chosen: str | None) -> None:
    """What it is about, its tree, what it would change in two places, and the data that fill it."""
    st.markdown(plain(one.about))
    if one.goal:
        st.caption(t("A goal for it: {goal}", goal=plain(one.goal)))
    made = template_plan(session.home, one.id, current_language())
    node = plan.nodes.get(chosen or plan.root() or "")
    if node is not None and node.kind != "action":
        words = t("Add below {name}", name=plain(node_name(node)))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if st.button(
                words, key=f"template_below_{one.id}", icon=":material/account_tree:", type="primary"
            ):
                _use(session, plan, one, node.id)
            _effect(plan, made, node.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(t("Put in place of this tree"), key=f"template_instead_{one.id}"):
            _use(session, plan, one, None)
        _effect(plan, made, None)
    _picture(made, one)
    templateview.needs(session, one)
    if one.own and st.button(
        t("Delete this template"), key=f"template_delete_{one.id}", icon=":material/delete:", type="tertiary"
    ):
        with refusals():
            workspace.forget_template(session.home, session.who, one.id, now=now())
            st.rerun(scope="fragment")


def _picture(made: Plan, one: TemplateView) -> None:
    """Its tree as the canvas would draw it, without numbers."""
    tree_canvas(
        diffview.plain_cards(made),
        diffview.lines(made, made, compare(made, made)),
        selected=None,
        key=f"template_canvas_{one.id}",
        lang=current_language(),
        editable=False,
        on_event=lambda _: None,
    )


def _effect(plan: Plan, made: Plan, under: str | None) -> None:
    """How much the tree would change."""
    try:
        after = graft(plan, made, under) if under else instead(plan, made)
    except KpiTreeError as error:
        st.caption(say(error.message))
        return
    st.caption(changelist.summary(compare(plan, after)) or t("There is no difference."), width="stretch")


def _use(session: Session, plan: Plan, one: TemplateView, under: str | None) -> None:
    try:
        workspace.use_template(
            session.home, session.who, one.id, into=plan.id, under=under, lang=current_language(), now=now()
        )
    except KpiTreeError as error:
        show_refusal(error)
        return
    st.toast(t("{name} is in the tree. Undo takes it back.", name=plain(one.name)), icon=":material/undo:")
    st.rerun()


def _thrown_away(session: Session) -> None:
    """Templates that were thrown away, with the way back."""
    away = workspace.templates(session.home, session.who, lang=current_language(), away=True)
    if not away:
        return
    with st.expander(t("Deleted templates"), icon=":material/delete:", key="templates_away"):
        for one in away:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                boxes = nt("{n} box", "{n} boxes", one.nodes)
                st.markdown(f"{plain(one.name)} · {boxes}", width="stretch")
                if st.button(t("Bring it back"), key=f"template_back_{one.id}", icon=":material/undo:"):
                    with refusals():
                        workspace.restore_template(session.home, session.who, one.id, now=now())
                        st.rerun(scope="fragment")


def _keep(session: Session, plan: Plan) -> None:
    """This tree as a template."""
    name = st.text_input(
        t("Keep this tree as a template called"), plan.name, key="template_name", max_chars=200
    )
    st.caption(t("Targets, owners and dates stay out of it."))
    if st.button(t("Keep as a template"), key="template_save", icon=":material/bookmark_add:"):
        with refusals():
            workspace.save_template(session.home, session.who, name, plan_id=plan.id, now=now())
            st.toast(t("The template {name} is kept.", name=plain(name)))
            st.rerun()
