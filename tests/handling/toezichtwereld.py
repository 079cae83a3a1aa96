"""Cases, workers and a season of accesses, most of it work and some of it planted snooping; the same on each run."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from contracts.casus import BepaalDeelnemers, SluitCasus
from contracts.message import Command
from contracts.toezicht import MeldBelang, TrekBehandelaarIn, WijsBehandelaarAan
from hub.audit.access import Access, Handeling, Resultaat
from hub.handling.execute import Request
from hub.handling.toezicht import Toezicht
from tests.handling.executing import AF, AVIM, NU, OVJ, ZC, World, id_of, riec_case

OIN = "00000099000000000001"
OFFICER = "privacy-officer@landelijk"
RIEC_DOEL = "riec-handhaving-mensenhandel"
SEATS = (AVIM, AF, OVJ)
CASES = 15
DAY = timedelta(days=1)


@dataclass
class Toezichtwereld:
    """A world whose clock moves; `planted`: numbers of accesses that are snooping, with what was planted."""

    world: World = field(default_factory=World)
    rnd: random.Random = field(default_factory=lambda: random.Random(20260302))
    nu: datetime = NU + DAY
    planted: dict[int, str] = field(default_factory=dict)
    ordinary: list[int] = field(default_factory=list)

    def act(self, zetel: str, command: Command, persoon: str = f"{OIN}:proef") -> None:
        """Execute a command now."""
        self.world.ledger.execute(Request(command, zetel, persoon=persoon), self.nu)

    def names(self, zetel: str, worker: str, casus: str | None = None, signaal: str | None = None) -> UUID:
        """Name a worker; the number of the naming."""
        key = id_of(f"naming-{zetel}-{worker}-{casus}-{signaal}")
        named = {"casus_id": id_of(casus)} if casus else {"signaal_id": id_of(signaal)} if signaal else {}
        self.act(zetel, WijsBehandelaarAan(behandeling_id=key, behandelaar=worker, **named))
        return key

    def looks(
        self,
        zetel: str,
        actor: str,
        *objecten: str,
        doel: str = RIEC_DOEL,
        resultaat: Resultaat = "toegestaan",
        handeling: Handeling = "raadplegen",
        vraag: str = "casussen/{casusId}",
        velden: tuple[str, ...] = ("signaal-inhoud",),
        betrokkenen: tuple[str, ...] = (),
    ) -> int:
        """An access as a door writes it down; its number."""
        record = Access(
            handeling=handeling,
            vraag=vraag,
            resultaat=resultaat,
            zetel=zetel,
            oin=OIN,
            actor=actor,
            herkomst="192.0.2.1",
            tijdstip=self.nu,
            doel=doel,
            trace="0" * 32,
            objecten=objecten,
            velden=velden,
            betrokkenen=betrokkenen,
        )
        return self.world.store.append_access([record.entry()])[0]

    def works(self, *args: str, **more: object) -> None:
        """An access that is work."""
        self.ordinary.append(self.looks(*args, **more))  # type: ignore[arg-type]

    def snoops(self, what: str, *args: str, **more: object) -> None:
        """An access that is not."""
        self.planted[self.looks(*args, **more)] = what  # type: ignore[arg-type]

    def reviewer(self) -> Toezicht:
        return Toezicht(self.world.ledger)


def season() -> Toezichtwereld:
    """Cases of three seats with named workers, two months of work in them, and snooping in between."""
    made = Toezichtwereld()
    for number in range(CASES):
        riec_case(made.world, f"zaak-{number}", AF, OVJ)
        for zetel in SEATS:
            made.names(zetel, worker(zetel, number), casus=f"zaak-{number}")
            made.names(zetel, worker(zetel, number), signaal=f"zaak-{number}-signaal")
    for zetel in SEATS:
        made.names(zetel, f"{zetel}-coordinator")
    for _ in range(60):
        made.nu += DAY
        _day(made)
    return made


def worker(zetel: str, number: int) -> str:
    """Who handles a case in a seat: three workers divide the cases."""
    return f"{zetel}-medewerker-{number % 3}"


def objects(number: int) -> tuple[str, str]:
    """A case and its signal as records name them."""
    return f"casus:{id_of(f'zaak-{number}')}", f"signaal:{id_of(f'zaak-{number}-signaal')}"


def _day(made: Toezichtwereld) -> None:
    for _ in range(40):
        number, zetel = made.rnd.randrange(CASES), made.rnd.choice(SEATS)
        if made.rnd.random() < 0.02:
            # A colleague stands in and nobody said so: lawful perhaps, but no fact explains it.
            made.works(zetel, worker(zetel, number + 1), *objects(number))
        else:
            made.works(zetel, worker(zetel, number), *objects(number))
    for zetel in SEATS:
        pages = [one for number in range(CASES) for one in objects(number)]
        made.works(zetel, f"{OIN}:zaaksysteem", *pages, vraag="casussen")
        made.works(zetel, f"{zetel}-coordinator", *pages, vraag="casussen")
        made.works(zetel, worker(zetel, 0), vraag="weigeringen", velden=(), resultaat="leeg")
    made.works(OFFICER, "officier-1", vraag="raadplegingen", velden=("auditregel",), doel="interne-controle")
    _snoop(made)


def _snoop(made: Toezichtwereld) -> None:
    number, zetel = made.rnd.randrange(CASES), made.rnd.choice(SEATS)
    made.snoops("colleague without work in it", zetel, worker(zetel, number + 1), *objects(number))
    made.snoops("somebody nobody named", zetel, f"{zetel}-stagiair", objects(number)[1], vraag="signalen/{signaalId}")
    made.snoops("seat without a tie", ZC, "zc-medewerker", *objects(number))
    made.snoops("system of a seat without a tie", ZC, f"{OIN}:zaaksysteem", objects(number)[1])
    made.snoops("guessing numbers", ZC, "zc-medewerker", objects(number)[1], resultaat="geweigerd", velden=())
    made.snoops(
        "one foreign object in a page", zetel, f"{OIN}:zaaksysteem", *objects(number), f"casus:{id_of('elders')}"
    )
    made.snoops("log for steering", OFFICER, "officier-1", velden=("auditregel",), doel="prestatiesturing")


def later_planted(made: Toezichtwereld) -> None:
    """Snooping that takes an event first: a private tie, a naming that ended, a seat that left, a closed case."""
    made.act(AVIM, MeldBelang(signaal_id=id_of("zaak-1-signaal"), behandelaar=worker(AVIM, 1)))
    made.nu += DAY
    made.snoops("private tie", AVIM, worker(AVIM, 1), *objects(1))
    made.act(
        AF,
        TrekBehandelaarIn(behandeling_id=id_of(f"naming-{AF}-{worker(AF, 2)}-zaak-2-None"), casus_id=id_of("zaak-2")),
    )
    made.act(OVJ, BepaalDeelnemers(casus_id=id_of("zaak-3"), deelnemers=(AVIM, OVJ)))
    made.nu += DAY
    made.snoops("naming ended", AF, worker(AF, 2), objects(2)[0])
    made.snoops("seat that left the case", AF, worker(AF, 3), objects(3)[0])
    made.act(AVIM, SluitCasus(casus_id=id_of("zaak-4"), reden="ongegrond-verwijderd"))
    made.nu += 31 * DAY
    made.snoops("long after closing", AF, f"{OIN}:zaaksysteem", *objects(4))
    for at in range(3):
        crowd = tuple(f"persoon-{at * 30 + one}" for one in range(30))
        look = made.snoops if at == 2 else made.works
        args = ("many persons in a day",) if at == 2 else ()
        look(*args, AVIM, f"{AVIM}-coordinator", *objects(5), betrokkenen=crowd)
