-- Emergency access: for who asked, for whose data they are, and for the privacy officers.
create table zicht_noodtoegang (
    zetel text not null,
    noodtoegang_id uuid not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, noodtoegang_id)
);
create index zicht_noodtoegang_nieuwste on zicht_noodtoegang (zetel, gewijzigd_positie desc);

alter table zicht_noodtoegang enable row level security;
alter table zicht_noodtoegang force row level security;
create policy eigen_zetel on zicht_noodtoegang for select to hub_lezer
    using (zetel = current_setting('hub.zetel', true));
create policy projector on zicht_noodtoegang to current_user
    using (current_setting('hub.projector', true) = 'aan')
    with check (current_setting('hub.projector', true) = 'aan');
grant select on zicht_noodtoegang to hub_lezer;
alter table zicht_noodtoegang alter column inhoud set storage external;
