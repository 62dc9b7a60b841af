"""From a number to its records, and from a record to the row of the file that it came from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.ingest.text.beside import PART
from kpi_tree.ui.pieces.rows import for_reader
from kpi_tree.ui.shell import cache, came, places
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import moment, nt, plain, t
from kpi_tree.ui.shell.theme import is_dark
from kpi_tree.ui.shell.words import column_name, table_name
from kpi_tree.workspace import RecordHistory, RowView

MARK = "▶"


def records(session: Session, frame: pd.DataFrame, *, key: str) -> None:
    """The records behind a number; the one that is picked shows its row in the file.

    Args:
        frame: as ``workspace.kpi_records`` gives it, with ``_batch`` and ``_row``.
    """
    found = nt("{n} record", "{n} records", len(frame))
    came.tell("records", (key, len(frame)), found, f"behind_{key}")
    with st.container(key=f"behind_{key}"):
        st.caption(t("Pick a record to see its row in the file it came from."))
    numbers = {one.batch: f"#{one.number}" for one in cache.batches(session)}
    shown = frame.assign(_batch=frame["_batch"].map(numbers)) if "_batch" in frame else frame
    picked = st.dataframe(
        for_reader(shown, session.settings.timezone),
        hide_index=True,
        height="content" if len(frame) < 9 else 340,
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
        key=f"records_{key}",
    )
    chosen = list(picked["selection"]["rows"]) if picked else []
    where = _keyboard(frame, chosen[0] if chosen else None, key) if len(frame) else None
    if where is not None:
        _row_of(session, frame.iloc[where])


def _keyboard(frame: pd.DataFrame, picked: int | None, key: str) -> int | None:
    """The same choice as a box that a keyboard and a screen reader reach; a click in the table goes first."""
    if picked is not None:
        return picked if picked < len(frame) else None
    if "_batch" not in frame or "_row" not in frame:
        return None
    names = [
        f"{file} · {t('row {n}', n=_whole(row))}"
        for file, row in zip(frame.get("_file", frame["_batch"]), frame["_row"], strict=True)
    ]
    found = st.selectbox(
        t("Show the row of the file"),
        range(len(names)),
        index=None,
        format_func=names.__getitem__,
        placeholder=t("Choose a record"),
        key=f"record_{key}",
        width=420,
    )
    return int(found) if found is not None else None


def _whole(row: Any) -> str:
    return "–" if pd.isna(row) else str(int(row))


def _row_of(session: Session, record: Any) -> None:
    batch, row = record.get("_batch"), record.get("_row")
    if not isinstance(batch, str):
        st.caption(t("This line sums up many records and has no row of its own; pick another one."))
        return
    if pd.isna(row):
        st.caption(t("This value was typed in; there is no file behind it."))
        return
    with refusals():
        panel(session, batch, int(row))


def panel(session: Session, batch: str, row: int, *, heading: bool = False) -> None:
    """A row of a batch's file between its neighbours, with the way to the batch."""
    seen: RowView = cache.kept(
        session.bare, "source_around", batch, row,
        make=lambda: workspace.source_around(session.home, session.who, batch, row),
    )  # fmt: skip
    view = seen.batch
    words = t("Row {n} of {file}", n=row, file=plain(view.file))
    place = f"source_{batch}_{row}"
    if not heading:
        came.tell("row", place, t("Row {n} of {file}", n=row, file=view.file), place)
    with st.container(border=True, key=place):
        st.markdown(f":material/description: **{words}** · #{view.number}")
        if not seen.is_file:
            st.caption(t("The sample shop made these records; there never was a file."))
        _neighbours(seen)
        _versions(session, batch, row)
        if not any(line == row for line, _ in seen.rows):
            st.caption(t("No row begins on that line; these are the nearest."))
        if not heading:
            places.link(
                "data", t("Open batch #{n} at this row", n=view.number), icon="receipt_long",
                batch=str(view.number), row=str(row),
            )  # fmt: skip
        elif seen.is_file:
            count = len(seen.rows) - 1
            st.caption(nt("With {n} row beside it, as they stand in the file.",
                          "With {n} rows beside it, as they stand in the file.", count))  # fmt: skip


def _versions(session: Session, batch: str, row: int) -> None:
    """What other files say of the records of a row, and whose word counts; nothing where no other does."""
    found: tuple[RecordHistory, ...] = cache.kept(
        session, "record_history", batch, row,
        make=lambda: workspace.record_history(session.home, session.who, batch, row),
    )  # fmt: skip
    for one in found:
        name = plain(" · ".join(str(value) for value in one.key.values() if value not in (None, "")))
        st.caption(t("What each file says of {name}", name=f"{plain(table_name(one.table))} {name}"))
        rows = [
            {
                t("Counts"): MARK if version.counts else "",
                t("File"): f"#{version.batch.number} · {version.batch.file}",
                t("Row"): str(version.row % PART),
                t("Loaded"): moment(version.batch.at),
                t("State"): t("active") if version.batch.active else t("Withdrawn"),
                **{column_name(one.table, field): _said(version.values[field]) for field in one.differing},
            }
            for version in one.versions
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, height="content" if len(rows) < 9 else 340)
        if not any(version.counts for version in one.versions):
            st.caption(t("It counts no more: it was withdrawn, or a newer file leaves it out of its order."))


def _said(value: Any) -> str:
    """A cell of a record as text; numbers without the zeros of their places."""
    return "" if value is None else f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _neighbours(seen: RowView) -> None:
    """The rows as they stand in the file; the one asked for is marked by a sign and by its colour."""
    names = seen.names
    if not seen.is_file:
        names = tuple(column_name(str(seen.batch.table), name) for name in names)
    head = ["", t("Line"), *_apart(names)]
    body = [
        [MARK if line == seen.asked else "", str(line), *_fit(cells, len(seen.names))]
        for line, cells in seen.rows
    ]
    frame = pd.DataFrame(body, columns=head)
    shade = f"background-color: {'#2a3266' if is_dark() else '#e4e7fb'}; font-weight: 600"
    styled = frame.style.apply(
        lambda row: [shade if row[""] == MARK else "" for _ in row], axis=1
    )  # fmt: skip
    st.dataframe(styled, hide_index=True, height="content")


def _apart(names: tuple[str, ...]) -> list[str]:
    """Names that no two columns share; blanks told apart without being seen."""
    made: list[str] = ["", t("Line")]
    for name in names:
        while name in made:
            name += "\u200b"
        made.append(name)
    return made[2:]


def _fit(cells: tuple[str, ...], width: int) -> list[str]:
    return [*cells, *[""] * width][:width]
