-- Key-encryption keys that wrap no more, so that one of them can be destroyed with everything that was destroyed under
-- it, in every copy. A tombstone in subject_keys keeps the name of the key it lay under.
create table tijdvaksleutels (
    naam text primary key,
    gesloten_op timestamptz not null,
    vernietigd_op timestamptz
);
