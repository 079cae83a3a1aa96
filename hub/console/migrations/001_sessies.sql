-- Who is signed in at the console. Digests only: a row opens no session. Emptied of what is over at every sign-in.
create table console_sessie (
    digest bytea primary key check (octet_length(digest) = 32),
    inhoud jsonb not null,
    verloopt timestamptz not null
);
create index console_sessie_verloopt on console_sessie (verloopt);
