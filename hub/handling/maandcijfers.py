"""What came in and went out for one seat, month by month, counted from the open parts of the ledger.

Source: AVG art. 5 lid 1 onder c; WGS art. 1.12; document 000 L1331-1350.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from contracts.signaal import SignaalGeregistreerd, SignaalTeruggekoppeld
from contracts.verstrekking import SignaalVerstrekt, VerstrekkingGeweigerd
from hub.domain.statistiek import Tabel, onderdruk
from hub.ledger.envelope import opened
from hub.ledger.store import LedgerStore

BATCH = 2_000
#: A month is one of people here.
ZONE = ZoneInfo("Europe/Amsterdam")
VASTGELEGD, ONTVANGEN, GEDEELD = "vastgelegd", "ontvangen", "gedeeld"
GEWEIGERD, TERUGGEKOPPELD = "geweigerd", "teruggekoppeld"
#: In the order of a report: the signals a seat recorded, received, shared, was refused and heard back on.
TABELLEN = (VASTGELEGD, ONTVANGEN, GEDEELD, GEWEIGERD, TERUGGEKOPPELD)
Data = Mapping[str, Any]
Tabellen = dict[str, Tabel]


class Maandcijfers:
    """Counts per seat and month; each look reads only what is new. Safe to share between threads."""

    def __init__(self, store: LedgerStore) -> None:
        self._store, self._at = store, 0
        self._counts: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        #: A signal counts once for a seat, however often a decision about it was taken again.
        self._seen: set[int] = set()
        self._lock = threading.Lock()

    def van(self, zetel: str, maanden: list[str]) -> dict[str, Tabellen]:
        """Per month (`2026-11`) the tables of a seat without small figures. Raises LedgerUnavailable."""
        with self._lock:
            self._look()
            return {
                maand: {name: onderdruk(self._counts.get((zetel, maand), {}).get(name, {})) for name in TABELLEN}
                for maand in maanden
            }

    def gezien(self, zetel: str) -> int:
        """How many signals a seat recorded or received in all; what it has in view is never more."""
        with self._lock:
            self._look()
            every = [tables for (seat, _), tables in self._counts.items() if seat == zetel]
        return sum(tables[name].total() for tables in every for name in (VASTGELEGD, ONTVANGEN) if name in tables)

    def _look(self) -> None:
        while batch := self._store.read(self._at, BATCH):
            for one in batch:
                if one.topic in _COUNTED:
                    self._count(one.topic, orjson.loads(opened(one.state)[0]))
            self._at = batch[-1].position

    def _count(self, topic: str, data: Data) -> None:
        zetel, maand = data["zetel"], datetime.fromisoformat(data["tijdstip"]).astimezone(ZONE).strftime("%Y-%m")
        if topic == SignaalGeregistreerd.TYPE:
            self._counts[zetel, maand][VASTGELEGD][data["melding"]["spoor"]] += 1
        elif topic == SignaalTeruggekoppeld.TYPE:
            self._counts[data["aan"], maand][TERUGGEKOPPELD][data["status"]] += 1
        elif topic == VerstrekkingGeweigerd.TYPE:
            self._once(GEWEIGERD, zetel, maand, data)
        else:
            self._once(GEDEELD, zetel, maand, data)
            if data["ontvanger"] != zetel:
                self._once(ONTVANGEN, data["ontvanger"], maand, data)

    def _once(self, table: str, zetel: str, maand: str, data: Data) -> None:
        key = hash((table, zetel, data["signaalId"]))
        if key not in self._seen:
            self._seen.add(key)
            self._counts[zetel, maand][table][data["spoor"]] += 1


_COUNTED = frozenset(
    event.TYPE for event in (SignaalGeregistreerd, SignaalTeruggekoppeld, SignaalVerstrekt, VerstrekkingGeweigerd)
)
