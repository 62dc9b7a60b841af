"""Sources on the data page: how each stands, its last runs with their receipts, and what can be done."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import Cancelled, KpiTreeError
from kpi_tree.i18n import msg
from kpi_tree.steps import Cancel, Progress, Step
from kpi_tree.ui.data import datawork, sourceform
from kpi_tree.ui.shell import cache, places
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.parts import Fact, empty, facts
from kpi_tree.ui.shell.session import Session, current, now
from kpi_tree.ui.shell.text import current_language, moment, nt, number, plain, said, say, t
from kpi_tree.ui.shell.words import table_name
from kpi_tree.workspace import SourceRun, SourceView
from kpi_tree.workspace.base.jobs import Job, Work
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.feeds.sourceviews import OUTCOMES, state_words

RUN = "source"
LONG = 1 << 30
"""Nobody knows how much a source brings: a run is waited for a moment only."""
SECONDS = 10
ICONS = {"folder": "folder_open", "url": "link", "sql": "database"}
Color = Literal["green", "red", "orange", "gray", "blue"]
LOOKS: dict[str, tuple[str, Color]] = {
    "ok": ("check_circle", "green"),
    "failing": ("error", "red"),
    "late": ("schedule", "orange"),
    "paused": ("pause_circle", "gray"),
    "new": ("hourglass_empty", "gray"),
}


def show_sources(session: Session) -> None:
    """All sources, the form for one of them, and the receipt of the run that was just asked for."""
    st.caption(t("A source brings its files by itself; each is read and kept like one that you drop."))
    if session.who.may("add_source"):
        sourceform.show(session)
    _at_work(session)
    _all()


@st.fragment(run_every=SECONDS)
def _all() -> None:
    session = current()
    with refusals():
        found = workspace.sources(session.home, session.who, now=now())
        if not found and not sourceform.is_open():
            empty(
                t("No source yet"),
                t("Watch a folder, read a published sheet, or ask a database, on a schedule."),
                "sync",
            )
        for source in found:
            _source(session, source)


def _source(session: Session, source: SourceView) -> None:
    with st.container(border=True, key=f"source_{source.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/{ICONS[source.kind]}: **{plain(source.name)}**")
            state_badge(source)
            st.space("stretch")
            _buttons(session, source)
        st.caption(" · ".join(_words(source)))
        if source.problem is not None:
            show_refusal(source.problem)
        elif source.state == "late":
            st.warning(
                nt(
                    "Nothing new for more than {n} hour.",
                    "Nothing new for more than {n} hours.",
                    source.fresh_hours or 0,
                ),
                icon=":material/schedule:",
            )
        if source.last_run is not None:
            with st.expander(t("Last runs"), icon=":material/receipt_long:"):
                _runs(workspace.source_runs(session.home, session.who, source.id, limit=10))


def state_badge(source: SourceView) -> None:
    """How a source stands: a shape, a colour, a word."""
    if source.running:
        st.badge(t("Running"), icon=":material/sync:", color="blue")
        return
    icon, color = LOOKS[source.state]
    st.badge(state_words(source.state, current_language()), icon=f":material/{icon}:", color=color)


def _words(source: SourceView) -> list[str]:
    words = [plain(source.where), say(source.words())]
    known = catalogue_of(current().home)
    fed = [table_name(name) for name in source.tables]
    fed += [kpi.text("name", current_language()) for kpi in map(known.get, source.kpis) if kpi is not None]
    if fed:
        words.append(t("feeds {tables}", tables=plain(", ".join(fed))))
    if source.fresh_hours:
        words.append(nt("news each {n} hour", "news each {n} hours", source.fresh_hours))
    words.append(
        t("last run {when}", when=plain(moment(source.last_run))) if source.last_run else t("not run yet")
    )
    if source.next_run:
        words.append(t("next {when}", when=plain(moment(source.next_run))))
    return words


def _buttons(session: Session, source: SourceView) -> None:
    if source.running and session.who.may("stop_source"):
        st.button(
            t("Stopping") if source.stopping else t("Cancel the run"),
            key=f"stop_source_{source.id}",
            icon=":material/stop_circle:",
            disabled=source.stopping,
            on_click=_do,
            args=(session, "stop_source", source.id),
        )
    elif session.who.may("run_source") and st.button(
        t("Run now"), key=f"run_{source.id}", icon=":material/play_arrow:"
    ):
        _run(session, source)
    if not session.who.may("change_source"):
        return
    with st.popover(t("More"), key=f"more_{source.id}"):
        if st.button(t("Change"), key=f"change_{source.id}", type="tertiary", icon=":material/edit:"):
            sourceform.open_for(source)
            st.rerun()  # the form stands outside of this fragment
        resting = source.state == "paused"
        st.button(
            t("Go on") if resting else t("Pause"),
            key=f"pause_{source.id}",
            type="tertiary",
            icon=":material/resume:" if resting else ":material/pause:",
            on_click=_do,
            args=(session, "pause_source", source.id),
            kwargs={"paused": not resting},
        )
        st.caption(t("What it brought stays, and can be withdrawn under Files."))
        st.button(
            t("Remove for good"),
            key=f"remove_{source.id}",
            type="tertiary",
            icon=":material/delete:",
            on_click=_do,
            args=(session, "remove_source", source.id),
        )


def _do(session: Session, verb: str, source: str, **more: Any) -> None:
    try:
        getattr(workspace, verb)(session.home, session.who, source, now=now(), **more)
    except KpiTreeError as error:
        st.session_state["_refused"] = error


def _run(session: Session, source: SourceView) -> None:
    """Begin a run; the page goes on meanwhile."""
    datawork.begin(session, RUN, source.name, _running(session, source), size=LONG)
    st.rerun()


def _running(session: Session, source: SourceView) -> Work:
    home, who, at = session.home, session.who, now()

    def work(progress: Progress, cancelled: Cancel) -> SourceRun:
        progress(Step(msg("Fetching from {name}", name=source.name)))
        return workspace.run_source(home, who, source.id, now=at, progress=progress, cancelled=cancelled)

    return work


def _at_work(session: Session) -> None:
    """Runs that were asked for and are under way, and what those of this visit came to, until put away."""
    jobs = datawork.mine(session, RUN)
    datawork.bars(jobs, key="fetching")
    for job in [job for job in jobs if job.finished][:5]:
        _ran(job)


def _ran(job: Job) -> None:
    done: SourceRun | None = job.result
    with st.container(border=True, key=f"source_ran_{job.id}"):
        datawork.fault(job)
        if isinstance(job.error, Cancelled):  # before its turn came
            st.markdown(f":material/block: {t('Stopped. Nothing was changed.')} · {plain(job.name)}")
        elif job.error is not None:
            show_refusal(job.error)
        if done is not None:
            words = t("{name}: {outcome}", name=plain(done.source), outcome=say(OUTCOMES[done.outcome]))
            st.markdown(f":material/receipt_long: **{words}**")
            if done.problem is not None:
                show_refusal(done.problem)
            for receipt in done.receipts:
                st.caption(plain(receipt["file"]))
                _counts(receipt)
                places.link("data", t("See the receipt"), icon="receipt_long", batch=str(receipt["batch"]))
            if done.outcome == "stopped":
                st.caption(t("You stopped it. Nothing was changed."))
            if done.outcome == "waiting":
                st.caption(t("A file in the folder is still being written; it is taken once it is whole."))
            if done.outcome == "unchanged":
                st.caption(t("It has nothing that was not known already."))
        st.button(t("Close"), key=f"close_ran_{job.id}", on_click=datawork.put_away, args=(job,))


def _counts(receipt: Any) -> None:
    names = (
        (t("New"), "accepted"),
        (t("Changed"), "changed"),
        (t("Known already"), "unchanged"),
        (t("Set aside"), "rejected"),
    )
    facts([Fact(label, number(receipt[name], "count")) for label, name in names])


def _runs(found: list[SourceRun]) -> None:
    rows, counted = [], {"accepted": t("New"), "changed": t("Changed"), "rejected": t("Set aside")}
    for run in found:
        for receipt in run.receipts or [{}]:
            row = {t("When"): moment(run.started_at), t("Outcome"): said(OUTCOMES[run.outcome])}
            row[t("File")] = str(receipt.get("file", ""))
            for name, label in counted.items():
                row[label] = number(receipt[name], "count") if name in receipt else ""
            row[t("Batch")] = f"#{receipt['number']}" if receipt.get("number") else ""
            row[t("Problem")] = run.problem.text(current_language()) if run.problem else ""
            rows.append(row)
    right = {label: st.column_config.TextColumn(alignment="right") for label in counted.values()}
    frame = pd.DataFrame(rows)
    if not frame[t("Problem")].any():
        frame = frame.drop(columns=t("Problem"))
    st.dataframe(frame, hide_index=True, column_config=right)


def badge_for(session: Session, kpi: str) -> None:
    """On a KPI: the sources in trouble that feed it, in a word, with the reason to hover and read."""
    found = cache.kept(
        session,
        "troubles",
        kpi,
        make=lambda: workspace.kpi_troubles(session.home, session.who, kpi),
    )
    for trouble in found:
        failing, name = trouble.state == "failing", plain(trouble.source)
        st.badge(
            t("{name} fails", name=name) if failing else t("{name} is overdue", name=name),
            icon=":material/sync_problem:" if failing else ":material/schedule:",
            color="red" if failing else "orange",
            help=say(trouble.message),
        )
