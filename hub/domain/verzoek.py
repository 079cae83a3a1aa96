"""A request by the person whose data they are: its clock, who finds a ground against it, and what came of it."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from contracts.message import Acted
from contracts.verzoek import (
    BeantwoordVerzoek,
    BeslisOpVerzoek,
    Betreft,
    Brontaak,
    DeelnemersGeraadpleegd,
    GeenWeigeringsgrondGemeld,
    Identiteit,
    IdentiteitVastgesteld,
    MeldGeenWeigeringsgrond,
    MeldVervalWeigeringsgrond,
    MeldWeigeringsgrond,
    OntvangVerzoek,
    RaadpleegDeelnemers,
    RondTaakAf,
    SluitVerzoek,
    StelIdentiteitVast,
    TaakAfgerond,
    TermijnVerlengd,
    VerlengTermijn,
    VerzoekBeantwoord,
    VerzoekBeslist,
    VerzoekGesloten,
    VerzoekGeweigerd,
    VerzoekhandelingGeweigerd,
    VerzoekHeropend,
    VerzoekOntvangen,
    WeigeringsgrondGemeld,
    WeigeringsgrondVervallen,
    WeigerVerzoek,
)
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

#: The course of a request, apart from who asks and who finds a ground.
Gang = (
    VerzoekHeropend
    | TermijnVerlengd
    | VerzoekBeslist
    | TaakAfgerond
    | VerzoekGeweigerd
    | VerzoekBeantwoord
    | VerzoekGesloten
    | VerzoekhandelingGeweigerd
)
VerzoekEvent = (
    VerzoekOntvangen
    | IdentiteitVastgesteld
    | DeelnemersGeraadpleegd
    | WeigeringsgrondGemeld
    | GeenWeigeringsgrondGemeld
    | WeigeringsgrondVervallen
    | Gang
)
#: Steps of who handles the request, without a question to the policy of their own.
Stap = StelIdentiteitVast | RaadpleegDeelnemers | SluitVerzoek
#: Steps of a participant that was asked, or got a task.
Deelnemerstap = MeldWeigeringsgrond | MeldGeenWeigeringsgrond | MeldVervalWeigeringsgrond | RondTaakAf
#: Steps that the policy must allow.
Besluitstap = BeslisOpVerzoek | WeigerVerzoek | BeantwoordVerzoek
AVG, WPG = "avg", "wpg"
#: Source: Wpg art. 25 lid 1.
ZES_WEKEN = timedelta(days=42)
#: Every answer leaves on the same day after receipt, so that its moment tells nothing.
VERZENDEN_NA = timedelta(days=28)
VERZENDEN_VOOR = timedelta(days=2)
#: By kind of request, what its grant asks of a provider.
TAAKSOORT: Mapping[str, str] = {
    "rectificatie": "rectificeer",
    "wissing": "wis",
    "beperking": "beperk",
    "bezwaar": "weeg",
}
INZAGE = "inzage"
OPEN_STAND, BESLIST, GEWEIGERD, BEANTWOORD, GESLOTEN = "open", "beslist", "geweigerd", "beantwoord", "gesloten"
KLAAR = frozenset({GEWEIGERD, BEANTWOORD, GESLOTEN})


@dataclass(frozen=True, slots=True)
class Klok:
    """The term of a request. `begin`: the day from which it runs; `maanden`: extension."""

    regime: str
    begin: date
    maanden: int = 0

    @property
    def uiterlijk(self) -> date:
        """The last day. A month ends on the same day of the month, or the last. Source: AVG art. 12 lid 3."""
        if self.regime == WPG:
            return self.begin + ZES_WEKEN
        year, month = divmod(self.begin.month + self.maanden, 12)
        year, month = self.begin.year + year, month + 1
        return date(year, month, min(self.begin.day, monthrange(year, month)[1]))

    @property
    def verzenddag(self) -> date:
        """The day on which an answer leaves, whatever it says."""
        if self.maanden:
            return self.uiterlijk - VERZENDEN_VOOR
        return self.begin + VERZENDEN_NA


@dataclass(frozen=True, slots=True)
class Dossier:
    """One request. `gronden`: letters of UAVG art. 41 by finding seat, `vervallen`: seats whose ground lapsed.

    `zonder_grond`: seats that said they have none. `weigeraar`: the seat whose ground it was refused on. `taken`: by
    number; `afgerond`: by number, whether it was done.
    """

    behandelaar: str | None = None
    recht: str = ""
    klok: Klok | None = None
    stand: str = OPEN_STAND
    identiteit: Identiteit | None = None
    vastgesteld: bool = False
    geraadpleegd: frozenset[str] | None = None
    betreft: tuple[Betreft, ...] = ()
    gronden: dict[str, str] = field(default_factory=dict)
    vervallen: frozenset[str] = frozenset()
    zonder_grond: frozenset[str] = frozenset()
    weigeraar: str | None = None
    besluit: str = ""
    motivering: str = ""
    taken: dict[UUID, Brontaak] = field(default_factory=dict)
    afgerond: dict[UUID, bool] = field(default_factory=dict)

    def te_laat(self, op: date) -> bool:
        """Whether its term is over and nothing was answered."""
        return self.klok is not None and self.stand not in KLAAR and op > self.klok.uiterlijk

    @property
    def nog_niet_gehoord(self) -> frozenset[str]:
        """The seats that were asked and said nothing yet."""
        return (self.geraadpleegd or frozenset()) - self.gronden.keys() - self.zonder_grond

    def open_taken(self, zetel: str | None = None) -> list[Brontaak]:
        """The tasks that nobody finished, of one seat or of all."""
        waiting = [task for id, task in self.taken.items() if id not in self.afgerond]
        return [task for task in waiting if zetel in (None, task.zetel)]


@dataclass(frozen=True, slots=True)
class Afweging:
    """What the policy said of a step. `te_laat`: it objects to the day alone, by these `termijnregels`."""

    oordeel: Oordeel
    termijnregels: tuple[str, ...] = ()

    @property
    def te_laat(self) -> bool:
        return bool(self.termijnregels)


def ontvang(dossier: Dossier, command: OntvangVerzoek, who: Acted, regime: str, oordeel: Oordeel) -> VerzoekOntvangen:
    """Take a request in. A seat that handles no requests cannot. Raises Onbekend, Strijdig."""
    if not oordeel.categorieen:
        raise Onbekend
    if dossier.behandelaar is not None:
        raise Strijdig("Dit verzoek is al vastgelegd.")
    if command.ontvangen_op > who.tijdstip.date():
        raise Strijdig("De dag van ontvangst ligt in de toekomst.")
    uiterlijk = Klok(regime, command.ontvangen_op).uiterlijk
    return VerzoekOntvangen.recorded(command, who, regime=regime, uiterlijk=uiterlijk, **_ground(oordeel))


def decide(
    dossier: Dossier, command: Stap, zetel: str, nu: datetime, gevonden: Sequence[Betreft] = ()
) -> list[VerzoekEvent]:
    """Decide on a step before any decision. `gevonden`: records of her. Raises Onbekend, Strijdig."""
    _handled_by(dossier, zetel)
    who = Acted(zetel, nu)
    match command:
        case StelIdentiteitVast():
            if dossier.vastgesteld:
                raise Strijdig("De identiteit is al vastgesteld.")
            return [IdentiteitVastgesteld.recorded(command, who)]
        case RaadpleegDeelnemers():
            _identified(dossier)
            asked = tuple(sorted({one.zetel for one in gevonden} | (dossier.geraadpleegd or frozenset())))
            about = tuple(sorted(gevonden, key=_record))
            if dossier.geraadpleegd == frozenset(asked) and dossier.betreft == about:
                return []
            return [DeelnemersGeraadpleegd.recorded(command, who, deelnemers=asked, betreft=about)]
        case SluitVerzoek(reden=reden):
            if reden == "identiteit-onbekend" and dossier.vastgesteld:
                raise Strijdig("De identiteit is vastgesteld.")
            return [VerzoekGesloten.recorded(command, who)]


def verleng(dossier: Dossier, command: VerlengTermijn, who: Acted, oordeel: Oordeel) -> TermijnVerlengd:
    """Extend, as far as the policy allows. Raises Onbekend, Strijdig; ValueError where the policy did not."""
    klok = running(dossier, who.zetel)
    longer = replace(klok, maanden=klok.maanden + command.maanden)
    return TermijnVerlengd.recorded(
        command, who, maanden=longer.maanden, uiterlijk=longer.uiterlijk, **_ground(oordeel)
    )


def check(dossier: Dossier, command: Besluitstap | VerlengTermijn, zetel: str) -> None:
    """Whether a step fits the state of the request at all. Raises Onbekend, Strijdig."""
    _handled_by(dossier, zetel)
    if isinstance(command, VerlengTermijn):
        return
    _identified(dossier)
    match command:
        case BeslisOpVerzoek():
            if dossier.recht == INZAGE:
                raise Strijdig("Een verzoek om inzage wordt beantwoord of geweigerd.")
            if dossier.stand != OPEN_STAND:
                raise Strijdig("Op dit verzoek is al beslist.")
        case BeantwoordVerzoek():
            if dossier.geraadpleegd is None:
                raise Strijdig("Raadpleeg eerst de deelnemers.")
            if dossier.nog_niet_gehoord:
                raise Strijdig("Nog niet elke deelnemer heeft gezegd of er een grond is om te weigeren.")
            if dossier.recht != INZAGE and dossier.stand != BESLIST:
                raise Strijdig("Beslis eerst op dit verzoek.")
        case WeigerVerzoek():
            if dossier.geraadpleegd is None:
                raise Strijdig("Raadpleeg eerst de deelnemers.")
            if dossier.stand == BESLIST:
                raise Strijdig("Op dit verzoek is al beslist.")


def besluit(
    command: Besluitstap, who: Acted, afweging: Afweging, taken: Sequence[Brontaak] = ()
) -> VerzoekBeslist | VerzoekGeweigerd | VerzoekBeantwoord:
    """The decision, after `check`, where the policy allows it."""
    said = {"te_laat": afweging.te_laat, "termijnregels": afweging.termijnregels} | _ground(afweging.oordeel)
    match command:
        case BeslisOpVerzoek():
            return VerzoekBeslist.recorded(command, who, taken=tuple(taken), **said)
        case WeigerVerzoek():
            return VerzoekGeweigerd.recorded(command, who, **said)
        case BeantwoordVerzoek():
            return VerzoekBeantwoord.recorded(command, who, **said)


def deelnemer(dossier: Dossier, command: Deelnemerstap, zetel: str, nu: datetime) -> list[VerzoekEvent]:
    """Decide on what a participant tells; who was not asked knows of no request. Raises Onbekend, Strijdig."""
    who = Acted(zetel, nu)
    if dossier.behandelaar is None:
        raise Onbekend
    match command:
        case MeldWeigeringsgrond():
            if zetel not in (dossier.geraadpleegd or frozenset()):
                raise Onbekend
            if dossier.stand not in (OPEN_STAND, GEWEIGERD):
                raise Strijdig("Op dit verzoek is al geantwoord.")
            lasting = zetel not in dossier.vervallen and dossier.gronden.get(zetel) == command.letter
            return [] if lasting else [WeigeringsgrondGemeld.recorded(command, who)]
        case MeldGeenWeigeringsgrond():
            if zetel not in (dossier.geraadpleegd or frozenset()):
                raise Onbekend
            if zetel in dossier.gronden and zetel not in dossier.vervallen:
                raise Strijdig("Meld dat de eigen grond is vervallen.")
            return [] if zetel in dossier.zonder_grond else [GeenWeigeringsgrondGemeld.recorded(command, who)]
        case MeldVervalWeigeringsgrond():
            if zetel not in dossier.gronden:
                raise Onbekend
            return _lapse(dossier, command, who)
        case RondTaakAf():
            task = dossier.taken.get(command.taak_id)
            if task is None or task.zetel != zetel:
                raise Onbekend
            if command.taak_id in dossier.afgerond:
                raise Strijdig("Deze taak is al afgerond.")
            if not command.gedaan and command.motivering is None:
                raise Strijdig("Wie een taak niet uitvoert, zegt waarom.")
            return [TaakAfgerond.recorded(command, who)]


def _lapse(dossier: Dossier, command: MeldVervalWeigeringsgrond, who: Acted) -> list[VerzoekEvent]:
    if who.zetel in dossier.vervallen:
        return []
    events: list[VerzoekEvent] = [WeigeringsgrondVervallen.recorded(command, who)]
    if dossier.stand == GEWEIGERD and dossier.weigeraar == who.zetel and dossier.klok is not None:
        again = Klok(dossier.klok.regime, who.tijdstip.date()).uiterlijk
        events.append(VerzoekHeropend.recorded(command, who, uiterlijk=again))
    return events


def standing(dossier: Dossier) -> tuple[str, str] | None:
    """A ground that lasts: who found it, and its letter; None where none does."""
    return next(((seat, letter) for seat, letter in dossier.gronden.items() if seat not in dossier.vervallen), None)


def running(dossier: Dossier, zetel: str) -> Klok:
    """The clock of a request that is under way, for who handles it. Raises Onbekend, Strijdig."""
    _handled_by(dossier, zetel)
    if dossier.klok is None:
        raise Onbekend
    return dossier.klok


def _handled_by(dossier: Dossier, zetel: str) -> None:
    if dossier.behandelaar != zetel:
        raise Onbekend
    if dossier.stand in KLAAR:
        raise Strijdig("Dit verzoek is afgesloten.")


def _identified(dossier: Dossier) -> None:
    if not dossier.vastgesteld:
        raise Strijdig("Stel eerst vast wie het verzoek doet.")


def _record(one: Betreft) -> tuple[object, ...]:
    return one.zetel, one.signaal_id, one.betrokkenen


def _ground(oordeel: Oordeel) -> dict[str, object]:
    return {"regels": oordeel.regels, "grondslagen": oordeel.grondslagen, "beleidsversie": oordeel.beleidsversie}


def geweigerd(verzoek_id: UUID, handeling: str, oordeel: Oordeel, who: Acted) -> VerzoekhandelingGeweigerd:
    """That the policy does not allow a step."""
    return VerzoekhandelingGeweigerd(
        verzoek_id=verzoek_id,
        handeling=handeling,
        redenen=oordeel.redenen,
        regels=oordeel.weigerregels,
        alternatief=oordeel.alternatief,
        beleidsversie=oordeel.beleidsversie,
        zetel=who.zetel,
        tijdstip=who.tijdstip,
    )


def evolve(dossier: Dossier, event: VerzoekEvent) -> Dossier:
    """Remember."""
    match event:
        case VerzoekOntvangen():
            klok = Klok(event.regime, event.ontvangen_op)
            return replace(dossier, behandelaar=event.zetel, recht=event.recht, klok=klok)
        case IdentiteitVastgesteld():
            return replace(dossier, identiteit=event.identiteit, vastgesteld=True)
        case DeelnemersGeraadpleegd():
            changed = {one.zetel for one in event.betreft if one not in dossier.betreft}
            heard = dossier.zonder_grond - changed
            asked = frozenset(event.deelnemers)
            return replace(dossier, geraadpleegd=asked, betreft=event.betreft, zonder_grond=heard)
        case WeigeringsgrondGemeld():
            found = dossier.gronden | {event.zetel: event.letter}
            seat = {event.zetel}
            gone, none = dossier.vervallen - seat, dossier.zonder_grond - seat
            return replace(dossier, gronden=found, vervallen=gone, zonder_grond=none)
        case GeenWeigeringsgrondGemeld():
            return replace(dossier, zonder_grond=dossier.zonder_grond | {event.zetel})
        case WeigeringsgrondVervallen():
            return replace(dossier, vervallen=dossier.vervallen | {event.zetel})
        case _:
            return _course(dossier, event)


def _course(dossier: Dossier, event: Gang) -> Dossier:
    """What becomes of a request: its term, its decision and its end."""
    match event:
        case VerzoekHeropend():
            anew = None if dossier.klok is None else Klok(dossier.klok.regime, event.tijdstip.date())
            return replace(dossier, stand=OPEN_STAND, weigeraar=None, klok=anew)
        case TermijnVerlengd():
            longer = None if dossier.klok is None else replace(dossier.klok, maanden=event.maanden)
            return replace(dossier, klok=longer)
        case VerzoekBeslist():
            tasks = {task.taak_id: task for task in event.taken}
            said = event.motivering or ""
            return replace(dossier, stand=BESLIST, besluit=event.besluit, motivering=said, taken=tasks)
        case TaakAfgerond():
            return replace(dossier, afgerond=dossier.afgerond | {event.taak_id: event.gedaan})
        case VerzoekGeweigerd():
            return replace(dossier, stand=GEWEIGERD, weigeraar=event.deelnemer)
        case VerzoekBeantwoord():
            return replace(dossier, stand=BEANTWOORD)
        case VerzoekGesloten():
            return replace(dossier, stand=GESLOTEN)
        case VerzoekhandelingGeweigerd():
            return dossier


def replay(events: Sequence[VerzoekEvent]) -> Dossier:
    dossier = Dossier()
    for event in events:
        dossier = evolve(dossier, event)
    return dossier
