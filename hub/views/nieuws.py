"""What of a view is told to its seat: which tables give notices, under which name, and what each may reveal.

A notice names a row that the seat holds; beside it no more than the open columns `spoor` and `regio` of that row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

import psycopg

from hub.views.rows import (
    BRUGBERICHT,
    CASUS,
    CORRECTIETAAK,
    GEEN_CASUS,
    NOODTOEGANG,
    OVERLEG,
    PLICHT,
    RESULTAAT,
    SIGNAAL,
    TERUGKOPPELING,
    TERUGROEPING,
    Loss,
    Row,
    Table,
    row_key,
)

Data = Mapping[str, Any]
Connection = psycopg.Connection[tuple[Any, ...]]

CREATE, UPDATE, DESTROY = "create", "update", "destroy"
#: With one of these a row says no more than that it is over.
VOORBIJ = frozenset({"vervallen", "vernietigd"})
#: Root of names that tell nothing of the number under which the hub keeps something.
_NAAMRUIMTE = uuid5(NAMESPACE_URL, "https://signaalhub.nl/gebeurtenissen")
_KENMERKEN = ("spoor", "regio")


class Nieuws(NamedTuple):
    """A row that changed for its seat. `rij`: its key; `tot`: when it ends by itself; `positie`: on the ledger."""

    tabel: str
    rij: str
    zetel: str
    onderwerp: str
    resource_id: UUID | str
    actie: str
    kenmerken: Mapping[str, str]
    tijdstip: datetime
    positie: int
    tot: str | None = None


class Outbox(Protocol):
    """Where news goes, in the transaction of its rows. Bound in main."""

    def mark(self, connection: Connection) -> int:
        """The position up to which news was made."""

    def write(
        self, connection: Connection, news: Sequence[Nieuws], unsaid: Sequence[tuple[str, str]], until: int
    ) -> None:
        """Write news in its order, and move the mark to `until`.

        `unsaid`: seats with keys of rows, or how these begin, of which nothing may be left to see.
        """


class Bron(NamedTuple):
    """How a table is told of. `kanaal`, `resource`: names in a notice. `adres`: where to fetch; `{id}` the resource,
    `{onderwerp}` the id of the subject. `onderwerp`: the subject of a row by its columns and its open part.
    `verborgen`: partners know it by another id than that of its row.
    """

    kanaal: str
    resource: str
    adres: str
    id: str
    onderwerp: Callable[[Data, Data], str]
    verborgen: bool = False


def _of(soort: str) -> Callable[[Data, Data], str]:
    return lambda columns, open_part: f"{soort}:{columns[f'{soort}_id']}"


def _signal(columns: Data, open_part: Data) -> str:
    """The case where it is held in one; a session or an emergency keeps rows apart too, and is no case."""
    bound = (open_part.get("verstrekking") or {}).get("gebonden_aan")
    outside = str(columns["casus_id"]) == GEEN_CASUS or bound
    return f"signaal:{columns['signaal_id']}" if outside else f"casus:{columns['casus_id']}"


def _result(columns: Data, open_part: Data) -> str:
    casus = open_part.get("casus_id")
    return f"casus:{casus}" if casus else f"resultaat:{columns['resultaat_id']}"


def _bridge(columns: Data, open_part: Data) -> str:
    return f"brugbericht:{_hidden(columns['zetel'], columns['brug_id'])}"


def _duty(columns: Data, open_part: Data) -> str:
    """What it is about, for who owes it; the others know of the duty alone."""
    named = open_part.get("soort") in ("signaal", "casus", "overleg") and "onderwerp_id" in open_part
    return f"{open_part['soort']}:{open_part['onderwerp_id']}" if named else f"plicht:{columns['plicht_id']}"


def _hidden(*parts: object) -> UUID:
    return uuid5(_NAAMRUIMTE, "|".join(map(str, parts)))


#: Every table that gives notices. Of refusals, courses, recipients and consents there are none: a course moves with
#: its case; a refusal answers who asked; recipients and consents are told to nobody who does not look for them.
BRONNEN: Mapping[Table, Bron] = {
    CASUS: Bron("casussen", "casus", "/v1/casussen/{id}", "casus_id", _of("casus")),
    SIGNAAL: Bron("signalen", "signaal", "/v1/signalen/{id}", "signaal_id", _signal),
    RESULTAAT: Bron("resultaten", "resultaat", "/v1/resultaten/{id}", "resultaat_id", _result),
    OVERLEG: Bron("overleggen", "overleg", "/v1/overleggen", "overleg_id", _of("overleg")),
    NOODTOEGANG: Bron("noodtoegangen", "noodtoegang", "/v1/noodtoegangen", "noodtoegang_id", _of("noodtoegang")),
    TERUGROEPING: Bron(
        "terugroepingen",
        "terugroeping",
        "/v1/terugroepingen?signaalId={onderwerp}",
        "terugroeping_id",
        _of("signaal"),
    ),
    TERUGKOPPELING: Bron(
        "terugkoppelingen",
        "terugkoppeling",
        "/v1/terugkoppelingen?signaalId={onderwerp}",
        "terugkoppeling_id",
        _of("signaal"),
    ),
    CORRECTIETAAK: Bron("correctietaken", "correctietaak", "/v1/correctietaken", "correctietaak_id", _of("signaal")),
    PLICHT: Bron("plichten", "plicht", "/v1/plichten", "plicht_id", _duty),
    BRUGBERICHT: Bron("brugberichten", "brugbericht", "/v1/brugberichten", "brug_id", _bridge, verborgen=True),
}
PER_TABEL: Mapping[str, tuple[Table, Bron]] = {table.name: (table, bron) for table, bron in BRONNEN.items()}
_PLACE = {table.name: number for number, table in enumerate(BRONNEN)}


def told(rows: Iterable[Row], since: int, moments: Mapping[int, datetime]) -> list[Nieuws]:
    """The rows of a batch as news, whether their seat held them before or not. `moments`: of its positions.

    A row that was written anew, but whose own last change is older than `since`, is only news to who did not hold
    it: else its seat would learn of a change that it does not see.
    """
    return [_news(made, since, moments) for made in rows if made.table in BRONNEN]


def _news(made: Row, since: int, moments: Mapping[int, datetime]) -> Nieuws:
    unseen = made.values[-1] < since
    position = max(made.door, since) if unseen else made.values[-1]
    table, values, open_part = made.table, made.values, made.unsealed.open
    bron, columns = BRONNEN[table], dict(zip(table.columns, values, strict=True))
    over = columns.get("status", open_part.get("status")) in VOORBIJ
    return Nieuws(
        table.name,
        row_key(table, values),
        columns["zetel"],
        bron.onderwerp(columns, open_part),
        _resource_id(table, bron, values, columns),
        CREATE if unseen else DESTROY if over else UPDATE,
        {name: columns[name] for name in _KENMERKEN if name in columns},
        _moment(moments, position),
        position,
        (open_part.get("verstrekking") or {}).get("tot"),
    )


def _resource_id(table: Table, bron: Bron, values: Sequence[Any], columns: Data) -> UUID | str:
    return _hidden(*values[: table.keys]) if bron.verborgen else columns[bron.id]


def _moment(moments: Mapping[int, datetime], position: int) -> datetime:
    """When it happened; of a row that does not say by what it changed, the first moment of the batch."""
    return moments[position] if position in moments else min(moments.values())


class Verloren(NamedTuple):
    """A row that was taken from its seat; `keys`: its key, from the seat on."""

    table: Table
    keys: tuple[Any, ...]
    loss: Loss


def news_of(
    written: Sequence[Nieuws],
    held: set[str],
    lost: Mapping[str, Verloren],
    since: int,
    moments: Mapping[int, datetime],
) -> tuple[list[Nieuws], list[Verloren]]:
    """What a batch from `since` on tells, in order, and what it takes away without a word.

    `written`: of `told`. `held`: keys of the rows that were overwritten. `lost`: the rows that were removed, by key;
    one that was written again after it is still held.
    """
    again = {one.rij for one in written}
    away = [one for rij, one in lost.items() if rij not in again]
    news = [_gone(one, max(one.loss.positie, since), moments) for one in away if not one.loss.stil]
    for one in written:
        if one.rij not in held and one.rij not in lost:
            news.append(one if one.actie == DESTROY else one._replace(actie=CREATE))
        elif one.actie != CREATE:
            news.append(one)
    ordered = sorted(news, key=lambda one: (one.positie, _PLACE[one.tabel], one.rij))
    return ordered, [one for one in away if one.loss.stil]


def _gone(lost: Verloren, position: int, moments: Mapping[int, datetime]) -> Nieuws:
    """Of signals only what a session or an emergency showed goes so: it is of no case."""
    table, keys, loss = lost
    bron, columns = BRONNEN[table], dict(zip(table.columns, keys, strict=False))
    subject = f"signaal:{columns['signaal_id']}" if table is SIGNAAL else bron.onderwerp(columns, {})
    resource = _resource_id(table, bron, keys, columns)
    moment = _moment(moments, position)
    return Nieuws(table.name, row_key(table, keys), loss.zetel, subject, resource, DESTROY, {}, moment, position)
