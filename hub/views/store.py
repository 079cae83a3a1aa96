"""Where views are kept: rows, states and the position, moved in one PostgreSQL transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import orjson
import psycopg
from psycopg import sql

from hub.views.arrays import Blobs, BlobsDumper, Texts, TextsDumper
from hub.views.folds import FOLDS, Changes, Key
from hub.views.rows import GEEN_CASUS, SIGNAAL, TABLES, Loss, Stand, Table, row_key
from hub.views.sealing import Sealer, Unsealed, apart, together

PROJECTION = "zichten"
_BYTES = ("inhoud", "stand")
_TYPES = {
    **dict.fromkeys(_BYTES, "bytea"),
    **dict.fromkeys(("id", "signaal_id", "casus_id", "verstrekking_id", "toestemming_id"), "uuid"),
    **dict.fromkeys(("overleg_id", "brug_id", "noodtoegang_id", "resultaat_id"), "uuid"),
    **dict.fromkeys(("terugroeping_id", "correctietaak_id"), "uuid"),
    **dict.fromkeys(("gewijzigd_positie", "positie"), "bigint"),
    "volgnummer": "integer",
    "sinds": "timestamptz",
}
_BRON = Table("bron", ("id", "soort", "zetel", "stand"), 2)
Connection = psycopg.Connection[tuple[Any, ...]]


class LostPosition(RuntimeError):
    """The position moved under the projector; nothing was written."""


class Prepared(NamedTuple):
    """A batch as bytes, ready to write: per table the values of its rows. `kept`: states of changed content."""

    since: int
    until: int
    tables: dict[Table, list[tuple[Any, ...]]]
    stands: list[tuple[Any, ...]]
    losses: list[Loss]


def prepare(batch: Changes, sealer: Sealer) -> Prepared:
    """Seal all rows and states of a batch at once."""
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
    return Prepared(batch.since, batch.until, tables, stands, batch.losses)


def _stand_row(stand: Stand, blob: bytes | None) -> tuple[Any, ...]:
    moved = (stand.positie, stand.geheim_positie)
    state = orjson.dumps([*moved, stand.open])
    return (str(stand.id), stand.soort, stand.open.get("zetel"), state, blob)


class Store:
    """The projector's side of the database, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
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
            self._remove(batch.losses)
            for table, rows in batch.tables.items():
                self._upsert(table, rows, "inhoud = excluded.inhoud")
            # A state whose content did not change keeps its sealed content.
            self._upsert(_BRON, batch.stands, "inhoud = coalesce(excluded.inhoud, bron.inhoud)")

    def _remove(self, losses: Sequence[Loss]) -> None:
        grouped: dict[tuple[str, str], list[Loss]] = {}
        for lost in losses:
            for table in lost.tabellen:
                grouped.setdefault((table, lost.sleutel), []).append(lost)
        for (table, column), gone in grouped.items():
            self._connection.execute(
                sql.SQL(
                    "delete from {} z using unnest(%s::text[], %s::uuid[]) as weg (zetel, id)"
                    " where z.zetel = weg.zetel and z.{} = weg.id"
                ).format(sql.Identifier(table), sql.Identifier(column)),
                ([lost.zetel for lost in gone], [lost.id for lost in gone]),
            )

    def _upsert(self, table: Table, rows: Sequence[tuple[Any, ...]], content: str) -> None:
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        values = [
            Blobs(column) if name in _BYTES else Texts(column)
            for name, column in zip((*table.columns, "inhoud"), columns, strict=True)
        ]
        self._connection.execute(_upsert_query(table, content), values)


@cache
def _upsert_query(table: Table, content: str) -> sql.Composed:
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
