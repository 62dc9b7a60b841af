"""Files that are loaded: the work of it, what it came to, and where to look then."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import Cancelled, KpiTreeError
from kpi_tree.steps import Cancel, Progress, Watch
from kpi_tree.ui.data import datanews, datawork, dropped, readas, receipts
from kpi_tree.ui.shell import places, style
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, nt, plain, t
from kpi_tree.workspace import Receipt
from kpi_tree.workspace.base.jobs import Job, Work
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.intake.preview import fed_by

LOAD = "load"
TURN = "_upload_turn"


def turn() -> int:
    """Which upload of this visit it is: each load begins with an empty one."""
    return int(st.session_state.setdefault(TURN, 0))


def next_upload() -> None:
    """Empty the upload: what waits on does so without it."""
    st.session_state[TURN] = turn() + 1


def begin(session: Session, files: list[Any]) -> None:
    """Begin to load files, in the order they were dropped; the page goes on meanwhile."""
    name = files[0].name if len(files) == 1 else nt("{n} file", "{n} files", len(files))
    job = datawork.put_to_work(session, LOAD, name, _work(session, files))
    # The upload is emptied; what else was dropped waits on without it. All of it before the wait: news of
    # the first file loaded runs the page again, and would find the others still in the upload.
    next_upload()
    dropped.release(session, files, st.session_state[dropped.FILES])
    datawork.wait_for(job, files[0].size if len(files) == 1 else datawork.SMALL + 1)
    st.rerun()


def done(session: Session, file: Any, receipt: Receipt) -> None:
    """Show what a load came to that is over already, and let its file go."""
    job = datawork.put_to_work(session, LOAD, file.name, lambda *_: [receipt])
    next_upload()
    dropped.release(session, [file], st.session_state[dropped.FILES])
    datawork.wait_for(job, 0)
    st.rerun()


def _work(session: Session, files: list[Any]) -> Work:
    home, who, moment = session.home, session.who, now()
    wanted = [(file.getvalue(), file.name, readas.chosen(file.file_id)) for file in files]

    def work(progress: Progress, cancelled: Cancel) -> list[Receipt | KpiTreeError]:
        done: list[Receipt | KpiTreeError] = []
        for at, (content, name, how) in enumerate(wanted):
            part = Watch(progress, cancelled).part(at / len(wanted), (at + 1) / len(wanted))
            try:
                done.append(
                    workspace.load_file(
                        home, who, content, name, now=moment, cancelled=cancelled,
                        progress=lambda step, part=part: part.tell(step.message, step.share), **how,
                    )
                )  # fmt: skip
            except Cancelled as error:
                done.append(error)
                break
            except KpiTreeError as error:
                done.append(error)
        return done

    return work


def at_work(session: Session) -> None:
    """Loads under way, and what those of this visit came to, newest first, with where to look now."""
    jobs = datawork.mine(session, LOAD)
    datawork.bars(jobs, key="loading")
    over = [job for job in jobs if job.finished]
    datanews.of_loads(jobs)
    for job in over[:10]:
        datawork.fault(job)
        if job.error is not None:
            _outcome(session, job, 0, job.error)
        for place, found in enumerate(job.result or []):
            _outcome(session, job, place, found)


def _outcome(session: Session, job: Job, place: int, found: Receipt | KpiTreeError) -> None:
    with st.container(border=True, key=datanews.outcome_key(job, place)):
        with st.container(horizontal=True, key=style.beside(f"{job.id}_{place}")):
            if isinstance(found, Cancelled):
                st.markdown(f":material/block: {t('Stopped. Nothing was changed.')} · {plain(job.name)}")
            elif isinstance(found, Receipt):
                icon = "done_all" if found.repeated else "check_circle"
                words = t("Nothing changed: loaded before") if found.repeated else t("Loaded")
                st.markdown(f":material/{icon}: **{words}** · {plain(found.file)} · #{found.number}")
            st.button(
                t("Put away"), key=f"away_{job.id}_{place}", icon=":material/close:", type="tertiary",
                on_click=datawork.put_away, args=(job,),
            )  # fmt: skip
        if isinstance(found, Receipt):
            _where_next(session, found)
        elif not isinstance(found, Cancelled):
            show_refusal(found)


def _where_next(session: Session, receipt: Receipt) -> None:
    receipts.counts(receipt)
    with st.container(horizontal=True):
        if receipt.rejected:
            words = nt("Correct {n} row set aside", "Correct {n} rows set aside", receipt.rejected)
            receipts.link(receipt.number, words, icon="edit_note")
        else:
            receipts.link(receipt.number, t("Open its receipt"))
        receipts.define(session, [count.table for count in receipt.tables])
        places.link("overview", t("See the overview"), icon="monitoring")
        _kpi(session, {count.table for count in receipt.tables})
        if receipt.data_through and receipt.data_through < session.today:
            receipts.look_back(receipt)


def _kpi(session: Session, filled: set[str]) -> None:
    """The way to the first KPI that a file feeds: there its values stand at once."""
    if "orders" in filled:
        places.link("kpi", t("See sales"), icon="query_stats", id="sales", span="all")
    elif fed := fed_by(session.home, filled):
        name = catalogue_of(session.home)[fed[0]].text("name", current_language())
        places.link("kpi", t("See {kpi}", kpi=plain(name)), icon="query_stats", id=fed[0], span="all")
