"""Tokens on the data page: made for a program, shown once, ended at will."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ingest.mapping.composed import ORDER_TABLE, STOCK_LIST
from kpi_tree.ui.data.kindwords import kind_name
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.parts import empty
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import moment, nt, plain, t
from kpi_tree.ui.shell.words import table_name
from kpi_tree.workspace import TokenView
from kpi_tree.workspace.base.own import tables_of
from kpi_tree.workspace.base.scope import VALUES
from kpi_tree.workspace.intake.api_tokens import DAYS

SHOWN = "_token_shown"
SPANS = (30, 90, DAYS, None)
"""Days that a token may be in force; None until it is revoked."""
SOON = timedelta(days=14)
"""So long before its end a token is marked."""


def show_tokens(session: Session) -> None:
    """The tokens in force, the form for a new one, and a new one's text until it is put away."""
    st.caption(t("A program sends files with a token of its own. It gets the receipt that you would get."))
    if not session.who.may("make_token"):
        st.info(t("Only the owner of this home makes tokens."))
        return
    _shown_once()
    _form(session)
    with refusals():
        found = workspace.tokens(session.home, session.who, now=now())
        active = [token for token in found if token.over_since is None]
        if not active:
            empty(t("No token yet"), t("Name the program above, and make one for it."), "key")
        for token in active:
            _token(session, token)
        ended = [token for token in found if token.over_since is not None]
        if ended:
            with st.expander(nt("{n} token that is over", "{n} tokens that are over", len(ended))):
                for token in ended:
                    st.caption(" · ".join(_words(token)))


def _form(session: Session) -> None:
    with st.form("token", border=True, clear_on_submit=False):
        left, middle, right = st.columns([2, 2, 1])
        with left:
            name = st.text_input(
                t("Program"), max_chars=60, key="token_name", placeholder=t("Its name, such as till Oslo")
            )
        with right:
            days = st.selectbox(
                t("Ends"), SPANS, index=SPANS.index(DAYS), format_func=_span, key="token_days",
                help=t("The program is refused from then on, and told so."),
            )  # fmt: skip
        with middle:
            names = [ORDER_TABLE, STOCK_LIST, *sorted(tables_of(session.home), key=table_name), VALUES]
            tables = st.multiselect(
                t("May fill"),
                names,
                format_func=_scope_name,
                placeholder=t("everything"),
                help=t("A file that also fills another table is refused, and told which."),
                key="token_tables",
            )
        made = st.form_submit_button(t("Make a token"), type="primary", icon=":material/key:")
    if not made:
        return
    try:
        _, text = workspace.make_token(session.home, session.who, name, tables=tables, days=days, now=now())
    except KpiTreeError as error:
        show_refusal(error)
        return
    st.session_state[SHOWN] = text
    st.rerun()


def _span(days: int | None) -> str:
    if days is None:
        return t("when it is revoked")
    return t("after a year") if days == DAYS else nt("after {n} day", "after {n} days", days)


def _scope_name(name: str) -> str:
    return t("KPI values") if name == VALUES else kind_name(name)


def _shown_once() -> None:
    text = st.session_state.get(SHOWN)
    if text is None:
        return
    with st.container(border=True, key="token_shown"):
        st.markdown(f":material/key: **{t('Copy the token now. It cannot be shown again.')}**")
        st.code(text, language=None, wrap_lines=True)
        st.caption(t("For example:"))
        parts = urlsplit(st.context.url or "")
        address = f"{parts.scheme}://{parts.netloc}" if parts.netloc else "http://localhost:8501"
        st.code(
            f'curl -H "Authorization: Bearer {text}" -F file=@orders.csv {address}/api/batches',
            language="bash",
            wrap_lines=True,
        )
        st.button(
            t("I have copied it"),
            key="token_copied",
            type="primary",
            on_click=lambda: st.session_state.pop(SHOWN, None),
        )


def _token(session: Session, token: TokenView) -> None:
    with (
        st.container(border=True, key=f"token_{token.id}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        with st.container(gap=None):
            st.markdown(f"**{plain(token.name)}**")
            st.caption(" · ".join(_words(token)[1:]))
            if token.expires_at and token.expires_at - now() <= SOON:
                words = t("Make the program a new one before this one ends.")
                st.badge(t("Ends soon"), icon=":material/schedule:", color="orange", help=words)
        with st.popover(t("Revoke"), key=f"revoke_{token.id}"):
            st.caption(t("The program is refused from then on. This cannot be taken back."))
            st.button(
                t("Revoke for good"),
                key=f"revoked_{token.id}",
                icon=":material/block:",
                on_click=_revoke,
                args=(session, token.id),
            )


def _revoke(session: Session, token: str) -> None:
    try:
        workspace.revoke_token(session.home, session.who, token, now=now())
    except KpiTreeError as error:
        st.session_state["_refused"] = error


def _words(token: TokenView) -> list[str]:
    names = ", ".join(map(_scope_name, token.tables))
    words = [plain(token.name), t("may fill {tables}", tables=plain(names or t("everything")))]
    words.append(t("made {when} by {who}", when=plain(moment(token.made_at)), who=plain(token.made_by)))
    if token.last_used:
        words.append(t("last used {when}", when=plain(moment(token.last_used))))
    else:
        words.append(t("never used"))
    if token.revoked_at:
        words.append(t("revoked {when}", when=plain(moment(token.revoked_at))))
    elif token.over_since:
        words.append(t("ended {when}", when=plain(moment(token.over_since))))
    elif token.expires_at:
        words.append(t("ends {when}", when=plain(moment(token.expires_at))))
    else:
        words.append(t("ends when it is revoked"))
    return words
