-- Results of cases, for each seat the pieces it may hold; a third party finds nothing of the case beside them.
create table zicht_resultaat (
    zetel text not null,
    resultaat_id uuid not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, resultaat_id)
);
create index zicht_resultaat_nieuwste on zicht_resultaat (zetel, gewijzigd_positie desc);

alter table zicht_resultaat enable row level security;
alter table zicht_resultaat force row level security;
create policy eigen_zetel on zicht_resultaat for select to hub_lezer
    using (zetel = current_setting('hub.zetel', true));
create policy projector on zicht_resultaat to current_user
    using (current_setting('hub.projector', true) = 'aan')
    with check (current_setting('hub.projector', true) = 'aan');
grant select on zicht_resultaat to hub_lezer;
alter table zicht_resultaat alter column inhoud set storage external;
