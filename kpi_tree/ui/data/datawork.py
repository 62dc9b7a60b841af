"""Long work on the page: a bar, a button that stops it, and its outcome when it is found again.

The work goes on in its own thread. The page looks at it every half second, answers every other click
meanwhile, and may be left: whoever comes back finds the bar, or the outcome.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import streamlit as st

from kpi_tree.i18n import translate
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, nt, percent, plain, t
from kpi_tree.workspace.base.jobs import JOBS, Job, Work, jobs_of, start

LOG = logging.getLogger("kpi_tree.ui")
SEEN = "_jobs_seen"
LOOK_EVERY = 0.5
AT_ONCE = 1.5
"""Seconds that a run waits for short work, so that it shows no bar at all."""
SMALL = 2_000_000
"""Bytes of a file that is waited for as long as it takes."""
PATIENCE = 60.0
MOST_BARS = 4


def begin(session: Session, kind: str, name: str, work: Work, *, size: int) -> Job:
    """Begin some work; work on a small file is over when this returns."""
    job = put_to_work(session, kind, name, work)
    wait_for(job, size)
    return job


def put_to_work(session: Session, kind: str, name: str, work: Work) -> Job:
    """Begin some work, and wait for none of it."""
    job = start(session.home, session.who, kind, name, work)
    _seen().add(job.id)
    return job


def wait_for(job: Job, size: int) -> None:
    """Wait for work on so many bytes: until it is over where they are few, else as long as is not felt."""
    job.wait(PATIENCE if size <= SMALL else AT_ONCE)


def mine(session: Session, kind: str) -> list[Job]:
    """What is under way for this person, and what has ended before the eyes of this visit; newest first."""
    found = []
    for job in jobs_of(session.home, session.who, kind):
        if not job.finished:
            _seen().add(job.id)
        if job.id in _seen():
            found.append(job)
    return found


def _seen() -> set[int]:
    known: set[int] = st.session_state.setdefault(SEEN, set())
    return known


def bars(jobs: Sequence[Job], *, key: str) -> None:
    """A bar for each job under way; the page runs again when one of them ends."""
    waiting = [job for job in jobs if not job.finished]
    if not waiting:
        return

    @st.fragment(run_every=LOOK_EVERY)
    def look() -> None:
        if any(job.finished for job in waiting):
            st.rerun()
        shown = _to_show(waiting)
        for job in shown:
            _bar(job, key)
        if more := sum(not job.finished for job in waiting) - len(shown):
            st.caption(nt("{n} more waits for its turn.", "{n} more wait for their turn.", more))

    look()


def _to_show(waiting: Sequence[Job]) -> list[Job]:
    """The jobs that get a bar: all of a few, else those at work."""
    left = [job for job in waiting if not job.finished]
    at_work = [job for job in left if job.step is not None]
    return left if len(left) <= MOST_BARS else (at_work or left)[:MOST_BARS]


def _bar(job: Job, key: str) -> None:
    with st.container(border=True, key=f"{key}_{job.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/hourglass_top: **{plain(job.name)}**", width="stretch")
            st.button(
                t("Stopping") if job.stopping else t("Cancel"),
                key=f"stop_{key}_{job.id}",
                icon=":material/stop_circle:",
                type="tertiary",
                disabled=job.stopping,
                on_click=job.stop,
            )
        step = job.step
        words = translate(step.message, current_language()) if step else t("Waiting for its turn")
        share = step.share if step and step.share is not None else None
        text = f"{plain(words)} · {percent(share)}" if share is not None else plain(words)
        st.progress(min(max(share or 0.0, 0.0), 1.0), text=text)


def fault(job: Job) -> None:
    """Say that something went wrong that is nobody's fault but ours; the log has the rest."""
    if job.fault is None:
        return
    LOG.error("Job %s (%s) failed", job.id, job.kind, exc_info=job.fault)
    st.error(t("Something went wrong on this page."), icon=":material/error:")


def put_away(job: Job) -> None:
    """Forget an outcome that has been seen."""
    JOBS.put_away(job)


def size_of(content: Any) -> int:
    """Bytes of an upload."""
    return int(getattr(content, "size", 0) or 0)
