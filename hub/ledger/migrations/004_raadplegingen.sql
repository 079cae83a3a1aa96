-- By what an access record can be found, in the transaction that writes it: a digest of `signaal:<id>`, `zetel:<id>` …
-- Two keys may share a digest: who looks compares the record itself.
create table toegang_index (
    sleutel bigint not null,
    volgnummer bigint not null,
    primary key (sleutel, volgnummer)
);

-- How many access records there are of a case, and which was the last. Each record says both of the one before it.
create table casusreeksen (
    casus uuid primary key,
    aantal bigint not null,
    laatste bigint not null
);

-- Records of before this table.
insert into toegang_index (sleutel, volgnummer)
select distinct hashtextextended(k.sleutel, 0), a.volgnummer
from access_log a
cross join lateral (select convert_from(a.data, 'UTF8')::jsonb as record) as r
cross join lateral (
    select jsonb_array_elements_text(r.record -> 'objecten') as sleutel
    union all select 'zetel:' || (r.record ->> 'zetel')
    union all select 'actor:' || (r.record ->> 'actor')
    union all select 'casus:' || (r.record ->> 'casus')
) as k
where k.sleutel is not null;
