"""The verbs a user knows, one function each; pages, command line and HTTP call nothing below it.

Every verb takes the home and the person who asks first; the person's right is checked before
anything is read or written (:mod:`kpi_tree.workspace.base.rights`). All arguments after ``*`` are
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
    quarantine(home, who, batch) -> pandas.DataFrame              # row, column, value, reason, cells, also

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
    new_plan(home, who, *, template, name=None, lang="en", now=None) -> Plan   # None: one box, the goal
    plan_list(home, who) -> list[PlanView] ; copy_plan(home, who, plan_id, *, name=None) -> Plan
    put_plan_away(home, who, plan_id) ; bring_plan_back(home, who, plan_id) ; plan_names(home) -> dict
    edit_plan(home, who, plan_id, edits, *, base_revision, now=None) -> Plan    # merges by field; Conflict
    undo(home, who, plan_id=None, *, now=None) -> Plan ; redo(...) -> Plan
    history(home, who, plan_id=None) -> list[JournalLine]         # newest first
    import_plan(home, who, text, *, name=None, now=None) -> Plan       # any text form of exchange
    export_plan(home, who, plan_id=None, *, form="json") -> str        # json yaml md txt mmd dot csv
    export_tree(home, who, plan_id=None, *, form, at, lens=None, look=None, lang="en") -> bytes   # TREE_FORMS
    read_plan(home, who, source, name, *, today=None, onto=None) -> Incoming   # any file; nothing is kept
    take_plan(home, who, plan, *, into=None, under=None, base_revision=None, now=None) -> Plan
    use_template(home, who, template, *, into, under=None, lang="en", now=None) -> Plan
    lint_plan(home, who, plan_id=None, *, with_data=None, lang="en") -> list[Remark]
    snapshots(home, who, plan_id=None) -> list[Snapshot]               # newest first
    take_snapshot(home, who, name, *, plan_id=None, revision=None, now=None) -> Snapshot
    restore_plan(home, who, to, *, plan_id=None, now=None) -> Plan     # to: a revision or a snapshot's name
    compare_plans(home, who, before, after) -> Comparison ; diff_plans(...) -> list[Msg]
    templates(home, who, *, lang="en", away=False) -> list[TemplateView]     # away: those thrown away
    save_template(home, who, name, ...) -> str
    influence_evidence(home, who, parent, child, *, plan_id=None, at) -> Evidence

    set_target(home, who, node, *, period=None, target=None, baseline=None, change=None, why="", today,
               now=None, base_revision=None, **fields) -> Plan    # value= kind= low= high= trajectory= ...
    copy_target(home, who, target, *, keep="change", today) -> Plan     # the next period, baseline taken anew
    drop_target(home, who, target, *, why="") -> Plan
    target_versions(home, who, target) -> list[TargetVersion]            # newest first, with who, when, why
    restore_target(home, who, target, revision, *, why="") -> Plan
    say_status(home, who, target, status, *, reason, until, today) -> Plan   # beside the computed one

    allocate(home, who, node, *, plan_id=None, at, by="proportional", locks={}, bounds={}, effort={},
             capacity={}, target=None, period=None, start_from=None) -> AllocationView
    ask_owners(home, who, allocation, *, nodes=None, now=None) -> list[AskedView]
    answer_asked(home, who, target, answer, *, value=None, reason="", today, now=None) -> Plan
    promises(home, who, node=None, *, plan_id=None, at, target=None) -> Promises   # accepted against the goal

    tree(home, who, plan_id=None, *, at, where={}, period=None, compare=None, as_known=None,
         structure_as_of=None, targets_as_of=None) -> list[NodeView]            # parents before children
    tree_dimensions(home, who, plan_id=None) -> list ; tree_dimension_values(home, who, dim) -> list[str]
    explain_change(home, who, node, *, after, before=None, at, plan_id=None, method="shapley") -> Explained
    explain_by(home, who, node, *, by, after, before, at, plan_id=None) -> Explained
    whatif(home, who, node, changes, *, at, period=None, samples=0, seed=1, plan_id=None) -> WhatIf
    seek_value(home, who, node, leaf, *, at, goal=None, changes={}, period=None) -> Sought
    propose_scenario(home, who, node, changes, *, at, period=None, now=None) -> list[AskedView]
    scenario_list(home, who, plan_id=None) -> list[ScenarioView]
    save_scenario(home, who, name, node, changes, *, period=None, scenario=None, now=None) -> ScenarioView
    rename_scenario(home, who, scenario, name) ; delete_scenario(...) ; bring_scenario_back(...)
    compare_scenarios(home, who, scenarios, *, at, samples=0) -> list[Beside]
    experiment(home, who, name, *, file=None, control=None, level=0.95, ...) -> ExperimentView
    actions(home, who, plan_id=None, *, at) -> list[ActionView]
    add_action(home, who, kpi, name, *, owner= start= due= state= expected_effect= cost= ...) -> Plan
    gap_coverage(home, who, node, *, at, plan_id=None) -> Coverage
    change_action(...) -> Plan ; measure_action(home, who, action, *, at, days=None, method=None) -> Effect
    action_scores(home, who, plan_id=None, *, at) -> BetLedger     # expected against measured, by kind
    best_actions(home, who, *, at, node=None, budget=None, capacity=None, capacity_of={}, must=()) -> BestPlan
    formula(expr, *, sets={}, units={}, solve=None) -> dict
    check(home, who, *, clean=True) -> {"ok": bool, "problems": [...], "cleaned": [...]}
    sources(home, who) -> list[SourceView] ; source_runs(home, who, name) -> list[SourceRun]
    add_source(home, who, name, *, kind, place, reading=None, schedule="1h", fresh_hours=None) -> SourceView
    change_source(...) ; pause_source(home, who, name, paused=True) ; remove_source(home, who, name)
    tick(home, who, *, now=None) -> list[SourceRun] ; run_source(home, who, name, *, now=None) -> SourceRun
    stop_source(home, who, name) -> None                          # whoever began the run
    kpi_troubles(home, who, kpi) -> list[Trouble] ; connections(home, who) -> list[str]
    alerts(home, who, plan_id=None) -> list[AlertView] ; add_alert(home, who, name, *, kind, node= settings=
              channels= every_hours= quiet=) ; change_alert(...) ; remove_alert(...) ; bring_alert_back(...)
    try_alert(home, who, name) -> Tried
    channels(home, who) -> list[ChannelView] ; add_channel(home, who, name, *, kind, ...) ; try_channel(...)
    remove_channel(home, who, channel) ; bring_channel_back(home, who, channel) -> ChannelView
    send_alerts(home, who, *, now=None) -> Round ; alert_news(home, who) ; read_news(home, who, upto)
    alert_messages(home, who) -> list[SendView] ; send_again(home, who, message)
    digest(home, who, *, at=None, plan_id=None, lang="en") -> bytes ; digests ; add_digest ; remove_digest
    meeting(home, who, plan_id=None, *, at=None, since=None, sections=(), lang="en", by="") -> bytes   # HTML
    stakes(home, who, node=None, *, at) -> list[Stake]            # what each miss costs the goal
    since_last_visit(home, who, browser, *, at, now, plan_id=None) -> Changed | None
    make_token(home, who, name, *, tables=()) -> (TokenView, text) ; tokens(home, who) ; revoke_token(...)

    define(home, who, text, *, dry_run=False, based_on=None, now=None) -> Defined      # YAML; all or none
    try_kpi(home, who, text, *, start=None, end=None, grain="week", by=()) -> Trial     # nothing is kept
    own_kpis(home, who) -> list[OwnKpi] ; own_yaml(home, who, kpi=None) -> str
    remove_kpi(home, who, kpi, *, now=None) ; undo_definition(home, who, *, now=None) -> ids
    own_table_list(home, who) -> list[OwnTableView] ; drop_table(home, who, table, *, now=None)
    name_table(home, who, table, naming, *, based_on=None, now=None) -> Table   # words for people
    catalogue_of(home) -> {id: Kpi} ; tables_of(home) -> {name: Table}     # built-in and own

    settings(home, who) -> Settings ; change_settings(home, who, *, now=None, **values) -> Settings
    backup(home, who, target) -> dict ; restore(source, path, *, force=False) -> dict

A name is loaded when it is first used (``__init__.pyi`` says from where): a command pays for what
it does, not for all that the product can do. Hence no module here has the name of a verb.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
