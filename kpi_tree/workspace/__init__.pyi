# The one list of what the workspace offers: read by type checkers, and at run time to find a name's module.
from .acting.bestplan import BestPlan
from .acting.coverage import Coverage, gap_coverage
from .acting.ledger import ActionView, actions, add_action, change_action
from .acting.measuring import Effect, measure_action
from .acting.remarked import Due, RemarkView, check_ins_due, people, remark_revision, remarks
from .acting.remarking import bring_back_remark, change_remark, check_in, comment, delete_remark
from .acting.scoring import Bet, BetLedger, action_scores
from .acting.sizing import keep_answer, plan_experiment
from .acting.spending import best_actions
from .acting.trials import ExperimentView, experiment, experiment_names
from .base.homes import (
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
from .base.own import catalogue_of, own_revision, tables_of
from .base.rights import RIGHTS, ROLES, VERBS, Asker, Role
from .base.types import BatchView, JournalLine, Receipt, Settings, TableCount
from .causes.explaining import explain_change
from .causes.explaining_parts import explain_by
from .causes.explaining_segments import find_segments
from .causes.foundsegments import Found, Segments
from .causes.scenarios import whatif
from .causes.seeking import Sought, propose_scenario, seek_value
from .causes.supposed import Change, WhatIf
from .causes.suppositions import (
    Beside,
    ScenarioView,
    bring_scenario_back,
    compare_scenarios,
    delete_scenario,
    rename_scenario,
    save_scenario,
    scenario_list,
)
from .definitions.own_defining import (
    Defined,
    Trial,
    define,
    own_kpis,
    own_yaml,
    remove_kpi,
    try_kpi,
    undo_definition,
)
from .definitions.own_naming import Naming, name_table
from .definitions.own_tables import OwnTableView, Wish, design_table, drop_table, own_table_list
from .documents.meetingfile import MEETING_SECTIONS, meeting
from .documents.treefiles import TREE_FORMS, export_tree
from .drafting.incoming import Incoming, read_plan, take_plan, use_template
from .drafting.keeping import (
    compare_plans,
    restore_plan,
    snapshots,
    take_snapshot,
)
from .drafting.past import diff_plans, history, redo, undo
from .drafting.planlist import (
    PlanView,
    bring_plan_back,
    copy_plan,
    plan_list,
    plan_names,
    put_plan_away,
)
from .drafting.planning import (
    edit_plan,
    export_plan,
    import_plan,
    new_plan,
    plan,
    plans,
)
from .drafting.templating import (
    TemplateView,
    forget_template,
    restore_template,
    save_template,
    templates,
)
from .feeds.sourceviews import SourceRun, SourceView
from .feeds.sourcing import (
    add_source,
    change_source,
    connections,
    pause_source,
    remove_source,
    source_runs,
    sources,
)
from .feeds.ticking import run_source, stop_source, tick
from .figuring.figures import kpi_records, kpi_values, kpis
from .figuring.formulas import formula
from .figuring.reporting import explore, export_report, report, report_records, reports
from .figuring.troubles import Trouble, kpi_troubles
from .intake.api_tokens import TokenView, make_token, revoke_token, tokens
from .intake.blanks import BlankChoices, blank_choices, blank_table, blank_values
from .intake.demo import load_demo
from .intake.inbox import inspect_file, load_file, read_rows
from .intake.inbox_batches import (
    batch,
    batches,
    quarantine,
    restore_batch,
    source_rows,
    withdraw,
)
from .intake.inbox_receipt import NothingUsableError
from .intake.leaving import Turning, ValueChange, turning_effects
from .intake.mappingfiles import MappingFile, export_mapping, import_mapping
from .intake.mappingkeep import (
    bring_back_mapping,
    forget_mapping,
    mapping_uses,
    mapping_versions,
    rename_mapping,
    return_mapping,
    save_mapping,
    saved_mappings,
)
from .intake.mappings import DriftedError, mapping_for
from .intake.mending import mend, mend_from
from .intake.preview import Preview, preview_file, propose_mapping
from .intake.provenance import (
    BatchReceipt,
    RowView,
    batch_receipt,
    original_file,
    source_around,
)
from .intake.ready import Ready, readiness
from .intake.setaside import AsideRow, SetAside, set_aside, set_aside_file
from .intake.versions import RecordHistory, Version, record_history
from .judged.evidence import influence_evidence
from .judged.lens import Lens, tree_dimension_values, tree_dimensions
from .judged.linting import lint_plan
from .judged.nodeview import NodeView, Point
from .judged.trees import tree
from .news.alertchannels import add_channel, bring_channel_back, change_channel, channels, remove_channel
from .news.alerting import add_alert, alerts, bring_alert_back, change_alert, remove_alert
from .news.alertnews import alert_messages, alert_news, read_news, send_again, unread_news
from .news.alertsweep import Round, send_alerts
from .news.alerttrials import Tried, try_alert, try_channel
from .news.alertviews import AlertView, ChannelView, DigestView, NewsView, SendView
from .news.digestlist import add_digest, digests, remove_digest
from .news.sincethen import Changed, since_last_visit
from .news.weekly import digest
from .targeting.aiming import drop_target, set_target
from .targeting.allocating import allocate
from .targeting.allocationview import AllocatedNode, AllocationView
from .targeting.atstake import Stake, stakes
from .targeting.carrying import copy_target
from .targeting.goals import baseline_of, goal, set_goal
from .targeting.promiseview import AskedView, Promises
from .targeting.promising import answer_asked, ask_owners, promises
from .targeting.targetpast import TargetVersion, restore_target, say_status, target_versions
from .targeting.targetpath import TargetPath, target_path
from .targeting.usual import UsualWeights, usual_weights

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
    "MappingFile",
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
    "RecordHistory",
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
    "Turning",
    "UsualWeights",
    "ValueChange",
    "Version",
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
    "export_mapping",
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
    "import_mapping",
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
    "mapping_versions",
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
    "propose_mapping",
    "propose_scenario",
    "put_plan_away",
    "quarantine",
    "read_news",
    "read_plan",
    "read_rows",
    "readiness",
    "record_history",
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
    "return_mapping",
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
    "stop_source",
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
    "turning_effects",
    "undo",
    "undo_definition",
    "unread_news",
    "use_template",
    "usual_weights",
    "whatif",
    "withdraw",
]
