"""The policy versions of the hub: proposed by one, approved by another, in force from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from contracts.beleid import (
    ActiveerBeleid,
    BeleidGeactiveerd,
    BeleidGeweigerd,
    BeleidGoedgekeurd,
    BeleidHerzien,
    BeleidIngetrokken,
    BeleidVoorgesteld,
    Handtekening,
    KeurBeleidGoed,
    StelBeleidVoor,
    TrekBeleidIn,
)
from contracts.message import Acted
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig

BeleidCommand = StelBeleidVoor | KeurBeleidGoed | ActiveerBeleid | TrekBeleidIn
BeleidEvent = (
    BeleidVoorgesteld | BeleidGoedgekeurd | BeleidGeactiveerd | BeleidIngetrokken | BeleidGeweigerd | BeleidHerzien
)

Stand = Literal["voorgesteld", "goedgekeurd", "geactiveerd", "ingetrokken"]

#: Who keeps the system may write a version; who watches over lawfulness may write one and approve another's. The
#: committee advises and the data protection officer supervises, so neither approves. Source: WGS art. 1.8; AVG art. 38.
VOORSTELLERS = frozenset({"beheerder", "privacy-officer"})
GOEDKEURDERS = frozenset({"privacy-officer"})


@dataclass(frozen=True, slots=True)
class Versie:
    """What the next decision needs to know of one version; `goedkeuring` is the last one, if any."""

    voorstel: BeleidVoorgesteld
    goedkeuring: BeleidGoedgekeurd | None = None
    geactiveerd: bool = False
    ingetrokken: bool = False

    @property
    def stand(self) -> Stand:
        if self.ingetrokken:
            return "ingetrokken"
        if self.geactiveerd:
            return "geactiveerd"
        return "goedgekeurd" if self.goedkeuring else "voorgesteld"


@dataclass(frozen=True, slots=True)
class Versies:
    """All versions by digest, the activations in order, and which of those were held against all disclosures."""

    bekend: dict[str, Versie] = field(default_factory=dict)
    activeringen: tuple[BeleidGeactiveerd, ...] = ()
    ingetrokken: dict[str, datetime] = field(default_factory=dict)
    herzien: dict[int, BeleidHerzien] = field(default_factory=dict)
    handtekeningen: frozenset[str] = frozenset()

    def in_kracht(self, nu: datetime) -> list[BeleidGeactiveerd]:
        """The activations that count at a moment, the one in force first.

        The latest effective date wins, and of one day the last activation; what was withdrawn by then is out.
        """
        counting = [
            one
            for one in self.activeringen
            if one.tijdstip <= nu and one.ingangsdatum <= nu.date() and not self._withdrawn(one, nu)
        ]
        return sorted(counting, key=lambda one: (one.ingangsdatum, one.volgnummer), reverse=True)

    def _withdrawn(self, activering: BeleidGeactiveerd, nu: datetime) -> bool:
        moment = self.ingetrokken.get(activering.versie)
        return moment is not None and moment <= nu


@dataclass(frozen=True, slots=True)
class Bevinding:
    """What was found outside of the domain: the signature with the thumbprint of its key, faults, the policy's answer.

    `afdruk_auteur`: thumbprint of the key under the proposal.
    """

    handtekening: Handtekening | None = None
    afdruk: str = ""
    afdruk_auteur: str = ""
    bezwaren: tuple[str, ...] = ()
    oordeel: Oordeel | None = None


def decide(
    versies: Versies, command: BeleidCommand, zetel: str, nu: datetime, gevonden: Bevinding
) -> list[BeleidEvent]:
    """Decide on a step with a version. Raises Onbekend, Strijdig."""
    who = Acted(zetel, nu)
    known = versies.bekend.get(command.versie)
    if isinstance(command, StelBeleidVoor):
        return _stel_voor(versies, known, command, who, gevonden)
    if known is None:
        raise Onbekend
    if known.ingetrokken:
        raise Strijdig("Deze beleidsversie is ingetrokken.")
    match command:
        case KeurBeleidGoed():
            return _keur_goed(versies, known, command, who, gevonden)
        case ActiveerBeleid():
            return _activeer(versies, known, command, who, gevonden)
        case TrekBeleidIn():
            return _trek_in(versies, command, who)


def evolve(versies: Versies, event: BeleidEvent) -> Versies:
    """Remember."""
    known = versies.bekend
    match event:
        case BeleidVoorgesteld():
            signed = versies.handtekeningen | {event.handtekening.jws}
            return replace(versies, bekend=known | {event.versie: Versie(event)}, handtekeningen=signed)
        case BeleidGoedgekeurd():
            approved = replace(known[event.versie], goedkeuring=event, geactiveerd=False)
            signed = versies.handtekeningen | {event.handtekening.jws}
            return replace(versies, bekend=known | {event.versie: approved}, handtekeningen=signed)
        case BeleidGeactiveerd():
            active = replace(known[event.versie], geactiveerd=True)
            order = (*versies.activeringen, event)
            return replace(versies, bekend=known | {event.versie: active}, activeringen=order)
        case BeleidIngetrokken():
            gone = replace(known[event.versie], ingetrokken=True)
            moments = versies.ingetrokken | {event.versie: event.tijdstip}
            return replace(versies, bekend=known | {event.versie: gone}, ingetrokken=moments)
        case BeleidHerzien():
            return replace(versies, herzien=versies.herzien | {event.volgnummer: event})
        case BeleidGeweigerd():
            return versies


def replay(events: Sequence[BeleidEvent]) -> Versies:
    versies = Versies()
    for event in events:
        versies = evolve(versies, event)
    return versies


def _stel_voor(
    versies: Versies, known: Versie | None, command: StelBeleidVoor, who: Acted, gevonden: Bevinding
) -> list[BeleidEvent]:
    if known is not None:
        raise Strijdig("Deze beleidsversie is al voorgesteld.")
    faults = [*_seat(who.zetel, VOORSTELLERS, "stelt geen beleid voor"), *gevonden.bezwaren]
    if faults or gevonden.handtekening is None:
        return [_refused(command, who, faults)]
    return [BeleidVoorgesteld.recorded(command, who, handtekening=gevonden.handtekening)]


def _keur_goed(
    versies: Versies, known: Versie, command: KeurBeleidGoed, who: Acted, gevonden: Bevinding
) -> list[BeleidEvent]:
    """Four eyes: another seat, another system and another key than the author's."""
    faults = [*_seat(who.zetel, GOEDKEURDERS, "keurt geen beleid goed"), *gevonden.bezwaren]
    signed, author = gevonden.handtekening, known.voorstel
    same = signed is not None and (
        signed.client == author.handtekening.client or gevonden.afdruk == gevonden.afdruk_auteur
    )
    if who.zetel == author.zetel or same:
        faults.append("De auteur van een beleidsversie keurt haar niet zelf goed.")
    if command.handtekening in versies.handtekeningen:
        faults.append("Deze handtekening is al eens gebruikt.")
    if faults or signed is None:
        return [_refused(command, who, faults)]
    return [BeleidGoedgekeurd.recorded(command, who, handtekening=signed)]


