-- How far each follower of the ledger came. Lost or set back, it looks again at what it saw: nothing is done twice.
create table followers (
    follower text primary key,
    position bigint not null
);
