"""Notices: what changed in the permitted view of a seat, without content. Whoever may see it fetches it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool

from hub.ledger.follow import HeadWatch, Listener
from hub.views.nieuws import BRONNEN, DESTROY, PER_TABEL, VOORBIJ
from hub.views.rows import Table

Connection = psycopg.Connection[tuple[Any, ...]]

CHANNEL = "signaalhub_gebeurtenissen"
MAX_PAGE = 500
#: CloudEvents by what happened to the resource.
SOORTEN: Mapping[str, str] = {"create": "aangemaakt", "update": "gewijzigd", "destroy": "vervallen"}
_PREFIX = "nl.overheid.mensenhandel."


@dataclass(frozen=True, slots=True)
class Gebeurtenis:
    """One notice. `volgorde`: among all; `nummer`: among those of its seat, from 1 without gaps.

    `onderwerp`: what order is kept in, `casus:<id>` or else `signaal:<id>` and the like; `reeks`: place in it;
    `vorige`: id of the one before it there. `tijdstip`, `positie`: of what happened. `rij`, `tot`: which row of the
    view it is about and when that ends by itself; never shown.
    """

    volgorde: int
    zetel: str
    nummer: int
    id: UUID
    onderwerp: str
    reeks: int
    vorige: UUID | None
    kanaal: str
    resource: str
    resource_id: UUID
    actie: str
    kenmerken: Mapping[str, str]
    tijdstip: datetime
    positie: int
    rij: str = field(default="", repr=False)
    tot: datetime | None = field(default=None, repr=False)

    @property
    def hoofdobject(self) -> str:
        """What it belongs to, `casus:<id>` and the like."""
        return self.onderwerp

    @property
    def object(self) -> str:
        """What it is about, as access records name it: `signaal:<id>`."""
        return f"{self.resource}:{self.resource_id}"


_BRON_VAN = {bron.resource: bron for bron in BRONNEN.values()}


def aankondiging(one: Gebeurtenis, adres: str, oin: str) -> dict[str, Any]:
    """The notice as it travels by every channel: a CloudEvent with the fields of ZGW. `adres`: of the hub.

    Source: NL GOV profile for CloudEvents; CloudEvents extensions sequence and dataref; ZGW Notificaties.
    """
    soort, _, subject = one.onderwerp.partition(":")
    url = adres + _BRON_VAN[one.resource].adres.format(id=one.resource_id, onderwerp=subject)
    main = _BRON_VAN[soort].adres.format(id=subject, onderwerp=subject)
    moment = one.tijdstip.isoformat().replace("+00:00", "Z")
    chain = {"previousid": str(one.vorige)} if one.vorige else {}
    return {
        "specversion": "1.0",
        "id": str(one.id),
        "source": f"urn:nld:oin:{oin}:systeem:signaalhub",
        "type": f"{_PREFIX}{one.resource}-{SOORTEN[one.actie]}.v1",
        "subject": one.onderwerp,
        "time": moment,
        "datacontenttype": "application/json",
        "dataref": url,
        "sequence": f"{one.reeks:020d}",
        "sequencetype": "Integer",
        **chain,
        "data": {
            "kanaal": one.kanaal,
            "hoofdObject": adres + main,
            "resource": one.resource,
            "resourceUrl": url,
            "actie": one.actie,
            "aanmaakdatum": moment,
            "kenmerken": dict(one.kenmerken),
        },
    }


_COLUMNS = (
    "volgorde, zetel, nummer, id, onderwerp, reeks, vorige, kanaal, resource, resource_id, actie, kenmerken,"
    " tijdstip, positie, rij, tot"
)


class Gebeurtenissen:
    """The notices of one database. `zetel_geldt`: whether a seat exists now in the policy in force.

    Thread-safe. `wait` opens a connection of its own at first use; `close` ends it.
    """

    def __init__(self, pool: ConnectionPool[Connection], dsn: str, zetel_geldt: Callable[[str], bool]) -> None:
        self._pool, self._zetel_geldt = pool, zetel_geldt
        self._watch = HeadWatch()
        self._listener = Listener(dsn, self._watch, self.laatste, CHANNEL)

    def van_zetel(self, zetel: str, na: int, aantal: int) -> list[Gebeurtenis]:
        """The notices of a seat after number `na`, at most `aantal`, by number."""
        query = f"select {_COLUMNS} from gebeurtenis where zetel = %s and nummer > %s order by nummer limit %s"  # noqa: S608
        with self._reading(zetel) as connection:
            found = connection.execute(query, (zetel, na, min(aantal, MAX_PAGE))).fetchall()
        return [Gebeurtenis(*row) for row in found]

    def gesnoeid(self, zetel: str) -> int:
        """The highest number of a seat that was pruned; 0 when none was."""
        return self._of_seat(zetel)[1]

    def hoogste(self, zetel: str) -> int:
        """The highest number of a seat; 0 when it was told nothing."""
        return self._of_seat(zetel)[0]

    def _of_seat(self, zetel: str) -> tuple[int, int]:
        with self._reading(zetel) as connection:
            query = "select nummer, gesnoeid from gebeurtenis_zetel where zetel = %s"
            found = connection.execute(query, (zetel,)).fetchone()
        return (int(found[0]), int(found[1])) if found else (0, 0)

    def na(self, volgorde: int, aantal: int) -> list[Gebeurtenis]:
        """The notices of all seats after place `volgorde`, at most `aantal`, in order."""
        query = f"select {_COLUMNS} from gebeurtenis where volgorde > %s order by volgorde limit %s"  # noqa: S608
        with self._reading(None) as connection:
            found = connection.execute(query, (volgorde, aantal)).fetchall()
        return [Gebeurtenis(*row) for row in found]

    def zetels_na(self, volgorde: int) -> set[str]:
        """The seats that were told something after place `volgorde`."""
        with self._reading(None) as connection:
            found = connection.execute(
                "select distinct zetel from gebeurtenis where volgorde > %s", (volgorde,)
            ).fetchall()
        return {zetel for (zetel,) in found}

    def laatste(self) -> int:
        """The highest place there is, 0 for none."""
        with self._reading(None) as connection:
            found = connection.execute("select max(volgorde) from gebeurtenis").fetchone()
        return int(found[0]) if found and found[0] is not None else 0

    def toegestaan(self, found: Sequence[Gebeurtenis], nu: datetime) -> list[bool]:
        """Of each notice whether it may be sent now: its seat is in force, and its row still there and not over.

        That something is gone may be told for ever.
        """
        seats = {zetel: self._zetel_geldt(zetel) for zetel in {one.zetel for one in found}}
        asked = [one for one in found if one.actie != DESTROY and seats[one.zetel] and not _ended(one, nu)]
        there = self._there({one.rij for one in asked})
        return [
            seats[one.zetel] and (one.actie == DESTROY or (not _ended(one, nu) and one.rij in there)) for one in found
        ]

    def wait(self, na: int, timeout: float) -> int:
        """The highest place, as soon as it is above `na`, or after `timeout` seconds."""
        self._listener.start()
        return self._watch.wait(na, timeout)

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _there(self, rows: Iterable[str]) -> set[str]:
        """The rows among these keys that are there and not over."""
        grouped: dict[str, list[str]] = {}
        for one in rows:
            grouped.setdefault(one.partition("|")[0], []).append(one)
        there: set[str] = set()
        if grouped:
            with self._reading(None) as connection:
                for name, keys in grouped.items():
                    found = connection.execute(_there_query(PER_TABEL[name][0]), ["\n".join(keys)]).fetchall()
                    there.update(row[0] for row in found)
        return there

    @contextmanager
    def _reading(self, zetel: str | None) -> Iterator[Connection]:
        """A read-only transaction that sees the rows of one seat; with None, as the hub itself, those of all."""
        with self._pool.connection() as connection, connection.transaction():
            with connection.pipeline():
                connection.execute("set transaction read only")
                if zetel is None:
                    connection.execute("select set_config('hub.projector', 'aan', true)")
                else:
                    connection.execute("set local role hub_lezer")
                    connection.execute("select set_config('hub.zetel', %s, true)", (zetel,))
            yield connection


def _ended(one: Gebeurtenis, nu: datetime) -> bool:
    return one.tot is not None and one.tot <= nu


@cache
def _there_query(table: Table) -> str:
    """One text goes in, keys by line: that is a third of the work of arrays of texts."""
    keys = table.columns[: table.keys]
    types = ("text" if name == "zetel" else "integer" if name == "volgnummer" else "uuid" for name in keys)
    parts = ", ".join(f"split_part(rij, '|', {at})::{kind}" for at, kind in enumerate(types, 2))
    over = ""
    if "status" in table.columns:
        over = f" where z.status not in ({', '.join(repr(status) for status in sorted(VOORBIJ))})"
    return (
        f"select nieuw.rij from string_to_table(%s, E'\\n') as nieuw (rij)"  # noqa: S608
        f" join {table.name} z on ({', '.join(f'z.{name}' for name in keys)}) = ({parts}){over}"
    )
