-- Client assertions already used, until they expire. Digests only: a row tells nothing about its assertion.
create table oauth_jti (
    digest bytea primary key check (octet_length(digest) = 32),
    expires timestamptz not null
);
create index oauth_jti_expires on oauth_jti (expires);
