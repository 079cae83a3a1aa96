"""The figures of a year, counted from the open parts of the ledger, as far as nobody can be recognised in them.

Source: WGS art. 1.12; Bgs art. 1.13 lid 6; document 000 L1331-1350.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from hub.access.permit import Permit, Weigering
from hub.access.verzoek import Verzoek
from hub.domain.statistiek import DREMPEL, Tabel, onderdruk
from hub.handling.questions import Questions
from hub.ledger.envelope import opened
from hub.ledger.store import LedgerStore, Recorded

CATEGORIE, DOEL = "statistiek", "statistiek"
BATCH = 2_000
Data = Mapping[str, Any]
Cells = Iterable[tuple[str, int]]


def _by(name: str) -> Callable[[Data], Cells]:
    return lambda data: [(str(data[name]), 1)]


def _with(outcome: str) -> Callable[[Data], Cells]:
    return lambda data: [(f"{data['spoor']}: {outcome}", 1)]


def _reviewed(data: Data) -> Cells:
    explained = sum(part["aantal"] for part in data["verklaard"])
    return [("verklaard", explained), ("voorgelegd aan de privacy officer", data["onverklaard"])]


#: Per kind of event the table it counts in, and in which cell. Tables share no events.
GETELD: Mapping[str, tuple[str, Callable[[Data], Cells]]] = {
    "signaal-geregistreerd": ("Signalen per spoor", lambda data: [(data["melding"]["spoor"], 1)]),
    "casus-geopend": ("Geopende casussen per spoor", _by("spoor")),
    "casus-gesloten": ("Gesloten casussen per reden", _by("reden")),
    "signaal-verstrekt": ("Verstrekkingen van signalen per spoor en uitkomst", _with("verstrekt")),
    "verstrekking-geweigerd": ("Verstrekkingen van signalen per spoor en uitkomst", _with("geweigerd")),
    "resultaat-verstrekt": ("Verstrekte resultaten per soort ontvanger", _by("soort")),
    "resultaat-teruggekoppeld": ("Terugkoppeling op resultaten", _by("status")),
    "signaal-teruggekoppeld": ("Terugkoppeling aan melders", _by("status")),
    "verzoek-ontvangen": ("Verzoeken van betrokkenen", _by("recht")),
    "noodtoegang-getoetst": ("Getoetste noodtoegang", _by("uitkomst")),
    "datalek-vastgesteld": ("Datalekken naar risico", _by("risico")),
    "logboek-beoordeeld": ("Beoordeelde raadplegingen", _reviewed),
    "raadpleging-afgetekend": ("Afgetekende raadplegingen", _by("uitkomst")),
}
AFWIJKING = "beleid-goedgekeurd"


@dataclass(frozen=True, slots=True)
class Afwijking:
    """A policy version approved against the advice of the committee. `gemeld_aan`: who was told of it."""

    versie: str
    op: date
    kenmerk: str
    motivering: str
    gemeld_aan: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Jaarverslag:
    """What may be published of one year, and by which rule of the policy."""

    jaar: int
    tabellen: dict[str, Tabel]
    afwijkingen: tuple[Afwijking, ...]
    besluit: Permit | Weigering


class Jaarcijfers:
    """Counts per year; each look reads only what is new. Safe to share between threads."""

    def __init__(self, store: LedgerStore) -> None:
        self._store, self._at = store, 0
        self._counts: dict[int, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        self._deviations: dict[int, list[Afwijking]] = defaultdict(list)
        self._lock = threading.Lock()

    def verslag(self, jaar: int, zetel: str, questions: Questions, op: date) -> Jaarverslag:
        """The figures of a year and what the policy says to publishing them. Raises LedgerUnavailable."""
        with self._lock:
            self._look()
            counts = {name: dict(cells) for name, cells in self._counts.get(jaar, {}).items()}
            deviations = tuple(self._deviations.get(jaar, ()))
        tables = {name: onderdruk(cells) for name, cells in sorted(counts.items())}
        return Jaarverslag(jaar, tables, deviations, may_publish(questions, zetel, jaar, tables, op))

    def _look(self) -> None:
        while batch := self._store.read(self._at, BATCH):
            for one in batch:
                self._count(one)
            self._at = batch[-1].position

    def _count(self, one: Recorded) -> None:
        name = one.topic.rpartition(".v")[0].rpartition(".")[2]
        if name not in GETELD and name != AFWIJKING:
            return
        data = orjson.loads(opened(one.state)[0])
        year = datetime.fromisoformat(data["tijdstip"]).year
        if name == AFWIJKING:
            if data["wijktAfVanRac"]:
                self._deviations[year].append(_deviation(data))
            return
        table, cells = GETELD[name]
        for cell, number in cells(data):
            self._counts[year][table][cell] += number


def may_publish(
    questions: Questions, zetel: str, jaar: int, tables: Mapping[str, Tabel], op: date
) -> Permit | Weigering:
    """What the policy says to these figures. Source: WGS art. 1.12."""
    facts = {
        "kleinste_cel": min((table.kleinste for table in tables.values()), default=DREMPEL),
        "drempel": DREMPEL,
        "tweede_onderdrukking": True,
        "tijdvak": str(jaar),
    }
    return questions.beleid.toets(
        Verzoek(
            zetel=zetel,
            rol="medewerker",
            handeling="statistiek-publiceren",
            spoor="hub",
            regio="landelijk",
            datum=op,
            categorie=CATEGORIE,
            bron_zetel="systeem",
            fase=0,
            doel=DOEL,
            omstandigheden=facts,
        )
    )


def _deviation(data: Data) -> Afwijking:
    return Afwijking(
        versie=data["versie"],
        op=datetime.fromisoformat(data["tijdstip"]).date(),
        kenmerk=data.get("racKenmerk") or "",
        motivering=data["motivering"],
        gemeld_aan=tuple(data["gemeldAan"]),
    )
