"""The verbs a user knows, one function each; pages, command line and HTTP call nothing below it.

Every verb takes the home and the person who asks first; the person's right is checked before
anything is read or written (:mod:`kpi_tree.workspace.rights`). All arguments after ``*`` are
keywords. ``plan_id=None`` means the home's first plan. Signatures::

    open_home(path=None, *, create=True, now=None) -> Home       # None: $KPI_TREE_HOME, else data/home
    data_revision(home) -> int ; plan_revision(home, plan_id=None) -> int      # cheap; cache keys
    load_demo(home, who, *, today, now=None) -> {"plan": id, "batches": [ids]}   # again: no change

    inspect_file(home, who, source, name, *, mapping=None) -> Inspection
    read_rows(home, who, source, name) -> Iterator[list[str]]
    load_file(home, who, source, name, *, as_table=None, kpi=None, mapping=None, timezone=None,
              dry_run=False, now=None, progress=None, cancelled=None) -> Receipt    # source: path or bytes
    mapping_for(home, who, source, name) -> Found | None ; saved_mappings(home, who) -> list
    save_mapping(home, who, name, mapping, *, source, file) ; forget_mapping(home, who, name)
    batches(home, who) -> list[BatchView]                         # newest first
    withdraw(home, who, batch, *, now=None) -> BatchView ; restore_batch(...) -> BatchView
    quarantine(home, who, batch) -> pandas.DataFrame              # row, column, value, reason, cells

    kpis(home, who, *, category=None) -> list[Kpi]
    kpi_values(home, who, kpi, *, start=None, end=None, grain=None, by=(), where={}) -> Series
    kpi_records(home, who, kpi, *, start, end, where={}, limit=1000) -> pandas.DataFrame
    reports(home, who, *, search="", category=None) -> list[Report]
    report(home, who, report_id, *, start=None, end=None, grain=None, where={}, compare=None) -> Answer
    report_records(home, who, drill, *, where={}, limit=1000) -> pandas.DataFrame  # behind one cell of it
    export_report(home, who, report_id, *, form, ..., theme="light", lang="en") -> bytes  # xlsx html png ...
    explore(home, who, kpi, *, by=(), start=None, end=None, grain=None, where={}, compare=None) -> Answer
    source_rows(home, who, batch, rows) -> list[list[str]]        # the file's own cells, header first

    goal(home, who, sentence, *, on) -> Goal
    set_goal(home, who, goal, *, plan_id=None, today, base_revision=None, trajectory="linear",
             now=None, **answers) -> Plan  # answers: kpi= change= change_kind= value= period= baseline=
    plans(home, who) -> list[Plan] ; plan(home, who, plan_id=None, *, as_of=None, revision=None) -> Plan
    new_plan(home, who, *, template, name=None, lang="en", now=None) -> Plan
    edit_plan(home, who, plan_id, edits, *, base_revision, now=None) -> Plan    # merges by field; Conflict
    undo(home, who, plan_id=None, *, now=None) -> Plan ; redo(...) -> Plan
    history(home, who, plan_id=None) -> list[JournalLine]         # newest first
    import_plan(home, who, text, *, name=None, now=None) -> Plan       # any text form of exchange
    export_plan(home, who, plan_id=None, *, form="json") -> str        # json yaml md txt mmd dot csv
    export_tree(home, who, plan_id=None, *, form, at, lens=None, look=None, lang="en") -> bytes   # TREE_FORMS
    read_plan(home, who, source, name, *, today=None) -> Incoming      # any file, tables too; nothing is kept
    take_plan(home, who, plan, *, into=None, under=None, base_revision=None, now=None) -> Plan
    use_template(home, who, template, *, into, under=None, lang="en", now=None) -> Plan
    lint_plan(home, who, plan_id=None, *, with_data=None, lang="en") -> list[Remark]
    snapshots(home, who, plan_id=None) -> list[Snapshot]               # newest first
    take_snapshot(home, who, name, *, plan_id=None, revision=None, now=None) -> Snapshot
    restore_plan(home, who, to, *, plan_id=None, now=None) -> Plan     # to: a revision or a snapshot's name
    compare_plans(home, who, before, after) -> Comparison ; diff_plans(...) -> list[Msg]
    templates(home, who, *, lang="en") -> list[TemplateView] ; save_template(home, who, name, ...) -> str
    influence_evidence(home, who, parent, child, *, plan_id=None, at) -> Evidence

    tree(home, who, plan_id=None, *, at, where={}, period=None, compare=None, as_known=None,
         structure_as_of=None, targets_as_of=None) -> list[NodeView]            # parents before children
    tree_dimensions(home, who, plan_id=None) -> list ; tree_dimension_values(home, who, dim) -> list[str]
    formula(expr, *, sets={}, units={}, solve=None) -> dict
    check(home, who, *, clean=True) -> {"ok": bool, "problems": [...], "cleaned": [...]}
    sources(home, who) -> list[SourceView] ; source_runs(home, who, name) -> list[SourceRun]
    add_source(home, who, name, *, kind, place, reading=None, schedule="1h", fresh_hours=None) -> SourceView
    change_source(...) ; pause_source(home, who, name, paused=True) ; remove_source(home, who, name)
    tick(home, who, *, now=None) -> list[SourceRun] ; run_source(home, who, name, *, now=None) -> SourceRun
    kpi_troubles(home, who, kpi) -> list[Trouble] ; connections(home, who) -> list[str]
    make_token(home, who, name, *, tables=()) -> (TokenView, text) ; tokens(home, who) ; revoke_token(...)

    define(home, who, text, *, dry_run=False, based_on=None, now=None) -> Defined      # YAML; all or none
    try_kpi(home, who, text, *, start=None, end=None, grain="week", by=()) -> Trial     # nothing is kept
    own_kpis(home, who) -> list[OwnKpi] ; own_yaml(home, who, kpi=None) -> str
    remove_kpi(home, who, kpi, *, now=None) ; undo_definition(home, who, *, now=None) -> ids
    catalogue_of(home) -> {id: Kpi} ; tables_of(home) -> {name: Table}     # built-in and own

    settings(home, who) -> Settings ; change_settings(home, who, *, now=None, **values) -> Settings
    backup(home, who, target) -> dict ; restore(source, path, *, force=False) -> dict
"""

