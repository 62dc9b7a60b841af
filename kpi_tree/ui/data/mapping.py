"""Which column of an unknown file is what: proposed with how sure we are, corrected, previewed, saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import formats
from kpi_tree.ingest.generic import ORDER_TABLE, fields_of
from kpi_tree.ingest.mapping import fingerprint, lacking, mapping_from
from kpi_tree.records import tables
from kpi_tree.ui.data import readas
from kpi_tree.ui.data.asking import ask
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, current, now
from kpi_tree.ui.shell.text import current_language, nt, percent, plain, t
from kpi_tree.ui.shell.words import column_name, table_name
from kpi_tree.workspace import DriftedError, Preview
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.intake.mappings import likely

CERTAIN = 0.85
"""Below this a guess carries a question mark."""
KEPT = 20
"""Previews kept in a visit."""
CURRENCIES = ("NOK", "SEK", "DKK", "EUR", "GBP", "USD", "JPY", "CHF")


def form(session: Session, file: Any, inspection: Any | None, error: KpiTreeError | None = None) -> None:
    """Choose what the rows are and what each column holds, and see at once what comes of it."""
    if inspection is None:
        return
    found = inspection.to_dict(current_language())
    proposed = _proposed(file, found, error)
    words = t("Say what its columns hold") if error else t("Read it in another way")
    # A key for each reading: one that stood closed before must not hide what is asked now.
    key = f"other_{file.file_id}_{readas.turn(file.file_id)}_{'asked' if error else 'free'}"
    with st.expander(words, icon=":material/tune:", expanded=error is not None, key=key):
        mark = fingerprint([str(column["name"]) for column in found.get("columns") or []])
        table = _table(f"{file.file_id}_{mark}", proposed.get("table"))
        if table is None:
            return
        picked = _columns(f"{file.file_id}_{mark}", found, table, proposed)
        options = _options(file, proposed)
        said = {"mapping": {"table": table, "columns": picked, "options": options}}
        fits = bool(picked) and _preview(session, file, said["mapping"])
        name = st.text_input(
            t("Remember this as"),
            key=f"name_{file.file_id}",
            max_chars=80,
            value=str(proposed.get("name") or ""),
            placeholder=t("A name, so that the next such file is read by itself"),
        )
        _say_what_gives_way(session, name, str(proposed.get("name") or ""))
        if st.button(t("Read it so"), key=f"so_{file.file_id}", type="primary", disabled=not fits):
            _choose(session, file, said, name)


def _say_what_gives_way(session: Session, name: str, drifted: str) -> None:
    """That a name is taken, unless it is the mapping whose files have changed: that one is asked about."""
    wanted = " ".join(name.split())
    if wanted == drifted:
        return
    if any(one.name == wanted for one in workspace.saved_mappings(session.home, session.who)):
        st.caption(t(":material/info: A mapping of this name is there. It gives way to this one."))


def _proposed(file: Any, found: Mapping[str, Any], error: KpiTreeError | None) -> dict[str, Any]:
    """Where the form starts: what was said before, a saved mapping that drifted, or the reader's proposal."""
    if isinstance(error, DriftedError):
        instead = likely(error.found)
        columns = {
            **error.found.mapping["columns"],
            **{name: target for name, (target, _) in instead.items()},
        }
        sure = {name: share for name, (_, share) in instead.items()}
        return {**error.found.mapping, "columns": columns, "confidence": sure, "name": error.found.name}
    said = readas.chosen(file.file_id).get("mapping") or {}
    proposal = dict(found.get("mapping") or {})
    if said.get("columns"):
        return {**said, "confidence": {}}
    return {**proposal, "options": {**(proposal.get("options") or {}), **(said.get("options") or {})}}


def _choose(session: Session, file: Any, said: dict[str, Any], name: str) -> None:
    try:
        if name.strip():
            workspace.save_mapping(
                session.home, session.who, name, said["mapping"],
                source=file.getvalue(), file=file.name, now=now(),
            )  # fmt: skip
    except KpiTreeError as error:
        show_refusal(error)
        return
    # A saved mapping is found by the file's headers: the receipt then says which one read it.
    readas.choose(file.file_id, {} if name.strip() else said)
    st.rerun()


def _table(key: str, proposed: str | None) -> str | None:
    names = [ORDER_TABLE, *sorted(tables(), key=table_name)]
    return st.selectbox(
        t("What the rows are"),
        names,
        index=names.index(proposed) if proposed in names else None,
        format_func=lambda name: (
            t("Order lines with their orders") if name == ORDER_TABLE else table_name(name)
        ),
        key=f"table_{key}",
        placeholder=t("Choose"),
    )


def _table_words(name: str) -> str:
    return t("Order lines with their orders") if name == ORDER_TABLE else table_name(name)


