"""Reading: what one seat holds, and nothing else. Row-level security stands behind every query."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg_pool import ConnectionPool

from hub.views import joined
from hub.views.rows import (
    BRUGBERICHT,
    CASUS,
    CORRECTIETAAK,
    GEEN_CASUS,
    NAVRAAG,
    NOODTOEGANG,
    ONTVANGER,
    OVERLEG,
    PLICHT,
    PLICHTTOEZICHT,
    RESULTAAT,
    SIGNAAL,
    TERUGKOPPELING,
    TERUGROEPING,
    TIJDLIJN,
    TOESTEMMING,
    WEIGERING,
    Table,
    row_key,
)
from hub.views.sealing import Opened, Sealer
from hub.views.store import PROJECTION

Data = dict[str, Any]
Connection = psycopg.Connection[tuple[Any, ...]]
MAX_PAGE = 500


class Page(NamedTuple):
    """A page, newest first. `volgende`: the cursor (`na`) of the next page, None at the end."""

    items: list[Data]
    volgende: int | None


class Filters(NamedTuple):
    """Which signals of a list are asked for; None for all."""

    status: str | None = None
    regio: str | None = None
    casus_id: UUID | None = None


class Casusfilters(NamedTuple):
    """Which cases of a list are asked for; None for all."""

    status: str | None = None
    regio: str | None = None
    spoor: str | None = None


class Views:
    """The permitted views. Every method answers for one seat; what it does not hold does not exist (None, empty).

    `clock`: the moment now, UTC; what was held until an earlier moment is not held any more.
    """

    def __init__(self, pool: ConnectionPool[Connection], sealer: Sealer, clock: Callable[[], datetime]) -> None:
        self._pool, self._sealer, self._clock = pool, sealer, clock

    def position(self) -> int:
        """How far the views came on the ledger."""
        with self._pool.connection() as connection:
            query = "select position from tracking where projection = %s"
            found = connection.execute(query, (PROJECTION,)).fetchone()
        return int(found[0]) if found else 0

    def signalen(self, zetel: str, *, na: int | None = None, aantal: int = 100, filters: Filters | None = None) -> Page:
        """A page of the signals a seat holds. With `casus_id`: what it holds of them inside that case only."""
        wanted, limit = filters or Filters(), _limit(aantal)
        named = {name: value for name, value in wanted._asdict().items() if value is not None}
        chosen = {f"f_{name}": str(value) for name, value in named.items()}
        with self._as(zetel) as connection:
            heads = connection.execute(
                _heads(tuple(named)), {"zetel": zetel, "na": na, "limit": limit + 1, **chosen}
            ).fetchall()
            ids = [id for id, _ in heads[:limit]]
            rows = self._signal_rows(connection, zetel, ids, wanted.casus_id)
        items = self._joined(ids, rows)
        return Page(items, heads[limit - 1][1] if len(heads) > limit else None)

    def meer_dan(self, zetel: str, aantal: int) -> bool:
        """Whether a seat holds more signals than this; none of them is opened."""
        with self._as(zetel) as connection:
            found = connection.execute(_MORE, {"zetel": zetel, "aantal": aantal}).fetchall()
        return len(found) > aantal

    def signaal(self, zetel: str, signaal_id: UUID) -> Data | None:
        """All a seat holds of one signal."""
        with self._as(zetel) as connection:
            rows = self._signal_rows(connection, zetel, [signaal_id], None)
        return next(iter(self._joined([signaal_id], rows)), None)

    def casussen(
        self, zetel: str, *, na: int | None = None, aantal: int = 100, filters: Casusfilters | None = None
    ) -> Page:
        """A page of the cases a seat takes part in."""
        return self._page(CASUS, zetel, na, aantal, (filters or Casusfilters())._asdict())

    def casus(self, zetel: str, casus_id: UUID) -> Data | None:
        """One case: its state, its course, and the contributions that this seat holds in it or brought in."""
        with self._as(zetel) as connection:
            found = self._rows(connection, CASUS, zetel, "casus_id = %(id)s", {"id": casus_id})
            if not found:
                return None
            whole = found[0]
            whole["tijdlijn"] = self._rows(connection, TIJDLIJN, zetel, "casus_id = %(id)s", {"id": casus_id})
            whole["tijdlijn"].sort(key=lambda entry: int(entry["volgnummer"]))
            own = [UUID(id) for id in whole["eigen_signalen"]]
            ids = {row[0] for row in connection.execute(_IN_CASE, {"zetel": zetel, "casus_id": casus_id}).fetchall()}
            rows = self._signal_rows(connection, zetel, list(ids), casus_id)
            rows += self._signal_rows(connection, zetel, own, UUID(GEEN_CASUS))
        whole["bijdragen"] = self._joined(sorted(ids | set(own)), rows)
        return whole

    def casusvorm(self, zetel: str, casus_id: UUID) -> str | None:
        """The form of exploitation for which a case was opened, if the seat takes part in it."""
        with self._as(zetel) as connection:
            found = self._rows(connection, CASUS, zetel, "casus_id = %(id)s", {"id": casus_id})
        return found[0].get("inhoud", {}).get("vorm") if found else None

    def ontvangers(self, zetel: str, signaal_id: UUID) -> list[Data]:
        """Who holds, or held, what this seat put into a signal or passed on."""
        with self._as(zetel) as connection:
            return self._rows(connection, ONTVANGER, zetel, "signaal_id = %(id)s", {"id": signaal_id})

    def ontvangers_van(self, zetel: str, ids: Sequence[UUID]) -> dict[str, dict[str, set[str]]]:
        """Of several signals: each recipient, past ones too, with the categories this seat knows it to hold."""
        with self._as(zetel) as connection:
            rows = self._rows(connection, ONTVANGER, zetel, "signaal_id = any(%(ids)s)", {"ids": list(ids)})
        known: dict[str, dict[str, set[str]]] = {}
        for row in rows:
            known.setdefault(row["signaal_id"], {}).setdefault(row["ontvanger"], set()).update(row["categorieen"])
        return known

    def sporen_van(self, zetel: str, ids: Sequence[UUID]) -> dict[str, set[str]]:
        """Of several signals: the tracks in which others hold, now, what this seat put in or passed on."""
        with self._as(zetel) as connection:
            rows = self._rows(connection, ONTVANGER, zetel, "signaal_id = any(%(ids)s)", {"ids": list(ids)})
        known: dict[str, set[str]] = {}
        for row in rows:
            if not row["vervallen"] and not row.get("gebonden_aan"):
                known.setdefault(row["signaal_id"], set()).add(row["spoor"])
        return known

    def weigeringen(self, zetel: str, *, na: int | None = None, aantal: int = 100) -> Page:
        """A page of the refusals a seat got."""
        return self._page(WEIGERING, zetel, na, aantal)

    def toestemmingen(self, zetel: str, *, na: int | None = None, aantal: int = 100) -> Page:
        """A page of the consents a seat recorded, or is named in."""
        return self._page(TOESTEMMING, zetel, na, aantal)

    def noodtoegangen(self, zetel: str, *, na: int | None = None, aantal: int = 100) -> Page:
        """A page of the emergency accesses a seat took, was told of as owner of the data, or reviews."""
        return self._page(NOODTOEGANG, zetel, na, aantal)

    def navragen(self, zetel: str, *, na: int | None = None, aantal: int = 100) -> Page:
        """A page of the questions between partnerships that a seat asked, was asked, or is told of."""
        return self._page(NAVRAAG, zetel, na, aantal)

    def overleggen(self, zetel: str, *, na: int | None = None, aantal: int = 100) -> Page:
        """A page of the sessions a seat was in."""
        return self._page(OVERLEG, zetel, na, aantal)

    def overleg(self, zetel: str, overleg_id: UUID) -> Data | None:
        """One session, as far as the seat was in the room."""
        with self._as(zetel) as connection:
            found = self._rows(connection, OVERLEG, zetel, "overleg_id = %(id)s", {"id": overleg_id})
        return found[0] if found else None

    def resultaten(self, zetel: str, *, na: int | None = None, aantal: int = 100) -> Page:
        """A page of the results a seat made or was given."""
        return self._page(RESULTAAT, zetel, na, aantal)

    def resultaat(self, zetel: str, resultaat_id: UUID) -> Data | None:
        """One result, as far as the seat holds it."""
        with self._as(zetel) as connection:
            found = self._rows(connection, RESULTAAT, zetel, "resultaat_id = %(id)s", {"id": resultaat_id})
        return found[0] if found else None

    def brugberichten(self, zetel: str, *, na: int | None = None, aantal: int = 100) -> Page:
        """A page of the bridge messages a care seat got; not even the number under which the hub keeps them."""
        page = self._page(BRUGBERICHT, zetel, na, aantal)
        return Page([{k: v for k, v in item.items() if k != "brug_id"} for item in page.items], page.volgende)

    def terugroepingen(
        self,
        zetel: str,
        *,
        na: int | None = None,
        aantal: int = 100,
        status: str | None = None,
        signaal_id: UUID | None = None,
    ) -> Page:
        """A page of the recalls a seat is told of, that are about its own data, or that it supervises.

        The rows of one position stay together, for one correction tells many at once.
        """
        limit = _limit(aantal)
        asked = {"na": na, "limit": limit, "status": _statuses(status), "signaal_id": signaal_id}
        with self._as(zetel) as connection:
            found = self._rows(connection, TERUGROEPING, zetel, _RECALLS, asked)
        return Page(found, found[-1]["gewijzigd_positie"] if len(found) >= limit else None)

    def terugkoppelingen(
        self,
        zetel: str,
        *,
        na: int | None = None,
        aantal: int = 100,
        status: str | None = None,
        signaal_id: UUID | None = None,
    ) -> Page:
        """A page of the feedback a seat owes, is owed, or sees to; the rows of one position stay together."""
        limit = _limit(aantal)
        asked = {"na": na, "limit": limit, "status": _statuses(status), "signaal_id": signaal_id}
        with self._as(zetel) as connection:
            found = self._rows(connection, TERUGKOPPELING, zetel, _RECALLS, asked)
        return Page(found, found[-1]["gewijzigd_positie"] if len(found) >= limit else None)

    def correctietaken(self, zetel: str, *, na: int | None = None, aantal: int = 100) -> Page:
        """A page of the correction tasks that are for a seat, or that it asked for."""
        return self._page(CORRECTIETAAK, zetel, na, aantal)

    def plichten(
        self, zetel: str, *, na: int | None = None, aantal: int = 100, status: str | None = None, toezicht: bool = False
    ) -> Page:
        """A page of the duties a seat owes or was told are late; with `toezicht` those it supervises, without subject.

        The rows of one position stay together.
        """
        limit = _limit(aantal)
        table = PLICHTTOEZICHT if toezicht else PLICHT
        with self._as(zetel) as connection:
            found = self._rows(connection, table, zetel, _DUTIES, {"na": na, "limit": limit, "status": status})
        return Page(found, found[-1]["gewijzigd_positie"] if len(found) >= limit else None)

    @contextmanager
    def _as(self, zetel: str) -> Iterator[Connection]:
        """A read-only transaction that can see the rows of one seat."""
        with self._pool.connection() as connection, connection.transaction():
            with connection.pipeline():
                connection.execute("set transaction isolation level repeatable read, read only")
                connection.execute("set local role hub_lezer")
                connection.execute("select set_config('hub.zetel', %s, true)", (zetel,))
            yield connection

    def _page(self, table: Table, zetel: str, na: int | None, aantal: int, filters: Data | None = None) -> Page:
        order, limit = table.columns[-1], _limit(aantal)
        chosen = {name: value for name, value in (filters or {}).items() if value is not None}
        wanted = "".join(f" and {name} = %({name})s" for name in chosen)
        where = f"(%(na)s::bigint is null or {order} < %(na)s){wanted} order by {order} desc limit %(limit)s"
        with self._as(zetel) as connection:
            found = self._rows(connection, table, zetel, where, {"na": na, "limit": limit + 1, **chosen})
        return Page(found[:limit], found[limit - 1][order] if len(found) > limit else None)

    def _rows(self, connection: Connection, table: Table, zetel: str, where: str, values: Data) -> list[Data]:
        """Rows of a table as answers: their open part, their content, their key and last change."""
        names = sql.SQL(", ").join(map(sql.Identifier, (*table.columns, "inhoud")))
        query = sql.SQL("select {} from {} where zetel = %(zetel)s and {}").format(
            names,
            sql.Identifier(table.name),
            sql.SQL(where),
        )
        found = connection.execute(query, {"zetel": zetel, **values}).fetchall()
        opened = self._sealer.unseal_many([(row_key(table, row), row[-1]) for row in found])
        answers = []
        for row, one in zip(found, opened, strict=True):
            key = {name: _plain(value) for name, value in zip(table.columns[1:], row[1:], strict=False)}
            answers.append(key | one.open | _content(one))
        return answers

    def _signal_rows(
        self, connection: Connection, zetel: str, ids: Sequence[UUID], casus_id: UUID | None
    ) -> list[tuple[UUID, int, Opened]]:
        found = connection.execute(
            "select zetel, signaal_id, casus_id, gewijzigd_positie, inhoud from zicht_signaal"
            " where zetel = %(zetel)s and signaal_id = any(%(ids)s)"
            " and (%(casus_id)s::uuid is null or casus_id = %(casus_id)s)"
            " order by gewijzigd_positie desc, casus_id",
            {"zetel": zetel, "ids": list(ids), "casus_id": casus_id},
        ).fetchall()
        opened = self._sealer.unseal_many([(row_key(SIGNAAL, row), row[4]) for row in found])
        now = self._clock()
        return [(row[1], row[3], one) for row, one in zip(found, opened, strict=True) if not _over(one, now)]

    def _joined(self, ids: Sequence[UUID], rows: Sequence[tuple[UUID, int, Opened]]) -> list[Data]:
        grouped: dict[UUID, list[tuple[int, Opened]]] = {id: [] for id in ids}
        for id, position, opened in rows:
            grouped[id].append((position, opened))
        return [joined.signaal(str(id), own) for id, own in grouped.items() if own]


#: Unanswered is in time or late.
_ONBEANTWOORD = ["open", "te-laat"]
_RECALLS = (
    "(%(na)s::bigint is null or gewijzigd_positie < %(na)s)"
    " and (%(status)s::text[] is null or status = any(%(status)s))"
    " and (%(signaal_id)s::uuid is null or signaal_id = %(signaal_id)s)"
    " order by gewijzigd_positie desc fetch first %(limit)s rows with ties"
)
_DUTIES = (
    "(%(na)s::bigint is null or gewijzigd_positie < %(na)s) and (%(status)s::text is null or status = %(status)s)"
    " order by gewijzigd_positie desc fetch first %(limit)s rows with ties"
)
_MORE = "select distinct signaal_id from zicht_signaal where zetel = %(zetel)s limit %(aantal)s + 1"
#: In the words of the index of cases: a plan for any parameter cannot tell that it fits, and would walk the whole seat.
_IN_CASE = (
    "select signaal_id from zicht_signaal where zetel = %(zetel)s and casus_id = %(casus_id)s"
    " and casus_id <> '00000000-0000-0000-0000-000000000000'"
)


def _heads(filters: tuple[str, ...]) -> sql.Composed:
    """Of each signal the row that changed last, newest first: one line per signal however many rows it has."""
    outer, inner = (
        sql.SQL("").join(
            sql.SQL(" and {}.{} = {}").format(sql.SQL(alias), sql.Identifier(name), sql.Placeholder("f_" + name))
            for name in filters
        )
        for alias in ("a", "b")
    )
    return sql.SQL(
        "select a.signaal_id, a.gewijzigd_positie from zicht_signaal a"
        " where a.zetel = %(zetel)s and (%(na)s::bigint is null or a.gewijzigd_positie < %(na)s){}"
        " and not exists (select from zicht_signaal b where b.zetel = a.zetel and b.signaal_id = a.signaal_id"
        " and (b.gewijzigd_positie, b.casus_id) > (a.gewijzigd_positie, a.casus_id){})"
        " order by a.gewijzigd_positie desc limit %(limit)s"
    ).format(outer, inner)


def _over(opened: Opened, now: datetime) -> bool:
    """Whether a disclosure has passed its end moment, recorded as ended or not yet."""
    end = opened.open.get("verstrekking", {}).get("tot")
    return end is not None and datetime.fromisoformat(end) <= now


def _statuses(asked: str | None) -> list[str] | None:
    if asked is None:
        return None
    return _ONBEANTWOORD if asked == "onbeantwoord" else [asked]


def _limit(aantal: int) -> int:
    return max(1, min(aantal, MAX_PAGE))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _content(opened: Opened) -> Data:
    """Content of a row that is not a signal: its fields, or its pieces by number."""
    fields: Data = {}
    for content in opened.contents:
        fields |= {name: value for name, value in content.items() if name not in ("delen", "inhoud")}
    if not fields:
        return {}
    return {"inhoud": fields}
