"""Channels on the alerts page: e-mail, Slack, Teams, webhooks. What is secret goes in and is never shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from kpi_tree import workspace
from kpi_tree.alerts import CHANNEL_KINDS
from kpi_tree.alerts.channels import SECURITY
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import LANGUAGES
from kpi_tree.ui.news import alertrules
from kpi_tree.ui.shell import parts
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import plain, pt, said, t
from kpi_tree.workspace import ChannelView

OPEN = "_channel_form"
GONE = "_channel_gone"
ICONS = {"email": "mail", "slack": "tag", "teams": "groups", "webhook": "webhook"}


def show(session: Session) -> None:
    """All channels, the form where it is open, and what became of a test."""
    st.caption(t("Everything is told in the app. A channel tells it elsewhere, too."))
    if session.who.may("add_channel"):
        _form(session)
        _offer_back(session)
    else:
        st.info(t("Only the owner of this home sets up channels."))
    alertrules.show_tried()
    found = workspace.channels(session.home, session.who)
    if not found and OPEN not in st.session_state:
        parts.empty(
            t("No channel yet"), t("Add one for e-mail, Slack, Teams or a program of your own."), "mail"
        )
    for one in found:
        _channel(session, one)


def _channel(session: Session, one: ChannelView) -> None:
    with (
        st.container(border=True, key=f"channel_{one.id}"),
        st.container(horizontal=True, vertical_alignment="center", gap="small"),
    ):
        st.markdown(f":material/{ICONS[one.kind]}: **{plain(one.name)}**")
        st.caption(plain(" · ".join(part for part in (said(CHANNEL_KINDS[one.kind]), one.where) if part)))
        if not one.ready:
            st.badge(t("set its password or address again"), icon=":material/key_off:", color="orange")
        st.space("stretch")
        if session.who.may("add_channel"):
            _buttons(session, one)


def _buttons(session: Session, one: ChannelView) -> None:
    if st.button(pt("send one", "Test"), key=f"try_{one.id}", icon=":material/send:", disabled=not one.ready):
        alertrules.try_it(lambda: workspace.try_channel(session.home, session.who, one.id, now=now()))
    with st.popover(t("More"), key=f"more_{one.id}"):
        st.button(
            t("Change"), key=f"change_{one.id}", type="tertiary", icon=":material/edit:", on_click=_open,
            args=(one,),
        )  # fmt: skip
        st.caption(t("Alerts go on telling in the app. Its password or address is forgotten."))
        st.button(
            t("Remove"), key=f"remove_{one.id}", type="tertiary", icon=":material/delete:",
            on_click=_remove, args=(session, one),
        )  # fmt: skip


def _remove(session: Session, one: ChannelView) -> None:
    if alertrules.do("remove_channel", session, one.id):
        st.session_state[GONE] = (one.id, one.name)


def _offer_back(session: Session) -> None:
    """The channel that was removed last, for as long as one stays on the page."""
    gone = st.session_state.get(GONE)
    if gone is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="channel_gone"):
        st.caption(plain(t("The channel {name} is gone.", name=gone[1])))
        st.button(
            t("Bring it back"), key="channel_back", type="tertiary", icon=":material/undo:",
            on_click=_bring_back, args=(session, gone[0]),
        )  # fmt: skip


def _bring_back(session: Session, channel: str) -> None:
    if alertrules.do("bring_channel_back", session, channel):
        st.session_state.pop(GONE, None)


def _open(channel: ChannelView | None) -> None:
    st.session_state[OPEN] = channel


def _close() -> None:
    st.session_state.pop(OPEN, None)


def _form(session: Session) -> None:
    if OPEN not in st.session_state:
        st.button(t("Add a channel"), key="add_channel", icon=":material/add:", on_click=_open, args=(None,))
        return
    one: ChannelView | None = st.session_state[OPEN]
    key = one.id if one else "new"
    with st.container(border=True, key="channel_form"):
        st.header(t("Change the channel") if one else t("A new channel"))
        kind = one.kind if one else _kind()
        with st.form(f"channel_{key}", border=False):
            values = _fields(one, kind, key)
            with st.container(horizontal=True):
                saved = st.form_submit_button(t("Save"), type="primary", icon=":material/check:")
                st.form_submit_button(t("Cancel"), on_click=_close)
        if saved:
            _save(session, one, kind, values)


def _kind() -> str:
    picked = st.segmented_control(
        t("Kind"), list(CHANNEL_KINDS), default="email", format_func=lambda one: said(CHANNEL_KINDS[one]),
        key="channel_kind", required=True, wrap=True,
    )  # fmt: skip
    return str(picked or "email")


def _fields(one: ChannelView | None, kind: str, key: str) -> dict[str, Any]:
    known: Mapping[str, Any] = one.settings if one else {}
    name = st.text_input(t("Name"), one.name if one else "", max_chars=80, key=f"channel_name_{key}")
    values = _mail(known, key) if kind == "email" else _hook(one, key)
    left, right = st.columns(2)
    languages = ["", *LANGUAGES]
    with left:
        language = st.selectbox(
            t("Language of its messages"), languages, index=languages.index(known.get("language", "")),
            format_func=lambda code: LANGUAGES.get(code) or t("the shop's"), key=f"channel_language_{key}",
        )  # fmt: skip
    with right:
        link = st.text_input(
            t("Address of this app"), known.get("link", own_address() if one is None else ""),
            key=f"channel_link_{key}",
            help=t("Messages lead here. Leave it empty for messages without links."),
        )  # fmt: skip
    return {"name": name, "language": language, "link": link, **values}


def own_address() -> str:
    """Where this app stands, as the reader's browser sees it."""
    parts_ = urlsplit(st.context.url or "")
    return f"{parts_.scheme}://{parts_.netloc}" if parts_.netloc else ""


