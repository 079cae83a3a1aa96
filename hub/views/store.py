"""Where views are kept: rows, states and the position, moved in one PostgreSQL transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import orjson
import psycopg
from psycopg import sql

from hub.views.arrays import Blobs, BlobsDumper, Texts, TextsDumper
from hub.views.folds import FOLDS, Changes, Key
from hub.views.nieuws import PER_TABEL, Nieuws, Outbox, Verloren, news_of, told
from hub.views.rows import GEEN_CASUS, SIGNAAL, TABLES, Loss, Stand, Table, row_key
from hub.views.sealing import Sealer, Unsealed, apart, together

PROJECTION = "zichten"
_BYTES = ("inhoud", "stand")
_TYPES = {
    **dict.fromkeys(_BYTES, "bytea"),
    **dict.fromkeys(("id", "signaal_id", "casus_id", "verstrekking_id", "toestemming_id"), "uuid"),
    **dict.fromkeys(("overleg_id", "brug_id", "noodtoegang_id", "resultaat_id"), "uuid"),
    **dict.fromkeys(("terugroeping_id", "terugkoppeling_id", "correctietaak_id"), "uuid"),
    **dict.fromkeys(("plicht_id", "navraag_id"), "uuid"),
    **dict.fromkeys(("gewijzigd_positie", "positie"), "bigint"),
    "volgnummer": "integer",
    "sinds": "timestamptz",
}
_BRON = Table("bron", ("id", "soort", "zetel", "stand"), 2)
Connection = psycopg.Connection[tuple[Any, ...]]


class LostPosition(RuntimeError):
    """The position moved under the projector; nothing was written."""


class Prepared(NamedTuple):
    """A batch as bytes, ready to write: per table the values of its rows. `kept`: states of changed content.

    `news`: its rows as news, None where that was told before; `moments`: of its positions.
    """

    since: int
    until: int
    tables: dict[Table, list[tuple[Any, ...]]]
    stands: list[tuple[Any, ...]]
    losses: list[Loss]
    news: list[Nieuws] | None = None
    moments: Mapping[int, datetime] = {}


def prepare(batch: Changes, sealer: Sealer, moments: Mapping[int, datetime] | None = None) -> Prepared:
    """Seal all rows and states of a batch at once. `moments`: of its positions, where it is to be told of."""
    unsealed = [made.unsealed for made in batch.rows]
    kept = [stand for stand in batch.stands if stand.geheim_positie >= batch.since]
    apart_kept = [stand for stand in kept if not FOLDS[stand.soort].only_own(stand)]
    unsealed += [
        Unsealed(stand.key, stand.id, stand.open.get("spoor", "hub"), {}, apart(stand.geheim)) for stand in apart_kept
    ]
    blobs = sealer.seal_many(unsealed)
    tables: dict[Table, list[tuple[Any, ...]]] = {}
    for made, blob in zip(batch.rows, blobs, strict=False):
        tables.setdefault(made.table, []).append((*made.values, blob))
    sealed = dict(zip((stand.key for stand in apart_kept), blobs[len(batch.rows) :], strict=True))
    stands = [_stand_row(stand, sealed.get(stand.key)) for stand in batch.stands]
    news = None if moments is None else told(batch.rows, batch.since, moments)
    return Prepared(batch.since, batch.until, tables, stands, batch.losses, news, moments or {})


def _stand_row(stand: Stand, blob: bytes | None) -> tuple[Any, ...]:
    moved = (stand.positie, stand.geheim_positie)
    state = orjson.dumps([*moved, stand.open])
    return (str(stand.id), stand.soort, stand.open.get("zetel"), state, blob)


class Store:
    """The projector's side of the database, over one connection. `outbox`: where news goes, None for nowhere."""

    def __init__(self, connection: Connection, outbox: Outbox | None = None) -> None:
        self._connection, self._outbox = connection, outbox
        connection.adapters.register_dumper(Texts, TextsDumper)
        connection.adapters.register_dumper(Blobs, BlobsDumper)
        with connection.transaction():
            connection.execute("select set_config('hub.projector', 'aan', false)")

    def try_lock(self) -> bool:
        """Be the only projector of this database, as long as the connection stands."""
        try:
            with self._connection.transaction():
                # The server notices a moment late that the connection of a closed or killed projector is gone.
                self._connection.execute("set local lock_timeout = '2s'")
                self._connection.execute("select pg_advisory_lock(hashtext('signaalhub.zichten'))")
        except psycopg.errors.LockNotAvailable:
            return False
        return True

    def position(self) -> int:
        """How far the views came."""
        with self._connection.transaction():
            self._connection.execute(
                "insert into tracking (projection, position) values (%s, 0) on conflict do nothing", (PROJECTION,)
            )
            found = self._connection.execute(
                "select position from tracking where projection = %s", (PROJECTION,)
            ).fetchone()
        return int(found[0]) if found else 0

    def mark(self) -> int | None:
        """Up to where news was made, None where none is made at all."""
        if self._outbox is None:
            return None
        with self._connection.transaction():
            return self._outbox.mark(self._connection)

    def empty(self) -> None:
        """Take all rows and states away; the views begin anew at 0."""
        names = sql.SQL(", ").join(sql.Identifier(table.name) for table in (*TABLES, _BRON))
        with self._connection.transaction():
            self._connection.execute(sql.SQL("truncate {}").format(names))
            self._connection.execute("update tracking set position = 0 where projection = %s", (PROJECTION,))

    def load(self, keys: Iterable[Key], sealer: Sealer) -> dict[Key, Stand]:
        """The stored states among `keys`."""
        with self._connection.transaction():
            found = self._connection.execute(
                "select b.soort, b.id, b.stand, b.inhoud, z.inhoud, b.zetel from bron b left join zicht_signaal z"
                " on b.soort = 'signaal' and b.inhoud is null"
                " and z.zetel = b.zetel and z.signaal_id = b.id and z.casus_id = %s"
                " where b.id = any(%s)",
                (GEEN_CASUS, list({id for _, id in keys})),
            ).fetchall()
        stands: list[Stand] = []
        sealed: list[tuple[Stand, str, bytes]] = []
        for soort, id, state, own, elsewhere, zetel in found:
            position, content_position, shown = orjson.loads(state)
            stand = Stand(soort, id, shown, positie=position, geheim_positie=content_position)
            stands.append(stand)
            if own is not None:
                sealed.append((stand, stand.key, own))
            elif elsewhere is not None:
                sealed.append((stand, row_key(SIGNAAL, (zetel, id, GEEN_CASUS)), elsewhere))
        contents = sealer.unseal_many([(key, blob) for _, key, blob in sealed])
        for (stand, _, _), opened in zip(sealed, contents, strict=True):
            stand.geheim = together(opened.contents)
        return {(stand.soort, stand.id): stand for stand in stands}

    def write(self, batch: Prepared, before: int) -> None:
        """Write a batch and move the position from `before` to its end. Raises LostPosition."""
        with self._connection.transaction():
            # Views can be made again from the ledger: a lost commit loses rows and position together.
            self._connection.execute("set local synchronous_commit = off")
            moved = self._connection.execute(
                "update tracking set position = %s where projection = %s and position = %s",
                (batch.until, PROJECTION, before),
            )
            if moved.rowcount != 1:
                raise LostPosition("the position of the views was moved by another projector")
            telling = self._outbox is not None and batch.news is not None
            lost = self._remove(batch.losses, telling)
            held: set[str] = set()
            for table, rows in batch.tables.items():
                held |= self._upsert(table, rows, "inhoud = excluded.inhoud", telling and table.name in PER_TABEL)
            # A state whose content did not change keeps its sealed content.
            self._upsert(_BRON, batch.stands, "inhoud = coalesce(excluded.inhoud, bron.inhoud)")
            if self._outbox is not None and batch.news is not None:
                news, unsaid = news_of(batch.news, held, lost, batch.since, batch.moments)
                self._outbox.write(self._connection, news, _beginnings(batch.losses, unsaid), batch.until)

    def _remove(self, losses: Sequence[Loss], telling: bool) -> dict[str, Verloren]:
        """The removed rows by key, of tables that are told of, where `telling`."""
        grouped: dict[tuple[str, str], list[Loss]] = {}
        lost: dict[str, Verloren] = {}
        for loss in losses:
            for tabel in loss.tabellen:
                grouped.setdefault((tabel, loss.sleutel), []).append(loss)
        for (name, column), gone in grouped.items():
            query = sql.SQL(
                "delete from {} z using unnest(%s::text[], %s::uuid[]) as weg (zetel, id)"
                " where z.zetel = weg.zetel and z.{} = weg.id"
            ).format(sql.Identifier(name), sql.Identifier(column))
            given = ([loss.zetel for loss in gone], [loss.id for loss in gone])
            if not telling or name not in PER_TABEL:
                self._connection.execute(query, given)
                continue
            table = PER_TABEL[name][0]
            by_seat = {(loss.zetel, loss.id): loss for loss in gone}
            for keys in self._connection.execute(query + _returning(table, "z"), given).fetchall():
                loss = by_seat[keys[0], str(keys[table.columns.index(column)])]
                lost[row_key(table, keys)] = Verloren(table, keys, loss)
        return lost

    def _upsert(self, table: Table, rows: Sequence[tuple[Any, ...]], content: str, telling: bool = False) -> set[str]:
        """The keys of the rows that were there already, where `telling`."""
        if not rows:
            return set()
        columns = list(zip(*rows, strict=True))
        values = [
            Blobs(column) if name in _BYTES else Texts(column)
            for name, column in zip((*table.columns, "inhoud"), columns, strict=True)
        ]
        done = self._connection.execute(_upsert_query(table, content, telling), values)
        return {row_key(table, keys) for keys in done.fetchall()} if telling else set()