def _columns(key: str, found: Mapping[str, Any], table: str, proposed: Mapping[str, Any]) -> dict[str, str]:
    """A line for each column: its name and first cells, what it is taken for, how sure we are."""
    fields = ["", *fields_of(table)]  # none is a choice of its own: a wrong guess has to be taken back
    same = proposed.get("table") == table
    guesses = (proposed.get("columns") or {}) if same else {}
    sure = proposed.get("confidence") or {}
    picked: dict[str, str] = {}
    for place, column in enumerate(found.get("columns") or []):
        header = str(column["name"])
        left, middle, right = st.columns([4, 4, 2], vertical_alignment="center")
        sample = column.get("sample") or []
        cells = [sample] if isinstance(sample, str) else [str(cell) for cell in sample[:3]]
        left.markdown(f"**{plain(header)}**  \n:small[{plain(' · '.join(cells))}]")
        guess = guesses.get(header)
        field = middle.selectbox(
            header,  # not drawn: a screen reader says it, and would say the signs that escape Markdown
            fields,
            index=fields.index(guess) if guess in fields else 0,
            format_func=lambda name: _field(table, name) if name else t("Not used"),
            key=f"column_{key}_{table}_{place}",
            label_visibility="collapsed",
        )
        if field:
            picked[header] = field
        if field and field == guess and header in sure:
            words = t("{share} sure", share=percent(sure[header]))
            right.caption(f":material/help: {words}" if sure[header] < CERTAIN else words)
    return picked


def _field(table: str, name: str) -> str:
    return column_name("order_lines" if table == ORDER_TABLE else table, name)


def _options(file: Any, proposed: Mapping[str, Any]) -> dict[str, Any]:
    """How cells are read, where the file itself does not say."""
    options = dict(proposed.get("options") or {})
    known = options.get("currency")
    choices = [*dict.fromkeys([*([known] if known else []), *CURRENCIES])]
    currency = st.selectbox(
        t("Currency of its amounts"),
        choices,
        index=0 if known else None,
        key=f"currency_{file.file_id}",
        placeholder=t("As the file says"),
        accept_new_options=True,
        width=220,
    )
    if currency:
        options["currency"] = str(currency).strip().upper()[:3]
    return options


def _preview(session: Session, file: Any, mapping: dict[str, Any]) -> bool:
    """The first records by this mapping and the KPIs that they feed; whether it can be read so."""
    from kpi_tree.ingest.asking import AskError

    table = str(mapping["table"])
    missing = [
        " / ".join(_field(table, part) for part in entry.split("|"))
        for entry in lacking(mapping_from(mapping))
    ]
    if missing:
        st.markdown(f":material/pending: **{t('Still needed')}: {plain(', '.join(missing))}**")
        return False
    try:
        seen = _seen(session, file, mapping)
    except KpiTreeError as error:
        show_refusal(error)
        if isinstance(error, AskError):
            readas.choose(file.file_id, {"mapping": mapping})
            ask(file, error)
        return False
    for table, rows in seen.tables.items():
        st.caption(t("The first rows as {table}", table=plain(table_name(table))))
        frame = pd.DataFrame(rows).replace("", None).dropna(axis="columns", how="all")
        frame = frame[[name for name in frame.columns if not _made_up(frame[name])]]
        frame = frame.map(_as_read, zone=ZoneInfo(session.settings.timezone))
        frame.columns = [column_name(table, str(name)) for name in frame.columns]
        st.dataframe(frame, hide_index=True, height="content")
    if seen.set_aside:
        st.caption(nt("{n} cell cannot be used so", "{n} cells cannot be used so", seen.set_aside))
    _feeds(seen.kpis)
    return True


def _made_up(column: pd.Series) -> bool:
    """Whether a column holds keys that were made of the rest of their rows: nothing that a person knows."""
    return bool(column.astype(str).str.fullmatch(r"[0-9a-f]{32}-\d+").all())


def _as_read(value: Any, zone: ZoneInfo) -> str:
    """A value of a record as the shop sees it: its own clock, the reader's separators."""
    if value is None or value != value:
        return ""
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return f"{local:%Y-%m-%d}" if local.time() == time(0) else f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if isinstance(value, Decimal | float):
        return formats.format_number(float(value), current_language())
    return str(value)


def _seen(session: Session, file: Any, mapping: dict[str, Any]) -> Preview:
    """The preview, once for a file and a mapping of it: the page runs at every click."""
    known: dict[Any, Preview] = st.session_state.setdefault("_previewed", {})
    key = (file.file_id, session.data, repr(mapping))
    if key not in known:
        while len(known) >= KEPT:
            known.pop(next(iter(known)))
        known[key] = workspace.preview_file(
            session.home, session.who, file.getvalue(), file.name, mapping=mapping, now=now()
        )
    return known[key]


def _feeds(kpis: tuple[str, ...]) -> None:
    names = [catalogue_of(current().home)[name].text("name", current_language()) for name in kpis]
    if names:
        shown = ", ".join(names[:8])
        more = nt("and {n} more", "and {n} more", len(names) - 8) if len(names) > 8 else ""
        st.caption(f":material/monitoring: {t('Feeds')}: {plain(shown)} {more}")