from __future__ import annotations

from kpi_tree.ingest.own_table import Wish
from kpi_tree.workspace.blanks import BlankChoices, blank_choices, blank_table, blank_values
from kpi_tree.workspace.demo import load_demo
from kpi_tree.workspace.evidence import influence_evidence
from kpi_tree.workspace.figures import kpi_records, kpi_values, kpis
from kpi_tree.workspace.formulas import formula
from kpi_tree.workspace.goals import baseline_of, goal, set_goal
from kpi_tree.workspace.homes import (
    backup,
    change_settings,
    check,
    data_revision,
    open_home,
    plan_revision,
    restore,
    settings,
    today_of,
)
from kpi_tree.workspace.inbox import inspect_file, load_file, read_rows
from kpi_tree.workspace.inbox_batches import (
    batch,
    batches,
    quarantine,
    restore_batch,
    source_rows,
    withdraw,
)
from kpi_tree.workspace.inbox_receipt import NothingUsableError
from kpi_tree.workspace.incoming import Incoming, read_plan, take_plan, use_template
from kpi_tree.workspace.keeping import (
    TemplateView,
    compare_plans,
    forget_template,
    restore_plan,
    restore_template,
    save_template,
    snapshots,
    take_snapshot,
    templates,
)
from kpi_tree.workspace.lens import Lens, tree_dimension_values, tree_dimensions
from kpi_tree.workspace.mappings import (
    DriftedError,
    bring_back_mapping,
    forget_mapping,
    mapping_for,
    mapping_uses,
    rename_mapping,
    save_mapping,
    saved_mappings,
)
from kpi_tree.workspace.mending import mend, mend_from
from kpi_tree.workspace.nodeview import NodeView, Point
from kpi_tree.workspace.own import catalogue_of, own_revision, tables_of
from kpi_tree.workspace.own_kpis import (
    Defined,
    Trial,
    define,
    own_kpis,
    own_yaml,
    remove_kpi,
    try_kpi,
    undo_definition,
)
from kpi_tree.workspace.own_tables import OwnTableView, design_table, drop_table, own_table_list
from kpi_tree.workspace.planning import (
    diff_plans,
    edit_plan,
    export_plan,
    history,
    import_plan,
    lint_plan,
    new_plan,
    plan,
    plans,
    redo,
    undo,
)
from kpi_tree.workspace.preview import Preview, preview_file
from kpi_tree.workspace.provenance import (
    BatchReceipt,
    RowView,
    batch_receipt,
    original_file,
    source_around,
)
from kpi_tree.workspace.readiness import Ready, readiness
from kpi_tree.workspace.reports import explore, export_report, report, report_records, reports
from kpi_tree.workspace.rights import RIGHTS, ROLES, VERBS, Asker, Role
from kpi_tree.workspace.setaside import AsideRow, SetAside, set_aside, set_aside_file
from kpi_tree.workspace.sources import (
    add_source,
    change_source,
    connections,
    pause_source,
    remove_source,
    source_runs,
    sources,
)
from kpi_tree.workspace.sourceviews import SourceRun, SourceView
from kpi_tree.workspace.tick import run_source, tick
from kpi_tree.workspace.tokens import TokenView, make_token, revoke_token, tokens
from kpi_tree.workspace.treefiles import TREE_FORMS, export_tree
from kpi_tree.workspace.trees import tree
from kpi_tree.workspace.troubles import Trouble, kpi_troubles
from kpi_tree.workspace.types import BatchView, JournalLine, Receipt, Settings, TableCount

