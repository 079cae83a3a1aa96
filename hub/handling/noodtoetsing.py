"""Emergency access that waits for its review: how long, who stands behind it, and whether anything followed from it.

Read from the open parts of recorded events; no key is needed.
Source: AVG art. 6 lid 1 onder d; document 003 L6212-6218.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from contracts.noodtoegang import NoodtoegangBevestigd, NoodtoegangGetoetst, NoodtoegangVerleend
from hub.handling.work import disclosures_of, emergencies_of
from hub.ledger.envelope import opened
from hub.ledger.store import LedgerStore


@dataclass(frozen=True, slots=True)
class Noodtoets:
    """One emergency access without a review. `opgevolgd`: whether the seat did something with the signal afterwards."""

    noodtoegang_id: UUID
    signaal_id: UUID
    zetel: str
    verleend_op: datetime
    tot: datetime
    gevaar: str
    categorieen: tuple[str, ...]
    toezicht: tuple[str, ...]
    bevestigd: bool
    opgevolgd: bool

    def dagen(self, nu: datetime) -> int:
        """For how many days it has waited."""
        return max(0, (nu - self.verleend_op).days)


class Noodtoetsing:
    """What waits for review; each look reads only the signals that had emergency access. Safe between threads."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store
        self._at, self._streams = 0, dict[UUID, UUID]()
        self._lock = threading.Lock()

    def wachtend(self) -> list[Noodtoets]:
        """Without a review, the longest waiting first. Raises LedgerUnavailable."""
        with self._lock:
            head = self._store.head()
            new = list(self._store.last_of((NoodtoegangVerleend.TYPE,), self._at))
            for stream, events in self._store.streams(new).items():
                granted = next(data for topic, data in _read(events) if topic == NoodtoegangVerleend.TYPE)
                self._streams[stream] = UUID(granted["signaalId"])
            self._at = head
            signals = list(self._streams.values())
        found = [one for signal in signals for one in self._of(signal)]
        return sorted(found, key=lambda one: (one.verleend_op, str(one.noodtoegang_id)))

    def _of(self, signaal_id: UUID) -> Iterator[Noodtoets]:
        emergencies, own, given = emergencies_of(signaal_id), signaal_id, disclosures_of(signaal_id)
        streams = self._store.streams([emergencies, own, given])
        facts = list(_read(streams[emergencies]))
        reviewed = {data["noodtoegangId"] for topic, data in facts if topic == NoodtoegangGetoetst.TYPE}
        confirmed = {data["noodtoegangId"] for topic, data in facts if topic == NoodtoegangBevestigd.TYPE}
        acts = [data for _, data in (*_read(streams[own]), *_read(streams[given]))]
        for topic, data in facts:
            if topic == NoodtoegangVerleend.TYPE and data["noodtoegangId"] not in reviewed:
                yield _waiting(data, acts, confirmed)


def _waiting(data: dict[str, Any], acts: Sequence[dict[str, Any]], confirmed: set[str]) -> Noodtoets:
    moment = datetime.fromisoformat(data["tijdstip"])
    after = [one for one in acts if datetime.fromisoformat(one["tijdstip"]) > moment]
    return Noodtoets(
        noodtoegang_id=UUID(data["noodtoegangId"]),
        signaal_id=UUID(data["signaalId"]),
        zetel=data["zetel"],
        verleend_op=moment,
        tot=datetime.fromisoformat(data["tot"]),
        gevaar=data["gevaar"],
        categorieen=tuple(data["categorieen"]),
        toezicht=tuple(data["toezicht"]),
        bevestigd=data["noodtoegangId"] in confirmed,
        opgevolgd=any(one["zetel"] == data["zetel"] for one in after),
    )


def _read(events: Sequence[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for event in events:
        yield event.topic, orjson.loads(opened(event.state)[0])
