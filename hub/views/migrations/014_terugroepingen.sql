-- Recalls: for who is told, for whose data they are about, and for the privacy officers.
create table zicht_terugroeping (
    zetel text not null,
    signaal_id uuid not null,
    terugroeping_id uuid not null,
    status text not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, signaal_id, terugroeping_id)
);
create index zicht_terugroeping_nieuwste on zicht_terugroeping (zetel, gewijzigd_positie desc);

alter table zicht_terugroeping enable row level security;
alter table zicht_terugroeping force row level security;
create policy eigen_zetel on zicht_terugroeping for select to hub_lezer
    using (zetel = current_setting('hub.zetel', true));
create policy projector on zicht_terugroeping to current_user
    using (current_setting('hub.projector', true) = 'aan')
    with check (current_setting('hub.projector', true) = 'aan');
grant select on zicht_terugroeping to hub_lezer;
alter table zicht_terugroeping alter column inhoud set storage external;
