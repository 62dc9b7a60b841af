# The one list of what the workspace offers: read by type checkers, and at run time to find a name's module.
from .aiming import drop_target, set_target
from .alertchannels import add_channel, bring_channel_back, change_channel, channels, remove_channel
from .alerting import add_alert, alerts, bring_alert_back, change_alert, remove_alert
from .alertnews import alert_messages, alert_news, read_news, send_again, unread_news
from .alertsweep import Round, send_alerts
from .alerttrials import Tried, try_alert, try_channel
from .alertviews import AlertView, ChannelView, DigestView, NewsView, SendView
from .allocating import allocate
from .allocationview import AllocatedNode, AllocationView
from .api_tokens import TokenView, make_token, revoke_token, tokens
from .atstake import Stake, stakes
from .bestplan import BestPlan
from .blanks import BlankChoices, blank_choices, blank_table, blank_values
from .carrying import copy_target
from .coverage import Coverage, gap_coverage
from .demo import load_demo
from .digestlist import add_digest, digests, remove_digest
from .evidence import influence_evidence
from .explaining import explain_change
from .explaining_parts import explain_by
from .explaining_segments import find_segments
from .figures import kpi_records, kpi_values, kpis
from .formulas import formula
from .foundsegments import Found, Segments
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
from .ledger import ActionView, actions, add_action, change_action
from .lens import Lens, tree_dimension_values, tree_dimensions
from .linting import lint_plan
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
from .measuring import Effect, measure_action
from .meetingfile import MEETING_SECTIONS, meeting
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
from .remarked import Due, RemarkView, check_ins_due, people, remark_revision, remarks
from .remarking import bring_back_remark, change_remark, check_in, comment, delete_remark
from .reporting import explore, export_report, report, report_records, reports
from .rights import RIGHTS, ROLES, VERBS, Asker, Role
from .scenarios import whatif
from .scoring import Bet, BetLedger, action_scores
from .seeking import Sought, propose_scenario, seek_value
from .setaside import AsideRow, SetAside, set_aside, set_aside_file
from .sincethen import Changed, since_last_visit
from .sizing import keep_answer, plan_experiment
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
from .spending import best_actions
from .supposed import Change, WhatIf
from .suppositions import (
    Beside,
    ScenarioView,
    bring_scenario_back,
    compare_scenarios,
    delete_scenario,
    rename_scenario,
    save_scenario,
    scenario_list,
)
from .targetpast import TargetVersion, restore_target, say_status, target_versions
from .targetpath import TargetPath, target_path
from .ticking import run_source, tick
from .treefiles import TREE_FORMS, export_tree
from .trees import tree
from .trials import ExperimentView, experiment, experiment_names
from .troubles import Trouble, kpi_troubles
from .types import BatchView, JournalLine, Receipt, Settings, TableCount
from .usual import UsualWeights, usual_weights
from .weekly import digest

__all__ = [
    "MEETING_SECTIONS",
    "RIGHTS",
    "ROLES",
    "TREE_FORMS",
    "VERBS",
    "ActionView",
    "AlertView",
    "AllocatedNode",
    "AllocationView",
    "AsideRow",
    "AskedView",
    "Asker",
    "BatchReceipt",
    "BatchView",
    "Beside",
    "BestPlan",
    "Bet",
    "BetLedger",
    "BlankChoices",
    "Change",
    "Changed",
    "ChannelView",
    "Coverage",
    "Defined",
    "DigestView",
    "DriftedError",
    "Due",
    "Effect",
    "ExperimentView",
    "Found",
    "Incoming",
    "JournalLine",
    "Lens",
    "Naming",
    "NewsView",
    "NodeView",
    "NothingUsableError",
    "OwnTableView",
    "PlanView",
    "Point",
    "Preview",
    "Promises",
    "Ready",
    "Receipt",
    "RemarkView",
    "Role",
    "Round",
    "RowView",
    "ScenarioView",
    "Segments",
    "SendView",
    "SetAside",
    "Settings",
    "Sought",
    "SourceRun",
    "SourceView",
    "Stake",
    "TableCount",
    "TargetPath",
    "TargetVersion",
    "TemplateView",
    "TokenView",
    "Trial",
    "Tried",
    "Trouble",
    "UsualWeights",
    "WhatIf",
    "Wish",
    "action_scores",
    "actions",
    "add_action",
    "add_alert",
    "add_channel",
    "add_digest",
    "add_source",
    "alert_messages",
    "alert_news",
    "alerts",
    "allocate",
    "answer_asked",
    "ask_owners",
    "backup",
    "baseline_of",
    "batch",
    "batch_receipt",
    "batches",
    "best_actions",
    "blank_choices",
    "blank_table",
    "blank_values",
    "bring_alert_back",
    "bring_back_mapping",
    "bring_back_remark",
    "bring_channel_back",
    "bring_plan_back",
    "bring_scenario_back",
    "catalogue_of",
    "change_action",
    "change_alert",
    "change_channel",
    "change_remark",
    "change_settings",
    "change_source",
    "channels",
    "check",
    "check_in",
    "check_ins_due",
    "comment",
    "compare_plans",
    "compare_scenarios",
    "connections",
    "copy_plan",
    "copy_target",
    "data_revision",
    "define",
    "delete_remark",
    "delete_scenario",
    "design_table",
    "diff_plans",
    "digest",
    "digests",
    "drop_table",
    "drop_target",
    "edit_plan",
    "experiment",
    "experiment_names",
    "explain_by",
    "explain_change",
    "explore",
    "export_plan",
    "export_report",
    "export_tree",
    "find_segments",
    "forget_mapping",
    "forget_template",
    "formula",
    "gap_coverage",
    "goal",
    "history",
    "import_plan",
    "influence_evidence",
    "inspect_file",
    "keep_answer",
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
    "meeting",
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
    "people",
    "plan",
    "plan_experiment",
    "plan_list",
    "plan_names",
    "plan_revision",
    "plans",
    "preview_file",
    "promises",
    "propose_scenario",
    "put_plan_away",
    "quarantine",
    "read_news",
    "read_plan",
    "read_rows",
    "readiness",
    "redo",
    "remark_revision",
    "remarks",
    "remove_alert",
    "remove_channel",
    "remove_digest",
    "remove_kpi",
    "remove_source",
    "rename_mapping",
    "rename_scenario",
    "report",
    "report_records",
    "reports",
    "restore",
    "restore_batch",
    "restore_plan",
    "restore_target",
    "restore_template",
    "revoke_token",
    "run_source",
    "save_mapping",
    "save_scenario",
    "save_template",
    "saved_mappings",
    "say_status",
    "scenario_list",
    "seek_value",
    "send_again",
    "send_alerts",
    "set_aside",
    "set_aside_file",
    "set_goal",
    "set_target",
    "settings",
    "since_last_visit",
    "snapshots",
    "source_around",
    "source_rows",
    "source_runs",
    "sources",
    "stakes",
    "tables_of",
    "take_plan",
    "take_snapshot",
    "target_path",
    "target_versions",
    "templates",
    "tick",
    "today_of",
    "tokens",
    "tree",
    "tree_dimension_values",
    "tree_dimensions",
    "try_alert",
    "try_channel",
    "try_kpi",
    "undo",
    "undo_definition",
    "unread_news",
    "use_template",
    "usual_weights",
    "whatif",
    "withdraw",
]
