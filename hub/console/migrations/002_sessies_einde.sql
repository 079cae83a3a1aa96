-- A session has an end that nothing moves, is sealed under its own name, and is found again by whose it is.
-- `merken`: digests of the person and of her sign-in at the provider, by which all of hers can be ended.
delete from console_sessie;
alter table console_sessie
    drop column inhoud,
    add column inhoud bytea not null,
    add column uiterlijk timestamptz not null,
    add column merken bytea[] not null default '{}';
create index console_sessie_merken on console_sessie using gin (merken);
