-- News per seat: what changed in its permitted view, without content. Written in the transaction of the rows.
create table gebeurtenis (
    -- In the order of commits: one projector writes.
    volgorde bigint generated always as identity primary key,
    zetel text not null,
    -- The cursor of the seat: 1, 2, 3, ….
    nummer bigint not null,
    id uuid not null,
    -- What order is kept in: `casus:<id>`, else `signaal:<id>` and the like; place in it, and the one before it.
    onderwerp text not null,
    reeks bigint not null,
    vorige uuid,
    kanaal text not null,
    resource text not null,
    resource_id uuid not null,
    actie text not null check (actie in ('create', 'update', 'destroy')),
    kenmerken jsonb not null,
    tijdstip timestamptz not null,
    positie bigint not null,
    -- Key of the row it tells of, never shown; the moment at which what is told of ends by itself.
    rij text not null,
    tot timestamptz,
    unique (zetel, nummer)
);

-- The last number of each seat, and the highest one that was pruned.
create table gebeurtenis_zetel (
    zetel text primary key,
    nummer bigint not null,
    gesnoeid bigint not null default 0
);

-- The last place and notice of each subject of each seat.
create table gebeurtenis_reeks (
    zetel text not null,
    onderwerp text not null,
    reeks bigint not null,
    laatste uuid not null,
    primary key (zetel, onderwerp)
);

-- Up to here the ledger was told of; views that are made anew tell nothing twice. What was there before counts as told.
create table gebeurtenis_merk (positie bigint not null);
insert into gebeurtenis_merk
    select coalesce((select position from tracking where projection = 'zichten'), 0);

do $$ declare t text; begin
    foreach t in array array['gebeurtenis', 'gebeurtenis_zetel', 'gebeurtenis_reeks'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy eigen_zetel on %I for select to hub_lezer
                        using (zetel = current_setting(''hub.zetel'', true))', t);
        execute format('create policy projector on %I to current_user
                        using (current_setting(''hub.projector'', true) = ''aan'')
                        with check (current_setting(''hub.projector'', true) = ''aan'')', t);
        execute format('grant select on %I to hub_lezer', t);
    end loop;
end $$;
