"""What leaves: the tree in every form, tables as CSV."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.exchange.drawing import Density, Look, Orientation
from kpi_tree.exchange.forms import unsaid
from kpi_tree.plan.model import Plan
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.pieces.downloads import harmless
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, plain, say, t
from kpi_tree.ui.shell.theme import is_dark
from kpi_tree.workspace import TREE_FORMS

_SHAPES: tuple[Orientation, ...] = ("lr", "td", "list")
_CARDS: tuple[Density, ...] = ("full", "compact")


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV in UTF-8 with a byte-order mark, its texts harmless in a spreadsheet."""
    safe = frame.rename(columns=lambda name: harmless(str(name)))
    for name in safe.columns:
        if safe[name].dtype == object or isinstance(safe[name].dtype, pd.StringDtype):
            safe[name] = safe[name].map(harmless)
    return str(safe.to_csv(index=False)).encode("utf-8-sig")


def tree_forms(session: Session, plan: Plan) -> None:
    """A button for each form in which the tree can leave, and how a picture of it looks."""
    st.markdown(f"**{t('To show')}**")
    look = _look()
    _buttons(session, plan, {"png": t("Picture (PNG)"), "svg": t("Picture (SVG)"),
                             "html": t("Page that opens anywhere (HTML)")}, look)  # fmt: skip
    st.caption(t("The tree's own bar (on a phone, a card's menu) saves just the branches you have open."))
    st.markdown(f"**{t('To work with')}**")
    work = {"xlsx": t("Excel with values"), "md": t("Outline (Markdown)"), "csv": t("List of lines (CSV)"),
            "mmd": t("Diagram (Mermaid)"), "dot": t("Diagram (Graphviz)")}  # fmt: skip
    _buttons(session, plan, work, look)
    _left_out(plan, work)
    st.markdown(f"**{t('To bring in again')}**")
    _buttons(session, plan, {"json": t("Plan file (JSON)"), "yaml": t("Plan file (YAML)")}, look)


def _left_out(plan: Plan, forms: Mapping[str, str]) -> None:
    """What of this plan each form has no place for; forms that lack the same in one line."""
    lacking: dict[str, list[str]] = {}
    for form, label in forms.items():
        for words in unsaid(plan, form):
            lacking.setdefault(say(words), []).append(plain(label))
    for said, labels in lacking.items():
        st.caption(f"{', '.join(labels)}: {said}")


def _look() -> Look:
    """Which way a picture runs, how much its cards say, and its colours: the screen's unless chosen."""
    shapes = {"lr": t("From left to right"), "td": t("From top to bottom"), "list": t("As a list")}
    cards = {"full": t("Full cards"), "compact": t("Compact cards")}
    colours = {"light": t("Light"), "dark": t("Dark")}
    one, two, three = st.columns(3)
    shape = one.selectbox(t("Direction"), _SHAPES, format_func=shapes.__getitem__, key="export_shape")
    density = two.selectbox(t("Cards"), _CARDS, format_func=cards.__getitem__, key="export_cards")
    theme = three.selectbox(
        t("Colours"), list(colours), index=int(is_dark()), format_func=colours.__getitem__, key="export_theme"
    )
    return Look(shape, density, "dark" if theme == "dark" else "light")


def _buttons(session: Session, plan: Plan, words: Mapping[str, str], look: Look) -> None:
    lang = current_language()
    with st.container(horizontal=True, gap="small"):
        for form, label in words.items():

            def make(form: str = form) -> bytes:
                """The file, made when it is asked for, as the tree is looked at now."""
                return workspace.export_tree(
                    session.home, session.who, plan.id,
                    form=form, at=session.at, lens=session.lens, look=look, lang=lang,
                )  # fmt: skip

            downloads.button(
                label, make, f"{plan.id}.{form}", TREE_FORMS[form], key=f"export_{form}",
                icon=":material/download:",
            )  # fmt: skip
