"""The way of a file until it is loaded: upload, what reading it found, what loading it would do."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.choosing import UnknownTableError
from kpi_tree.steps import Cancel, Progress
from kpi_tree.ui.data import (
    datanews,
    datasections,
    datawork,
    dropped,
    issuelist,
    loading,
    manyfiles,
    mapping,
    mappingbrought,
    newer,
    newtable,
    readas,
    receipts,
)
from kpi_tree.ui.data.asking import answered, ask, question, question_words
from kpi_tree.ui.shell import style
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import nt, plain, say, t
from kpi_tree.workspace import DriftedError, NothingUsableError, Receipt
from kpi_tree.workspace.base.jobs import Job, Work
from kpi_tree.workspace.intake.preview import Look, look_into

LOOKED = "_looked"
LOOK = "look"
FEW = 4
"""Files up to which each stands open; of more the ready ones are folded."""


def upload(session: Session) -> bool:
    """The place to drop files, and whether any wait; ``cards`` shows each of them."""
    limit = st.get_option("server.maxUploadSize")
    style.uploader(
        t("Choose files"), t("at most {n} MB each; a watched folder (Sources) brings larger ones", n=limit)
    )
    turn = loading.turn()
    kept = t("The file is read on this machine. Nothing is kept before you say so.")
    larger = t(
        "Larger than {n} MB? Let a watched folder bring it (Sources), or load it by {command}.",
        n=limit,
        command="`python -m kpi_tree load FILE`",
    )
    files = st.file_uploader(
        t("Drop the shop's files here: CSV or Excel, as they were exported"),
        accept_multiple_files=True,
        key=f"upload_{turn}",
        help=f"{kept}  \n{larger}",
        disabled=not session.who.may("load_file"),
        on_change=dropped.changed,
    )
    found = dropped.every(session, files or [])
    st.session_state[dropped.FILES] = found
    return bool(found)


def cards(session: Session) -> None:
    """Each dropped file with what loading it would do; of many first how they stand, and one button."""
    files = st.session_state.get(dropped.FILES, [])
    files = mappingbrought.apart(session, files)
    jobs = _looked_all(session, files)
    _forget_others(session, files)
    ready = [file for file in files if _loadable(jobs[file.file_id])]
    many = len(files) > FEW
    datanews.of_files(files, jobs, len(ready))
    if len(files) > 1 and manyfiles.summary([jobs[file.file_id] for file in files], len(ready)):
        loading.begin(session, ready)
    # What wants an answer comes before what is ready, of which there may be a month of days.
    first = next((file for file in files if _asks(jobs[file.file_id])), None)
    for file in sorted(files, key=lambda file: many and file in ready):
        job = jobs[file.file_id]
        if not job.finished:  # until then its bar stands below
            continue
        if many and isinstance(job.result, Look) and file in ready:
            with st.expander(manyfiles.in_a_line(file.name, job.result), key=f"fold_{file.file_id}"):
                _card(session, file, job)
            continue
        with st.container(border=True, key=f"file_{file.file_id}"):
            _card(session, file, job, first=file is first)
    datawork.bars(list(jobs.values()), key="looking")


def _loadable(job: Job) -> bool:
    found = job.result
    return isinstance(found, Look) and found.receipt is not None and not found.receipt.repeated


def _asks(job: Job) -> bool:
    """Whether a file waits for somebody to say what its columns hold."""
    found = job.result
    return isinstance(found, Look) and isinstance(found.error, UnknownTableError | DriftedError)


def _key(session: Session, file: Any) -> tuple[str, int, int]:
    return (file.file_id, session.data, readas.turn(file.file_id))


def _looked_all(session: Session, files: list[Any]) -> dict[str, Job]:
    """The dry runs of the files: all under way before the first is waited for."""
    known: dict[Any, Job] = st.session_state.setdefault(LOOKED, {})
    new = [file for file in files if _key(session, file) not in known]
    for file in new:
        known[_key(session, file)] = datawork.put_to_work(session, LOOK, file.name, _look(session, file))
    if len(new) == 1:
        datawork.wait_for(known[_key(session, new[0])], new[0].size)
    elif new:
        datawork.wait_for(known[_key(session, new[-1])], datawork.SMALL + 1)
    return {file.file_id: known[_key(session, file)] for file in files}


def _look(session: Session, file: Any) -> Work:
    content, name, how, moment = file.getvalue(), file.name, readas.chosen(file.file_id), now()
    home, who = session.home, session.who

    def work(progress: Progress, cancelled: Cancel) -> Look:
        return look_into(
            home, who, content, name, how=how, now=moment, progress=progress, cancelled=cancelled
        )

    return work


def _forget_others(session: Session, files: list[Any]) -> None:
    """Stop looking at files that were taken away, or are read in another way by now."""
    known: dict[Any, Job] = st.session_state.get(LOOKED, {})
    wanted = {_key(session, file) for file in files}
    for key in [key for key in known if key not in wanted]:
        job = known.pop(key)
        job.stop()
        datawork.put_away(job)


def _card(session: Session, file: Any, job: Job, *, first: bool = False) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/description: **{plain(file.name)}**")
        if dropped.held(file):
            st.space("stretch")
            st.button(
                t("Not this file"), key=f"drop_{file.file_id}", icon=":material/close:", type="tertiary",
                on_click=dropped.take_away, args=(file,),
            )  # fmt: skip
    found = job.result
    if not isinstance(found, Look):
        _not_looked(session, file, job)
    elif found.error is not None or found.receipt is None:
        _refused(session, file, found, first=first)
    elif found.receipt.repeated:
        _known_already(session, found.receipt)
        datasections.show(file, found.inspection)
    else:
        _ready(session, file, found, found.receipt)


def _not_looked(session: Session, file: Any, job: Job) -> None:
    if job.stopped:
        st.caption(t("You stopped reading it. Nothing was changed."))
        if st.button(t("Read it again"), key=f"again_{file.file_id}", icon=":material/refresh:"):
            st.session_state[LOOKED].pop(_key(session, file))
            st.rerun()
        return
    datawork.fault(job)
    if job.error is not None:
        show_refusal(job.error)


def _known_already(session: Session, receipt: Receipt) -> None:
    st.info(
        t("This very file is loaded already. Loading it again changes nothing."), icon=":material/done_all:"
    )
    with st.container(horizontal=True):
        receipts.link(receipt.number, t("Open its receipt"))
        receipts.define(session, [receipt.table] if receipt.table else [])


def _ready(session: Session, file: Any, found: Look, receipt: Receipt) -> None:
    """What loading it would do, and the button."""
    st.caption(receipts.read_as(found.inspection, receipt))
    receipts.counts(receipt)
    answered(file)
    newer.show(file, receipt)
    datasections.show(file, found.inspection)
    words = (
        nt("Load the good rows, set {n} aside", "Load the good rows, set {n} aside", receipt.rejected)
        if receipt.rejected
        else t("Load this file")
    )
    if st.button(words, key=f"load_{file.file_id}", type="primary", icon=":material/check:"):
        loading.begin(session, [file])
    if receipt.rejected:
        st.caption(t("Rows that are set aside can be corrected afterwards, here or in a spreadsheet."))
    issuelist.show(receipt.issues, key=file.file_id, apart=receipt.apart)
    receipts.effects(session, receipt)
    with st.expander(t("How the columns were read"), icon=":material/table_chart:"):
        receipts.columns(found.inspection)
    mapping.form(session, file, found.inspection)


def _refused(session: Session, file: Any, found: Look, *, first: bool) -> None:
    """Why a file cannot be loaded as it is, and what a person can say so that it can.

    Args:
        first: whether it is the first of those that ask, whose form stands open.
    """
    if isinstance(found.error, UnknownTableError) and found.inspection is not None:
        st.markdown(f":material/help: **{plain(question_words(found.error))}**")
        st.caption(
            t("Its columns fit none of the tables there are. Make one of this file, or choose one.")
            if _fits_none(found)
            else t("Say once what its columns hold. With a name, the next such file is read by itself.")
        )
    elif isinstance(found.error, DriftedError):  # a question too: the form below proposes the answer
        st.markdown(f":material/help: **{say(found.error.message)}**")
        st.caption(say(found.error.remedy))
    elif isinstance(found.error, AskError):
        question(found.error)
    elif found.error is not None:
        show_refusal(found.error)
    datasections.show(file, found.inspection)
    if isinstance(found.error, AskError):
        ask(file, found.error)
        return
    if isinstance(found.error, NothingUsableError):
        stopped = found.error.receipt
        issuelist.show(stopped.issues, key=file.file_id, apart=stopped.apart)
    mapping.form(session, file, found.inspection, found.error, first=first)
    if isinstance(found.error, UnknownTableError):
        newtable.show(session, file, likely=first and _fits_none(found))


def _fits_none(found: Look) -> bool:
    """Whether the names of a file's columns speak of none of the tables there are."""
    seen = found.inspection.mapping if found.inspection is not None else None
    return seen is None or seen.table is None
