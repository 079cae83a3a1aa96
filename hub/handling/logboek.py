"""Reading the access log: who may, for which purpose, and which records answer a question.

Source: WGS art. 1.8 lid 4; Wpg art. 32a lid 2.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from hub.access.beleid import Beleid
from hub.access.permit import Permit, Weigering
from hub.access.verzoek import Verzoek
from hub.audit.access import BETROKKENE, SIGNAAL, keys_of
from hub.audit.series import Series
from hub.ledger.store import ACCESS_LOG, LedgerStore

Record = Mapping[str, Any]
#: The data category of the log itself.
AUDITREGEL = "auditregel"
POLITIEGEGEVENS = "politiegegevens"
VERBAND = "samenwerkingsverband"
#: Records are stamped before they queue for the log: a moment may be this much out of the order of the numbers.
STAMP_SPREAD = timedelta(minutes=10)
#: So many records one question looks through before it answers with what it has.
MAX_LOOKED_AT = 20_000
PAGE = 500
LAST = 2**62


class Vraag(NamedTuple):
    """What is asked of the log. `sleutels`: what a record must have, all of them; `van`, `tot`: from and before.

    `betrokkene`: pseudonym of a person it must name. `waarvoor`: purpose it was looked up for.
    """

    sleutels: tuple[str, ...] = ()
    van: datetime | None = None
    tot: datetime | None = None
    betrokkene: str | None = None
    waarvoor: str | None = None


class Bladzijde(NamedTuple):
    """Records, newest first. `volgende`: cursor for what comes before, None at the end."""

    records: list[dict[str, Any]]
    volgende: int | None


@dataclass(frozen=True)
class Logtoegang:
    """What the policy says to a seat that wants to read the log for a purpose."""

    beleid: Beleid
    zetel: str
    doel: str
    op: date

    @cached_property
    def antwoorden(self) -> dict[str, Permit | Weigering]:
        """The answer about police data, and about all else: the court has another purpose for each."""
        return {over: self._toets(over) for over in (VERBAND, POLITIEGEGEVENS)}

    @property
    def besluit(self) -> Permit | Weigering:
        """A permit where anything may be read; else the refusal."""
        answers = self.antwoorden.values()
        return next((one for one in answers if isinstance(one, Permit)), self.antwoorden[VERBAND])

    def toont(self, record: Record) -> bool:
        """Whether this record may be read for this purpose."""
        police = any(self._opspoort(seat) for seat in record.get("bronnen") or ())
        return isinstance(self.antwoorden[POLITIEGEGEVENS if police else VERBAND], Permit)

    def _opspoort(self, zetel: str) -> bool:
        kind = self.beleid.zetels.get(zetel.partition("@")[0])
        return kind is not None and kind.opsporing

    def _toets(self, over: str) -> Permit | Weigering:
        return self.beleid.toets(
            Verzoek(
                zetel=self.zetel,
                rol="medewerker",
                handeling="logboek-lezen",
                spoor="hub",
                regio="landelijk",
                datum=self.op,
                categorie=AUDITREGEL,
                bron_zetel="systeem",
                fase=0,
                doel=self.doel,
                betrokkene_rol="betrokkene",
                omstandigheden={"logboek_over": over},
            )
        )


def toetst(beleid: Beleid, zetel: str) -> bool:
    """Whether testing lawfulness is the task of this seat. Source: WGS art. 1.8 lid 2."""
    kind = beleid.zetels.get(zetel.partition("@")[0])
    return kind is not None and kind.toetst


def found(store: LedgerStore, vraag: Vraag, na: int | None, aantal: int, keep: Any = None) -> Bladzijde:
    """Records that answer the question and that `keep` keeps, at most `aantal`; `na`: cursor."""
    kept: list[dict[str, Any]] = []
    last = 0
    for last, record in _candidates(store, vraag, na):
        if _answers(record, vraag) and (keep is None or keep(record)):
            kept.append(record)
        if len(kept) == aantal:
            return Bladzijde(kept, last)
    return Bladzijde(kept, last if last and _more(store, vraag, last) else None)


def complete(casus: UUID, records: Sequence[tuple[int, int, int]], series: tuple[int, int]) -> bool:
    """Whether records of a case are all there are.

    `records`: of each its number in the log, in the series, and the number of the one before it, oldest first.
    `series`: how many there are and the number of the last.
    """
    counted = Series()
    for number, place, previous in records:
        counted.place(str(casus), number, place, previous)
    return not counted.gaps and counted.last.get(str(casus), (0, 0)) == series


def _candidates(store: LedgerStore, vraag: Vraag, na: int | None) -> Iterator[tuple[int, dict[str, Any]]]:
    lowest, named = _lowest(store, vraag), _naming(store, vraag)
    if vraag.betrokkene and not named:
        return
    below = min(na or LAST, _first_at(store, vraag.tot + STAMP_SPREAD) if vraag.tot else LAST)
    looked = 0
    while looked < MAX_LOOKED_AT:
        rows = store.access_found(vraag.sleutels, (lowest, below), PAGE, named)
        for number, data in rows:
            yield number, orjson.loads(data)
        if len(rows) < PAGE:
            return
        looked, below = looked + len(rows), rows[-1][0]


def _answers(record: Record, vraag: Vraag) -> bool:
    if not keys_of(record).keys() >= set(vraag.sleutels):
        return False
    if vraag.betrokkene is not None and vraag.betrokkene not in record["betrokkenen"]:
        return False
    if vraag.waarvoor not in (None, record["doel"]):
        return False
    moment = datetime.fromisoformat(record["tijdstip"])
    return (vraag.van is None or moment >= vraag.van) and (vraag.tot is None or moment < vraag.tot)


def _more(store: LedgerStore, vraag: Vraag, last: int) -> bool:
    return bool(store.access_found(vraag.sleutels, (_lowest(store, vraag), last), 1, _naming(store, vraag)))


def _lowest(store: LedgerStore, vraag: Vraag) -> int:
    return _first_at(store, vraag.van - STAMP_SPREAD) - 1 if vraag.van else 0


def _naming(store: LedgerStore, vraag: Vraag) -> tuple[str, ...]:
    """What leads to records that name a person: the person, and the signals that it was brought in with."""
    if vraag.betrokkene is None:
        return ()
    person = BETROKKENE + vraag.betrokkene
    brought = store.access_found((person,), (0, LAST), MAX_LOOKED_AT)
    signals = {one for _, data in brought for one in orjson.loads(data)["objecten"] if one.startswith(SIGNAAL)}
    return (person, *sorted(signals)) if brought else ()


def _first_at(store: LedgerStore, moment: datetime) -> int:
    """The number of the first record of this moment or later; one past the end where there is none."""
    low, high = 1, store.frontier(ACCESS_LOG).size + 1
    while low < high:
        middle = (low + high) // 2
        ((_, data),) = store.access_records(middle - 1, 1)
        if datetime.fromisoformat(orjson.loads(data)["tijdstip"]) < moment:
            low = middle + 1
        else:
            high = middle
    return low
