-- Duties: for who owes them and whom they were escalated to; and, apart for it gives no notices, for the privacy officers.
create table zicht_plicht (
    zetel text not null,
    plicht_id uuid not null,
    spoor text not null,
    status text not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, plicht_id)
);
create index zicht_plicht_nieuwste on zicht_plicht (zetel, gewijzigd_positie desc);

alter table zicht_plicht enable row level security;
alter table zicht_plicht force row level security;
create policy eigen_zetel on zicht_plicht for select to hub_lezer
    using (zetel = current_setting('hub.zetel', true));
create policy projector on zicht_plicht to current_user
    using (current_setting('hub.projector', true) = 'aan')
    with check (current_setting('hub.projector', true) = 'aan');
grant select on zicht_plicht to hub_lezer;
alter table zicht_plicht alter column inhoud set storage external;

create table zicht_plichttoezicht (
    zetel text not null,
    plicht_id uuid not null,
    spoor text not null,
    status text not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, plicht_id)
);
create index zicht_plichttoezicht_nieuwste on zicht_plichttoezicht (zetel, gewijzigd_positie desc);

alter table zicht_plichttoezicht enable row level security;
alter table zicht_plichttoezicht force row level security;
create policy eigen_zetel on zicht_plichttoezicht for select to hub_lezer
    using (zetel = current_setting('hub.zetel', true));
create policy projector on zicht_plichttoezicht to current_user
    using (current_setting('hub.projector', true) = 'aan')
    with check (current_setting('hub.projector', true) = 'aan');
grant select on zicht_plichttoezicht to hub_lezer;
alter table zicht_plichttoezicht alter column inhoud set storage external;