__all__ = [
    "RIGHTS",
    "ROLES",
    "TREE_FORMS",
    "VERBS",
    "AsideRow",
    "Asker",
    "BatchReceipt",
    "BatchView",
    "BlankChoices",
    "Defined",
    "DriftedError",
    "Incoming",
    "JournalLine",
    "Lens",
    "NodeView",
    "NothingUsableError",
    "OwnTableView",
    "Point",
    "Preview",
    "Ready",
    "Receipt",
    "Role",
    "RowView",
    "SetAside",
    "Settings",
    "SourceRun",
    "SourceView",
    "TableCount",
    "TemplateView",
    "TokenView",
    "Trial",
    "Trouble",
    "Wish",
    "add_source",
    "backup",
    "baseline_of",
    "batch",
    "batch_receipt",
    "batches",
    "blank_choices",
    "blank_table",
    "blank_values",
    "bring_back_mapping",
    "catalogue_of",
    "change_settings",
    "change_source",
    "check",
    "compare_plans",
    "connections",
    "data_revision",
    "define",
    "design_table",
    "diff_plans",
    "drop_table",
    "edit_plan",
    "explore",
    "export_plan",
    "export_report",
    "export_tree",
    "forget_mapping",
    "forget_template",
    "formula",
    "goal",
    "history",
    "import_plan",
    "influence_evidence",
    "inspect_file",
    "kpi_records",
    "kpi_troubles",
    "kpi_values",
    "kpis",
    "lint_plan",
    "load_demo",
    "load_file",
    "make_token",
    "mapping_for",
    "mapping_uses",
    "mend",
    "mend_from",
    "new_plan",
    "open_home",
    "original_file",
    "own_kpis",
    "own_revision",
    "own_table_list",
    "own_yaml",
    "pause_source",
    "plan",
    "plan_revision",
    "plans",
    "preview_file",
    "quarantine",
    "read_plan",
    "read_rows",
    "readiness",
    "redo",
    "remove_kpi",
    "remove_source",
    "rename_mapping",
    "report",
    "report_records",
    "reports",
    "restore",
    "restore_batch",
    "restore_plan",
    "restore_template",
    "revoke_token",
    "run_source",
    "save_mapping",
    "save_template",
    "saved_mappings",
    "set_aside",
    "set_aside_file",
    "set_goal",
    "settings",
    "snapshots",
    "source_around",
    "source_rows",
    "source_runs",
    "sources",
    "tables_of",
    "take_plan",
    "take_snapshot",
    "templates",
    "tick",
    "today_of",
    "tokens",
    "tree",
    "tree_dimension_values",
    "tree_dimensions",
    "try_kpi",
    "undo",
    "undo_definition",
    "use_template",
    "withdraw",
]
