"""Which column of an unknown file is what: proposed with how sure we are, corrected, previewed, saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ingest.mapping.fixed import OPTION
from kpi_tree.ingest.mapping.mapping import fingerprint, lacking, mapping_from
from kpi_tree.ui.data import mappingfields, mappingpreview, readas
from kpi_tree.ui.data.kindwords import field_name
from kpi_tree.ui.shell import cache, came
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, plain, said, t
from kpi_tree.workspace import DriftedError
from kpi_tree.workspace.intake.mappingkeep import OF_ONE_FILE
from kpi_tree.workspace.intake.mappings import likely

ANSWERS = "answer_"


def form(
    session: Session,
    file: Any,
    inspection: Any | None,
    error: KpiTreeError | None = None,
    *,
    first: bool = True,
) -> None:
    """Choose what the rows are and what each column holds, and see at once what comes of it.

    It is drawn when it is opened. Asked about a file that cannot be read otherwise it stands open, of several
    the first one.
    """
    if inspection is None:
        return
    if error is not None and first:
        _fields(session, file, inspection, error)
        return
    words = t("Say what its columns hold") if error is not None else t("Read it in another way")
    # A key for each reading: one that stood closed before must not hide what is asked now.
    key = f"other_{file.file_id}_{readas.turn(file.file_id)}"
    with st.expander(words, icon=":material/tune:", key=key, on_change="rerun") as box:
        if box.open:
            _fields(session, file, inspection, error)


def _fields(session: Session, file: Any, inspection: Any, error: KpiTreeError | None) -> None:
    found = inspection.to_dict(current_language())
    proposed = _proposed(file, found, error)
    mark = fingerprint([str(column["name"]) for column in found.get("columns") or []])
    key = f"{file.file_id}_{mark}"
    table = mappingfields.table(key, proposed.get("table"))
    if table is None:
        return
    if table != proposed.get("table"):
        proposed = _proposed_as(session, file, table, proposed)
    picked = mappingfields.columns(key, found, table, proposed)
    options = {**(proposed.get("options") or {}), **_answers(file)}
    options.pop(OPTION, None)
    values, currency = mappingfields.whole_file(key, table, picked, proposed, options)
    options |= {OPTION: values} if values else {}
    options |= {"currency": currency} if currency else {}
    read = {"mapping": {"table": table, "columns": picked, "options": options}}
    with st.container(key=f"seen_{file.file_id}"):
        wrong = _wrong(table, picked, options)
        for words in wrong:
            st.markdown(f":material/pending: **{plain(words)}**")
        fits = not wrong and mappingpreview.show(session, file, read["mapping"], _answer)
    _tell(file, wrong, fits=fits)
    _keep(session, file, read, str(proposed.get("name") or ""), fits=fits)


def _keep(session: Session, file: Any, read: dict[str, Any], before: str, *, fits: bool) -> None:
    """The name to keep it under, and the button that reads the file so."""
    name = st.text_input(
        t("Remember this as"),
        key=f"name_{file.file_id}",
        max_chars=80,
        value=before,
        placeholder=t("A name, so that the next such file is read by itself"),
        width=480,
    )
    _say_what_gives_way(session, name, before)
    if st.button(t("Read it so"), key=f"so_{file.file_id}", type="primary", disabled=not fits):
        _choose(session, file, read, name)


def _wrong(table: str, picked: Mapping[str, str], options: Mapping[str, Any]) -> list[str]:
    """What is missing, said twice, or cannot be so; nothing where the file can be tried."""
    try:
        mapping = mapping_from({"table": table, "columns": picked, "options": options})
    except KpiTreeError as error:
        return [said(error.message)]
    missing = [" / ".join(field_name(table, part) for part in entry.split("|")) for entry in lacking(mapping)]
    gone = [f"{t('Still needed')}: {', '.join(missing)}"] if missing else []
    return [*mappingfields.twice(table, picked), *gone]


def _tell(file: Any, wrong: Sequence[str], *, fits: bool) -> None:
    """Say how the form stands to whoever does not see it: by keyboard an answer takes its own button away."""
    slot = f"mapping {file.file_id}"
    words = " ".join(wrong) or (t("It can be read so.") if fits else t("A question about it is open."))
    first = came.stands(slot) is None  # what came with the file itself is told by its card
    came.tell(slot, words, "" if first else words, f"seen_{file.file_id}")


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
    told = readas.chosen(file.file_id).get("mapping") or {}
    proposal = dict(found.get("mapping") or {})
    if told.get("columns"):
        return {**told, "confidence": {}}
    return {**proposal, "options": {**(proposal.get("options") or {}), **(told.get("options") or {})}}


def _proposed_as(session: Session, file: Any, table: str, proposed: Mapping[str, Any]) -> dict[str, Any]:
    """The proposal for a table that was chosen in place of the one found."""
    options = {key: value for key, value in (proposed.get("options") or {}).items() if key != OPTION}
    try:
        mapping = cache.kept(
            session, "proposed", file.file_id, table, options,
            make=lambda: workspace.propose_mapping(
                session.home, session.who, file.getvalue(), file.name, table, options=options
            ),
        )  # fmt: skip
    except KpiTreeError:
        return {"table": table, "options": options}
    found = mapping.to_dict()
    return {**found, "options": {**options, **found["options"]}}


def _answers(file: Any) -> dict[str, Any]:
    """What was answered in this form to questions about the file."""
    start = f"{ANSWERS}{file.file_id}_"
    found = {str(key): value for key, value in st.session_state.items() if str(key).startswith(start)}
    return {key.removeprefix(start): value for key, value in found.items()}


def _answer(file_id: str, **options: Any) -> None:
    for name, value in options.items():
        st.session_state[f"{ANSWERS}{file_id}_{name}"] = value


def _choose(session: Session, file: Any, read: dict[str, Any], name: str) -> None:
    try:
        if name.strip():
            workspace.save_mapping(
                session.home, session.who, name, read["mapping"],
                source=file.getvalue(), file=file.name, now=now(),
            )  # fmt: skip
    except KpiTreeError as error:
        show_refusal(error)
        return
    # A saved mapping is found by the file's headers: the receipt then says which one read it.
    options = read["mapping"]["options"]
    alone = {key: options[key] for key in OF_ONE_FILE if options.get(key)}
    kept = {"mapping": {"options": alone}} if alone else {}
    readas.choose(file.file_id, kept if name.strip() else read)
    st.rerun()
