"""Shared given/when/then material: seats, moments, a signal, answers of the policy."""

from datetime import UTC, datetime
from uuid import UUID

from contracts.inhoud import Betrokkene, Rolperiode, SignaalInhoud, Signaalmelding
from contracts.signaal import RegistreerSignaal, SignaalGeregistreerd
from hub.domain.oordeel import Oordeel

NU = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
AVIM = "politie.avim@oost-nederland"
ZC = "zc.opvang@ede"
AF = "gemeente.af-oov@ede"
OVJ = "om.ovj-mh@oost-nederland"
S1, S2, C1, P1, P2 = (UUID(int=n) for n in range(1, 6))

MELDING = Signaalmelding(
    kenmerk="ZC-26-001",
    spoor="zorg-en-registratie",
    regio="ede",
    inhoud=SignaalInhoud(
        vormen=("seksuele-uitbuiting",),
        zekerheid="vermoeden",
        toelichting="wordt laat opgehaald",
        betrokkenen=(
            Betrokkene(betrokkene_id=P1, naam="Testa Fictema", rollen=(Rolperiode(rol="vermoedelijk-slachtoffer"),)),
        ),
    ),
)
REGISTREER = RegistreerSignaal(signaal_id=S1, melding=MELDING)
GEREGISTREERD = SignaalGeregistreerd(signaal_id=S1, melding=MELDING, zetel=ZC, tijdstip=NU)


def ja(*categories: str, bron: str = ZC, nee: tuple[str, ...] = ()) -> Oordeel:
    """The policy permits these categories of one provider, and refuses `nee`."""
    return Oordeel(
        per_bron={bron: categories} if categories else {},
        geweigerd=nee,
        regels=("regel",),
        grondslagen=("WGS 1.7",),
        redenen=("Dit mag niet.",) if nee else (),
        weigerregels=("verbod",) if nee else (),
        alternatief="anonimiseer" if nee else None,
        beleidsversie="v1",
    )