def _beginnings(losses: Sequence[Loss], unsaid: Sequence[Verloren]) -> list[tuple[str, str]]:
    """The keys of rows that went without a word; of what is withheld whole, how all its keys begin."""
    exact = [(one.loss.zetel, row_key(one.table, one.keys)) for one in unsaid]
    whole = [loss for loss in losses if loss.stil and len(loss.tabellen) > 1]
    return exact + [(loss.zetel, f"{name}|{loss.zetel}|{loss.id}|") for loss in whole for name in loss.tabellen]


def _returning(table: Table, alias: str) -> sql.Composed:
    keys = (
        sql.SQL("{}.{}").format(sql.Identifier(alias), sql.Identifier(name)) for name in table.columns[: table.keys]
    )
    return sql.SQL(" returning ") + sql.SQL(", ").join(keys)


@cache
def _upsert_query(table: Table, content: str, telling: bool) -> sql.Composed:
    query = _upsert_alone(table, content)
    if not telling:
        return query
    keys = sql.SQL(", ").join(map(sql.Identifier, table.columns[: table.keys]))
    # Only a row that was inserted has no version before it (xmax).
    return sql.SQL("with nu as ({}{}, {}.xmax = 0 as nieuw) select {} from nu where not nieuw").format(
        query, _returning(table, table.name), sql.Identifier(table.name), keys
    )


def _upsert_alone(table: Table, content: str) -> sql.Composed:
    names = (*table.columns, "inhoud")
    given = sql.SQL(", ").join(
        sql.SQL("%s::{}[]").format(sql.SQL("bytea" if name in _BYTES else "text")) for name in names
    )
    cast = sql.SQL(", ").join(
        sql.SQL("{}::{}").format(sql.Identifier(name), sql.SQL(_TYPES.get(name, "text"))) for name in names
    )
    changed = [f"{name} = excluded.{name}" for name in table.columns[table.keys :]]
    return sql.SQL(
        "insert into {} ({}) select {} from unnest({}) as nieuw ({}) on conflict ({}) do update set {}"
    ).format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        cast,
        given,
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(map(sql.Identifier, table.columns[: table.keys])),
        sql.SQL(", ").join(sql.SQL(part) for part in (*changed, content)),
    )
