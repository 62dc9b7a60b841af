"""The frame of every page: language, navigation, undo, and the eye on what others do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.http import ICON, LOGO
from kpi_tree.i18n import LANGUAGES, language_of
from kpi_tree.ui import sidebar
from kpi_tree.ui.pieces import lensbar, pastbar
from kpi_tree.ui.shell import address, came, drafts, failures, history, places, start, style
from kpi_tree.ui.shell.live import watch
from kpi_tree.ui.shell.session import open_session
from kpi_tree.ui.shell.text import set_language, t
from kpi_tree.ui.shell.theme import is_dark

PAGES = Path(__file__).resolve().parent.parent.parent / "pages"


def run() -> None:
    """One run of the app."""
    st.set_page_config(page_icon=ICON, layout="wide")
    drafts.keep()
    set_language(_language())
    style.apply()
    try:
        session = open_session(sidebar.chosen_day(), lensbar.from_address(), address.kept("plan"))
    except KpiTreeError as error:
        _closed(error)
        return
    page = st.navigation(_pages())
    st.set_page_config(page_title=f"{page.title} · KPI Tree")
    st.logo(LOGO, size="large", icon_image=ICON)
    sidebar.show(session)
    watch(session, is_dark())
    with st.container():  # one place for both, there or not: nothing below may move and be drawn from scratch
        history.show_refusal(session)
        pastbar.banner(session)
    news = st.container()  # before the page, so that it stays where it is whatever the page draws
    page.run()
    with news:
        came.show()


def _language() -> str:
    """The address says it, else the shop's setting, else the browser."""
    chosen = address.kept("lang")
    return chosen if chosen in LANGUAGES else default_language()


def default_language() -> str:
    """The language for a reader who has chosen none."""
    try:
        opened = start.home()
        kept = workspace.settings(opened, start.OWNER).language
    except KpiTreeError:
        kept = ""
    return kept if kept in LANGUAGES else language_of(st.context.locale)


def _closed(error: KpiTreeError) -> None:
    def page() -> None:
        st.title(t("This home cannot be opened"))
        failures.show(error)
        st.button(t("Try again"), icon=":material/refresh:")

    # Any address, also a deep link, has to land here.
    names = [path.stem for path in sorted(PAGES.glob("*.py")) if path.stem != "overview"]
    first = st.Page(page, title=t("Overview"), default=True, url_path="overview")
    rest = [st.Page(page, title=name, url_path=name, visibility="hidden") for name in names]
    st.navigation([first, *rest]).run()


def _pages() -> dict[str, list[Any]]:
    def page(file: str, title: str, icon: str, **more: Any) -> Any:
        made = st.Page(PAGES / f"{file}.py", title=title, icon=f":material/{icon}:", **more)
        places.register(file, made)
        return made

    return {
        "": [page("overview", t("Overview"), "monitoring", default=True)],
        t("Plan"): [
            page("tree", t("Tree"), "account_tree"),
            page("goals", t("Goals"), "flag"),
            page("actions", t("Actions"), "checklist"),
            page("experiments", t("Experiments"), "science"),
            page("checkins", t("Check-ins"), "rate_review"),
        ],
        t("Numbers"): [
            page("kpi", t("KPIs"), "query_stats"),
            page("reports", t("Reports"), "table_chart"),
            page("data", t("Data"), "upload_file"),
        ],
        t("Shop"): [
            page("alerts", t("Alerts"), "notifications"),
            page("settings", t("Settings"), "settings"),
        ],
    }
