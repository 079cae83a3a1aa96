-- Correction tasks: for the provider who is to look at an error, and for who pointed it out.
create table zicht_correctietaak (
    zetel text not null,
    signaal_id uuid not null,
    correctietaak_id uuid not null,
    status text not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, signaal_id, correctietaak_id)
);
create index zicht_correctietaak_nieuwste on zicht_correctietaak (zetel, gewijzigd_positie desc);

alter table zicht_correctietaak enable row level security;
alter table zicht_correctietaak force row level security;
create policy eigen_zetel on zicht_correctietaak for select to hub_lezer
    using (zetel = current_setting('hub.zetel', true));
create policy projector on zicht_correctietaak to current_user
    using (current_setting('hub.projector', true) = 'aan')
    with check (current_setting('hub.projector', true) = 'aan');
grant select on zicht_correctietaak to hub_lezer;
alter table zicht_correctietaak alter column inhoud set storage external;
