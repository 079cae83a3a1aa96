-- Permitted views per seat: nothing of their own, they may be emptied and made again from the ledger.
-- `inhoud` is sealed under the keys of the ledger's subjects; beside it stands nothing personal.

-- How far each projection came. It moves in the transaction of its rows.
create table tracking (
    projection text primary key,
    position bigint not null
);

-- State of each signal, case and session; for the projector alone. `inhoud` null: the row of `zetel` holds it.
create table bron (
    id uuid not null,
    soort text not null,
    zetel text,
    stand bytea not null,
    inhoud bytea,
    primary key (id, soort)
);

create table zicht_signaal (
    zetel text not null,
    signaal_id uuid not null,
    casus_id uuid not null default '00000000-0000-0000-0000-000000000000',
    provider text not null,
    spoor text not null,
    regio text not null,
    status text not null,
    sinds timestamptz not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, signaal_id, casus_id)
);
create index zicht_signaal_nieuwste on zicht_signaal (zetel, gewijzigd_positie desc);
create index zicht_signaal_casus on zicht_signaal (zetel, casus_id)
    where casus_id <> '00000000-0000-0000-0000-000000000000';

-- Who holds a signal, for the seats that put something in it.
create table zicht_ontvanger (
    zetel text not null,
    signaal_id uuid not null,
    verstrekking_id uuid not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, signaal_id, verstrekking_id)
);

create table zicht_toestemming (
    zetel text not null,
    signaal_id uuid not null,
    toestemming_id uuid not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, signaal_id, toestemming_id)
);
create index zicht_toestemming_nieuwste on zicht_toestemming (zetel, gewijzigd_positie desc);

create table zicht_casus (
    zetel text not null,
    casus_id uuid not null,
    spoor text not null,
    regio text not null,
    status text not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, casus_id)
);
create index zicht_casus_nieuwste on zicht_casus (zetel, gewijzigd_positie desc);

create table zicht_tijdlijn (
    zetel text not null,
    casus_id uuid not null,
    volgnummer integer not null,
    inhoud bytea not null,
    primary key (zetel, casus_id, volgnummer)
);

create table zicht_overleg (
    zetel text not null,
    overleg_id uuid not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, overleg_id)
);
create index zicht_overleg_nieuwste on zicht_overleg (zetel, gewijzigd_positie desc);

create table zicht_weigering (
    zetel text not null,
    positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, positie)
);

-- The second wall. Readers become hub_lezer and name their seat; the owner itself sees rows only while projecting.
do $$ begin
    if not exists (select from pg_roles where rolname = 'hub_lezer') then create role hub_lezer nologin; end if;
exception when duplicate_object or unique_violation then null; -- another database of this server was first
end $$;
grant hub_lezer to current_user;

do $$ declare t text; begin
    foreach t in array array['zicht_signaal', 'zicht_ontvanger', 'zicht_toestemming', 'zicht_casus',
                             'zicht_tijdlijn', 'zicht_overleg', 'zicht_weigering'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy eigen_zetel on %I for select to hub_lezer
                        using (zetel = current_setting(''hub.zetel'', true))', t);
        execute format('create policy projector on %I to current_user
                        using (current_setting(''hub.projector'', true) = ''aan'')
                        with check (current_setting(''hub.projector'', true) = ''aan'')', t);
        execute format('grant select on %I to hub_lezer', t);
        execute format('alter table %I alter column inhoud set storage external', t);
    end loop;
end $$;
grant select on tracking to hub_lezer;
