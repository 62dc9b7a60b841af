"""A tree on its way in: a file or a text, what it holds, what would change, and where it goes."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.diff import diff
from kpi_tree.plan.model import Plan
from kpi_tree.plan.outline import to_outline
from kpi_tree.plan.templates.graft import graft, instead
from kpi_tree.ui.data.issuelist import show as show_issues
from kpi_tree.ui.pieces import changelist
from kpi_tree.ui.shell import changes
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import nt, plain, t
from kpi_tree.workspace import Incoming

ENDINGS = ["json", "yaml", "yml", "md", "txt", "mmd", "csv", "tsv", "xlsx", "xlsm", "xls", "ods"]
PLACES = ("below", "instead")


def show(session: Session, plan: Plan, chosen: str | None) -> None:
    """File or text, then its preview, then the button. What was given stays until it is taken or replaced."""
    st.caption(
        t(
            "A plan file, an outline, a Markdown list, a Mermaid diagram, or a table: "
            "names indented by column, with a level, or with a parent."
        )
    )
    file = st.file_uploader(t("File"), ENDINGS, key="import_file")
    text = st.text_area(t("Or paste it here"), key="import_text", height=130)
    if file is None and not text.strip():
        return
    given: tuple[bytes, str] = (file.getvalue(), file.name) if file else (text.encode(), _named(text))
    read = _read(session, *given)
    if read is None:
        return
    boxes = nt("{n} box was read.", "{n} boxes were read.", len(read.plan.nodes))
    st.markdown(f"{boxes} {_shape(read.shape)}")
    show_issues(read.issues, key="import_issues")
    over = _read(session, given[0], given[1], plan.id) or read
    wanted = _place(plan, read.plan, over.plan, chosen)
    if wanted is not None:
        _take(session, plan, read.plan if wanted[1] else over.plan, wanted)


def _named(text: str) -> str:
    """A name that says what a pasted text is: a spreadsheet's cells come with tabs behind or between them."""
    lines = [line for line in text.splitlines() if line.strip()]
    cells = any(line.endswith("\t") or "\t" in line.strip() for line in lines)
    return "pasted.tsv" if cells else "pasted.txt"


def _read(session: Session, source: bytes, name: str, onto: str | None = None) -> Incoming | None:
    try:
        return workspace.read_plan(session.home, session.who, source, name, today=session.today, onto=onto)
    except KpiTreeError as error:
        show_refusal(error)
        return None


def _shape(shape: str) -> str:
    return {
        "level": t("The level column says what hangs below what."),
        "lines": t("Each row is a line from parent to child."),
        "parent": t("The parent column says what hangs below what."),
        "indented": t("The column of a name says what hangs below what."),
        "spaces": t("The blanks before a name say what hangs below what."),
    }.get(shape, "")


def _place(plan: Plan, read: Plan, over: Plan, chosen: str | None) -> tuple[Plan, str | None] | None:
    """The plan as it would be, and the node it would hang below; ``None`` where that is refused.

    ``over`` is what was read with all that its form has no place for as it stands in the plan.
    """
    node = plan.nodes.get(chosen or "") or plan.nodes.get(plan.root() or "")
    words = {
        "below": t("Below {name}", name=plain(node.name)) if node else "",
        "instead": t("In place of this tree"),
    }
    allowed = [
        name for name in PLACES if words[name] and (name == "instead" or (node and node.kind != "action"))
    ]
    same = read.id == plan.id or (read.root() is not None and read.root() == plan.root())
    start = allowed.index("instead") if same else 0
    where = st.radio(
        t("Where it goes"), allowed, index=start, format_func=words.__getitem__, key="import_where"
    )
    under = node.id if where == "below" and node else None
    try:
        if under is not None:
            return graft(plan, read, under), under
        return changes.applied(plan, diff(plan, instead(plan, over))), None
    except KpiTreeError as error:
        show_refusal(error)
        return None


def _take(session: Session, plan: Plan, read: Plan, wanted: tuple[Plan, str | None]) -> None:
    made, under = wanted
    with st.expander(t("The tree that was read")):
        st.code(to_outline(read), language=None)
    with st.expander(t("What would change"), expanded=True):
        changelist.show(plan, made)
    if not st.button(t("Take it in"), type="primary", key="import_take", icon=":material/check:"):
        return
    try:
        workspace.take_plan(
            session.home, session.who, read, into=plan.id, under=under, base_revision=plan.revision, now=now()
        )
    except KpiTreeError as error:
        show_refusal(error)
        return
    st.toast(t("Taken in. Undo takes it back."), icon=":material/undo:")
    st.rerun()
