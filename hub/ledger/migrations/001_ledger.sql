-- The ledger: facts, the proofs over them, the keys they lie under, and the access log.

-- One row per fact. position: gapless from 1; version: gapless from 1 within its stream; state: sealed envelope;
-- decision: the decision record that let it happen; leaf: its hash in the transparency log.
create table events (
    position bigint primary key,
    stream uuid not null,
    version integer not null check (version > 0),
    topic text not null,
    state bytea not null,
    decision bytea,
    leaf bytea not null check (length(leaf) = 32),
    unique (stream, version)
);
alter table events alter column state set storage external;

create view decisions as select position, decision as data from events where decision is not null;

-- What came in once may come in again; then the first receipt is the answer.
create table sources (
    source text not null,
    id text not null,
    digest bytea not null,
    first_position bigint not null,
    event_count integer not null,
    log_size bigint not null,
    primary key (source, id)
);

-- Data keys per subject and track, wrapped. A destroyed key leaves its tombstone: no wrapped key, a number, a moment.
create table subject_keys (
    subject uuid not null,
    spoor text not null,
    kek text,
    wrapped bytea,
    destroyed_at timestamptz,
    tombstone bigint unique,
    primary key (subject, spoor),
    check ((wrapped is null) = (destroyed_at is not null))
);
alter table subject_keys alter column wrapped set storage plain;

create table access_log (
    volgnummer bigint primary key,
    data bytea not null
);

-- Right edge of each transparency log ('grootboek', 'toegang'), and its tiles.
create table log_heads (
    log text primary key,
    frontier bytea not null
);
insert into log_heads (log, frontier) values ('grootboek', '\x0000000000000000'), ('toegang', '\x0000000000000000');

create table tegels (
    log text not null,
    level integer not null,
    idx bigint not null,
    hashes bytea not null,
    primary key (log, level, idx)
);
alter table tegels alter column hashes set storage external;

-- Facts are never changed or removed, by nobody.
create function refuse_change() returns trigger language plpgsql as
    $$ begin raise exception 'append-only: % on %', tg_op, tg_table_name; end $$;
create trigger events_append_only before update or delete or truncate on events
    for each statement execute function refuse_change();
create trigger access_log_append_only before update or delete or truncate on access_log
    for each statement execute function refuse_change();
create trigger sources_append_only before update or delete or truncate on sources
    for each statement execute function refuse_change();
