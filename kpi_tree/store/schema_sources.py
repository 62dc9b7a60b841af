"""The tables of sources with their runs, and of the tokens of programs that send files, since version 3."""

SOURCES = """
create table sources (
    id text primary key,
    name text not null,
    kind text not null check (kind in ('folder', 'url', 'sql')),
    place text not null,
    reading text not null,
    schedule text not null,
    fresh_hours integer,
    paused integer not null default 0,
    state text not null,
    problem text,
    failing_since text,
    failures integer not null default 0,
    marks text not null,
    feeds text not null,
    next_run text,
    last_run text,
    last_new text,
    made_at text not null,
    made_by text not null,
    removed_at text
);;
create unique index sources_by_name on sources (name) where removed_at is null;;
create table source_runs (
    id integer primary key,
    source_id text not null references sources (id),
    asked_by text,
    worker text not null,
    started_at text not null,
    lease_until text not null,
    finished_at text,
    outcome text not null,
    problem text,
    receipts text not null
);;
create index source_runs_by_source on source_runs (source_id, id);;
create table source_files (
    source_id text not null references sources (id),
    name text not null,
    bytes integer not null,
    changed_ns integer not null,
    seen_at text not null,
    sha256 text,
    primary key (source_id, name)
);;
create table source_contents (
    source_id text not null references sources (id),
    sha256 text not null,
    at text not null,
    file text not null,
    batch_id text,
    problem text,
    primary key (source_id, sha256)
);;
create index source_contents_by_batch on source_contents (batch_id);;
create table api_tokens (
    id text primary key,
    name text not null,
    salt text not null,
    hash text not null,
    tables text not null,
    made_at text not null,
    made_by text not null,
    last_used text,
    free_at real not null default 0,
    revoked_at text
);;
create unique index api_tokens_by_name on api_tokens (name) where revoked_at is null
"""
