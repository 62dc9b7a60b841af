"""The empty home, and the half-empty one: what to do next, with the button that does it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ui.pieces import newplan
from kpi_tree.ui.shell import address, parts, places, start
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, plain, t


def show(session: Session) -> None:
    """The start screen of a home with nothing in it: three ways to begin."""
    st.title(t("From a goal to the number that proves it"))
    st.markdown(
        t(
            "Name a goal, see the indicators that make it up, bring the shop's own files in, "
            "and get a verdict that gives its reason."
        )
    )
    with st.grid(3, min_column_width=260, gap="medium"):
        _card(
            t("Try it on a sample shop"),
            t("Three years of a small Nordic web shop, with a plan, targets and verdicts."),
            "storefront",
            lambda: _sample_button(session),
        )
        _card(
            t("Bring your own files"),
            t("Orders as CSV or Excel, as your shop system exports them. Nothing leaves this machine."),
            "upload_file",
            lambda: _open_data(),
        )
        _card(
            t("Start with a plan"),
            t("Choose a tree of indicators to begin with, and change it as you like."),
            "account_tree",
            lambda: _plan_button(session, "start_plan"),
        )


def _card(title: str, words: str, icon: str, button: object) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f":material/{icon}: **{title}**")
        st.caption(words)
        st.space("stretch")
        button()  # type: ignore[operator]


def _sample_button(session: Session) -> None:
    if st.button(t("Load the sample shop"), key="load_sample", type="primary", width="stretch"):
        with st.spinner(t("Making the sample shop: a few seconds")):
            try:
                start.load_sample(session.home)
            except KpiTreeError as error:
                show_refusal(error)
                return
        st.rerun()


def _open_data() -> None:
    if st.button(t("Upload files"), key="start_upload", width="stretch"):
        places.go("data")


def _plan_button(session: Session, key: str) -> None:
    if st.button(t("Start from the web shop tree"), key=key, width="stretch"):
        try:
            workspace.new_plan(
                session.home, session.who, template="online_shop", lang=current_language(), now=now()
            )
        except KpiTreeError as error:
            show_refusal(error)
            return
        places.go("tree")


def plan_missing(
    session: Session, *, goal_above: bool = False, bring_in: Callable[[], None] | None = None
) -> None:
    """There is no plan: a form for one, and those that were deleted.

    ``bring_in`` draws the way in for a tree from a file; where the page has none, the tree page is named.
    """
    words = t("Start from a ready tree, or from nothing but the goal, and change it as you like.")
    if goal_above:
        words = t("Write a goal above, or start from a ready tree and set targets in it.")
    parts.empty(t("There is no plan yet"), words, "account_tree")
    with st.container(border=True, width=640, key="start_plan_form"):
        newplan.form(session, "missing", opened=_open_tree)
    if bring_in is not None:
        bring_in()
    else:
        places.link("tree", t("Bring in a tree from a file, an outline or a table"), icon="upload_file")
    _put_away(session)


def _open_tree(plan_id: str) -> None:
    address.keep("plan", plan_id)
    places.go("tree", plan=plan_id)


def _put_away(session: Session) -> None:
    """Plans that were deleted, where nothing else is left."""
    away = [one for one in workspace.plan_list(session.home, session.who) if one.away]
    for one in away:
        words = t("Bring back {name}", name=plain(one.name))
        if st.button(words, key=f"missing_back_{one.id}", icon=":material/undo:"):
            with refusals():
                workspace.bring_plan_back(session.home, session.who, one.id, now=now())
                st.rerun()


def goal_missing() -> None:
    """A plan without a root goal."""
    parts.empty(
        t("The plan has no goal at its root"),
        t("Write a goal below, or add the goal in the tree."),
        "flag",
    )
    places.link("tree", t("Open the tree"), icon="account_tree")


def target_missing(name: str) -> None:
    """Numbers without anything to hold them against."""
    parts.empty(
        t("There is no target for {name} yet", name=plain(name)),
        t("Write a goal below. The path to it and a verdict then stand here."),
        "flag",
    )


def no_data_hint() -> None:
    """A plan without numbers: where to bring them in."""
    parts.empty(
        t("There are no numbers yet"),
        t("Bring in an export of your orders, and the tree fills itself."),
        "upload_file",
    )
    places.link("data", t("Bring data in"), icon="upload_file")
