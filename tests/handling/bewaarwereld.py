"""A write side that also destroys: the world of execution, with retention and key epochs in memory."""

import random
from datetime import datetime
from uuid import uuid4

from contracts.bewaring import (
    BeoordeelVernietiging,
    StelVernietigingUit,
    VernietigCasus,
    VernietigSignaal,
)
from contracts.casus import SluitCasus
from contracts.inhoud import Criterium
from contracts.message import Event
from contracts.register import EVENTS
from hub.handling.activeren import Activating
from hub.handling.bewaarlijst import BEHEERDER, Bewaarlijst
from hub.handling.bewaren import Bewaren
from hub.handling.execute import Ledger
from hub.handling.onderwerpen import bewaring_in
from hub.handling.tijdvakken import Tijdvakken
from hub.ledger.epochs import MemoryEpochs
from hub.ledger.keys import FakeKeyStore, SubjectKeys
from hub.ledger.mapper import MessageMapper
from tests.handling.executing import AVIM, NU, World, id_of, signaal, unexamined

CRITERIA = tuple(Criterium(letter=letter, voldaan=True, toelichting="ja") for letter in "abcde")


class BewaarWereld(World):
    """A world with a list of what is due."""

    def __post_init__(self) -> None:
        super().__post_init__()
        randbytes = random.Random(self.seed).randbytes
        self.key_store = FakeKeyStore(randbytes)
        self.keys = SubjectKeys(self.store, self.key_store, randbytes, lambda: 0.0)
        self.mapper = MessageMapper(EVENTS.values(), self.keys, randbytes)
        own = {**Activating(self.signers.get, unexamined).handlers(), **Bewaren(self.store).handlers()}
        self.ledger = Ledger(self.store, self.mapper, self.keys, self.policy, bytes(32), own)
        self.lijst = Bewaarlijst(self.ledger, self.policy)

    def tijdvakken(self) -> Tijdvakken:
        return Tijdvakken(self.ledger, MemoryEpochs(self.store), self.key_store)

    def in_riec(self, name: str, nu: datetime = NU) -> None:
        """A signal on the track of the RIEC itself."""
        self.ask(AVIM, signaal(name, "riec", wpg_artikel="8", criteria=CRITERIA), nu=nu)

    def sluit(self, name: str, reden: str, nu: datetime = NU) -> None:
        self.ask(AVIM, SluitCasus(casus_id=id_of(name), reden=reden), nu=nu)

    def uitgesteld(self, name: str, soort: str, reden: str, nu: datetime = NU) -> StelVernietigingUit:
        command = StelVernietigingUit(
            onderwerp_id=id_of(name), soort=soort, uitstel_id=uuid4(), reden=reden, kenmerk="C/13/2026/7"
        )
        self.ask("privacy-officer@landelijk", command, nu=nu)
        return command

    def oordeel(self, name: str, soort: str, termijn: str, nu: datetime, **more: object) -> None:
        self.ask(
            AVIM,
            BeoordeelVernietiging.model_validate(
                {"onderwerp_id": id_of(name), "soort": soort, "termijn": termijn, "reden": "niet-meer-nodig", **more}
            ),
            nu=nu,
        )

    def vernietig(self, name: str, soort: str, termijn: str, nu: datetime) -> tuple[Event, ...]:
        command = (
            VernietigSignaal(signaal_id=id_of(name), termijn=termijn)
            if soort == "signaal"
            else VernietigCasus(casus_id=id_of(name), termijn=termijn)
        )
        return self.ask(BEHEERDER, command, nu=nu).events

    def weg(self, name: str) -> bool:
        return bewaring_in(self.work(), id_of(name)).vernietigd

    def due(self, nu: datetime, soort: str | None = None) -> list[tuple[str, str]]:
        """Term and state of all that is due, of one kind or of both."""
        return [(turn.termijn.id, turn.stand) for turn in self.lijst.due(nu) if soort in (None, turn.soort)]

    def leesbaar(self) -> str:
        """Everything the ledger can still be read to say."""
        return repr(self.mapper.to_messages(self.store.read(0, 10_000)))