def _hook(one: ChannelView | None, key: str) -> dict[str, Any]:
    url = st.text_input(
        t("Address of the webhook"), "", type="password", key=f"channel_url_{key}", autocomplete="off",
        placeholder=t("unchanged: {host}", host=one.where) if one else "https://",
        help=t("It is a secret: it is kept apart, never shown again, and in no export or backup."),
    )  # fmt: skip
    return {"url": url} if url else {}


def _mail(known: Mapping[str, Any], key: str) -> dict[str, Any]:
    to = st.text_area(
        t("Who gets it"), ", ".join(known.get("to", ())), key=f"channel_to_{key}", height=80,
        placeholder="kari@example.com, ola@example.com",
    )  # fmt: skip
    left, right = st.columns(2)
    kinds = list(SECURITY)
    with left:
        host = st.text_input(
            t("Mail server"), known.get("host", ""), key=f"channel_host_{key}", placeholder="smtp.example.com"
        )
        user = st.text_input(
            t("Sign-in name"), known.get("user", ""), key=f"channel_user_{key}", autocomplete="off"
        )
        sender = st.text_input(
            t("Sender"), known.get("sender", ""), key=f"channel_sender_{key}", placeholder="kpi@example.com"
        )
    with right:
        security = st.selectbox(
            t("Encryption"), kinds, index=kinds.index(known.get("security", "starttls")),
            format_func=lambda one: said(SECURITY[one]), key=f"channel_security_{key}",
        )  # fmt: skip
        password = st.text_input(
            t("Password"), "", type="password", key=f"channel_password_{key}", autocomplete="new-password",
            placeholder=t("unchanged") if known.get("user") else "",
            help=t("It is kept apart, never shown again, and in no export or backup."),
        )  # fmt: skip
        port = st.number_input(
            t("Port"), 1, 65535, known.get("port"), step=1, key=f"channel_port_{key}", placeholder="587",
            help=t("Empty for the usual one: 587 with STARTTLS, 465 with TLS."),
        )  # fmt: skip
    return {
        "to": to, "host": host, "user": user, "sender": sender, "security": security, "password": password,
        "port": port,
    }  # fmt: skip


def _save(session: Session, one: ChannelView | None, kind: str, values: dict[str, Any]) -> None:
    name = values.pop("name")
    try:
        if one is None:
            workspace.add_channel(session.home, session.who, name, kind=kind, now=now(), **values)
        else:
            workspace.change_channel(session.home, session.who, one.id, name=name, now=now(), **values)
    except KpiTreeError as error:
        show_refusal(error)
        return
    _close()
    st.toast(t("Saved. Try it with its button."), icon=":material/check:")
    st.rerun()
