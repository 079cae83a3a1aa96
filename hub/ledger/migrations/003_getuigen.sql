-- Checkpoints as handed out: per log the newest, and the newest that had its quorum of witnesses.
create table controlepunten (
    log text not null,
    getuigd boolean not null,
    grootte bigint not null,
    notitie text not null,
    tijdstip timestamptz not null,
    primary key (log, getuigd)
);

-- How each witness stood when it was last asked; grootte, getekend_op: what it last cosigned.
create table getuigen (
    log text not null,
    getuige text not null,
    stand text not null,
    grootte bigint,
    tijdstip timestamptz not null,
    getekend_op timestamptz,
    primary key (log, getuige)
);
