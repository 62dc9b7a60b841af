"""Many files dropped at once: how they stand in one line, and each that is ready in one line of its own."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi_tree.ui.shell.text import nt, plain
from kpi_tree.workspace.base.jobs import Job
from kpi_tree.workspace.intake.preview import Look

PLACE = "many_files"


def in_words(jobs: Sequence[Job], ready: int) -> str:
    """How many files are ready, are known, or want an answer, in one line.

    Args:
        jobs: the dry runs of all files. ready: how many of the files can be loaded.
    """
    over = [job for job in jobs if job.finished]
    known = sum(1 for job in over if isinstance(job.result, Look) and job.result.receipt is not None)
    known -= ready
    asking = len(over) - known - ready
    said = [nt("{n} file is ready", "{n} files are ready", ready)]
    if asking:
        said.append(nt("{n} wants an answer", "{n} want an answer", asking))
    if known:
        said.append(nt("{n} is loaded already", "{n} are loaded already", known))
    if len(jobs) > len(over):
        said.append(nt("{n} is being read", "{n} are being read", len(jobs) - len(over)))
    return " · ".join(said)


def summary(jobs: Sequence[Job], ready: int) -> bool:
    """How the files stand; whether the ready ones shall be loaded. Args as :func:`in_words`."""
    with st.container(horizontal=True, vertical_alignment="center", key=PLACE):
        st.markdown(f":material/inventory_2: **{in_words(jobs, ready)}**")
        words = nt("Load the {n} file", "Load all {n} files", ready)
        return ready > 1 and st.button(words, type="primary", key="load_all", icon=":material/check:")


def in_a_line(name: str, found: Look) -> str:
    """A file that is ready, folded: its name and what it brings."""
    receipt = found.receipt
    said = [nt("{n} row", "{n} rows", receipt.rows)] if receipt is not None else []
    if receipt is not None and receipt.rejected:
        said.append(nt("{n} row set aside", "{n} rows set aside", receipt.rejected))
    looks = [issue for issue in receipt.issues if issue.level == "warning"] if receipt is not None else []
    if looks:
        said.append(nt("{n} thing to look at", "{n} things to look at", len(looks)))
    return " · ".join([f"**{plain(name)}**", *said])
