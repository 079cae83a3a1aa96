"""Everything one seat can reach, through every door and in the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import psycopg
from psycopg import sql

from hub.views.rows import TABLES, row_key
from hub.views.sealing import Opened, together
from tests.e2e.world import World

Data = dict[str, Any]
#: What a seat said itself: contributions, feedback and the like, entries of a course, consents, its own refusals.
_SAID = ("bijdrageId", "bijdrage_id", "nummer", "volgnummer", "toestemmingId", "toestemming_id", "positie")
_NUMBER = ("signaalId", "signaal_id")
_RECALLED_CONSENT = {
    *_NUMBER,
    *("toestemmingId", "toestemming_id", "gewijzigdPositie", "gewijzigd_positie", "status", "inhoud"),
    *("geldigTot", "geldig_tot"),
}
_NOBODY = UUID("00000000-0000-4000-8000-000000000000")
FOREIGN = 3


@dataclass(slots=True)
class Seen:
    """What a seat reached. `found`: documents by where they came from; `unlike`: refusals that give something away."""

    zetel: str
    found: list[tuple[str, Any]] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)

    def text(self) -> str:
        """All of it, its own submissions included."""
        return "\n".join(leaf for _, document in self.found for leaf in leaves(document))

    def of_others(self) -> Iterator[tuple[str, str]]:
        """Where and what, without what the seat itself submitted."""
        for where, document in self.found:
            for leaf in leaves(document, self.zetel):
                yield where, leaf


def leaves(document: Any, author: str | None = None) -> Iterator[str]:
    """The texts, numbers and names in a document; not what `author` submitted, nor the number in a recall."""
    if isinstance(document, dict):
        if author is not None and document.get("zetel") == author and any(name in document for name in _SAID):
            return
        hidden = _NUMBER if author is not None and _is_recall(document) else ()
        for name, inner in document.items():
            if name in hidden:
                continue
            yield name
            yield from leaves(inner, author)
    elif isinstance(document, list | tuple):
        for inner in document:
            yield from leaves(inner, author)
    elif document is not None:
        yield str(document)


#: All that a notice of a correction says, without a word of content.
_NOTICE = {
    *("signaal_id", "terugroeping_id", "status", "gewijzigd_positie", "correctie_id", "aard", "ontvanger", "rol"),
    *("bronnen", "categorieen", "betrokkenen", "reden", "gestuurd_op", "bevestigen_voor", "bevestigd_op", "gevolg"),
    *("geescaleerd_op", "inhoud"),
}


def _is_recall(document: Data) -> bool:
    """Whether it only tells an earlier recipient that what it once held has lapsed: that much everyone is owed."""
    if "terugroeping_id" in document:
        return document.keys() <= _NOTICE and document["rol"] == "ontvanger" and not document.get("inhoud")
    if document.get("status") == "vervallen" and document.get("bijdragen") == [] and document.get("stukken") == []:
        return not any((document.get("los") or {}).values())
    return document.get("status") == "ingetrokken" and document.keys() <= _RECALLED_CONSENT


@dataclass(frozen=True, slots=True)
class Gaze:
    """Looks for one story at a time. `since`: position of the ledger before it; `ids`: all it speaks of."""

    world: World
    since: int
    signalen: frozenset[UUID]
    casussen: frozenset[UUID]

    def look(self, zetel: str, doelen: set[str]) -> Seen:
        """Everything the doors give this seat of the story."""
        seen, headers = Seen(zetel), self.world.bearer(zetel)
        held = self._lists(seen, headers, doelen)
        for id, doel in sorted(held["signalen"].items()):
            self._take(seen, headers, f"/v1/signalen/{id}", doel=doel)
            self._take(seen, headers, f"/v1/signalen/{id}/ontvangers")
        for id, doel in sorted(held["casussen"].items()):
            self._take(seen, headers, f"/v1/casussen/{id}", doel=doel)
        for casus in self.casussen:  # the explanation is asked of every case
            self._take(seen, headers, f"/v1/casussen/{casus}/uitleg")
        self._foreign(seen, headers, held)
        self._rows(seen)
        return seen

    def _lists(self, seen: Seen, headers: dict[str, str], doelen: set[str]) -> dict[str, dict[UUID, str]]:
        held: dict[str, dict[UUID, str]] = {"signalen": {}, "casussen": {}}
        for doel in sorted(doelen):
            for kind, id_name in (("signalen", "signaalId"), ("casussen", "casusId")):
                for item in self._pages(headers, kind, kind, doel=doel):
                    if UUID(item[id_name]) not in held[kind]:
                        held[kind][UUID(item[id_name])] = doel
                        seen.found.append((f"/v1/{kind}", item))
        for kind in ("weigeringen", "toestemmingen", "overleggen"):
            seen.found += [(f"/v1/{kind}", item) for item in self._pages(headers, kind, "items")]
        for kind in ("brugberichten", "resultaten", "noodtoegangen"):
            self._take(seen, headers, f"/v1/{kind}")
        return held

    def _pages(self, headers: dict[str, str], kind: str, name: str, **asked: Any) -> Iterator[Data]:
        """The items of a list that this story touched: newest first, so the first older one ends it."""
        asked["aantal"] = 500
        while True:
            answer = self.world.http.get(f"/v1/{kind}", params=asked, headers=headers)
            assert answer.status_code == 200, f"/v1/{kind}: {answer.text}"
            page = answer.json()
            for item in page[name]:
                if item.get("gewijzigdPositie", item.get("positie")) > self.since:
                    yield item
            if page["volgende"] is None or page["volgende"] <= self.since:
                return
            asked["na"] = page["volgende"]

    def _take(self, seen: Seen, headers: dict[str, str], path: str, **asked: str) -> None:
        answer = self.world.http.get(path, params=asked, headers=headers)
        seen.found.append((path, answer.json()))

    def _foreign(self, seen: Seen, headers: dict[str, str], held: dict[str, dict[UUID, str]]) -> None:
        """What is not its own answers exactly as what does not exist."""
        asked = {"doel": "zorg-opvang"}
        for kind, ids, below in (
            ("signalen", self.signalen, ("", "/ontvangers")),
            ("casussen", self.casussen, ("", "/uitleg")),
        ):
            strange = sorted(ids - held[kind].keys())[:FOREIGN]
            for tail in below:
                nothing = self.world.http.get(f"/v1/{kind}/{_NOBODY}{tail}", params=asked, headers=headers)
                for id in strange:
                    answer = self.world.http.get(f"/v1/{kind}/{id}{tail}", params=asked, headers=headers)
                    seen.found.append((f"/v1/{kind}/{id}{tail}", answer.json()))
                    if _shape(answer) != _shape(nothing):
                        seen.unlike.append(f"/v1/{kind}/{id}{tail}: {answer.text}")

    def _rows(self, seen: Seen) -> None:
        """The rows that the database gives a reader who names this seat, opened with the hub's keys."""
        with psycopg.connect(self.world.hub.database.dsn) as connection:
            connection.execute("set local role hub_lezer")
            connection.execute("select set_config('hub.zetel', %s, true)", (seen.zetel,))
            for table in TABLES:
                names = sql.SQL(", ").join(map(sql.Identifier, (*table.columns, "inhoud")))
                query = sql.SQL("select {} from {}").format(names, sql.Identifier(table.name))
                rows = [row for row in connection.execute(query).fetchall() if self._told(table.columns, row)]
                opened = self.world.hub.sealer.unseal_many([(row_key(table, row), row[-1]) for row in rows])
                for row, one in zip(rows, opened, strict=True):
                    columns = dict(zip(table.columns, row[:-1], strict=True))
                    assert columns["zetel"] == seen.zetel, f"{table.name}: a row of {columns['zetel']}"
                    seen.found.append((table.name, _opened_row(columns, one)))

    def _told(self, columns: tuple[str, ...], row: tuple[Any, ...]) -> bool:
        values = dict(zip(columns, row[:-1], strict=True))
        position = values.get("gewijzigd_positie") or values.get("positie")
        return int(position) > self.since if position else values["casus_id"] in self.casussen


def _shape(answer: httpx.Response) -> tuple[int, Any, list[str]]:
    """What a refusal tells; `instance` and the date are of each answer its own."""
    body = {name: value for name, value in answer.json().items() if name != "instance"}
    return answer.status_code, body, sorted(answer.headers)


def _opened_row(columns: Data, opened: Opened) -> Data:
    """A row with its content put under who said it; what belongs to nobody stands loose and so counts as another's."""
    document: Data = {name: value for name, value in columns.items() if name != "zetel"} | opened.open
    if "bijdragen" not in opened.open:
        return document | {"inhoud": list(opened.contents)}
    content = together(opened.contents)
    document["bijdragen"] = [
        {"bijdrage_id": key, **part, "inhoud": content["inhoud"].pop(key, {})}
        for key, part in opened.open["bijdragen"].items()
    ]
    document["stukken"] = [
        {**said, "inhoud": content["stukken"].pop(said["nummer"], {})} for said in opened.open["stukken"]
    ]
    return document | {"los": content}
