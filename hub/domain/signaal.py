"""A signal: what was brought in, by whom, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from contracts.afscherming import VertrouwelijkheidVervallen, VertrouwelijkVerklaard, ZetelsUitgesloten
from contracts.inhoud import SignaalInhoud
from contracts.message import Acted, Part, categories_in
from contracts.signaal import (
    DoorzetSignaal,
    HerclassificeerSignaal,
    KoppelSignaalTerug,
    MerkSignaalNietGedeeld,
    RectificeerSignaal,
    RegistreerSignaal,
    SignaalDoorgezet,
    SignaalGeherclassificeerd,
    SignaalGerectificeerd,
    SignaalGeregistreerd,
    SignaalGeweigerd,
    SignaalIngetrokken,
    SignaalNietGedeeld,
    SignaalTeruggekoppeld,
    SignaalVerrijkt,
    SignaalWeerlegd,
    TrekSignaalIn,
    VerrijkSignaal,
    WeerlegSignaal,
)
from contracts.verzoek import BeperkingOpgeheven, VerwerkingBeperkt
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig
from hub.domain.persoon import Persoon, persoon_van
from hub.domain.terugkoppeling import MELDBAAR, NIET_OPGEVOLGD

SignaalEvent = (
    SignaalGeregistreerd
    | SignaalGeweigerd
    | SignaalVerrijkt
    | SignaalGeherclassificeerd
    | SignaalGerectificeerd
    | SignaalIngetrokken
    | SignaalWeerlegd
    | SignaalDoorgezet
    | SignaalNietGedeeld
    | SignaalTeruggekoppeld
    | ZetelsUitgesloten
    | VertrouwelijkVerklaard
    | VertrouwelijkheidVervallen
    | VerwerkingBeperkt
    | BeperkingOpgeheven
)
SignaalCommand = (
    VerrijkSignaal
    | HerclassificeerSignaal
    | RectificeerSignaal
    | TrekSignaalIn
    | WeerlegSignaal
    | DoorzetSignaal
    | MerkSignaalNietGedeeld
    | KoppelSignaalTerug
)


@dataclass(frozen=True, slots=True)
class Bijdrage:
    """What one provider put in: its categories, persons and the article its police data are held under."""

    zetel: str
    categorieen: frozenset[str]
    wpg_artikel: str | None
    personen: dict[UUID, Persoon]


@dataclass(frozen=True, slots=True)
class Signaal:
    """What the next decision needs to know; never the words of the signal.

    `uitgesloten`, `uitgesloten_organisaties` (OIN): who is subject of it. `vertrouwelijk_tot`: last day on which
    only `ingewijd` and its providers know of it, None where it is open. `beperkt`: persons whose data go nowhere new,
    by the request that led to it.
    """

    eigenaar: str | None = None
    spoor: str = "intern"
    regio: str = "landelijk"
    vormen: tuple[str, ...] = ()
    vertrouwelijk: bool = False
    criteria_toegelicht: bool = False
    ingetrokken: bool = False
    weerlegd: bool = False
    bijdragen: dict[UUID, Bijdrage] = field(default_factory=dict)
    afzenders: dict[str, str] = field(default_factory=dict)
    uitgesloten: frozenset[str] = frozenset()
    uitgesloten_organisaties: frozenset[str] = frozenset()
    vertrouwelijk_tot: date | None = None
    ingewijd: frozenset[str] = frozenset()
    beperkt: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)

    @property
    def verstrekkers(self) -> frozenset[str]:
        return frozenset(contribution.zetel for contribution in self.bijdragen.values())


def registreer(
    signaal: Signaal, command: RegistreerSignaal, zetel: str, nu: datetime, oordeel: Oordeel
) -> list[SignaalEvent]:
    """Decide on a new signal: whole or not at all. Source: Bgs art. 1.6, 2.15, 2.16."""
    if signaal.eigenaar is not None:
        raise Strijdig("Dit signaal is al geregistreerd.")
    who = Acted(zetel, nu)
    if oordeel.geweigerd:
        return [_geweigerd(command, who, oordeel)]
    return [SignaalGeregistreerd.recorded(command, who)]


def decide(
    signaal: Signaal,
    command: SignaalCommand,
    zetel: str,
    nu: datetime,
    *,
    houder: bool,
    oordeel: Oordeel | None = None,
    gesloten_voor: frozenset[str] = frozenset(),
) -> list[SignaalEvent]:
    """Decide on an existing signal. `houder`: the seat holds a disclosure of it. Raises Onbekend, Strijdig.

    `gesloten_voor`: of the seats named in the command, those that may not learn anything of the signal.
    """
    if signaal.eigenaar is None or not (houder or zetel in signaal.verstrekkers):
        raise Onbekend
    if signaal.ingetrokken:
        raise Strijdig("Dit signaal is ingetrokken.")
    who = Acted(zetel, nu)
    match command:
        case VerrijkSignaal():
            return _verrijk(signaal, command, who, oordeel)
        case HerclassificeerSignaal():
            return [SignaalGeherclassificeerd.recorded(command, who)]
        case RectificeerSignaal():
            _own(signaal, command.verrijking_id or command.signaal_id, zetel)
            return [SignaalGerectificeerd.recorded(command, who)]
        case TrekSignaalIn():
            _own(signaal, command.signaal_id, zetel)
            return [SignaalIngetrokken.recorded(command, who)]
        case WeerlegSignaal():
            return [] if signaal.weerlegd else [SignaalWeerlegd.recorded(command, who)]
        case DoorzetSignaal():
            if command.naar == zetel:
                raise Strijdig("Een zetel kan niet aan zichzelf doorzetten.")
            return [SignaalDoorgezet.recorded(command, who)]
        case MerkSignaalNietGedeeld():
            return [SignaalNietGedeeld.recorded(command, who)]
        case KoppelSignaalTerug():
            return _koppel_terug(signaal, command, who, gesloten_voor)


def evolve(signaal: Signaal, event: SignaalEvent) -> Signaal:
    """Remember. No rules, no clock: every recorded history must load."""
    match event:
        case SignaalGeregistreerd(melding=melding):
            own = bijdrage_van(event.zetel, melding.inhoud, melding.wpg_artikel, melding, event.tijdstip)
            return replace(
                signaal,
                eigenaar=event.zetel,
                spoor=melding.spoor,
                regio=melding.regio,
                vormen=melding.inhoud.vormen or (),
                vertrouwelijk=melding.vertrouwelijk,
                criteria_toegelicht=_explained(melding.criteria),
                bijdragen={event.signaal_id: own},
            )
        case SignaalVerrijkt():
            own = bijdrage_van(event.zetel, event.inhoud, event.wpg_artikel, event, event.tijdstip)
            return replace(signaal, bijdragen=signaal.bijdragen | {event.verrijking_id: own})
        case SignaalGerectificeerd():
            key = event.verrijking_id or event.signaal_id
            old = signaal.bijdragen[key]
            new = bijdrage_van(old.zetel, event.inhoud, old.wpg_artikel, event, event.tijdstip)
            return replace(signaal, bijdragen=signaal.bijdragen | {key: new})
        case SignaalGeherclassificeerd():
            return replace(signaal, vormen=event.vormen or ())
        case SignaalIngetrokken():
            return replace(signaal, ingetrokken=True)
        case SignaalWeerlegd():
            return replace(signaal, weerlegd=True)
        case SignaalDoorgezet():
            return replace(signaal, afzenders=signaal.afzenders | {event.zetel: event.naar})
        case ZetelsUitgesloten() | VertrouwelijkVerklaard() | VertrouwelijkheidVervallen():
            return _shielded(signaal, event)
        case VerwerkingBeperkt():
            return replace(signaal, beperkt=signaal.beperkt | {event.verzoek_id: event.betrokkenen})
        case BeperkingOpgeheven():
            lasting = {id: persons for id, persons in signaal.beperkt.items() if id != event.verzoek_id}
            return replace(signaal, beperkt=lasting)
        case SignaalGeweigerd() | SignaalNietGedeeld() | SignaalTeruggekoppeld():
            return signaal


def _shielded(
    signaal: Signaal, event: ZetelsUitgesloten | VertrouwelijkVerklaard | VertrouwelijkheidVervallen
) -> Signaal:
    match event:
        case ZetelsUitgesloten():
            return replace(
                signaal,
                uitgesloten=signaal.uitgesloten.union(event.zetels),
                uitgesloten_organisaties=signaal.uitgesloten_organisaties.union(event.organisaties),
            )
        case VertrouwelijkVerklaard():
            return replace(signaal, vertrouwelijk_tot=event.tot, ingewijd=frozenset({event.zetel, event.deelnemer}))
        case VertrouwelijkheidVervallen():
            return replace(signaal, vertrouwelijk_tot=None, ingewijd=frozenset())


def replay(events: Sequence[SignaalEvent]) -> Signaal:
    signaal = Signaal()
    for event in events:
        signaal = evolve(signaal, event)
    return signaal


def _koppel_terug(
    signaal: Signaal, command: KoppelSignaalTerug, who: Acted, gesloten_voor: frozenset[str]
) -> list[SignaalEvent]:
    told = signaal.verstrekkers.union(signaal.afzenders) - gesloten_voor
    if command.status not in MELDBAAR:
        raise Strijdig(
            "Deze status is geen bericht aan een melder; onthouden gaat door de terugkoppeling aan te houden."
        )
    if (command.status == NIET_OPGEVOLGD) != (command.reden is not None):
        raise Strijdig("Een reden hoort bij geen opvolging, en alleen daarbij.")
    if command.aan not in told:
        raise Strijdig("Terugkoppelen kan alleen aan wie dit signaal inbracht of doorzette.")
    return [SignaalTeruggekoppeld.recorded(command, who)]


def _verrijk(signaal: Signaal, command: VerrijkSignaal, who: Acted, oordeel: Oordeel | None) -> list[SignaalEvent]:
    if command.verrijking_id in signaal.bijdragen:
        raise Strijdig("Deze verrijking is al vastgelegd.")
    if oordeel is not None and oordeel.geweigerd:
        return [_geweigerd(command, who, oordeel)]
    return [SignaalVerrijkt.recorded(command, who)]


def _geweigerd(command: RegistreerSignaal | VerrijkSignaal, who: Acted, oordeel: Oordeel) -> SignaalGeweigerd:
    return SignaalGeweigerd.recorded(
        command,
        who,
        categorieen=oordeel.geweigerd,
        redenen=oordeel.redenen,
        regels=oordeel.weigerregels,
        alternatief=oordeel.alternatief,
        vorm=oordeel.vorm,
    )


def _own(signaal: Signaal, key: UUID, zetel: str) -> None:
    contribution = signaal.bijdragen.get(key)
    if contribution is None or contribution.zetel != zetel:
        raise Strijdig("Alleen wie het gegeven inbracht kan het wijzigen of intrekken.")


def _explained(criteria: Sequence[object]) -> bool:
    return {getattr(criterion, "letter", "") for criterion in criteria} >= set("abcde")


def bijdrage_van(zetel: str, inhoud: SignaalInhoud, wpg_artikel: str | None, whole: Part, moment: datetime) -> Bijdrage:
    """What `whole` puts in for its provider. `moment`: when it was recorded."""
    categories = frozenset(categories_in(whole))
    persons = {person.betrokkene_id: persoon_van(person, moment.date()) for person in inhoud.betrokkenen}
    return Bijdrage(zetel, categories, wpg_artikel, persons)
