"""The tables of alerts, digests and visits: a part of version 4."""

ALERTS = """
create table alert_channels (
    id text primary key,
    name text not null,
    spec text not null,
    made_at text not null,
    made_by text not null,
    removed_at text
);;
create unique index alert_channels_by_name on alert_channels (name) where removed_at is null;;
create table alert_rules (
    id text primary key,
    name text not null,
    spec text not null,
    made_at text not null,
    made_by text not null,
    removed_at text
);;
create unique index alert_rules_by_name on alert_rules (name) where removed_at is null;;
create table alert_standings (
    rule_id text not null references alert_rules (id),
    node text not null,
    state text not null check (state in ('calm', 'on', 'no_data')),
    mark text not null,
    since text,
    told text,
    told_at text,
    primary key (rule_id, node)
);;
create table alert_looks (
    plan_id text primary key,
    basis text not null,
    at text not null
);;
create table alert_news (
    id integer primary key,
    at text not null,
    rule_id text not null references alert_rules (id),
    plan_id text not null,
    node text not null,
    status text not null,
    words text not null
);;
create table alert_readers (
    who text primary key,
    upto integer not null
);;
create table alert_sends (
    id integer primary key,
    key text not null unique,
    channel_id text not null references alert_channels (id),
    rule_id text references alert_rules (id),
    content text not null,
    state text not null check (state in ('waiting', 'claimed', 'leaving', 'sent', 'failed', 'unknown')),
    attempts integer not null default 0,
    next_try text not null,
    lease_until text,
    worker text,
    at text not null,
    sent_at text,
    problem text
);;
create index alert_sends_by_state on alert_sends (state, next_try);;
create table digests (
    id text primary key,
    name text not null,
    spec text not null,
    made_at text not null,
    made_by text not null,
    removed_at text,
    next_run text
);;
create unique index digests_by_name on digests (name) where removed_at is null;;
create table visits (
    browser text not null,
    plan_id text not null,
    at text not null,
    seen text not null,
    since text,
    was text,
    primary key (browser, plan_id)
)
"""
