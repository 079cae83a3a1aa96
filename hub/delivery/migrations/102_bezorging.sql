-- What is still to be brought to a webhook, and what became of it. It names notices; it holds nothing of them, nor of
-- where they go. Rows are made a few thousand ahead at most: what is further away waits as notices.
create table bezorging (
    -- Notice `nummer` of the seat, for this subscription.
    abonnement_id uuid not null,
    nummer bigint not null,
    zetel text not null,
    id uuid not null unique,
    -- Cursor of lists.
    volgnummer bigint generated always as identity unique,
    onderwerp text not null,
    status text not null default 'wachtend' check (status in ('wachtend', 'bezorgd', 'onbestelbaar', 'vervallen')),
    pogingen smallint not null default 0,
    -- All waits together, counted up: no clock decides when patience ends.
    gewacht_seconden double precision not null default 0,
    niet_voor timestamptz,
    -- How much had been delivered to this subscription when this one was tried first.
    gelukt_voordien bigint,
    laatste_status smallint,
    laatste_fout text,
    herhaald smallint not null default 0,
    aangemaakt timestamptz not null,
    gewijzigd timestamptz not null,
    primary key (abonnement_id, nummer)
);
create index bezorging_wachtend on bezorging (abonnement_id, nummer) where status = 'wachtend';
create index bezorging_uitgesteld on bezorging (abonnement_id, onderwerp)
    where status = 'wachtend' and niet_voor is not null;
create index bezorging_van_zetel on bezorging (zetel, volgnummer);
create index bezorging_afgedaan on bezorging (zetel, nummer) where status <> 'wachtend';

-- How a subscription stands. `tot`: up to which number of its seat deliveries were made.
create table bezorgstand (
    abonnement_id uuid primary key,
    zetel text not null,
    tot bigint not null,
    gelukt bigint not null default 0,
    mislukt_op_rij integer not null default 0,
    laatste_status smallint,
    niet_voor timestamptz,
    handdruk_pogingen smallint not null default 0
);

do $$ declare t text; begin
    foreach t in array array['bezorging', 'bezorgstand'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy eigen_zetel on %I for select to hub_lezer
                        using (zetel = current_setting(''hub.zetel'', true))', t);
        execute format('create policy bezorger on %I to current_user
                        using (current_setting(''hub.bezorger'', true) = ''aan'')
                        with check (current_setting(''hub.bezorger'', true) = ''aan'')', t);
        execute format('grant select on %I to hub_lezer', t);
    end loop;
end $$;