def _activeer(
    versies: Versies, known: Versie, command: ActiveerBeleid, who: Acted, gevonden: Bevinding
) -> list[BeleidEvent]:
    approved = known.goedkeuring
    if approved is None:
        raise Strijdig("Deze beleidsversie is nog niet goedgekeurd.")
    if known.geactiveerd:
        return []
    judged = gevonden.oordeel
    if judged is None or judged.geweigerd or gevonden.bezwaren:
        reasons = (*gevonden.bezwaren, *(judged.redenen if judged else ()))
        rules, instead = (judged.weigerregels, judged.alternatief) if judged else ((), None)
        return [_refused(command, who, reasons, rules, instead)]
    event = BeleidGeactiveerd.recorded(
        command,
        who,
        volgnummer=len(versies.activeringen) + 1,
        ingangsdatum=max(approved.ingangsdatum, who.tijdstip.date()),
        auteur=known.voorstel.zetel,
        goedkeurder=approved.zetel,
        rac_kenmerk=approved.rac_kenmerk,
    )
    return [event]


def _trek_in(versies: Versies, command: TrekBeleidIn, who: Acted) -> list[BeleidEvent]:
    if faults := _seat(who.zetel, VOORSTELLERS, "trekt geen beleid in"):
        return [_refused(command, who, faults)]
    if any(one.versie == command.versie and one.ingangsdatum <= who.tijdstip.date() for one in versies.activeringen):
        raise Strijdig("Deze beleidsversie is van kracht geweest; alleen een andere versie komt ervoor in de plaats.")
    return [BeleidIngetrokken.recorded(command, who)]


def _seat(zetel: str, allowed: frozenset[str], what: str) -> list[str]:
    return [] if zetel.partition("@")[0] in allowed else [f"Deze zetel {what}."]


def _refused(
    command: BeleidCommand, who: Acted, reasons: Sequence[str], rules: Sequence[str] = (), instead: str | None = None
) -> BeleidGeweigerd:
    return BeleidGeweigerd.recorded(
        command, who, handeling=command.TYPE, redenen=tuple(reasons), regels=tuple(rules), alternatief=instead
    )


def herzien(
    versies: Versies, activering: BeleidGeactiveerd, who: Acted, tot: int, **tellingen: int
) -> list[BeleidEvent]:
    """That every disclosure was held against the version, once per activation."""
    if activering.volgnummer in versies.herzien:
        return []
    return [BeleidHerzien.recorded(activering, who, tot_positie=tot, **tellingen)]
