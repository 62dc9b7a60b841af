"""A tree on its way in: a file or a text, what it holds, what would change, and where it goes."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.diff import compare, diff
from kpi_tree.plan.edits import Edit
from kpi_tree.plan.model import Plan
from kpi_tree.plan.outline import to_outline
from kpi_tree.plan.templates.graft import graft, instead
from kpi_tree.ui.data.issuelist import show as show_issues
from kpi_tree.ui.pieces import changelist
from kpi_tree.ui.shell import address, changes
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import nt, plain, t
from kpi_tree.ui.shell.words import node_name
from kpi_tree.workspace import Incoming
from kpi_tree.workspace.drafting.planning import free_id

ENDINGS = ["json", "yaml", "yml", "md", "txt", "mmd", "csv", "tsv", "xlsx", "xlsm", "xls", "ods"]
PLACES = ("below", "instead", "own")
PASTED = "pasted"
MANY = 14
"""Lines of a tree that are shown without a box that scrolls, which is ``LONG`` pixels high."""
LONG = 320


def show(session: Session, plan: Plan | None = None, chosen: str | None = None) -> None:
    """File or text, then its preview, then the button. What was given stays until it is taken or replaced.

    Without a plan, what comes in becomes the first one.
    """
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
    given: tuple[bytes, str] = (file.getvalue(), file.name) if file else (text.encode(), _kind_name(text))
    read = _read(session, *given)
    if read is None:
        return
    boxes = nt("{n} box was read.", "{n} boxes were read.", len(read.plan.nodes))
    st.markdown(f"{boxes} {_shape(read.shape)}")
    show_issues(read.issues, key="import_issues")
    if plan is None:
        _take_as_own(session, read.plan)
        return
    over = _read(session, given[0], given[1], plan.id) or read
    where = _place(plan, over.plan, chosen)
    if where == "own":
        _take_as_own(session, read.plan)
        return
    node = plan.nodes.get(chosen or "") or plan.nodes.get(plan.root() or "")
    under = node.id if where == "below" and node else None
    try:
        made = graft(plan, read.plan, under) if under else changes.applied(plan, _instead(plan, over.plan))
    except KpiTreeError as error:
        show_refusal(error)
        return
    _take(session, plan, read.plan if under else over.plan, (made, under))


def _instead(plan: Plan, over: Plan) -> list[Edit]:
    return diff(plan, instead(plan, over))


def _kind_name(text: str) -> str:
    """A name that says what a pasted text is: a spreadsheet's cells come with tabs behind or between them."""
    lines = [line for line in text.splitlines() if line.strip()]
    cells = any(line.endswith("\t") or "\t" in line.strip() for line in lines)
    return f"{PASTED}.tsv" if cells else f"{PASTED}.txt"


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


def _place(plan: Plan, over: Plan, chosen: str | None) -> str:
    """Where it goes; what holds this plan's own goal is meant to change it, anything else to stand below.

    ``over`` is what was read with all that its form has no place for as it stands in the plan.
    """
    node = plan.nodes.get(chosen or "") or plan.nodes.get(plan.root() or "")
    words = {
        "below": t("Below {name}", name=plain(node_name(node))) if node else "",
        "instead": t("In place of this tree"),
        "own": t("As a plan of its own"),
    }
    allowed = [name for name in PLACES if name != "below" or (node and node.kind != "action")]
    same = over.root() is not None and over.root() == plan.root()
    found: str = st.radio(
        t("Where it goes"), allowed, index=allowed.index("instead") if same else 0,
        format_func=words.__getitem__, key="import_where",
    )  # fmt: skip
    return found


def _take_as_own(session: Session, read: Plan) -> None:
    """The name of the new plan and the button that makes it; below, what was read."""
    root = read.nodes.get(read.root() or "")
    called = root.name if root and read.name in ("", PASTED) else read.name or read.id
    name = st.text_input(t("Name"), called, max_chars=200, key="import_name")
    pressed = st.button(t("Make the plan"), type="primary", key="import_own", icon=":material/add:")
    _tree(read, opened=True)
    if not pressed:
        return
    fresh = free_id(name or read.id, workspace.plan_names(session.home))
    wanted = read.with_(id=fresh, name=name.strip() or called)
    try:
        made = workspace.take_plan(session.home, session.who, wanted, now=now())
    except KpiTreeError as error:
        show_refusal(error)
        return
    address.keep("plan", made.id)
    for at in ("node", "kpi", "from", "to"):
        address.put(at, "")
    st.rerun()


def _tree(read: Plan, *, opened: bool = False) -> None:
    """What was read, as an outline."""
    text = to_outline(read)
    with st.expander(t("The tree that was read"), expanded=opened):
        st.code(text, language=None, height=LONG if text.count("\n") > MANY else "content")


def _take(session: Session, plan: Plan, read: Plan, wanted: tuple[Plan, str | None]) -> None:
    """How much would change and the button; below, each change and what was read."""
    made, under = wanted
    found = compare(plan, made)
    st.markdown(changelist.summary(found) or t("There is no difference."))
    pressed = st.button(t("Take it in"), type="primary", key="import_take", icon=":material/check:")
    with st.expander(t("What would change"), expanded=True):
        changelist.show(plan, made)
    _tree(read)
    if not pressed:
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
