-- Questions between partnerships: for who asked, for the contact point that was asked, and for who has the regie on either side.
create table zicht_navraag (
    zetel text not null,
    navraag_id uuid not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, navraag_id)
);
create index zicht_navraag_nieuwste on zicht_navraag (zetel, gewijzigd_positie desc);

alter table zicht_navraag enable row level security;
alter table zicht_navraag force row level security;
create policy eigen_zetel on zicht_navraag for select to hub_lezer
    using (zetel = current_setting('hub.zetel', true));
create policy projector on zicht_navraag to current_user
    using (current_setting('hub.projector', true) = 'aan')
    with check (current_setting('hub.projector', true) = 'aan');
grant select on zicht_navraag to hub_lezer;
alter table zicht_navraag alter column inhoud set storage external;
