"""A whole write side in memory, with the real policy, for tests of execution."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from contracts.casus import BeoordeelCriteria, BepaalDeelnemers, KoppelSignaal, OpenCasus, WijzigFase
from contracts.inhoud import Betrokkene, Criterium, Feit, Rolperiode, SignaalInhoud, Signaalmelding
from contracts.message import Command, Event
from contracts.register import EVENTS
from contracts.signaal import DoorzetSignaal, RegistreerSignaal
from contracts.verstrekking import SignaalVerstrekt
from hub.access.beleid import Beleid
from hub.access.ondertekening import Ondertekenaar
from hub.handling.activeren import Activating
from hub.handling.beleidsversies import Beleidsversies, beleid_uit
from hub.handling.execute import Ledger, Outcome, Request
from hub.handling.navragen import Navragen
from hub.handling.questions import Questions
from hub.handling.work import Work
from hub.ledger.keys import FakeKeyStore, SubjectKeys
from hub.ledger.mapper import MessageMapper
from hub.ledger.memory import MemoryLedger

NU = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
SOURCE = "urn:nld:oin:00000099000000000001:systeem:proef"
ZC, AF, AVIM, OVJ = "zc.opvang@ede", "gemeente.af-oov@ede", "politie.avim@oost-nederland", "om.ovj-mh@oost-nederland"
COLLEGE, NLA, TAX = "gemeente.college-handhaving@ede", "nla@landelijk", "belastingdienst@oost"
BELEID = Beleid.laad()
ROOT = UUID(int=7)


def id_of(name: str) -> UUID:
    return uuid5(ROOT, name)


def unexamined(pakket: str, *, gevallen: bool, op: date | None) -> Beleid:
    """A draft of a test has not the cases that the examination of a proposal asks."""
    return beleid_uit(pakket, op=op)


@dataclass
class World:
    """A ledger and the seats that use it; `ask` executes a command and keeps its events."""

    seed: int = 1
    store: MemoryLedger = field(default_factory=MemoryLedger)
    events: list[Event] = field(default_factory=list)
    #: Who may sign policy versions, and the versions that could not be loaded.
    signers: dict[str, Ondertekenaar] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        randbytes: Callable[[int], bytes] = random.Random(self.seed).randbytes
        self.keys = SubjectKeys(self.store, FakeKeyStore(randbytes), randbytes, lambda: 0.0)
        self.mapper = MessageMapper(EVENTS.values(), self.keys, randbytes)
        self.questions = Questions(BELEID)
        self.policy = Beleidsversies(self.store, self.mapper, self.questions, lambda: 0.0, self.broken.append)
        own = {**Activating(self.signers.get, unexamined).handlers(), **Navragen(self.store).handlers()}
        self.ledger = Ledger(self.store, self.mapper, self.keys, self.policy, bytes(32), own)

    def ask(self, zetel: str, command: Command, id: str | None = None, nu: datetime = NU) -> Outcome:
        outcome = self.ledger.execute(Request(command, zetel, SOURCE if id else None, id), nu)
        self.events += outcome.events
        return outcome

    def work(self) -> Work:
        return Work(self.store, self.mapper, self.keys)

    def held(self, zetel: str, signaal: str) -> set[str]:
        """The categories of a signal that a seat holds from others now."""
        given = self.work().verstrekkingen(id_of(signaal)).van(zetel)
        return {category for one in given for category in one.categorieen}

    def disclosed(self) -> list[SignaalVerstrekt]:
        return [event for event in self.events if isinstance(event, SignaalVerstrekt)]


def signaal(name: str, spoor: str = "intern", **more: Any) -> RegistreerSignaal:
    """A signal on one presumed victim, with health data."""
    inhoud = SignaalInhoud(
        vormen=("seksuele-uitbuiting",),
        zekerheid="vermoeden",
        toelichting="wordt laat opgehaald",
        betrokkenen=(
            Betrokkene(
                betrokkene_id=id_of(name + "-persoon"),
                naam="Testa Fictema",
                rollen=(Rolperiode(rol="vermoedelijk-slachtoffer"),),
            ),
        ),
        feiten=(Feit(categorie="gezondheid", kenmerk="letsel", waarde="blauwe plek"),)
        if more.pop("ziek", False)
        else (),
    )
    melding = Signaalmelding(kenmerk=name, spoor=spoor, regio=more.pop("regio", "ede"), inhoud=inhoud, **more)
    return RegistreerSignaal(signaal_id=id_of(name), melding=melding)


def doorzetten(name: str, naar: str, spoor: str, doel: str, **omstandigheden: Any) -> DoorzetSignaal:
    return DoorzetSignaal(signaal_id=id_of(name), naar=naar, spoor=spoor, doel=doel, omstandigheden=omstandigheden)


def riec_case(world: World, name: str, *deelnemers: str, opener: str = AVIM, fase: int = 1) -> None:
    """A RIEC case with recorded criteria, its opener's signal `<name>-signaal`, participants and a phase."""
    world.ask(opener, signaal(f"{name}-signaal", wpg_artikel="8"))
    opened = OpenCasus(
        casus_id=id_of(name),
        spoor="riec",
        regio="ede",
        doel="riec-handhaving-mensenhandel",
        vorm="seksuele-uitbuiting",
    )
    world.ask(opener, opened)
    world.ask(opener, KoppelSignaal(casus_id=id_of(name), signaal_id=id_of(f"{name}-signaal")))
    criteria = tuple(Criterium(letter=letter, voldaan=True) for letter in "abcde")
    world.ask(opener, BeoordeelCriteria(casus_id=id_of(name), criteria=criteria))
    world.ask(opener, BepaalDeelnemers(casus_id=id_of(name), deelnemers=deelnemers))
    if fase:
        world.ask(opener, WijzigFase(casus_id=id_of(name), fase=fase))
