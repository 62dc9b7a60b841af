"""The overview for a meeting: one thing at a time, big, with the arrow keys; and how to print the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from kpi_tree.ui.actions import actionlist, meetingfile
from kpi_tree.ui.overviews import overview, overviewnews
from kpi_tree.ui.pieces import pace
from kpi_tree.ui.shell import address, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import plain, say, t
from kpi_tree.ui.shell.theme import is_dark
from kpi_tree.workspace import NodeView, Stake

Slide = tuple[str, Callable[[], None]]

BIG = """
<style>
.stApp [data-testid="stSidebar"], .stApp [data-testid="stHeader"],
.stApp [data-testid="stExpandSidebarButton"] { display: none; }
.stApp [data-testid="stMainBlockContainer"] { max-width: 78rem; padding: 1.5rem 2rem 1rem; }
.stApp [data-testid="stMain"] :is(p, li) { font-size: 1.3rem; line-height: 1.45; }
.stApp [data-testid="stMain"] [data-testid="stCaptionContainer"] p { font-size: 1.1rem; }
.stApp [data-testid="stMain"] h2 { font-size: 1.6rem !important; }
.stApp [data-testid="stMain"] .stMarkdownBadge { font-size: 1.15rem; }
.stApp [data-testid="stMain"] .kt-headline { font-size: 3.8rem; }
.stApp [data-testid="stMain"] .kt-headline .kt-against { font-size: 1.8rem; }
.stApp [data-testid="stMain"] .kt-words { font-size: 1.2rem; }
@media (max-width: 640px) { .stApp [data-testid="stMain"] .kt-headline { font-size: 2.4rem; } }
</style>
"""
SCREEN = """
<style>
@media (min-width: 800px) {
  .stApp [data-testid="stMainBlockContainer"] { max-width: 96rem; padding-left: 2.5rem; padding-right: 2.5rem;
    gap: .7rem; }
  .stApp [data-testid="stMainBlockContainer"] h2 { padding: .2rem 0 .3rem; font-size: 1.15rem; }
}
.stApp [data-testid="stMain"] [data-testid="stPageLink-NavLink"] p { white-space: normal; line-height: 1.35; }
</style>
"""
"""One screen: what stands on it moves together, and a long line wraps."""
PRINT = """
<style>
@page { size: A4; margin: 12mm; }
@media print {
  html, body, .stApp, .stApp :is([data-testid="stAppViewContainer"], [data-testid="stMain"]) {
    position: static !important; height: auto !important; overflow: visible !important; background: #fff; }
  .stApp [data-testid="stMainBlockContainer"] { max-width: none; padding: 0; }
  .stApp :is(.st-key-lens_and_tools, .st-key-goal_box, .st-key-page_links, [data-testid="stToast"],
    [data-testid="stStatusWidget"], [data-testid="stToolbar"], [data-testid="stPopover"], iframe)
    { display: none !important; }
  .stApp [data-testid="stLayoutWrapper"]:has(> [data-testid="stHorizontalBlock"]) { break-inside: avoid; }
  .stApp [data-testid="stVegaLiteChart"], .stApp [class*="st-key-attention_"] { break-inside: avoid; }
}
</style>
"""
INVERT = """
<style>
@media print { html { filter: invert(1) hue-rotate(180deg); background: #000; }
  html, body, .stApp, .stApp :is([data-testid="stAppViewContainer"], [data-testid="stMain"]) {
    background: #000 !important; } }
</style>
"""
"""A dark page on white paper: light turned to dark and dark to light, every hue as it was."""


def asked() -> bool:
    """Whether the address asks for the meeting's view."""
    return st.query_params.get("present") == "1"


def tools(session: Session) -> None:
    """The way into the meeting's view, how to print, and the meeting as a file."""
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"
    ):
        with st.popover(t("Print"), icon=":material/print:", key="print_how"):
            st.markdown(t("Press **Ctrl+P** (**⌘P** on a Mac). To keep a file, choose *Save as PDF* there."))
            st.caption(t("The page goes on A4 paper, light, without menus and forms."))
        meetingfile.show(session)
        places.link("overview", t("Present"), icon="present_to_all", present="1")


def paper() -> None:
    """How the page looks on one screen, and on paper."""
    st.html(SCREEN)
    st.html(PRINT)
    if is_dark():
        st.html(INVERT)


def show(session: Session, root: NodeView, views: Sequence[NodeView]) -> None:
    """The meeting's view: the goal, each thing that asks for somebody, what changed, what is being done."""
    st.html(BIG)
    paper()
    slides = _slides(session, root, views)
    place = _place(len(slides))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="page_links"):
        st.caption(f"{place + 1} / {len(slides)} · {plain(slides[place][0])}")
        st.space("stretch")
        _step(t("Back"), "arrow_back", "Left", place - 1, place == 0)
        _step(t("Next"), "arrow_forward", "Right", place + 1, place == len(slides) - 1)
        st.button(t("End"), key="present_end", icon=":material/close:", shortcut="Esc", on_click=_end)
    slides[place][1]()


def _slides(session: Session, root: NodeView, views: Sequence[NodeView]) -> list[Slide]:
    known = {view.id: view for view in views}
    stakes = [one for one in overview.stakes_of(session, root) if one.node in known][: overview.MOST]
    found: list[Slide] = [(root.name, partial(_goal, session, root))]
    found += [(known[one.node].name, partial(_stake, session, known[one.node], one, root)) for one in stakes]
    found.append((t("Since your last visit"), partial(overviewnews.show, session)))
    found.append((t("What the actions bring"), partial(_actions, session, root, views)))
    return found


def _goal(session: Session, root: NodeView) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        overview.top(root)
        if landing := overview.outlook_words(root):
            st.markdown(landing)
        st.markdown(overview.reason_words(root))
        if root.needed_words is not None:
            st.markdown(say(root.needed_words))
    with right:
        pace.chart(session, root, height=560)


def _stake(session: Session, view: NodeView, stake: Stake, root: NodeView) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        overview.top(view)
        st.markdown(f"**{say(stake.words(root.name))}**")
        st.markdown(overview.reason_words(view))
        if view.owner:
            st.caption(t("Owner: {name}", name=plain(view.owner)))
    with right:
        pace.chart(session, view, height=560)


def _actions(session: Session, root: NodeView, views: Sequence[NodeView]) -> None:
    left, right = st.columns([3, 2], gap="large")
    with left:
        actionlist.show(session, root)
    with right:
        overview.freshness(session, views)
        overview.guardrails(session, views)


def _place(slides: int) -> int:
    said = st.query_params.get("slide", "1")
    return min(max(int(said) - 1, 0), slides - 1) if said.isdecimal() and len(said) < 4 else 0


def _step(label: str, icon: str, key: str, place: int, ends: bool) -> None:
    st.button(
        label, key=f"present_{key}", icon=f":material/{icon}:", shortcut=key, disabled=ends,
        on_click=address.put, args=("slide", str(place + 1)),
    )  # fmt: skip


def _end() -> None:
    address.put("present", "")
    address.put("slide", "")
