"""Commands and events of policy versions: proposed, approved, activated, and what was disclosed decided anew."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from contracts.message import OPEN, Command, Event, Part
from contracts.signaal import NS
from contracts.waarden import Regel, ZetelId

#: Digest of a policy bundle, as it stands beside every decision.
Beleidsversie = Annotated[str, Field(pattern="^sha256:[0-9a-f]{64}$")]
Pakket = Annotated[str, Field(min_length=1, max_length=8_000_000)]
Jws = Annotated[str, Field(min_length=1, max_length=8_000)]
Motivering = Annotated[str, Field(max_length=4_000)]


class Handtekening(Part):
    """Who signed: registered system `client`, its public key (JWK) at that moment, and the JWS. Source: RFC 7515."""

    client: Annotated[str, OPEN]
    sleutel: Annotated[dict[str, str], OPEN]
    jws: Annotated[str, OPEN]


class StelBeleidVoor(Command):
    """Propose a policy version. `pakket`: the bundle as base64 of a zip; `handtekening`: JWS of the author."""

    TYPE: ClassVar = NS + "stel-beleid-voor.v1"
    versie: Annotated[Beleidsversie, OPEN]
    pakket: Annotated[Pakket, OPEN]
    toelichting: Annotated[Motivering, OPEN]
    handtekening: Annotated[Jws, OPEN]


class BeleidVoorgesteld(Event):
    """A policy version lies ready. It carries the whole bundle, so that the ledger alone explains its decisions."""

    TYPE: ClassVar = NS + "beleid-voorgesteld.v1"
    versie: Annotated[Beleidsversie, OPEN]
    pakket: Annotated[Pakket, OPEN]
    toelichting: Annotated[str, OPEN]
    handtekening: Handtekening


class KeurBeleidGoed(Command):
    """Approve a proposed version, after the advice of the RAC. `rac_kenmerk`: reference of that advice.

    `motivering` and `gemeld_aan` (seats) belong to a deviation from it. Source: WGS art. 1.8 lid 6; Bgs art. 1.13.
    """

    TYPE: ClassVar = NS + "keur-beleid-goed.v1"
    versie: Annotated[Beleidsversie, OPEN]
    rac_kenmerk: Annotated[Regel | None, OPEN] = None
    wijkt_af_van_rac: Annotated[bool, OPEN] = False
    motivering: Annotated[Motivering, OPEN] = ""
    gemeld_aan: Annotated[tuple[ZetelId, ...], OPEN, Field(max_length=20)] = ()
    ingangsdatum: Annotated[date, OPEN]
    handtekening: Annotated[Jws, OPEN]


class BeleidGoedgekeurd(Event):
    """Somebody else than the author approved the version, for use from `ingangsdatum`."""

    TYPE: ClassVar = NS + "beleid-goedgekeurd.v1"
    versie: Annotated[Beleidsversie, OPEN]
    rac_kenmerk: Annotated[str | None, OPEN] = None
    wijkt_af_van_rac: Annotated[bool, OPEN]
    motivering: Annotated[str, OPEN]
    gemeld_aan: Annotated[tuple[ZetelId, ...], OPEN]
    ingangsdatum: Annotated[date, OPEN]
    handtekening: Handtekening


class ActiveerBeleid(Command):
    """Bring an approved version into force, from its effective date on."""

    TYPE: ClassVar = NS + "activeer-beleid.v1"
    versie: Annotated[Beleidsversie, OPEN]


class BeleidGeactiveerd(Event):
    """The version is in force from `ingangsdatum`, never earlier than the day of this event.

    `volgnummer`: number of this activation, from 1.
    """

    TYPE: ClassVar = NS + "beleid-geactiveerd.v1"
    versie: Annotated[Beleidsversie, OPEN]
    volgnummer: Annotated[int, OPEN]
    ingangsdatum: Annotated[date, OPEN]
    auteur: Annotated[ZetelId, OPEN]
    goedkeurder: Annotated[ZetelId, OPEN]
    rac_kenmerk: Annotated[str | None, OPEN] = None


class TrekBeleidIn(Command):
    """Withdraw a version that is not in force yet; one in force is replaced by activating another."""

    TYPE: ClassVar = NS + "trek-beleid-in.v1"
    versie: Annotated[Beleidsversie, OPEN]
    reden: Annotated[Regel, OPEN]


class BeleidIngetrokken(Event):
    """The version will not be used any more."""

    TYPE: ClassVar = NS + "beleid-ingetrokken.v1"
    versie: Annotated[Beleidsversie, OPEN]
    reden: Annotated[str, OPEN]


class BeleidGeweigerd(Event):
    """A step with a policy version was refused. `handeling`: the command; `regels`: deciding rules, if any."""

    TYPE: ClassVar = NS + "beleid-geweigerd.v1"
    versie: Annotated[Beleidsversie, OPEN]
    handeling: Annotated[str, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN] = ()
    alternatief: Annotated[str | None, OPEN] = None


class BeleidHerzien(Event):
    """Every disclosure up to `tot_positie` was held against the version; the counts are the events that followed."""

    TYPE: ClassVar = NS + "beleid-herzien.v1"
    versie: Annotated[Beleidsversie, OPEN]
    volgnummer: Annotated[int, OPEN]
    tot_positie: Annotated[int, OPEN]
    verstrekt: Annotated[int, OPEN]
    geweigerd: Annotated[int, OPEN]
    vervallen: Annotated[int, OPEN]
