"""Links between pages; the language and the day go along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlencode

import streamlit as st

from kpi_tree.ui.shell.text import t

KEPT = ("lang", "me", "plan", "at", "where", "period", "compare", "known", "structure", "targets")
"""What of the address follows the reader over all pages."""


def register(name: str, page: Any) -> None:
    """Remember this run's page of a name."""
    st.session_state.setdefault("_pages", {})[name] = page


def _page(name: str) -> Any:
    return st.session_state["_pages"][name]


def kept() -> dict[str, str]:
    """What of the address as it stands goes along with every link."""
    said = st.query_params.to_dict()
    return {name: said[name] for name in KEPT if name in said}


def _with_kept(params: dict[str, str]) -> dict[str, str]:
    return {**kept(), **params}


def link(name: str, label: str, *, icon: str | None = None, help: str | None = None, **params: str) -> None:
    """A link to a page of ours. ``label`` and ``help`` are Markdown: names go through ``plain`` first."""
    st.page_link(
        _page(name),
        label=label,
        icon=f":material/{icon}:" if icon else "",
        help=help,
        query_params=_with_kept(params),
    )


@dataclass(frozen=True)
class Way:
    """A link to a page of ours, for a component that draws many of them as one element.

    Args:
        label: the text of the link; ``note`` stands pale behind it. Both as they are, never as markup.
        page: its name; ``params`` what its address is asked, without what goes along with every link.
        icon: a name of the icon font.
    """

    label: str
    page: str
    icon: str = ""
    note: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    def href(self) -> str:
        """Its address beside the page it stands on, without what goes along with every link.

        >>> Way("Open", "kpi", params={"id": "sales"}).href()
        'kpi?id=sales'
        """
        return f"{self.page}?{urlencode(self.params)}"


def on_a_phone() -> None:
    """What field staff come for, first on a narrow screen: a file, a word. A wide one hides it."""
    with st.container(horizontal=True, key="on_a_phone"):
        link("data", t("Bring a file in"), icon="upload_file")
        link("checkins", t("Check in"), icon="rate_review")


def go(name: str, **params: str) -> NoReturn:
    """Open a page of ours now."""
    st.switch_page(_page(name), query_params=_with_kept(params))
