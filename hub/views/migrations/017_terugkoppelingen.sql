-- Feedback: for who owes it, for who is owed it, and for who sees to it.
create table zicht_terugkoppeling (
    zetel text not null,
    signaal_id uuid not null,
    terugkoppeling_id uuid not null,
    status text not null,
    gewijzigd_positie bigint not null,
    inhoud bytea not null,
    primary key (zetel, signaal_id, terugkoppeling_id)
);
create index zicht_terugkoppeling_nieuwste on zicht_terugkoppeling (zetel, gewijzigd_positie desc);

alter table zicht_terugkoppeling enable row level security;
alter table zicht_terugkoppeling force row level security;
create policy eigen_zetel on zicht_terugkoppeling for select to hub_lezer
    using (zetel = current_setting('hub.zetel', true));
create policy projector on zicht_terugkoppeling to current_user
    using (current_setting('hub.projector', true) = 'aan')
    with check (current_setting('hub.projector', true) = 'aan');
grant select on zicht_terugkoppeling to hub_lezer;
alter table zicht_terugkoppeling alter column inhoud set storage external;
