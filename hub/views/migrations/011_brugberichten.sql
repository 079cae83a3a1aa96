-- What crossed the bridge to a care seat: four fields and the number of the message, for that seat alone.
create table zicht_brugbericht (
    zetel text not null,
    brug_id uuid not null,
    volgnummer integer not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, brug_id, volgnummer)
);
create index zicht_brugbericht_nieuwste on zicht_brugbericht (zetel, gewijzigd_positie desc);

alter table zicht_brugbericht enable row level security;
alter table zicht_brugbericht force row level security;
create policy eigen_zetel on zicht_brugbericht for select to hub_lezer
    using (zetel = current_setting('hub.zetel', true));
create policy projector on zicht_brugbericht to current_user
    using (current_setting('hub.projector', true) = 'aan')
    with check (current_setting('hub.projector', true) = 'aan');
grant select on zicht_brugbericht to hub_lezer;
alter table zicht_brugbericht alter column inhoud set storage external;
