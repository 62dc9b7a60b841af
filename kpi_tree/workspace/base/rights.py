"""Who may do what: the one table of rights, and the one place that reads it.

Every verb of the workspace takes the person who asks as its second argument and is marked with
:func:`verb`. A verb that is not in :data:`RIGHTS` cannot be declared at all: the default is no.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Concatenate, Literal, ParamSpec, TypeVar

from kpi_tree.errors import Denied
from kpi_tree.i18n import Msg, msg, pmsg
from kpi_tree.store import Home

Role = Literal["owner", "editor", "uploader", "viewer"]
ROLES: tuple[Role, ...] = ("owner", "editor", "uploader", "viewer")


@dataclass(frozen=True, slots=True)
class Asker:
    """The person (or script) who asks, and the role they have in this home.

    >>> Asker("Kari", "viewer").may("load_file")
    False
    """

    name: str
    role: Role = "viewer"

    def may(self, name: str) -> bool:
        """Whether the person's role carries the right to a verb."""
        return self.role in RIGHTS.get(name, frozenset())


_READ = frozenset(ROLES)
_DATA = frozenset[Role]({"owner", "editor", "uploader"})
_PLAN = frozenset[Role]({"owner", "editor"})
_OWN = frozenset[Role]({"owner"})

RIGHTS: Mapping[str, frozenset[Role]] = {
    **dict.fromkeys(
        (
            "batches",
            "batch",
            "quarantine",
            "batch_receipt",
            "blank_choices",
            "blank_table",
            "blank_values",
            "original_file",
            "source_around",
            "record_history",
            "turning_effects",
            "mapping_uses",
            "set_aside",
            "set_aside_file",
            "source_rows",
            "inspect_file",
            "saved_mappings",
            "mapping_versions",
            "export_mapping",
            "mapping_for",
            "preview_file",
            "propose_mapping",
            "read_rows",
            "kpis",
            "kpi_values",
            "kpi_records",
            "own_kpis",
            "own_yaml",
            "own_table_list",
            "readiness",
            "kpi_through",
            "reports",
            "report",
            "report_records",
            "explore",
            "goal",
            "plans",
            "plan_list",
            "plan",
            "history",
            "export_plan",
            "export_tree",
            "export_report",
            "read_plan",
            "diff_plans",
            "lint_plan",
            "snapshots",
            "compare_plans",
            "templates",
            "influence_evidence",
            "allocate",
            "promises",
            "target_versions",
            "target_path",
            "usual_weights",
            "tree",
            "explain_change",
            "explain_by",
            "whatif",
            "find_segments",
            "scenario_list",
            "compare_scenarios",
            "seek_value",
            "experiment",
            "actions",
            "measure_action",
            "action_scores",
            "best_actions",
            "gap_coverage",
            "plan_experiment",
            "experiment_names",
            "remarks",
            "check_ins_due",
            "people",
            "tree_dimensions",
            "tree_dimension_values",
            "kpi_forecast",
            "node_series",
            "settings",
            "check",
            "sources",
            "source_runs",
            "kpi_troubles",
            "alerts",
            "channels",
            "digests",
            "alert_news",
            "unread_news",
            "read_news",
            "alert_messages",
            "digest",
            "meeting",
            "stakes",
            "since_last_visit",
        ),
        _READ,
    ),
    **dict.fromkeys(("run_source", "stop_source", "tick", "send_alerts"), _DATA),
    **dict.fromkeys(("add_source", "change_source", "pause_source", "remove_source", "connections"), _OWN),
    **dict.fromkeys(
        ("add_channel", "change_channel", "remove_channel", "bring_channel_back", "try_channel"), _OWN
    ),
    **dict.fromkeys(("make_token", "tokens", "revoke_token"), _OWN),
    **dict.fromkeys(("check_in", "comment", "change_remark", "delete_remark", "bring_back_remark"), _DATA),
    **dict.fromkeys(("mend", "mend_from", "rename_mapping", "bring_back_mapping"), _DATA),
    **dict.fromkeys(("import_mapping", "return_mapping"), _DATA),
    **dict.fromkeys(
        ("load_file", "design_table", "withdraw", "restore_batch", "save_mapping", "forget_mapping"), _DATA
    ),
    **dict.fromkeys(
        (
            "new_plan",
            "copy_plan",
            "put_plan_away",
            "bring_plan_back",
            "edit_plan",
            "add_action",
            "change_action",
            "keep_answer",
            "undo",
            "redo",
            "import_plan",
            "set_goal",
            "set_target",
            "drop_target",
            "copy_target",
            "restore_target",
            "say_status",
            "ask_owners",
            "answer_asked",
            "load_demo",
            "define",
            "remove_kpi",
            "undo_definition",
            "try_kpi",
            "drop_table",
            "name_table",
            "take_snapshot",
            "restore_plan",
            "save_template",
            "forget_template",
            "restore_template",
            "take_plan",
            "use_template",
            "add_alert",
            "change_alert",
            "remove_alert",
            "bring_alert_back",
            "try_alert",
            "send_again",
            "add_digest",
            "remove_digest",
            "save_scenario",
            "rename_scenario",
            "delete_scenario",
            "bring_scenario_back",
            "propose_scenario",
        ),
        _PLAN,
    ),
    **dict.fromkeys(("change_settings", "backup"), _OWN),
}
"""Verb → the roles that may use it."""

_WORDS: Mapping[str, Msg] = {
    "owner": pmsg("role", "owner"),
    "editor": msg("editor"),
    "uploader": msg("uploader"),
    "viewer": msg("viewer"),
}

P = ParamSpec("P")
R = TypeVar("R")
Verb = Callable[Concatenate[Home, Asker, P], R]

VERBS: dict[str, Callable[..., object]] = {}
"""Every declared verb by its name; the rights test walks it."""


def verb(function: Verb[P, R]) -> Verb[P, R]:
    """Mark a function as a verb: its rights are checked before anything else happens.

    Raises:
        KeyError: when the verb stands in no line of :data:`RIGHTS` (at import, not in use).
    """
    name = function.__name__
    if name not in RIGHTS:
        raise KeyError(name)

    @functools.wraps(function)
    def guarded(home: Home, who: Asker, /, *args: P.args, **kwargs: P.kwargs) -> R:
        require(who, name)
        return function(home, who, *args, **kwargs)

    VERBS[name] = guarded
    return guarded


def require(who: Asker, name: str) -> None:
    """Refuse when the person's role doesn't carry the right.

    Raises:
        Denied: naming the role and who could do it.
    """
    if who.may(name):
        return
    able = [role for role in ROLES if role in RIGHTS.get(name, frozenset())]
    role = _WORDS.get(who.role, who.role)
    raise Denied(
        msg("{who} may not do this here: the role is {role}.", who=who.name, role=role),
        place=name,
        remedy=msg("Ask somebody with the role {role} to do it.", role=_WORDS[able[-1] if able else "owner"]),
    )
