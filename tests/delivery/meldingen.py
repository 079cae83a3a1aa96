"""Means of the tests of notices: a projector that tells, and what each seat holds after each event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg

from hub.delivery.uitgang import Uitgang
from hub.views.folds import Recorded
from hub.views.nieuws import PER_TABEL
from hub.views.projector import Projector
from hub.views.rows import TABLES, row_key
from hub.views.sealing import Opened
from tests.views.kluis import Kluis
from tests.views.verhaal import reader

EMPTIED = ", ".join(
    ["bron", "tracking", "gebeurtenis", "gebeurtenis_zetel", "gebeurtenis_reeks", *(table.name for table in TABLES)]
)


class Melding(NamedTuple):
    """A notice as it stands in the database."""

    zetel: str
    nummer: int
    id: str
    onderwerp: str
    reeks: int
    vorige: str | None
    resource: str
    actie: str
    rij: str
    positie: int


def emptied(dsn: str) -> None:
    """Nothing projected, nothing told."""
    with psycopg.connect(dsn) as connection:
        connection.execute(f"truncate {EMPTIED} restart identity")  # type: ignore[arg-type]
        connection.execute("update gebeurtenis_merk set positie = 0")


def projector(dsn: str, events: Sequence[Recorded], batch: int = 500, outbox: Uitgang | None = None) -> Projector:
    """A projector that tells."""
    return Projector(dsn, reader(events), Kluis(), outbox=outbox or Uitgang(), batch=batch, cached=3)


def told(dsn: str, events: Sequence[Recorded], batch: int = 500) -> list[Melding]:
    """Project all, and what was told by it, from nothing."""
    emptied(dsn)
    one = projector(dsn, events, batch)
    while one.run_once():
        pass
    one.close()
    return meldingen(dsn)


def meldingen(dsn: str) -> list[Melding]:
    """All notices, in the order in which they were committed."""
    columns = ", ".join(name if name not in ("id", "vorige") else f"{name}::text" for name in Melding._fields)
    return [Melding(*row) for row in _asked(dsn, f"select {columns} from gebeurtenis order by volgorde")]


def held(dsn: str) -> dict[str, tuple[Any, ...]]:
    """Every row that gives notices, with what its seat sees in it, without the position of its last change."""
    rows: dict[str, tuple[Any, ...]] = {}
    for table, _ in PER_TABEL.values():
        for row in _asked(dsn, f"select {', '.join((*table.columns, 'inhoud'))} from {table.name}"):
            key = row_key(table, row)
            (opened,) = Kluis().unseal_many([(key, row[-1])])
            rows[key] = (*row[:-2], _plain(opened))
    return rows


def _plain(opened: Opened) -> str:
    return repr((sorted(opened.open.items(), key=repr), sorted(map(repr, opened.contents))))


def _asked(dsn: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        connection.execute("select set_config('hub.projector', 'aan', false)")
        return connection.execute(query).fetchall()  # type: ignore[arg-type]
