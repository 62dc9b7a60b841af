"""Saved mappings: which files they read, other names for them, and forgetting one, with the way back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ingest.mapping.fixed import values_of
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.store.mappings import SavedMapping
from kpi_tree.ui.data import receipts
from kpi_tree.ui.data.kindwords import field_name, kind_name
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.shell import came
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import day, nt, plain, t
from kpi_tree.workspace import BatchView

FORGOTTEN = "_forgotten_mapping"
SHOWN = 5


def show(session: Session) -> None:
    """All of them, by name; nothing where there is none."""
    found = workspace.saved_mappings(session.home, session.who)
    gone = st.session_state.get(FORGOTTEN)
    if not found and gone is None:
        return
    st.header(t("How files of your own are read"))
    if gone is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="mapping_gone"):
            st.markdown(f":material/info: {t('{name} is forgotten.', name=plain(gone))}")
            st.button(
                t("Take that back"), key="mapping_undo", icon=":material/undo:", type="tertiary",
                on_click=_change, args=(session, "bring_back_mapping", gone),
            )  # fmt: skip
    uses = workspace.mapping_uses(session.home, session.who)
    for one in found:
        _one(session, one, uses.get(one.name, []))


def _one(session: Session, one: SavedMapping, uses: list[BatchView]) -> None:
    table = str(one.mapping.get("table") or "")
    kind = kind_name(table)
    count = nt("{n} file", "{n} files", len(uses))
    words = f"**{plain(one.name)}** · {plain(kind)} · {count}"
    with st.expander(words, icon=":material/tune:", key=f"mapping_{one.name}"):
        st.caption(t("Saved by {who} on {day}", who=plain(one.who), day=plain(day(one.at.date()))))
        _columns(one, table)
        for view in uses[:SHOWN]:
            receipts.link(view.number, f"#{view.number} · {plain(view.file)}")
        if len(uses) > SHOWN:
            st.caption(nt("and {n} more", "and {n} more", len(uses) - SHOWN))
        _versions(session, one)
        _buttons(session, one)


def _file_name(name: str) -> str:
    """A mapping's name as one of a file.

    >>> _file_name("POS: Oslo / Bergen")
    'POS Oslo Bergen'
    """
    return " ".join("".join(char if char.isalnum() or char in "-_" else " " for char in name).split())


def _columns(one: SavedMapping, table: str) -> None:
    mapped = {normal(name): (name, field) for name, field in (one.mapping.get("columns") or {}).items()}
    columns = dict(mapped[normal(name)] for name in one.headers if normal(name) in mapped)
    st.dataframe(
        {t("Column"): list(columns), t("Read as"): [field_name(table, name) for name in columns.values()]},
        hide_index=True,
        height="content" if len(columns) < receipts.MAX_ROWS else 340,
    )
    said = values_of(one.mapping.get("options") or {})
    if said:
        each = ", ".join(f"{plain(field_name(table, name))}: {plain(value)}" for name, value in said.items())
        st.caption(f"{t('The same for every row')}: {each}")


def _versions(session: Session, one: SavedMapping) -> None:
    """Earlier versions: what each read in another way, and the way back to it."""
    found = workspace.mapping_versions(session.home, session.who, one.name)
    if len(found) < 2:
        return
    st.markdown(f"**{t('Earlier versions')}**")
    st.caption(t("A file whose headers are those of an earlier version is still read by that one."))
    for back, version in enumerate(found[1 : 1 + SHOWN], start=1):
        with st.container(horizontal=True, vertical_alignment="center", key=f"version_{one.name}_{back}"):
            words = f"{plain(day(version.at.date()))} · {plain(version.who)} · {_differs(version, one)}"
            st.markdown(f":small[{words}]")
            if session.who.may("return_mapping"):
                st.button(
                    t("Read so again"), key=f"return_{one.name}_{back}", type="tertiary",
                    icon=":material/undo:", on_click=_return, args=(session, one.name, back),
                )  # fmt: skip


def _differs(version: SavedMapping, now_is: SavedMapping) -> str:
    """Columns that an earlier version read in another way."""
    before, after = version.mapping["columns"], now_is.mapping["columns"]
    table = str(version.mapping.get("table") or "")
    odd = [
        f"{name} → {field_name(table, field)}" for name, field in before.items() if after.get(name) != field
    ]
    gone = [name for name in after if name not in before]
    words = [plain(one) for one in odd] + [t("without {name}", name=plain(name)) for name in gone]
    more = nt("and {n} more", "and {n} more", len(words) - 3) if len(words) > 3 else ""
    return f"{', '.join(words[:3])} {more}".strip() or t("the same columns, other settings")


def _return(session: Session, name: str, back: int) -> None:
    if _do(lambda: workspace.return_mapping(session.home, session.who, name, back, now=now())):
        came.tell("mapping", name, t("{name} reads as it did before.", name=name), f"mapping_{name}")


def _buttons(session: Session, one: SavedMapping) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if session.who.may("rename_mapping"):
            key = f"rename_{one.name}"
            st.text_input(t("Name"), one.name, key=key, max_chars=80, width=280)
            st.button(
                t("Rename"), key=f"do_{key}", icon=":material/edit:", on_click=_rename,
                args=(session, one.name, key),
            )  # fmt: skip
            st.button(
                t("Forget"), key=f"forget_{one.name}", icon=":material/delete:", type="tertiary",
                on_click=_change, args=(session, "forget_mapping", one.name),
                help=t("Files that it read stay as they are; the next such file is asked about again."),
            )  # fmt: skip
        downloads.button(
            t("Export"),
            lambda: workspace.export_mapping(session.home, session.who, one.name),
            f"{_file_name(one.name)}.mapping.json",
            "application/json",
            key=f"export_{one.name}",
            icon=":material/download:",
            type="tertiary",
            help=t("For another shop: dropped on its data page, such files are read there too."),
        )


def _rename(session: Session, name: str, key: str) -> None:
    to = str(st.session_state.get(key, name))
    if " ".join(to.split()) == name:
        return
    if _do(lambda: workspace.rename_mapping(session.home, session.who, name, to, now=now())):
        at = f"mapping_{' '.join(to.split())}"
        came.tell("mapping", to, t("{name} is called {to} now.", name=name, to=to), at)


def _change(session: Session, verb: str, name: str) -> None:
    if _do(lambda: getattr(workspace, verb)(session.home, session.who, name, now=now())):
        if verb == "forget_mapping":
            st.session_state[FORGOTTEN] = name
            came.tell("mapping", "", t("{name} is forgotten.", name=name), "mapping_gone")
        else:
            st.session_state.pop(FORGOTTEN, None)


def _do(act: Any) -> bool:
    try:
        act()
    except KpiTreeError as error:
        st.session_state["_refused"] = error
        return False
    return True
