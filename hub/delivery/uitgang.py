"""The way out of the projector: news becomes numbered notices, in the transaction of the rows it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
import psycopg

from hub.delivery.gebeurtenissen import CHANNEL
from hub.views.arrays import Texts
from hub.views.nieuws import PER_TABEL, Nieuws

Connection = psycopg.Connection[tuple[Any, ...]]

#: Root of the ids of notices.
NAAMRUIMTE = uuid5(NAMESPACE_URL, "https://signaalhub.nl/gebeurtenissen/id")

_WRITE = """
with nieuw as materialized (
    select plek, zetel, id::uuid as id, onderwerp, kanaal, resource, resource_id::uuid as resource_id, actie,
           kenmerken::jsonb as kenmerken, tijdstip::timestamptz as tijdstip, positie::bigint as positie, rij,
           tot::timestamptz as tot
    from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                %s::text[], %s::text[], %s::text[], %s::text[]) with ordinality
        as n (zetel, id, onderwerp, kanaal, resource, resource_id, actie, kenmerken, tijdstip, positie, rij, tot, plek)
), genummerd as materialized (
    select n.*, coalesce(z.nummer, 0) + row_number() over (partition by n.zetel order by plek) as nummer,
           coalesce(r.reeks, 0) + row_number() over onderwerp as reeks,
           coalesce(lag(n.id) over onderwerp, r.laatste) as vorige
    from nieuw n left join gebeurtenis_zetel z on z.zetel = n.zetel
        left join gebeurtenis_reeks r on r.zetel = n.zetel and r.onderwerp = n.onderwerp
    window onderwerp as (partition by n.zetel, n.onderwerp order by plek)
), geteld as (
    insert into gebeurtenis_zetel (zetel, nummer) select zetel, max(nummer) from genummerd group by zetel
    on conflict (zetel) do update set nummer = excluded.nummer
), geregen as (
    insert into gebeurtenis_reeks (zetel, onderwerp, reeks, laatste)
    select distinct on (zetel, onderwerp) zetel, onderwerp, reeks, id from genummerd
    order by zetel, onderwerp, reeks desc
    on conflict (zetel, onderwerp) do update set reeks = excluded.reeks, laatste = excluded.laatste
), geschreven as (
    insert into gebeurtenis (zetel, nummer, id, onderwerp, reeks, vorige, kanaal, resource, resource_id, actie,
                             kenmerken, tijdstip, positie, rij, tot)
    select zetel, nummer, id, onderwerp, reeks, vorige, kanaal, resource, resource_id, actie, kenmerken, tijdstip,
           positie, rij, tot
    from genummerd order by plek
    returning volgorde
)
select pg_notify(%s, max(volgorde)::text) from geschreven
"""
_UNSAY = (
    "delete from gebeurtenis g using unnest(%s::text[], %s::text[]) as stil (zetel, begin)"
    " where g.zetel = stil.zetel and starts_with(g.rij, stil.begin)"
)


def gebeurtenis_id(one: Nieuws) -> UUID:
    """Always the same for the same change of the same row of a seat."""
    return uuid5(NAAMRUIMTE, f"{one.rij}#{one.positie}#{one.actie}")


class Uitgang:
    """Writes notices. Numbers of a seat, and of a subject of a seat, have no gaps and follow commits."""

    def mark(self, connection: Connection) -> int:
        """The position up to which news was made."""
        found = connection.execute("select positie from gebeurtenis_merk").fetchone()
        return int(found[0]) if found else 0

    def write(
        self, connection: Connection, news: Sequence[Nieuws], unsaid: Sequence[tuple[str, str]], until: int
    ) -> None:
        """Number and write news, take back what is unsaid, and move the mark."""
        if unsaid:
            connection.execute(_UNSAY, ([zetel for zetel, _ in unsaid], [begin for _, begin in unsaid]))
        connection.execute("update gebeurtenis_merk set positie = %s", (until,))
        if news:
            columns = list(zip(*map(_values, news), strict=True))
            connection.execute(_WRITE, (*map(Texts, columns), CHANNEL))


def _values(one: Nieuws) -> tuple[Any, ...]:
    bron = PER_TABEL[one.tabel][1]
    return (
        one.zetel,
        gebeurtenis_id(one),
        one.onderwerp,
        bron.kanaal,
        bron.resource,
        one.resource_id,
        one.actie,
        orjson.dumps(one.kenmerken).decode(),
        one.tijdstip,
        one.positie,
        one.rij,
        one.tot,
    )
