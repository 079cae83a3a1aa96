"""Contract messages in the ledger: sealed per person, restored for ever, lost only with their key."""

import os
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

import pytest

from contracts.message import OPEN, Event, Gegeven, Message, Part
from hub.ledger.envelope import opened
from hub.ledger.keys import Destroyed, FakeKeyStore, SubjectKeys
from hub.ledger.mapper import MessageMapper, Restored, UnknownTopic, layout
from hub.ledger.memory import MemoryLedger
from hub.ledger.store import Change, KeyId, Recorded, StreamAppend

NAME, TEXT = Gegeven("identificerend"), Gegeven("signaal-inhoud")
NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)


class Rol(Part):
    rol: Annotated[str, TEXT]


class Persoon(Part):
    betrokkene_id: Annotated[UUID, OPEN]
    naam: Annotated[str | None, NAME] = None
    geboren: Annotated[date | None, NAME] = None
    rollen: tuple[Rol, ...] = ()


class Inhoud(Part):
    toelichting: Annotated[str, TEXT]
    personen: tuple[Persoon, ...] = ()


class Getest(Event):
    TYPE: ClassVar = "nl.test.getest.v2"
    signaal_id: Annotated[UUID, OPEN]
    melder: Rol | None = None
    inhoud: Inhoud


class AllesOpen(Event):
    TYPE: ClassVar = "nl.test.alles-open.v1"
    betrokkene_id: Annotated[UUID, OPEN]


ANNA, BELA = uuid4(), uuid4()
EVENT = Getest(
    zetel="politie.avim@oost-nederland",
    tijdstip=NOW,
    signaal_id=uuid4(),
    melder=Rol(rol="mogelijk getuige"),
    inhoud=Inhoud(
        toelichting="Anna en Bela werden gezien",
        personen=(
            Persoon(betrokkene_id=ANNA, naam="Anna", geboren=date(1999, 1, 2), rollen=(Rol(rol="slachtoffer"),)),
            Persoon(betrokkene_id=BELA, naam="Bela"),
        ),
    ),
)


class House:
    """A ledger in memory with its mapper."""

    def __init__(self) -> None:
        self.ledger = MemoryLedger()
        self.keys = SubjectKeys(self.ledger, FakeKeyStore(os.urandom), os.urandom, lambda: 0.0)
        self.stream = uuid4()

    def mapper(self, *types: type[Message], **upcasts: Any) -> MessageMapper:
        return MessageMapper(types or (Getest, AllesOpen), self.keys, os.urandom, **upcasts)

    def record(self, message: Message) -> Recorded:
        version = len(self.ledger.stream(self.stream))
        event, used = self.mapper().to_event(message, self.stream, version + 1, "riec")
        append = StreamAppend(self.stream, version, (event,), (None,))
        receipt = self.ledger.append(Change((append,), new_keys=self.keys.pending(used)))
        self.keys.confirm(used)
        return self.ledger.read(receipt.positions[0] - 1, 1)[0]


@pytest.fixture
def house() -> House:
    return House()


def test_message_comes_back_as_it_was(house: House) -> None:
    recorded = house.record(EVENT)
    assert recorded.topic == "nl.test.getest.v2"
    assert house.mapper().to_message(recorded) == Restored(EVENT)


def test_only_open_fields_are_readable_without_keys(house: House) -> None:
    state = house.record(EVENT).state
    for secret in (b"Anna", b"Bela", b"1999", b"slachtoffer", b"getuige", b"gezien"):
        assert secret not in state
    assert str(ANNA).encode() in opened(state)[0]
    assert b"politie.avim@oost-nederland" in opened(state)[0]


def test_destroying_one_person_keeps_the_other(house: House) -> None:
    recorded = house.record(EVENT)
    house.keys.destroy(KeyId(ANNA, "riec"), NOW)
    restored = house.mapper().to_message(recorded)
    assert restored.lost == (KeyId(ANNA, "riec"),)
    message = restored.message
    assert isinstance(message, Getest)
    anna, bela = message.inhoud.personen
    assert (anna.betrokkene_id, anna.naam, anna.geboren, anna.rollen) == (ANNA, None, None, ())
    assert bela == EVENT.inhoud.personen[1]
    assert message.inhoud.toelichting is None
    assert message.melder is None
    assert (message.zetel, message.tijdstip, message.signaal_id) == (EVENT.zetel, NOW, EVENT.signaal_id)


def test_destroying_the_stream_loses_all_of_it_and_nothing_else(house: House) -> None:
    recorded = house.record(EVENT)
    house.keys.destroy(KeyId(house.stream, "riec"), NOW)
    message = house.mapper().to_message(recorded).message
    assert isinstance(message, Getest)
    assert [person.naam for person in message.inhoud.personen] == [None, None]
    house.stream = uuid4()
    assert house.mapper().to_message(house.record(EVENT)) == Restored(EVENT)


def test_nothing_new_is_recorded_of_a_destroyed_person_but_its_id(house: House) -> None:
    house.record(EVENT)
    house.keys.destroy(KeyId(ANNA, "riec"), NOW)
    with pytest.raises(Destroyed):
        house.record(EVENT)
    open_event = AllesOpen(zetel="hub", tijdstip=NOW, betrokkene_id=ANNA)
    assert house.mapper().to_message(house.record(open_event)) == Restored(open_event)


def test_unregistered_types_and_topics_are_refused(house: House) -> None:
    recorded = house.record(EVENT)
    with pytest.raises(UnknownTopic, match=r"nl\.test\.getest\.v2"):
        house.mapper(AllesOpen).to_message(recorded)
    with pytest.raises(UnknownTopic):
        house.mapper(AllesOpen).to_event(EVENT, house.stream, 1, "riec")


def test_old_events_come_back_through_the_chain_of_upcasts(house: House) -> None:
    class Oud(Event):
        TYPE: ClassVar = "nl.test.getest.v0"
        naar: Annotated[str, TEXT]

    old = Oud(zetel="hub", tijdstip=NOW, naar="Anna")
    event, _ = house.mapper(Oud).to_event(old, house.stream, 1, "riec")
    recorded = Recorded(1, house.stream, 1, event.topic, event.state)
    signaal = uuid4()

    def to_v1(data: dict[str, Any]) -> dict[str, Any]:
        naar = data.pop("naar")
        return {**data, "tekst": naar}

    def to_v2(data: dict[str, Any]) -> dict[str, Any]:
        tekst = data.pop("tekst")
        return {**data, "signaalId": str(signaal), "inhoud": {"toelichting": tekst}}

    upcasts = {"nl.test.getest.v0": (to_v1, "nl.test.getest.v1"), "nl.test.getest.v1": (to_v2, Getest.TYPE)}
    restored = house.mapper(upcasts=upcasts).to_message(recorded).message
    assert restored == Getest(zetel="hub", tijdstip=NOW, signaal_id=signaal, inhoud=Inhoud(toelichting="Anna"))


def test_upcasts_that_go_round_or_end_nowhere_are_refused_at_the_start(house: House) -> None:
    with pytest.raises(UnknownTopic, match="round"):
        house.mapper(upcasts={"a": (dict, "b"), "b": (dict, "a")})
    with pytest.raises(UnknownTopic, match="nergens"):
        house.mapper(upcasts={"a": (dict, "nergens")})


def test_a_part_without_open_fields_is_sealed_whole() -> None:
    assert layout(Getest).sealed == ("melder",)
    assert layout(Persoon).sealed == ("naam", "geboren", "rollen")
