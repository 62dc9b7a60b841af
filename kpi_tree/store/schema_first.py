"""The tables that version 1 begins with: journal, plans, batches, observations, settings."""

FIRST = """
create table journal (
    seq integer primary key,
    at text not null,
    who text not null,
    kind text not null,
    subject text not null,
    revision integer not null,
    action text not null,
    change text not null,
    previous_hash text not null,
    hash text not null unique
);;
create index journal_by_subject on journal (kind, subject, revision);;
create trigger journal_keeps_what_it_says before update on journal
begin select raise(abort, 'The journal is append-only.'); end;;
create trigger journal_forgets_nothing before delete on journal
begin select raise(abort, 'The journal is append-only.'); end;;
create table plans (
    id text primary key,
    position integer not null,
    name text not null,
    revision integer not null,
    extra text not null
);;
create table plan_nodes (
    plan_id text not null references plans (id),
    id text not null,
    position integer not null,
    kind text,
    name text,
    kpi text,
    formula text,
    data text not null,
    primary key (plan_id, id)
);;
create table plan_edges (
    plan_id text not null references plans (id),
    parent text not null,
    child text not null,
    kind text,
    position integer not null,
    data text not null
);;
create index plan_edges_by_plan on plan_edges (plan_id, parent, child);;
create table plan_targets (
    plan_id text not null references plans (id),
    id text not null,
    position integer not null,
    node text,
    value real,
    baseline real,
    data text not null,
    primary key (plan_id, id)
);;
create table batches (
    id text primary key,
    seq integer not null unique,
    status text not null check (status in ('active', 'withdrawn')),
    at text not null,
    who text not null,
    file text not null,
    bytes integer not null,
    sha256 text not null,
    main_table text,
    row_count integer not null,
    accepted integer not null,
    changed integer not null,
    unchanged integer not null,
    rejected integer not null,
    receipt text not null
);;
create index batches_by_content on batches (sha256, status);;
create table batch_files (
    batch_id text not null references batches (id),
    table_name text not null,
    path text not null unique,
    row_count integer not null,
    sha256 text not null,
    primary key (batch_id, table_name)
);;
create table observations (
    batch_id text not null references batches (id),
    kpi text not null,
    start text not null,
    grain text not null,
    dimensions text not null,
    value real,
    numerator real,
    denominator real,
    row_number integer,
    note text,
    primary key (kpi, start, grain, dimensions, batch_id)
);;
create index observations_by_batch on observations (batch_id);;
create table settings (
    name text primary key,
    value text not null
);;
create table revisions (
    name text primary key,
    revision integer not null
)
"""
