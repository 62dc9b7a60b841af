"""What the data page tells once it has come: in words to a screen reader, as a place to the keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from kpi_tree.errors import Cancelled, KpiTreeError
from kpi_tree.ui.data import manyfiles, readas
from kpi_tree.ui.data.asking import question_words
from kpi_tree.ui.shell import came
from kpi_tree.ui.shell.text import nt, said, t
from kpi_tree.workspace import BatchView, NothingUsableError, Receipt
from kpi_tree.workspace.base.jobs import Job
from kpi_tree.workspace.intake.preview import Look

TOLD = "_files_told"
LIST = "batches"
HEAD = "receipt_head"


def of_files(files: Sequence[Any], jobs: Mapping[str, Job], ready: int) -> None:
    """That files are read: one file by what was found, several by how they stand.

    Args:
        jobs: the dry run of each, by the file's id. ready: how many can be loaded.
    """
    every = {(file.file_id, readas.turn(file.file_id)): file for file in files}
    over = {key: file for key, file in every.items() if jobs[file.file_id].finished}
    before: dict[Any, str] = st.session_state.get(TOLD, {})
    found = {key: _found(jobs[file.file_id]) for key, file in over.items()}
    new = [file for key, file in over.items() if before.get(key) != found[key]]
    st.session_state[TOLD] = found
    stands = tuple(found.items())
    if len(new) == 1:
        words = f"{new[0].name}: {_found(jobs[new[0].file_id])}"
        came.tell("files", stands, words, f"file_{new[0].file_id}", manyfiles.PLACE)
    elif new:
        words = manyfiles.in_words([jobs[file.file_id] for file in files], ready)
        came.tell("files", stands, words, manyfiles.PLACE, f"file_{new[0].file_id}")
    elif reading := [jobs[file.file_id] for key, file in every.items() if key not in over]:
        words = t("{name} is being read", name=reading[0].name)
        came.tell("files", reading[0].id, words, f"looking_{reading[0].id}")


def _found(job: Job) -> str:
    """What a dry run found, in a sentence."""
    found = job.result
    if not isinstance(found, Look):
        return said(job.error.message) if job.error is not None else ""
    if found.error is not None or found.receipt is None:
        return question_words(found.error) if found.error is not None else ""
    if found.receipt.repeated:
        return t("This very file is loaded already. Loading it again changes nothing.")
    return _counted(found.receipt)


def _counted(receipt: Receipt) -> str:
    words = nt("{n} row", "{n} rows", receipt.rows)
    if receipt.rejected:
        words += f", {nt('{n} row set aside', '{n} rows set aside', receipt.rejected)}"
    return words


def outcome_key(job: Job, place: int) -> str:
    """The key of the card that says what a load came to."""
    return f"receipt_{job.id}_{place}"


def of_loads(jobs: Sequence[Job]) -> None:
    """That the newest load is under way, or what it came to."""
    if not jobs:
        return
    job = jobs[0]
    if not job.finished:
        came.tell("load", (job.id, False), t("{name} is being loaded", name=job.name), f"loading_{job.id}")
        return
    found: list[Receipt | KpiTreeError] = job.result or ([job.error] if job.error is not None else [])
    came.tell("load", (job.id, True), " ".join(_came_to(one) for one in found[:3]), outcome_key(job, 0))


def _came_to(found: Receipt | KpiTreeError) -> str:
    if isinstance(found, Cancelled):
        return t("Stopped. Nothing was changed.")
    if isinstance(found, KpiTreeError):
        return said(found.message)
    words = t("Nothing changed: loaded before") if found.repeated else t("Loaded")
    return f"{words}: {found.file}, {_counted(found)}."


def mended_key(job: Job) -> str:
    """The key of what says what a correction came to."""
    return f"mended_{job.id}"


def of_mending(job: Job) -> None:
    """What the newest correction came to."""
    failed = job.error.receipt if isinstance(job.error, NothingUsableError) else None
    receipt = failed or job.result
    if isinstance(receipt, Receipt):
        parts = [] if failed else [right_now(receipt.rows - receipt.rejected)]
        words = " ".join([*parts, *([still_wrong(receipt.rejected)] if receipt.rejected else [])])
    else:
        words = said(job.error.message) if job.error is not None else ""
    came.tell("mend", job.id, words, mended_key(job), HEAD)


def right_now(n: int) -> str:
    """How many corrected rows are right."""
    return nt("{n} row is right now and counts.", "{n} rows are right now and count.", n)


def still_wrong(n: int) -> str:
    """How many corrected rows are not right yet."""
    return nt("{n} row is still wrong.", "{n} rows are still wrong.", n)


def of_receipt(view: BatchView, row: str) -> None:
    """That a receipt is opened, perhaps at a row of its file."""
    at = [f"source_{view.batch}_{row}"] if row else []
    came.tell("receipt", (view.batch, row), f"#{view.number} · {view.file}", *at, HEAD)


def of_list() -> None:
    """That somebody came back from a receipt: to the line of its batch."""
    stood = came.stands("receipt")
    words = t("What was loaded") if stood else ""
    came.tell("receipt", (), words, *([f"batch_{stood[0]}"] if stood else []), LIST)


def of_batch(done: tuple[str, BatchView] | None, words: str) -> None:
    """That a batch was withdrawn or brought back, and that this was taken back."""
    stood = came.stands("batch")
    if done is not None:
        came.tell("batch", (done[0], done[1].batch, done[1].number), words, "batch_done")
    elif stood:
        verb, batch, number = stood
        came.tell("batch", (), batch_words("restore_batch" if verb == "withdraw" else "withdraw", number),
                  f"batch_{batch}", HEAD)  # fmt: skip


def of_asking(batch: BatchView, is_open: bool) -> None:
    """That the question whether to withdraw or bring back a batch has opened."""
    words = asking_words(batch) if is_open else ""
    came.tell(f"asking {batch.batch}", is_open, words, f"asked_{batch.batch}")


def asking_words(batch: BatchView) -> str:
    """The question before a batch is withdrawn or brought back."""
    n = batch.number
    return t("Withdraw #{n}?", n=n) if batch.active else t("Bring #{n} back?", n=n)


def batch_words(verb: str, number: int) -> str:
    """What was done to a batch."""
    return t("#{n} is withdrawn.", n=number) if verb == "withdraw" else t("#{n} counts again.", n=number)
