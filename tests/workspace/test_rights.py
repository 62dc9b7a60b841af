"""Every verb × every role: what a role may not do changes nothing and says who may."""

from __future__ import annotations

import inspect
from datetime import date
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import Denied
from kpi_tree.store import Home
from kpi_tree.workspace import RIGHTS, ROLES, VERBS, Asker, Role

OPEN = {
    "open_home",
    "data_revision",
    "plan_revision",
    "plan_names",
    "today_of",
    "formula",
    "restore",
    "baseline_of",
    "catalogue_of",
    "own_revision",
    "tables_of",
    "remark_revision",
}
"""Functions that ask nobody: they read no person's data, or come before there is a person."""

DAY = date(2026, 1, 1)

for _name in workspace.__all__:
    getattr(workspace, _name)  # a name is loaded when it is first used: all are wanted here


def _arguments(verb: Any) -> dict[str, Any]:
    """Something for every argument: a gate that holds looks at none of them."""
    parameters = list(inspect.signature(verb).parameters.values())[2:]
    return {
        one.name: DAY if one.name in ("at", "on", "start", "end", "today") else "x"
        for one in parameters
        if one.default is one.empty and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
    }


def test_every_public_function_that_takes_a_person_is_a_verb_with_rights() -> None:
    for name in workspace.__all__:
        found = getattr(workspace, name)
        if inspect.isfunction(found) and name not in OPEN:
            assert VERBS.get(name) is found, f"{name} checks nobody's rights"
    assert set(VERBS) <= set(RIGHTS)


DENIED = [(name, role) for name in sorted(VERBS) for role in ROLES if role not in RIGHTS[name]]


@pytest.mark.parametrize(("name", "role"), DENIED)
def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(
    home: Home, name: str, role: Role
) -> None:
    before = workspace.data_revision(home), workspace.plan_revision(home)
    with pytest.raises(Denied, match="Ola") as caught:
        VERBS[name](home, Asker("Ola", role), **_arguments(VERBS[name]))
    assert caught.value.place == name
    assert (workspace.data_revision(home), workspace.plan_revision(home)) == before


@pytest.mark.parametrize("role", ROLES)
def test_what_the_table_allows_gets_past_the_gate(home: Home, role: Role) -> None:
    for name in ("batches", "kpis", "plans", "settings", "check"):
        VERBS[name](home, Asker("Ola", role))


def test_an_unknown_role_may_do_nothing(home: Home) -> None:
    stranger = Asker("Eve", "admin")  # type: ignore[arg-type]
    for name, verb in VERBS.items():
        with pytest.raises(Denied):
            verb(home, stranger, **_arguments(verb))
        assert not stranger.may(name)


def test_viewers_read_and_never_write() -> None:
    writing = {
        "save_mapping", "forget_mapping", "rename_mapping", "bring_back_mapping", "mend", "mend_from",
        "import_mapping", "return_mapping",
        "load_file", "withdraw", "restore_batch", "new_plan", "edit_plan", "undo", "redo", "import_plan",
        "add_action", "change_action", "keep_answer",
        "set_target", "drop_target", "copy_target", "restore_target", "say_status",
        "set_goal", "ask_owners", "answer_asked", "load_demo", "change_settings", "backup", "take_snapshot",
        "restore_plan", "save_template", "add_source", "change_source", "pause_source", "remove_source",
        "run_source", "stop_source", "tick", "send_alerts",
        "add_alert", "change_alert", "remove_alert", "bring_alert_back",
        "try_alert",
        "send_again", "add_digest", "remove_digest", "add_channel", "change_channel", "remove_channel",
        "bring_channel_back", "try_channel",
        "connections", "make_token", "tokens", "revoke_token", "define", "remove_kpi", "undo_definition",
        "try_kpi", "drop_table",
        "name_table", "design_table", "forget_template", "restore_template", "take_plan",
        "check_in", "comment", "change_remark", "delete_remark", "bring_back_remark",
        "use_template", "copy_plan", "put_plan_away", "bring_plan_back",
        "save_scenario", "rename_scenario", "delete_scenario", "bring_scenario_back", "propose_scenario",
    }  # fmt: skip
    viewer = Asker("Ola", "viewer")
    assert {name for name in VERBS if not viewer.may(name)} == writing
    more = {name for name in VERBS if Asker("x", "uploader").may(name) and not viewer.may(name)}
    assert more == {
        "load_file", "design_table", "withdraw", "restore_batch", "mend", "mend_from", "run_source", "tick",
        "stop_source",
        "send_alerts", "save_mapping", "forget_mapping", "rename_mapping", "bring_back_mapping",
        "import_mapping", "return_mapping",
        "check_in", "comment", "change_remark", "delete_remark", "bring_back_remark",
    }  # fmt: skip
