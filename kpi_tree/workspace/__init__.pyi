# The one list of what the workspace offers: read by type checkers, and at run time to find a name's module.
from .allocating import allocate
from .allocationview import AllocatedNode, AllocationView
from .api_tokens import TokenView, make_token, revoke_token, tokens
from .blanks import BlankChoices, blank_choices, blank_table, blank_values
from .coverage import Coverage, gap_coverage
from .demo import load_demo
from .evidence import influence_evidence
from .explaining import explain_change
from .explaining_parts import explain_by
from .figures import kpi_records, kpi_values, kpis
from .formulas import formula
from .goals import baseline_of, goal, set_goal
from .homes import (
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
from .inbox import inspect_file, load_file, read_rows
from .inbox_batches import (
    batch,
    batches,
    quarantine,
    restore_batch,
    source_rows,
    withdraw,
)
from .inbox_receipt import NothingUsableError
from .incoming import Incoming, read_plan, take_plan, use_template
from .keeping import (
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
from .ledger import ActionView, Effect, actions, add_action, change_action, measure_action
from .lens import Lens, tree_dimension_values, tree_dimensions
from .mappings import (
    DriftedError,
    bring_back_mapping,
    forget_mapping,
    mapping_for,
    mapping_uses,
    rename_mapping,
    save_mapping,
    saved_mappings,
)
from .mending import mend, mend_from
from .nodeview import NodeView, Point
from .own import catalogue_of, own_revision, tables_of
from .own_defining import (
    Defined,
    Trial,
    define,
    own_kpis,
    own_yaml,
    remove_kpi,
    try_kpi,
    undo_definition,
)
from .own_naming import Naming, name_table
from .own_tables import OwnTableView, Wish, design_table, drop_table, own_table_list
from .past import diff_plans, history, redo, undo
from .planlist import (
    PlanView,
    bring_plan_back,
    copy_plan,
    plan_list,
    plan_names,
    put_plan_away,
)
from .planning import (
    edit_plan,
    export_plan,
    import_plan,
    lint_plan,
    new_plan,
    plan,
    plans,
)
from .preview import Preview, preview_file
from .promiseview import AskedView, Promises
from .promising import answer_asked, ask_owners, promises
from .provenance import (
    BatchReceipt,
    RowView,
    batch_receipt,
    original_file,
    source_around,
)
from .ready import Ready, readiness
from .reporting import explore, export_report, report, report_records, reports
from .rights import RIGHTS, ROLES, VERBS, Asker, Role
from .scenarios import Change, WhatIf, whatif
from .setaside import AsideRow, SetAside, set_aside, set_aside_file
from .sourceviews import SourceRun, SourceView
from .sourcing import (
    add_source,
    change_source,
    connections,
    pause_source,
    remove_source,
    source_runs,
    sources,
)
from .ticking import run_source, tick
from .treefiles import TREE_FORMS, export_tree
from .trees import tree
from .trials import ExperimentView, experiment
from .troubles import Trouble, kpi_troubles
from .types import BatchView, JournalLine, Receipt, Settings, TableCount

__all__ = [
    "RIGHTS",
    "ROLES",
    "TREE_FORMS",
    "VERBS",
    "ActionView",
    "AllocatedNode",
    "AllocationView",
    "AsideRow",
    "AskedView",
    "Asker",
    "BatchReceipt",
    "BatchView",
    "BlankChoices",
    "Change",
    "Coverage",
    "Defined",
    "DriftedError",
    "Effect",
    "ExperimentView",
    "Incoming",
    "JournalLine",
    "Lens",
    "Naming",
    "NodeView",
    "NothingUsableError",
    "OwnTableView",
    "PlanView",
    "Point",
    "Preview",
    "Promises",
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
    "WhatIf",
    "Wish",
    "actions",
    "add_action",
    "add_source",
    "allocate",
    "answer_asked",
    "ask_owners",
    "backup",
    "baseline_of",
    "batch",
    "batch_receipt",
    "batches",
    "blank_choices",
    "blank_table",
    "blank_values",
    "bring_back_mapping",
    "bring_plan_back",
    "catalogue_of",
    "change_action",
    "change_settings",
    "change_source",
    "check",
    "compare_plans",
    "connections",
    "copy_plan",
    "data_revision",
    "define",
    "design_table",
    "diff_plans",
    "drop_table",
    "edit_plan",
    "experiment",
    "explain_by",
    "explain_change",
    "explore",
    "export_plan",
    "export_report",
    "export_tree",
    "forget_mapping",
    "forget_template",
    "formula",
    "gap_coverage",
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
    "measure_action",
    "mend",
    "mend_from",
    "name_table",
    "new_plan",
    "open_home",
    "original_file",
    "own_kpis",
    "own_revision",
    "own_table_list",
    "own_yaml",
    "pause_source",
    "plan",
    "plan_list",
    "plan_names",
    "plan_revision",
    "plans",
    "preview_file",
    "promises",
    "put_plan_away",
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
    "whatif",
    "withdraw",
]
