"""One unit of work: the streams a command needs, what it adds to them, and the change that records it all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import UnionType
from typing import Any, TypeVar, cast
from uuid import UUID, uuid5

from contracts.message import Event
from hub.audit.access import Entry
from hub.domain import (
    betrokkene,
    brug,
    casus,
    correctietaak,
    noodtoegang,
    overleg,
    resultaat,
    signaal,
    terugkoppeling,
    terugroeping,
    toestemming,
    verhoor,
    verstrekking,
)
from hub.domain.oordeel import Onbekend
from hub.ledger.keys import SubjectKeys
from hub.ledger.mapper import Draft, MessageMapper
from hub.ledger.store import Change, KeyId, LedgerStore, Recorded, SourceKey, StreamAppend

E = TypeVar("E", bound=Event)
PAGE = 2_000


def disclosures_of(signaal_id: UUID) -> UUID:
    """The stream of all disclosures of a signal."""
    return uuid5(signaal_id, "verstrekkingen")


def consents_of(signaal_id: UUID) -> UUID:
    """The stream of all consents for a signal."""
    return uuid5(signaal_id, "toestemmingen")


def refusals_of(object_id: UUID) -> UUID:
    """The stream of refusals to bring something in, apart so that a repaired message can be offered again."""
    return uuid5(object_id, "weigeringen")


def emergencies_of(signaal_id: UUID) -> UUID:
    """The stream of all emergency accesses to a signal."""
    return uuid5(signaal_id, "noodtoegangen")


def recalls_of(signaal_id: UUID) -> UUID:
    """The stream of all recalls of a signal."""
    return uuid5(signaal_id, "terugroepingen")


def feedback_of(signaal_id: UUID) -> UUID:
    """The stream of all feedback owed on a signal."""
    return uuid5(signaal_id, "terugkoppelingen")


def tasks_of(signaal_id: UUID) -> UUID:
    """The stream of all correction tasks of a signal."""
    return uuid5(signaal_id, "correctietaken")


def person_of(betrokkene_id: UUID) -> UUID:
    """The stream of a person of one source."""
    return uuid5(betrokkene_id, "betrokkene")


@dataclass(slots=True)
class Stream:
    """A stream as loaded, and what is added to it."""

    spoor: str
    past: list[Event]
    new: list[Event] = field(default_factory=list)
    decisions: list[bytes | None] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    @property
    def events(self) -> list[Any]:
        return [*self.past, *self.new]


class Work:
    """Loads streams once, collects new events with their decision records, and seals them into one change."""

    def __init__(self, store: LedgerStore, mapper: MessageMapper, keys: SubjectKeys, assume_new: bool = False) -> None:
        self._store, self._mapper, self._keys, self._assume_new = store, mapper, keys, assume_new
        self._streams: dict[UUID, Stream] = {}
        self.added: list[Event] = []
        self.used: set[KeyId] = set()
        self.to_destroy: list[tuple[KeyId, datetime]] = []

    def load(self, ids: Sequence[UUID]) -> None:
        """Read streams ahead, all in one query."""
        missing = [id for id in dict.fromkeys(ids) if id not in self._streams]
        if not missing:
            return
        for id, stored in self._store.streams(missing).items():
            recorded = [Recorded(0, id, event.originator_version, event.topic, event.state) for event in stored]
            past = [cast(Event, restored.message) for restored in self._mapper.to_messages(recorded)]
            self._streams[id] = Stream("", past)
        for id in missing:
            self._streams.setdefault(id, Stream("", []))

    def fresh(self, id: UUID) -> None:
        """Take a stream to be new without looking, on a first try; the store refuses if it is not."""
        if self._assume_new:
            self._streams.setdefault(id, Stream("", []))

    def events(self, id: UUID, kind: UnionType | type[Event]) -> list[Any]:
        """The events of a stream. Raises Onbekend where the identifier is that of another kind of thing.

        Who asks after a signal by the number of a case must learn no more than that there is no such signal.
        """
        self.load((id,))
        events = self._streams[id].events
        if events and not isinstance(events[0], kind):
            raise Onbekend
        return events

    def every(self, topics: frozenset[str]) -> Iterator[tuple[Recorded, Event]]:
        """Every recorded event of these topics, from the first, as can be read of it today."""
        after = 0
        while page := self._store.read(after, PAGE):
            after = page[-1].position
            wanted = [one for one in page if one.topic in topics]
            for one, restored in zip(wanted, self._mapper.to_messages(wanted), strict=True):
                yield one, cast(Event, restored.message)

    def before(self, id: UUID) -> list[Any]:
        """The events of a stream as it was before this unit of work."""
        self.load((id,))
        return list(self._streams[id].past)

    def terugroepingen(self, signaal_id: UUID) -> terugroeping.Terugroepingen:
        return terugroeping.replay(self.events(recalls_of(signaal_id), terugroeping.TerugroepingEvent))

    def terugkoppelingen(self, signaal_id: UUID) -> terugkoppeling.Terugkoppelingen:
        return terugkoppeling.replay(self.events(feedback_of(signaal_id), terugkoppeling.TerugkoppelingEvent))

    def correctietaken(self, signaal_id: UUID) -> correctietaak.Correctietaken:
        return correctietaak.replay(self.events(tasks_of(signaal_id), correctietaak.CorrectietaakEvent))

    def signaal(self, id: UUID) -> signaal.Signaal:
        return signaal.replay(self.events(id, signaal.SignaalEvent))

    def noodtoegangen(self, signaal_id: UUID) -> noodtoegang.Noodtoegangen:
        return noodtoegang.replay(self.events(emergencies_of(signaal_id), noodtoegang.NoodtoegangEvent))

    def casus(self, id: UUID) -> casus.Casus:
        return casus.replay(self.events(id, casus.CasusEvent))

    def verstrekkingen(self, signaal_id: UUID) -> verstrekking.Verstrekkingen:
        return verstrekking.replay(self.events(disclosures_of(signaal_id), verstrekking.VerstrekkingEvent))

    def toestemmingen(self, signaal_id: UUID) -> toestemming.Toestemmingen:
        return toestemming.replay(self.events(consents_of(signaal_id), toestemming.ToestemmingEvent))

    def betrokkene(self, betrokkene_id: UUID) -> betrokkene.Betrokkene:
        return betrokkene.replay(self.events(person_of(betrokkene_id), betrokkene.BetrokkeneEvent))

    def brug(self, id: UUID) -> brug.Brug:
        return brug.replay(self.events(id, brug.BrugEvent))

    def resultaat(self, id: UUID) -> resultaat.Resultaat:
        return resultaat.replay(self.events(id, resultaat.ResultaatEvent))

    def verhoren(self, signaal_id: UUID) -> verhoor.Verhoren:
        return verhoor.replay(self.events(verhoor.verhoren_of(signaal_id), verhoor.VerhoorEvent))

    def overleg(self, id: UUID) -> overleg.Overleg:
        return overleg.replay(self.events(id, overleg.OverlegEvent))

    def add(self, id: UUID, events: Sequence[Event], spoor: str, decision: bytes | None = None) -> None:
        """Add events to a loaded stream; `spoor` is the track whose keys seal their content."""
        stream = self._streams[id]
        stream.spoor = spoor
        for event in events:
            stream.new.append(event)
            stream.decisions.append(decision)
            self.added.append(event)

    def in_order(self) -> tuple[Event, ...]:
        """What was added, in the order of its positions on the ledger."""
        return tuple(event for stream in self._streams.values() for event in stream.new)

    def recorded(self) -> Iterator[tuple[Event, bytes | None, str]]:
        """What was added, with its decision record and its track, in the order of its positions."""
        for stream in self._streams.values():
            for event, decision in zip(stream.new, stream.decisions, strict=True):
                yield event, decision, stream.spoor

    def persons(self) -> set[UUID]:
        """The persons named in the content of what was added; after `draft`."""
        return {id.subject for id in self.used} - self._streams.keys()

    def living(self, ids: Iterable[KeyId]) -> int:
        """How many of these keys are there to destroy."""
        return sum(key.wrapped is not None for key in self._store.keys(list(ids)).values())

    def draft(self) -> set[KeyId]:
        """Bring what was added into the form in which it is sealed; the keys that takes."""
        for id, stream in self._streams.items():
            waiting = stream.new[len(stream.drafts) :]
            for at, event in enumerate(waiting, len(stream.past) + len(stream.drafts) + 1):
                draft = self._mapper.draft(event, id, at, stream.spoor)
                stream.drafts.append(draft)
                self.used |= draft.key_ids
        return self.used

    def change(self, source: SourceKey | None, access: tuple[Entry, ...] = ()) -> Change:
        """Seal everything; `access`: its records for the access log. Raises keys.Destroyed."""
        self.draft()
        appends = []
        for id, stream in self._streams.items():
            if stream.new:
                sealed = tuple(self._mapper.seal(draft) for draft in stream.drafts)
                appends.append(StreamAppend(id, len(stream.past), sealed, tuple(stream.decisions)))
        pending = self._keys.pending(self.used)
        return Change(tuple(appends), source, pending, access, tuple(self.to_destroy))

    def committed(self) -> None:
        """After the change is durable: settle new keys, forget destroyed ones."""
        self._keys.confirm(self.used)
        self._keys.forget([id for id, _ in self.to_destroy])
