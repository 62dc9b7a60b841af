"""Rows that were set aside: corrected in a table on the page, or in a spreadsheet and sent back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import Cancelled
from kpi_tree.i18n import translate
from kpi_tree.steps import Cancel, Progress
from kpi_tree.ui.data import datanews, datawork, halfdone, receipts
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.shell import cache, style
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, nt, plain, say, t
from kpi_tree.ui.shell.theme import is_dark
from kpi_tree.workspace import AsideRow, BatchView, NothingUsableError, Receipt, SetAside
from kpi_tree.workspace.base.jobs import Job, Work
from kpi_tree.workspace.intake.blanks import Form

SHOWN = 500
"""Rows in the table on the page; more are better corrected in a spreadsheet."""
DRAFTS = "_aside_drafts"
BEGUN = "_fix_begun"
STILL = 5
FORMS: tuple[tuple[Form, str], ...] = (("xlsx", "Excel"), ("csv", "CSV"))


def show(session: Session, view: BatchView) -> None:
    """What waits for a correction, how the last one went, and both ways to correct."""
    kind = f"mend:{view.batch}"
    jobs = datawork.mine(session, kind)
    datawork.bars(jobs, key="mending")
    _outcomes(view, [job for job in jobs if job.finished])
    found: SetAside = cache.kept(
        session, "aside", view.batch,
        make=lambda: workspace.set_aside(session.home, session.who, view.batch),
    )  # fmt: skip
    if not found.rows:
        return
    st.header(nt("{n} row set aside", "{n} rows set aside", len(found.rows)))
    if not view.active:
        st.caption(t("The batch is withdrawn. Bring it back to correct its rows."))
        return
    if not session.who.may("mend"):
        return
    st.caption(t("Correct the cells named on the left, and load. Rows that are right leave the list."))
    turn = st.session_state.setdefault(BEGUN, 0)
    still = _still(jobs)
    edited = _table(session, found, still, key=f"fix_{view.batch}_{session.data}_{turn}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("Load the corrected rows"), type="primary", icon=":material/check:", key="fix_load"):
            _begin(session, view, _by_hand(session, view.batch, edited))
        _spreadsheet(session, view)


def _drafts(session: Session, batch: str, key: str) -> dict[int, list[str]]:
    """What was typed and is not right yet, as it stood when this table was first drawn: under the hands of
    whoever types, the table stays what it is.
    """
    every: dict[str, dict[int, list[str]]] = st.session_state.setdefault(DRAFTS, {})
    if key not in st.session_state or key not in every:
        every[key] = halfdone.of(session, batch)
    return every[key]


def _table(
    session: Session, found: SetAside, still: Mapping[int, Sequence[str]], key: str
) -> dict[int, list[str]]:
    """The editor: line and reason first, then the columns with faults, then the others."""
    width = len(found.names) + max(found.extra, 0)
    names = _unique([*found.names, *[t("Extra cell {n}", n=i + 1) for i in range(max(found.extra, 0))]])
    rows, drafts = found.rows[:SHOWN], _drafts(session, found.batch, key)
    wrong = t("What is wrong")
    cells = {row.line: _fit(drafts.get(row.line, list(row.cells)), width) for row in rows}
    frame = pd.DataFrame([cells[row.line] for row in rows], columns=names)
    frame.insert(0, wrong, [_wrong(row, still.get(row.line)) for row in rows])
    frame.insert(0, t("Line"), [row.shown_line for row in rows])
    at = {(row.line, found.names.index(one.column)) for row in rows for one in row.faults
          if one.column in found.names}  # fmt: skip
    bad = {names[place] for _, place in at}
    order = [t("Line"), wrong, *[name for name in names if name in bad], *[n for n in names if n not in bad]]
    config: dict[str, Any] = {
        name: st.column_config.TextColumn(f"⚠ {name}" if name in bad else name) for name in names
    }
    config[t("Line")] = st.column_config.NumberColumn(disabled=True, pinned=True, width="small", format="%d")
    config[wrong] = st.column_config.TextColumn(disabled=True, width=340)
    shade = f"background-color: {'#421f26' if is_dark() else '#fbe6e7'}"
    made = st.data_editor(
        frame.style.map(lambda _: shade, subset=[wrong]),
        hide_index=True,
        column_order=order,
        column_config=config,
        num_rows="fixed",
        key=key,
        height="content" if len(rows) < 12 else 440,
    )
    if len(found.rows) > SHOWN:
        st.caption(t("The first {n} are shown. The spreadsheet has all.", n=SHOWN))
    body = made[names].to_numpy().tolist()
    typed = [["" if cell is None else str(cell) for cell in line] for line in body]
    made_of = dict(zip((row.line for row in rows), typed, strict=True))
    was = {row.line: _fit(list(row.cells), width) for row in rows}
    if made_of != cells:  # typed here: another tab of the same person may know more
        halfdone.keep(session, found.batch, {n: row for n, row in made_of.items() if row != was[n]})
    return made_of


def _wrong(row: AsideRow, still: Sequence[str] | None) -> str:
    """What is wrong with a row, on one line: of several cells their columns, where reasons would be cut.

    Args:
        still: what the last correction left wrong, in columns; None where it was not corrected yet.
    """
    faults = [one for one in row.faults if still is None or one.column in still] or row.faults
    if len(faults) < 2:
        return replace(row, faults=tuple(faults)).why(current_language())
    columns = [one.column or translate(one.reason, current_language()) for one in faults]
    return nt("{n} cell: {columns}", "{n} cells: {columns}", len(faults), columns=", ".join(columns))


def _still(jobs: Sequence[Job]) -> dict[int, list[str]]:
    """Line -> the columns that the last correction left wrong."""
    last = next((job for job in jobs if job.finished), None)
    failed = last.error.receipt if last is not None and isinstance(last.error, NothingUsableError) else None
    receipt = failed or (last.result if last is not None else None)
    found: dict[int, list[str]] = {}
    for issue in receipt.issues if isinstance(receipt, Receipt) else ():
        if issue.row is not None:
            found.setdefault(issue.row, []).append(issue.column or "")
    return found


def _unique(names: list[str]) -> list[str]:
    made: list[str] = [t("Line"), t("What is wrong")]
    for name in names:
        while name in made:
            name += "\u200b"
        made.append(name)
    return made[2:]


def _fit(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * width][:width]


def _spreadsheet(session: Session, view: BatchView) -> None:
    """The other way: download, correct, send back."""
    batch, lang = view.batch, current_language()
    turn = st.session_state.setdefault("_fix_turn", 0)
    style.uploader(t("Choose files"), "")
    with st.popover(t("In a spreadsheet"), icon=":material/table_view:", key=f"fix_sheet_{turn}"):
        st.caption(t("Download the rows, correct the cells, save, and drop the file here."))
        with st.container(horizontal=True):
            for form, name in FORMS:
                downloads.button(
                    t("Download as {form}", form=name),
                    _sheet(session, batch, form, lang),
                    f"set-aside-{view.number}.{form}",
                    downloads.TABLES[form],
                    icon=":material/download:",
                    key=f"aside_{form}",
                )
        file = st.file_uploader(t("The corrected file"), type=["xlsx", "csv"], key=f"fix_file_{turn}")
        if file is not None and st.button(t("Load the corrected rows"), key="fix_send", type="primary"):
            st.session_state["_fix_turn"] += 1
            _begin(session, view, _by_file(session, batch, file.getvalue(), file.name))


def _sheet(session: Session, batch: str, form: Form, lang: str) -> Callable[[], bytes]:
    return lambda: workspace.set_aside_file(session.home, session.who, batch, form=form, lang=lang)


def _by_hand(session: Session, batch: str, rows: dict[int, list[str]]) -> Work:
    home, who, moment = session.home, session.who, now()

    def work(progress: Progress, cancelled: Cancel) -> Receipt:
        return workspace.mend(home, who, batch, rows, now=moment, progress=progress, cancelled=cancelled)

    return work


def _by_file(session: Session, batch: str, content: bytes, name: str) -> Work:
    home, who, moment = session.home, session.who, now()

    def work(progress: Progress, cancelled: Cancel) -> Receipt:
        return workspace.mend_from(
            home, who, batch, content, name, now=moment, progress=progress, cancelled=cancelled
        )

    return work


def _begin(session: Session, view: BatchView, work: Work) -> None:
    for job in datawork.mine(session, f"mend:{view.batch}"):
        if job.finished:
            datawork.put_away(job)
    st.session_state[BEGUN] += 1
    datawork.begin(session, f"mend:{view.batch}", view.file, work, size=view.bytes)
    st.rerun()


def _outcomes(view: BatchView, jobs: list[Job]) -> None:
    for job in jobs[:1]:
        datanews.of_mending(job)
        with st.container(key=datanews.mended_key(job)):
            _outcome(view, job)


def _outcome(view: BatchView, job: Job) -> None:
    datawork.fault(job)
    if isinstance(job.error, Cancelled):
        st.info(t("Stopped. Nothing was changed."), icon=":material/stop_circle:")
    elif isinstance(job.error, NothingUsableError):
        st.warning(_left(job.error.receipt), icon=":material/edit_note:")
    elif job.error is not None:
        show_refusal(job.error)
    elif isinstance(job.result, Receipt):
        _solved(view, job.result)


def _solved(view: BatchView, receipt: Receipt) -> None:
    done = receipt.rows - receipt.rejected
    st.success(datanews.right_now(done), icon=":material/check_circle:")
    if receipt.rejected:
        st.warning(_left(receipt), icon=":material/edit_note:")
    if receipt.number and receipt.number != view.number:
        receipts.link(receipt.number, t("Open the corrections: #{n}", n=receipt.number))


def _left(receipt: Receipt) -> str:
    """The rows that are still wrong, each with all its reasons."""
    lines = [datanews.still_wrong(receipt.rejected)]
    wrong = sorted({issue.row for issue in receipt.issues if issue.row is not None})
    for row in wrong[:STILL]:
        of_row = [issue for issue in receipt.issues if issue.row == row]
        said = [f"{f'{plain(one.column)}: ' if one.column else ''}{say(one.message)}" for one in of_row]
        lines.append(f"{t('Line {n}', n=row)}: {' '.join(said)}")
    if (more := len(wrong) - STILL) > 0:
        lines.append(nt("and {n} more", "and {n} more", more))
    return "  \n".join(lines)
